"""Real forms, printed by the real engine, seen by scanners and a camera, and read back."""

import io

import pytest
import segno
from PIL import Image

from app.forms.codes import copy_mark
from app.forms.reading import Reading, read_page
from tests.forms.papers_seen import Scanner, encoded, photographed

ID = "0123456789abcdef" * 2


@pytest.fixture
def pdf(printing, record):
    record["inspection"]["id"] = ID
    record["inspection"]["situation"] = "情况" * 1500
    record["copy"] = "order-1"
    return printing("inspection-record", record).pdf


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("side", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [-3, 3])
def test_a_page_is_read_whichever_way_it_lies(pdf, dpi, side, skew):
    picture = Scanner(dpi, side + skew, grain=20, quality=60).picture(pdf, 1)
    with Image.open(io.BytesIO(encoded(picture, "JPEG", quality=60))) as seen:
        found = read_page(seen.convert("L"))
    (code,) = found.codes
    assert (code.record, code.form, code.page, code.copy) == (
        ID,
        "inspection-record",
        2,
        copy_mark("order-1"),
    )
    assert found.rotation == side


def test_a_photographed_page_is_read(pdf):
    picture = photographed(pdf)
    picture.thumbnail((2480, 2480))
    found = read_page(picture)
    assert [code.page for code in found.codes] == [1]
    assert found.rotation == 90


def test_a_page_without_a_code_and_one_of_another_program(pdf):
    assert read_page(Image.new("L", (1240, 1754), 255)) == Reading()
    page = Image.new("L", (1240, 1754), 255)
    page.paste(code_of("https://example.org/pay?id=1"), (900, 1500))
    assert read_page(page) == Reading(foreign=1)


def test_two_codes_on_a_page_are_both_told_and_the_same_one_twice_is_one(pdf):
    one = Scanner(200).picture(pdf, 0)
    two = Scanner(200).picture(pdf, 1)
    both = Image.new("L", (one.width * 2, one.height), 255)
    both.paste(one, (0, 0))
    both.paste(two, (one.width, 0))
    assert {code.page for code in read_page(both).codes} == {1, 2}
    both.paste(one, (one.width, 0))
    assert [code.page for code in read_page(both).codes] == [1]


def test_a_code_of_ours_that_says_nothing_is_damaged(pdf):
    page = Image.new("L", (1240, 1754), 255)
    page.paste(code_of("CHAYAN:NONSENSE"), (900, 1500))
    assert read_page(page).damaged == 1


def code_of(text):
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=4)
    return Image.open(out).convert("L")
