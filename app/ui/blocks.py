"""A column of facts beside a list or a card: headings with lines and chips under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QScrollArea, QVBoxLayout, QWidget

from app.ui.slots import calling
from app.ui.tokens import Tone
from app.ui.widgets import CaptionLabel, Card, Chip, HeadingLabel, TextLabel

_LONG_RUN: Final = re.compile(r"[!-~]{24,}")
_JOINT: Final = re.compile(r"([-_./\\])")
_MAY_BREAK: Final = "\u200b"

ChipText = tuple[str, Tone]
Part = tuple[Literal["text", "soft"], str] | tuple[Literal["chip"], ChipText]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with what stands under it."""

    heading: str
    parts: tuple[Part, ...]


def scrolling(inside: QWidget) -> QScrollArea:
    """``inside`` on the ground it lies on, scrolled up and down where there is no room for it."""
    inside.setObjectName("scrolled")
    scroll = QScrollArea(inside.parentWidget())
    scroll.setWidget(inside)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroll


def breakable(text: str) -> str:
    """Let long names and paths go on in the next line; Qt breaks none where a digit follows the joint."""
    return _LONG_RUN.sub(lambda run: _JOINT.sub(rf"\1{_MAY_BREAK}", run[0]), text)


class CopyLabel(TextLabel):
    """Selectable text with places to break it; what is copied has none of them."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(breakable(text), selectable=True, parent=parent)
        self._text = text

    def selected(self) -> str:
        """What is selected, as it was before it was made breakable."""
        return self.selectedText().replace(_MAY_BREAK, "").replace("\u2029", "\n")

    def copy(self) -> None:
        """Put what is selected, or everything, on the clipboard."""
        QGuiApplication.clipboard().setText(self.selected() or self._text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy; Qt's own label would copy the places to break at with it."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The one step there is."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("复制").triggered.connect(calling(self.copy))
        menu.popup(event.globalPos())


class BlocksCard(Card):
    """Shows blocks; rebuilt for each subject, which costs less than keeping them in step.

    ``foot`` is a quiet line that stays at the bottom.
    """

    def __init__(self, foot: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._shown: tuple[Block, ...] = ()
        self._inside = QWidget(self)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        self._scroll = scrolling(self._inside)
        self.body.addWidget(self._scroll, 1)
        self.foot = CaptionLabel(foot, parent=self)
        self.foot.setVisible(bool(foot))
        self.body.addWidget(self.foot)

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other blocks."""
        if tuple(blocks) == self._shown:
            return
        self._shown = tuple(blocks)
        while self._column.count() > 1:
            old = self._column.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for number, block in enumerate(blocks):
            heading = HeadingLabel(breakable(block.heading), "card", self._inside)
            heading.setWordWrap(True)
            self._add(heading, 8 if number else 0)
            for part in block.parts:
                self._add(_widget(part, self._inside))
        self._scroll.verticalScrollBar().setValue(0)

    def text(self) -> str:
        """Everything it says, a line each."""
        said = []
        for block in self._shown:
            said.append(block.heading)
            said.extend(part[1][0] if part[0] == "chip" else part[1] for part in block.parts)
        return "\n".join(said)

    def _add(self, widget: QWidget, above: int = 0) -> None:
        if above:
            widget.setContentsMargins(0, above, 0, 0)
        alignment = Qt.AlignmentFlag.AlignLeft if isinstance(widget, Chip) else Qt.AlignmentFlag(0)
        self._column.insertWidget(self._column.count() - 1, widget, 0, alignment)


def _widget(part: Part, parent: QWidget) -> QWidget:
    if part[0] == "chip":
        return Chip(*part[1], parent)
    if part[0] == "soft":
        return CaptionLabel(breakable(part[1]), parent=parent)
    return CopyLabel(part[1], parent)
