"""A package while it is read: who made it, whether it is for us, and what it brings.

With a staging folder the evidence and other contents it brings are kept there as they stream by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from app.errors import BadInput, Place, Problem
from app.models.people import Device
from app.services.contents import is_good, is_outdated
from app.services.outbox import package_of
from app.services.staging import Staging
from app.services.workplace import Workplace
from app.sync.canonical import digest
from app.sync.ledger import offices_of
from app.sync.lifting import SCHEMA
from app.sync.package import BlobEntry, Manifest
from app.sync.reader import Enough, Receiver
from app.sync.rights import Offices
from app.sync.shapes import moment
from app.vault import PublicKeys
from app.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Sender:
    """The enrolled device that made a package."""

    id: str
    name: str
    role: Role
    office_device: bool
    revoked_at: datetime | None
    keys: PublicKeys
    over_us: bool
    """Whether it belongs to a supervisor of our office, or of one above it."""


def _over_us(offices: Offices, device: Device) -> bool:
    return device.role is Role.SUPERVISOR and device.office in {offices.own, *offices.above}


class _Which(msgspec.Struct):
    kind: str
    record: str


class Arrival(Receiver):
    """Collects what a package brings, after asking whether it may."""

    def __init__(
        self,
        place: Workplace,
        file_name: str,
        staging: Staging | None = None,
        stepper: Callable[[Manifest], Callable[[int], None]] | None = None,
        admit: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(self._keys_of)
        self._place, self.file_name, self._staging = place, file_name, staging
        self._admit = admit
        self.admitted = False
        """Whether somebody looked at this late package of a revoked device and let it in."""
        self._stepper = stepper
        self._step: Callable[[int], None] | None = None
        self.manifest: Manifest
        self.author: Sender
        self.digest = ""
        self._complete = False
        self._wanted = frozenset[str]()
        self.blobs: tuple[BlobEntry, ...] = ()
        """The evidence that is for this device."""
        self._evidence = frozenset[str]()
        self.revisions: list[tuple[str, bytes, bytes]] = []
        self.problems: list[Problem] = []

    @property
    def made_at(self) -> datetime:
        """When the package was made, by its author's clock."""
        return moment(self.manifest.made_at)

    def records(self) -> set[tuple[str, str]]:
        """Kind and id of every record that a readable revision belongs to."""
        found = set()
        for _, body, _ in self.revisions:
            try:
                which = msgspec.json.decode(body, type=_Which)
            except (msgspec.MsgspecError, ValueError, RecursionError):
                continue
            found.add((which.kind, which.record))
        return found

    def _keys_of(self, device_id: str) -> PublicKeys:
        with self._place.read() as session:
            device = session.get(Device, device_id)
            if device is None:
                raise BadInput("sync.unknown_author", device=device_id[:16])
            keys = PublicKeys(device.recipient, device.verify_key)
            self.author = Sender(
                device.id, device.name, device.role, device.office_device and not device.own,
                device.revoked_at, keys, over_us=_over_us(offices_of(session), device),
            )  # fmt: skip
        return keys

    def begin(self, manifest: Manifest, raw: bytes) -> None:
        """Ask everything that can be asked before the contents."""
        self.manifest, self.digest = manifest, digest(raw)
        ours = self._place.device_id
        if manifest.addressed(ours) is None and manifest.author != ours:
            raise BadInput("sync.not_for_this_device")
        self._wanted, self.blobs = manifest.entries_for(ours)
        self._evidence = frozenset(each.sha256 for each in self.blobs)
        if manifest.schema > SCHEMA:
            raise BadInput("sync.newer_records", schema=manifest.schema, known=SCHEMA)
        with self._place.read() as session:
            known = package_of(session, manifest.package)
            if known is not None and known.digest != self.digest:
                raise BadInput("sync.forged_package")
            # Its manifest is the one that was taken in; the revisions are read again, they may have been held.
            self._complete = (
                known is not None
                and self._staging is not None
                and all(self._place.evidence.has(each.sha256) for each in self.blobs)
            )
        late = self.author.revoked_at is not None and known is None and self._staging is not None
        if late and self.author.id not in self._admit:
            name, fingerprint = self.author.name, self.author.keys.fingerprint
            raise BadInput("sync.under_review", name=name, fingerprint=fingerprint, device=self.author.id)
        self.admitted = late
        if self._unheard():
            # Its revisions are judged one by one; what only the package itself says is nobody's word any more.
            self.manifest = msgspec.structs.replace(manifest, devices=())
        if self._stepper is not None:
            self._step = self._stepper(manifest)

    def _unheard(self) -> bool:
        """Whether the package was made after its author was revoked."""
        return self.author.revoked_at is not None and self.made_at >= self.author.revoked_at

    def revision(self, listed: str, body: bytes, signature: bytes) -> None:
        """Keep a revision that is for this device; it is judged when all are here."""
        if listed in self._wanted:
            self.revisions.append((listed, body, signature))

    def content(self, name: str, data: bytes) -> None:
        """Keep a checklist, scoring table or law that this program can read.

        Only our office, or one above it, hands them out.
        """
        if not self.author.over_us or self._unheard() or not is_good(self._place, name, data):
            self.problems.append(Problem("sync.bad_content", Place(file=self.file_name), {"name": name}))
        elif self._staging is not None and not is_outdated(self._place, name, data):
            self._staging.add_content(name, data)

    def evidence(self) -> None:
        """Of a package that came before nothing is missing."""
        if self._complete:
            raise Enough

    def blob(self, sha256: str, data: bytes) -> None:
        """Keep evidence, sealed as the store keeps it."""
        if self._staging is not None and sha256 in self._evidence:
            self._staging.add_blob(sha256, data)

    def step(self, size: int) -> None:
        """Report progress, or stop when cancelled."""
        if self._step is not None:
            self._step(size)
