"""Surfaces and words: the card, headings, captions, chips and thin lines of progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.tokens import Tone

CHIP_LEAST = 72
"""Width that a chip keeps in a narrow row."""
Level = Literal["title", "card", "number"]


def restyle(widget: QWidget) -> None:
    """Let the stylesheet see a changed dynamic property."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    QWidget.update(widget)  # lists have an update of their own, for one line
    widget.updateGeometry()  # another look may need another room


class HeadingLabel(QLabel):
    """A heading: ``title`` of a page, head of a ``card``, or a large ``number``."""

    def __init__(self, text: str = "", level: Level = "card", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("level", level)
        self.setTextFormat(Qt.TextFormat.PlainText)


class CaptionLabel(QLabel):
    """A quiet line under or beside something; wraps, and can wear a tone."""

    def __init__(self, text: str = "", tone: Tone = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def show_text(self, text: str, tone: Tone = "neutral") -> None:
        """Say something else, in another tone."""
        self.setText(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


class TextLabel(QLabel):
    """Body text: plain, wrapping, selectable by mouse where it is something to copy."""

    def __init__(self, text: str = "", *, selectable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


class ElidedLabel(QLabel):
    """One line that ends in … when there is no room, with the whole text as tool tip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show ``text``, cut at the width."""
        self._whole = text
        super().setText(text)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the room is."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text cut at the present width."""
        room = self.contentsRect()
        cut = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room.width())
        self.setToolTip(self._whole if cut != self._whole else "")
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            room,
            int(self.alignment()),
            self.palette(),
            self.isEnabled(),
            cut,
            self.foregroundRole(),
        )


class Chip(QLabel):
    """A few words with a tone: the state of something; colour and words say the same.

    Ends in … where there is no room, with the whole as tool tip.
    """

    def __init__(self, text: str = "", tone: Tone = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setIndent(0)  # the stylesheet's padding is all the air there is
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def text(self) -> str:
        """What it says, all of it."""
        return self._whole

    def setText(self, text: str) -> None:
        """Say ``text``, cut at the width."""
        self._whole = text
        self.setAccessibleName(text)
        super().setText(text)
        self._cut()

    def sizeHint(self) -> QSize:
        """Room for the whole."""
        wide = self.fontMetrics().horizontalAdvance
        missing = wide(self._whole) - wide(super().text())
        return super().sizeHint() + QSize(missing, 0)

    def minimumSizeHint(self) -> QSize:
        """Room for some of its words."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), CHIP_LEAST), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the words anew."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        lacking = self.sizeHint().width() - self.width()
        room = self.fontMetrics().horizontalAdvance(self._whole) - lacking
        fits = lacking <= 0 or not self.testAttribute(Qt.WidgetAttribute.WA_Resized)
        cut = self._whole if fits else self._elided(room)
        if cut != super().text():
            super().setText(cut)
        self.setToolTip("" if fits else self._whole)

    def _elided(self, room: int) -> str:
        return self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)

    def show_text(self, text: str, tone: Tone = "neutral") -> None:
        """Say another state."""
        self.setText(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


def shared_widths(wanted: Sequence[int], room: int) -> list[int]:
    """Widths that fit ``room``: the longest give way first, all that are cut to the same width."""
    level, left = max(wanted, default=0), room
    for place, width in enumerate(sorted(wanted)):
        share = left // (len(wanted) - place)
        if width > share:
            level = max(share, 0)
            break
        left -= width
    return [min(width, level) for width in wanted]


class _ChipLayout(QHBoxLayout):
    """A line in which a long chip is cut before the short ones beside it."""

    def setGeometry(self, rect: QRect) -> None:
        """Lay the chips out; a line with room enough is laid out as any other."""
        super().setGeometry(rect)
        found = (self.itemAt(place).widget() for place in range(self.count()))
        chips = [chip for chip in found if isinstance(chip, Chip) and not chip.isHidden()]
        wanted = [chip.sizeHint().width() for chip in chips]
        room = rect.width() - self.spacing() * (len(chips) - 1)
        if sum(wanted) <= room:
            return
        left = rect.left()
        for chip, width in zip(chips, shared_widths(wanted, room), strict=True):
            chip.setGeometry(left, chip.y(), width, chip.height())
            left += width + self.spacing()


class ChipRow(QWidget):
    """Chips in one line, from the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = _ChipLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)

    def show_chips(self, *chips: tuple[str, Tone]) -> None:
        """Replace the chips by ``(text, tone)`` pairs."""
        while self._row.count() > 1:
            item = self._row.takeAt(0)
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, (text, tone) in enumerate(chips):
            chip = Chip(text, tone, self)
            self._row.insertWidget(place, chip)
            # A layout shows its new widgets later; who measures now would not count them.
            chip.show()

    def texts(self) -> list[str]:
        """What the chips say now."""
        found = (self._row.itemAt(place).widget() for place in range(self._row.count()))
        return [chip.text() for chip in found if isinstance(chip, Chip)]


class Card(QFrame):
    """A surface on the quiet ground with an optional heading; fill it through :attr:`body`."""

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 14, 16, 14)
        self.body.setSpacing(8)
        self.heading: HeadingLabel | None = None
        if heading:
            self.heading = HeadingLabel(heading, "card", self)
            self.body.addWidget(self.heading)

    def set_current(self, current: bool) -> None:
        """Wear the accent frame, or take it off."""
        if bool(self.property("current")) != current:
            self.setProperty("current", current)
            restyle(self)


class Separator(QFrame):
    """A hair line between two things."""


class ProgressLine(QWidget):
    """A thin line that tells how much is done; green, because done is good."""

    def __init__(self, done: int = 0, total: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done, self._total = done, total
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def set_progress(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``."""
        if (done, total) != (self._done, self._total):
            self._done, self._total = done, total
            self._describe()
            self.update()

    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(1.0, self._done / self._total) if self._total > 0 else 0.0

    def _describe(self) -> None:
        self.setAccessibleName(f"{self._done}/{self._total}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the groove and what is done."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        room = QRectF(self.rect())
        painter.setBrush(colors.color("line" if colors.tokens.frame > 1 else "sunk"))
        painter.drawRoundedRect(room, 3, 3)
        if colors.tokens.frame > 1:  # without tints a groove is hollow, or it would look full
            painter.setBrush(colors.color("surface"))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 2, 2)
        room.setWidth(room.width() * self.share())
        painter.setBrush(colors.color("accent" if colors.tokens.frame > 1 else "good"))
        painter.drawRoundedRect(room, 3, 3)
