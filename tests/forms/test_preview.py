"""The preview is the PDF itself."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.forms.preview import page_image, page_sizes


def test_a_page_becomes_pixels(printing):
    pdf = printing("inspection-record", None).pdf
    width, height, rgba = page_image(pdf, 0, 0.5)
    assert (width, height) == (298, 421)
    assert len(rgba) == width * height * 4
    assert rgba[:4] == b"\xff\xff\xff\xff"
    assert min(rgba[::4]) < 100


def test_pages_have_the_size_of_a4(printing):
    assert [(round(wide), round(high)) for wide, high in page_sizes(printing("checklist", None).pdf)] == [
        (842, 595),
        (842, 595),
    ]


def test_a_file_that_is_no_pdf_is_refused():
    with pytest.raises(BadInput, match="unreadable_pdf"):
        page_image(b"no pdf", 0, 1.0)


@pytest.mark.parametrize("page", [-1, 1])
def test_a_page_that_is_not_there_is_refused(printing, page):
    with pytest.raises(BadInput, match="no_such_page"):
        page_image(printing("inspection-record", None).pdf, page, 1.0)
