"""The values of one field side by side: what stood there before and what each person wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QRadioButton, QSizePolicy, QWidget

from app.ui import theme
from app.ui.conflicts import lines, marks
from app.ui.conflicts.lines import FORMER, Option
from app.ui.tokens import Tone
from app.ui.widgets import CaptionLabel, Card, ChipRow, HeadingLabel, TextLabel

NARROW: Final = 176
"""A column of short values is at least so wide, one of prose half as wide again."""
PROSE: Final = 264
STEPS: Final = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1,
}  # fmt: skip


class ChoiceButton(QRadioButton):
    """Chooses one value; the arrow keys ask for its neighbour, Enter for the next field of the form."""

    stepped = Signal(int)
    passed = Signal()
    reached = Signal()
    """The focus came by a key. By a click it waits for the choice: nothing moves under the pointer."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell when a key led here."""
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.reached.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and Enter; digits and letters are keys of the whole field."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.setChecked(True)
            self.passed.emit()
        else:
            super().keyPressEvent(event)


class MarkedLabel(QLabel):
    """A text with its differences from the former one marked; follows the theme."""

    def __init__(self, found: Sequence[marks.Piece], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = found
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAccessibleName(marks.spoken(found))
        theme.current().changed.connect(self._paint)
        self._paint()

    def spoken(self) -> str:
        """The value alone."""
        return marks.spoken(self._found)

    def _paint(self) -> None:
        tokens = theme.current().tokens
        self.setText(marks.as_html(self._found, new_ground=tokens.accent_ground, soft=tokens.soft))


class ValueCard(Card):
    """One value: its key and whose it is, where and when it was written, and the value itself.

    A click anywhere chooses it. Without a button it is only for reading.
    """

    def __init__(self, option: Option, text: QWidget, key: str, name: str, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.option = option
        self._name = name
        self.setObjectName(f"value_{key}" if key else "value_former")
        self.body.setContentsMargins(14, 8, 14, 12)
        self.body.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button: ChoiceButton | None = None
        if key:
            self.button = ChoiceButton(f"{key}  {name}", self)
            self.button.setObjectName(f"take_{key}")
            self.button.setToolTip(f"采用这一个（{key}）")
            self.button.toggled.connect(self.set_current)
            self.body.addWidget(self.button)
        else:
            heading = HeadingLabel(name, "card", self)
            heading.setMinimumHeight(40)
            self.body.addWidget(heading)
        self.text = text
        self.notes: list[str] = []

    def finish(self, *chips: tuple[str, Tone]) -> None:
        """Put the value under what was said about it, chips at the foot; name the button after all of it."""
        self.text.setParent(self)
        self.body.addSpacing(4)
        self.body.addWidget(self.text)
        self.body.addStretch(1)
        if chips:
            row = ChipRow(self)
            row.show_chips(*chips)
            self.notes += row.texts()
            self.body.addSpacing(4)
            self.body.addWidget(row)
        if self.button is not None:
            told = "，".join([self._name, *self.notes])
            self.button.setAccessibleName(f"采用 {self.value_text()}（{told}）")

    def note(self, text: str) -> None:
        """A quiet line above the value."""
        self.notes.append(text)
        self.body.addWidget(CaptionLabel(text, parent=self))

    def value_text(self) -> str:
        """The value as it reads."""
        return self.text.spoken() if isinstance(self.text, MarkedLabel) else _plain(self.text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the release comes here too."""
        event.setAccepted(self.button is not None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on the card chooses it."""
        if self.button is not None and self.rect().contains(event.position().toPoint()):
            self.button.setFocus()
            self.button.setChecked(True)
        super().mouseReleaseEvent(event)


def _plain(label: QWidget) -> str:
    return label.text() if isinstance(label, QLabel) else ""


class ValuesGrid(QWidget):
    """The former value and its rivals, in as many columns as there is room for."""

    def __init__(self, cards: Sequence[ValueCard], *, prose: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards = tuple(cards)
        self._least = PROSE if prose else NARROW
        self._prose = prose
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)
        for card in self.cards:
            card.setParent(self)
        self._arrange(2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may hold another number of columns."""
        super().resizeEvent(event)
        self._arrange(max(1, (self.width() + 10) // (self._least + 10)))

    def _arrange(self, room: int) -> None:
        across = min(room, len(self.cards))
        # Prose: the former text over the whole width, the rivals under it in equal columns.
        wide = self._prose and len(self.cards) > across
        if across == self._across:
            return
        for column in range(max(across, self._across)):
            self._grid.setColumnStretch(column, int(column < across))
        self._across = across
        for card in self.cards:
            self._grid.removeWidget(card)
        head, rest = (self.cards[:1], self.cards[1:]) if wide else ((), self.cards)
        for card in head:
            self._grid.addWidget(card, 0, 0, 1, across)
        for place, card in enumerate(rest):
            line, column = divmod(place, across)
            self._grid.addWidget(card, line + len(head), column)


def rival_card(option: Option, found: Sequence[marks.Piece], key: str, parent: QWidget) -> ValueCard:
    """A rival value with everybody who wrote it; without a ``key`` it is only for reading."""
    name = "、".join(dict.fromkeys(each.author or each.credential for each in option.by))
    label: QWidget = MarkedLabel(found) if marks.marked(found) else TextLabel(marks.spoken(found))
    card = ValueCard(option, label, key, name, parent)
    if not key:
        card.setObjectName("value_read")
    for each in option.by:
        who = each.credential if len(option.by) == 1 else lines.who_text(each)
        card.note(" · ".join(part for part in (who, lines.where_text(each)) if part))
        card.note(lines.when_text(each))
    card.finish(*_chips(option))
    return card


def _chips(option: Option) -> Iterator[tuple[str, Tone]]:
    if option.ours:
        yield "本机写的", "neutral"
    if option.shown:
        yield "眼下显示的", "accent"


def former_card(option: Option | None, text: str, twin: int, parent: QWidget) -> ValueCard:
    """What stood there before anybody changed it; to be chosen where it is none of the rivals (``twin`` 0)."""
    card = ValueCard(
        option or Option(FORMER, None, None), TextLabel(text), "0" if option else "", "改动前的原值", parent
    )
    card.setProperty("sunk", True)
    if twin:
        card.note(f"与 {twin} 相同")
    card.finish()
    return card


def chosen_neighbour(buttons: Sequence[ChoiceButton], step: int) -> ChoiceButton:
    """The button a step away from the one that has the focus, around the ends."""
    place = next((n for n, each in enumerate(buttons) if each.hasFocus()), -1 if step > 0 else 0)
    return buttons[(place + step) % len(buttons)]
