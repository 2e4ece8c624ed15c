"""A table's definition as a tree and as TOML, the way :mod:`app.statistics.loader` reads it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields

import msgspec

from app.settings import toml_value
from app.statistics.definition import CheckRule, Column, Row, TableDefinition

Tree = dict[str, object]
LISTS = ("rows", "columns", "checks")


def definition_tree(definition: TableDefinition) -> Tree:
    """Everything a definition says that is not the default."""
    tree = _told(definition)
    tree["rows"] = [_told(row) for row in definition.rows]
    tree["columns"] = [_column(column) for column in definition.columns]
    tree["checks"] = [_told(check) for check in definition.checks]
    return tree


def toml_of(tree: Mapping[str, object]) -> str:
    """The tree as TOML: the head first, then each row, column and check."""
    head = [f"{key} = {toml_value(value)}" for key, value in tree.items() if key not in LISTS]
    parts = [
        "\n".join([f"[[{name}]]", *(f"{key} = {toml_value(value)}" for key, value in entry.items())])
        for name in LISTS
        for entry in _entries(tree, name)
    ]
    return "\n\n".join(["\n".join(head), *parts]) + "\n"


def _entries(tree: Mapping[str, object], name: str) -> Sequence[Tree]:
    found = tree.get(name)
    return found if isinstance(found, list) else []


def _column(column: Column) -> Tree:
    told = _told(column)
    told.pop("alternative", None)
    if column.alternative is not None:
        other = _told(column.alternative)
        told["switched"] = {key: value for key, value in other.items() if told.get(key) != value}
    return told


def _told(part: TableDefinition | Column | Row | CheckRule) -> Tree:
    """The fields of a part that differ from their defaults, in plain values."""
    return {
        each.name: msgspec.to_builtins(getattr(part, each.name))
        for each in fields(part)
        if each.name not in LISTS and getattr(part, each.name) != _default(each)
    }


def _default(each: Field[object]) -> object:
    if each.default is not MISSING:
        return each.default
    return each.default_factory() if each.default_factory is not MISSING else MISSING
