"""One run of the practice window: a session on made-up targets that says so everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QDir, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.demo import practice
from app.services.issuing import PrintedForm
from app.ui.application import Session, run_session
from app.ui.crash import CrashPath
from app.ui.jobs import Jobs, Ticket
from app.ui.palette import Command
from app.ui.practice.card import PracticeCard
from app.ui.practice.course import Standing, note_printed, standing
from app.ui.screen import Status
from app.ui.unlock import NAME, UnlockWindow
from app.ui.widgets.dialogs import Question

if TYPE_CHECKING:
    from app.bootstrap import OpenHome
    from app.services.workplace import Workplace
    from app.ui.screens import Desk
    from app.ui.shell import Shell

TITLE: Final = f"练习 · {NAME}"
LOOK_EVERY: Final = 400
T = TypeVar("T")


class PracticeWindow(UnlockWindow):
    """Shown while the practice home is made or opened; nobody has to type a passphrase."""

    def __init__(self, home: Path, jobs: Jobs) -> None:
        super().__init__(home, jobs, _unasked, _unasked)
        self.setWindowTitle(TITLE)

    def show_home(self, home: Path) -> None:
        """Say what is under way instead of asking."""
        self._home = home
        self._heading.setText("练习检查")
        self._hint.setText("正在准备样例数据，要几秒钟；与正式数据分开。")
        self._path.setText(str(home))
        self._pages.hide()
        self._choose.hide()
        self._progress.show()

    def show_step(self, done: int, total: int) -> None:
        """How many steps of the making are done."""
        self._progress.setRange(0, total)
        self._progress.setValue(done)


class PracticeSession(Session):
    """Opens the practice home by itself, follows the course, and removes the home when asked."""

    title = TITLE

    def __init__(self, app: QApplication, home: Path, crashes: CrashPath) -> None:
        super().__init__(app, home, crashes)
        self.card: PracticeCard | None = None
        self._standing = Standing()
        self._wiping = False
        self._former = QDir.currentPath()
        self._reading = self._again = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """Show the window at once and open the home behind it."""
        window = PracticeWindow(self._home, self.jobs)
        self.unlock = window
        window.show()
        ticket = Ticket(self)
        ticket.progressed.connect(window.show_step)
        opening = partial(practice.open_practice, self._home, progress=ticket.report)
        self.jobs.run(opening, self._enter, window.banner.show_problem, self, ticket=ticket)

    def lock(self) -> None:
        """Lock as ever; the passphrase stands on the window, for it guards nothing."""
        super().lock()
        if self.unlock is not None:
            self.unlock.banner.say(f"练习口令：{practice.PASSPHRASE}", closable=False)

    def end(self) -> None:
        """Close the home, and remove it when that was asked for."""
        self._timer.stop()
        super().end()
        # An open folder cannot be removed everywhere.
        QDir.setCurrent(self._former)
        if self._wiping:
            practice.wipe(self._home)

    def wipe(self) -> None:
        """Have the practice removed; in the middle of it that is asked once more."""
        lesson, done = self._standing.next, len(self._standing.done)
        if self.shell is None or lesson is None or not done:
            self._wipe()
            return
        told = f"这次练习做了 {done} 步，接下来是“{lesson.name}”。清除后不能恢复，再开练习从头开始；正式数据不受影响。关闭窗口则不清除，下次接着练。"
        question = Question("练习还没有做完，清除练习数据？", told, "清除", self.shell)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.accepted.connect(self._wipe)
        question.open()

    def _wipe(self) -> None:
        """Close the window; everything of the practice is removed at the end."""
        self._wiping = True
        if self.shell is not None:
            self.shell.close()

    def _enter(self, opened: OpenHome) -> None:
        super()._enter(opened)
        if self.shell is None:
            return
        # Photos are asked for in the present folder.
        QDir.setCurrent(str(opened.place.home / practice.PHOTOS))
        self.card = PracticeCard(self.shell)
        self.card.wiping_asked.connect(self.wipe)
        self.shell.add_above(self.card)
        self.shell.heard.connect(self._read)
        self._read()
        self._timer.start()

    def _status_of(self, desk: Desk) -> Status:
        shown = super()._status_of(desk)
        return Status(("练习：样例数据，不进入正式记录", *shown.left), shown.right)

    def _follow_unsent(self, place: Workplace, shell: Shell) -> None:
        """Nothing of a practice is ever handed over."""

    def _extra_commands(self, _shell: Shell) -> Sequence[Command]:
        return [Command("清除练习数据", self.wipe, "关闭窗口", "info")]

    def _read(self, _changes: object = None) -> None:
        """Read the records in the store's thread; what comes meanwhile is read after it."""
        if self._opened is None:
            return
        if self._reading:
            self._again = True
            return
        self._reading, self._again = True, False
        self._run(partial(standing, self._opened.place), self._tell)

    def _tell(self, found: Standing) -> None:
        self._standing = found
        if self.card is not None:
            self.card.show_standing(found)
        self._read_on()

    def _read_on(self, _error: object = None) -> None:
        self._reading = False
        if self._again:
            self._read()

    def _look(self) -> None:
        """Whether the paper of the finished visit is in view."""
        shell, opened, found = self.shell, self._opened, self._standing
        if shell is None or opened is None or self._reading or "print" in found.done or not found.fingerprint:
            return
        printed = getattr(shell.current(), "printed", None) if shell.current_key() == "printing" else None
        if isinstance(printed, PrintedForm) and printed.fingerprint == found.fingerprint:
            self._reading, self._again = True, True
            self._run(partial(note_printed, opened.place, found.visit), self._read_on)

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        # An owner for each, for a job stays tied to its owner as long as that lives.
        owner = QObject(self)

        def came(result: T) -> None:
            owner.deleteLater()
            done(result)

        def failed(error: object) -> None:
            owner.deleteLater()
            self._read_on(error)

        self.jobs.run(work, came, failed, owner)


def run_practice(home: Path) -> int:
    """Open the practice window of the real home ``home``, or on ``home`` where that is for practice."""
    return run_session(home if practice.is_practice(home) else practice.practice_home(home), PracticeSession)


def _unasked(_home: Path, _given: object) -> object:
    raise NotImplementedError
