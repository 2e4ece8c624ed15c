"""A package (``*.cyb``): the manifest that names everything in it, and the limits of what is read.

An age file to the recipients holds a ZIP of, in this order, ``manifest.json``, ``manifest.sig``
(Ed25519 over the manifest's bytes), ``revisions.jsonl.zst``, ``checklists/<id>@<version>.json``,
``law/<id>@<version>.toml``, ``scoring/<id>@<version>.json`` and ``blobs/<sha256>``.
"""

from __future__ import annotations

import re

import msgspec

from app.errors import BadInput
from app.sync.canonical import canonical
from app.sync.cards import DeviceCard, is_good
from app.sync.shapes import is_hex, moment

FORMAT = 1
SUFFIX = ".cyb"
ALGORITHMS = {
    "compression": "zstd",
    "digest": "sha-256",
    "encryption": "age-x25519-chacha20poly1305",
    "signature": "ed25519",
}
MANIFEST, SIGNATURE, REVISIONS = "manifest.json", "manifest.sig", "revisions.jsonl.zst"
SIGNATURE_SIZE = 64

LARGEST_MANIFEST = 64 << 20
LARGEST_REVISIONS = 1 << 30
LARGEST_PART = 256 << 20
LARGEST_BLOB = 512 << 20
MOST_BLOBS = 200_000
MOST_PARTS = 1_000
MOST_RECIPIENTS = 100
HIGHEST_SEQUENCE = 100_000
STEEPEST = 400
"""How many times larger the revisions may become when they are unpacked, from ``UNSUSPECTED`` on."""
UNSUSPECTED = 64 << 20
"""Bytes that the revisions may unpack to however small they lie: a person may write a word a thousand times."""

_VERSIONED = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}@[A-Za-z0-9][A-Za-z0-9_.-]{0,19}"
_CONTENT = re.compile(rf"(checklists|scoring)/{_VERSIONED}\.json|law/{_VERSIONED}\.toml")


class PartEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the package other than evidence."""

    name: str
    size: int
    sha256: str


class Addressed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receiver, and how the package counts for it alone.

    ``sequence`` counts the packages of one branch to that device; ``previous`` is the digest of the
    manifest before this one, empty for the first.
    """

    device: str
    sequence: int
    previous: str


class BlobEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A file of evidence, named by its digest; ``to`` as in :class:`RevisionEntry`."""

    sha256: str
    size: int
    to: tuple[int, ...] = ()


class RevisionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A revision: its id is the SHA-256 of its ``size`` bytes.

    ``to`` names those it is for by their places among the recipients, from zero; empty for everybody.
    """

    id: str
    size: int
    to: tuple[int, ...] = ()


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything a package holds, for one device or several.

    A device that was restored from a backup numbers its packages on a new ``branch``, so that its
    numbers cannot mean two things.
    """

    format: int
    algorithms: dict[str, str]
    package: str
    author: str
    recipients: tuple[Addressed, ...]
    made_at: str
    schema: int
    records: int
    revisions: tuple[RevisionEntry, ...]
    unpacked: int
    parts: tuple[PartEntry, ...]
    blobs: tuple[BlobEntry, ...]
    devices: tuple[DeviceCard, ...]
    branch: str = ""

    def addressed(self, device: str) -> Addressed | None:
        """The device among the recipients, ``None`` when it is none of them."""
        return next((each for each in self.recipients if each.device == device), None)

    def entries_for(self, device: str) -> tuple[frozenset[str], tuple[BlobEntry, ...]]:
        """What is for a device: ids of revisions, and evidence; everything for who is no recipient."""
        places = [place for place, each in enumerate(self.recipients) if each.device == device]
        revisions = (each.id for each in self.revisions if _is_for(each.to, places))
        return frozenset(revisions), tuple(each for each in self.blobs if _is_for(each.to, places))


def _is_for(to: tuple[int, ...], places: list[int]) -> bool:
    return not to or not places or places[0] in to


class Head(msgspec.Struct, frozen=True):
    """What is read of a manifest before its signature is checked."""

    format: int
    author: str


def head_of(raw: bytes) -> Head:
    """Format and author of a manifest; refuses a newer format by sentence."""
    try:
        head = msgspec.json.decode(raw, type=Head)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput("sync.damaged") from error
    if head.format > FORMAT:
        raise BadInput("sync.newer_package", format=head.format, known=FORMAT)
    return head


def read_manifest(raw: bytes) -> Manifest:
    """The manifest of a package whose signature holds; every field is checked here, once."""
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
        moment(manifest.made_at)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput("sync.damaged") from error
    if canonical(manifest) != raw or not _well_formed(manifest):
        raise BadInput("sync.damaged")
    if not _within_limits(manifest):
        raise BadInput("sync.too_large")
    return manifest


def _well_formed(manifest: Manifest) -> bool:
    names = [part.name for part in manifest.parts]
    devices = [each.device for each in manifest.recipients]
    ids = [each.id for each in manifest.revisions]
    blobs = [blob.sha256 for blob in manifest.blobs]
    shares = [*(each.to for each in manifest.revisions), *(each.to for each in manifest.blobs)]
    sizes = [part.size for part in manifest.parts] + [blob.size for blob in manifest.blobs]
    return (
        manifest.algorithms == ALGORITHMS
        and manifest.format == FORMAT
        and manifest.schema >= 1
        and is_hex(manifest.package, 32)
        and is_hex(manifest.author, 32)
        and (not manifest.branch or is_hex(manifest.branch, 32))
        and 1 <= len(devices) <= MOST_RECIPIENTS
        and all(map(_well_addressed, manifest.recipients))
        and all(_in_order(to, len(devices)) for to in shares)
        and 0 <= manifest.records <= len(ids)
        and names[:1] == [REVISIONS]
        and all(_CONTENT.fullmatch(name) for name in names[1:])
        and all(len(set(each)) == len(each) for each in (names, devices, ids, blobs))
        and all(is_hex(each, 64) for each in (*ids, *blobs))
        and min(sizes) >= 0
        and all(map(is_good, manifest.devices))
    )


def _well_addressed(each: Addressed) -> bool:
    return (
        is_hex(each.device, 32)
        and 1 <= each.sequence <= HIGHEST_SEQUENCE
        and (is_hex(each.previous, 64) if each.sequence > 1 else not each.previous)
    )


def _in_order(to: tuple[int, ...], count: int) -> bool:
    """In the only form: growing, of those there are, and never all of them."""
    return not to or (list(to) == sorted(set(to) & set(range(count))) and len(to) < count)


def _within_limits(manifest: Manifest) -> bool:
    packed = manifest.parts[0].size
    return (
        len(manifest.parts) <= MOST_PARTS
        and len(manifest.blobs) <= MOST_BLOBS
        and all(part.size <= LARGEST_PART for part in manifest.parts)
        and all(blob.size <= LARGEST_BLOB for blob in manifest.blobs)
        and 0 <= manifest.unpacked <= min(LARGEST_REVISIONS, max(packed * STEEPEST, UNSUSPECTED))
    )


def total_size(manifest: Manifest) -> int:
    """Bytes of everything the manifest names."""
    return sum(part.size for part in manifest.parts) + sum(blob.size for blob in manifest.blobs)


def line_of(body: bytes, signature: bytes) -> bytes:
    """One line of the revisions, in its only form; the body stands in it byte for byte."""
    return b'{"revision":%b,"signature":"%b"}\n' % (body, signature.hex().encode())
