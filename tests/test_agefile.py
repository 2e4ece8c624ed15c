"""The age file of a passphrase: pyrage reads it, its cost is fixed, damage and wrong words are told."""

from __future__ import annotations

import re

import pyrage
import pytest

from app import agefile


@pytest.mark.parametrize("plain", [b"", b"{}", bytes(range(256)) * 256])
def test_pyrage_reads_what_is_sealed(plain: bytes) -> None:
    assert pyrage.passphrase.decrypt(agefile.seal(plain, "正确 horse"), "正确 horse") == plain


def test_the_cost_is_the_same_on_every_machine() -> None:
    first, second = agefile.seal(b"x", "a"), agefile.seal(b"x", "a")
    assert [re.search(rb"scrypt \S+ (\d+)\n", each)[1] for each in (first, second)] == [b"17", b"17"]
    assert first != second


def test_a_wrong_passphrase_and_a_changed_byte_are_refused() -> None:
    sealed = agefile.seal(b"secret", "right")
    with pytest.raises(pyrage.DecryptError, match="ecryption failed"):
        agefile.unseal(sealed, "wrong")
    for at in (len(sealed) - 1, sealed.index(b"\n--- ") + 6):
        with pytest.raises(pyrage.DecryptError):
            agefile.unseal(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], "right")


def test_a_cost_that_looks_too_high_is_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """rage times a small derivation to see what the machine can bear; a hiccup must not lock one out."""
    answers = iter([pyrage.DecryptError("Excessive work parameter for passphrase."), b"plain"])

    def decrypt(_sealed: bytes, _passphrase: str) -> bytes:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    assert agefile.unseal(b"", "x") == b"plain"


def test_a_cost_that_nobody_can_bear_is_refused() -> None:
    sealed = agefile.seal(b"secret", "right").replace(b" 17\n", b" 40\n", 1)
    with pytest.raises(pyrage.DecryptError, match="xcessive work"):
        agefile.unseal(sealed, "right")
