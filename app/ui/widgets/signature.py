"""A pad to sign on by pen, finger or mouse; gives the drawn strokes as a transparent PNG."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QImage,
    QImageWriter,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui import theme
from app.ui.tokens import CORNER

Stroke = list[QPointF]

INK: Final = "#10151C"
PEN: Final = 2.6
EXPORT_SCALE: Final = 3
MARGIN: Final = 6
BY_KEYS: Final = "空格落笔、抬笔，方向键运笔"
STEP, LONG_STEP = 6, 24
"""How far a key moves the pen, without and with Shift."""
_WAYS: Final = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}


class SignaturePad(QWidget):
    """Collects strokes; Backspace takes the last one back, Delete wipes the pad.

    By keys alone: the arrows move a pen, Space puts it down and lifts it.

    Touch arrives as mouse events, which Qt makes of it; pens are read directly. ``changed`` tells
    whether anything is drawn after each stroke.
    """

    changed = Signal(bool)

    spoken_role = QAccessible.Role.Canvas

    def __init__(self, hint: str = "在此签名", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("signature_pad")
        self.setAccessibleName(hint)
        self.setToolTip(f"{hint}（Backspace 撤回一笔，Delete 清空；{BY_KEYS}）")
        self._hint = hint
        self._strokes: list[Stroke] = []
        self._drawing = False
        self._pen: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 110)

    def is_empty(self) -> bool:
        """Whether nothing is drawn yet."""
        return not self._strokes

    def clear(self) -> None:
        """Wipe the pad."""
        self._strokes.clear()
        self._drawing, self._pen = False, None
        self._tell()

    def undo_stroke(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._strokes.pop()
            self._drawing = False
            self._tell()

    def png(self) -> bytes:
        """The signature cut to its strokes, on a transparent ground; empty bytes for an empty pad."""
        return strokes_png(self._strokes)

    def sizeHint(self) -> QSize:
        """Three to one, as signature lines are."""
        return QSize(420, 140)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen, in its own finer resolution."""
        if event.type() == QTabletEvent.Type.TabletPress:
            self._begin(event.position())
        elif event.type() == QTabletEvent.Type.TabletRelease:
            self._end()
        else:
            self._go_on(event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Backspace takes a stroke back, Delete all of them; Space and the arrows write."""
        if event.key() == Qt.Key.Key_Backspace:
            self.undo_stroke()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        elif event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._turn_pen()
        elif event.key() in _WAYS:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_pen(_WAYS[Qt.Key(event.key())] * (LONG_STEP if shift else STEP))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw paper, line and strokes."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(
            QPen(colors.color("accent" if self.hasFocus() else "line"), 2 if self.hasFocus() else 1)
        )
        painter.setBrush(colors.color("surface"))
        painter.drawRoundedRect(frame, CORNER, CORNER)
        base = frame.bottom() - frame.height() * 0.22
        painter.setPen(QPen(colors.color("line"), 1))
        painter.drawLine(QPointF(16, base), QPointF(frame.right() - 15, base))
        if self.is_empty():
            painter.setPen(colors.color("soft"))
            words = f"{self._hint}\n{BY_KEYS}" if self.hasFocus() else self._hint
            painter.drawText(frame.adjusted(0, 0, 0, -8), Qt.AlignmentFlag.AlignCenter, words)
        draw_strokes(painter, self._strokes, colors.color("text"))
        if self._pen is not None and self.hasFocus():
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.drawEllipse(self._pen, 4 if self._drawing else 7, 4 if self._drawing else 7)

    def _place_pen(self) -> QPointF:
        """Where the pen is; at first where a signature begins."""
        if self._pen is None:
            self._pen = QPointF(self.width() / 4, self.height() / 2)
        return self._pen

    def _turn_pen(self) -> None:
        if self._drawing:
            self._end()
        else:
            self._begin(QPointF(self._place_pen()))

    def _move_pen(self, way: QPointF) -> None:
        at = self._place_pen() + way
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        x, y = min(max(at.x(), room.left()), room.right()), min(max(at.y(), room.top()), room.bottom())
        self._pen = QPointF(x, y)
        self._go_on(QPointF(x, y))
        self.update()

    def _begin(self, at: QPointF) -> None:
        self._drawing = True
        self._strokes.append([at])
        self.setFocus()
        self.update()

    def _go_on(self, at: QPointF) -> None:
        if self._drawing:
            self._strokes[-1].append(at)
            self.update()

    def _end(self) -> None:
        if self._drawing:
            self._drawing = False
            self._tell()

    def _tell(self) -> None:
        self.update()
        self.changed.emit(not self.is_empty())


def stroke_path(stroke: Stroke) -> QPainterPath:
    """A smooth line through the points of one stroke; a single point is a dot."""
    path = QPainterPath(stroke[0])
    if len(stroke) == 1:
        path.lineTo(stroke[0] + QPointF(0.1, 0.1))
    for before, after in pairwise(stroke):
        path.quadTo(before, QPointF((before.x() + after.x()) / 2, (before.y() + after.y()) / 2))
    path.lineTo(stroke[-1])
    return path


def draw_strokes(painter: QPainter, strokes: Sequence[Stroke], ink: QColor) -> None:
    """Draw every stroke with a round pen."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, PEN, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for stroke in strokes:
        painter.drawPath(stroke_path(stroke))


def strokes_png(strokes: Sequence[Stroke]) -> bytes:
    """Strokes as a PNG with a transparent ground, cut to what is drawn, three pixels for a point."""
    if not strokes:
        return b""
    bounds = QRectF()
    for stroke in strokes:
        bounds = bounds.united(stroke_path(stroke).boundingRect().adjusted(-1, -1, 1, 1))
    bounds.adjust(-MARGIN, -MARGIN, MARGIN, MARGIN)
    image = QImage((bounds.size() * EXPORT_SCALE).toSize(), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(EXPORT_SCALE, EXPORT_SCALE)
    painter.translate(-bounds.topLeft())
    draw_strokes(painter, strokes, QColor(INK))
    painter.end()
    return png_bytes(image)


def png_bytes(image: QImage) -> bytes:
    """An image as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())
