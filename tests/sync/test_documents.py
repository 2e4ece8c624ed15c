"""Every mapped column travels, and only what may travel."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Boolean, Date, Integer, event

from app.models.base import Base, UtcTime, Word
from app.models.inspection import Answer, Finding, Inspection
from app.models.registry import Organization
from app.services.workplace import Workplace
from app.sync.documents import Document, difference, lacking, read_document, rows_in, write_document
from app.sync.revision import GONE, Author, Sealed, Written, body_of, compose, opened
from app.sync.shapes import RECORD_KINDS, Field, Value, escape, unescape
from app.sync.view import EMPTY, View, view

RECORD = "a" * 32


def sample(field: Field, number: int) -> Value:
    """A value for the column that differs from its default and from its neighbours' values."""
    kind = field.type
    if isinstance(kind, Boolean):
        return not field.default
    if isinstance(kind, Integer):
        return number + 1
    if isinstance(kind, UtcTime):
        return f"2026-08-12T01:30:00.{number:06}Z"
    if isinstance(kind, Date):
        return date.fromordinal(740_000 + number).isoformat()
    if isinstance(kind, Word):
        return next(word.value for word in kind.words if word.value != field.default)
    if field.blob:
        return f"{number:064x}"
    return f"𬭎{number}"[: kind.length]


def full_document(kind: str) -> dict[str, Value]:
    shape = RECORD_KINDS[kind]
    document = {name: sample(field, number) for number, (name, field) in enumerate(shape.root.fields.items())}
    for part, rows in shape.parts.items():
        for key in ("3.1", "赣/C%36"):
            path = f"{part}/{escape(key)}"
            document[path] = True
            document |= {f"{path}/{f.name}": sample(f, n) for n, f in enumerate(rows.fields.values())}
    return document


def test_kinds_are_discovered() -> None:
    assert {"inspection", "organization", "plan", "assignment", "person"} <= RECORD_KINDS.keys()
    assert {"answers", "findings", "evidence", "orders", "cases"} <= RECORD_KINDS["inspection"].parts.keys()
    assert "initials" not in RECORD_KINDS["organization"].root.fields
    assert RECORD_KINDS["inspection"].parts["evidence"].fields["sha256"].blob


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_column_comes_back(office: Workplace, kind: str) -> None:
    document = full_document(kind)
    shape = RECORD_KINDS[kind]
    assert all(shape.accepts(path, value) for path, value in document.items())
    assert lacking(kind, document) is None
    with office.write("test") as work:
        write_document(work.session, kind, RECORD, document)
        assert read_document(work.session, kind, RECORD) == document
        bare = {path: value for path, value in document.items() if path in shape.root.required}
        write_document(work.session, kind, RECORD, bare)
        assert read_document(work.session, kind, RECORD) == bare


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_what_the_mapper_writes_reads_the_same(office: Workplace, kind: str) -> None:
    """Documents pass the mapper by: both must put the same text and numbers into the store."""
    table, other = RECORD_KINDS[kind].root.table, "b" * 32
    document = {path: value for path, value in full_document(kind).items() if "/" not in path}
    (mapped,) = (each.class_ for each in Base.registry.mappers if each.local_table is table)
    with office.write("test") as work:
        write_document(work.session, kind, RECORD, document)
        row = work.session.get_one(mapped, RECORD)
        values = {column.name: getattr(row, column.name) for column in table.columns}
        work.session.add(mapped(**values | {"id": other}))
        work.session.flush()
        assert read_document(work.session, kind, other) == document


def test_rows_that_say_the_same_are_not_touched(office: Workplace) -> None:
    """A part added, one changed, one gone: each row moves by itself, and only by what differs."""
    before = full_document("inspection")
    after = {path: value for path, value in before.items() if not path.startswith("answers/赣")}
    after |= {"place": "二号库", "answers/3.1/note": "新", "findings/9": True}
    after |= {path.replace("/3.1", "/9"): value for path, value in before.items() if "findings/3.1/" in path}
    written: list[str] = []

    def note(connection, cursor, statement, *_) -> None:
        written.append(statement.partition(" SET ")[2].partition(" WHERE")[0] or statement.split(" (")[0])

    with office.write("test") as work:
        write_document(work.session, "inspection", RECORD, before)
        event.listen(office.store.engine, "before_cursor_execute", note)
        write_document(work.session, "inspection", RECORD, after)
        event.remove(office.store.engine, "before_cursor_execute", note)
        assert read_document(work.session, "inspection", RECORD) == after
    moved = [each for each in written if not each.startswith("SELECT")]
    assert sorted(moved) == [
        "DELETE FROM answers WHERE answers.inspection_id = ? AND answers.item = ?",
        "INSERT INTO findings",
        "note=?",
        "place=?",
    ]


def test_local_columns_stay(office: Workplace) -> None:
    with office.write("test") as work:
        work.session.add(Organization(id=RECORD, name="袁州电缆", initials="yzdl", source_row=9))
        work.session.flush()
        write_document(work.session, "organization", RECORD, {"name": "宜春电缆"})
        found = work.session.get(Organization, RECORD)
        assert found is not None
        assert (found.name, found.initials, found.source_row) == ("宜春电缆", "yzdl", 9)


