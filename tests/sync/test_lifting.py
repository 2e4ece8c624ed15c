"""What older programs sealed stays readable: stored samples of every schema, and how a lift works.

``samples/schema-N.jsonl`` holds revisions as programs of schema N sealed and signed them, never
written again; ``samples/schema-N.documents.json`` says what records they must become today. A
change of the mapping that breaks a sample needs a lift in :mod:`app.sync.lifting`, and a new sample.
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.sync import revision as revisions
from app.sync.canonical import canonical
from app.sync.documents import lacking
from app.sync.lifting import LIFTS, SCHEMA, Changes, lifted
from app.sync.revision import GONE, Sealed, body_of, read, unfit
from app.sync.shapes import RECORD_KINDS
from app.sync.view import view

SAMPLES = Path(__file__).with_name("samples")
HAND = Ed25519PublicKey.from_public_bytes(
    bytes.fromhex("1f9ae3748bfb862cb73cfe3acce1551c01b82072457e7a7df43fb2ccbb039f34")
)
"""The public key of the device that sealed the samples."""


def sample(schema: int) -> list[Sealed]:
    found = []
    for line in (SAMPLES / f"schema-{schema}.jsonl").read_bytes().splitlines():
        told = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        signature = bytes.fromhex(msgspec.json.decode(told["signature"], type=str))
        HAND.verify(signature, bytes(told["revision"]))
        found.append(read(bytes(told["revision"]), signature))
    return found


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_what_an_older_program_sealed_becomes_the_same_records_today(schema: int) -> None:
    expected = json.loads((SAMPLES / f"schema-{schema}.documents.json").read_text("utf-8"))
    by_kind: dict[str, list[Sealed]] = {}
    for each in sample(schema):
        assert each.revision.schema == SCHEMA
        assert unfit(each.revision) is None
        by_kind.setdefault(each.revision.kind, []).append(each)
    documents = {kind: view(some).document() for kind, some in by_kind.items()}
    assert documents == expected
    assert documents.keys() == RECORD_KINDS.keys()
    assert all(lacking(kind, document) is None for kind, document in documents.items())


def test_every_schema_has_its_sample() -> None:
    stored = {int(path.stem.removeprefix("schema-")) for path in SAMPLES.glob("schema-*.jsonl")}
    assert stored == set(range(1, len(LIFTS) + 2))


def place_was_called_site(kind: str, changes: Changes) -> Changes:
    """From 1 to 2: ``site`` of an inspection is called ``place``."""
    values, gone = changes
    if kind != "inspection":
        return changes
    renamed = {"place" if path == "site" else path: value for path, value in values.items()}
    return renamed, tuple("place" if path == "site" else path for path in gone)


def minutes_were_hours(kind: str, changes: Changes) -> Changes:
    """From 2 to 3: what was counted in hours is counted in minutes."""
    values, gone = changes
    lasted = values.get("lasted")
    return ({**values, "lasted": lasted * 60} if isinstance(lasted, int) else values), gone


def test_lifts_are_applied_from_the_schema_of_the_revision_on() -> None:
    steps = (place_was_called_site, minutes_were_hours)
    old = {"site": "一号车间", "lasted": 2}, ("site",)
    assert lifted("inspection", 1, old, steps) == ({"place": "一号车间", "lasted": 120}, ("place",))
    assert lifted("inspection", 2, old, steps) == ({"site": "一号车间", "lasted": 120}, ("site",))
    assert lifted("inspection", 3, old, steps) == old
    assert lifted("plan", 1, old, steps) == ({"site": "一号车间", "lasted": 120}, ("site",))
    assert old == ({"site": "一号车间", "lasted": 2}, ("site",))


def test_the_bytes_stay_as_they_were_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of schema 2 reads schema 1: the record is today's, the id and the signature are theirs."""
    known = next(each for each in sample(1) if each.revision.kind == "inspection")
    said = msgspec.structs.replace(known.revision, schema=1, set={"site": "一号车间"}, gone=("site/x",))
    body = body_of(said)
    monkeypatch.setattr(revisions, "SCHEMA", 2)
    monkeypatch.setattr(
        revisions,
        "lifted",
        lambda kind, schema, changes: lifted(kind, schema, changes, (place_was_called_site,)),
    )
    sealed = read(body, b"")
    assert sealed.body == body == canonical(said)
    assert sealed.revision.schema == 2
    assert sealed.revision.changes == {"place": "一号车间", "site/x": GONE}
    assert revisions.opened(body, b"") == sealed
