"""The first window: the passphrase of a home, or the form that makes a new one.

It imports nothing heavy, so that it is painted before the store's libraries are read; opening is a
job whose function is handed in. The same window comes back when the program is locked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import attempts
from app.clock import utc_now
from app.errors import ChayanError
from app.ui.forgetting import forget_folders
from app.ui.jobs import Jobs
from app.ui.widgets.buttons import PlainButton, PrimaryButton
from app.ui.widgets.cards import CaptionLabel, Card, ElidedLabel, HeadingLabel
from app.ui.widgets.fields import Form, PassphraseField
from app.ui.widgets.notices import Banner

if TYPE_CHECKING:
    from app.ui.first_use import FirstUsePage, NewHome

NAME: Final = "认证查验"
CARD_WIDTH: Final = 440

Open = Callable[[Path, str], object]
Create = Callable[[Path, "NewHome"], object]


class PassphrasePage(QWidget):
    """Asks for the passphrase of an existing home."""

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = PassphraseField(self)
        self.field.setObjectName("passphrase")
        self.button = PrimaryButton("打开", "Return", self)
        self.button.setObjectName("open")
        form = Form(self)
        self._row = form.add("口令", self.field, name="passphrase")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(form)
        column.addWidget(self.button)
        self.button.clicked.connect(self._submit)
        self.field.textEdited.connect(self.clear_problem)
        self._home: Path | None = None
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.wait)

    def start(self) -> None:
        """Forget what was typed and wait for the next try."""
        self.field.clear()
        self.wait()
        self.field.setFocus()

    def watch(self, home: Path) -> None:
        """Follow how long wrong tries at ``home`` hold the next one up."""
        self._home = home
        self.wait()

    def wait(self) -> None:
        """Take no passphrase until the time is over, and say how long that is."""
        left = attempts.wait(self._home, utc_now()) if self._home is not None else 0
        was_waiting = self._second.isActive()
        self.field.setEnabled(not left)
        self.button.setEnabled(not left)
        if left:
            self._row.explain(f"口令连续输错，{waiting_text(left)}后可再试", "attention")
            self._second.start()
        elif was_waiting:
            self._second.stop()
            self._row.explain("")
            self.field.setFocus()

    def clear_problem(self) -> None:
        """Take the frame of a refused passphrase off."""
        self._row.set_problem("")

    def _submit(self) -> None:
        if self.field.text():
            self.submitted.emit(self.field.text())
        else:
            self._row.set_problem("还没有输入口令")
            self.field.setFocus()


def waiting_text(seconds: int) -> str:
    """A stretch of time as it is said: 45 秒, 3 分 20 秒."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} 分 {rest:02} 秒" if minutes else f"{rest} 秒"


