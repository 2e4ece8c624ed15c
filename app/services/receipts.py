"""The signed answer to a package: what became of each record, for its author to tick off.

An age file to the author's device that holds ``{"receipt": {…}, "signature": hex}``; the signature
is Ed25519 over the canonical bytes of ``receipt``.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pyrage

from app.errors import BadInput, EnvironmentFault, Place
from app.files import explained, make_folder, sync_folder
from app.services.merge_records import Fate, RecordOutcome
from app.services.workplace import Workplace
from app.sync.canonical import canonical
from app.sync.package import HIGHEST_SEQUENCE
from app.sync.shapes import TIME_FORMAT, is_hex, moment
from app.vault import PublicKeys, encrypt_stream

SUFFIX = ".receipt"
FOLDER = "receipts"
FORMAT = 1
LARGEST = 256 << 20


class ReceiptLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One record: what became of it, and why."""

    kind: str
    record: str
    fate: str
    reason: str
    values: dict[str, str | int]
    missing: tuple[str, ...]


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device says about a package it took in.

    ``gaps`` are the numbers before the package's (on its ``branch``) that never came, ``lacking``
    the evidence that its records name and the receiver does not have.
    """

    format: int
    package: str
    digest: str
    author: str
    receiver: str
    made_at: str
    branch: str
    gaps: tuple[int, ...]
    lacking: tuple[str, ...]
    records: tuple[ReceiptLine, ...]


class SignedReceipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A receipt as it lies in its file."""

    receipt: msgspec.Raw
    signature: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receipt is made of."""

    package_id: str
    digest: str
    author: str
    branch: str
    gaps: tuple[int, ...]
    lacking: tuple[str, ...]
    outcomes: tuple[RecordOutcome, ...]
    shared: bool = False
    """Whether the package was for others too."""


def write_receipt(place: Workplace, package: Path, answer: Answer, keys: PublicKeys) -> Path:
    """Write the receipt beside the package, or into the home where that folder cannot be written."""
    receipt = Receipt(
        format=FORMAT,
        package=answer.package_id,
        digest=answer.digest,
        author=answer.author,
        receiver=place.device_id,
        made_at=place.now().strftime(TIME_FORMAT),
        branch=answer.branch,
        gaps=answer.gaps,
        lacking=answer.lacking,
        records=tuple(_line(outcome) for outcome in answer.outcomes),
    )
    raw = canonical(receipt)
    signed = canonical(SignedReceipt(msgspec.Raw(raw), place.vault.sign(raw).hex()))
    out = io.BytesIO()
    encrypt_stream(io.BytesIO(signed), out, (keys.recipient,))
    # Of a package for several devices all answers may lie on one stick.
    who = f".{place.device_id[:8]}" if answer.shared else ""
    beside = package.with_name(f"{package.name}{who}{SUFFIX}")
    try:
        _write(beside, out.getvalue())
    except EnvironmentFault:
        beside = make_folder(place.home / FOLDER) / f"{answer.package_id}{SUFFIX}"
        _write(beside, out.getvalue())
    return beside


def _write(target: Path, data: bytes) -> None:
    # Under one name, so that what a killed import left is written over by the next.
    part = target.with_name(f".{target.name}.part")
    with explained(target):
        try:
            with part.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(part, target)
            sync_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)


def _line(outcome: RecordOutcome) -> ReceiptLine:
    problem = outcome.problem
    reason, values = ("", {}) if problem is None else (problem.code, problem.values)
    return ReceiptLine(outcome.kind, outcome.record_id, outcome.fate.value, reason, values, outcome.missing)


def read_receipt(place: Workplace, path: Path, keys_of: Callable[[str], PublicKeys | None]) -> Receipt:
    """A receipt for this device, its signature checked; whatever is none is refused by sentence."""
    where = Place(file=path.name)
    plain = _decrypted(place, path, where)
    try:
        signed = msgspec.json.decode(plain, type=SignedReceipt)
        receipt = msgspec.json.decode(signed.receipt, type=Receipt)
        signature = bytes.fromhex(signed.signature)
        moment(receipt.made_at)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput("sync.not_a_receipt", where) from error
    keys = keys_of(receipt.receiver)
    if keys is None:
        raise BadInput("sync.unknown_author", where, device=receipt.receiver[:16])
    if not keys.verify(signature, bytes(signed.receipt)):
        raise BadInput("sync.bad_signature", where)
    if receipt.author != place.device_id:
        raise BadInput("sync.not_for_this_device", where)
    if not _well_formed(receipt):
        raise BadInput("sync.not_a_receipt", where)
    return receipt


def _decrypted(place: Workplace, path: Path, where: Place) -> bytes:
    out = io.BytesIO()
    with explained(path), path.open("rb") as source:
        if path.stat().st_size > LARGEST:
            raise BadInput("sync.too_large", where)
        try:
            place.vault.decrypt_stream(source, out)
        except pyrage.DecryptError as error:
            ours = "No matching keys" not in str(error)
            raise BadInput("sync.not_a_receipt" if ours else "sync.not_for_this_device", where) from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise BadInput("sync.not_a_receipt", where) from error
    return out.getvalue()


def _well_formed(receipt: Receipt) -> bool:
    return (
        receipt.format == FORMAT
        and is_hex(receipt.package, 32)
        and (not receipt.branch or is_hex(receipt.branch, 32))
        and all(0 < number <= HIGHEST_SEQUENCE for number in receipt.gaps)
        and all(is_hex(sha256, 64) for sha256 in receipt.lacking)
        and all(_good_line(line) for line in receipt.records)
    )


def _good_line(line: ReceiptLine) -> bool:
    return (
        line.fate in set(Fate)
        and len(line.kind) <= 32
        and is_hex(line.record, 32)
        and all(is_hex(name, 64) for name in line.missing)
    )
