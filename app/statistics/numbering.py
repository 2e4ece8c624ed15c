"""Subjects by number, and sets of them that take a bit each. Pure.

A cell counts up to every subject of the registry. As bits a set takes the same few kilobytes however
many of them were inspected, and however often.
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
