"""Which evidence revisions name, and of which records: what may never be dropped, and what is lacking.

History counts as much as what is shown: a picture that was replaced, or that a decision set aside, is
evidence of what was said, and every device that has the revision needs the file too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Place, Problem
from app.models.revisions import HeldRevision
from app.models.revisions import Revision as StoredRevision
from app.services.staging import Staging
from app.services.titles import record_titles
from app.services.workplace import Workplace
from app.sync.documents import blobs_written
from app.sync.ledger import Key, stored_of
from app.sync.revision import Sealed, opened
from app.sync.shapes import RECORD_KINDS, Shape

Named = dict[str, set[Key]]
"""By the SHA-256 of evidence the records whose revisions name it."""

_DIGEST = re.compile(rb"[0-9a-f]{64}")


def _names_evidence(shape: Shape) -> bool:
    return any(field.blob for rows in (shape.root, *shape.parts.values()) for field in rows.fields.values())


_KINDS = frozenset(kind for kind, shape in RECORD_KINDS.items() if _names_evidence(shape))


def named_by(revisions: Iterable[Sealed]) -> Named:
    """All evidence that ``revisions`` name."""
    found: Named = {}
    add_named(found, revisions)
    return found


def add_named(found: Named, revisions: Iterable[Sealed]) -> None:
    """Add to ``found`` all evidence that ``revisions`` name."""
    for each in revisions:
        for sha256 in blobs_written(each.revision):
            found.setdefault(sha256, set()).add((each.revision.kind, each.revision.record))


def named_of(session: Session, keys: Collection[Key]) -> Named:
    """All evidence that the stored revisions of some records name, whether or not it is shown."""
    found: Named = {}
    for kind in sorted(_KINDS):
        stored = stored_of(session, kind, sorted({record_id for each, record_id in keys if each == kind}))
        for known in stored.values():
            add_named(found, known)
    return found


def still_named(session: Session, blobs: Collection[str]) -> frozenset[str]:
    """Those of ``blobs`` that any revision of this home names, stored or waiting; reads all of them."""
    found = set[str]()
    for table in (StoredRevision, HeldRevision) if blobs else ():
        wanted = select(table.body, table.signature).where(table.record_kind.in_(_KINDS))
        for body, signature in session.execute(wanted.execution_options(yield_per=500)):
            likely = {each.decode() for each in _DIGEST.findall(body)}
            if not likely.isdisjoint(blobs):
                found |= blobs_written(opened(body, signature).revision) & set(blobs)
    return frozenset(found)


def named_anywhere(session: Session) -> set[str]:
    """All evidence that any revision of this home names, stored or waiting; reads all of them."""
    found = set[str]()
    for table in (StoredRevision, HeldRevision):
        wanted = select(table.body, table.signature).where(table.record_kind.in_(_KINDS))
        for body, signature in session.execute(wanted.execution_options(yield_per=500)):
            if _DIGEST.search(body):
                found |= blobs_written(opened(body, signature).revision)
    return found


@dataclass(frozen=True, slots=True)
class Lacking:
    """Evidence that is not here after an import.

    ``named`` is what the records name; ``all`` also holds what came and was not kept, since nothing
    here names it: its sender may not tick it off.
    """

    named: Named
    all: frozenset[str]


def take_evidence(
    session: Session, place: Workplace, staging: Staging, named: Named, brought: frozenset[str]
) -> Lacking:
    """Keep of what was ``brought`` all that a revision here names, whenever that came; forget the rest.

    ``named`` is all evidence of the records that the package spoke of.
    """
    alone = {each for each in brought - named.keys() if staging.has_blob(each)}
    staging.keep_only(named.keys() | still_named(session, alone))

    def missing(sha256: str) -> bool:
        return not (staging.has_blob(sha256) or place.evidence.has(sha256))

    lacking = {sha256: keys for sha256, keys in named.items() if missing(sha256)}
    return Lacking(lacking, frozenset(lacking.keys() | set(filter(missing, brought))))


def told(place: Workplace, code: str, named: Named, where: Place | None = None) -> tuple[Problem, ...]:
    """One remark on evidence that is not here: how much, one of its records, and how many there are."""
    if not named:
        return ()
    keys = sorted({key for some in named.values() for key in some})
    titles = record_titles(place, keys)
    title = next((titles[key] for key in keys if titles.get(key)), keys[0][1][:8])
    values: dict[str, str | int] = {
        "title": title, "records": len(keys), "count": len(named), "sha256": min(named)[:12],
    }  # fmt: skip
    return (Problem(code, where or Place(), values, taken=True),)
