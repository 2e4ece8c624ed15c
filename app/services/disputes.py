"""Records in conflict: all values are kept, with whose, when and where, until a person decides."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.people import Device
from app.models.revisions import RecordState
from app.services.paper_names import NO_PAPERS, Papers, papers_in
from app.services.titles import titles_in
from app.services.workplace import Workplace
from app.sync.decisions import first_writer
from app.sync.ledger import revisions_of
from app.sync.revision import Nothing, Sealed, Written
from app.sync.shapes import RECORD_KINDS, Value
from app.sync.view import Claim, View, common_past, view


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A record that several people gave different values for."""

    kind: str
    record_id: str
    title: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisputedValue:
    """One of the values: whose, when, on which device. ``None`` stands for removed or cleared.

    ``revision`` names a write that stands; in a reopened conflict the others tell of the first writer.
    """

    value: Value
    author: str
    credential: str
    device: str
    made_at: str
    revision: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class DisputedField:
    """A path with everything that was said about it; ``shown`` is what the rows hold meanwhile.

    Equal ``values`` stand together, each of their writers once, however often they were reopened.
    ``former`` is what stood there when its authors last knew the same; ``None`` when nothing did.
    """

    path: str
    shown: Value
    values: tuple[DisputedValue, ...]
    former: Value = None
    papers: Papers = field(default=NO_PAPERS, compare=False, repr=False)


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
    wanted = (
        select(RecordState.record_kind, RecordState.record_id, RecordState.conflicts)
        .where(RecordState.in_conflict)
        .order_by(RecordState.record_kind, RecordState.record_id)
    )
    with place.read() as session:
        found = session.execute(wanted).all()
        titles = titles_in(session, ((kind, record_id) for kind, record_id, _ in found))
    return tuple(
        ConflictRow(kind, record_id, titles.get((kind, record_id), ""), tuple(json.loads(paths)))
        for kind, record_id, paths in found
    )


def conflict_count(place: Workplace) -> int:
    """How many records are in conflict."""
    counted = select(func.count()).select_from(RecordState).where(RecordState.in_conflict)
    with place.read() as session:
        return session.scalar(counted) or 0


def conflict_detail(place: Workplace, *, kind: str, record_id: str) -> tuple[DisputedField, ...]:
    """Every disputed field of a record with all its values; empty when nothing is disputed."""
    if kind not in RECORD_KINDS:
        raise BadInput("sync.unknown_kind", kind=kind)
    with place.read() as session:
        names = {device.id: device.name for device in session.scalars(select(Device))}
        known = revisions_of(session, kind, [record_id]).get(record_id, [])
        papers = papers_in(session, place, kind, record_id)
    seen = view(known)
    found = (_field(path, seen, known, names, place.device_id) for path in seen.conflicts)
    return tuple(replace(each, papers=papers) for each in found)


def _field(path: str, seen: View, known: list[Sealed], names: dict[str, str], own: str) -> DisputedField:
    claims = seen.values[path]
    shared = common_past(known, (claim.revision for claim in claims))
    return DisputedField(
        path,
        _plain(seen.shown(path)),
        _grouped(_disputed(claim, first_writer(claim, path, known), names, own) for claim in claims),
        _plain(view(shared).shown(path)),
    )


def _grouped(values: Iterable[DisputedValue]) -> tuple[DisputedValue, ...]:
    """Equal values beside each other, each writer of one once; in the order they came otherwise."""
    groups: dict[tuple[type, Value], dict[tuple[str, ...], DisputedValue]] = {}
    for each in values:
        writer = each.author, each.credential, each.device, each.made_at
        groups.setdefault((type(each.value), each.value), {}).setdefault(writer, each)
    return tuple(each for group in groups.values() for each in group.values())


def _plain(value: Written) -> Value:
    return None if isinstance(value, Nothing) else value


def _disputed(claim: Claim, first: Claim, names: dict[str, str], own: str) -> DisputedValue:
    return DisputedValue(
        value=_plain(claim.value),
        author=first.author,
        credential=first.credential,
        device=names.get(first.device, first.device),
        made_at=first.made_at,
        revision=claim.revision,
        ours=first.device == own,
    )
