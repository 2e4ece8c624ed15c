"""Values that were typed and could not be stored: each stands in its field with the reason until it is put right.

No record holds them, so this device keeps them beside it: they are there again when the visit is opened
another day, or after the program was killed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from app.errors import ChayanError, EnvironmentFault
from app.services import savepoints
from app.services.workplace import Workplace

PREFIX: Final = "faulty:"


class FaultyTexts:
    """Those of the visit under work, by the key under which each is typed."""

    def __init__(self, place: Workplace) -> None:
        self._place, self._visit = place, ""
        self._known: dict[str, tuple[str, str, str, ChayanError]] = {}
        self._kept: dict[str, str] = {}

    def turn_to(self, visit: str) -> Mapping[str, str]:
        """Go to another visit: the texts kept of it, to be tried again; none while it is the same visit."""
        if visit == self._visit:
            return {}
        self._visit = visit
        self._known.clear()
        found = savepoints.kept(self._place, prefix=PREFIX + visit)
        self._kept = {key: str(text) for each in found for key, text in each.value.items()}
        return dict(self._kept)

    def lift(self, key: str) -> None:
        """Another text is about to be stored instead; the views that show it then must not show the faulty one."""
        self._known.pop(key, None)

    def put(self, key: str, card: str, entry: str, text: str, error: ChayanError | None) -> None:
        """Remember what was typed into an entry of a card and why it was not stored; no ``error``, no text."""
        kept = {each: former for each, former in self._kept.items() if each != key}
        if error is not None:
            self._known[key] = card, entry, text, error
            kept[key] = text
        if kept != self._kept:
            self._kept = kept
            with suppress(
                EnvironmentFault
            ):  # a full disk says itself with the next answer; the field has the text
                savepoints.keep(self._place, values={PREFIX + self._visit: dict(kept) or None})

    def of(self, card: str) -> Iterator[tuple[str, str, str, ChayanError]]:
        """The keys and entries of a card with what was typed and what is wrong with it."""
        for key, (at, entry, text, error) in self._known.items():
            if at == card:
                yield key, entry, text, error

    def text(self, card: str, entry: str) -> str:
        """What stands in a field because it could not be stored; empty where that is not so."""
        return next((text for _, at, text, _ in self.of(card) if at == entry), "")
