"""The examination behind ``verify``: one function for each thing that may have been damaged.

Each takes the workplace and yields a problem for every fault it meets. The remarks of
:func:`orphans` are no faults: the bytes of a photo that was taken out again stay until a backup.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.checklists.loader import load_catalog
from app.errors import EnvironmentFault, Place, Problem
from app.files import resource
from app.forms import catalog as forms
from app.forms.fonts import BOLD, REGULAR
from app.law.library import load_library
from app.models.inspection import Evidence, Signature
from app.models.journal import JournalEntry, digest_of
from app.models.papers import PageSignature
from app.models.scans import Scan, TrayPage
from app.models.store import GENESIS
from app.services.evidence_needs import named_anywhere
from app.services.workplace import Workplace
from app.sync.canonical import digest


def store_pages(place: Workplace) -> Iterator[Problem]:
    """Every page authentic (SQLCipher's HMAC) and every table and index sound."""
    where = Place(file=place.store.path.name)
    with place.read() as session:
        connection = session.connection()
        for (fault,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check"):
            yield Problem("upkeep.page_damaged", where, {"fault": str(fault)})
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if said != "ok":
                yield Problem("upkeep.store_damaged", where, {"fault": str(said)})
        for table, row, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield Problem("upkeep.reference_broken", where, {"table": str(table), "row": str(row)})


def journal_chain(place: Workplace) -> Iterator[Problem]:
    """Every entry carries its own digest and the one of the entry before it."""
    previous = GENESIS
    with place.read() as session:
        for entry in session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)):
            if entry.previous != previous:
                yield Problem("upkeep.journal_gap", values={"sequence": entry.sequence})
            if entry.digest != digest_of(entry):
                yield Problem("upkeep.journal_changed", values={"sequence": entry.sequence})
            previous = entry.digest


def evidence_files(place: Workplace) -> Iterator[Problem]:
    """Every stored file decrypts to the bytes it is named after, and none that is named is missing."""
    stored = set()
    for sha256 in place.evidence.names():
        stored.add(sha256)
        if _hash_of(place, sha256) != sha256:
            yield Problem("upkeep.evidence_damaged", Place(file=sha256))
    for sha256 in sorted(referenced(place) - stored):
        yield Problem("upkeep.evidence_missing", Place(file=sha256))


def orphans(place: Workplace) -> Iterator[Problem]:
    """Stored files that no record names any more; harmless, but counted."""
    for sha256 in sorted(set(place.evidence.names()) - referenced(place) - _named_by_history(place)):
        yield Problem("upkeep.evidence_orphan", Place(file=sha256), taken=True)


def former_evidence(place: Workplace) -> Iterator[Problem]:
    """Evidence that was replaced, taken out or set aside is told of too when it is not here: history names it."""
    for sha256 in sorted(former(place)):
        if not place.evidence.has(sha256):
            yield Problem("upkeep.former_evidence_missing", Place(file=sha256), taken=True)


def former(place: Workplace) -> set[str]:
    """SHA-256 of every file that only history names."""
    return _named_by_history(place) - referenced(place)


def _named_by_history(place: Workplace) -> set[str]:
    with place.read() as session:
        return {sha256 for sha256 in named_anywhere(session) if sha256}


def referenced(place: Workplace) -> set[str]:
    """SHA-256 of every file that a record names, or a page in the tray: evidence, signatures, scans."""
    with place.read() as session:
        photos = session.scalars(select(Evidence.sha256).where(Evidence.sha256 != ""))
        signatures = [
            *session.scalars(select(Signature.image)),
            *session.scalars(select(PageSignature.image)),
        ]
        pages = [*session.scalars(select(Scan.sha256)), *session.scalars(select(TrayPage.sha256))]
        return {*photos, *(image for image in signatures if image is not None), *pages}


def _hash_of(place: Workplace, sha256: str) -> str | None:
    try:
        return digest(place.evidence.read(sha256))
    except EnvironmentFault:
        return None


def data_counts() -> dict[str, int]:
    """How much of each kind :func:`shipped_data` reads."""
    law, _ = load_library()
    return {
        "checklists": len(load_catalog(known_provisions=law)[0]),
        "forms": len(forms.forms()),
        "provisions": len(law),
        "faces": len({*REGULAR, *BOLD}),
    }


def shipped_data(_place: Workplace) -> Iterator[Problem]:
    """Law, checklists and forms can be read, and every face that forms print with is there."""
    law, law_problems = load_library()
    yield from law_problems
    yield from load_catalog(known_provisions=law)[1]
    yield from forms.read_folder(resource("forms"))[1]
    for name in sorted({*REGULAR, *BOLD}):
        if not resource("fonts", f"{name}.ttf").is_file():
            yield Problem("upkeep.font_missing", Place(file=f"{name}.ttf"))
