"""Taking packages in: verify, stage, switch in one commit, settle, answer.

Each package is one step: killed at any moment, either all of it is there or nothing is. Reading
verifies everything while evidence goes into a staging folder; one transaction takes the records
and carries the folder's token; then the files move to where they belong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from app.errors import BadInput, EnvironmentFault, Place, Problem
from app.files import explained
from app.models.revisions import Package
from app.models.store import Work
from app.services import branching, deliveries, peers
from app.services.answers import import_receipt
from app.services.arrival import Arrival
from app.services.disputes import (
    ConflictRow,
    DisputedField,
    DisputedValue,
    conflict_detail,
    conflict_rows,
    in_conflict,
)
from app.services.evidence_needs import Lacking, take_evidence, told
from app.services.handover import At, nobody
from app.services.merge_records import Fate, RecordOutcome, Taken, take
from app.services.outbox import package_of
from app.services.practising import require_real
from app.services.progress import Cancelled, Progress, Stepper
from app.services.receipts import SUFFIX as RECEIPT_SUFFIX
from app.services.receipts import Answer, write_receipt
from app.services.room import import_size, require_room
from app.services.staging import Staging, sweep
from app.services.waiting import explained as with_what_is_missing
from app.services.workplace import Changes, Workplace
from app.sync import volumes
from app.sync.package import SUFFIX, Manifest, total_size
from app.sync.reader import read_package
from app.sync.shapes import moment

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


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one package: counts of records by their fate, and each record's own.

    ``problem`` is set when the package was refused as a whole; then nothing of it went in. Of a
    receipt ``answered`` counts the records it spoke of, and ``author`` is the receiver.
    """

    file: str
    accepted: int = 0
    already: int = 0
    held: int = 0
    merged: int = 0
    conflicts: int = 0
    refused: int = 0
    answered: int = 0
    receipt: Path | None = None
    problem: Problem | None = None
    package_id: str = ""
    author: str = ""
    records: tuple[RecordOutcome, ...] = ()
    remarks: tuple[Problem, ...] = ()
    changes: Changes = Changes()


@dataclass(frozen=True, slots=True)
class Watch:
    """Who follows an import, who may stop it, and which revoked devices' packages were looked at."""

    progress: Progress | None = None
    cancelled: Cancelled | None = None
    at: At = nobody
    admit: frozenset[str] = frozenset()


_Try = tuple[Imported, Callable[[], Imported | None] | None]
"""What became of a file, and how to try it again."""


@dataclass(frozen=True, slots=True)
class _Done:
    taken: Taken
    learned: frozenset[str]
    gaps: tuple[int, ...]
    lacking: Lacking


def import_packages(
    place: Workplace,
    *,
    paths: Sequence[Path],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    at: At = nobody,
    admit: Collection[str] = (),
) -> tuple[Imported, ...]:
    """Take in packages and receipts (files, or folders full of them); a bad one never stops the others.

    What a device made before it was revoked and brings only now waits for a person: ``admit`` names
    the devices whose late packages somebody has looked at.
    """
    require_real(place)
    sweep(place)
    watch = Watch(progress, cancelled, at, frozenset(admit))
    done: list[_Try] = []
    pieces: list[Path] = []
    for path in paths:
        found = list(_files(path))
        if not found:
            nothing = Problem("sync.nothing_found", Place(file=path.name))
            done.append((Imported(path.name, problem=nothing), None))
        # Joined when all paths were gone through: the volumes of a package may lie on several sticks.
        pieces += (each for each in found if each.suffix == volumes.SUFFIX)
        for each in (each for each in found if each.suffix != volumes.SUFFIX):
            again = partial(_import_one, place, each, watch, named=each == path)
            one = again()
            done += [] if one is None else [(one, again)]
    return _with_late_introductions([*done, *_import_volumes(place, pieces, watch)], watch)


def _with_late_introductions(done: list[_Try], watch: Watch) -> tuple[Imported, ...]:
    """Try again what came before the package that introduces its author; the later result counts."""
    learned = any("device" in one.changes.kinds for one, _ in done)
    while learned:
        learned = False
        for place, (one, again) in enumerate(done):
            unknown = one.problem is not None and one.problem.code == "sync.unknown_author"
            if not unknown or again is None or (watch.cancelled is not None and watch.cancelled()):
                continue
            later = again() or one
            learned |= "device" in later.changes.kinds
            done[place] = later, again
    return tuple(one for one, _ in done)


