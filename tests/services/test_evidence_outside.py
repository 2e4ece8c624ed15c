"""Large video and sound stay where they are: the record holds hash, size, time and place."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.services import evidence, evidence_outside, integrity
from app.services.evidence import SMALL_MEDIA, Link
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus
from tests.services.conftest import Visit, jpeg
from tests.services.parcels import VISIT, introduce, make_task, make_visit, receive, send
from tests.services.pieces import mp4, wav

MADE = datetime(2026, 8, 12, 2, 41, 37, tzinfo=UTC)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorder's video, larger than what is copied."""
    path = tmp_path_factory.mktemp("recorder") / "执法记录仪 0812.mp4"
    path.write_bytes(mp4(MADE, film=SMALL_MEDIA))
    return path


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_long_video_is_noted_and_not_copied(visit: Visit, film: Path):
    evidence.add_photos(visit.place, inspection_id=visit.id, paths=[film], link=Link("3.1"))
    [row] = evidence.rows(visit.place, inspection_id=visit.id)
    assert (row.sha256, row.kept_at, row.size) == ("", str(film), film.stat().st_size)
    assert row.digest == digest_of(film)
    assert (row.media_type, row.captured_at, row.item) == ("video/mp4", MADE, "3.1")
    assert not row.pictured
    assert list(visit.place.evidence.names()) == []


def test_a_spoken_note_goes_into_the_vault(visit: Visit, tmp_path: Path):
    (tmp_path / "note.wav").write_bytes(wav())
    evidence.add_photos(visit.place, inspection_id=visit.id, paths=[tmp_path / "note.wav"])
    [row] = evidence.rows(visit.place, inspection_id=visit.id)
    assert evidence.original(visit.place, sha256=row.sha256) == wav()
    assert row.kept_at == ""


def test_the_record_travels_with_the_hash_and_asks_for_no_bytes(
    office: Workplace, laptop: Workplace, tmp_path: Path, film: Path
):
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    make_visit(laptop, status=InspectionStatus.IN_PROGRESS)
    evidence.add_photos(laptop, inspection_id=VISIT, paths=[film])
    receive(office, send(laptop, tmp_path / "out", drafts=True))
    row = next(row for row in evidence.rows(office, inspection_id=VISIT) if row.outside_sha256)
    assert (row.digest, row.sha256, row.kept_at) == (digest_of(film), "", str(film))
    assert "" not in integrity.referenced(office)
    assert list(integrity.evidence_files(office)) == []


def test_a_file_outside_is_looked_up_again(visit: Visit, tmp_path: Path, film: Path):
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(film.read_bytes())
    evidence.add_photos(visit.place, inspection_id=visit.id, paths=[moved])

    def state() -> str:
        return evidence_outside.state_of(evidence.rows(visit.place, inspection_id=visit.id)[0])

    assert state() == "same"
    with moved.open("r+b") as file:
        file.seek(5000)
        file.write(b"x")
    assert state() == "changed"
    moved.unlink()
    assert state() == "missing"
    [row] = evidence.rows(visit.place, inspection_id=visit.id)
    evidence.describe_all(visit.place, inspection_id=visit.id, keys=[row.key], kept_at=str(film))
    assert state() == "same"


def test_a_video_is_no_photo_where_photos_are_asked_for(visit: Visit, film: Path):
    item = next(row for part in visit.sheet().sections for row in part.items if row.photos_required)
    evidence.add_photos(visit.place, inspection_id=visit.id, paths=[film], link=Link(item.id))
    evidence.add_photo_bytes(
        visit.place, inspection_id=visit.id, data=jpeg(), file_name="1.jpg", link=Link(item.id)
    )
    assert next(row.photos for part in visit.sheet().sections for row in part.items if row.id == item.id) == 1