def test_a_missing_record_has_no_document(office: Workplace) -> None:
    with office.read() as session:
        assert read_document(session, "inspection", RECORD) is None


def test_an_absent_path_means_the_default(office: Workplace) -> None:
    shape = RECORD_KINDS["inspection"]
    needed = shape.root.required | {f"findings/3.1/{name}" for name in shape.parts["findings"].required}
    document: Document = {
        path: value for path, value in full_document("inspection").items() if path in needed
    }
    document |= {"party_present": False, "findings/3.1": True}
    with office.write("test") as work:
        write_document(work.session, "inspection", RECORD, document)
        inspection = work.session.get_one(Inspection, RECORD)
        assert inspection.party_present is False
        assert inspection.rights_told is False
        assert work.session.get_one(Finding, (RECORD, "3.1")).confirmed is True


def test_the_rows_of_a_document_have_the_values_of_the_mapping() -> None:
    rows = rows_in(
        "inspection", RECORD, {"party_present": False, "approval_on": "2026-08-12", "findings/1%2F2": True}
    )
    assert (rows[""][0]["id"], rows[""][0]["party_present"]) == (RECORD, False)
    assert (rows[""][0]["rights_told"], rows[""][0]["approval_on"]) == (False, date(2026, 8, 12))
    assert (rows["findings"][0]["key"], rows["findings"][0]["confirmed"]) == ("1/2", True)


@pytest.mark.parametrize(
    "path,value",
    [
        ("status", "lost"),
        ("status", 1),
        ("rights_told", 1),
        ("started_at", "yesterday"),
        ("approval_on", "2026-13-01"),
        ("region", "1234567"),
        ("subject_name", "a\0b"),
        ("nowhere", "x"),
        ("answers/3.1", False),
        ("answers//verdict", "conforming"),
        ("answers/a%41/note", "x"),
        ("answers/3.1/verdict/more", "conforming"),
        ("evidence/1/size", 1 << 31),
        ("evidence/1/size", True),
        ("evidence/1/sha256", "../" * 21 + "x"),
        ("id", RECORD),
        ("answers/3.1/inspection_id", RECORD),
    ],
)
def test_foreign_values_must_fit(path: str, value: Value) -> None:
    assert not RECORD_KINDS["inspection"].accepts(path, value)


@given(st.text())
def test_keys_with_any_character_are_one_step(key: str) -> None:
    assert "/" not in escape(key)
    assert unescape(escape(key)) == key


def sealed(changes: dict[str, Written], *parents: Sealed, second: int = 0) -> Sealed:
    revision = compose(
        "inspection",
        RECORD,
        changes,
        tuple(parent.id for parent in parents),
        author=Author("彭建华", "赣C36090001"),
        device="b" * 32,
        made_at=datetime(2026, 8, 12, 1, 30, second, tzinfo=UTC),
    )
    return opened(body_of(revision), b"")


def seen(*revisions: Sealed) -> View:
    return view(revisions)


def test_a_removed_part_is_one_tombstone() -> None:
    first = sealed({"place": "一号库", "answers/1": True, "answers/1/note": "旧"})
    assert difference("inspection", {"place": "一号库"}, seen(first)) == {"answers/1": GONE}


def test_a_part_that_returns_does_not_bring_old_values() -> None:
    first = sealed({"answers/1": True, "answers/1/note": "旧", "answers/1/value": "3"})
    gone = sealed({"answers/1": GONE}, first)
    back = {"answers/1": True, "answers/1/value": "3"}
    assert difference("inspection", dict(back), seen(first, gone)) == {
        "answers/1": True,
        "answers/1/note": GONE,
    }


def test_a_cleared_value_is_gone_and_a_default_is_no_difference() -> None:
    first = sealed({"place": "一号库", "rights_told": False})
    assert difference("inspection", {}, seen(first)) == {"place": GONE}


def test_a_conflict_left_alone_is_not_written() -> None:
    base = sealed({"place": "原"})
    one, two = sealed({"place": "甲"}, base, second=1), sealed({"place": "乙"}, base, second=2)
    both = seen(base, one, two)
    assert both.conflicts == ("place",)
    assert difference("inspection", {"place": "乙", "recorder": "李"}, both) == {"recorder": "李"}


def test_rows_become_a_document_of_plain_values(office: Workplace) -> None:
    with office.write("test") as work:
        write_document(work.session, "inspection", RECORD, full_document("inspection"))
        answer = work.session.get(Answer, (RECORD, "3.1"))
        inspection = work.session.get(Inspection, RECORD)
        assert answer is not None
        assert inspection is not None
        assert inspection.started_at.tzinfo is not None
        document = read_document(work.session, "inspection", RECORD)
    assert document is not None
    assert {type(value) for value in document.values()} <= {str, int, bool}
    assert difference("inspection", document, EMPTY) == document
