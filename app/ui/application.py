"""The window of the program from start to end: unlock, work, lock, close.

The order matters. Hooks for crashes come before the first widget; the unlock window is painted
before anything heavy is imported; the libraries of the store are read while the passphrase is being
typed; the jobs end before the store is closed.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import EnvironmentFault
from app.ui.crash import CrashPath, CrashReport
from app.ui.forgetting import Clipboard, forget_folders, use_own_dialogs
from app.ui.idle import IdleWatch
from app.ui.jobs import Jobs
from app.ui.pauses import pause
from app.ui.remembering import Remembered
from app.ui.screen import GLANCE
from app.ui.slots import calling
from app.ui.theme import Theme, speak_chinese
from app.ui.tokens import Mode
from app.ui.touch import TouchHelp
from app.ui.unlock import NAME, UnlockWindow

if TYPE_CHECKING:
    from app.bootstrap import OpenHome
    from app.services.workplace import Workplace
    from app.ui.crash_notice import CrashNotice
    from app.ui.first_use import NewHome
    from app.ui.guide import GuideWindow
    from app.ui.keeping import Keeper, PlaceKeeper
    from app.ui.palette import Command
    from app.ui.screen import Status
    from app.ui.screens import Desk
    from app.ui.shell import Shell
    from app.ui.system_lock import SystemLock
    from app.ui.unsent import Unsent
    from app.ui.widgets.drafts import FormDrafts

log = logging.getLogger("chayan.window")

WARM_UP_AFTER: Final = 150
GET_READY_AFTER: Final = 400
"""Milliseconds after the window was opened in which what a visit is shown with begins to be made."""
PRACTICE_OPENS: Final = "练习窗口正在打开，准备样例数据要几秒钟"
_MODES: Final[dict[str, Mode]] = {
    "system": "system",
    "light": "light",
    "dark": "dark",
    "contrast": "contrast",
    "contrast-dark": "contrast-dark",
}


def run(home: Path) -> int:
    """Open the window on ``home`` and return the exit code of the event loop."""
    return run_session(home, Session)


def run_session(home: Path, kind: type[Session]) -> int:
    """Open the windows of a kind of session on ``home`` and return the exit code of the event loop."""
    use_own_dialogs()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("chayan")
    app.setApplicationDisplayName(NAME)
    crashes = CrashPath(home, app)
    crashes.install()
    speak_chinese(app)
    session = kind(app, home, crashes)
    session.begin()
    code = app.exec()
    session.end()
    crashes.uninstall()
    return code


class Session(QObject):
    """One run of the program: holds the opened home and the windows that show it."""

    title = NAME

    def __init__(self, app: QApplication, home: Path, crashes: CrashPath) -> None:
        super().__init__(app)
        self._app = app
        self._home = home
        self._crashes = crashes
        self.theme = Theme.install(app)
        self.jobs = Jobs(self)
        self.unlock: UnlockWindow | None = None
        self.shell: Shell | None = None
        self._opened: OpenHome | None = None
        self._remembered = Remembered(home)
        self._watch: IdleWatch | None = None
        self._system: SystemLock | None = None
        self._clipboard = Clipboard(self)
        self._touch = TouchHelp(app, self)
        self._keeper: Keeper | None = None
        self._unsent: Unsent | None = None
        self._places: PlaceKeeper | None = None
        self._notice: CrashNotice | None = None
        self._guide: GuideWindow | None = None
        self._here: tuple[str, dict[str, object]] = ("", {})
        self._put_aside: list[QWidget] = []
        self._warm_up = QTimer(self)
        self._warm_up.setSingleShot(True)
        self._warm_up.setInterval(WARM_UP_AFTER)
        self._warm_up.timeout.connect(self._read_libraries)
        self._ready = pause(self, GET_READY_AFTER, self._get_ready)
        crashes.reported.connect(self._tell_crash, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Show the first window, then read the heavy libraries behind it."""
        self.unlock = UnlockWindow(self._home, self.jobs, open_home, create_home)
        self.unlock.opened.connect(self._enter)
        self.unlock.practice_asked.connect(self.practise)
        self.unlock.show()
        if not self._remembered.place(self.unlock):
            _fit_to_screen(self.unlock)
        self._warm_up.start()

    def lock(self) -> None:
        """Store what is being typed, hide the work and ask for the passphrase again.

        What cannot be stored stays in the hidden window: it must not hold the lock open.
        """
        if self.shell is None or self.unlock is not None or self._places is None:
            return
        self._places.look()
        self._places.stop()
        self._here = self.shell.current_key(), self._where()
        self.shell.leave()
        self._clipboard.forget()
        forget_folders()
        self.unlock = UnlockWindow(self._home, self.jobs, verify, create_home, locked=True)
        self.unlock.opened.connect(self._resume)
        self._put_aside = [
            window
            for window in self._app.topLevelWidgets()
            if window.isVisible() and window not in {self.shell, self.unlock}
        ]
        for window in self._put_aside:
            window.hide()  # a dialog left open would show what the lock hides
        _take_place(self.unlock, self.shell)
        if self._watch is not None:
            self._watch.stop()

    def _where(self) -> dict[str, object]:
        screen = self.shell.current() if self.shell is not None else None
        return screen.where() if screen is not None else {}

    def end(self) -> None:
        """Let running work stop, then close the store and give the home back."""
        self._warm_up.stop()
        self._ready.stop()
        self._touch.stop()
        if self._system is not None:
            self._system.stop()
        self._remember()
        if self._places is not None:
            self._places.stop()
            if self.unlock is None:
                self._places.look()
        self.jobs.shutdown()
        if self._watch is not None:
            self._watch.stop()
            self._watch.leave(self._app)
            self._watch = None
        if self._keeper is not None:
            with suppress(EnvironmentFault):  # a full disk must not keep the home from being closed
                self._keeper.end()
            self._keeper = None
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def show_guide(self) -> None:
        """F1: the guide at the page of the screen."""
        if self.shell is None or self._opened is None:
            return
        if self._guide is None:
            from app.ui.guide import GuideWindow

            self._guide = GuideWindow(self._opened.place.owner.role, self.shell)
        self._guide.show_page(self.shell.current_key())

    def practise(self) -> None:
        """Open the practice window beside this one."""
        from app.ui.practice.starting import start_practice

        shown = self.unlock.banner if self.unlock is not None else None
        try:
            start_practice(self._home)
        except EnvironmentFault as error:
            if shown is not None:
                shown.show_problem(error)
            elif self.shell is not None:
                self.shell.show_problem(error)
            return
        if shown is not None:
            shown.say(PRACTICE_OPENS, tone="good")
        elif self.shell is not None:
            self.shell.status_line.show_notice(PRACTICE_OPENS)

    def _status_of(self, desk: Desk) -> Status:
        from app.ui.screens import status_of

        return status_of(desk, self._unsent.lead() if self._unsent is not None else None)

    def _extra_commands(self, _shell: Shell) -> Sequence[Command]:
        """What the palette offers besides the screens: practice on sample data."""
        from app.ui.palette import Command

        return [Command("练习检查", self.practise, "样例数据，另开窗口", "targets")]

    def _remember(self) -> None:
        """Where the window stands, and how its screens are divided."""
        window = self.unlock or self.shell
        if window is not None and self._opened is not None:
            self._remembered.keep_place(window)
        if self.shell is not None:
            self._remembered.keep_parts(self.shell.screens())

    def _read_libraries(self) -> None:
        from app.ui.libraries import read_libraries
        from app.ui.warming import WindowReader

        reader = WindowReader(self)
        self.jobs.run(read_libraries, calling(reader.begin), None, self, lane="files")

    def _enter(self, opened: OpenHome) -> None:
        from app.ui.crash_notice import CrashNotice
        from app.ui.keeping import Keeper
        from app.ui.midnight import DayWatch
        from app.ui.screens import Desk, screens_for
        from app.ui.shell import Shell
        from app.ui.system_lock import SystemLock

        self._opened = opened
        place = opened.place
        self._home = place.home
        self.theme.set_mode(_MODES.get(place.settings.theme, "system"))
        self._keeper = Keeper(place, self.jobs, self)
        desk = Desk(place, self.jobs, self.theme, self._keeper)
        owner = (place.owner.office, place.owner.name)
        self.shell = Shell(self.title, owner, screens_for(desk), partial(self._status_of, desk))
        self._remembered = Remembered(self._home)
        for key, screen in self.shell.screens():
            self._remembered.restore_parts(key, screen)
        self.shell.screen_made.connect(self._remembered.restore_parts)
        self.shell.lock_requested.connect(self.lock)
        self.jobs.failed_unheard.connect(self.shell.show_problem)
        self._watch = IdleWatch(place.settings.idle_minutes, self)
        self._watch.idle.connect(self.lock)
        self._watch.follow(self._app)
        self.shell.heard.connect(calling(self._go_by_settings, place))
        days = DayWatch(place.today, self.shell)
        days.follow(self._app)
        days.turned.connect(calling(self.shell.broadcast, None))
        drafts, places = self._follow_places(self._keeper, self.shell)
        self._follow_unsent(place, self.shell)
        self._resume(None)
        places.go_back()
        places.start()
        self._places = places
        self._system = SystemLock(self)
        self._system.locked.connect(self.lock)
        self._system.start(self.shell)
        self._offer_palette(place, self.shell)
        self.shell.help_requested.connect(self.show_guide)
        self._crashes.watch_faults()
        self._ready.start()
        self._notice = CrashNotice(self._home, self.shell.notice, self.shell)
        self._notice.tell_former()
        if forms := drafts.titles():
            self.shell.say(f"有没存完的表单：{'、'.join(forms)}", "从原处再打开，填过的内容还在。")

    def _get_ready(self) -> None:
        """Most of an inspector's work begins with a visit opened from 今日: have its screen made by then."""
        from app.ui.warming import read_a_visit

        if self.shell is not None and self._opened is not None and self.shell.has("visit"):
            self.jobs.run(partial(read_a_visit, self._opened.place), _nothing, None, self)
            self.shell.made("visit").get_ready()

    def _offer_palette(self, place: Workplace, shell: Shell) -> None:
        """Ctrl+K over actions, screens and organizations."""
        from app.services.directory import Entry, directory
        from app.ui.commands import commands_of
        from app.ui.palette import Palette

        def go(entry: Entry) -> None:
            if shell.has("registry"):
                shell.open("registry", organization_id=entry.id)
            else:
                shell.open("targets", query=entry.name, registry=not entry.assigned)

        commands = partial(commands_of, shell, partial(self._extra_commands, shell))
        palette = Palette(shell, self.jobs, commands, partial(directory, place), go)
        shell.palette_requested.connect(palette.open)
        shell.heard.connect(palette.forget)

    def _go_by_settings(self, place: Workplace) -> None:
        """Lock after the minutes that the settings say now; whatever else goes by them reads them itself."""
        if self._watch is not None:
            self._watch.set_minutes(place.settings.idle_minutes)

    def _follow_unsent(self, place: Workplace, shell: Shell) -> None:
        """What an inspector's packages do not hold yet, at the foot of the window."""
        from app.ui.unsent import Unsent

        if place.owner.role != "inspector":
            return
        self._unsent = Unsent(place, self.jobs, self)
        self._unsent.changed.connect(shell.refresh_status)
        shell.status_line.make_room()
        shell.status_line.led.connect(shell.open)
        shell.heard.connect(self._unsent.hear)

    def _follow_places(self, keeper: Keeper, shell: Shell) -> tuple[FormDrafts, PlaceKeeper]:
        """What keeps open forms, and what keeps where the work is."""
        from app.ui.keeping import PlaceKeeper
        from app.ui.widgets.drafts import FormDrafts

        places = PlaceKeeper(shell, keeper, self)
        return FormDrafts(keeper, self._draft_place, shell), places

    def _draft_place(self) -> str:
        """Where a form was opened, so that its draft is found there again."""
        key = self.shell.current_key() if self.shell is not None else ""
        about = {name: said for name, said in self._where().items() if name not in GLANCE}
        return json.dumps([key, about], sort_keys=True)

    def _resume(self, _verified: object) -> None:
        if self.unlock is None or self.shell is None:
            return
        _take_place(self.shell, self.unlock)
        self.unlock.deleteLater()
        self.unlock = None
        self.shell.broadcast(None)
        key, where = self._here
        if key == self.shell.current_key() and where != self._where():
            self.shell.open(key, **where)
        put_aside, self._put_aside = self._put_aside, []
        for window in put_aside:
            # What was on its way to the store may have ended meanwhile; a question is given up by hiding it.
            if shiboken6.isValid(window):
                window.show()
        if self._watch is not None:
            self._watch.start()
        if self._places is not None:
            self._places.start()

    def _tell_crash(self, report: CrashReport) -> None:
        advice = "出错已有几次，关闭后重新打开更稳妥。" if report.restart_advised else ""
        if self._notice is not None:
            self._notice.tell(report.path, advice)
        if self.unlock is not None:
            message = "程序出错，这一步可能没有做成；已存的内容不受影响"
            remedy = f"{advice}崩溃报告：{report.path}" if report.path else advice
            self.unlock.banner.say(message, remedy, "bad")


