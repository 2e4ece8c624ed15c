"""The first window: the passphrase of a home, or the form that makes a new one.

It imports nothing heavy, so that it is painted before the store's libraries are read; opening is a
job whose function is handed in. The same window comes back when the program is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.errors import ChayanError
from app.ui.jobs import Jobs
from app.ui.widgets.buttons import PlainButton, PrimaryButton
from app.ui.widgets.cards import CaptionLabel, Card, ElidedLabel, HeadingLabel
from app.ui.widgets.fields import Form, FormRow
from app.ui.widgets.notices import Banner
from app.wording import labels

NAME: Final = "认证查验"
CARD_WIDTH: Final = 440
PASSPHRASE_LENGTH: Final = 8
"""Shorter ones are refused when a home is made; what protects a lost laptop is this alone."""


@dataclass(frozen=True, slots=True)
class NewHome:
    """What the first-use form asks for."""

    role: str
    office: str
    name: str
    credential: str
    passphrase: str


Open = Callable[[Path, str], object]
Create = Callable[[Path, NewHome], object]


class PassphraseField(QLineEdit):
    """A line that hides what is typed; a button inside shows it while it is needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)


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

    def start(self) -> None:
        """Forget what was typed and wait for the next try."""
        self.field.clear()
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


class FirstUsePage(QWidget):
    """Asks whose home this is; says beside the field what is still missing."""

    submitted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = QButtonGroup(self)
        self._form = Form(self)
        self._form.add("使用人", self._role_row(labels("role")))
        self._rows: dict[str, FormRow] = {}
        self._fields: dict[str, QLineEdit] = {}
        self._add("office", "单位", QLineEdit(self), "如：袁州区市场监督管理局")
        self._add("name", "姓名", QLineEdit(self))
        self._add("credential", "执法证号", QLineEdit(self))
        self._add(
            "passphrase", "口令", PassphraseField(self), f"至少 {PASSPHRASE_LENGTH} 位；忘记后数据打不开"
        )
        self._add("repeated", "再输一次", PassphraseField(self))
        self.button = PrimaryButton("建立数据文件夹", "Ctrl+Return", self)
        self.button.setObjectName("create")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._form)
        column.addWidget(self.button)
        self.button.clicked.connect(self.submit)

    def start(self) -> None:
        """Begin at the first field."""
        self._fields["office"].setFocus()

    def submit(self) -> None:
        """Check what was typed; hand it on when nothing is missing."""
        typed = {name: field.text() for name, field in self._fields.items()}
        problems = first_use_problems(self._role(), typed)
        for name, row in self._rows.items():
            if name in problems or row.field.property("wrong"):
                row.set_problem(problems.get(name, ""))
        if problems:
            self._fields[next(name for name in self._fields if name in problems)].setFocus()
            return
        self.submitted.emit(
            NewHome(
                self._role(),
                typed["office"].strip(),
                typed["name"].strip(),
                typed["credential"].strip(),
                typed["passphrase"],
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field; on the last one it submits."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif self._fields["repeated"].hasFocus():
            self.submit()
        else:
            self.focusNextChild()

    def _add(self, name: str, label: str, field: QLineEdit, note: str = "") -> None:
        self._fields[name] = field
        self._rows[name] = self._form.add(label, field, note, name)

    def _role(self) -> str:
        button = self._roles.checkedButton()
        return button.objectName().removeprefix("role_")

    def _role_row(self, roles: Mapping[str, str]) -> QWidget:
        whole = QWidget(self)
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for word, text in roles.items():
            button = QRadioButton(text, whole)
            button.setObjectName(f"role_{word}")
            self._roles.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self._roles.buttons()[0].setChecked(True)
        return whole


def first_use_problems(role: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What is missing or wrong in the first-use form, by field."""
    problems = {}
    if not typed["office"].strip():
        problems["office"] = "填单位全称，会印在文书上"
    if not typed["name"].strip():
        problems["name"] = "填姓名，会印在文书上"
    if role == "inspector" and not typed["credential"].strip():
        problems["credential"] = "检查人员须有执法证号"
    if len(typed["passphrase"]) < PASSPHRASE_LENGTH:
        problems["passphrase"] = f"至少 {PASSPHRASE_LENGTH} 位"
    if typed["passphrase"] != typed["repeated"]:
        problems["repeated"] = "两次输入的口令不同"
    return problems


class UnlockWindow(QWidget):
    """Opens or makes a home in the background; :attr:`opened` carries what came of it."""

    opened = Signal(object)
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
            self._first_use_page = FirstUsePage(self)
            self._first_use_page.submitted.connect(self._create_home)
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
        if chosen:
            self.banner.hide()
            self.show_home(Path(chosen))
            self.home_changed.emit(self._home)

    def _page(self) -> PassphrasePage | FirstUsePage:
        return self.passphrase_page if is_home(self._home) else self.first_use_page

    def _open_home(self, passphrase: str) -> None:
        self._begin()
        home = self._home
        self._jobs.run(lambda: self._open(home, passphrase), self._done, self.show_problem, self)

    def _create_home(self, wanted: NewHome) -> None:
        self._begin()
        home = self._home
        self._jobs.run(lambda: self._create(home, wanted), self._done, self.show_problem, self)

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
        self._pages.setStyleSheet("QStackedWidget { background: transparent; }")
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
