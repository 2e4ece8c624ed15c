"""A revision: a signed, sealed set of changes to one record; its id is the hash of its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Final, Literal

import msgspec

from app.errors import BadInput
from app.sync.canonical import canonical, digest
from app.sync.lifting import SCHEMA, lifted
from app.sync.shapes import RECORD_KINDS, TIME_FORMAT, Value, is_hex, moment

LARGEST_BODY = 32 << 20
"""Bytes of one revision: a record with every text at its longest, escaped as far as JSON can."""


class Nothing(Enum):
    """What a removed part and a cleared value hold; apart from ``None``, which is a value."""

    GONE = "gone"


GONE: Final = Nothing.GONE
Written = Value | Literal[Nothing.GONE]


class Author(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """In whose name a revision was sealed."""

    name: str
    credential: str


class Revision(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """What a revision says. ``set`` and ``gone`` are its changes, ``parents`` the heads it saw.

    ``reason`` is why a person decided a conflict, or reopened one; other revisions have none.
    """

    schema: int
    kind: str
    record: str
    parents: tuple[str, ...]
    author: Author
    device: str
    made_at: str
    set: dict[str, Value]
    gone: tuple[str, ...]
    reason: str = ""

    @property
    def changes(self) -> dict[str, Written]:
        """Path → what was written there."""
        return {**self.set, **dict.fromkeys(self.gone, GONE)}

    @property
    def moment(self) -> datetime:
        """When it was sealed, by its author's clock."""
        return moment(self.made_at)


class Sealed(msgspec.Struct, frozen=True, gc=False):
    """A revision with the exact bytes it was signed in; ``revision`` says it in today's schema."""

    id: str
    body: bytes
    signature: bytes
    revision: Revision


def compose(
    kind: str,
    record: str,
    changes: Mapping[str, Written],
    parents: tuple[str, ...],
    *,
    author: Author,
    device: str,
    made_at: datetime,
    reason: str = "",
) -> Revision:
    """A revision in its canonical form: parents and removals sorted, time in UTC."""
    return Revision(
        schema=SCHEMA,
        kind=kind,
        record=record,
        parents=tuple(sorted(parents)),
        author=author,
        device=device,
        made_at=made_at.astimezone(UTC).strftime(TIME_FORMAT),
        set={path: value for path, value in changes.items() if not isinstance(value, Nothing)},
        gone=tuple(sorted(path for path, value in changes.items() if value is GONE)),
        reason=reason,
    )


def body_of(revision: Revision) -> bytes:
    """The bytes that are hashed and signed."""
    return canonical(revision)


_decoder = msgspec.json.Decoder(Revision)


def opened(body: bytes, signature: bytes, name: str = "") -> Sealed:
    """Read a revision that was checked when it came in, and is stored under ``name`` if that is given."""
    return Sealed(name or digest(body), body, signature, _today(_decoder.decode(body)))


def _today(said: Revision) -> Revision:
    """What an older program said, in today's schema."""
    if said.schema >= SCHEMA:
        return said
    values, gone = lifted(said.kind, said.schema, (said.set, said.gone))
    return msgspec.structs.replace(said, schema=SCHEMA, set=values, gone=gone)


def read(body: bytes, signature: bytes) -> Sealed:
    """Read a revision that others wrote; raises ``sync.bad_revision`` unless it is in canonical form.

    The signature is not checked here: that needs the author's device.
    """
    name = digest(body)[:12]
    if len(body) > LARGEST_BODY:
        raise BadInput("sync.bad_revision", revision=name, reason="size")
    try:
        said = _decoder.decode(body)
        said.moment.strftime(TIME_FORMAT)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput("sync.bad_revision", revision=name, reason=str(error)) from error
    if canonical(said) != body or not _well_formed(said):
        raise BadInput("sync.bad_revision", revision=name, reason="form")
    return Sealed(digest(body), body, signature, _today(said))


def _well_formed(revision: Revision) -> bool:
    return (
        revision.schema >= 1
        and revision.parents == tuple(sorted(set(revision.parents)))
        and revision.gone == tuple(sorted(set(revision.gone)))
        and revision.set.keys().isdisjoint(revision.gone)
        and is_hex(revision.record, 32)
        and is_hex(revision.device, 32)
        and all(is_hex(parent, 64) for parent in revision.parents)
    )


def unfit(revision: Revision) -> str | None:
    """The first path that this program's mapping cannot hold, or ``None`` when all fit."""
    shape = RECORD_KINDS.get(revision.kind)
    if shape is None:
        return revision.kind
    for path, value in revision.set.items():
        if not shape.accepts(path, value):
            return path
    return next((path for path in revision.gone if not shape.accepts_removal(path)), None)
