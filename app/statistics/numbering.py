"""Subjects by number, sets of them that take a bit each, and ids by their numbers. Pure.

A cell counts up to every subject of the registry. As bits a set takes the same few kilobytes however
many of them were inspected, and however often; so do the ids of one record of each, without a text of
its own for each of them.
"""

from __future__ import annotations

from collections.abc import Iterable


class Numbering(dict[str, int]):
    """Subject → its number; one that was never asked for gets the next."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        super().__init__()
        for subject in known:
            self[subject]

    def __missing__(self, subject: str) -> int:
        self[subject] = number = len(self)
        return number

    def bits(self, subjects: Iterable[str]) -> int:
        """A set of subjects, the bit of each one's number set."""
        numbers = [self[subject] for subject in subjects]
        found = bytearray((max(numbers, default=0) >> 3) + 1)
        for number in numbers:
            found[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(found, "little")

    def has(self, found: int, subject: str) -> bool:
        """Whether a subject is in a set of bits."""
        return bool(found >> self[subject] & 1)


class Ids:
    """The id of one record under each number; one that was made here takes 16 bytes, not a text."""

    _WIDTH = 16

    def __init__(self) -> None:
        self._made_here, self._others = bytearray(), dict[int, str]()

    def __getitem__(self, number: int) -> str:
        start = number * self._WIDTH
        return self._others.get(number) or self._made_here[start : start + self._WIDTH].hex()

    def __setitem__(self, number: int, record_id: str) -> None:
        start, found = number * self._WIDTH, self._bytes_of(record_id)
        self._made_here[start : start + self._WIDTH] = found or bytes(self._WIDTH)
        self._others.pop(number, None)
        if not found:
            self._others[number] = record_id

    def grow(self, more: int) -> None:
        """Make room for further numbers."""
        self._made_here.extend(bytes(more * self._WIDTH))

    def _bytes_of(self, record_id: str) -> bytes:
        """The bytes of an id as :func:`app.models.base.new_id` makes them; none of any other text."""
        try:
            found = bytes.fromhex(record_id)
        except ValueError:
            return b""
        return found if len(found) == self._WIDTH and found.hex() == record_id else b""