def _files(path: Path) -> Iterator[Path]:
    """Packages first: a receipt beside them may speak of what they bring."""
    if path.is_dir():
        for suffix in (SUFFIX, volumes.SUFFIX, RECEIPT_SUFFIX):
            yield from sorted(path.glob(f"*{suffix}"))
    elif path.suffix == volumes.SUFFIX and path.is_file():
        yield from volumes.siblings(path)
    else:
        yield path


def _import_one(place: Workplace, path: Path, watch: Watch, *, named: bool) -> Imported | None:
    if watch.cancelled is not None and watch.cancelled():
        return Imported(path.name, problem=Problem("sync.cancelled", Place(file=path.name)))
    if path.name.endswith(RECEIPT_SUFFIX):
        return _import_receipt(place, path, named=named)
    return _import_file(place, path, watch)


def _import_volumes(place: Workplace, pieces: Sequence[Path], watch: Watch) -> Iterator[_Try]:
    if not pieces:
        return
    # Each volume found the others beside it.
    pieces, name = tuple(dict.fromkeys(pieces)), pieces[0].name
    try:
        with explained(pieces[0].parent):
            total = sum(path.stat().st_size for path in pieces)
        joined, problems = volumes.join(pieces, Stepper(total, watch.progress, watch.cancelled, name))
    except (BadInput, EnvironmentFault) as error:
        joined, problems = [], [error.problem]
    for problem in problems:
        yield Imported(problem.where.file or "", problem=problem), None
    for source in joined:
        again = partial(_import_file, place, source, watch)
        yield again(), again


def _import_receipt(place: Workplace, path: Path, *, named: bool) -> Imported | None:
    """Take in a receipt; of those in a folder the ones for other devices are passed over."""
    try:
        done = import_receipt(place, path)
    except (BadInput, EnvironmentFault) as error:
        if not named and error.problem.code == "sync.not_for_this_device":
            return None
        return Imported(path.name, problem=error.problem)
    return Imported(
        path.name,
        answered=done.records,
        package_id=done.package_id,
        author=done.receiver,
        remarks=done.remarks,
        changes=done.changes,
    )


def _import_file(place: Workplace, source: Path | volumes.Joined, watch: Watch) -> Imported:
    path = source if isinstance(source, Path) else source.path

    def stepper(manifest: Manifest) -> Callable[[int], None]:
        evidence = sum(each.size for each in arrival.blobs if not place.evidence.has(each.sha256))
        require_room((place.home, import_size(manifest, place.device_id, evidence)))
        return Stepper(total_size(manifest), watch.progress, watch.cancelled, path.name)

    # The store knows nothing of it until the switch: whatever fails before, dropping the folder undoes all.
    staging = Staging(place)
    arrival = Arrival(place, path.name, staging, stepper, watch.admit)
    try:
        read_package(source, place.vault.decrypt_stream, arrival)
        arrival.step(0)
        watch.at("staged")
        done = _switch(place, arrival, staging, source, watch.at)
    except (BadInput, EnvironmentFault) as error:
        staging.drop()
        return Imported(path.name, problem=error.problem)
    watch.at("committed")
    try:
        staging.settle()
    except EnvironmentFault as error:
        # All of it is in; what still waits in the folder is moved at the next start or import.
        arrival.problems.append(error.problem)
    watch.at("settled")
    return _imported(place, path, arrival, done)


