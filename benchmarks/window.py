"""What a person feels at the window of a full vault: 38,000 organizations, 500 inspections.

    python benchmarks/window.py [--organizations N] [--inspections N] [--items N] [--folder DIR]

An inspector's home and an office's are made with the program's own import, plan and visits; one visit
uses a checklist of 300 items. Then each step is done by its keys in the real window, and for each step
the longest time that the event loop was not served is kept (``tests/ui/watchdog.py``). What a person
waits for is measured apart: from a key in the search to the painted rows, from a key to the durable
answer and the next card, from the choice of 12-megapixel photos to their small pictures.
``--folder`` keeps the homes and uses them again. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app import bootstrap
from app.checklists.loader import checklist_bytes
from app.checklists.schema import Checklist
from app.demo.sample import lay_out
from app.demo.script import script
from app.services import assigning, inspecting, planning, questions, registering, sheets
from app.services.inspecting import Duties
from app.services.workplace import Owner, Workplace
from app.ui.jobs import Jobs
from app.ui.libraries import read_libraries
from app.ui.screens import Desk, screens_for, status_of
from app.ui.shell import Shell
from app.ui.theme import Theme, speak_chinese
from app.ui.warming import WindowReader
from app.vocabulary import InspectionType, Role, TaskSource, Verdict
from tests.ui.watchdog import LIMIT, Watchdog

PASSPHRASE = "benchmark"
FRAME_MS = 1000 / 60
SEARCH_GOAL_MS = 2 * FRAME_MS
ANSWERED = 12
PHOTOS = 3
PHOTO_SIZE = (4000, 3000)
LONG = InspectionType.CCC_PRODUCER
DUTIES = Duties(
    TaskSource.SPECIAL, "市监检审〔2026〕8号", "王振", date(2026, 8, 11), "市监检通〔2026〕8号", True, True
)
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Size:
    """How full the homes are."""

    organizations: int
    inspections: int
    items: int


def make_homes(folder: Path, size: Size) -> None:
    """An inspector's home and an office's, equally full."""
    files = lay_out(folder / "registry", organizations=size.organizations, seed=1)
    told = script()
    office = Owner(Role.SUPERVISOR, told.laptop.office, "黎国平", "赣C36090100")
    for name, owner in (("laptop", told.laptop), ("office", office)):
        with bootstrap.create_home(folder / name, PASSPHRASE, owner) as place:
            _fill(place, files, size)


def _fill(place: Workplace, files: object, size: Size) -> None:
    for path in files.registry:
        registering.import_registry(place, path=path)
    registering.import_people(place, path=files.people)
    plan = planning.import_plan(place, path=files.plan).plan_id
    team = [row.credential for row in registering.people_rows(place)][:2]
    left = 2 * size.inspections
    for task in planning.task_rows(place, plan_id=plan):
        found = assigning.candidate_ids(place, plan_id=plan, task_key=task.key)[: max(0, left)]
        left -= len(found)
        if found:
            assigning.assign(
                place, plan_id=plan, task_key=task.key, organization_ids=found, officers=team, lead=team[0],
                device_id=place.device_id,
            )  # fmt: skip
    _visit(place, assigning.assignment_ids(place)[: size.inspections - 1])
    _long_visit(place, size.items, team)


def _visit(place: Workplace, assignments: tuple[str, ...]) -> None:
    """Visits under way, each with some answers and every third with a finding."""
    for number, assignment in enumerate(assignments):
        started = inspecting.start(place, duties=DUTIES, assignment_id=assignment)
        items = sheets.sheet(place, inspection_id=started.id).sections[0].items[:ANSWERED]
        for line, item in enumerate(items):
            wrong = number % 3 == 0 and line == 1
            verdict = Verdict.NONCONFORMING if wrong else Verdict.CONFORMING
            inspecting.answer(place, inspection_id=started.id, item=item.id, verdict=verdict)


def _long_visit(place: Workplace, items: int, team: list[str]) -> None:
    """One visit with a checklist of ``items`` items, as an office may send it."""
    made = stretched(questions.newest(place, LONG), items)
    folder = place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / f"{made.id}@{made.version}.json").write_bytes(checklist_bytes(made))
    (organization,) = registering.organization_ids(place)[:1]
    inspecting.start(place, duties=DUTIES, organization_id=organization, inspection_type=LONG, officers=team)


def stretched(checklist: Checklist, items: int) -> Checklist:
    """The checklist with its plain items repeated until there are ``items``."""
    plain = [item for item in checklist.items() if item.condition is None and item.check is None]
    sections = []
    for number in range(items // 25):
        part = [
            replace(item, id=f"{number + 1}.{line + 1}")
            for line, item in zip(range(25), cycle(plain), strict=False)
        ]
        first = checklist.sections[number % len(checklist.sections)]
        sections.append(
            replace(
                first,
                id=str(number + 1),
                title=f"第{number + 1}部分",
                items=tuple(part),
                condition=None,
                repeat=None,
            )
        )
    return replace(checklist, version="2026-9", sections=tuple(sections), conclusion=())


class Painted(QObject):
    """Tells when a widget has painted what ``ready`` waits for."""

    def __init__(self, widget: QWidget, ready: Callable[[], bool]) -> None:
        super().__init__()
        self.at = 0.0
        self._widget, self._ready = widget, ready
        self._shown = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at every paint."""
        if event.type() == QEvent.Type.Paint and self._ready():
            self._shown = True
        return False

    def seconds_since(self, started: float) -> float:
        """Wait for the paint; how long it took from ``started`` on."""
        end = started + 30
        while not self._shown and time.perf_counter() < end:
            QApplication.processEvents()
        self._widget.removeEventFilter(self)
        return time.perf_counter() - started


