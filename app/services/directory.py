"""Every organization of the store by name, credit code and pinyin initials, found as somebody types.

The whole directory is one text in memory, so that a keystroke over 38,000 organizations is answered
within a frame: a scan of three million characters instead of a query of the store.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from app.models.planning import Assignment
from app.models.registry import Organization
from app.services.pinyin import initials
from app.services.workplace import Workplace

LIMIT: Final = 40
SAMPLE: Final = 200_000
"""So many characters tell which word is rare."""
FEW: Final = 200
_PART: Final = "\t"
_LINE: Final = "\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """An organization to go to; ``assigned`` when this device has it as a target."""

    id: str
    name: str
    credit_code: str
    assigned: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """The organizations in the order of their names."""

    entries: Sequence[Entry] = ()
    _text: str = ""
    _starts: Sequence[int] = field(default=(), repr=False)

    @classmethod
    def of(cls, rows: Sequence[tuple[Entry, str]]) -> Directory:
        """A directory of entries with their initials."""
        lines = [
            f"{_LINE}{_PART.join((each.name, each.credit_code, short)).casefold()}" for each, short in rows
        ]
        starts, at = [], 0
        for line in lines:
            starts.append(at)
            at += len(line)
        return cls([each for each, _ in rows], "".join(lines) + _LINE, starts)

    def find(self, query: str, limit: int = LIMIT) -> list[Entry]:
        """Organizations whose line holds every word of ``query``; those that begin with the first one first."""
        words = query.casefold().split()
        if not words or (len(words) > 1 and not all(word in self._text for word in words)):
            return []
        # Codes and initials have no Chinese sign to begin with.
        begins = [mark + words[0] for mark in (_LINE, _PART if words[0].isascii() else _LINE)]
        rarest = min(words, key=lambda word: self._text.count(word, 0, SAMPLE))
        # Of two words that are everywhere the lines that begin with one are no rarer than those that hold it.
        sought = [each for each in begins if len(words) == 1 or self._text.count(each, 0, SAMPLE) < FEW]
        found: dict[int, None] = {}
        for each in dict.fromkeys((*sought, rarest)):
            for number in self._lines_with(each):
                if number not in found and self._holds(number, words):
                    found[number] = None
                    if len(found) >= limit:
                        return [self.entries[line] for line in found]
        return [self.entries[line] for line in found]

    def _lines_with(self, sought: str) -> Iterator[int]:
        at = self._text.find(sought)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield number
            behind = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
            at = self._text.find(sought, behind)

    def _holds(self, number: int, words: Sequence[str]) -> bool:
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
        return all(self._text.find(word, start, end) >= 0 for word in words)


def directory(place: Workplace) -> Directory:
    """Read the directory; some tenths of a second for a province, so not in the window's thread."""
    wanted = select(Organization.id, Organization.name, Organization.credit_code, Organization.initials)
    mine = select(Assignment.organization_id).where(
        Assignment.device_id == place.device_id, Assignment.cancelled_at.is_(None)
    )
    initials("一")  # the readings are loaded here, for the window would wait for them
    with place.read() as session:
        assigned = frozenset(session.scalars(mine))
        rows = session.execute(wanted.order_by(Organization.name, Organization.id)).all()
    return Directory.of(
        [
            (Entry(key, name, code, key in assigned), short or initials(name))
            for key, name, code, short in rows
        ]
    )