def _switch(
    place: Workplace, arrival: Arrival, staging: Staging, source: Path | volumes.Joined, at: At
) -> _Done:
    manifest, author = arrival.manifest, arrival.author
    with place.write("package.import") as work:
        session = work.session
        # First of all: revisions of the package may be of devices that it introduces.
        learned = peers.learn(session, manifest.devices, by=author.id)
        arrival.problems += learned.problems
        taken = take(work, place, manifest.package, arrival.revisions, author.id)
        brought = frozenset(each.sha256 for each in arrival.blobs)
        lacking = take_evidence(session, place, staging, taken.named, brought)
        gaps = _numbers(work, place, arrival, taken)
        if author.id != place.device_id:
            # Its own package proves that the sender has all this, so none of it goes back there.
            items = [each.id for each in taken.kept] + [each.sha256 for each in arrival.blobs]
            deliveries.note(session, author.id, items, manifest.package, confirmed=True)
            _write_down(work, place, arrival, taken, source)
        taken.outcomes = with_what_is_missing(session, taken.outcomes)
        # In the same transaction as the records: whoever opens this home next finds the token and goes on.
        staging.promise(session)
        work.detail.update(package=manifest.package, author=manifest.author, records=taken.touched)
        if arrival.admitted:
            work.detail["admitted"] = author.id
        at("applied")
        work.commit()
    return _Done(taken, learned.ids, gaps, lacking)


def _numbers(work: Work, place: Workplace, arrival: Arrival, taken: Taken) -> tuple[int, ...]:
    """What the package's number and contents tell of lost packages and restored backups, on either side."""
    manifest, author = arrival.manifest, arrival.author
    where = Place(file=arrival.file_name)
    known = package_of(work.session, manifest.package) is not None
    own = author.id == place.device_id
    # A package of our own that we do not remember: this store was put back from a copy.
    lost = own and not known and branching.begin_once(work, manifest.package)
    if taken.forgotten and not lost:
        branching.begin(work)
    if taken.forgotten or lost:
        arrival.problems.append(Problem("sync.went_back", where, taken=True))
    number = manifest.addressed(place.device_id)
    if own or number is None:
        return ()
    gaps, restored = branching.numbering(work.session, author.id, manifest.branch, number)
    if restored and not known:
        deliveries.forget(work.session, author.id)
        arrival.problems.append(Problem("sync.sender_restored", where, {"name": author.name}, taken=True))
    if gaps:
        values: dict[str, str | int] = {"name": author.name, "numbers": branching.told(gaps)}
        arrival.problems.append(Problem("sync.gap", where, values, taken=True))
    return gaps


def _write_down(
    work: Work, place: Workplace, arrival: Arrival, taken: Taken, source: Path | volumes.Joined
) -> None:
    manifest = arrival.manifest
    number = manifest.addressed(place.device_id)
    if number is None or package_of(work.session, manifest.package) is not None:
        return
    row = Package(
        id=manifest.package,
        outgoing=False,
        peer=manifest.author,
        sequence=number.sequence,
        digest=arrival.digest,
        file_name=source.name,
        made_at=moment(manifest.made_at),
        handled_at=place.now(),
        records=len(arrival.records()),
        blobs=len(arrival.blobs),
        size=source.stat().st_size if isinstance(source, Path) else source.size,
        branch=manifest.branch,
        summary=json.dumps({fate.value: taken.count(fate) for fate in Fate}),
    )
    work.session.add(row)


def _answer(place: Workplace, path: Path, arrival: Arrival, done: _Done) -> Path | None:
    """The receipt; that it could not be written is told, but takes nothing back."""
    author, manifest = arrival.author, arrival.manifest
    if author.id == place.device_id:
        return None
    outcomes = tuple(done.taken.outcomes)
    shared = len(manifest.recipients) > 1
    answer = Answer(
        manifest.package,
        arrival.digest,
        author.id,
        manifest.branch,
        done.gaps,
        tuple(sorted(done.lacking.all)),
        outcomes,
        shared,
    )
    try:
        return write_receipt(place, path, answer, author.keys)
    except EnvironmentFault as error:
        arrival.problems.append(error.problem)
        return None


def _imported(place: Workplace, path: Path, arrival: Arrival, done: _Done) -> Imported:
    taken, learned = done.taken, done.learned
    where = Place(file=path.name)
    arrival.problems += told(place, "sync.evidence_lacking", done.lacking.named, where)
    receipt = _answer(place, path, arrival, done)
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
        records=tuple(taken.outcomes),
        remarks=tuple(arrival.problems),
        changes=Changes(frozenset(kinds), frozenset(ids)),
    )