class Window:
    """A shell on a home and a hand to press its keys."""

    def __init__(self, place: Workplace, app: QApplication) -> None:
        self.place, self.jobs = place, Jobs()
        desk = Desk(place, self.jobs, Theme.install(app, "light"))
        self.dog = Watchdog(self.jobs.is_busy)
        self.role = str(place.owner.role)
        self.waits: dict[str, float] = {}
        self.shell = Shell(
            "认证查验", (place.owner.office, place.owner.name), screens_for(desk), lambda: status_of(desk)
        )
        with self.during("show the window"):
            self.shell.show()
            self.shell.activateWindow()

    def during(self, action: str):
        """Watch a step."""
        return self.dog.during(f"{self.role}: {action}")

    def key(self, key: object, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.shell, key, modifiers)

    def close(self) -> None:
        """End the jobs and the window."""
        self.dog.stop()
        self.jobs.shutdown()
        self.shell.hide()
        self.shell.deleteLater()


def open_every_screen(window: Window) -> None:
    for turn in ("open", "switch to"):
        for key in window.shell.keys():  # noqa: SIM118 - a shell is no mapping
            with window.during(f"{turn} {key}"):
                window.shell.open(key)


def search(window: Window, screen: str, table: Callable[[QWidget], QWidget], words: str) -> None:
    """Each key of a search, from its stroke to the painted rows that it leaves."""
    window.shell.open(screen)
    view = window.shell.current()
    with window.during(f"{screen}: begin to search"):
        window.key("/")
    waits = []
    for letter in words:
        listed = table(view)
        changed = _Reset(listed)
        with window.during(f"{screen}: a key in the search"):
            painted = Painted(listed.viewport(), changed)
            started = time.perf_counter()
            window.key(letter)
            waits.append(painted.seconds_since(started))
    window.waits[f"{window.role}: {screen}, key to painted rows"] = statistics.median(waits)
    with window.during(f"{screen}: clear the search"):
        window.key(Qt.Key.Key_Escape)


class _Reset(QObject):
    """Whether a table got other ids or read its rows anew since."""

    def __init__(self, table: QWidget) -> None:
        super().__init__()
        self.seen = False
        table.rows.modelReset.connect(self._see)
        table.rows.dataChanged.connect(self._see)

    def _see(self) -> None:
        self.seen = True

    def __call__(self) -> bool:
        return self.seen


def work_in_list(window: Window) -> None:
    """The longest checklist: opened, gone through by keys, answered, undone, searched."""
    place = window.place
    visit = max((row for row in _rows(place)), key=lambda each: each[1])[0]
    started = time.perf_counter()
    with window.during("open the 300-item checklist"):
        window.shell.open("visit", inspection_id=visit)
    screen = window.shell.current()
    items = screen.workplace.items
    window.waits[f"{window.role}: 300-item checklist opened"] = time.perf_counter() - started
    for name, key in (("down", Qt.Key.Key_Down), ("page down", Qt.Key.Key_PageDown), ("up", Qt.Key.Key_Up)):
        for _ in range(30 if name != "page down" else 10):
            with window.during(f"checklist: {name}"):
                window.key(key)
    waits = []
    for number in range(30):
        started = time.perf_counter()
        with window.during("checklist: one answer"):
            window.key("123"[number % 2])
            waits.append(time.perf_counter() - started)
    window.waits[f"{window.role}: an answer of 300, key to durable and next card"] = statistics.median(waits)
    with window.during("checklist: take an answer back"):
        window.key("z", CTRL)
    with window.during("checklist: begin a note"):
        window.key("n")
    for letter in "abcdef":
        with window.during("checklist: a key in the note"):
            window.key(letter)
    with window.during("checklist: end the note"):
        window.key(Qt.Key.Key_Escape)
    assert items.current()


