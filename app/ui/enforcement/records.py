"""The card of one record: what it is, how it stands, and its steps by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from app.ui.enforcement.lines import Chip
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, Card, ChipRow, PlainButton, SecondaryButton, TextLabel
from app.ui.widgets.buttons import explain


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done to a record; its key works while the card has the focus."""

    text: str
    key: str
    run: Callable[[], object]
    main: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a card."""

    title: str
    chips: Sequence[Chip]
    lines: Sequence[str] = ()


class RecordCard(Card):
    """One record. Enter takes the main step, letters the others, up and down go to the next card."""

    spoken_role = QAccessible.Role.ListItem

    stepped = Signal(int)

    def __init__(self, key: str, said: Said, acts: Iterable[Act], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.key = key
        self.acts = tuple(acts)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("，".join((said.title, *(text for text, _ in said.chips))))
        self.body.setContentsMargins(14, 4, 10, 10)
        self.title = TextLabel(said.title, parent=self)
        self.tick: QCheckBox | None = None
        self.words = QVBoxLayout()
        self.words.setSpacing(6)
        # The first line stands in the middle of the tick box and the buttons beside it.
        self.words.setContentsMargins(0, 10, 0, 0)
        self.words.addWidget(self.title)
        self._row = QHBoxLayout()
        self._row.setSpacing(8 if len(self.acts) <= 2 else 4)
        self._row.addLayout(self.words, 1)
        self.body.addLayout(self._row)
        self._say(said)
        for act in self.acts:
            self._add_button(act)

    def let_choose(self, chosen: bool) -> QCheckBox:
        """Put a tick box before the words; Space sets it while the card has the focus."""
        self.tick = QCheckBox(self)
        self.tick.setChecked(chosen)
        explain(self.tick, f"选中：{self.title.text()}", "Space")
        self.tick.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._row.insertWidget(0, self.tick, 0, Qt.AlignmentFlag.AlignTop)
        return self.tick

    def is_chosen(self) -> bool:
        """Whether the tick is set."""
        return self.tick is not None and self.tick.isChecked()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key names."""
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Space and self.tick is not None:
            self.tick.toggle()
        elif act := self._act_for(event):
            act.run()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a finding chooses it."""
        super().mousePressEvent(event)
        if self.tick is not None and event.button() == Qt.MouseButton.LeftButton:
            self.tick.toggle()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Wear the frame."""
        super().focusInEvent(event)
        self.set_current(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame off."""
        super().focusOutEvent(event)
        self.set_current(False)

    def _act_for(self, event: QKeyEvent) -> Act | None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return None
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return next((act for act in self.acts if act.main), None)
        return next((act for act in self.acts if act.key == event.text().upper() != ""), None)

    def _say(self, said: Said) -> None:
        if said.chips:
            chips = ChipRow(self)
            chips.show_chips(*said.chips)
            self.words.addWidget(chips)
        for line in said.lines:
            if line:
                self.words.addWidget(CaptionLabel(line, parent=self))

    def _add_button(self, act: Act) -> None:
        button = (SecondaryButton if act.main else PlainButton)(act.text, parent=self)
        explain(button, act.text, "Return" if act.main else act.key)
        button.clicked.connect(calling(act.run))
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
