"""What an office adds to the law that ships with the program: one file, versioned, from a day on.

A supplement is written like the shipped files and begins with its own head:

    [supplement]
    id = "jx-2027"
    version = "2027-1"
    title = "..."
    effective_from = 2027-01-01

Its documents and provisions replace those of the same id, others are added. It holds from its day on:
what happened before is shown with the law as it was known then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec

from app.errors import Place, Problem
from app.law.library import Library, Reader
from app.law.provision import Document

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,19}")


@dataclass(frozen=True, slots=True)
class Head:
    """Which supplement a file is; ``id`` and ``version`` are lower-case letters, digits, ``-`` and ``.``."""

    id: str
    version: str
    title: str
    effective_from: date
    office: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """A supplement that was read: its head, the documents it describes and what it says."""

    head: Head
    documents: dict[str, Document] = field(default_factory=dict)
    library: Library = field(default_factory=lambda: Library(()))

    @property
    def name(self) -> str:
        """What it is called: ``id@version``."""
        return f"{self.head.id}@{self.head.version}"


def read_supplement(
    source: Path | bytes, base: Library, file: str = ""
) -> tuple[Supplement | None, tuple[Problem, ...]]:
    """Read a supplement to ``base``; ``None`` when it has no readable head. ``file`` is what bytes are called."""
    file = source.name if isinstance(source, Path) else file
    reader = Reader(base)
    rest = reader.take(source, file)
    reader.check_references()
    head = _head(rest.pop("supplement", None), file, reader)
    for name in sorted(rest):
        reader.report("law.unknown_field", Place(file=file), entry=name, field=name)
    if not reader.problems and not (reader.documents or reader.provisions or reader.limits):
        reader.report("law.empty", Place(file=file))
    found = None if head is None else Supplement(head, reader.documents, reader.library())
    return found, tuple(reader.problems)


def _head(raw: object, file: str, reader: Reader) -> Head | None:
    try:
        head = msgspec.convert(raw, Head)
    except msgspec.ValidationError as error:
        # An unreadable file was reported already.
        if not reader.problems:
            reader.report("law.no_head", Place(file=file), reason=str(error))
        return None
    for name in (head.id, head.version):
        if not _NAME.fullmatch(name):
            reader.report("law.bad_name", Place(file=file), name=name)
            return None
    return head


def in_force_on(supplements: Iterable[Supplement], day: date) -> tuple[Supplement, ...]:
    """Those that hold on a day, of each id the version that began last, in the order they are applied."""
    newest: dict[str, Supplement] = {}
    for each in sorted(supplements, key=_age):
        if each.head.effective_from <= day:
            newest[each.head.id] = each
    return tuple(sorted(newest.values(), key=_age))


def _age(supplement: Supplement) -> tuple[date, str, str]:
    head = supplement.head
    return head.effective_from, head.id, head.version


def supplemented(base: Library, supplements: Iterable[Supplement]) -> Library:
    """``base`` with the supplements put over it, one after the other."""
    for each in supplements:
        base = base.amended(each.documents, each.library)
    return base