def _rows(place: Workplace) -> list[tuple[str, int]]:
    from app.services.visits import inspection_ids

    found = []
    for each in inspection_ids(place)[:3]:
        sheet = sheets.sheet(place, inspection_id=each)
        found.append((each, sum(len(section.items) for section in sheet.sections)))
    return found


def take_photos(window: Window, folder: Path) -> None:
    """Photos of 12 megapixels: from the choice to their small pictures."""
    paths = []
    for number in range(PHOTOS):
        path = folder / f"photo-{number}.jpg"
        picture = Image.effect_noise(PHOTO_SIZE, 60 + number).convert("RGB")
        picture.save(path, quality=85)
        paths.append(path)
    screen = window.shell.current()
    started = time.perf_counter()
    with window.during("take in 12 MP photos"):
        screen.add_files(screen.workplace.items.current(), paths)
    with window.during("show the photos"):
        screen.show_photos()
    window.waits[f"{window.role}: {PHOTOS} photos of 12 MP to their small pictures"] = (
        time.perf_counter() - started
    )


def _targets_table(screen: QWidget) -> QWidget:
    return screen._table()


def _registry_table(screen: QWidget) -> QWidget:
    return screen.table


def inspector(window: Window, folder: Path) -> None:
    open_every_screen(window)
    search(window, "targets", _targets_table, "ycs")
    screen = window.shell.current()
    with window.during("targets: the whole registry"):
        screen.registry.click()
    search(window, "targets", _targets_table, "ycsj")
    for _ in range(20):
        with window.during("targets: down the list"):
            window.key(Qt.Key.Key_Down)
    work_in_list(window)
    take_photos(window, folder)


def supervisor(window: Window, _folder: Path) -> None:
    open_every_screen(window)
    search(window, "registry", _registry_table, "ycsj")
    for _ in range(20):
        with window.during("registry: down the list"):
            window.key(Qt.Key.Key_Down)


def read_ahead(app: QApplication) -> None:
    """What the program does while the passphrase is typed."""
    read_libraries()
    reader = WindowReader()
    reader.begin()
    while not reader.is_done():
        app.processEvents()


def measure(folder: Path, size: Size) -> dict[str, object]:
    """Every step in both roles."""
    if not (folder / "office").is_dir():
        make_homes(folder, size)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    speak_chinese(app)
    read_ahead(app)
    stalls: dict[str, float] = {}
    worked: dict[str, float] = {}
    waits: dict[str, float] = {}
    for name, steps in (("laptop", inspector), ("office", supervisor)):
        with bootstrap.open_home(folder / name, PASSPHRASE) as place:
            window = Window(place, app)
            steps(window, folder)
            stalls |= window.dog.longest
            worked |= window.dog.worked
            waits |= window.waits
            for action, stack in window.dog.stacks.items():
                print(f"\n{action}: {window.dog.longest[action] * 1000:.0f} ms\n{stack}", file=sys.stderr)
            window.close()
    worst = max(stalls, key=lambda action: stalls[action])
    keys = [wait for name, wait in waits.items() if "key to painted" in name]
    missed = [name for name, met in (
        ("a stall", stalls[worst] <= LIMIT), ("search", max(keys) * 1000 <= SEARCH_GOAL_MS),
    ) if not met]  # fmt: skip
    return {
        "benchmark": "window",
        "organizations": size.organizations,
        "inspections": size.inspections,
        "items": size.items,
        "stalls_ms": {action: round(seconds * 1000) for action, seconds in stalls.items()},
        "worked_ms": {action: round(seconds * 1000) for action, seconds in worked.items()},
        "waits_ms": {name: round(seconds * 1000, 1) for name, seconds in waits.items()},
        "worst": worst,
        "ratio": round(stalls[worst] / LIMIT, 2),
        "goal": 1.0,
        "missed": ", ".join(missed),
        "met": not missed,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organizations", type=int, default=38_000)
    parser.add_argument("--inspections", type=int, default=500)
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    size = Size(options.organizations, options.inspections, options.items)
    if options.folder is not None:
        options.folder.mkdir(parents=True, exist_ok=True)
        print(json.dumps(measure(options.folder, size), indent=1, ensure_ascii=False))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), size), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
