"""What is found wrong on the visits of the demonstration, from ``resources/examples/faults.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Literal

import msgspec

from app.files import resource
from app.planning.workdays import ONE_DAY
from app.services.sheet_rows import CertificateRow
from app.vocabulary import CertificateStatus, InspectionType
from app.wording import joined, label

Course = Literal["", "decided", "dropped", "judicial", "authority"]

FORTNIGHT = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that an item of one checklist asks about; with a ``course`` it begins a case that takes it.

    ``lapsed``: it is the registry that says it of a certificate. ``penalty`` is the provision that the decision rests on; ``goods`` and ``fine`` lie between two values
    in 1000 yuan.
    """

    item: str
    note: str
    course: Course = ""
    lapsed: bool = False
    answer: str = ""
    cause: str = ""
    penalty: str = ""
    goods: tuple[int, int] = (3, 90)
    fine: tuple[int, int] = (0, 0)

    def told(self, on: date, random: Random) -> str:
        """Its text as noted on a day; the months and days in it lie just before."""
        before = on - FORTNIGHT
        month = on.replace(day=1) - ONE_DAY
        return self.note.format(
            month=f"{month.year}年{month.month}月",
            on=f"{before.year}年{before.month}月{before.day}日",
            count=random.randint(6, 40),
        )


@cache
def faults(kind: InspectionType) -> tuple[Fault, ...]:
    """Every fault of a type of inspection, in the order of the file."""
    return msgspec.convert(_read()["faults"].get(kind, []), tuple[Fault, ...])


def chosen(kind: InspectionType, count: int, course: Course, random: Random) -> dict[str, Fault]:
    """The faults of one visit by item: ``count`` of them, the first of them a case that takes ``course``.

    A type without a fault of that course has a case that is decided.
    """
    known = faults(kind)
    found = {}
    if course:
        cases = [each for each in known if each.course == course]
        first = random.choice(cases or [each for each in known if each.course == "decided"])
        found[first.item] = first
    plain = [each for each in known if not each.course and each.item not in found]
    for each in random.sample(plain, min(count - len(found), len(plain))):
        found[each.item] = each
    return found


def lapsed(kind: InspectionType, certificates: Iterable[CertificateRow], on: date) -> dict[str, Fault]:
    """What the answers about an enterprise's certificates have to say on a day, by item: those not valid then."""
    status, expiry = _read()["states"][kind]
    words = _read()["lapsed"]
    found: dict[str, list[str]] = {}
    for each in certificates:
        until = each.expires_on
        if each.in_scheme and each.status is not CertificateStatus.VALID:
            state = label("certificate_status", each.status)
            found.setdefault(status, []).append(words["status"].format(number=each.number, status=state))
        elif each.in_scheme and until is not None and until < on:
            day = f"{until.year}年{until.month}月{until.day}日"
            found.setdefault(expiry, []).append(words["expiry"].format(number=each.number, until=day))
    return {item: Fault(item, joined("clauses", told), lapsed=True) for item, told in found.items()}


def usual(kind: InspectionType, item: str) -> tuple[float, float] | None:
    """Between what the measured value of an item lies where nothing is wrong; ``None`` where none is usual."""
    low_high = _read()["values"].get(kind, {}).get(item)
    return tuple(low_high) if low_high else None


@cache
def _read() -> Mapping[str, Any]:
    return tomllib.loads(resource("examples", "faults.toml").read_text("utf8"))
