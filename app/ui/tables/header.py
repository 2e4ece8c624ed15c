"""Headers of an official table: merged groups over leaf columns, row labels that stay in view."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from app.ui import theme
from app.ui.tables.words import Heading

AIR: Final = 6
LABEL_AIR: Final = 11
_CENTRED: Final = Qt.AlignmentFlag.AlignCenter


class _PaintedHeader(QHeaderView):
    """Paints its sections in the theme's colours; the section of the current cell in bold."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.setSectionsClickable(False)
        self.current = -1
        theme.current().changed.connect(self.repaint_all)

    def set_current(self, section: int) -> None:
        """Mark the section of the current cell."""
        if section != self.current:
            self.current = section
            self.repaint_all()

    def repaint_all(self) -> None:
        """Paint every section again."""
        self.viewport().update()

    def caption_font(self, *, bold: bool = False) -> QFont:
        """The letters of headings."""
        font = QFont(self.font())
        font.setPixelSize(theme.current().sizes.caption)
        font.setBold(bold)
        return font

    def fill(self, painter: QPainter, room: QRect, ground: str) -> None:
        """Paint the ground of a section with a line at its right and its foot."""
        colors = theme.current()
        painter.fillRect(room, colors.color(ground))
        painter.setPen(QPen(colors.color("line"), 1))
        painter.drawLine(room.topRight(), room.bottomRight())
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setPen(colors.color("text"))


class GroupedHeader(_PaintedHeader):
    """Leaf headings of several lines; neighbours of one group share a merged heading above them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._headings: tuple[Heading, ...] = ()
        self._spans: tuple[tuple[int, int], ...] = ()

    def set_headings(self, headings: Sequence[Heading]) -> None:
        """Show other headings."""
        self._headings = tuple(headings)
        self._spans = spans(headings)
        self.geometriesChanged.emit()
        self.repaint_all()

    def needed_width(self, section: int) -> int:
        """The width that shows the longest line of a heading."""
        metrics = QFontMetrics(self.caption_font(bold=True))
        lines = self._headings[section].text.split("\n") if section < len(self._headings) else [""]
        return max(metrics.horizontalAdvance(line) for line in lines) + 2 * AIR

    def widened(self, widths: Sequence[int]) -> list[int]:
        """The widths, grown where a group's heading needs more than its leaves."""
        metrics = QFontMetrics(self.caption_font(bold=True))
        grown = list(widths)
        for first, last in dict.fromkeys(self._spans):
            members = range(first, last + 1)
            needed = metrics.horizontalAdvance(self._headings[first].group) + 2 * AIR
            lacking = max(0, needed - sum(widths[place] for place in members))
            for place in members:
                grown[place] += -(-lacking // len(members))
        return grown

    def sizeHint(self) -> QSize:
        """As high as the tallest heading and the groups above."""
        line = QFontMetrics(self.caption_font()).lineSpacing()
        lines = max((heading.text.count("\n") + 1 for heading in self._headings), default=1)
        return QSize(super().sizeHint().width(), self._group_height() + lines * line + 2 * AIR)

    def _group_height(self) -> int:
        if not any(heading.group for heading in self._headings):
            return 0
        return QFontMetrics(self.caption_font()).lineSpacing() + 2 * AIR - 2

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one leaf, and the part of its group's heading that lies above it."""
        if section >= len(self._headings):
            return
        heading = self._headings[section]
        painter.save()
        painter.setClipRect(rect)
        leaf = QRect(rect)
        if heading.group:
            leaf.setTop(rect.top() + self._group_height())
            self._paint_group(painter, rect, section)
        self.fill(painter, leaf, "sunk")
        painter.setFont(self.caption_font(bold=section == self.current))
        painter.drawText(leaf.adjusted(1, 1, -1, -1), _CENTRED, heading.text)
        painter.restore()

    def _paint_group(self, painter: QPainter, rect: QRect, section: int) -> None:
        first, last = self._spans[section]
        left = self.sectionViewportPosition(first)
        right = self.sectionViewportPosition(last) + self.sectionSize(last)
        room = QRect(left, rect.top(), right - left, self._group_height())
        self.fill(painter, room, "sunk")
        painter.setFont(self.caption_font(bold=first <= self.current <= last))
        # The words stay in sight while their columns are scrolled.
        shown = room.intersected(self.viewport().rect())
        painter.drawText(shown, _CENTRED, self._headings[section].group)


class RowHeader(_PaintedHeader):
    """Row labels at the left; a total is bold."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._labels: tuple[tuple[str, bool], ...] = ()

    def set_labels(self, labels: Sequence[tuple[str, bool]], corner: str) -> None:
        """Show labels with whether each is a total; wide enough for the ``corner`` too."""
        self._labels = tuple(labels)
        metrics = QFontMetrics(self.caption_font(bold=True))
        widest = max(metrics.horizontalAdvance(text) for text in (corner, *(each for each, _ in labels)))
        self.setFixedWidth(widest + 2 * LABEL_AIR)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one label."""
        if section >= len(self._labels):
            return
        text, total = self._labels[section]
        painter.save()
        self.fill(painter, rect, "surface")
        painter.setFont(self.caption_font(bold=total or section == self.current))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(rect.adjusted(LABEL_AIR, 0, -2, 0), left, text)
        painter.restore()


def spans(headings: Sequence[Heading]) -> tuple[tuple[int, int], ...]:
    """For each column the first and last column of its merged heading."""
    found: list[tuple[int, int]] = []
    for group, members in groupby(headings, key=lambda heading: heading.group):
        first, count = len(found), len(tuple(members))
        if group:
            found.extend([(first, first + count - 1)] * count)
        else:
            found.extend((first + place, first + place) for place in range(count))
    return tuple(found)
