"""One tile of the gallery: picture, tick, its words, and signs that say what it is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.services.evidence import EvidenceRow
from app.ui import icons, theme
from app.ui.evidence import words
from app.ui.evidence.thumbs import Thumbs
from app.ui.tokens import CORNER, Tone

PICTURE: Final = QSize(176, 132)
GAP: Final = 6
TICK: Final = 44
"""Side of the corner that a finger or a click may hit to choose a tile."""

Index = QModelIndex | QPersistentModelIndex


def tile_size() -> QSize:
    """A tile with its two lines."""
    sizes = theme.current().sizes
    text = round(sizes.line) + round(sizes.caption * 1.5)
    return QSize(PICTURE.width() + 4 * GAP, PICTURE.height() + text + 5 * GAP)


class TileDelegate(QStyledItemDelegate):
    """Paints tiles; asks for the pictures of those it paints and of no others."""

    def __init__(self, thumbs: Thumbs, parent: QObject) -> None:
        super().__init__(parent)
        self._thumbs = thumbs

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """All tiles are of one size."""
        return tile_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one tile."""
        row = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(row, EvidenceRow):
            return
        state = option.state  # type: ignore[attr-defined]  # PySide's stubs lack the fields
        whole: QRect = option.rect.adjusted(GAP // 2, GAP // 2, -GAP // 2, -GAP // 2)  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        current = focused or index == option.widget.currentIndex()  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, whole, chosen=chosen, current=current)
        frame = QRect(0, 0, whole.width() - 2 * GAP, PICTURE.height())
        frame.moveTopLeft(whole.topLeft() + type(whole.topLeft())(GAP, GAP))
        self._paint_picture(painter, frame, row)
        item = str(getattr(index.model(), "items", {}).get(row.item, row.item))
        _paint_signs(painter, frame, row, item)
        _paint_tick(
            painter, whole, chosen=chosen, shown=chosen or bool(state & QStyle.StateFlag.State_MouseOver)
        )
        _paint_words(painter, QRect(frame.left(), frame.bottom() + GAP, frame.width(), whole.height()), row)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, room: QRect, *, chosen: bool, current: bool) -> None:
        colors = theme.current()
        painter.setBrush(colors.color("accent_ground" if chosen else "surface"))
        width = colors.tokens.frame + (1 if current else 0)
        painter.setPen(QPen(colors.color("accent" if current or chosen else "line"), width))
        inset = width / 2
        painter.drawRoundedRect(QRectF(room).adjusted(inset, inset, -inset, -inset), CORNER, CORNER)

    def _paint_picture(self, painter: QPainter, frame: QRect, row: EvidenceRow) -> None:
        colors = theme.current()
        path = QPainterPath()
        path.addRoundedRect(QRectF(frame), 4, 4)
        painter.fillPath(path, colors.color("sunk"))
        picture = self._thumbs.picture(row)
        if picture is not None and not picture.isNull():
            size = picture.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(frame.topLeft(), size)
            place.moveCenter(frame.center())
            painter.drawPixmap(place, picture)
            return
        missing = self._thumbs.is_unreadable(row)
        sign = icons.pixmap("conflict" if missing else words.icon_of(row), colors.tokens.soft, 36)
        place = QRect(0, 0, 36, 36)
        place.moveCenter(frame.center())
        place.translate(0, -22)
        painter.drawPixmap(place, sign)
        if missing or not row.pictured:
            painter.setPen(colors.color("soft"))
            text = "原件不在本机" if missing else f"{words.kind(row)} {words.size_text(row.size)}"
            under = QRect(frame.left(), place.bottom() + GAP, frame.width(), 24)
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, text)


def _paint_signs(painter: QPainter, frame: QRect, row: EvidenceRow, item: str) -> None:
    """Chips over the picture's foot: its item, and what sort it is where it is no plain photo."""
    said: list[tuple[str, Tone]] = [(item, "accent")] if item else []
    if row.original_key is not None:
        said.append(("标注副本", "attention"))
    elif row.outside_sha256:
        said.append(("存在库外", "attention"))
    elif not row.media_type.startswith("image/"):
        said.append((words.kind(row), "neutral"))
    font = painter.font()
    font.setPixelSize(theme.current().sizes.caption)
    painter.setFont(font)
    room = frame.adjusted(4, 0, -4, -3)
    for text, tone in said:
        room.setLeft(room.left() + _paint_chip(painter, room, text, tone) + 4)


def _paint_chip(painter: QPainter, room: QRect, text: str, tone: Tone) -> int:
    """A chip at the lower left of ``room``; returns its width."""
    colors = theme.current()
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(16, room.width() - 12))
    high = metrics.height() + 4
    chip = QRect(room.left(), room.bottom() - high, metrics.horizontalAdvance(shown) + 12, high)
    painter.setPen(QPen(colors.color("line"), 1))
    painter.setBrush(QColor(colors.tokens.paper(tone)))
    painter.drawRoundedRect(QRectF(chip), 4, 4)
    painter.setPen(QColor(colors.tokens.ink(tone)))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
    return chip.width()


def _paint_tick(painter: QPainter, whole: QRect, *, chosen: bool, shown: bool) -> None:
    """A ring in the corner, filled and ticked where the tile is chosen."""
    if not shown:
        return
    colors = theme.current()
    ring = QRectF(whole.left() + 10, whole.top() + 10, 22, 22)
    painter.setPen(QPen(colors.color("accent"), 2))
    painter.setBrush(colors.color("accent" if chosen else "surface"))
    painter.drawEllipse(ring)
    if chosen:
        painter.setPen(QPen(colors.color("on_accent"), 2.2))
        x, y = ring.center().x(), ring.center().y()
        path = QPainterPath()
        path.moveTo(x - 5, y)
        path.lineTo(x - 1.5, y + 4)
        path.lineTo(x + 5.5, y - 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)


def _paint_words(painter: QPainter, room: QRect, row: EvidenceRow) -> None:
    """Caption, or the file's name in a quiet colour; under it when it was taken."""
    colors = theme.current()
    font = painter.font()
    font.setPixelSize(colors.sizes.body)
    painter.setFont(font)
    metrics = QFontMetrics(font)
    line = QRect(room.left(), room.top(), room.width(), colors.sizes.line)
    painter.setPen(colors.color("text" if row.caption else "soft"))
    painter.drawText(
        line,
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
        metrics.elidedText(words.title(row).replace("\n", " "), Qt.TextElideMode.ElideRight, line.width()),
    )
    font.setPixelSize(colors.sizes.caption)
    painter.setFont(font)
    painter.setPen(colors.color("soft"))
    told = (
        f"拍摄 {words.short_moment(row.captured_at)}"
        if row.captured_at
        else f"收入 {words.short_moment(row.taken_at)}"
    )
    painter.drawText(
        line.translated(0, line.height()).adjusted(0, 0, 0, -2),
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
        QFontMetrics(font).elidedText(told, Qt.TextElideMode.ElideRight, line.width()),
    )
