"""Marks on a copy: seen where they were put, what is blurred is gone, the original is as it was."""

from __future__ import annotations

import io
from itertools import product

import pytest
from PIL import Image, ImageDraw

from app.errors import BadInput
from app.services import annotating, evidence, evidence_copies, sheet_rows
from app.services.annotating import RED, Mark, marked
from app.services.evidence import Link
from app.services.form_evidence import evidence_data, printed_photos
from tests.services.conftest import Visit
from tests.services.pieces import pdf, photo

PLATE = "赣C·12345"


def scene(size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """A photo with a number plate in the middle."""
    picture = Image.new("RGB", size, "#8899AA")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((400, 400, 800, 520), fill="#1040C0")
    draw.text((420, 420), PLATE, fill="white", font=annotating._font(72))
    return picture


def red_at(picture: Image.Image, x: float, y: float) -> bool:
    wanted = tuple(int(RED[at : at + 2], 16) for at in (1, 3, 5))
    return picture.getpixel((int(x * picture.width), int(y * picture.height))) == wanted


@pytest.mark.parametrize(
    "mark, on, off",
    [
        (Mark("arrow", ((0.1, 0.1), (0.4, 0.1))), (0.2, 0.1), (0.2, 0.2)),
        (Mark("box", ((0.9, 0.9), (0.6, 0.7))), (0.6, 0.8), (0.75, 0.8)),
        (Mark("pen", ((0.1, 0.5), (0.2, 0.6), (0.3, 0.5))), (0.15, 0.55), (0.2, 0.5)),
    ],
)
@pytest.mark.parametrize("size", [(1200, 900), (300, 225)])
def test_a_mark_stands_at_its_place_in_the_small_picture_and_in_the_large(mark, on, off, size):
    plain = Image.new("RGB", size, "gray")
    drawn = marked(plain, [mark])
    assert red_at(drawn, *on)
    assert not red_at(drawn, *off)
    assert not red_at(plain, *on)


def test_words_are_written_in_chinese():
    plain = Image.new("RGB", (600, 400), "gray")
    drawn = marked(plain, [Mark("text", ((0.1, 0.1),), "无 CCC 标志")])
    box = Image.eval(drawn.convert("L").point(lambda value: 255 * (value != 128)), int).getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert (left >= 55, top >= 35, right - left > 5 * (bottom - top)) == (True, True, True)


def test_a_blurred_region_keeps_nothing_but_a_few_means():
    region = (380, 380, 820, 540)
    drawn = marked(scene(), [Mark("blur", (_share(820, 540), _share(380, 380)))])
    inside = drawn.crop(region)
    colours = inside.getcolors(maxcolors=1 << 20)
    assert colours is not None
    assert len(colours) <= 3 * 9
    # Whatever was written there, the same means come out: a row of the mosaic has no detail below a block.
    assert len({inside.getpixel((x, y)) for x, y in product(range(30), range(30))}) == 1
    assert drawn.crop((0, 0, 300, 900)).tobytes() == scene().crop((0, 0, 300, 900)).tobytes()


def _share(x: int, y: int) -> tuple[float, float]:
    return x / 1200, y / 900


def test_a_region_beyond_the_edge_and_an_empty_one_do_no_harm():
    assert marked(scene(), [Mark("blur", ((-0.2, -0.2), (1.4, 1.4)))]).size == (1200, 900)
    assert marked(scene(), [Mark("blur", ((0.5, 0.5), (0.5, 0.5)))]).tobytes() == scene().tobytes()


def kept(visit: Visit, data: bytes, name: str = "IMG_0001.jpg") -> str:
    [key] = evidence.add_photo_bytes(
        visit.place, inspection_id=visit.id, data=data, file_name=name, link=Link("3.1")
    ).keys
    return key


def test_a_copy_names_its_original_which_stays_as_it_was(visit: Visit):
    data = photo((400, 300), "gray", taken="2026:08:12 10:41:37", place=(27.8, 114.39))
    key = kept(visit, data)
    where = {"inspection_id": visit.id, "key": key}
    evidence.describe(visit.place, **where, caption="铭牌", rotation=90)
    [copied] = evidence_copies.add_copy(
        visit.place, **where, marks=[Mark("blur", ((0.0, 0.0), (0.5, 0.5)))]
    ).keys
    source, copy = evidence.rows(visit.place, inspection_id=visit.id)
    assert (copy.key, copy.original_key, copy.file_name) == (copied, key, "IMG_0001-标注1.jpg")
    assert (copy.caption, copy.item, copy.captured_at, copy.located) == (
        "铭牌", "3.1", source.captured_at, source.located,
    )  # fmt: skip
    assert evidence.original(visit.place, sha256=source.sha256) == data
    with Image.open(io.BytesIO(evidence.original(visit.place, sha256=copy.sha256))) as shown:
        assert shown.size == (300, 400), "turned as it was looked at"
        assert dict(shown.getexif()) == {}, "no embedded thumbnail shows what was blurred"


def test_the_photo_sheet_prints_the_copy_and_never_its_original(visit: Visit):
    plain, hidden = kept(visit, photo(colour="green"), "plain.jpg"), kept(visit, photo(), "face.jpg")
    blur = [Mark("blur", ((0.0, 0.0), (1.0, 1.0)))]
    evidence_copies.add_copy(visit.place, inspection_id=visit.id, key=hidden, marks=blur)
    with visit.place.read() as session:
        told = evidence_data(visit.place, session, visit.sheet())
    printed = list(printed_photos(told))
    assert [each["file"] for each in printed] == ["plain.jpg", "face-标注1.jpg"]
    source = next(each for each in told if each["key"] == hidden)
    assert (printed[1]["original"], printed[1]["original_hash"]) == (source["number"], source["hash"])
    assert next(each for each in printed if each["key"] == plain).get("original") is None


def test_a_scan_or_a_reference_cannot_be_marked(visit: Visit):
    key = kept(visit, pdf(), "scan.pdf")
    with pytest.raises(BadInput, match=r"evidence\.no_picture"):
        evidence_copies.add_copy(visit.place, inspection_id=visit.id, key=key, marks=[])


def test_a_marked_copy_does_not_count_as_a_second_photo(visit: Visit):
    key = kept(visit, photo())
    evidence_copies.add_copy(visit.place, inspection_id=visit.id, key=key, marks=[])
    rows: list[sheet_rows.ItemRow] = [row for part in visit.sheet().sections for row in part.items]
    assert next(row.photos for row in rows if row.id == "3.1") == 1


def test_a_scanned_pdf_shows_its_first_page(visit: Visit):
    kept(visit, pdf(2), "scan.pdf")
    [row] = evidence.rows(visit.place, inspection_id=visit.id)
    assert row.pictured
    with Image.open(io.BytesIO(evidence.preview(visit.place, sha256=row.sha256, box=160))) as shown:
        assert max(shown.size) == 160
        red, green, _ = shown.getpixel((60, 20))
        assert (red > 90, green < 60) == (True, True)
