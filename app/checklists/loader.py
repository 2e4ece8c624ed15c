"""Checklists from TOML (as written) and JSON (as they travel) into rows, with located problems.

What can be read is returned together with the problems, so that an author sees all of them at once;
whoever takes a checklist into use refuses one that has any.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import fields, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from app.checklists.conditions import parse
from app.checklists.facts import KNOWN_FACTS
from app.checklists.schema import Checklist, Item, Measure, Section
from app.errors import BadInput, Place, Problem
from app.files import catalog as data_file
from app.files import explained

T = TypeVar("T", Checklist, Section, Item, Measure)
Table = dict[str, object]

_ID = re.compile(r'^\s*id\s*=\s*"([^"]*)"', re.MULTILINE)


def checklist_bytes(checklist: Checklist) -> bytes:
    """The canonical bytes of a checklist: JSON with sorted keys, numbers of measures as text."""
    return msgspec.json.encode(checklist, order="sorted")


def load_checklist(
    source: Path | bytes, known_provisions: Container[str] | None = None
) -> tuple[Checklist | None, tuple[Problem, ...]]:
    """Read one checklist from a file or from bytes, TOML or JSON alike.

    ``known_provisions`` (a library of provisions) makes unknown references problems. ``None`` in place
    of the checklist means that its head could not be read.
    """
    name = source.name if isinstance(source, Path) else None
    reader = _Reader(name, known_provisions)
    return reader.read(_content(source)), tuple(reader.problems)


def load_catalog(
    folder: Path | None = None, known_provisions: Container[str] | None = None
) -> tuple[tuple[Checklist, ...], tuple[Problem, ...]]:
    """Read every checklist of a folder (the shipped catalog by default), oldest version first."""
    read = [
        load_checklist(path, known_provisions)
        for path in sorted((folder or data_file("checklists", "catalog")).glob("*.toml"))
    ]
    good = sorted((found for found, _ in read if found is not None), key=_age)
    return tuple(good), tuple(problem for _, problems in read for problem in problems)


@cache
def _shipped() -> tuple[Checklist, ...]:
    return load_catalog()[0]


def catalog() -> dict[str, Checklist]:
    """The newest shipped version of every checklist by its id."""
    return {checklist.id: checklist for checklist in _shipped()}


def checklist(checklist_id: str, version: str) -> Checklist:
    """One version of a shipped checklist; raises ``checklist.unknown``."""
    for found in _shipped():
        if (found.id, found.version) == (checklist_id, version):
            return found
    raise BadInput("checklist.unknown", checklist=checklist_id, version=version)


def _age(found: Checklist) -> tuple[str, str, str]:
    return found.id, found.effective_from.isoformat(), found.version


def _content(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    with explained(source):
        return source.read_bytes()


class _Reader:
    """Collects the rows and the problems of one checklist."""

    def __init__(self, name: str | None, known_provisions: Container[str] | None) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._known = known_provisions
        self._lines: dict[str, int] = {}
        self._seen: dict[str, Item] = {}
        self._sections: set[str] = set()

    def read(self, content: bytes) -> Checklist | None:
        """The checklist, or nothing when its head is unreadable."""
        table = self._table(content)
        if table is None:
            return None
        raw_sections = _tables(table.pop("sections", None))
        head = self._converted(table, Checklist, str(table.get("id", "")))
        all_ids = {str(item.get("id")) for raw in raw_sections for item in _tables(raw.get("items"))}
        sections = tuple(found for raw in raw_sections if (found := self._section(raw, all_ids)))
        if not self._seen:
            self._report("checklist.empty", "")
        return replace(head, sections=sections) if head is not None else None

    def _table(self, content: bytes) -> Table | None:
        try:
            text = content.decode("utf-8-sig")
            if text.lstrip().startswith("{"):
                return msgspec.json.decode(text, type=dict[str, object])
            self._lines = {found[1]: text.count("\n", 0, found.start()) + 1 for found in _ID.finditer(text)}
            return tomllib.loads(text, parse_float=Decimal)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.DecodeError, RecursionError) as error:
            self._report("checklist.not_readable", "", reason=str(error))
            return None

    def _section(self, raw: Table, all_ids: set[str]) -> Section | None:
        raw_items = _tables(raw.pop("items", None))
        section = self._converted(raw, Section, str(raw.get("id", "")))
        if section is None:
            return None
        if section.id in self._sections:
            self._report("checklist.duplicate_section", section.id)
        self._sections.add(section.id)
        condition = self._condition(section.condition, section.id, all_ids)
        items = tuple(item for each in raw_items if (item := self._item(each, all_ids)))
        return replace(section, condition=condition, items=items)

    def _item(self, raw: Table, all_ids: set[str]) -> Item | None:
        name = str(raw.get("id", ""))
        if isinstance(raw_measure := raw.get("measure"), dict):
            self._report_unknown_fields(raw_measure, Measure, name)
        item = self._converted(raw, Item, name)
        if item is None:
            return None
        if item.id in self._seen:
            self._report("checklist.duplicate_item", item.id)
            return None
        item = replace(item, condition=self._condition(item.condition, item.id, all_ids))
        self._check(item)
        self._seen[item.id] = item
        return item

    def _check(self, item: Item) -> None:
        for field in ("id", "text", "how", "evidence"):
            if not getattr(item, field).strip():
                self._report("checklist.blank_field", item.id, field=field)
        for reference in (*item.references, *item.penalty_references):
            if self._known is not None and reference not in self._known:
                self._report("checklist.unknown_reference", item.id, reference=reference)
        measure = item.measure
        limits = [] if measure is None else [measure.minimum, measure.maximum]
        known = [limit for limit in limits if limit is not None]
        if known != sorted(known):
            self._report("checklist.bad_limits", item.id)

    def _condition(self, text: str | None, owner: str, all_ids: set[str]) -> str | None:
        """The condition when it can be evaluated; a faulty one is dropped, so that the item is asked."""
        if text is None:
            return None
        try:
            condition = parse(text)
        except BadInput as error:
            self._report(error.problem.code, owner, **error.problem.values)
            return None
        before = len(self.problems)
        for reference in sorted(condition.items | condition.measures):
            if reference not in self._seen:
                known = reference in all_ids
                code = "checklist.forward_condition" if known else "checklist.unknown_item"
                self._report(code, owner, reference=reference)
        for reference in sorted(condition.measures & self._seen.keys()):
            if self._seen[reference].measure is None:
                self._report("checklist.no_measure", owner, reference=reference)
        for fact in sorted(condition.facts - KNOWN_FACTS):
            self._report("checklist.unknown_fact", owner, fact=fact)
        return text if len(self.problems) == before else None

    def _converted(self, raw: Table, kind: type[T], name: str) -> T | None:
        self._report_unknown_fields(raw, kind, name)
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            self._report("checklist.bad_field", name, reason=str(error))
            return None

    def _report_unknown_fields(self, raw: Table, kind: type[T], name: str) -> None:
        for field in sorted(raw.keys() - {known.name for known in fields(kind)}):
            self._report("checklist.unknown_field", name, field=field)

    def _report(self, code: str, owner: str, **values: str | int) -> None:
        place = Place(file=self._name, row=self._lines.get(owner), column=owner or None)
        self.problems.append(Problem(code, place, {"item": owner, **values}))


def _tables(value: object) -> list[Table]:
    return [dict(entry) for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
