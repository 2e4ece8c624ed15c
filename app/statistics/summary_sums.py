"""The numbers of a work summary, added up inspection by inspection. Pure.

Of what a number is made from nothing is kept but the ids that its answer names, once for all numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping

from app.statistics.material import PARTS, Visit
from app.statistics.numbering import Numbering
from app.statistics.summary import Figure


class Records:
    """Inspections by number, as they come: their ids, and the moments in whose order they are named."""

    def __init__(self) -> None:
        self._ids, self._moments = list[str](), array("d")

    def number(self, record_id: str, at: float = 0.0) -> int:
        """The number of an inspection; all that is told of one comes in a row."""
        if not self._ids or self._ids[-1] != record_id:
            self._ids.append(record_id)
            self._moments.append(at)
        return len(self._ids) - 1

    def named(self, numbers: array[int]) -> tuple[str, ...]:
        """The ids of some by their moments; those of one moment as they came."""
        return tuple(self._ids[number] for number in sorted(numbers, key=self._moments.__getitem__))


class Sum:
    """A sum with the records that add to it; a record that adds nothing is not named."""

    def __init__(self, records: Records) -> None:
        self._records, self._numbers, self.value = records, array("I"), 0

    def add(self, number: int, amount: int = 1) -> None:
        """Add what the record of a number gives."""
        if amount:
            self.value += amount
            if not self._numbers or self._numbers[-1] != number:
                self._numbers.append(number)

    def figure(self) -> Figure:
        """The number with its records."""
        return Figure(self.value, self._records.named(self._numbers))

    def records(self) -> Figure:
        """How many records there are, and which."""
        return Figure(len(self._numbers), self._records.named(self._numbers))


class Done:
    """家次, 家, 人次, and 家 with a nonconformity of their own, of the inspections that were taken."""

    def __init__(self, records: Records, subjects: Numbering) -> None:
        self._visits, self._officers, self._nonconforming = Sum(records), Sum(records), Sum(records)
        self._subjects, self._met, self._faulty = subjects, bytearray(), bytearray()

    def take(self, number: int, visit: Visit) -> None:
        """Add an inspection that counts."""
        self._visits.add(number)
        self._officers.add(number, visit.officers.count(PARTS) + 1 if visit.officers else 0)
        _set(self._met, self._subjects[visit.subject])
        if visit.findings:
            self._nonconforming.add(number)
            _set(self._faulty, self._subjects[visit.subject])

    def figures(self) -> Mapping[str, Figure]:
        """The four by name."""
        visits, faulty = self._visits.figure(), self._nonconforming.figure()
        return {
            "visits": visits,
            "subjects": Figure(_count(self._met), visits.records),
            "officers": self._officers.figure(),
            "nonconforming": Figure(_count(self._faulty), faulty.records),
        }


def _set(bits: bytearray, number: int) -> None:
    bits.extend(bytes(max((number >> 3) + 1 - len(bits), 0)))
    bits[number >> 3] |= 1 << (number & 7)


def _count(bits: bytearray) -> int:
    return int.from_bytes(bits, "little").bit_count()


class Item:
    """Inspections that found a checklist item not conforming; ``newest`` is the last version they went by."""

    def __init__(self, records: Records) -> None:
        self._found, self.newest = Sum(records), ""

    def add(self, number: int, version: str) -> None:
        """Add what one inspection found by a version of the checklist."""
        self._found.add(number)
        self.newest = max(self.newest, version)

    def figure(self) -> Figure:
        """How many inspections found it, however often each."""
        return self._found.records()
