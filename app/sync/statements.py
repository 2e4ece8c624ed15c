"""The statements that read and write the rows of records: one set for each table.

The store holds a value as it travels (times, dates and words as their text), truth values apart. So
nothing is made of it on the way between a row and its document, and nothing is asked of the mapper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Delete,
    Insert,
    Integer,
    Select,
    String,
    Table,
    Update,
    bindparam,
    column,
    delete,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.types import TypeEngine

from app.models.among import among

TO, AT = "to_", "at_"
"""What the parameters' names begin with: a column's new value, and the key of the row it goes to."""


class Statements:
    """What is said to one table about its ``keys`` (of which the first is the record's id) and ``fields``."""

    def __init__(self, rows: Table, keys: tuple[str, ...], fields: Mapping[str, TypeEngine[Any]]) -> None:
        types = dict.fromkeys(keys, String()) | {name: _plain(kind) for name, kind in fields.items()}
        self._mapped = rows
        self._table = table(rows.name, *(column(name, kind) for name, kind in types.items()))
        self._keys = keys

    @cached_property
    def reading(self) -> Select[Any]:
        """Keys and fields, in their order, of all rows of the records whose ids are the JSON list ``ids``."""
        return select(self._table).where(
            among(self._table.c[self._keys[0]], bindparam("ids", type_=String()))
        )

    @cached_property
    def adding(self) -> Insert:
        """A new row; columns that do not travel get their defaults."""
        return insert(self._mapped).values(self._new(self._table.c.keys()))

    def changing(self, names: Iterable[str]) -> Update:
        """New values for the fields ``names`` of one row."""
        return update(self._table).where(*self._here()).values(self._new(names))

    @cached_property
    def removing(self) -> Delete:
        """One row less."""
        return delete(self._table).where(*self._here())

    def _here(self) -> list[ColumnElement[bool]]:
        return [self._table.c[name] == bindparam(AT + name) for name in self._keys]

    def _new(self, names: Iterable[str]) -> dict[str, ColumnElement[Any]]:
        return {name: bindparam(TO + name, type_=self._table.c[name].type) for name in names}


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind if isinstance(kind, Boolean | Integer) else String()
