"""The vault: a passphrase opens this device's keys, and the keys open everything else.

``vault.key`` is an age file under the passphrase that holds the X25519 identity (receives
packages and evidence), the Ed25519 seed (signs revisions and packages) and the raw database key.
``vault.recovery`` holds the same bytes for an office's recovery recipient, when one was given.
age allows no second recipient beside a passphrase, hence two files.

The evidence store keeps each file under the SHA-256 of its plain bytes, sealed with a key that is
derived from the database key (:mod:`app.evidencefile`). What former builds kept are age files to the
X25519 identity; their first bytes tell them apart and they stay readable.
Format of the key file: JSON ``{format, identity, signing, database}``, keys in hex.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app import agefile, evidencefile
from app.beside import Beside
from app.errors import BadInput, EnvironmentFault, Place
from app.files import explained, make_folder, require_free_space, sync_folder, write_atomically

KEY_FILE = "vault.key"
NEW_FILE = "vault.new"
"""The key file of a home that is being made; it gets its name when everything else is there."""

RECOVERY_FILE = "vault.recovery"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What other devices may know of one: where to encrypt to, what to check signatures with."""

    recipient: str
    verify_key: str

    @property
    def device_id(self) -> str:
        """Stable identifier of the device: 32 hex digits over both public keys."""
        return hashlib.sha256(f"{self.recipient}\n{self.verify_key}".encode()).hexdigest()[:32]

    @property
    def fingerprint(self) -> str:
        """Four groups of four that two people read to each other, e.g. ``3F2A-91BC-07DE-5A11``."""
        head = self.device_id[:16].upper()
        return "-".join(head[start : start + 4] for start in range(0, 16, 4))

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Whether this device made ``signature`` over ``message``."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.verify_key))
            key.verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def verified(signed: Sequence[tuple[PublicKeys, bytes, bytes]]) -> list[bool]:
    """Whether each signature holds: of whom it should be, the signature, the message it is over.

    Many are checked in a few threads: the checking itself lets other threads run.
    """
    if len(signed) <= _A_FEW:
        return [keys.verify(signature, message) for keys, signature, message in signed]
    with Beside[list[bool]]() as beside:
        for start in range(0, len(signed), _A_FEW):
            beside.begin(0, verified, signed[start : start + _A_FEW])
        return [each for _ in range(len(beside)) for each in beside.take()]


_A_FEW = 100
"""Signatures that are checked in about a hundredth of a second."""


class Vault:
    """An opened vault. Holds secrets: never log or print one."""

    def __init__(self, home: Path, identity: str, signing: bytes, database_key: bytes) -> None:
        self.home = home
        self.database_key = database_key
        self._secrets = (identity, signing, database_key)
        self._identity = pyrage.x25519.Identity.from_str(identity)
        self._signing = Ed25519PrivateKey.from_private_bytes(signing)

    def secrets(self) -> tuple[str, bytes, bytes]:
        """Identity, signing seed and database key, for opening the same vault again without scrypt."""
        return self._secrets

    @cached_property
    def public(self) -> PublicKeys:
        """The public halves of this device's keys."""
        raw = self._signing.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return PublicKeys(str(self._identity.to_public()), raw.hex())

    @cached_property
    def device_id(self) -> str:
        """This device's identifier."""
        return self.public.device_id

    def sign(self, message: bytes) -> bytes:
        """Ed25519 signature of this device over ``message`` (64 bytes)."""
        return self._signing.sign(message)

    def decrypt_stream(self, source: IO[bytes], out: IO[bytes]) -> None:
        """Decrypt an age stream addressed to this device; raises :class:`pyrage.DecryptError`."""
        pyrage.decrypt_io(source, out, [self._identity])

    @cached_property
    def evidence(self) -> EvidenceStore:
        """The store of original bytes."""
        return EvidenceStore(self, make_folder(self.home / "evidence"))


