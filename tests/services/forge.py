"""Packages as a hostile or careless sender would make them, built by hand from the real parts."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pyrage

from app.models.base import new_id
from app.services.workplace import Workplace
from app.sync.archive import packed
from app.sync.canonical import canonical, digest
from app.sync.lifting import SCHEMA
from app.sync.package import (
    ALGORITHMS,
    FORMAT,
    MANIFEST,
    REVISIONS,
    SIGNATURE,
    Addressed,
    BlobEntry,
    Manifest,
)
from app.sync.revision import Author, Sealed, Written, body_of, compose, opened
from app.sync.shapes import TIME_FORMAT
from app.sync.writer import make_parts
from app.vault import Vault


def stranger(folder: Path) -> Vault:
    """Keys that nobody enrolled."""
    return Vault(folder, str(pyrage.x25519.Identity.generate()), b"s" * 32, b"d" * 32)


def revision(
    place: Workplace,
    kind: str,
    record: str,
    changes: dict[str, Written],
    *parents: str,
    vault: Vault | None = None,
    name: str = "",
) -> Sealed:
    """A revision signed by the place's device (or by ``vault``), whatever it says."""
    hand = vault or place.vault
    made = compose(
        kind, record, changes, parents, author=Author(name or place.owner.name, place.owner.credential),
        device=hand.device_id, made_at=place.now(),
    )  # fmt: skip
    body = body_of(made)
    return opened(body, hand.sign(body))


def manifest_of(
    place: Workplace,
    to: str,
    revisions: Sequence[Sealed],
    blobs: dict[str, bytes],
    contents: dict[str, bytes] | None = None,
) -> Manifest:
    """The manifest of such a package."""
    parts = make_parts(revisions, contents or {})
    return Manifest(
        format=FORMAT, algorithms=ALGORITHMS, package=new_id(), author=place.device_id,
        recipients=(Addressed(to, 1, ""),), made_at=place.now().strftime(TIME_FORMAT), schema=SCHEMA,
        records=min(1, len(revisions)), revisions=parts.revisions, unpacked=parts.unpacked, parts=parts.entries,
        blobs=tuple(BlobEntry(sha256, len(data)) for sha256, data in blobs.items()), devices=(),
    )  # fmt: skip


def in_a_row(receiver: Workplace) -> Callable[[Manifest], Manifest]:
    """Numbers one package after the other, as an honest sender would; otherwise each claims to be the first."""
    number, previous = 0, ""

    def numbered(manifest: Manifest) -> Manifest:
        nonlocal number, previous
        number += 1
        to = (Addressed(receiver.device_id, number, previous),)
        made = msgspec.structs.replace(manifest, recipients=to)
        previous = digest(canonical(made))
        return made

    return numbered


def forge(
    sender: Workplace,
    receiver: Workplace,
    path: Path,
    revisions: Sequence[Sealed],
    *,
    blobs: dict[str, bytes] | None = None,
    change: Callable[[Manifest], Manifest] = lambda manifest: manifest,
    vault: Vault | None = None,
    packed_revisions: bytes | None = None,
    contents: dict[str, bytes] | None = None,
) -> Path:
    """A package to ``receiver``, its manifest changed before it is signed by the sender (or ``vault``)."""
    evidence = blobs or {}
    manifest = change(manifest_of(sender, receiver.device_id, revisions, evidence, contents))
    raw = canonical(manifest)
    lines = packed_revisions or make_parts(revisions, {}).files[REVISIONS]
    files = {
        MANIFEST: raw,
        SIGNATURE: (vault or sender.vault).sign(raw),
        REVISIONS: lines,
        **(contents or {}),
    }
    inner = [*files.items(), *((f"blobs/{name}", data) for name, data in evidence.items())]
    return encrypted(receiver, path, b"".join(packed(inner)))


def encrypted(receiver: Workplace, path: Path, plain: bytes) -> Path:
    """``plain`` as an age file to the receiver: what anybody who knows its public key can make."""
    recipient = pyrage.x25519.Recipient.from_str(receiver.vault.public.recipient)
    path.write_bytes(pyrage.encrypt(plain, [recipient]))
    return path


def decrypted(receiver: Workplace, path: Path) -> bytes:
    """The archive inside a package."""
    out = io.BytesIO()
    with path.open("rb") as source:
        receiver.vault.decrypt_stream(source, out)
    return out.getvalue()


def replaced(manifest: Manifest, **values: object) -> Manifest:
    """A manifest with other values."""
    return msgspec.structs.replace(manifest, **values)
