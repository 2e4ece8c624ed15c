"""Handing over: what a peer does not have yet goes into one signed, encrypted package.

The order is what makes it safe: seal, write beside the target, read back, rename, and only then
write down what the peer was sent. A kill in between costs nothing but sending it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, EnvironmentFault, Problem
from app.files import make_folder
from app.models.base import new_id
from app.models.revisions import Package
from app.services import branching, evidence_needs, leftovers, peers
from app.services.answers import Mark, ReceiptRow, receipt_rows
from app.services.cargo import Cargo, cargo_for, scope_for
from app.services.contents import outgoing
from app.services.deliveries import note
from app.services.describing import PackageSummary, inspect_package
from app.services.known_visits import note_known_visits
from app.services.leftovers import OUTBOX
from app.services.outbox import PackageRow, Unexported, UnexportedRow, history, unexported
from app.services.practising import require_real
from app.services.progress import Cancelled, Progress, Stepper
from app.services.room import notes_size, package_size, require_room
from app.services.sealing import seal_records
from app.services.workplace import Changes, Workplace
from app.sync import volumes
from app.sync.canonical import canonical, digest
from app.sync.lifting import SCHEMA
from app.sync.package import (
    ALGORITHMS,
    FORMAT,
    MOST_RECIPIENTS,
    SUFFIX,
    Addressed,
    BlobEntry,
    Manifest,
    total_size,
)
from app.sync.reader import Receiver, read_package
from app.sync.shapes import TIME_FORMAT
from app.sync.writer import Parts, make_parts, write_package
from app.vault import PublicKeys
from app.vocabulary import Role

__all__ = [
    "OUTBOX",
    "Exported",
    "Mark",
    "PackageRow",
    "PackageSummary",
    "ReceiptRow",
    "Unexported",
    "UnexportedRow",
    "export_package",
    "history",
    "inspect_package",
    "receipt_rows",
    "unexported",
]

At = Callable[[str], None]
"""Told the name of each step as it is reached; a test may end the world there."""


def nobody(_step: str) -> None:
    """Nobody follows the steps."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A package that was written and read back; ``path`` is the first of its ``volumes`` when it was split.

    ``remarks`` tell what stayed behind because this home does not have it.
    """

    path: Path
    package_id: str
    records: int
    revisions: int
    blobs: int
    bytes: int
    changes: Changes
    volumes: tuple[Path, ...] = ()
    recipients: tuple[str, ...] = ()
    remarks: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Peer:
    id: str
    name: str
    role: Role
    office: str
    keys: PublicKeys


def export_package(
    place: Workplace,
    *,
    out: Path,
    to: str | Sequence[str] = peers.OFFICE,
    whole: bool = False,
    drafts: bool = False,
    split: int | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    at: At = nobody,
) -> Exported:
    """Write what ``to`` (a device's id, or ``office``) does not have into ``out``, a file or a folder.

    Several devices of one office get one package that each of them can read. ``whole`` sends
    everything again; ``drafts`` also sends inspections that are not finished; ``split`` makes volumes
    of at most so many bytes. A file that is there already is refused (``sync.target_exists``) before
    anything is sealed. Evidence that is not here stops nothing else: it is told in the remarks, and goes
    when it is found.
    """
    require_real(place)
    leftovers.tidy(place, out)
    if not out.is_dir():
        leftovers.require_free(out, split=split is not None)
    receivers = _peers(place, [to] if isinstance(to, str) else to)
    cargo = _sealed_cargo(place, receivers, whole=whole, drafts=drafts)
    at("sealed")
    remarks = evidence_needs.told(place, "sync.evidence_missing", cargo.absent)
    if cargo.empty:
        raise _nothing_goes(receivers, remarks)
    load = _packed(place, receivers, cargo)
    target = out / _file_name(place, load.manifest) if out.is_dir() else out
    _require_room(place, load, target.parent, split)
    step = Stepper(_bytes_to_tell(load, split), progress, cancelled, target.name)
    size = _write(place, load, target if split is None else _outbox(place) / target.name, step)
    at("written")
    pieces = () if split is None else _in_volumes(place, load, target, split, step)
    at("split")
    first = pieces[0] if pieces else target
    _write_down(place, load, first, size)
    at("noted")
    return replace(_exported(load, pieces, first, size), remarks=remarks)


def _nothing_goes(receivers: Sequence[_Peer], remarks: Sequence[Problem]) -> BadInput | EnvironmentFault:
    """They have everything, or lack only what is not here."""
    if remarks:
        return EnvironmentFault(remarks[0].code, remarks[0].where, **remarks[0].values)
    return BadInput("sync.nothing_to_send", name=", ".join(each.name for each in receivers))


@dataclass(frozen=True, slots=True)
class _Load:
    """What goes into a package, for whom, and the manifest that lists it."""

    receivers: tuple[_Peer, ...]
    cargo: Cargo
    parts: Parts
    manifest: Manifest


def _packed(place: Workplace, receivers: tuple[_Peer, ...], cargo: Cargo) -> _Load:
    parts = make_parts(cargo.revisions, cargo.contents)
    return _Load(receivers, cargo, parts, _manifest(place, receivers, cargo, parts))


def _bytes_to_tell(load: _Load, split: int | None) -> int:
    """How many bytes go by: written and read back; of volumes also read, written and read back."""
    return (2 if split is None else 5) * total_size(load.manifest)


def _write(place: Workplace, load: _Load, target: Path, step: Stepper) -> int:
    """Write the package and read it back; its size."""
    step(0)
    return write_package(
        target,
        load.manifest,
        load.parts.files,
        sign=place.vault.sign,
        blob=place.evidence.read,
        recipients=(*(each.keys.recipient for each in load.receivers), place.vault.public.recipient),
        read_back=lambda path: read_package(path, place.vault.decrypt_stream, _Check(place, step)),
        step=step,
    )


def _exported(load: _Load, pieces: tuple[Path, ...], first: Path, size: int) -> Exported:
    return Exported(
        path=first,
        package_id=load.manifest.package,
        records=load.cargo.records,
        revisions=len(load.cargo.revisions),
        blobs=len(load.cargo.blobs),
        bytes=size,
        changes=Changes.of("package", load.manifest.package),
        volumes=pieces,
        recipients=tuple(each.id for each in load.receivers),
    )


def _require_room(place: Workplace, load: _Load, folder: Path, split: int | None) -> None:
    """Room where the package goes and in the home, which notes what was sent and holds it until it is split."""
    size = package_size(load.manifest)
    notes = notes_size(sum(map(len, load.cargo.shares.values())))
    if split is None:
        require_room((folder, size), (place.home, notes))
    else:
        require_room((folder, volumes.size_of(size, split)), (place.home, size + notes))


def _outbox(place: Workplace) -> Path:
    """Where a package lies until it is split; a stick need not hold it whole."""
    return make_folder(place.home / OUTBOX)


def _in_volumes(place: Workplace, load: _Load, target: Path, size: int, step: Stepper) -> tuple[Path, ...]:
    whole = _outbox(place) / target.name
    naming = partial(leftovers.begin_naming, place, load.manifest.package)
    try:
        return volumes.split(whole, target.parent, target.stem, size, step, naming=naming)
    finally:
        whole.unlink(missing_ok=True)


class _Check(Receiver):
    """Reads a package back: whatever does not hold raises."""

    def __init__(self, place: Workplace, step: Callable[[int], None]) -> None:
        super().__init__(lambda _: place.vault.public)
        self._step = step

    def step(self, size: int) -> None:
        self._step(size)


def _peers(place: Workplace, to: Sequence[str]) -> tuple[_Peer, ...]:
    """The devices a package is for, each once; all of one office, since each can read all of it."""
    found: dict[str, _Peer] = {}
    with place.read() as session:
        for name in to:
            device = peers.peer(session, name)
            keys = PublicKeys(device.recipient, device.verify_key)
            found[device.id] = _Peer(device.id, device.name, device.role, device.office, keys)
    if not found:
        raise BadInput("sync.no_recipient")
    if len(found) > MOST_RECIPIENTS:
        raise BadInput("sync.too_many_recipients", count=len(found), most=MOST_RECIPIENTS)
    first, *others = found.values()
    for other in others:
        if other.office != first.office:
            raise BadInput(
                "sync.other_offices", name=first.name, office=first.office, other=other.name,
                others=other.office,
            )  # fmt: skip
    return (first, *others)


def _sealed_cargo(place: Workplace, receivers: Sequence[_Peer], *, whole: bool, drafts: bool) -> Cargo:
    own = place.owner.role
    tasks = {each.id for each in receivers if own is Role.SUPERVISOR and each.role is Role.INSPECTOR}
    with place.write("package.seal") as work:
        scopes = {
            each.id: scope_for(work.session, own, each.id, each.role, drafts=drafts) for each in receivers
        }
        for each in tasks:
            note_known_visits(work.session, scopes[each]["assignment"], place.now())
        work.session.flush()
        sealed = [
            seal_records(work, place, kind, ids) for scope in scopes.values() for kind, ids in scope.items()
        ]
        cargo = cargo_for(
            work.session, scopes, now=place.now(), whole=whole, has=place.evidence.has,
            contents=outgoing(place), tasks=tasks,
        )  # fmt: skip
        branching.notice(work, place)
        # With nothing to seal the scope rolls back, and the journal has no entry about nothing.
        if any(sealed) or work.detail:
            work.commit()
    return cargo


def _manifest(place: Workplace, receivers: Sequence[_Peer], cargo: Cargo, parts: Parts) -> Manifest:
    ids = [each.id for each in receivers]
    with place.read() as session:
        branch = branching.branch_of(session)
        addressed = tuple(_addressed(session, peer, branch) for peer in ids)
        told = peers.cards(session, ids) if place.owner.role is Role.SUPERVISOR else ()
    return Manifest(
        format=FORMAT,
        algorithms=ALGORITHMS,
        package=new_id(),
        author=place.device_id,
        recipients=addressed,
        made_at=place.now().strftime(TIME_FORMAT),
        schema=SCHEMA,
        records=cargo.records,
        revisions=tuple(
            msgspec.structs.replace(each, to=cargo.for_whom(each.id)) for each in parts.revisions
        ),
        unpacked=parts.unpacked,
        parts=parts.entries,
        blobs=tuple(
            BlobEntry(sha256, place.evidence.size(sha256), cargo.for_whom(sha256)) for sha256 in cargo.blobs
        ),
        devices=told,
        branch=branch,
    )


def _addressed(session: Session, peer: str, branch: str) -> Addressed:
    before = session.execute(
        select(Package.sequence, Package.digest)
        .where(Package.outgoing, Package.peer == peer, Package.branch == branch)
        .order_by(Package.sequence.desc())
    ).first()
    return Addressed(peer, before[0] + 1, before[1]) if before else Addressed(peer, 1, "")


def _file_name(place: Workplace, manifest: Manifest) -> str:
    # With a piece of its id: after a restored backup the number alone would replace an older package.
    first, *others = manifest.recipients
    number = f"{first.sequence:04}-{manifest.package[:6]}"
    more = f"+{len(others)}" if others else ""
    return f"{leftovers.prefix(place)}-{first.device[:8]}{more}-{number}{SUFFIX}"


def _write_down(place: Workplace, load: _Load, target: Path, size: int) -> None:
    manifest, cargo = load.manifest, load.cargo
    whole = digest(canonical(manifest))
    with place.write("package.export") as work:
        for each in manifest.recipients:
            records, blobs = cargo.counts_for(each.device)
            row = Package(
                id=manifest.package,
                outgoing=True,
                peer=each.device,
                sequence=each.sequence,
                digest=whole,
                file_name=target.name,
                made_at=place.now(),
                handled_at=place.now(),
                records=records,
                blobs=blobs,
                size=size,
                branch=manifest.branch,
            )
            work.session.add(row)
            note(work.session, each.device, cargo.shares[each.device], manifest.package)
        leftovers.end_naming(work, manifest.package)
        work.commit()
    # The package is made and written down; a mark that could not be written costs a new branch at most.
    with suppress(EnvironmentFault):
        branching.remember(place)