def encrypt_stream(source: IO[bytes], out: IO[bytes], recipients: tuple[str, ...]) -> None:
    """age-encrypt ``source`` to ``recipients`` (``age1…``)."""
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    try:
        pyrage.encrypt_io(source, out, keys)
    except pyrage.EncryptError as error:
        raise _disk_error_in(error) or error from error


def _disk_error_in(error: Exception) -> OSError | None:
    """The ``OSError`` that pyrage has turned into a text of its own, if there was one."""
    found = re.search(r"\[Errno (\d+)\] (.*)|\(os error (\d+)\)", str(error))
    if found is None:
        return None
    number = int(found[1] or found[3])
    return OSError(number, os.strerror(number))


def exists(home: Path) -> bool:
    """Whether ``home`` already holds a vault."""
    return (home / KEY_FILE).exists()


def create(home: Path, passphrase: str, recovery: str | None = None) -> Vault:
    """Make the vault of a new home; an existing one is never replaced.

    ``recovery`` is an age recipient (``age1…``) that can open ``vault.recovery``. The home has its
    vault when :func:`settle` was called.
    """
    if exists(home):
        raise EnvironmentFault("vault.exists", Place(file=str(home)))
    if len(passphrase) < 8:
        raise BadInput("vault.short_passphrase", length=8)
    make_folder(home)
    secret = {
        "format": _FORMAT,
        "identity": str(pyrage.x25519.Identity.generate()),
        "signing": secrets.token_hex(32),
        "database": secrets.token_hex(32),
    }
    plain = json.dumps(secret).encode()
    if recovery:
        write_atomically(home / RECOVERY_FILE, pyrage.encrypt(plain, [_recipient(recovery)]))
    write_atomically(home / NEW_FILE, agefile.seal(plain, passphrase))
    return _from_secret(home, plain)


def settle(home: Path) -> None:
    """Give the new vault its name: the last step of making a home."""
    with explained(home / KEY_FILE):
        os.replace(home / NEW_FILE, home / KEY_FILE)
        sync_folder(home)


def _recipient(text: str) -> pyrage.x25519.Recipient:
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise BadInput("vault.bad_recovery", value=text) from error


def unlock(home: Path, passphrase: str) -> Vault:
    """Open the vault of ``home``; a wrong passphrase and a damaged file are told apart."""
    path = home / KEY_FILE
    if not path.exists():
        raise EnvironmentFault("vault.missing", Place(file=str(home)))
    with explained(path):
        sealed = path.read_bytes()
    try:
        plain = agefile.unseal(sealed, passphrase)
    except pyrage.DecryptError as error:
        # age says "Decryption failed" for a wrong passphrase and names the fault of a damaged file.
        wrong = sealed.startswith(agefile.INTRO) and "ecryption failed" in str(error)
        raise EnvironmentFault(
            "vault.wrong_passphrase" if wrong else "vault.damaged", Place(file=str(path))
        ) from error
    return _from_secret(home, plain)


def recover(home: Path, identity: str, passphrase: str) -> Vault:
    """Open ``vault.recovery`` with the office's identity and set a new passphrase."""
    path = home / RECOVERY_FILE
    with explained(path):
        sealed = path.read_bytes()
    try:
        plain = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise EnvironmentFault("vault.wrong_recovery", Place(file=str(path))) from error
    write_atomically(home / KEY_FILE, agefile.seal(plain, passphrase))
    return _from_secret(home, plain)


def _from_secret(home: Path, plain: bytes) -> Vault:
    try:
        secret = json.loads(plain)
        if secret["format"] > _FORMAT:
            raise EnvironmentFault("vault.newer", Place(file=str(home)))
        return Vault(
            home, secret["identity"], bytes.fromhex(secret["signing"]), bytes.fromhex(secret["database"])
        )
    except (ValueError, KeyError, TypeError) as error:
        raise EnvironmentFault("vault.damaged", Place(file=str(home / KEY_FILE))) from error


