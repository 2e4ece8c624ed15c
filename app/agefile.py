"""An age file under a passphrase whose cost is ours to choose (https://age-encryption.org/v1).

pyrage measures the machine and takes the scrypt cost that needs a second on it: half a gigabyte on a
quick one, and no two files alike. A vault made there must open on an old laptop beside other
programs, so the file is written here, at 128 MiB always. It is an ordinary age file: pyrage reads it.
"""

from __future__ import annotations

import secrets
from base64 import b64encode

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

INTRO = b"age-encryption.org/v1\n"
COST = 17
"""Binary logarithm of scrypt's N; with r = 8 it takes 128 MiB."""

CHUNK = 64 << 10
_TRIES = 5


def seal(plain: bytes, passphrase: str) -> bytes:
    """``plain`` (at most 64 KiB) as an age file under ``passphrase``."""
    assert len(plain) <= CHUNK
    key, salt, nonce = (secrets.token_bytes(16) for _ in range(3))
    kdf = Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, n=1 << COST, r=8, p=1)
    wrapped = ChaCha20Poly1305(kdf.derive(passphrase.encode())).encrypt(bytes(12), key, None)
    header = b"%s-> scrypt %s %d\n%s\n---" % (INTRO, _base64(salt), COST, _base64(wrapped))
    check = HMAC(_derived(key, b"", b"header"), SHA256())
    check.update(header)
    # STREAM: the counter of the only chunk is zero, and a one marks it as the last.
    body = ChaCha20Poly1305(_derived(key, nonce, b"payload")).encrypt(bytes(11) + b"\1", plain, None)
    return b"%s %s\n%s%s" % (header, _base64(check.finalize()), nonce, body)


def unseal(sealed: bytes, passphrase: str) -> bytes:
    """The plain bytes of an age file under ``passphrase``; raises :class:`pyrage.DecryptError`."""
    for left in reversed(range(_TRIES)):
        try:
            plain: bytes = pyrage.passphrase.decrypt(sealed, passphrase)
            return plain
        except pyrage.DecryptError as error:
            # Judged by a measurement of milliseconds, which a busy machine spoils: ask again.
            if left == 0 or "xcessive work" not in str(error):
                raise
    raise AssertionError("the last try returns or raises")


def plain_size(header: bytes, size: int) -> int:
    """Plain bytes of an age file of ``size`` bytes that begins with ``header`` (chunks of 64 KiB)."""
    body = size - (header.index(b"\n", header.index(b"\n---") + 1) + 1)
    payload = body - 16
    return payload - 16 * -(-payload // (CHUNK + 16))


def _base64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, purpose).derive(key)