def open_home(home: Path, passphrase: str) -> OpenHome:
    """Open an existing home; runs in the store's thread."""
    from app import bootstrap

    return bootstrap.open_home(home, passphrase)


def create_home(home: Path, wanted: NewHome) -> OpenHome:
    """Make a home for the person of the first-use form; runs in the store's thread."""
    from app import bootstrap
    from app.services.workplace import Owner
    from app.vocabulary import Role

    owner = Owner(Role(wanted.role), wanted.office, wanted.name, wanted.credential)
    return bootstrap.create_home(home, wanted.passphrase, owner)


def verify(home: Path, passphrase: str) -> None:
    """Check the passphrase of a home that is open and locked; raises like opening does."""
    from app import bootstrap

    bootstrap.unlock(home, passphrase)


def _nothing(_: object) -> None:
    """What was read is not shown."""


def _fit_to_screen(window: QWidget) -> None:
    """Take the whole screen where the window would not fit it; later windows stand in its place."""
    room = window.screen().availableSize()
    if room.width() <= window.width() or room.height() <= window.height():
        window.resize(window.size().boundedTo(room))
        window.showMaximized()


def _take_place(shown: QWidget, hidden: QWidget) -> None:
    """Show one window exactly where the other one was."""
    shown.setGeometry(hidden.geometry())
    shown.setWindowState(hidden.windowState())
    shown.show()
    hidden.hide()
