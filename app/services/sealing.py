"""Sealing: what the rows say beyond the record's present view becomes one signed revision.

It happens at finalising, at export, before an import touches the record, and when a conflict is
decided. A device seals only what its role may write; its other rows are the office's business.
Where another office's entry was shown, what is changed here begins an entry of our own.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.models.store import Work
from app.services.workplace import Workplace
from app.sync.documents import difference, read_documents, slices
from app.sync.ledger import add_revisions, note_states, offices_of, stored_of
from app.sync.revision import Author, Sealed, Written, body_of, compose, opened
from app.sync.rights import governing, governor, may_write
from app.sync.view import EMPTY, view


def seal(work: Work, place: Workplace, kind: str, record_id: str) -> str | None:
    """Seal one record; the new revision's id, or ``None`` when there was nothing to seal."""
    return seal_records(work, place, kind, [record_id]).get(record_id)


def seal_records(work: Work, place: Workplace, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """Seal those of ``ids`` whose rows differ from their view: record id → revision id."""
    if not may_write(place.owner.role, kind):
        return {}
    work.session.flush()
    sealed: dict[str, str] = {}
    for some in slices(ids):
        for record_id, revision in _seal_some(work, place, kind, some).items():
            sealed[record_id] = revision.id
    if sealed:
        note = work.detail.setdefault("sealed", {})
        assert isinstance(note, dict)
        note.setdefault(kind, {}).update(sealed)
    return sealed


def _seal_some(work: Work, place: Workplace, kind: str, ids: list[str]) -> dict[str, Sealed]:
    session = work.session
    stored, offices = stored_of(session, kind, ids), offices_of(session)
    made: dict[str, Sealed] = {}
    views = {}
    for record_id, document in read_documents(session, kind, ids).items():
        known = stored.get(record_id, [])
        seen = view(governing(kind, known, offices))
        if changes := difference(kind, document, seen):
            if known and governor(kind, known, offices) not in {None, offices.own}:
                # Until now another office's word was shown: ours begins here, and stands by itself.
                seen = EMPTY
                changes = difference(kind, document, seen)
            made[record_id] = signed(place, kind, record_id, changes, heads=seen.heads)
            views[record_id] = view(governing(kind, [*known, made[record_id]], offices))
    add_revisions(session, made.values())
    note_states(session, kind, views)
    return made


def signed(
    place: Workplace,
    kind: str,
    record_id: str,
    changes: dict[str, Written],
    *,
    heads: tuple[str, ...],
    reason: str = "",
) -> Sealed:
    """A revision in the name of this home's owner, signed by this device; not stored."""
    author = Author(place.owner.name, place.owner.credential)
    revision = compose(
        kind, record_id, changes, heads,
        author=author, device=place.device_id, made_at=place.now(), reason=reason,
    )  # fmt: skip
    body = body_of(revision)
    return opened(body, place.vault.sign(body))
