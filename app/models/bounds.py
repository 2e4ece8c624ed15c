"""What a column can hold, asked of every row before it is written.

SQLite itself would take a text of any length. But a record travels, and the receiving side refuses
what its columns cannot hold; so the person who writes it hears of it, not the office weeks later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.types import TypeEngine

from app.errors import BadInput
from app.models.base import Base, Part, Record
from app.wording import label

LONGEST_TEXT = 100_000
"""Characters of a text whose column names no length: prose of a record, which has to fit into packages."""

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def require_text(name: str, kind: TypeEngine[object], value: str) -> None:
    """Refuse a text that is too long for a travelling column ``name``, or that cannot be written."""
    _require_text(name, _length(kind) or LONGEST_TEXT, value)


def require_storable(row: Base, names: Iterable[str]) -> None:
    """Refuse a text that is too long or no text, and a number out of range, among ``names``."""
    columns = row.__table__.columns
    prose = LONGEST_TEXT if isinstance(row, Record | Part) else None
    for name in names:
        value = getattr(row, name)
        if isinstance(value, str):
            _require_text(name, _length(columns[name].type) or prose, value)
        elif isinstance(value, int):
            _require_number(name, columns[name].type, value)


def _length(kind: TypeEngine[object]) -> int | None:
    return kind.length if isinstance(kind, String) else None


def _require_text(name: str, limit: int | None, value: str) -> None:
    field = label("column", name)
    if limit is not None and len(value) > limit:
        raise BadInput("store.too_long", field=field, limit=limit, length=len(value))
    if _UNWRITABLE.search(value):
        raise BadInput("store.unwritable", field=field)


def _require_number(name: str, kind: TypeEngine[object], value: int) -> None:
    limit = 1 << (63 if isinstance(kind, BigInteger) else 31)
    if isinstance(kind, Integer) and not -limit <= value < limit:
        raise BadInput("store.too_large", field=label("column", name), limit=limit)
