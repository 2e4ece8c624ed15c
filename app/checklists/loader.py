"""Checklists from TOML (as written) and JSON (as they travel) into rows, with located problems.

What can be read is returned together with the problems, so that an author sees all of them at once;
whoever takes a checklist into use refuses one that has any.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Container, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from app.checklists.conditions import Condition, parse
from app.checklists.facts import KNOWN_FACTS
from app.checklists.schema import (
    Check,
    Checklist,
    ConclusionRule,
    Entry,
    Item,
    Measure,
    MeasureKind,
    Repeat,
    Section,
)
from app.checklists.soundness import Fault, faults
from app.errors import BadInput, Place, Problem
from app.files import catalog as data_file
from app.files import explained

T = TypeVar("T", Checklist, Section, Item, Measure, ConclusionRule)
Table = dict[str, object]
InForce = Callable[[str, date], bool]
"""Whether a provision of an id applies, or may, on a day."""

_ID = re.compile(r'^\s*id\s*=\s*"([^"]*)"', re.MULTILINE)


def checklist_bytes(checklist: Checklist) -> bytes:
    """The canonical bytes of a checklist: JSON with sorted keys, numbers of measures as text.

    What the first program did not know is left out where it says nothing, so that its bytes stay.
    """
    return msgspec.json.encode(_plain(checklist), order="sorted")


_LATER: Mapping[type, frozenset[str]] = {
    Checklist: frozenset({"conclusion"}),
    Section: frozenset({"repeat", "formerly"}),
    Item: frozenset({"measures", "check", "starred", "number", "formerly"}),
    Measure: frozenset({"kind", "earliest", "latest"}),
}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    later = _LATER.get(type(value), frozenset())
    known = ((each.name, getattr(value, each.name), each.default) for each in fields(value))
    return {name: _plain(own) for name, own, usual in known if name not in later or own != usual}


def load_checklist(
    source: Path | bytes,
    known_provisions: Container[str] | None = None,
    in_force: InForce | None = None,
) -> tuple[Checklist | None, tuple[Problem, ...]]:
    """Read one checklist from a file or from bytes, TOML or JSON alike.

    ``known_provisions`` (a library of provisions) makes unknown references problems, ``in_force`` those
    that do not apply on the checklist's first day. ``None`` in place of the checklist means that its
    head could not be read.
    """
    name = source.name if isinstance(source, Path) else None
    reader = _Reader(name, known_provisions)
    found = reader.read(_content(source))
    if found is not None and in_force is not None:
        reader.check_days(found, in_force)
    return found, tuple(reader.problems)


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


def shipped() -> tuple[Checklist, ...]:
    """Every version of every shipped checklist, oldest first.

    The newest version of a checklist lies in ``<id>.toml``, older ones beside it in
    ``<id>@<version>.toml``, since old inspections keep theirs.
    """
    return _shipped()


def catalog() -> dict[str, Checklist]:
    """The newest shipped version of every checklist by its id, whether or not it is in force yet."""
    return {checklist.id: checklist for checklist in _shipped()}


def catalog_on(day: date) -> dict[str, Checklist]:
    """The newest shipped version in force on a day of every checklist that has one, by its id."""
    return {checklist.id: checklist for checklist in _shipped() if checklist.effective_from <= day}


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
        self._values: dict[str, MeasureKind] = {}
        self._sections: set[str] = set()

    def read(self, content: bytes) -> Checklist | None:
        """The checklist, or nothing when its head is unreadable."""
        table = self._table(content)
        if table is None:
            return None
        raw_sections = _tables(table.pop("sections", None))
        raw_rules = _tables(table.pop("conclusion", None))
        head = self._converted(table, Checklist, str(table.get("id", "")))
        all_ids = {str(item.get("id")) for raw in raw_sections for item in _tables(raw.get("items"))}
        sections = tuple(found for raw in raw_sections if (found := self._section(raw, all_ids)))
        if not self._seen:
            self._report("checklist.empty", "")
        rules = tuple(
            rule for raw in raw_rules if (rule := self._converted(raw, ConclusionRule, "conclusion"))
        )
        if head is None:
            return None
        sound, found_faults = faults(replace(head, sections=sections, conclusion=rules))
        for fault in found_faults:
            self._tell(fault)
        return sound

    def check_days(self, found: Checklist, in_force: InForce) -> None:
        """Report provisions that are known, and do not apply on the day from which the checklist is used."""
        day = found.effective_from
        for item in found.items():
            for reference in dict.fromkeys((*item.references, *item.penalty_references)):
                known = self._known is None or reference in self._known
                if known and not in_force(reference, day):
                    self._report("checklist.not_in_force", item.id, reference=reference, day=day.isoformat())

    def _tell(self, fault: Fault) -> None:
        self._report(fault.code, fault.owner, **fault.values)

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
        name = str(raw.get("id", ""))
        if isinstance(raw_repeat := raw.get("repeat"), dict):
            self._report_unknown_fields(raw_repeat, Repeat, name)
            raw["repeat"] = {**raw_repeat, "fields": self._entries(raw_repeat.get("fields"), name)}
        section = self._converted(raw, Section, name)
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
            raw["measure"] = _with_limits(raw_measure)
        if "measures" in raw:
            raw["measures"] = self._entries(raw["measures"], name)
        if isinstance(raw_check := raw.get("check"), dict):
            self._report_unknown_fields(raw_check, Check, name)
        item = self._converted(raw, Item, name)
        if item is None:
            return None
        if item.id in self._seen:
            self._report("checklist.duplicate_item", item.id)
            return None
        item = replace(item, condition=self._condition(item.condition, item.id, all_ids))
        self._check(item)
        self._seen[item.id] = item
        if item.measure is not None:
            self._values[item.id] = item.measure.kind
        self._values |= {f"{item.id}.{entry.id}": entry.kind for entry in item.measures}
        return item

    def _entries(self, raw: object, owner: str) -> object:
        """Raw entries with their limits in place; what is no table stays, to be refused with its reason."""
        if not isinstance(raw, list):
            return [] if raw is None else raw
        for each in _tables(raw):
            self._report_unknown_fields(each, Entry, owner)
        return [_with_limits(each) if isinstance(each, dict) else each for each in raw]

    def _check(self, item: Item) -> None:
        for field in ("id", "text", "how", "evidence"):
            if not getattr(item, field).strip():
                self._report("checklist.blank_field", item.id, field=field)
        for reference in (*item.references, *item.penalty_references):
            if self._known is not None and reference not in self._known:
                self._report("checklist.unknown_reference", item.id, reference=reference)

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
        self._check_references(condition, owner, all_ids)
        for fact in sorted(condition.facts - KNOWN_FACTS):
            self._report("checklist.unknown_fact", owner, fact=fact)
        for group in sorted(condition.groups):
            self._report("checklist.conclusion_only", owner, group=group)
        return text if len(self.problems) == before else None

    def _check_references(self, condition: Condition, owner: str, all_ids: set[str]) -> None:
        for reference in sorted(condition.items | condition.measures):
            if reference not in self._seen and reference not in self._values:
                known = reference in all_ids
                code = "checklist.forward_condition" if known else "checklist.unknown_item"
                self._report(code, owner, reference=reference)
            elif reference in condition.items and reference not in self._seen:
                self._report("checklist.unknown_item", owner, reference=reference)
            elif reference in condition.measures and self._values.get(reference) != MeasureKind.NUMBER:
                self._report("checklist.no_measure", owner, reference=reference)

    def _converted(self, raw: Table, kind: type[T], name: str) -> T | None:
        self._report_unknown_fields(raw, kind, name)
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            self._report("checklist.bad_field", name, reason=str(error))
            return None

    def _report_unknown_fields(self, raw: Table, kind: type[object], name: str) -> None:
        assert is_dataclass(kind)
        for field in sorted(raw.keys() - {known.name for known in fields(kind)}):
            self._report("checklist.unknown_field", name, field=field)

    def _report(self, code: str, owner: str, **values: str | int) -> None:
        place = Place(file=self._name, row=self._lines.get(owner), column=owner or None)
        self.problems.append(Problem(code, place, {"item": owner, **values}))


def _with_limits(raw: Table) -> Table:
    """A raw measure whose limits of a date or a time stand where the schema has them."""
    if raw.get("kind") not in {MeasureKind.DATE, MeasureKind.TIME}:
        return raw
    moved = dict(raw)
    for name, place in (("minimum", "earliest"), ("maximum", "latest")):
        if (limit := moved.pop(name, None)) is not None:
            moved[place] = limit
        if place in moved:
            moved[place] = _as_text(moved[place])
    return moved


def _as_text(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.isoformat("minutes") if isinstance(value, time) else value


def _tables(value: object) -> list[Table]:
    return [dict(entry) for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
