"""A revision has one form: whatever is written otherwise, if only by a space, is none."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInput
from app.sync.revision import GONE, LARGEST_BODY, Author, body_of, compose, opened, read, unfit
from app.sync.rights import MAY_WRITE, may_write
from app.sync.shapes import RECORD_KINDS
from app.vocabulary import Role

MADE = datetime(2026, 8, 12, 9, 30, tzinfo=timezone(timedelta(hours=8)))
GOOD = compose(
    "inspection", "a" * 32, {"place": "一号车间", "answers/1.1": GONE, "rights_told": True}, ("c" * 64, "b" * 64),
    author=Author("彭建华", "赣C36090001"), device="d" * 32, made_at=MADE,
)  # fmt: skip
BODY = body_of(GOOD)


def test_its_name_is_the_hash_of_its_bytes_and_nothing_is_lost() -> None:
    sealed = read(BODY, b"")
    assert sealed.id == hashlib.sha256(BODY).hexdigest()
    assert sealed.revision == GOOD == opened(BODY, b"").revision
    assert sealed.revision.changes == {"place": "一号车间", "answers/1.1": GONE, "rights_told": True}
    assert sealed.revision.parents == ("b" * 64, "c" * 64)
    assert sealed.revision.moment == MADE.astimezone(UTC)
    assert json.loads(BODY)["made_at"] == "2026-08-12T01:30:00.000000Z"
    assert unfit(GOOD) is None


@pytest.mark.parametrize(
    "former,other",
    [
        (b'{"author"', b'{ "author"'),
        (b'"rights_told":true', b'"rights_told":1.0'),
        (b'"rights_told":true', b'"rights_told":[]'),
        (b'"rights_told":true', b'"rights_told":true,"rights_told":true'),
        (b'"rights_told":true', b'"rights_told":true,"answers/1.1":true'),
        (b'"schema":1', b'"schema":1,"secret":1'),
        (b'"gone":["answers/1.1"]', b'"gone":["answers/1.1","answers/1.1"]'),
        (b"b" * 64, b"d" * 64),
        (b"b" * 64, b"c" * 64),
        (b"b" * 64, b"B" * 64),
        (b"a" * 32, b"../" * 10 + b"xx"),
        (b"01:30:00.000000Z", b"01:30:00Z"),
        (b"01:30:00.000000Z", b"25:30:00.000000Z"),
        ("一".encode(), b"\xff"),
        (b"}", b""),
    ],
)
def test_any_other_form_is_refused(former: bytes, other: bytes) -> None:
    assert former in BODY
    with pytest.raises(BadInput) as error:
        read(BODY.replace(former, other, 1), b"")
    assert error.value.problem.code == "sync.bad_revision"


def test_an_endless_body_is_not_even_read() -> None:
    with pytest.raises(BadInput):
        read(b" " * (LARGEST_BODY + 1), b"")


@given(st.binary(max_size=300))
def test_noise_is_refused_not_stumbled_over(noise: bytes) -> None:
    with pytest.raises(BadInput):
        read(noise, b"")


def test_an_inspector_writes_inspections_and_a_supervisor_everything() -> None:
    assert {kind for kind in RECORD_KINDS if may_write(Role.INSPECTOR, kind)} == {"inspection"}
    assert MAY_WRITE[Role.SUPERVISOR] == RECORD_KINDS.keys()
    assert MAY_WRITE.keys() == set(Role)
