"""Evidence at rest: it opens with its key under its name, byte for byte, or not at all."""

import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.evidencefile import MAGIC, OVERHEAD, NotOpened, key_from, seal, unseal

SECRET, PHOTO = bytes(range(32)), b"\xff\xd8 a photo \xff\xd9" * 500
NAME = hashlib.sha256(PHOTO).hexdigest()


@pytest.mark.parametrize("plain", [b"", b"x", PHOTO])
def test_it_comes_back_byte_for_byte(plain):
    name = hashlib.sha256(plain).hexdigest()
    sealed = seal(key_from(SECRET), name, plain)
    assert unseal(key_from(SECRET), name, sealed) == plain
    assert len(sealed) == len(plain) + OVERHEAD


def test_the_page_in_the_docs_says_how_to_open_it():
    """The steps of docs/package-format.md, with nothing of the program."""
    sealed = seal(key_from(SECRET), NAME, PHOTO)
    key = HKDF(SHA256(), 32, None, b"chayan evidence 1").derive(SECRET)
    assert sealed[:18] == b"chayan-evidence/1\n"
    plain = AESGCM(key).decrypt(sealed[18:30], sealed[30:], b"chayan-evidence/1\n" + NAME.encode())
    assert plain == PHOTO


def test_the_same_bytes_never_look_the_same():
    assert seal(key_from(SECRET), NAME, PHOTO)[18:] != seal(key_from(SECRET), NAME, PHOTO)[18:]


def test_another_key_or_name_opens_nothing():
    sealed = seal(key_from(SECRET), NAME, PHOTO)
    with pytest.raises(NotOpened):
        unseal(key_from(bytes(32)), NAME, sealed)
    with pytest.raises(NotOpened):
        unseal(key_from(SECRET), hashlib.sha256(b"another").hexdigest(), sealed)


def test_every_changed_bit_shows():
    name = hashlib.sha256(b"small").hexdigest()
    sealed = seal(key_from(SECRET), name, b"small")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises(NotOpened):
                unseal(key_from(SECRET), name, bytes(changed))


def test_every_shortened_or_lengthened_file_shows():
    name = hashlib.sha256(b"small").hexdigest()
    sealed = seal(key_from(SECRET), name, b"small")
    for damaged in (*(sealed[:length] for length in range(len(sealed))), sealed + b"\0"):
        with pytest.raises(NotOpened):
            unseal(key_from(SECRET), name, damaged)


def test_a_later_form_is_not_taken_for_this_one():
    sealed = seal(key_from(SECRET), NAME, PHOTO)
    with pytest.raises(NotOpened):
        unseal(key_from(SECRET), NAME, MAGIC.replace(b"1", b"2") + sealed[len(MAGIC) :])
