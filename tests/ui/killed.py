"""The walk in a process of its own, until it is killed; what somebody saw of it is told as it goes.

``python -m tests.ui.killed HOME SEED STEPS WANTED FILE…`` walks until what is ``WANTED`` has been begun, or so
many steps, and then leaves everything as it is: open, half written. Each line on standard output is a
:class:`Glance` at the window, made whenever something in it has changed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from app.services.issuing import form_rows
from app.services.visits import inspection_ids, inspection_rows
from app.ui.paper.screen import PrintingScreen
from app.ui.visit.screen import VisitScreen
from app.ui.widgets.dialogs import FormDialog
from app.ui.widgets.drafts import state_of
from app.vocabulary import InspectionStatus
from tests.ui.restarting import Program, answer_the_system
from tests.ui.strokes import CTRL, wait
from tests.ui.walking import Walk

EVERY = 30
"""Milliseconds between two glances."""


@dataclass(frozen=True)
class Glance:
    """What the window showed and had been told at a moment.

    ``told`` has the last entries: visit, path, text, and when. ``form`` has the title and the state of the
    open form in which something was written, and ``opened`` the step that opened it. ``chosen`` are the lines
    that the lists of the screen stand on. ``over`` says that the walk has ended, ``faults`` what it found.
    """

    place: tuple[str, Mapping[str, object]]
    told: list[tuple[str, list[str], str, float]]
    form: tuple[str, list[list[object]]] | None
    opened: str
    chosen: Mapping[str, str]
    step: str
    over: bool
    faults: list[str]


class Writer(Walk):
    """Somebody who seldom leaves a form without writing something into it; ``opener`` is the step that opened it."""

    opener = ""
    _modal: QWidget | None = None

    def _choose(self) -> tuple[str, Callable[[], object]]:
        modal = QApplication.activeModalWidget()
        if modal is not self._modal:
            self._modal, self.opener = modal, self.last[-1] if self.last else ""
        writes = isinstance(modal, FormDialog) and QApplication.activePopupWidget() is None
        if modal is not None and writes and self.chance.random() < 0.8:
            return self._type(modal)
        return super()._choose()


class Diary:
    """Tells each glance that differs from the one before."""

    def __init__(self, program: Program, walk: Writer) -> None:
        self._program, self._walk = program, walk
        self._forms: dict[int, tuple[str, list[list[object]]]] = {}
        self._dialog: QWidget | None = None
        self._last = ""
        self.over = False
        self._timer = QTimer()
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def form(self) -> tuple[str, list[list[object]]] | None:
        """The open form with what is written in it; nothing while it says what it said at first."""
        dialog = QApplication.activeModalWidget()
        if dialog is not self._dialog:
            self._dialog, self._forms = dialog, {}
        if not isinstance(dialog, FormDialog) or not dialog.form.isEnabled():
            return None
        now = dialog.windowTitle(), state_of(dialog.form)
        fresh = self._forms.setdefault(id(dialog), now)
        return None if now == fresh else now

    def look(self) -> None:
        """Tell what is so now."""
        ledger = self._walk.ledger
        told = ledger._told.items() if ledger is not None else ()
        form = self.form()
        shell = self._program.session.shell
        assert shell is not None
        glance = Glance(
            self._program.place(),
            [(visit, list(path), text, at) for (visit, path), (text, at) in told],
            form,
            self._walk.opener,
            chosen(shell.current()),
            self._walk.last[-1] if self._walk.last else "",
            self.over,
            self._walk.faults,
        )
        said = json.dumps(asdict(glance), ensure_ascii=False)
        if said != self._last:
            self._last = said
            print(f"{time.monotonic()} {said}", flush=True)


def chosen(screen: QWidget | None) -> dict[str, str]:
    """The line that each list in view stands on."""
    found: dict[str, str] = {}
    for view in screen.findChildren(QAbstractItemView) if screen is not None else ():
        index = view.currentIndex()
        if index.isValid() and view.isVisible():
            name = view.objectName() or view.accessibleName()
            found[name] = str(index.siblingAtColumn(0).data() or "")
    return found


def sit_where(wanted: str, program: Program, walk: Walk) -> None:
    """Begin where what is wanted is near."""
    shell, place = program.session.shell, program.session._opened.place
    rows = inspection_rows(place, walk.visits)
    sealed = [row.id for row in rows if row.status is InspectionStatus.FINALISED]
    if wanted == "correction" and sealed:
        shell.open("visit", inspection_id=sealed[0])
        QTest.keyClick(shell.current().workplace.items, Qt.Key.Key_R, CTRL)
    elif wanted == "form":
        shell.open("enforcement", inspection_id=walk.chance.choice(walk.visits))
    elif wanted == "paper":
        form = walk.chance.choice([row.id for row in form_rows(place) if row.kept])
        visit = walk.chance.choice(walk.visits)
        shell.open("printing", inspection_id=visit, form=form, fill=True)
    else:
        shell.open("visit", inspection_id=walk.chance.choice(walk.visits))


def begun(wanted: str, program: Program, diary: Diary) -> bool:
    """Whether what is wanted has been begun, in the middle of its words."""
    shell = program.session.shell
    if wanted == "form":
        return diary.form() is not None
    screen = shell.current() if shell is not None and program.session.unlock is None else None
    if wanted == "paper":
        return isinstance(screen, PrintingScreen) and bool(screen.filling.page.saver._waiting)
    if wanted == "correction":
        return isinstance(screen, VisitScreen) and bool(screen.workplace.correction.drafts._saver._waiting)
    return isinstance(screen, VisitScreen) and screen.where().get("doing") == wanted


def main(home: Path, seed: int, steps: int, wanted: str, files: list[Path]) -> None:
    """Unlock the home and walk."""
    app = QApplication([])
    patch = pytest.MonkeyPatch()
    program = Program(app, home, Patient())
    walk = Writer(program.session, seed, files)
    answer_the_system(patch, walk, home.parent)
    patch.setattr(QProcess, "startDetached", staticmethod(nothing_else))
    program.start()
    walk.visits = inspection_ids(program.session._opened.place)
    sit_where(wanted, program, walk)
    diary = Diary(program, walk)

    def enough() -> bool:
        diary.over = walk.done > 0 and (
            walk.done >= steps or bool(walk.faults) or begun(wanted, program, diary)
        )
        return diary.over

    walk.enough = enough
    walk.go(steps + 1)


def nothing_else(*_: object) -> tuple[bool, int]:
    """No other window of the program is opened beside this one."""
    return True, 0


class Patient:
    """Waits as a bot of the tests does."""

    def waitUntil(self, until: Callable[[], bool]) -> None:
        wait(until)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]),
        int(sys.argv[3]),
        sys.argv[4],
        [Path(each) for each in sys.argv[5:]],
    )
