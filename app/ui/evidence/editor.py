"""Marking a copy of a photo: tools, colours, undo; the original stays as it was taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PIL import Image
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import annotating, evidence
from app.services.annotating import COLOURS, Kind
from app.services.evidence import EvidenceRow
from app.services.workplace import Workplace
from app.ui import theme
from app.ui.evidence.canvas import Canvas
from app.ui.evidence.drawing import Drawn
from app.ui.jobs import Jobs
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, HeadingLabel, PrimaryButton, SecondaryButton, asked

Ask = Callable[[str, str, str, QWidget], bool]

LONGEST: Final = 1600
"""Pixels of the picture that is drawn on; the copy itself is made from all of the original's."""

TOOLS: Final[tuple[tuple[Kind, str, str], ...]] = (
    ("arrow", "箭头", "arrow"),
    ("box", "方框", "box"),
    ("pen", "画笔", "pen"),
    ("text", "文字", "text"),
    ("blur", "打码", "blur"),
)
NAMES: Final = ("红", "黄", "蓝", "白")
HINT: Final = "拖动画线；方向键移动十字，空格起笔、收笔（Shift 细移，Ctrl 快移）。打码会抹掉那一块的像素，副本里找不回来；原件不变。"


class Editor(QWidget):
    """``kept(key, drawn)`` asks for the copy, ``closed`` leads back without one."""

    kept = Signal(str, object)
    closed = Signal()
    failed = Signal(object)

    def __init__(self, place: Workplace, jobs: Jobs, ask: Ask = asked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidence_editor")
        self._place, self._jobs, self._ask = place, jobs, ask
        self._row: EvidenceRow | None = None
        self._handed_on = False
        self.canvas = Canvas(self)
        self._title = HeadingLabel("", "card", self)
        self.tools = QButtonGroup(self)
        self.colours = QButtonGroup(self)
        self.undo = SecondaryButton("撤销", "", self, icon="undo")
        self.redo = SecondaryButton("重做", "", self, icon="redo")
        self.turn = SecondaryButton("旋转", "R", self, icon="rotate")
        self.cancel = SecondaryButton("不存", "", self)
        self.keep = PrimaryButton("存为副本", "Ctrl+Return", self)
        for button, name, key in (
            (self.undo, "undo_mark", "Ctrl+Z"), (self.redo, "redo_mark", "Ctrl+Y"),
            (self.turn, "turn_copy", "R"), (self.cancel, "cancel_copy", "Esc"), (self.keep, "keep_copy", ""),
        ):  # fmt: skip
            button.setObjectName(name)
            if key:
                button.setToolTip(f"{button.text()}（{key}）")
        self._make_tools()
        self._lay_out()
        self._connect()

    def open(self, row: EvidenceRow) -> None:
        """Begin a copy of a picture."""
        self._row = row
        self._rest(False)
        self._title.setText(f"标注副本：{row.caption or row.file_name}")
        self.canvas.show_picture(None)
        self._allow()
        self._jobs.run(
            partial(_opened, self._place, row),
            partial(self._opened, row.key),
            self._not_opened,
            self,
            lane="files",
        )

    def is_busy(self) -> bool:
        """Whether there are marks that are not kept."""
        return self._row is not None and self.canvas.drawing.touched and not self._handed_on

    def held(self) -> tuple[str, Drawn]:
        """Which picture is marked, and how."""
        return "" if self._row is None else self._row.key, self.canvas.drawing.now

    def hand_on(self) -> None:
        """The marks are on their way to the store; nothing is drawn until that is done."""
        self._rest(True)

    def handed_on(self) -> str:
        """The picture whose marks are on their way, empty while none are."""
        return self._row.key if self._row is not None and self._handed_on else ""

    def take_back(self, key: str) -> None:
        """The marks of a picture could not be stored: go on with them."""
        if self.handed_on() == key:
            self._rest(False)

    def _rest(self, handed_on: bool) -> None:
        self._handed_on = handed_on
        self.setEnabled(not handed_on)

    def leave(self) -> None:
        """Go back; marks are given up only when somebody says so."""
        if self.canvas.drop():
            return
        question = ("不存这个副本？", "画上去的标注会丢掉；原件不受影响。", "丢掉标注")
        if self.is_busy() and not self._ask(*question, self):
            self.canvas.setFocus()
            return
        self.close_picture()
        self.closed.emit()

    def close_picture(self) -> None:
        """Forget picture and marks."""
        self._row = None
        self._rest(False)
        self.canvas.show_picture(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits take a tool, X the next colour, Ctrl+Z and Ctrl+Y go back and forth."""
        if event.matches(QKeySequence.StandardKey.Undo) or event.key() == Qt.Key.Key_Backspace:
            self.canvas.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.canvas.redo()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.text().isdigit() and 1 <= int(event.text()) <= len(TOOLS):
            self.tools.button(int(event.text()) - 1).click()
        elif event.text().lower() == "x":
            self.colours.button((self.colours.checkedId() + 1) % len(COLOURS)).click()
        else:
            super().keyPressEvent(event)

    def _opened(self, key: str, picture: Image.Image) -> None:
        if self._row is not None and self._row.key == key:
            self.canvas.show_picture(picture)
            self.canvas.setFocus()

    def _not_opened(self, error: ChayanError) -> None:
        self.close_picture()
        self.failed.emit(error)
        self.closed.emit()

    def _keep(self) -> None:
        if self.canvas.entry.isVisible():
            self.canvas.entry.returnPressed.emit()
        if self._row is not None and self.canvas.drawing.touched:
            self.kept.emit(self._row.key, self.canvas.drawing.now)

    def _choose_tool(self, number: int) -> None:
        self.canvas.choose(TOOLS[number][0])
        self.canvas.setFocus()

    def _choose_colour(self, number: int) -> None:
        self.canvas.colour = COLOURS[number]
        self.canvas.setFocus()

    def _allow(self) -> None:
        drawing = self.canvas.drawing
        self.undo.setEnabled(drawing.can_undo())
        self.redo.setEnabled(drawing.can_redo())
        self.keep.setEnabled(drawing.touched)

    def _make_tools(self) -> None:
        for number, (_, name, icon) in enumerate(TOOLS):
            button = SecondaryButton(name, "", self, icon=icon)
            button.setToolTip(f"{name}（{number + 1}）")
            button.setObjectName(f"tool_{icon}")
            button.setCheckable(True)
            self.tools.addButton(button, number)
        for number, (name, colour) in enumerate(zip(NAMES, COLOURS, strict=True)):
            button = SecondaryButton("", "", self)
            button.setAccessibleName(f"{name}色")
            button.setToolTip(f"{name}色（X 换下一个）")
            button.setIcon(_spot(colour))
            button.setCheckable(True)
            button.setFixedWidth(40)
            self.colours.addButton(button, number)
        self.tools.button(0).setChecked(True)
        self.colours.button(0).setChecked(True)
        for each in (*self.tools.buttons(), *self.colours.buttons(), self.undo, self.redo, self.turn):
            # The keys stay with the picture; Tab still leads here.
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _connect(self) -> None:
        self.tools.idClicked.connect(self._choose_tool)
        self.colours.idClicked.connect(self._choose_colour)
        self.canvas.changed.connect(self._allow)
        self.undo.clicked.connect(calling(self.canvas.undo))
        self.redo.clicked.connect(calling(self.canvas.redo))
        self.turn.clicked.connect(calling(self.canvas.turn))
        self.cancel.clicked.connect(calling(self.leave))
        self.keep.clicked.connect(calling(self._keep))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.cancel)
        head.addWidget(self.keep)
        bar = QHBoxLayout()
        bar.setSpacing(6)
        for button in self.tools.buttons():
            bar.addWidget(button)
        bar.addSpacing(10)
        for button in self.colours.buttons():
            bar.addWidget(button)
        bar.addStretch(1)
        for button in (self.turn, self.undo, self.redo):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(bar)
        column.addWidget(self.canvas, 1)
        column.addWidget(CaptionLabel(HINT, parent=self))


def _opened(place: Workplace, row: EvidenceRow) -> Image.Image:
    """In a worker: the picture that is drawn on."""
    return annotating.upright(evidence.original(place, sha256=row.sha256), row.rotation, LONGEST)


def _spot(colour: str) -> QIcon:
    drawn = QPixmap(40, 40)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(theme.current().color("soft"))
    painter.drawEllipse(5, 5, 30, 30)
    painter.end()
    drawn.setDevicePixelRatio(2)
    return QIcon(drawn)


def drawn_of(value: object) -> Drawn:
    """What ``kept`` carries."""
    assert isinstance(value, Drawn)
    return value
