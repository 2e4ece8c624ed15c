"""A long column of cards of which only those in sight exist.

Heights are measured when a card comes into sight and guessed before; the card at the top of the
window, or the current one, stays where it is when a guess is corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from app.ui.pauses import pause
from app.ui.visit.cards import ListCard

GAP: Final = 12
"""Pixels between two cards."""
GUESS: Final = 132
"""The height of a card that was never in sight."""
BEYOND: Final = 240
"""Pixels above and below the window in which cards are there already: a turn of the wheel meets no white."""
ROUNDS: Final = 6
"""A corrected guess may bring further cards into sight; after so many rounds what is left is out of sight."""


class CardColumn(QScrollArea):
    """Shows the cards of ``keys``; ``card_for(key, width)`` makes or fills one, ``give_back`` takes it.

    ``moved(key)`` follows the current card. Keys move it and keep it at one height of the window;
    clicks and the wheel never move anything under the hand.
    """

    spoken_role = QAccessible.Role.List

    moved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card_for: Callable[[str, int], ListCard] | None = None
        self.give_back: Callable[[ListCard], None] | None = None
        self._keys: tuple[str, ...] = ()
        self._heights: dict[str, int] = {}
        self._cards: dict[str, ListCard] = {}
        self._current = ""
        self._width = 0
        self._settling = False  # placing cards scrolls, which must not begin another placing
        self._held = 0
        self._owed: bool | None = None  # whether to settle once nothing holds, and whether anchored then
        self._canvas = QWidget()
        self._canvas.setObjectName("scrolled")
        self.setWidget(self._canvas)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._keep_bar(several=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.verticalScrollBar().setSingleStep(40)
        self._restyled = pause(self, 0, self.settle)

    def keys(self) -> tuple[str, ...]:
        """Keys of all cards in order."""
        return self._keys

    def current(self) -> str:
        """The key of the current card."""
        return self._current

    def card(self, key: str) -> ListCard | None:
        """The card of ``key`` if it is in sight."""
        return self._cards.get(key)

    def canvas(self) -> QWidget:
        """The widget that cards are children of."""
        return self._canvas

    def set_keys(self, keys: Sequence[str]) -> None:
        """Show other cards; the current one stays current, else the one that took its place is."""
        former = self._keys.index(self._current) if self._current in self._keys else 0
        self._keys = tuple(keys)
        for key in [key for key in self._cards if key not in self._keys]:
            self._drop(key)
        if self._current not in self._keys and self._keys:
            self._current = self._keys[min(former, len(self._keys) - 1)]
            self.moved.emit(self._current)
        self._keep_bar(several=len(self._keys) > 1)
        self.settle()

    def _keep_bar(self, *, several: bool) -> None:
        """Several cards can always be scrolled; a bar that came with them would have each measured twice."""
        kept, asked = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(kept if several else asked)

    def go(self, key: str) -> None:
        """Make a card the current one and bring it to its height of the window."""
        if key in self._keys:
            self._set_current(key)
            self.settle(anchored=True)

    def touch(self, key: str) -> None:
        """Make a card the current one where it is."""
        if key in self._keys:
            self._set_current(key)
            self.settle()

    def step(self, by: int) -> None:
        """Go some cards on or back."""
        if self._keys:
            at = self._keys.index(self._current) if self._current in self._keys else 0
            self.go(self._keys[max(0, min(len(self._keys) - 1, at + by))])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, J and K move; the ends by Home and End; other keys belong to the screen."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
        key = Qt.Key(event.key())
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and key in steps:
            self.step(steps[key])
        elif plain and key in ends and self._keys:
            self.go(self._keys[ends[key]])
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure anew at another width."""
        super().resizeEvent(event)
        if self.viewport().width() != self._width:
            self._width = self.viewport().width()
            self._heights.clear()
        self.settle(anchored=True)

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another style, once the cards wear it, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._cards:
            self._restyled.start()

    def refit(self, key: str) -> None:
        """A card's content grew or shrank."""
        self._heights.pop(key, None)
        self.settle()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put the cards in place once, after all that is changed in here; until then none is made."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
            if not self._held and self._owed is not None:
                anchored, self._owed = self._owed, None
                self.settle(anchored=anchored)

    def settle(self, *, anchored: bool = False) -> None:
        """Make the cards in sight, measure them and put every card in its place."""
        if self._held:
            self._owed = anchored or bool(self._owed)
            return
        if self._settling or self._width <= 0 or self.card_for is None:
            return
        self._settling = True
        held, offset = (self._current, self._anchor()) if anchored else self._topmost()
        for _ in range(ROUNDS):
            tops = self._tops()
            self._place(tops, held, offset)
            if not self._fill(tops):
                break
        self._move_cards(self._tops())
        self._settling = False

    def _set_current(self, key: str) -> None:
        if key != self._current:
            self._current = key
            self.moved.emit(key)

    def _anchor(self) -> int:
        """Where the current card stands: below one card of context, higher in a low window."""
        return min(158, self.viewport().height() // 4)

    def _topmost(self) -> tuple[str, int]:
        """The first card in sight and how far it is from the top."""
        value = self.verticalScrollBar().value()
        tops = self._tops()
        if self._current in self._cards:
            at = tops[self._keys.index(self._current)] - value if self._current in self._keys else -1
            if 0 <= at < self.viewport().height():
                return self._current, at
        for key, top in zip(self._keys, tops, strict=False):
            if top + self._heights.get(key, GUESS) > value:
                return key, top - value
        return "", 0

    def _tops(self) -> list[int]:
        return list(accumulate((self._heights.get(key, GUESS) + GAP for key in self._keys), initial=0))

    def _place(self, tops: list[int], held: str, offset: int) -> None:
        """Give the canvas its size and scroll so that ``held`` is ``offset`` below the top."""
        room = self.viewport().height()
        last = self._heights.get(self._keys[-1], GUESS) if self._keys else 0
        tail = max(0, room - self._anchor() - last) if len(self._keys) > 1 else 0
        self._canvas.resize(self._width, max(0, tops[-1] - GAP) + tail)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._canvas.height() - room))
        if held in self._keys:
            bar.setValue(tops[self._keys.index(held)] - offset)

    def _fill(self, tops: list[int]) -> bool:
        """Fill the cards in sight; whether any height turned out different from what was laid out."""
        assert self.card_for is not None
        value = self.verticalScrollBar().value()
        low, high = value - BEYOND, value + self.viewport().height() + BEYOND
        wanted = [
            key
            for key, top in zip(self._keys, tops, strict=False)
            if top < high and top + self._heights.get(key, GUESS) > low
        ]
        for key in [key for key in self._cards if key not in wanted and key != self._current]:
            self._drop(key)
        changed = False
        for key in wanted:
            card = self._cards[key] = self.card_for(key, self._width)
            card.show()
            height = card.fit(self._width)
            changed |= height != self._heights.get(key, GUESS)
            self._heights[key] = height
        return changed

    def _move_cards(self, tops: list[int]) -> None:
        for key, top in zip(self._keys, tops, strict=False):
            card = self._cards.get(key)
            if card is not None:
                card.setGeometry(0, top, self._width, self._heights.get(key, GUESS))

    def _drop(self, key: str) -> None:
        card = self._cards.pop(key)
        if self.give_back is not None:
            self.give_back(card)
        card.hide()

    def _scrolled(self) -> None:
        self.settle_at_scroll()

    def settle_at_scroll(self) -> None:
        """Fill what the wheel brought into sight."""
        if not self._settling:
            self.settle()
