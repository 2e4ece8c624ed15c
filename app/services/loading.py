"""What a package would carry, told before it is made: records by kind, evidence, size.

Nothing is sealed or written. Changes that are not sealed yet are counted as they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.revisions import Revision
from app.services import peers
from app.services.cargo import Scope, pending, scope_for
from app.services.deliveries import delivered
from app.services.evidence_needs import named_of
from app.services.workplace import Workplace
from app.sync.documents import read_documents, slices
from app.sync.ledger import Key
from app.sync.shapes import RECORD_KINDS


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would go: records counted by kind, files of evidence, and about how many bytes.

    ``complete`` are those of the asked devices that have everything already.
    """

    kinds: dict[str, int]
    evidence: int
    bytes: int
    complete: tuple[str, ...]

    @property
    def records(self) -> int:
        """Records of all kinds together."""
        return sum(self.kinds.values())


@dataclass(slots=True)
class _Load:
    """What a device lacks: records, evidence by digest, and the sizes of revisions by id."""

    records: set[Key] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)

    def add(self, other: _Load) -> None:
        self.records |= other.records
        self.evidence |= other.evidence
        self.sizes |= other.sizes


def foreseen(place: Workplace, *, to: Collection[str], whole: bool = False, drafts: bool = False) -> Foreseen:
    """What one package to all of ``to`` (ids of devices, or ``office``) would carry.

    The size is that of evidence and revisions before they are packed, so rather too much.
    """
    total, complete = _Load(), []
    with place.read() as session:
        for name in to:
            device = peers.peer(session, name)
            scope = scope_for(session, place.owner.role, device.id, device.role, drafts=drafts)
            load = _lacking(session, place, scope, None if whole else device.id)
            total.add(load)
            if not load.records and not load.evidence:
                complete.append(device.id)
    return Foreseen(
        kinds=dict(Counter(kind for kind, _ in sorted(total.records))),
        evidence=len(total.evidence),
        bytes=sum(total.sizes.values()) + sum(map(place.evidence.size, total.evidence)),
        complete=tuple(complete),
    )


def _lacking(session: Session, place: Workplace, scope: Scope, peer: str | None) -> _Load:
    """What of ``scope`` the peer does not have; all of it for ``None``."""
    load = _Load()
    for kind, ids in scope.items():
        for some in slices(ids):
            load.add(_weighed(session, place, kind, some, peer))
    return load


def _weighed(session: Session, place: Workplace, kind: str, ids: Sequence[str], peer: str | None) -> _Load:
    wanted = select(Revision.id, Revision.record_id, func.length(Revision.body)).where(
        Revision.record_kind == kind, Revision.record_id.in_(ids)
    )
    sealed = {name: (record_id, size) for name, record_id, size in session.execute(wanted)}
    evidence = {each for each in _evidence(session, kind, ids) if place.evidence.has(each)}
    changed = list(ids)
    if peer is not None:
        there = delivered(session, peer, [*sealed, *evidence], place.now())
        sealed = {name: known for name, known in sealed.items() if name not in there}
        evidence -= there
        changed = pending(session, kind, ids, peer, place.now(), has=place.evidence.has)
    touched = {*changed, *(record_id for record_id, _ in sealed.values())}
    sizes = {name: size for name, (_, size) in sealed.items()}
    return _Load({(kind, record_id) for record_id in touched}, evidence, sizes)


def _evidence(session: Session, kind: str, ids: Sequence[str]) -> set[str]:
    """What the records name as they stand, sealed or not, and what their history names."""
    shape = RECORD_KINDS[kind]
    return set(named_of(session, [(kind, record_id) for record_id in ids])) | {
        value
        for document in read_documents(session, kind, ids).values()
        for path, value in document.items()
        if isinstance(value, str) and (found := shape.field(path)) is not None and found.blob
    }