class EvidenceStore:
    """Content-addressed, sealed files: ``evidence/ab/abcd…`` named by the plain SHA-256."""

    def __init__(self, vault: Vault, folder: Path) -> None:
        self._vault = vault
        self._key = evidencefile.key_from(vault.database_key)
        self.folder = folder

    def put(self, source: IO[bytes], size_hint: int = 0) -> tuple[str, int]:
        """Take ``source`` in; returns SHA-256 and size. The same bytes are stored once."""
        require_free_space(self.folder, size_hint)
        with explained(self.folder):
            data = source.read()
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.has(sha256):
            self._keep(sha256, data)
        return sha256, len(data)

    def _keep(self, sha256: str, data: bytes) -> None:
        with explained(self.folder):
            handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as out:
                    out.write(self.sealed(sha256, data))
                    out.flush()
                    os.fsync(out.fileno())
                self.adopt([(Path(name), sha256)])
            finally:
                # Gone already when it was settled.
                with suppress(OSError):
                    os.unlink(name)

    def sealed(self, sha256: str, data: bytes) -> bytes:
        """``data``, whose digest is ``sha256``, as this store keeps it."""
        return evidencefile.seal(self._key, sha256, data)

    def adopt(self, files: Iterable[tuple[Path, str]]) -> None:
        """Take over files that are already sealed and synced; their names are durable afterwards."""
        changed: set[Path] = set()
        for temporary, sha256 in files:
            target = self.path(sha256)
            if target.exists():
                temporary.unlink()
                continue
            if not target.parent.exists():
                make_folder(target.parent)
                changed.add(self.folder)
            os.replace(temporary, target)
            changed.add(target.parent)
        # When all are moved: the first sync carries most of what the others would wait for.
        for folder in sorted(changed):
            sync_folder(folder)

    def put_bytes(self, data: bytes) -> str:
        """Take bytes in; returns their SHA-256."""
        return self.put(io.BytesIO(data), len(data))[0]

    def path(self, sha256: str) -> Path:
        """Where the sealed file of ``sha256`` lies (it need not exist)."""
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the bytes are here."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Size of the plain bytes, worked out from the file's own."""
        path = self.path(sha256)
        with explained(path), path.open("rb") as source:
            header, whole = source.read(4096), path.stat().st_size
        try:
            former = header.startswith(agefile.INTRO)
            size = agefile.plain_size(header, whole) if former else whole - evidencefile.OVERHEAD
        except ValueError as error:
            raise EnvironmentFault("vault.evidence_damaged", Place(file=sha256)) from error
        return size

    def read(self, sha256: str) -> bytes:
        """The plain bytes of one file; a damaged or missing one is an environment fault.

        Whatever is returned is what was taken in under this name.
        """
        path = self.path(sha256)
        with explained(path):
            sealed = path.read_bytes()
        try:
            if sealed.startswith(agefile.INTRO):
                return self._former(sha256, sealed)
            return evidencefile.unseal(self._key, sha256, sealed)
        except evidencefile.NotOpened as error:
            raise EnvironmentFault("vault.evidence_damaged", Place(file=sha256)) from error

    def _former(self, sha256: str, sealed: bytes) -> bytes:
        """An age file of a former build, which does not know its own name."""
        out = io.BytesIO()
        try:
            self._vault.decrypt_stream(io.BytesIO(sealed), out)
        except (pyrage.DecryptError, OSError) as error:
            # pyrage reports a broken stream as an OSError.
            raise evidencefile.NotOpened from error
        plain = out.getvalue()
        if hashlib.sha256(plain).hexdigest() != sha256:
            raise evidencefile.NotOpened
        return plain

    def names(self) -> Iterator[str]:
        """SHA-256 of every stored file."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))

    def remove(self, sha256: str) -> None:
        """Forget one file; harmless when it is not there."""
        self.path(sha256).unlink(missing_ok=True)
