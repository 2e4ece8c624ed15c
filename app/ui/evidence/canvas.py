"""The picture under work: marks drawn by mouse, finger, pen or arrow keys, shown as they will be kept."""

from __future__ import annotations

from typing import Final

from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.services.annotating import RED, Kind, Mark, Point, marked
from app.ui import theme
from app.ui.evidence.drawing import Drawing, held
from app.ui.evidence.picture import image_of

STEP, FINE, COARSE = 0.01, 0.002, 0.05
_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_FREE: Final = frozenset({"pen"})


class Canvas(QWidget):
    """Draws with :attr:`tool` in :attr:`colour`; ``changed`` after each mark and each step back.

    By keys: arrows move the crosshair (Shift finely, Ctrl far), Space begins a mark and ends it.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("标注画面")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.drawing = Drawing()
        self.tool: Kind = "arrow"
        self.colour = RED
        self._base: Image.Image | None = None
        self._finished: Image.Image | None = None
        self._shown = QImage()
        self._begun: list[Point] = []
        self._cross: Point | None = None
        self.entry = QLineEdit(self)
        self.entry.setObjectName("mark_text")
        self.entry.setAccessibleName("标注文字")
        self.entry.setPlaceholderText("写好后按 Enter")
        self.entry.setMaxLength(120)
        self.entry.hide()
        self.entry.returnPressed.connect(self._write)

    def show_picture(self, picture: Image.Image | None) -> None:
        """Begin with a picture, upright as it is looked at; ``None`` while there is none."""
        self._base = picture
        self.drawing = Drawing()
        self._begun, self._cross = [], None
        self.entry.hide()
        self._draw_finished()
        self.changed.emit()

    def choose(self, tool: Kind) -> None:
        """Take another tool; a begun mark is dropped."""
        self.tool = tool
        self.drop()

    def drop(self) -> bool:
        """Forget a begun mark; ``False`` when there was none."""
        busy = bool(self._begun) or self.entry.isVisible()
        self._begun = []
        if self.entry.isVisible():
            self.entry.hide()
            self.setFocus()
        self._draw_begun()
        return busy

    def undo(self) -> None:
        """Take the last mark back."""
        if not self.drop() and self.drawing.undo():
            self._changed()

    def redo(self) -> None:
        """Put it there again."""
        if self.drawing.redo():
            self._changed()

    def turn(self) -> None:
        """Turn the picture by a quarter."""
        self.drop()
        self.drawing.rotate()
        self._changed()

    # ---- hands

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a mark."""
        if event.button() is Qt.MouseButton.LeftButton and self._base is not None:
            self._cross = None
            self._begin(self._share(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry it on."""
        if self._begun and self.tool != "text":
            self._carry(held(self._share(event.position())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() is Qt.MouseButton.LeftButton and self._begun and self.tool != "text":
            self._end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The crosshair; everything else is the editor's."""
        move = _ARROWS.get(Qt.Key(event.key()))
        if move is not None:
            self._move_cross(move, event.modifiers())
        elif event.key() == Qt.Key.Key_Space:
            self._put()
        else:
            event.ignore()

    def _move_cross(self, move: tuple[int, int], modifiers: Qt.KeyboardModifier) -> None:
        step = STEP
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            step = FINE
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            step = COARSE
        x, y = self._cross or (0.5, 0.5)
        first = self._cross is None
        self._cross = (x, y) if first else held((x + move[0] * step, y + move[1] * step))
        if self._begun and self.tool != "text":
            self._carry(self._cross)
        self.update()

    def _put(self) -> None:
        """Space: begin at the crosshair, or end there."""
        if self._cross is None:
            self._cross = (0.5, 0.5)
            self.update()
        elif self._begun:
            self._end()
        else:
            self._begin(self._cross)

    # ---- marks

    def _begin(self, point: Point) -> None:
        self._begun = [held(point)]
        if self.tool == "text":
            self._ask_words()
        self._draw_begun()

    def _carry(self, point: Point) -> None:
        self._begun = [*self._begun, point] if self.tool in _FREE else [self._begun[0], point]
        self._draw_begun()

    def _end(self) -> None:
        mark, self._begun = self._mark(), []
        self.drawing.add(mark)
        self._changed()

    def _mark(self, text: str = "") -> Mark:
        return Mark(self.tool, tuple(self._begun), text, self.colour)

    def _ask_words(self) -> None:
        at = self._at(self._begun[0]).toPoint()
        room = QSize(max(160, self.width() // 3), self.entry.sizeHint().height())
        left = min(at.x(), self.width() - room.width() - 4)
        self.entry.setGeometry(
            QRect(QPoint(max(4, left), min(at.y(), self.height() - room.height() - 4)), room)
        )
        self.entry.clear()
        self.entry.show()
        self.entry.setFocus()

    def _write(self) -> None:
        mark, self._begun = self._mark(self.entry.text()), []
        self.entry.hide()
        self.setFocus()
        self.drawing.add(mark)
        self._changed()

    # ---- what is seen

    def _changed(self) -> None:
        self._draw_finished()
        self.changed.emit()

    def _draw_finished(self) -> None:
        if self._base is not None:
            turned = (
                self._base.rotate(-self.drawing.now.turn, expand=True)
                if self.drawing.now.turn
                else self._base
            )
            self._finished = marked(turned, self.drawing.now.marks)
        self._draw_begun()

    def _draw_begun(self) -> None:
        if self._base is None or self._finished is None:
            self._shown = QImage()
        elif len(self._begun) > 1:
            self._shown = image_of(marked(self._finished, [self._mark()]))
        else:
            self._shown = image_of(self._finished)
        self.update()

    def _room(self) -> QRect:
        """Where the picture lies: as large as it fits, in the middle."""
        size = self._shown.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        room = QRect(QPoint(0, 0), size)
        room.moveCenter(self.rect().center())
        return room

    def _share(self, at: QPointF) -> Point:
        room = self._room()
        return (at.x() - room.left()) / max(1, room.width()), (at.y() - room.top()) / max(1, room.height())

    def _at(self, point: Point) -> QPointF:
        room = self._room()
        return QPointF(room.left() + point[0] * room.width(), room.top() + point[1] * room.height())

    def position(self, x: float, y: float) -> QPoint:
        """Where a share of the picture is on this widget."""
        return self._at((x, y)).toPoint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture fits anew by itself; a half-written text would stand elsewhere."""
        super().resizeEvent(event)
        if self.entry.isVisible() and self._begun:
            self.entry.move(self._at(self._begun[0]).toPoint())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture, crosshair, frame of the focus."""
        colors = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colors.color("sunk"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._shown.isNull():
            painter.setPen(colors.color("soft"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "正在打开…")
            return
        painter.drawImage(self._room(), self._shown)
        if self._cross is not None:
            at = self._at(self._cross)
            for width, name in ((3.0, "surface"), (1.0, "text")):
                painter.setPen(QPen(colors.color(name), width))
                painter.drawLine(at - QPointF(14, 0), at + QPointF(14, 0))
                painter.drawLine(at - QPointF(0, 14), at + QPointF(0, 14))
        if self.hasFocus():
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
