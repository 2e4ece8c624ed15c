"""Importing a registry file: one write scope, bulk statements, and everything or nothing.

An organization is found by its credit code; else by its exact name, unless the organization of
that name has another good code; else by the old code inside a new one. A certificate is found by
its number within its organization. A file whose bytes were taken in before changes nothing, even
where other files have meanwhile said otherwise. A file without a date of its own is as of the day it is first imported.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.errors import Problem
from app.intake.reading import RegistryFile, open_registry
from app.models.base import new_id
from app.models.registry import RegistrySource
from app.services.registry_shelf import Counts, Source
from app.services.registry_writer import RegistryWriter
from app.services.workplace import Changes, Workplace

BATCH = 1000
_COLLECT_EVERY = 50_000

__all__ = ["Counts", "RegistryImport", "import_registry"]


@dataclass(frozen=True, slots=True)
class RegistryImport:
    """What an import brought. ``source_id`` is empty when nothing was kept (dry run, cancelled)."""

    layout: str
    as_of: date | None
    organizations: Counts
    certificates: Counts
    problems: tuple[Problem, ...]
    source_id: str = ""
    cancelled: bool = False
    changes: Changes = field(default_factory=Changes)


def import_registry(
    place: Workplace,
    *,
    path: Path,
    layout: str | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RegistryImport:
    """Take a registry file in; ``progress`` gets rows done and rows in all after each batch.

    Raises ``BadInput`` when the file cannot be read at all. When ``cancelled`` answers true
    between two batches, everything is rolled back.
    """
    file = open_registry(path, layout)
    with _rare_collection(), place.write("registry.import") as work:
        source = _source(work.session, file, place)
        writer = RegistryWriter(work.session, file, source)
        problems: list[Problem] = []
        for done, batch in enumerate(file.batches(BATCH), 1):
            if cancelled and cancelled():
                return RegistryImport(file.layout, file.as_of, Counts(), Counts(), (), cancelled=True)
            problems.extend(batch.problems)
            writer.take(batch)
            if progress:
                progress(min(done * BATCH, file.total), file.total)
        problems.extend(writer.finish())
        organizations, certificates = writer.counts()
        result = RegistryImport(file.layout, file.as_of, organizations, certificates, tuple(problems))
        if dry_run:
            return result
        if not source.known:
            work.session.add(_remembered(file, source, place, writer.rows))
        work.detail.update(_told(file, result))
        work.commit()
    return replace(result, source_id=source.id, changes=Changes.of("organization"))


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Let the garbage collector look less often: rows are made by the hundred thousand, in no cycles.

    At its usual pace it takes a fifth of an import's time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_COLLECT_EVERY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _source(session: Session, file: RegistryFile, place: Workplace) -> Source:
    """Where the rows come from, and whether these bytes were taken in before."""
    same = (RegistrySource.sha256 == file.sha256, RegistrySource.layout == file.layout)
    known = session.scalar(select(RegistrySource).where(*same))
    as_of = file.as_of or (local_date(known.imported_at) if known else place.today())
    return Source(known.id if known else new_id(), as_of, known is not None, place.now())


def _remembered(file: RegistryFile, source: Source, place: Workplace, rows: int) -> RegistrySource:
    return RegistrySource(
        id=source.id,
        file_name=file.file_name,
        sha256=file.sha256,
        layout=file.layout,
        as_of=file.as_of,
        imported_at=source.taken_at,
        imported_by=place.owner.name,
        rows=rows,
    )


def _told(file: RegistryFile, result: RegistryImport) -> dict[str, object]:
    """What the journal says of an import: the file and the sums; the rows are told by its bytes."""
    return {
        "file": file.file_name,
        "sha256": file.sha256,
        "layout": file.layout,
        "organizations": asdict(result.organizations),
        "certificates": asdict(result.certificates),
        "problems": len(result.problems),
    }
