"""Evidence: original bytes kept, broken files refused, previews upright, signatures and refusals."""

import io
import os
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from app.clock import LOCAL
from app.errors import BadInput
from app.services import evidence, evidence_removal
from app.services.evidence import Link
from app.vocabulary import SignatureState

from .conftest import jpeg, stroke

ORIENTATION, TAKEN = 0x0112, 0x9003


def sideways() -> bytes:
    """A wide picture, left half red, that its camera marks as turned by 90°."""
    image = Image.new("RGB", (80, 40), "white")
    image.paste("red", (0, 0, 40, 40))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif.get_ifd(0x8769)[TAKEN] = "2026:08:12 10:41:37"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def test_the_original_bytes_are_kept_with_the_cameras_time(visit):
    data = sideways()
    added = evidence.add_photo_bytes(
        visit.place, inspection_id=visit.id, data=data, file_name="IMG_0001.JPG", link=Link(item="3.1")
    )
    [row] = evidence.rows(visit.place, inspection_id=visit.id, item="3.1")
    assert (row.key, row.media_type, row.size) == (added.keys[0], "image/jpeg", len(data))
    assert row.captured_at == datetime(2026, 8, 12, 10, 41, 37, tzinfo=LOCAL)
    assert evidence.original(visit.place, sha256=row.sha256) == data


def test_a_preview_stands_upright(visit):
    evidence.add_photo_bytes(visit.place, inspection_id=visit.id, data=sideways(), file_name="a.jpg")
    [row] = evidence.rows(visit.place, inspection_id=visit.id)
    with Image.open(io.BytesIO(evidence.preview(visit.place, sha256=row.sha256, box=80))) as shown:
        assert shown.size == (40, 80)
        red, green, _ = shown.getpixel((20, 10))
        assert (red > 200, green < 60) == (True, True)


def test_good_files_go_in_and_each_bad_one_is_named(visit, tmp_path):
    contents = {
        "good.jpg": jpeg(),
        "empty.jpg": b"",
        "notes.txt": b"not a picture at all",
        "half.jpg": jpeg(size=(400, 300))[:900],
    }
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    paths = [tmp_path / name for name in [*contents, "gone.jpg"]]
    added = evidence.add_photos(visit.place, inspection_id=visit.id, paths=paths)
    assert [row.file_name for row in evidence.rows(visit.place, inspection_id=visit.id)] == ["good.jpg"]
    assert [(problem.code, problem.where.file.rpartition("/")[2]) for problem in added.problems] == [
        ("evidence.empty", "empty.jpg"),
        ("evidence.broken", "notes.txt"),
        ("evidence.damaged", "half.jpg"),
        ("disk.missing", "gone.jpg"),
    ]


def test_evidence_is_described_turned_and_removed(visit):
    [key] = evidence.add_photo_bytes(visit.place, inspection_id=visit.id, data=jpeg(), file_name="a.jpg").keys
    evidence.describe(
        visit.place, inspection_id=visit.id, key=key, caption="铭牌", link=Link("2.1"), rotation=450
    )
    [row] = evidence.rows(visit.place, inspection_id=visit.id)
    assert (row.caption, row.item, row.rotation) == ("铭牌", "2.1", 90)
    evidence_removal.remove(visit.place, inspection_id=visit.id, keys=[key])
    assert evidence.rows(visit.place, inspection_id=visit.id) == ()


def test_signing_again_replaces_and_a_refusal_keeps_its_reason(visit):
    evidence.sign(visit.place, inspection_id=visit.id, party="party", name="王伟", image=stroke())
    evidence.refuse(
        visit.place, inspection_id=visit.id, party="party", name="王伟", state=SignatureState.ABSENT,
        reason="法定代表人出差", witness="李娜",
    )  # fmt: skip
    [row] = visit.sheet().signatures
    assert (row.state, row.reason, row.witness, row.image) == (
        SignatureState.ABSENT, "法定代表人出差", "李娜", None,
    )  # fmt: skip


def test_a_refusal_needs_its_reason_and_a_signature_its_name(visit):
    with pytest.raises(BadInput, match=r"evidence\.no_reason"):
        evidence.refuse(visit.place, inspection_id=visit.id, party="party", name="王伟",
                        state=SignatureState.REFUSED, reason=" ")  # fmt: skip
    with pytest.raises(BadInput, match=r"evidence\.no_name"):
        evidence.sign(visit.place, inspection_id=visit.id, party="party", name=" ", image=stroke())
    with pytest.raises(BadInput, match=r"evidence\.unknown_party"):
        evidence.sign(visit.place, inspection_id=visit.id, party="boss", name="王伟", image=stroke())


def test_a_name_that_is_no_text_is_read_as_chinese(visit, tmp_path):
    """Archives from old systems unpack with GBK names, which no UTF-8 store can hold."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "现场.jpg".encode("gbk")))
    path.write_bytes(jpeg())
    added = evidence.add_photos(visit.place, inspection_id=visit.id, paths=[path])
    assert added.problems == ()
    assert evidence.rows(visit.place, inspection_id=visit.id)[0].file_name == "现场.jpg"


def test_a_follow_up_that_is_not_there_brings_nothing(visit):
    with pytest.raises(BadInput, match=r"evidence\.unknown_follow_up"):
        evidence.add_photo_bytes(
            visit.place, inspection_id=visit.id, data=jpeg(), file_name="1.jpg",
            link=evidence.Link(follow_up_key="never"),
        )  # fmt: skip
