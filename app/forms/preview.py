"""Pages of a PDF as pictures, without Qt: the preview shows exactly what is printed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

import pypdfium2 as pdfium

from app.errors import BadInput

PDFIUM = Lock()
"""PDFium must not be entered by two threads at once."""


class PageImage(NamedTuple):
    """Pixels of one page, four bytes each: red, green, blue, alpha."""

    width: int
    height: int
    rgba: bytes


@contextmanager
def _opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(pdf)
        except pdfium.PdfiumError as error:
            raise BadInput("forms.unreadable_pdf") from error
        try:
            yield document
        finally:
            document.close()


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height in points of every page."""
    with _opened(pdf) as document:
        return [document.get_page_size(number) for number in range(len(document))]


def page_image(pdf: bytes, page: int, scale: float) -> PageImage:
    """Page ``page`` (from 0) with ``scale`` pixels for a point."""
    with _opened(pdf) as document:
        if not 0 <= page < len(document):
            raise BadInput("forms.no_such_page", page=page + 1, pages=len(document))
        bitmap = document[page].render(
            scale=scale, rev_byteorder=True, force_bitmap_format=pdfium.raw.FPDFBitmap_BGRA
        )
        return PageImage(bitmap.width, bitmap.height, bytes(bitmap.buffer))
