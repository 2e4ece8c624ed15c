"""Taking packages in: verify, stage, switch in one commit, settle, answer.

Each package is one step: killed at any moment, either all of it is there or nothing is. Reading
verifies everything while evidence goes into a staging folder; one transaction takes the records
and carries the folder's token; then the files move to where they belong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import BadInput, EnvironmentFault, Place, Problem
from app.files import require_free_space
from app.models.revisions import Package
from app.models.store import Work
from app.services import deliveries, peers
from app.services.arrival import Arrival
from app.services.disputes import (
    ConflictRow,
    DisputedField,
    DisputedValue,
    conflict_detail,
    conflict_rows,
    in_conflict,
)
from app.services.handover import Cancelled, Progress, Stepper
from app.services.merge_records import Fate, RecordOutcome, Taken, take
from app.services.receipts import write_receipt
from app.services.staging import Staging, sweep
from app.services.workplace import Changes, Workplace
from app.sync.package import SUFFIX, Manifest, total_size
from app.sync.reader import read_package
from app.sync.revision import Sealed
from app.sync.shapes import RECORD_KINDS, moment

__all__ = [
    "ConflictRow",
    "DisputedField",
    "DisputedValue",
    "Fate",
    "Imported",
    "RecordOutcome",
    "conflict_detail",
    "conflict_rows",
    "import_packages",
    "in_conflict",
    "sweep",
]

At = Callable[[str], None]
"""Told the name of each step as it is reached; a test may end the world there."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one package: counts of records by their fate, and each record's own.

    ``problem`` is set when the package was refused as a whole; then nothing of it went in.
    """

    file: str
    accepted: int = 0
    already: int = 0
    held: int = 0
    merged: int = 0
    conflicts: int = 0
    refused: int = 0
    receipt: Path | None = None
    problem: Problem | None = None
    package_id: str = ""
    author: str = ""
    records: tuple[RecordOutcome, ...] = ()
    remarks: tuple[Problem, ...] = ()
    changes: Changes = Changes()


def import_packages(
    place: Workplace,
    *,
    paths: Sequence[Path],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    at: At = lambda _: None,
) -> tuple[Imported, ...]:
    """Take in packages (files, or folders full of them); a bad one never stops the others."""
    sweep(place)
    done: list[Imported] = []
    for path in paths:
        found = list(_packages(path))
        if not found:
            done.append(Imported(path.name, problem=Problem("sync.nothing_found", Place(file=path.name))))
        done += [_import_file(place, each, progress, cancelled, at) for each in found]
    return tuple(done)


def _packages(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(path.glob(f"*{SUFFIX}"))
    else:
        yield path


def _import_file(
    place: Workplace, path: Path, progress: Progress | None, cancelled: Cancelled | None, at: At
) -> Imported:
    def stepper(manifest: Manifest) -> Callable[[int], None]:
        total = total_size(manifest)
        require_free_space(place.home, total)
        return Stepper(total, progress, cancelled, path.name)

    staging = Staging(place)
    arrival = Arrival(place, path.name, staging, stepper)
    try:
        read_package(path, place.vault.decrypt_stream, arrival)
        at("staged")
        taken, learned = _switch(place, arrival, staging, path, at)
    except (BadInput, EnvironmentFault) as error:
        staging.drop()
        return Imported(path.name, problem=error.problem)
    at("committed")
    staging.settle()
    at("settled")
    return _imported(place, path, arrival, taken, learned)


def _switch(
    place: Workplace, arrival: Arrival, staging: Staging, path: Path, at: At
) -> tuple[Taken, frozenset[str]]:
    manifest, author = arrival.manifest, arrival.author
    with place.write("package.import") as work:
        learned = peers.learn(work.session, manifest.devices) if author.office_device else frozenset()
        taken = take(work, place, manifest.package, arrival.revisions)
        blobs = _blobs_of(taken.kept)
        staging.keep_only(blobs)
        items = [each.id for each in taken.kept] + [each.sha256 for each in manifest.blobs]
        if manifest.author != place.device_id:
            deliveries.note(work.session, manifest.author, items, manifest.package, confirmed=True)
            _write_down(work, place, arrival, taken, path)
        staging.promise(work.session)
        work.detail.update(package=manifest.package, author=manifest.author, records=taken.touched)
        at("applied")
        work.commit()
    return taken, learned


def _blobs_of(revisions: Sequence[Sealed]) -> frozenset[str]:
    """SHA-256 of all evidence that the revisions name."""
    found = set()
    for each in revisions:
        shape = RECORD_KINDS[each.revision.kind]
        for path, value in each.revision.set.items():
            field = shape.field(path)
            if field is not None and field.blob and isinstance(value, str):
                found.add(value)
    return frozenset(found)


def _write_down(work: Work, place: Workplace, arrival: Arrival, taken: Taken, path: Path) -> None:
    manifest = arrival.manifest
    if work.session.get(Package, manifest.package) is not None:
        return
    row = Package(
        id=manifest.package,
        outgoing=False,
        peer=manifest.author,
        sequence=manifest.sequence,
        digest=arrival.digest,
        file_name=path.name,
        made_at=moment(manifest.made_at),
        handled_at=place.now(),
        records=manifest.records,
        blobs=len(manifest.blobs),
        size=path.stat().st_size,
        summary=json.dumps({fate.value: taken.count(fate) for fate in Fate}),
    )
    work.session.add(row)


def _answer(
    place: Workplace, path: Path, arrival: Arrival, outcomes: tuple[RecordOutcome, ...]
) -> Path | None:
    """The receipt; that it could not be written is told, but takes nothing back."""
    if arrival.author.id == place.device_id:
        return None
    try:
        return write_receipt(
            place,
            path,
            package_id=arrival.manifest.package,
            digest=arrival.digest,
            author=arrival.author.id,
            keys=arrival.author.keys,
            outcomes=outcomes,
        )
    except EnvironmentFault as error:
        arrival.problems.append(error.problem)
        return None


def _imported(
    place: Workplace, path: Path, arrival: Arrival, taken: Taken, learned: frozenset[str]
) -> Imported:
    outcomes = tuple(taken.outcomes)
    receipt = _answer(place, path, arrival, outcomes)
    kinds = {"package", *taken.touched, *(("device",) if learned else ())}
    ids = {arrival.manifest.package, *learned, *(each for ids in taken.touched.values() for each in ids)}
    return Imported(
        file=path.name,
        accepted=taken.count(Fate.ACCEPTED),
        already=taken.count(Fate.ALREADY),
        held=taken.count(Fate.HELD),
        merged=taken.count(Fate.MERGED),
        conflicts=taken.count(Fate.CONFLICT),
        refused=taken.count(Fate.REFUSED),
        receipt=receipt,
        package_id=arrival.manifest.package,
        author=arrival.author.name,
        records=outcomes,
        remarks=tuple(arrival.problems),
        changes=Changes(frozenset(kinds), frozenset(ids)),
    )
