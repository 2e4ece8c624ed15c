"""Reading table definitions: the good part and a located problem for whatever is wrong.

Shipped tables lie in ``resources/tables``; an office's own in ``tables`` of its home, where a table
of the same id replaces the shipped one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from app.errors import Place, Problem
from app.files import resource
from app.statistics.definition import CheckRule, Column, Row, TableDefinition
from app.statistics.listings import LISTINGS
from app.statistics.measures import MEASURES, Counting

Part = TypeVar("Part", Column, Row, CheckRule)
Tree = dict[str, object]

DIMENSIONS = ("", "product_class", "inspection_type", "cause")
RELATIONS = ("<=", "=")
CASE_DAYS = ("filed_on", "decided_on", "referred_on")
AMOUNTS = frozenset({"fine", "confiscated", "goods_value"})
NO_TABLES = ("causes.toml", "periods.toml")
"""Other data that lies among the shipped tables."""

SWITCHES = ("", "count_fines_only", "count_decided_cases")


def load_tables(*extra: Path) -> tuple[dict[str, TableDefinition], tuple[Problem, ...]]:
    """Every shipped table, then those of the ``extra`` folders, by id."""
    tables: dict[str, TableDefinition] = {}
    problems: list[Problem] = []
    shipped = {resource("tables", name) for name in NO_TABLES}
    for folder in (resource("tables"), *extra):
        here: set[str] = set()
        for path in sorted(set(folder.glob("*.toml")) - shipped):
            table, found = _shipped_table(path) if folder == resource("tables") else load_table(path)
            problems += found
            if table is not None and table.id in here:
                problems.append(Problem("statistics.duplicate", Place(file=path.name), {"entry": table.id}))
            elif table is not None:
                here.add(table.id)
                tables[table.id] = table
    ordered = sorted(tables.values(), key=lambda table: (table.order, table.id))
    return {table.id: table for table in ordered}, tuple(problems)


@cache
def _shipped_table(path: Path) -> tuple[TableDefinition | None, tuple[Problem, ...]]:
    """A table that came with the program: it stays the same while that runs."""
    return load_table(path)


def load_table(path: Path) -> tuple[TableDefinition | None, tuple[Problem, ...]]:
    """One table; ``None`` when its head is unreadable or nothing of it could be counted."""
    try:
        tree = tomllib.loads(path.read_text("utf8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problem = Problem("statistics.not_readable", Place(file=path.name), {"reason": str(error)})
        return None, (problem,)
    return read_tree(path.name, tree)


def read_tree(
    name: str, tree: Tree, places: Mapping[tuple[str, str], Place] | None = None
) -> tuple[TableDefinition | None, tuple[Problem, ...]]:
    """One table from a tree; ``places`` tells where the entry of a part (``columns``, key) stands."""
    reader = _Reader(name, places or {})
    return reader.table(tree), tuple(reader.problems)


class _Reader:
    """Collects the good part and the problems of one file."""

    def __init__(self, name: str, places: Mapping[tuple[str, str], Place]) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._places = places
        self._part_of = ""

    def table(self, tree: Tree) -> TableDefinition | None:
        """The definition with the columns, rows and checks that hold."""
        columns = self._distinct(self._column(raw) for raw in self._trees(tree, "columns"))
        rows = self._distinct(self._part(raw, Row) for raw in self._trees(tree, "rows"))
        checks = self._distinct(self._part(raw, CheckRule) for raw in self._trees(tree, "checks"))
        self._part_of = ""
        head = self._head({**tree, "columns": [], "rows": [], "checks": []})
        if head is None:
            return None
        self._part_of = "columns"
        columns = tuple(column for column in columns if self._column_fits(column, columns, head))
        if not columns or not (rows or head.listing):
            self._report("statistics.empty", head.id)
            return None
        columns = tuple(self._with_known_column(column, columns) for column in columns)
        self._part_of = "rows"
        rows = tuple(self._with_known_rows(row, rows) for row in rows)
        self._part_of = "checks"
        good = tuple(check for check in checks if self._check_holds(check, columns))
        return replace(head, columns=columns, rows=rows, checks=good)

    def _head(self, tree: Tree) -> TableDefinition | None:
        entry = str(tree.get("id", ""))
        self._report_unknown(tree, TableDefinition, entry)
        try:
            head = msgspec.convert(tree, TableDefinition)
        except msgspec.ValidationError as error:
            self._report("statistics.bad_entry", entry, reason=str(error))
            return None
        for word, known in ((head.dimension, DIMENSIONS), (head.listing, ("", *LISTINGS))):
            if word not in known:
                self._report("statistics.unknown_word", entry, word=word)
                return None
        return head

    def _column(self, raw: Tree) -> Column | None:
        switched = raw.pop("switched", None)
        column = self._part(raw, Column)
        if column is None or not self._column_holds(column):
            return None
        if not isinstance(switched, dict):
            return column
        alternative = self._part({**raw, **switched}, Column)
        if alternative is None or not self._column_holds(alternative):
            return None
        return replace(column, alternative=alternative)

    def _column_holds(self, column: Column) -> bool:
        unknown = [
            word
            for word, known in (
                (column.measure, MEASURES),
                (column.by, CASE_DAYS),
                (column.switch, SWITCHES),
                *((amount, AMOUNTS) for amount in column.amounts),
            )
            if word not in known
        ]
        for word in unknown:
            self._report("statistics.unknown_word", column.key, word=word)
        return not unknown

    def _column_fits(self, column: Column, columns: tuple[Column, ...], head: TableDefinition) -> bool:
        """Whether a share names two columns, and a column of a list one of its fields."""
        counting = MEASURES[column.measure].counting
        if counting is Counting.SHARE:
            known = {each.key for each in columns if MEASURES[each.measure].counting is not Counting.SHARE}
            unknown = [key for key in column.of if key not in known]
            for key in unknown:
                self._report("statistics.unknown_column", column.key, column=key)
            if len(column.of) != len(("part", "whole")):
                self._report("statistics.share_of_two", column.key)
                return False
            return not unknown
        if (counting is Counting.LISTED) != bool(head.listing) and counting is not Counting.CODE:
            self._report("statistics.list_or_count", column.key, measure=column.measure)
            return False
        if counting is not Counting.LISTED:
            return True
        listing = LISTINGS[head.listing]
        if column.measure != listing.measure:
            self._report("statistics.unknown_word", column.key, word=column.measure)
            return False
        if column.field in listing.fields or (column.field and column.items):
            return True
        self._report("statistics.unknown_word", column.key, word=column.field)
        return False

    def _with_known_rows(self, row: Row, rows: tuple[Row, ...]) -> Row:
        keys = {each.key for each in rows if not each.total} - {row.key}
        for key in row.includes:
            if key not in keys:
                self._report("statistics.unknown_row", row.key, row=key)
        return replace(row, includes=tuple(key for key in row.includes if key in keys))

    def _with_known_column(self, column: Column, columns: tuple[Column, ...]) -> Column:
        if column.empty_without in {"", *(each.key for each in columns)}:
            return column
        self._report("statistics.unknown_column", column.key, column=column.empty_without)
        return replace(column, empty_without="")

    def _check_holds(self, check: CheckRule, columns: tuple[Column, ...]) -> bool:
        keys = {column.key for column in columns}
        unknown = [key for key in (*check.left, *check.right) if key not in keys]
        for key in unknown:
            self._report("statistics.unknown_column", check.key, column=key)
        if check.relation not in RELATIONS:
            self._report("statistics.unknown_word", check.key, word=check.relation)
        return not unknown and check.relation in RELATIONS

    def _part(self, raw: Tree, kind: type[Part]) -> Part | None:
        entry = str(raw.get("key", raw.get("id", "")))
        self._report_unknown(raw, kind, entry)
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            self._report("statistics.bad_entry", entry, reason=str(error))
            return None

    def _distinct(self, parts: Iterable[Part | None]) -> tuple[Part, ...]:
        """The parts that could be read, the first of each key."""
        found: dict[str, Part] = {}
        for part in parts:
            if part is None:
                continue
            if part.key in found:
                self._report("statistics.duplicate", part.key)
            found.setdefault(part.key, part)
        return tuple(found.values())

    def _report_unknown(self, raw: Tree, kind: type, entry: str) -> None:
        known = {each.name for each in fields(kind)} - {"alternative"}
        for name in sorted(raw.keys() - known):
            self._report("statistics.unknown_field", entry, field=name)

    def _trees(self, tree: Tree, name: str) -> Iterator[Tree]:
        """The entries of a part, which is then the one that problems are about."""
        self._part_of = name
        entries = tree.get(name)
        yield from (
            (dict(entry) for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()
        )

    def _report(self, code: str, entry: str, **values: str | int) -> None:
        place = self._places.get((self._part_of, entry)) or Place(file=self._name, column=entry or None)
        self.problems.append(Problem(code, place, {"entry": entry, **values}))
