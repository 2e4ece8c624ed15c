"""What may become evidence: pictures, scans, video and sound that are whole; what they say of themselves."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from app.clock import LOCAL
from app.errors import BadInput
from app.services.evidence_files import examine
from app.wording import sentence
from tests.services.pieces import box, mp4, pdf, photo, wav

MADE = datetime(2026, 8, 12, 2, 41, 37, tzinfo=UTC)
HEIC = box(b"ftyp", b"heic" + bytes(4)) + bytes(64)


def look(data: bytes, name: str = "a"):
    return examine(io.BytesIO(data), name, len(data))


def tiff(pages: int) -> bytes:
    out = io.BytesIO()
    sheets = [Image.new("L", (60, 80), 10 * number) for number in range(pages)]
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    "data, name, expected",
    [
        (photo(), "1.jpg", "image/jpeg"),
        (tiff(3), "scan.tif", "image/tiff"),
        (pdf(2), "scan.pdf", "application/pdf"),
        (mp4(), "1.mp4", "video/mp4"),
        (mp4(brand=b"qt  "), "1.mov", "video/quicktime"),
        (mp4(brand=b"3gp4"), "1.3gp", "video/3gpp"),
        (mp4(brand=b"M4A "), "note.m4a", "audio/mp4"),
        (wav(), "note.wav", "audio/wav"),
        (b"#!AMR\n" + bytes(60), "note.amr", "audio/amr"),
        (b"ID3\x04" + bytes(60), "note.mp3", "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(60), "note.mp3", "audio/mpeg"),
        ((b"\x47" + bytes(187)) * 4, "recorder.ts", "video/mp2t"),
    ],
)
def test_the_kind_is_told_from_the_bytes(data, name, expected):
    assert look(data, name).media_type == expected


@pytest.mark.parametrize(
    "data, code",
    [
        (b"not a picture at all", "evidence.broken"),
        (b"\xff\xfe n o t e s", "evidence.broken"),
        (photo((800, 600))[:3000], "evidence.damaged"),
        (tiff(3)[:-4000], "evidence.damaged"),
        (pdf()[:200], "evidence.bad_pdf"),
        (mp4()[:-100], "evidence.cut_short"),
        (box(b"ftyp", b"isom" + bytes(4)) + box(b"mdat", bytes(400)), "evidence.cut_short"),
        (wav()[:-300], "evidence.cut_short"),
        (HEIC, "evidence.heic"),
    ],
)
def test_what_is_broken_is_refused_and_named(data, code):
    with pytest.raises(BadInput) as refused:
        look(data, "现场 3.jpg")
    assert refused.value.problem.code == code
    assert sentence(refused.value).message.startswith("现场 3.jpg")


def test_a_phone_tells_when_and_where():
    found = look(photo(taken="2026:08:12 10:41:37", offset="+08:00", place=(27.801234, 114.391)))
    assert found.captured_at == datetime(2026, 8, 12, 10, 41, 37, tzinfo=LOCAL)
    assert found.located == "27.801234,114.391000"


def test_a_time_in_another_zone_is_the_same_moment():
    found = look(photo(taken="2026:08:12 11:41:37", offset="+09:00"))
    assert found.captured_at == datetime(2026, 8, 12, 10, 41, 37, tzinfo=LOCAL)


def test_south_and_west_are_negative_and_a_phone_without_a_fix_was_nowhere():
    assert look(photo(place=(-33.5, -70.25))).located == "-33.500000,-70.250000"
    assert look(photo(place=(0, 0))).located == ""
    assert look(photo(place=(200, 10))).located == ""


def test_a_recorder_tells_when_and_one_whose_clock_was_never_set_does_not():
    assert look(mp4(MADE)).captured_at == MADE
    assert look(mp4()).captured_at is None
