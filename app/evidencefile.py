"""How a file of evidence lies at rest: AES-256-GCM under a key of the home, bound to its own name.

A sealed file is the line ``chayan-evidence/1``, a random nonce of 12 bytes, the encrypted bytes and
a tag of 16. The tag also covers that line and the file's name, which is the SHA-256 of the plain
bytes in hex: whatever opens is whole, unchanged, and what was taken in under this name. The key is
HKDF-SHA256 of the home's database key, without salt, with the label ``chayan evidence 1``.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"chayan-evidence/1\n"
_LABEL = b"chayan evidence 1"
_NONCE, _TAG = 12, 16
OVERHEAD = len(MAGIC) + _NONCE + _TAG
"""Bytes by which a sealed file is longer than what it holds."""


class NotOpened(Exception):
    """The bytes are no sealed file of this key and name, or were changed."""


def key_from(secret: bytes) -> AESGCM:
    """The key of a home's evidence, from 32 secret bytes that serve another purpose too."""
    return AESGCM(HKDF(SHA256(), 32, None, _LABEL).derive(secret))


def seal(key: AESGCM, sha256: str, plain: bytes) -> bytes:
    """``plain``, whose digest is ``sha256``, as it may lie on a disk."""
    # A random nonce is safe for 2**32 files under one key.
    nonce = secrets.token_bytes(_NONCE)
    return b"".join((MAGIC, nonce, key.encrypt(nonce, plain, MAGIC + sha256.encode())))


def unseal(key: AESGCM, sha256: str, sealed: bytes) -> bytes:
    """The plain bytes of the file named ``sha256``; raises :class:`NotOpened`."""
    if not sealed.startswith(MAGIC) or len(sealed) < OVERHEAD:
        raise NotOpened
    start = len(MAGIC) + _NONCE
    try:
        return key.decrypt(sealed[len(MAGIC) : start], memoryview(sealed)[start:], MAGIC + sha256.encode())
    except InvalidTag as error:
        raise NotOpened from error
