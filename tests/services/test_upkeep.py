"""What a home says about itself, and every kind of damage that `verify` must see."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.inspection import Evidence, Inspection
from app.models.journal import JournalEntry
from app.services import sealing, upkeep
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus, InspectionType


def add_visit_with_photo(place: Workplace, data: bytes) -> str:
    sha256 = place.evidence.put_bytes(data)
    with place.write("test.visit") as work:
        work.session.add(
            Inspection(
                id="visit", organization_id="a", status=InspectionStatus.IN_PROGRESS, subject_name="x",
                inspection_type=InspectionType.CCC_PRODUCER, checklist_id="x", checklist_version="1",
                started_at=place.now(),
            )
        )  # fmt: skip
        work.session.add(
            Evidence(
                inspection_id="visit", key="1", sha256=sha256, file_name="照片.jpg", media_type="image/jpeg",
                size=len(data), taken_at=place.now(),
            )
        )  # fmt: skip
        work.commit()
    return sha256


def found(place: Workplace) -> list[str]:
    return [problem.code for problem in upkeep.verify(place).problems]


def test_a_sound_home_has_no_findings(office: Workplace) -> None:
    add_visit_with_photo(office, b"a photo")
    seen: list[str] = []
    findings = upkeep.verify(office, progress=seen.append)
    assert findings.ok
    assert findings.remarks == ()
    assert tuple(seen) == findings.checked


def test_status_counts_what_is_here(office: Workplace) -> None:
    add_visit_with_photo(office, b"a photo")
    status = upkeep.status(office)
    assert status.inspections == {InspectionStatus.IN_PROGRESS: 1}
    assert (status.counts["inspections"], status.counts["evidence"], status.counts["people"]) == (1, 1, 1)
    assert (status.targets_due, status.orders_due, status.conflicts) == ((), (), 0)


def test_a_changed_journal_is_seen(office: Workplace) -> None:
    add_visit_with_photo(office, b"a photo")
    with office.write("test.tamper") as work:
        work.session.get(JournalEntry, 2).actor = "someone else"
        work.commit()
    assert found(office) == ["upkeep.journal_changed"]


def test_a_gap_in_the_journal_is_seen(office: Workplace) -> None:
    add_visit_with_photo(office, b"a photo")
    with office.write("test.tamper") as work:
        work.session.delete(work.session.get(JournalEntry, 1))
        work.commit()
    assert found(office) == ["upkeep.journal_gap"]


def test_a_damaged_photo_is_seen(office: Workplace) -> None:
    path = office.evidence.path(add_visit_with_photo(office, b"a photo"))
    sealed = bytearray(path.read_bytes())
    sealed[-1] ^= 1
    path.write_bytes(sealed)
    assert found(office) == ["upkeep.evidence_damaged"]


def test_a_photo_under_another_name_is_seen(office: Workplace) -> None:
    first = office.evidence.path(add_visit_with_photo(office, b"a photo"))
    other = office.evidence.path(office.evidence.put_bytes(b"another photo"))
    first.write_bytes(other.read_bytes())
    assert found(office) == ["upkeep.evidence_damaged"]


def test_a_missing_photo_is_seen(office: Workplace) -> None:
    office.evidence.remove(add_visit_with_photo(office, b"a photo"))
    assert found(office) == ["upkeep.evidence_missing"]


def test_a_photo_nobody_names_is_a_remark(office: Workplace) -> None:
    office.evidence.put_bytes(b"taken out again")
    findings = upkeep.verify(office)
    assert findings.ok
    assert [remark.code for remark in findings.remarks] == ["upkeep.evidence_orphan"]


def test_evidence_that_only_the_history_names_is_no_orphan_and_missed(office: Workplace) -> None:
    sha256 = add_visit_with_photo(office, b"a photo")
    with office.write("test.seal") as work:
        sealing.seal(work, office, "inspection", "visit")
        work.commit()
    with office.write("test.take_out") as work:
        work.session.delete(work.session.get_one(Evidence, ("visit", "1")))
        work.session.flush()
        sealing.seal(work, office, "inspection", "visit")
        work.commit()
    assert upkeep.verify(office).remarks == ()
    office.evidence.remove(sha256)
    findings = upkeep.verify(office)
    assert findings.ok
    assert [(each.code, each.where.file) for each in findings.remarks] == [
        ("upkeep.former_evidence_missing", sha256)
    ]


def test_a_damaged_page_is_seen(office: Workplace) -> None:
    add_visit_with_photo(office, b"a photo" * 1000)
    with office.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.store.close()
    damage(office.store.path, page=40)
    assert "upkeep.page_damaged" in found(office)


def damage(path: Path, page: int) -> None:
    size = 4096
    with path.open("r+b") as file:
        assert path.stat().st_size > page * size
        file.seek((page - 1) * size + 100)
        file.write(b"\0" * 16)


@pytest.mark.parametrize("word", ["page_damaged", "journal_gap", "evidence_missing", "font_missing"])
def test_findings_have_sentences(word: str) -> None:
    from app.wording import known_codes

    assert f"upkeep.{word}" in known_codes("upkeep")
