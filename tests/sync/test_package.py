"""Packages of what the writers accept at its longest: packed, described, read back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyrage
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.errors import BadInput
from app.models.bounds import LONGEST_TEXT
from app.sync.canonical import canonical
from app.sync.package import (
    ALGORITHMS,
    FORMAT,
    STEEPEST,
    UNSUSPECTED,
    Addressed,
    Manifest,
    read_manifest,
)
from app.sync.reader import Receiver, read_package
from app.sync.revision import LARGEST_BODY, Author, Sealed, body_of, compose, opened, read, unfit
from app.sync.shapes import RECORD_KINDS, Value
from app.sync.writer import Parts, make_parts, write_package
from app.vault import Vault
from tests.sync.test_documents import full_document

AT = datetime(2026, 8, 12, 1, 30, tzinfo=UTC)


def longest(kind: str, character: str) -> dict[str, Value]:
    """A document whose texts are as long as their columns take them."""
    document = full_document(kind)
    for path in document:
        field = RECORD_KINDS[kind].field(path)
        if field is not None and not field.blob:
            length = getattr(field.type, "length", 0)
            text = character * (LONGEST_TEXT if length is None else length)
            document[path] = text if text and field.fits(text) else document[path]
    return document


def sealed(kind: str, document: dict[str, Value]) -> Sealed:
    made = compose(
        kind, "a" * 32, document, (), author=Author("彭建华", "赣C36090001"), device="d" * 32, made_at=AT
    )
    return opened(body_of(made), b"s" * 64)


def manifest(parts: Parts) -> Manifest:
    return Manifest(
        format=FORMAT, algorithms=ALGORITHMS, package="b" * 32, author="d" * 32,
        recipients=(Addressed("e" * 32, 1, ""),), made_at="2026-08-12T01:30:00.000000Z", schema=1,
        records=1, revisions=parts.revisions, unpacked=parts.unpacked, parts=parts.entries, blobs=(),
        devices=(),
    )  # fmt: skip


class Taken(Receiver):
    """Keeps the revisions of a package."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(lambda _: vault.public)
        self.revisions: list[Sealed] = []

    def revision(self, listed: str, body: bytes, signature: bytes) -> None:
        self.revisions.append(read(body, signature))
        assert self.revisions[-1].id == listed


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    identity = str(pyrage.x25519.Identity.generate())
    return Vault(tmp_path_factory.mktemp("vault"), identity, b"s" * 32, b"d" * 32)


def travelled(vault: Vault, parts: Parts, folder: Path) -> list[Sealed]:
    taken = Taken(vault)
    write_package(
        folder / "x.cyb", manifest(parts), parts.files, sign=vault.sign, blob=lambda _: b"",
        recipients=(vault.public.recipient,), step=lambda _: None,
        read_back=lambda path: read_package(path, vault.decrypt_stream, taken),
    )  # fmt: skip
    return taken.revisions


@settings(max_examples=12, deadline=None)
@example(kind="inspection", character="\x01")
@given(kind=st.sampled_from(sorted(RECORD_KINDS)), character=st.sampled_from('a字𬭎\x01"\\'))
def test_a_document_at_its_limits_packs_and_reads_back(
    vault: Vault, tmp_path_factory: pytest.TempPathFactory, kind: str, character: str
) -> None:
    made = sealed(kind, longest(kind, character))
    assert len(made.body) <= LARGEST_BODY
    assert travelled(vault, make_parts([made], {}), tmp_path_factory.mktemp("out")) == [made]
    assert unfit(made.revision) is None


def test_what_unpacks_to_far_more_than_it_is_stays_refused() -> None:
    parts = make_parts([sealed("inspection", longest("inspection", "a"))], {})
    packed = len(parts.files["revisions.jsonl.zst"])
    assert parts.unpacked > packed * STEEPEST, "a word said again and again lies very small"
    good = manifest(parts)
    assert read_manifest(canonical(good)) == good
    bomb = msgspec.structs.replace(good, unpacked=max(packed * STEEPEST, UNSUSPECTED) + 1)
    with pytest.raises(BadInput, match="too_large"):
        read_manifest(canonical(bomb))
