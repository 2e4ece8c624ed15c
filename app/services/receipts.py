"""The signed answer to a package: what became of each record, for its author to tick off.

An age file to the author's device that holds ``{"receipt": {…}, "signature": hex}``; the signature
is Ed25519 over the canonical bytes of ``receipt``.
"""

from __future__ import annotations

import io
from pathlib import Path

import msgspec

from app.errors import EnvironmentFault
from app.files import make_folder, write_atomically
from app.services.merge_records import RecordOutcome
from app.services.workplace import Workplace
from app.sync.canonical import canonical
from app.sync.shapes import TIME_FORMAT
from app.vault import PublicKeys, encrypt_stream

SUFFIX = ".receipt"
FOLDER = "receipts"


class ReceiptLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record: what became of it, and why."""

    kind: str
    record: str
    fate: str
    reason: str
    missing: tuple[str, ...]


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device says about a package it took in."""

    format: int
    package: str
    digest: str
    author: str
    receiver: str
    made_at: str
    records: tuple[ReceiptLine, ...]


class SignedReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt as it lies in its file."""

    receipt: msgspec.Raw
    signature: str


def write_receipt(
    place: Workplace,
    package: Path,
    *,
    package_id: str,
    digest: str,
    author: str,
    keys: PublicKeys,
    outcomes: tuple[RecordOutcome, ...],
) -> Path:
    """Write the receipt beside the package, or into the home where that folder cannot be written."""
    receipt = Receipt(
        format=1,
        package=package_id,
        digest=digest,
        author=author,
        receiver=place.device_id,
        made_at=place.now().strftime(TIME_FORMAT),
        records=tuple(_line(outcome) for outcome in outcomes),
    )
    raw = canonical(receipt)
    signed = canonical(SignedReceipt(msgspec.Raw(raw), place.vault.sign(raw).hex()))
    out = io.BytesIO()
    encrypt_stream(io.BytesIO(signed), out, (keys.recipient,))
    beside = package.with_name(f"{package.name}{SUFFIX}")
    try:
        write_atomically(beside, out.getvalue())
    except EnvironmentFault:
        beside = make_folder(place.home / FOLDER) / f"{package_id}{SUFFIX}"
        write_atomically(beside, out.getvalue())
    return beside


def _line(outcome: RecordOutcome) -> ReceiptLine:
    reason = outcome.problem.code if outcome.problem is not None else ""
    return ReceiptLine(outcome.kind, outcome.record_id, outcome.fate.value, reason, outcome.missing)
