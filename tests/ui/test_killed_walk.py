"""A walk that is killed in the middle of whatever is open: the next run stands there, with every stroke."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.services import savepoints, sheets
from app.ui.visit.faulty import PREFIX as FAULTY
from app.ui.widgets.dialogs import FormDialog
from app.ui.widgets.drafts import PREFIX, _Follower, state_of
from app.vocabulary import InspectionStatus, Role
from tests.ui.killed import Glance, chosen
from tests.ui.ledger import _means, contents
from tests.ui.restarting import Program
from tests.ui.test_lost_strokes import ROOT
from tests.ui.test_random_walk import files, homes
from tests.ui.walking import _named, _press

__all__ = ["files", "homes"]

SEED = int(os.environ.get("WALK_SEED", "1"))
KILLS = int(os.environ.get("WALK_KILLS", "40"))
STEPS = 120
SHORT = 30
RESTS = (2.0, 2.0, 0.0, 2.0, 0.7)
"""Seconds between the last step and the kill; of a form begun in the last of them nothing is promised."""
AGAIN = 1500
"""Milliseconds in which a form that is asked for opens."""
LATE = 1.5
"""Seconds after which what was told has to be in the store: the second that is promised, and a busy machine."""
WANTED = ("form", "note", "paper", "form", "finding", "correction", "form", "anything")
"""What has to be begun when it is killed; the walk comes there by chance, or is killed elsewhere."""


def killed_while_walking(
    home: Path, files: list[Path], seed: int, steps: int, wanted: str, rest: float
) -> tuple[list[tuple[float, Glance]], float]:
    """What the walk told, with the moments, and the moment of its ``kill -9``."""
    command = [
        sys.executable,
        "-m",
        "tests.ui.killed",
        str(home),
        str(seed),
        str(steps),
        wanted,
        *map(str, files),
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert child.stdout is not None
    glances: list[tuple[float, Glance]] = []
    for line in child.stdout:
        at, _, said = line.partition(" ")
        glances.append((float(at), Glance(**json.loads(said))))
        if glances[-1][1].over:
            break
    time.sleep(rest)
    child.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    for line in child.stdout:
        at, _, said = line.partition(" ")
        glances.append((float(at), Glance(**json.loads(said))))
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL, "the walk went on until it was killed"
    return glances, killed


@pytest.fixture
def home(homes: dict[Role, Path]) -> Path:
    return homes[Role.INSPECTOR]


@pytest.fixture
def program(qapp: QApplication, home: Path, qtbot) -> Iterator[Program]:
    made = Program(qapp, home, qtbot)
    yield made
    made.kill()
    made.crashes.uninstall()


class Aftermath:
    """What the last glances before a kill promise, held against the program that was started again."""

    def __init__(self, program: Program, glances: list[tuple[float, Glance]], killed: float) -> None:
        self._program = program
        before = [glance for at, glance in glances if at <= killed - LATE]
        self.last = glances[-1][1]
        self._late = before[-1:] + [glance for at, glance in glances if at > killed - LATE]
        self._killed = killed

    def faults(self) -> Iterator[str]:
        """Everything that is not as it was."""
        yield from self.last.faults
        yield from self._lost()
        if self._program.place() not in [(key, where) for key, where in (each.place for each in self._late)]:
            yield f"{self._program.place()} and not {self.last.place}"
        shown = chosen(self._program.session.shell.current())
        for name, line in self.last.chosen.items():
            if all(each.chosen.get(name) == line for each in self._late) and shown.get(name) != line:
                yield f"{name} stands on {shown.get(name)!r} and not on {line!r}"
        if self._written() and not self._kept():
            yield f"nothing is kept of {self._written()}"

    def _lost(self) -> Iterator[str]:
        place = self._program.session._opened.place
        for visit, path, text, at in self.last.told:
            sheet = sheets.sheet(place, inspection_id=visit)
            found = contents(sheet).get(tuple(path), text)
            if at > self._killed - LATE or sheet.header.status is not InspectionStatus.IN_PROGRESS:
                continue
            aside = [each.value.values() for each in savepoints.kept(place, prefix=FAULTY + visit)]
            if not _means(tuple(path), text, found) and not any(text in texts for texts in aside):
                yield f"{path} was told {text!r}, the store says {found!r}"

    def _written(self) -> list[tuple[str, object]]:
        """The states of the form that was open all the time; none where it had just been opened."""
        forms = [each.form for each in self._late]
        return [] if None in forms else [(form[0], form[1]) for form in forms if form is not None]

    def _kept(self) -> bool:
        place = self._program.session._opened.place
        found = [each.value for each in savepoints.kept(place, prefix=PREFIX)]
        return any((each.get("title"), each.get("state")) in self._written() for each in found)

    def form_again(self, qtbot) -> str:
        """Take the step that opened the form once more: "filled in", "empty", or "about others" where it is about
        other findings than those that were ticked then; "" where the step leads elsewhere.
        """
        written, shell = self._written(), self._program.session.shell
        if not written or shell is None:
            return ""
        shell.activateWindow()
        qtbot.waitUntil(shell.isActiveWindow)
        said: list[str] = []

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            same = isinstance(dialog, FormDialog) and dialog.windowTitle() == written[0][0]
            filled = same and (dialog.windowTitle(), state_of(dialog.form)) in written
            said.append("filled in" if filled else self._instead(dialog) if same else "")
            while (open_still := QApplication.activeModalWidget()) is not None:
                open_still.close()

        QTimer.singleShot(AGAIN, look)
        take_again(shell, self.last.opened)
        qtbot.waitUntil(lambda: bool(said))
        return said[0]

    def _instead(self, dialog: QWidget) -> str:
        """Why a form of the same title is not filled in: its own draft was not given back, or there is none of it."""
        place, follower = self._program.session._opened.place, dialog.findChild(_Follower)
        drafts = [each.name for each in savepoints.kept(place, prefix=PREFIX)]
        return "empty" if follower is not None and follower._name in drafts else "about others"


def take_again(shell: QWidget, step: str) -> None:
    """Take a step of the walk again by its name: a key where the focus is, or a click on what is called so."""
    kind, _, what = step.partition(" ")
    if kind == "key":
        _press(QApplication.focusWidget() or shell, what.partition(" at ")[0])
    elif kind == "click":
        name, x, y = re.fullmatch(r"(.*) \((-?\d+), (-?\d+)\)", what, re.DOTALL).groups()
        found = next(
            (one for one in shell.findChildren(QWidget) if one.isVisible() and _named(one) == name), None
        )
        if found is not None:
            QTest.mouseClick(found, Qt.MouseButton.LeftButton, pos=QPoint(int(x), int(y)))


def kill_and_look(
    home: Path, files: list[Path], program: Program, number: int, qtbot, steps: int = STEPS
) -> tuple[str, Aftermath]:
    """Let one walk be killed, start the program again, and hold it to what it had been told."""
    seed, wanted = SEED * 1000 + number, WANTED[number % len(WANTED)]
    glances, killed = killed_while_walking(home, files, seed, steps, wanted, RESTS[number % len(RESTS)])
    program.start_anew()
    qtbot.waitUntil(lambda: not program.session.jobs.is_busy())
    after = Aftermath(program, glances, killed)
    faults = list(after.faults())
    assert not faults, f"seed {seed}, {wanted}: {faults}\n{after.last}"
    again = after.form_again(qtbot)
    assert again != "empty", f"seed {seed}: {after.last}"
    return again, after


def test_one_walk_that_is_killed_is_gone_on_with(home: Path, files: list[Path], program: Program, qtbot):
    _, after = kill_and_look(home, files, program, 0, qtbot, SHORT)
    assert after.last.over


@pytest.mark.torture
def test_whatever_is_open_when_it_is_killed_is_there_again(
    home: Path, files: list[Path], program: Program, qtbot
):
    seen: Counter[str] = Counter()
    for number in range(KILLS):
        again, after = kill_and_look(home, files, program, number, qtbot)
        seen["kills"] += 1
        seen["told"] += len(after.last.told)
        seen[f"in {after.last.place[0]} {after.last.place[1].get('doing', '')}"] += 1
        if after.last.form is not None:
            seen[f"form {after.last.form[0]}: {again or 'kept'}"] += 1
        program.kill()
        print(number, dict(seen), flush=True)
    program.start_anew()
