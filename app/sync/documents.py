"""Records as flat documents and back, generic over the mapping and in bulk.

A document names what differs from the columns' defaults: an absent path means the default, so a
column added later changes no older document. A part that is there has its presence path.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.sync.revision import GONE, Nothing, Revision, Written
from app.sync.shapes import RECORD_KINDS, Rows, Shape, Value, escape, unescape
from app.sync.statements import AT, TO
from app.sync.view import View, part_of

Document = dict[str, Value]

T = TypeVar("T")

_SLICE = 500
_DIGEST = 64


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
    fields: dict[Step, dict[str, Written]] = {_ROOT: {}}
    for path, value in document.items() if touched else ():
        step, name = _split(path)
        if step in touched:
            fields.setdefault(step, {})[name] = value
    for step, names in touched.items():
        part, key = step
        there = former is not None if step == _ROOT else f"{part}/{key}" in here
        moves[part].note((record_id, unescape(key)), names if there else None, fields.get(step))


class _Moves:
    """What becomes of the rows of one table."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._new: list[tuple[Sequence[str], dict[str, Written]]] = []
        self._changed: list[tuple[Sequence[str], dict[str, Written]]] = []
        self._gone: list[Sequence[str]] = []
        self._names = set[str]()

    def note(self, key: Sequence[str], names: set[str] | None, fields: dict[str, Written] | None) -> None:
        """Of a row that is there ``names`` are the columns that change; ``fields`` is all it shall say."""
        if fields is None:
            self._gone.append(key)
        elif names is None:
            self._new.append((key, fields))
        else:
            self._changed.append((key, fields))
            self._names |= names

    def apply(self, session: Session) -> None:
        """Delete, update and insert, each in one statement."""
        statements, names = self._rows.statements, self._names & self._rows.fields.keys()
        if self._gone:
            session.connection().execute(statements.removing, [self._at(key) for key in self._gone])
        if names:
            usual = {name: self._rows.blank[name] for name in sorted(names)}
            rows = [self._at(key) | _to(usual, fields) for key, fields in self._changed]
            session.connection().execute(statements.changing(usual), rows)
        if self._new:
            usual = dict.fromkeys(self._rows.keys) | self._rows.blank
            rows = [_to(usual, fields | self._key(key)) for key, fields in self._new]
            session.connection().execute(statements.adding, rows)

    def _key(self, key: Sequence[str]) -> dict[str, Written]:
        # The root's key is the record's id alone.
        return dict(zip(self._rows.keys, key, strict=False))

    def _at(self, key: Sequence[str]) -> dict[str, Written]:
        return {AT + name: value for name, value in self._key(key).items()}


def _to(usual: Mapping[str, Value], fields: Mapping[str, Written]) -> dict[str, Written]:
    return {TO + name: fields.get(name, default) for name, default in usual.items()}
