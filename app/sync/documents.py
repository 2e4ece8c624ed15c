"""Records as flat documents and back, generic over the mapping and in bulk.

A document names what differs from the columns' defaults: an absent path means the default, so a
column added later changes no older document. A part that is there has its presence path.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.orm import Session

from app.sync.revision import GONE, Nothing, Revision, Written
from app.sync.shapes import RECORD_KINDS, Rows, Shape, Value, escape, unescape
from app.sync.statements import AT, TO
from app.sync.view import View, part_of

Document = dict[str, Value]

T = TypeVar("T")

_SLICE = 500
_DIGEST = 64


def slices(items: Iterable[T]) -> Iterator[list[T]]:
    """``items`` in lists short enough for one statement's parameters."""
    rest = iter(items)
    while part := list(islice(rest, _SLICE)):
        yield part


def read_document(session: Session, kind: str, record_id: str) -> Document | None:
    """The document of one record; ``None`` when it is not here."""
    return read_documents(session, kind, [record_id]).get(record_id)


def read_documents(session: Session, kind: str, ids: Iterable[str]) -> dict[str, Document]:
    """The documents of those of ``ids`` that are here."""
    shape = RECORD_KINDS[kind]
    found: dict[str, Document] = {}
    for some in slices(ids):
        for record_id, *held in _read(session, shape.root, some):
            found[record_id] = _fields(shape.root, held, "")
        for part, rows in shape.parts.items():
            for record_id, key, *held in _read(session, rows, some):
                path = f"{part}/{escape(key)}"
                document = found.get(record_id)
                if document is not None:
                    document[path] = True
                    document.update(_fields(rows, held, f"{path}/"))
    return found


def _read(session: Session, rows: Rows, ids: Sequence[str]) -> Iterable[Sequence[Any]]:
    """Key and fields of every row of the records."""
    return session.execute(rows.statements.reading, {"ids": json.dumps(ids)})


def _fields(rows: Rows, held: Sequence[Value], prefix: str) -> Document:
    told = zip(rows.blank.items(), held, strict=True)
    return {prefix + name: value for (name, default), value in told if value != default}


def difference(kind: str, document: Document, seen: View) -> dict[str, Written]:
    """What must be written so that the view shows ``document``.

    Paths in conflict whose value stands unchanged are not written: sealing decides nothing.
    """
    shape = RECORD_KINDS[kind]
    # A document names no default, so a shown default differs from whatever it says.
    changes: dict[str, Written] = {
        path: value for path, value in document.items() if not _same(seen.shown(path), value)
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
    """The rows a document stands for, by part (the root's under ``""``), with values as the mapping has them."""
    shape = RECORD_KINDS[kind]
    fields: dict[Step, dict[str, Written]] = {_ROOT: {}}
    for path, value in document.items():
        step, name = _split(path)
        fields.setdefault(step, {})[name] = value
    found: dict[str, list[dict[str, object]]] = {}
    for (part, key), values in fields.items():
        rows = shape.parts[part] if part else shape.root
        row: dict[str, object] = dict(zip(rows.keys, (record_id, unescape(key)), strict=False))
        for name, own in rows.fields.items():
            value = values.get(name, own.default)
            assert not isinstance(value, Nothing)
            row[name] = own.stored(value)
        found.setdefault(part, []).append(row)
    return found


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
        if isinstance(value, str) and len(value) == _DIGEST and shape.is_blob(path)
    )


def write_document(session: Session, kind: str, record_id: str, document: Mapping[str, Written]) -> None:
    """Make the rows of one record say what ``document`` says."""
    write_documents(session, kind, {record_id: document})


def write_documents(
    session: Session,
    kind: str,
    documents: Mapping[str, Mapping[str, Written]],
    former: Mapping[str, Document] | None = None,
) -> None:
    """Make the rows of many records say what their documents say; columns that are local stay.

    ``former`` are the documents of those that are here, when the caller has just read them.
    """
    shape = RECORD_KINDS[kind]
    for some in slices(documents):
        here = read_documents(session, kind, some) if former is None else former
        moves = {"": _Moves(shape.root), **{part: _Moves(rows) for part, rows in shape.parts.items()}}
        for record_id in some:
            _note(moves, record_id, here.get(record_id), documents[record_id])
        for each in moves.values():
            each.apply(session)
    session.expire_all()


Step = tuple[str, str]
"""Which row of a record: its part and its key as a step of a path, both empty for the root."""

_ROOT: Step = ("", "")


def _split(path: str) -> tuple[Step, str]:
    """The row that a path lies in, and the column; none for a presence."""
    part, mark, rest = path.partition("/")
    if not mark:
        return _ROOT, path
    key, _, name = rest.partition("/")
    return (part, key), name


def _note(
    moves: Mapping[str, _Moves], record_id: str, former: Document | None, document: Mapping[str, Written]
) -> None:
    """Note what must become of the rows of one record."""
    here = former or {}
    touched: dict[Step, set[str]] = {} if former is not None else {_ROOT: set()}
    differing = (path for path, value in document.items() if not _same(here.get(path, GONE), value))
    for path in chain(differing, here.keys() - document.keys()):
        step, name = _split(path)
        touched.setdefault(step, set()).add(name)
    for (part, key), names in touched.items():
        at = f"{part}/{key}" if part else ""
        row = _Row((record_id, unescape(key)), f"{at}/" if part else "", document)
        if part and at not in document and not any(f"{at}/{name}" in document for name in names):
            moves[part].gone.append(row)
        elif at in here if part else former is not None:
            moves[part].changed.append(row)
            moves[part].names |= names
        else:
            moves[part].new.append(row)


class _Row(NamedTuple):
    """A row by its key (of which the root has the first half), and where its fields stand in a document."""

    key: tuple[str, str]
    prefix: str
    document: Mapping[str, Written]


@dataclass(slots=True)
class _Moves:
    """What becomes of the rows of one table; ``names`` are the columns in which ``changed`` ones differ."""

    rows: Rows
    new: list[_Row] = field(default_factory=list)
    changed: list[_Row] = field(default_factory=list)
    gone: list[_Row] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def apply(self, session: Session) -> None:
        """Delete, update and insert, each in one statement."""
        statements, connection = self.rows.statements, session.connection()
        if self.gone:
            connection.execute(statements.removing, [self._keys(AT, row) for row in self.gone])
        if names := [name for name in self.rows.fields if name in self.names]:
            moved = [self._keys(AT, row) | self._fields(names, row) for row in self.changed]
            connection.execute(statements.changing(names), moved)
        if self.new:
            added = [self._keys(TO, row) | self._fields(self.rows.fields, row) for row in self.new]
            connection.execute(statements.adding, added)

    def _keys(self, mark: str, row: _Row) -> dict[str, Written]:
        return {mark + name: value for name, value in zip(self.rows.keys, row.key, strict=False)}

    def _fields(self, names: Iterable[str], row: _Row) -> dict[str, Written]:
        blank, (_, prefix, document) = self.rows.blank, row
        return {TO + name: document.get(prefix + name, blank[name]) for name in names}
