"""Records as flat documents and back, generic over the mapping and in bulk.

A document names what differs from the columns' defaults: an absent path means the default, so a
column added later changes no older document. A part that is there has its presence path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, update
from sqlalchemy.orm import Session

from app.sync.revision import GONE, Nothing, Revision, Written
from app.sync.shapes import RECORD_KINDS, Rows, Shape, Value, escape, plain, unescape
from app.sync.view import View, part_of

Document = dict[str, Value]
Stored = dict[str, object]
"""A row of a table, by column."""

T = TypeVar("T")

_SLICE = 500


def slices(items: Iterable[T], size: int = _SLICE) -> Iterator[list[T]]:
    """``items`` in lists short enough for one statement's parameters."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def read_document(session: Session, kind: str, record_id: str) -> Document | None:
    """The document of one record; ``None`` when it is not here."""
    return read_documents(session, kind, [record_id]).get(record_id)


def read_documents(session: Session, kind: str, ids: Iterable[str]) -> dict[str, Document]:
    """The documents of those of ``ids`` that are here."""
    shape = RECORD_KINDS[kind]
    found: dict[str, Document] = {}
    for some in slices(ids):
        for row in _rows_of(session, shape.root, some):
            found[str(row[shape.root.root.name])] = _fields(row, shape.root, "")
        for part, rows in shape.parts.items():
            for row in _rows_of(session, rows, some):
                path = f"{part}/{escape(_key(row, rows))}"
                document = found.get(str(row[rows.root.name]))
                if document is not None:
                    document[path] = True
                    document.update(_fields(row, rows, f"{path}/"))
    return found


def _rows_of(session: Session, rows: Rows, ids: Sequence[str]) -> Iterator[Stored]:
    """Whole rows by column, read in one go: a row's own mapping would be built for every field."""
    found = session.execute(rows.of_records, {"ids": ids})
    names = tuple(found.keys())
    for row in found:
        yield dict(zip(names, row, strict=True))


def _key(row: Stored, rows: Rows) -> str:
    assert rows.key is not None
    return str(row[rows.key.name])


def _fields(row: Stored, rows: Rows, prefix: str) -> Document:
    # Most columns hold their default, which is plain text, number or nothing: no need to make it plain.
    return {
        prefix + name: value
        for name, field in rows.fields.items()
        if (held := row[name]) is not field.default and (value := plain(held)) != field.default
    }


def difference(kind: str, document: Document, seen: View) -> dict[str, Written]:
    """What must be written so that the view shows ``document``.

    Paths in conflict whose value stands unchanged are not written: sealing decides nothing.
    """
    shape = RECORD_KINDS[kind]
    changes: dict[str, Written] = {
        path: value for path, value in document.items() if not _same(_shown(shape, seen, path), value)
    }
    for path in seen.values.keys() - document.keys():
        shown = _shown(shape, seen, path)
        # The columns of a part that goes keep their claims: only its presence is withdrawn.
        if shown is not GONE and (path.count("/") < 2 or part_of(path) in document):
            changes[path] = GONE
    return changes


def _shown(shape: Shape, seen: View, path: str) -> Written:
    value = seen.shown(path)
    field = shape.field(path)
    return GONE if field is not None and value is not GONE and _same(value, field.default) else value


def _same(one: Written, other: Written) -> bool:
    return type(one) is type(other) and one == other


def rows_in(kind: str, record_id: str, document: Mapping[str, Written]) -> dict[str, list[dict[str, object]]]:
    """The rows a document stands for, by part (the root's under ``""``); travelling columns only."""
    shape = RECORD_KINDS[kind]
    rows = {"": [_row(shape.root, record_id, None, {k: v for k, v in document.items() if "/" not in k})]}
    parts: dict[tuple[str, str], dict[str, Written]] = {}
    for path, value in document.items():
        part, _, rest = path.partition("/")
        if rest:
            step, _, column = rest.partition("/")
            fields = parts.setdefault((part, step), {})
            if column:
                fields[column] = value
    for (part, step), fields in parts.items():
        rows.setdefault(part, []).append(_row(shape.parts[part], record_id, unescape(step), fields))
    return rows


