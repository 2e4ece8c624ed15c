"""A counted table as bytes that stay: everything it showed and the records behind every cell.

The document is JSON: the definition in force, period, unit, day, switches, cells with value, amount
and note, facts by column (record ids and subjects once, then by number), checks, left-outs, notes. The
digest is taken over the document's bytes before they are compressed.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec

from app.statistics.changes import CellChange
from app.statistics.definition import Column, TableDefinition
from app.statistics.period import Period
from app.statistics.table import Behind, Cell, Check, LeftOut, Source, Table, Value
from app.statistics.tally import rows_in
from app.statistics.whole import Fact

FORMAT = 1
MONEY = "decimal"

Stored = int | str | None | dict[str, str]
StoredFact = tuple[int, int, int, int, int]


class _Document(msgspec.Struct, frozen=True):
    """The document's fields; ``texts`` are what facts refer to by number."""

    format: int
    definition: TableDefinition
    first: date
    last: date
    unit: str
    made_on: date
    counted: int
    switches: dict[str, bool]
    cells: dict[str, dict[str, tuple[Stored, int, str]]]
    texts: tuple[str, ...]
    facts: dict[str, list[StoredFact]]
    checks: list[tuple[str, str, str, Stored, str, Stored, bool]]
    left_out: list[tuple[str, str, tuple[str, ...]]]
    notes: tuple[str, ...]
    changes: list[tuple[str, str, str, str, Stored, Stored, tuple[str, ...], tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A table read back, and, of a supplement, what it changed."""

    table: Table
    changes: tuple[CellChange, ...]


def freeze(table: Table, changes: Iterable[CellChange] = ()) -> tuple[bytes, str]:
    """The compressed document of a table and the digest of its bytes (SHA-256, hex)."""
    numbers: dict[str, int] = {}
    facts = {key: [_stored_fact(fact, numbers) for fact in found] for key, found in table.facts().items()}
    left_out = table.left_out_ids()
    document = _Document(
        format=FORMAT,
        definition=table.definition,
        first=table.period.first,
        last=table.period.last,
        unit=table.unit,
        made_on=table.made_on,
        counted=table.counted,
        switches=dict(table.switches),
        cells=_stored_cells(table),
        texts=tuple(numbers),
        facts=facts,
        checks=[
            (each.key, each.label, each.row, _stored(each.left), each.relation, _stored(each.right), each.passed)
            for each in table.checks
        ],
        left_out=[(each.reason, each.label, left_out[each.reason]) for each in table.left_out],
        notes=table.notes,
        changes=[
            (each.row, each.row_label, each.column, each.column_name, _stored(each.old), _stored(each.new),
             each.records, each.names)
            for each in changes
        ],
    )  # fmt: skip
    data = msgspec.json.encode(document)
    return zlib.compress(data), hashlib.sha256(data).hexdigest()


def thaw(body: bytes, digest: str) -> Frozen | None:
    """The table of a document; ``None`` when the bytes are not those that were frozen."""
    try:
        data = zlib.decompress(body)
    except zlib.error:
        return None
    if hashlib.sha256(data).hexdigest() != digest:
        return None
    return _thawed(msgspec.json.decode(data, type=_Document))


def _stored_fact(fact: Fact, numbers: dict[str, int]) -> StoredFact:
    row, subject, record_id, part = (
        numbers.setdefault(text, len(numbers))
        for text in (fact.row, fact.subject, fact.record_id, str(fact.part))
    )
    return row, subject, record_id, part, fact.amount


def _stored_cells(table: Table) -> dict[str, dict[str, tuple[Stored, int, str]]]:
    return {
        row: {key: (_stored(cell.value), cell.amount, cell.note) for key, cell in cells.items()}
        for row, cells in table.cells.items()
    }


def _stored(value: Value) -> Stored:
    return {MONEY: str(value)} if isinstance(value, Decimal) else value


def _value(stored: Stored) -> Value:
    return Decimal(stored[MONEY]) if isinstance(stored, dict) else stored


def _side(stored: Stored) -> int | Decimal:
    value = _value(stored)
    return value if isinstance(value, int | Decimal) else 0


def _thawed(document: _Document) -> Frozen:
    source = _Kept(document)
    table = Table(
        definition=document.definition,
        period=Period(document.first, document.last),
        unit=document.unit,
        made_on=document.made_on,
        cells=_cells(document, source),
        checks=tuple(
            Check(key, label, row, _side(left), relation, _side(right), passed)
            for key, label, row, left, relation, right, passed in document.checks
        ),
        left_out=tuple(LeftOut(reason, label, len(ids), source) for reason, label, ids in document.left_out),
        notes=document.notes,
        counted=document.counted,
        switches=document.switches,
        source=source,
    )
    changes = tuple(
        CellChange(row, row_label, column, column_name, _value(old), _value(new), records, names)
        for row, row_label, column, column_name, old, new, records, names in document.changes
    )
    return Frozen(table, changes)


def _cells(document: _Document, source: Source) -> Mapping[str, Mapping[str, Cell]]:
    definition = document.definition
    behind = {
        (row.key, column.key): Behind(source, _explaining(definition, column), rows_in(definition, row))
        for row in definition.rows
        for column in definition.columns
    }
    return {
        row: {
            key: Cell(_value(value), amount, behind[row, key] if value is not None else None, note)
            for key, (value, amount, note) in cells.items()
        }
        for row, cells in document.cells.items()
    }


def _explaining(definition: TableDefinition, column: Column) -> Column:
    """The column whose facts explain one; a share's are those of its first part."""
    part = definition.column(column.of[0]) if column.of else None
    return part or column


class _Kept:
    """The facts of a document."""

    def __init__(self, document: _Document) -> None:
        self._document = document

    def facts(self, columns: Sequence[Column]) -> dict[str, tuple[Fact, ...]]:
        """The facts of some columns as they were frozen."""
        texts, facts = self._document.texts, self._document.facts
        return {
            column.key: tuple(
                Fact(texts[row], texts[subject], texts[record_id], texts[part], amount)
                for row, subject, record_id, part, amount in facts[column.key]
            )
            for column in columns
        }

    def left_out(self) -> dict[str, tuple[str, ...]]:
        """What was left out when the table was frozen."""
        return {reason: ids for reason, _, ids in self._document.left_out}
