"""The declarative base, column types, and the two kinds of travelling rows."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Container
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Date, Dialect, ForeignKey, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from app import vocabulary


class UtcTime(TypeDecorator[datetime]):
    """An aware moment, stored as sortable ISO text in UTC with microseconds and a final ``Z``."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        """Aware datetime to text; a naive one is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, _dialect: Dialect) -> datetime | None:
        """Text to aware datetime."""
        return None if value is None else datetime.fromisoformat(value)


class Word(TypeDecorator[StrEnum]):
    """A coded word of :mod:`app.vocabulary`, stored as its value."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words
        self.texts = frozenset(word.value for word in words)

    def process_bind_param(self, value: StrEnum | None, _dialect: Dialect) -> str | None:
        """Word to text; plain text is checked to be one of the words."""
        if isinstance(value, self.words):
            return value.value
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrEnum | None:
        """Text to word."""
        return None if value is None else self.words(value)


def _words() -> dict[type, TypeEngine[Any]]:
    found = [item for item in vars(vocabulary).values() if isinstance(item, type)]
    return {item: Word(item) for item in found if issubclass(item, StrEnum) and item is not StrEnum}


Fen = Annotated[int, mapped_column(BigInteger)]
"""Money in integer 分."""

LongText = Annotated[str, mapped_column(Text, default="")]
"""Text a person wrote, empty when nothing was said."""

Name = Annotated[str, mapped_column(String(400), default="")]
"""A short text, empty when nothing was said."""


class Base(DeclarativeBase):
    """Declarative base; types of annotations are mapped here once."""

    type_annotation_map: ClassVar[dict[type, TypeEngine[Any]]] = {
        str: String(400),
        int: Integer(),
        bool: Boolean(),
        date: Date(),
        datetime: UtcTime(),
        **_words(),
    }


class Record:
    """Mixin of a travelling aggregate's root row; ``__record__`` is its kind on the wire."""

    __record__: ClassVar[str]

    id: Mapped[str] = mapped_column(String(32), primary_key=True)


class Part:
    """Mixin of a row that belongs to a record.

    Its primary key is (root id, key); the key is natural or a random name, never a row number.
    ``__part__`` is the first step of its paths in the record's document (``answers/3.1/verdict``).
    """

    __record__: ClassVar[str]
    __part__: ClassVar[str]


def part_of(root: str) -> MappedColumn[str]:
    """First primary-key column of a part: its root's id.

    Deferred to the commit, so that a record's rows may be written in any order.
    """
    key = ForeignKey(root, ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    return mapped_column(String(32), key, primary_key=True)


def part_key() -> MappedColumn[str]:
    """Second primary-key column of a part: its key within the root."""
    return mapped_column(String(120), primary_key=True)


LOCAL_ONLY = {"local": True}
"""``info`` of a column that is derived or belongs to this store alone and does not travel."""

BLOB = {"blob": True}
"""``info`` of a column that names bytes in the evidence store; they travel with the record."""


def new_id() -> str:
    """A random identifier of 32 hex digits."""
    return uuid.uuid4().hex


def derived_id(kind: str, identifier: str) -> str:
    """The identifier of what the world already numbers: the same in every office that meets it.

    ``identifier`` is what tells one of ``kind`` from the next: a good credit code, a 执法证号, a
    certification body's name. 32 hex digits of a SHA-256.
    """
    return hashlib.sha256(f"{kind}\n{identifier}".encode()).hexdigest()[:32]


def fresh_id(kind: str, identifier: str, taken: Container[str]) -> str:
    """The derived id of something new; a random one where an entry that was renumbered has kept it."""
    derived = derived_id(kind, identifier)
    return new_id() if derived in taken else derived