class UnlockWindow(QWidget):
    """Opens or makes a home in the background; :attr:`opened` carries what came of it."""

    opened = Signal(object)
    practice_asked = Signal()
    home_changed = Signal(object)

    def __init__(
        self, home: Path, jobs: Jobs, open_place: Open, create_place: Create, *, locked: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName("unlock")
        self.setWindowTitle(NAME)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._home, self._jobs, self._locked = home, jobs, locked
        self._open, self._create = open_place, create_place
        self.passphrase_page = PassphrasePage(self)
        self._first_use_page: FirstUsePage | None = None
        self._pages = QStackedWidget(self)
        self._heading = HeadingLabel("", "title", self)
        self._hint = CaptionLabel(parent=self)
        self._path = ElidedLabel(parent=self)
        self._choose = PlainButton("换一个文件夹", "Ctrl+O", self)
        self._choose.setObjectName("choose_home")
        self.banner = Banner(self)
        self._progress = QProgressBar(self)
        self._lay_out()
        self._connect()
        self.show_home(home)

    @property
    def home(self) -> Path:
        """The folder that is to be opened."""
        return self._home

    @property
    def first_use_page(self) -> FirstUsePage:
        """The form that makes a home; built when it is first needed, which is once in a device's life."""
        if self._first_use_page is None:
            from app.ui.first_use import FirstUsePage

            self._first_use_page = FirstUsePage(self)
            self._first_use_page.submitted.connect(self._create_home)
            self._first_use_page.practice_asked.connect(self.practice_asked)
            self._pages.addWidget(self._first_use_page)
        return self._first_use_page

    def show_home(self, home: Path) -> None:
        """Turn to another folder: its passphrase, or the first-use form where there is no home yet."""
        self._home = home
        self._path.setText(str(home))
        self._path.setToolTip(str(home))
        known = is_home(home)
        self._heading.setText(NAME)
        if self._locked:
            self._hint.setText("已锁定，内容都已存好。输入口令继续。")
        elif known:
            self._hint.setText("数据在本机加密保存，输入口令打开。")
        else:
            self._hint.setText("这个文件夹里还没有数据，填好后建立；数据只在本机，用口令加密。")
        self.passphrase_page.watch(home)
        self._choose.setVisible(not self._locked)
        self._pages.setCurrentWidget(self._page())
        self._fit()
        self._page().start()

    def show_problem(self, error: ChayanError) -> None:
        """Say why the home did not open, and let the user try again."""
        self._set_busy(False)
        self.banner.show_problem(error)
        self._page().start()

    def choose_home(self) -> None:
        """Let the user pick another folder."""
        chosen = QFileDialog.getExistingDirectory(self, "数据文件夹", str(self._home.parent))
        forget_folders()
        if chosen:
            self.banner.hide()
            self.show_home(Path(chosen))
            self.home_changed.emit(self._home)

    def _page(self) -> PassphrasePage | FirstUsePage:
        return self.passphrase_page if is_home(self._home) else self.first_use_page

    def _open_home(self, passphrase: str) -> None:
        self._begin()
        self._jobs.run(partial(self._open, self._home, passphrase), self._done, self.show_problem, self)

    def _create_home(self, wanted: NewHome) -> None:
        self._begin()
        self._jobs.run(partial(self._create, self._home, wanted), self._done, self.show_problem, self)

    def _begin(self) -> None:
        self.banner.hide()
        self._set_busy(True)

    def _done(self, result: object) -> None:
        self._set_busy(False)
        self.opened.emit(result)

    def _set_busy(self, busy: bool) -> None:
        self._progress.setVisible(busy)
        self._pages.setEnabled(not busy)
        self._choose.setEnabled(not busy)

    def _fit(self) -> None:
        """Let the card be as high as its present page."""
        for number in range(self._pages.count()):
            page = self._pages.widget(number)
            shown = page is self._pages.currentWidget()
            policy = page.sizePolicy()
            policy.setVerticalPolicy(QSizePolicy.Policy.Preferred if shown else QSizePolicy.Policy.Ignored)
            page.setSizePolicy(policy)

    def _lay_out(self) -> None:
        self._pages.addWidget(self.passphrase_page)
        self._pages.setObjectName("clear")
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 0)
        # Without its room kept the card would jump when opening begins.
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._progress.hide()
        self._path.setObjectName("home_path")
        card = Card(parent=self)
        card.setFixedWidth(CARD_WIDTH)
        card.body.setContentsMargins(24, 20, 24, 16)
        card.body.setSpacing(10)
        card.body.addWidget(self._heading)
        card.body.addWidget(self._hint)
        card.body.addWidget(self.banner)
        card.body.addWidget(self._pages)
        card.body.addWidget(self._progress)
        foot = QHBoxLayout()
        foot.addWidget(self._path, 1)
        foot.addWidget(self._choose)
        card.body.addLayout(foot)
        ground = QWidget(self)
        ground.setObjectName("scrolled")
        middle = QVBoxLayout(ground)
        middle.addStretch(2)
        middle.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(3)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(ground)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        self.resize(1366, 768)

    def _connect(self) -> None:
        self.passphrase_page.submitted.connect(self._open_home)
        self._choose.clicked.connect(self.choose_home)


def is_home(folder: Path) -> bool:
    """Whether a vault lies in ``folder``; asks the disk only, the vault's code is not loaded yet."""
    return (folder / "vault.key").is_file()
