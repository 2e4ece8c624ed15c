"""Records in conflict: all values are kept, with whose, when and where, until a person decides."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.people import Device
from app.models.revisions import RecordState
from app.services.workplace import Workplace
from app.sync.documents import read_document
from app.sync.ledger import view_of
from app.sync.revision import Nothing, Written
from app.sync.shapes import RECORD_KINDS, Value
from app.sync.view import Claim


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A record that several people gave different values for."""

    kind: str
    record_id: str
    title: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisputedValue:
    """One of the values: whose, when, on which device. ``None`` stands for removed or cleared."""

    value: Value
    author: str
    credential: str
    device: str
    made_at: str
    revision: str


@dataclass(frozen=True, slots=True)
class DisputedField:
    """A path with everything that was said about it; ``shown`` is what the rows hold meanwhile."""

    path: str
    shown: Value
    values: tuple[DisputedValue, ...]


def in_conflict(session: Session, kind: str, record_id: str) -> bool:
    """Whether the record may not be finalised, counted or printed as final."""
    state = session.get(RecordState, (kind, record_id))
    return state is not None and state.in_conflict


def require_settled(session: Session, kind: str, record_id: str) -> None:
    """Refuse to change a record in conflict: writing over a disputed value would decide it unseen."""
    if in_conflict(session, kind, record_id):
        raise undecided(kind, record_id)


def undecided(kind: str, record_id: str) -> BadInput:
    """The refusal to change a record in conflict."""
    return BadInput("sync.undecided", kind=kind, id=record_id)


def conflict_rows(place: Workplace) -> tuple[ConflictRow, ...]:
    """Every record in conflict."""
    with place.read() as session:
        found = session.scalars(
            select(RecordState)
            .where(RecordState.in_conflict)
            .order_by(RecordState.record_kind, RecordState.record_id)
        )
        return tuple(_conflict_row(session, state) for state in found)


def _conflict_row(session: Session, state: RecordState) -> ConflictRow:
    document = read_document(session, state.record_kind, state.record_id) or {}
    titles = [document[name] for name in ("subject_name", "title", "name") if name in document]
    title = str(titles[0]) if titles else ""
    return ConflictRow(state.record_kind, state.record_id, title, tuple(json.loads(state.conflicts)))


def conflict_detail(place: Workplace, *, kind: str, record_id: str) -> tuple[DisputedField, ...]:
    """Every disputed field of a record with all its values; empty when nothing is disputed."""
    if kind not in RECORD_KINDS:
        raise BadInput("sync.unknown_kind", kind=kind)
    with place.read() as session:
        names = {device.id: device.name for device in session.scalars(select(Device))}
        seen = view_of(session, kind, record_id)
    return tuple(
        DisputedField(
            path,
            _plain(seen.shown(path)),
            tuple(_disputed(claim, names) for claim in seen.values[path]),
        )
        for path in seen.conflicts
    )


def _plain(value: Written) -> Value:
    return None if isinstance(value, Nothing) else value


def _disputed(claim: Claim, names: dict[str, str]) -> DisputedValue:
    return DisputedValue(
        value=_plain(claim.value),
        author=claim.author,
        credential=claim.credential,
        device=names.get(claim.device, claim.device),
        made_at=claim.made_at,
        revision=claim.revision,
    )
