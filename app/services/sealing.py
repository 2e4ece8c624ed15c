"""Sealing: what the rows say beyond the record's present view becomes one signed revision.

It happens at finalising, at export, before an import touches the record, and when a conflict is
decided. A device seals only what its role may write; its other rows are the office's business.
Where another office's entry was shown, what is changed here begins an entry of our own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.models.store import Work
from app.services.workplace import Workplace
from app.sync.canonical import digest
from app.sync.documents import Document, difference, read_documents, slices
from app.sync.ledger import add_revisions, note_states, offices_of, stored_of
from app.sync.revision import Author, Sealed, Written, body_of, compose
from app.sync.rights import Offices, governing, governor, may_write
from app.sync.view import EMPTY, View, advanced, view


def seal(work: Work, place: Workplace, kind: str, record_id: str) -> str | None:
    """Seal one record; the new revision's id, or ``None`` when there was nothing to seal."""
    return seal_records(work, place, kind, [record_id]).get(record_id)


def seal_records(work: Work, place: Workplace, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """Seal those of ``ids`` whose rows differ from their view: record id → revision id."""
    if not may_write(place.owner.role, kind):
        return {}
    sealed: dict[str, str] = {}
    offices = offices_of(work.session)
    for some in slices(ids):
        found = standings(work, place, kind, some, offices)
        note_states(work.session, kind, keep_sealed(work, kind, found))
        sealed |= {record_id: each.made.id for record_id, each in found.items() if each.made is not None}
    return sealed


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands with everything sealed: its revisions, what they show here, what its rows say.

    ``made`` is the last of the revisions when it was sealed just now; ``document`` is ``None`` where
    there are no rows.
    """

    known: list[Sealed]
    seen: View
    document: Document | None
    made: Sealed | None = None


def standings(
    work: Work, place: Workplace, kind: str, ids: Sequence[str], offices: Offices
) -> dict[str, Standing]:
    """Where each of ``ids`` stands; what is sealed for it still has to be kept."""
    work.session.flush()  # documents are read from the rows, past what the session still holds
    stored, documents = stored_of(work.session, kind, ids), read_documents(work.session, kind, ids)
    found: dict[str, Standing] = {}
    for record_id in ids:
        known, document = stored.get(record_id, []), documents.get(record_id)
        standing = Standing(known, view(governing(kind, known, offices)), document)
        found[record_id] = _sealed(place, kind, record_id, standing, offices)
    return found


def keep_sealed(work: Work, kind: str, found: Mapping[str, Standing]) -> dict[str, View]:
    """Put what was sealed into the set and into the journal; the views whose states are to be noted."""
    made = {record_id: each.made for record_id, each in found.items() if each.made is not None}
    add_revisions(work.session, made.values())
    if made:
        note = work.detail.setdefault("sealed", {})
        assert isinstance(note, dict)
        note.setdefault(kind, {}).update((record_id, each.id) for record_id, each in made.items())
    return {record_id: found[record_id].seen for record_id in made}


def _sealed(place: Workplace, kind: str, record_id: str, standing: Standing, offices: Offices) -> Standing:
    """The same with what the rows say beyond the view as its last revision, where there is anything."""
    known, seen, document = standing.known, standing.seen, standing.document
    if document is None or not may_write(place.owner.role, kind):
        return standing
    if not (changes := difference(kind, document, seen)):
        return standing
    if known and governor(kind, known, offices) not in {None, offices.own}:
        # Until now another office's word was shown: ours begins here, and stands by itself.
        seen = EMPTY
        changes = difference(kind, document, seen)
    made = signed(place, kind, record_id, changes, heads=seen.heads)
    return Standing([*known, made], advanced(seen, made, {each.id for each in known}), document, made)


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
    return Sealed(digest(body), body, place.vault.sign(body), revision)