def _row(rows: Rows, record_id: str, key: str | None, values: Mapping[str, Written]) -> dict[str, object]:
    row: dict[str, object] = {rows.root.name: record_id}
    if rows.key is not None:
        row[rows.key.name] = key
    row.update(rows.blank)
    for name, value in values.items():
        if (field := rows.fields.get(name)) is not None:
            assert not isinstance(value, Nothing)
            row[name] = field.stored(value)
    return row


def lacking(kind: str, document: Mapping[str, Written]) -> str | None:
    """The first path without which the record cannot be written, or ``None``."""
    shape = RECORD_KINDS[kind]
    for name in sorted(shape.root.required):
        if name not in document:
            return name
    for path in document:
        if shape.is_presence(path):
            for name in shape.parts[path.partition("/")[0]].required:
                if f"{path}/{name}" not in document:
                    return f"{path}/{name}"
    return None


def blobs_written(revision: Revision) -> frozenset[str]:
    """SHA-256 of the evidence that a revision names."""
    shape = RECORD_KINDS[revision.kind]
    return frozenset(
        value
        for path, value in revision.set.items()
        if isinstance(value, str) and (field := shape.field(path)) is not None and field.blob
    )


def write_document(session: Session, kind: str, record_id: str, document: Mapping[str, Written]) -> None:
    """Make the rows of one record say what ``document`` says."""
    write_documents(session, kind, {record_id: document})


def write_documents(session: Session, kind: str, documents: Mapping[str, Mapping[str, Written]]) -> None:
    """Make the rows of many records say what their documents say; columns that are local stay."""
    shape = RECORD_KINDS[kind]
    for some in slices(documents):
        wanted: dict[str, list[dict[str, object]]] = {}
        for record_id in some:
            for part, rows in rows_in(kind, record_id, documents[record_id]).items():
                wanted.setdefault(part, []).extend(rows)
        _bring(session, shape.root, some, wanted.get("", []))
        for part, table in shape.parts.items():
            _bring(session, table, some, wanted.get(part, []))
    session.expire_all()


def _bring(session: Session, rows: Rows, ids: Sequence[str], wanted: list[dict[str, object]]) -> None:
    """Insert, update and delete so that ``ids`` have exactly the ``wanted`` rows."""
    names = [column.name for column in (rows.root, rows.key) if column is not None]
    travelling = [*names, *rows.fields]
    present = {
        tuple([row[name] for name in names]): [row[name] for name in travelling]
        for row in _rows_of(session, rows, ids)
    }
    new: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for row in wanted:
        former = present.pop(tuple([row[name] for name in names]), None)
        if former is None:
            new.append(row)
        elif former != [row[name] for name in travelling]:
            changed.append(row)
    _delete(session, rows, names, [dict(zip(names, key, strict=True)) for key in present])
    _update(session, rows, names, changed)
    if new:
        session.connection().execute(insert(rows.table), new)


def _at(rows: Rows, names: list[str]) -> ColumnElement[bool]:
    return and_(*(rows.table.c[name] == bindparam(f"at_{name}") for name in names))


def _delete(session: Session, rows: Rows, names: list[str], gone: list[dict[str, object]]) -> None:
    if gone:
        keys = [{f"at_{name}": row[name] for name in names} for row in gone]
        session.connection().execute(delete(rows.table).where(_at(rows, names)), keys)


def _update(session: Session, rows: Rows, names: list[str], changed: list[dict[str, object]]) -> None:
    if changed and rows.fields:
        keys = [{f"at_{name}": row[name] for name in names} for row in changed]
        moved = [
            key | {f"to_{name}": row[name] for name in rows.fields}
            for key, row in zip(keys, changed, strict=True)
        ]
        statement = update(rows.table).where(_at(rows, names))
        session.connection().execute(
            statement.values({name: bindparam(f"to_{name}") for name in rows.fields}), moved
        )
