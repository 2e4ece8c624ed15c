"""Files that a scanner or a camera made, page by page: PDF, TIFF of several pages, JPEG, PNG.

One page is held at a time, so a file of hundreds of pages takes no more memory than its largest page.
Each page comes with its own bytes: those of the file where it has one page, else the page taken out of
the PDF (its pictures stay as they are) or the frame as PNG, without loss. Nothing is written to a disk.
A page that cannot be read is a problem and the others follow.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pypdfium2 as pdfium
from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import BadInput, Place, Problem
from app.files import explained, shown_name
from app.forms.preview import PDFIUM

SUFFIXES = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")
"""Ends of the names (in small letters) of what is taken for a scan; the content decides."""

PDF = "application/pdf"
MAX_FILE = 1 << 30
MAX_PAGE = 128 << 20
MAX_PAGES = 1000
MAX_PIXELS = 110_000_000
"""A3 at 600 dpi has 70 million; beyond this a page is made to harm."""

_FORGET = 8
"""Pages of a PDF after which it is opened anew."""

SIDE = 2480
"""Pixels of the longer side that a page is looked at with: A4 at 212 dpi."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its number (from 1) and the number of pages in the file, its own bytes, a grey picture.

    The picture stands as the file has it, at most :data:`SIDE` pixels on the longer side.
    """

    number: int
    count: int
    data: bytes
    media_type: str
    picture: Image.Image = field(repr=False)


class ScanFile(Protocol):
    """An opened file."""

    @property
    def count(self) -> int:
        """How many pages it has."""

    def sheet(self, number: int) -> Sheet:
        """One page, from 1; ``scans.…`` where it cannot be read."""


@contextmanager
def open_scan(path: Path) -> Iterator[ScanFile]:
    """Open a file for reading its pages; ``scans.…`` tells why it cannot be."""
    name = shown_name(path)
    with explained(path), path.open("rb") as source:
        size, head = path.stat().st_size, source.read(1024)
    if size == 0 or size > MAX_FILE:
        raise BadInput("scans.empty" if size == 0 else "scans.too_large", Place(file=name))
    with (_pdf if b"%PDF-" in head else _image)(path, name) as opened:
        if not 0 < opened.count <= MAX_PAGES:
            code = "scans.no_pages" if opened.count == 0 else "scans.too_many_pages"
            raise BadInput(code, Place(file=name), count=opened.count, limit=MAX_PAGES)
        yield opened


def sheets(opened: ScanFile, name: str, wanted: Iterator[int]) -> Iterator[Sheet | Problem]:
    """The wanted pages one after the other, a problem in the place of each that cannot be read."""
    for number in wanted:
        try:
            yield opened.sheet(number)
        except BadInput as error:
            values = {**error.problem.values, "page": number}
            yield Problem(error.problem.code, Place(file=name), values)


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with explained(path), path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


class _Pdf:
    """A PDF. PDFium keeps what it has read of a document, so that it is opened anew from time to time."""

    def __init__(self, path: Path, name: str) -> None:
        self._path, self._name = path, name
        self._document = _opened_pdf(path, name)
        self._read = 0
        self.count = len(self._document)

    def close(self) -> None:
        """Let the file go."""
        with PDFIUM:
            self._document.close()

    def sheet(self, number: int) -> Sheet:
        """One page."""
        self._open_anew()
        try:
            with PDFIUM:
                page = self._document[number - 1]
                _require_modest(page, self._name)
                picture = _rendered(page)
                page.close()
                data = self._taken_out(number - 1)
        except (pdfium.PdfiumError, MemoryError) as error:
            raise BadInput("scans.unreadable_page", Place(file=self._name), page=number) from error
        return Sheet(number, self.count, _bounded(data, self._name), PDF, picture)

    def _open_anew(self) -> None:
        self._read += 1
        if self._read % _FORGET == 0:
            self.close()
            self._document = _opened_pdf(self._path, self._name)

    def _taken_out(self, index: int) -> bytes:
        if self.count == 1:
            return self._path.read_bytes()
        alone = pdfium.PdfDocument.new()
        try:
            alone.import_pages(self._document, [index])
            out = io.BytesIO()
            alone.save(out)
        finally:
            alone.close()
        return out.getvalue()


def _opened_pdf(path: Path, name: str) -> pdfium.PdfDocument:
    with PDFIUM:
        try:
            return pdfium.PdfDocument(path)
        except pdfium.PdfiumError as error:
            locked = error.err_code == pdfium.raw.FPDF_ERR_PASSWORD
            raise BadInput("scans.locked" if locked else "scans.unreadable", Place(file=name)) from error


@contextmanager
def _pdf(path: Path, name: str) -> Iterator[_Pdf]:
    opened = _Pdf(path, name)
    try:
        yield opened
    finally:
        opened.close()


def _require_modest(page: pdfium.PdfPage, name: str) -> None:
    """A picture in a page is unpacked whole to draw it: its size is looked at first."""
    for drawn in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        width, height = drawn.get_px_size()
        if width * height > MAX_PIXELS:
            raise BadInput("scans.too_large", Place(file=name))


def _rendered(page: pdfium.PdfPage) -> Image.Image:
    scale = SIDE / max(*page.get_size(), 1.0)
    bitmap = page.render(scale=min(scale, 8.0), grayscale=True)
    picture: Image.Image = bitmap.to_pil()
    return picture.convert("L").copy()


@dataclass(frozen=True, slots=True)
class _Frames:
    image: Image.Image
    count: int
    path: Path
    name: str

    def sheet(self, number: int) -> Sheet:
        with _opening(self.name, number):
            self.image.seek(number - 1)
            _require_pixels(self.image, self.name)
            media_type = Image.MIME.get(self.image.format or "", "image/unknown")
            if self.count > 1:
                self.image.load()
                data, media_type = _as_png(self.image), "image/png"
            else:
                self.image.draft("L", (SIDE, SIDE))  # a JPEG is then unpacked no larger than it is looked at
                data = self.path.read_bytes()
            picture = _small(self.image)
        return Sheet(number, self.count, _bounded(data, self.name), media_type, picture)


@contextmanager
def _image(path: Path, name: str) -> Iterator[_Frames]:
    with ExitStack() as stack:
        with _opening(name):
            image = stack.enter_context(Image.open(path, formats=("TIFF", "JPEG", "PNG")))
            _require_pixels(image, name)
            # Only a TIFF has pages: what a camera adds to a JPEG (a preview, a depth map) is none.
            count = _frames(image) if image.format == "TIFF" else 1
        yield _Frames(image, count, path, name)


def _frames(image: Image.Image) -> int:
    """How many pages a TIFF has; counting stops beyond the limit, whatever its directory says."""
    count = 1
    while count <= MAX_PAGES:
        try:
            image.seek(count)
        except EOFError:
            break
        count += 1
    image.seek(0)
    return count


@contextmanager
def _opening(name: str, page: int = 0) -> Iterator[None]:
    """What the reader of pictures says of a broken one, as a sentence; what it only warns of is nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as error:
        raise BadInput("scans.too_large", Place(file=name)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        # Pillow has no family of its own for broken files; a broken PNG is a SyntaxError to it.
        code = "scans.unreadable_page" if page else "scans.unreadable"
        raise BadInput(code, Place(file=name), page=page) from error


def _require_pixels(image: Image.Image, name: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise BadInput("scans.too_large", Place(file=name))


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > MAX_PAGE:
        raise BadInput("scans.too_large", Place(file=name))
    return data


def _as_png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    shown = image if image.mode in ("1", "L", "P", "RGB", "RGBA", "LA", "I;16") else image.convert("RGB")
    shown.save(out, "PNG", dpi=image.info.get("dpi", (200, 200)))
    return out.getvalue()


def _small(image: Image.Image) -> Image.Image:
    """Upright as the camera meant it, grey, white where it is transparent."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        drawn = upright.convert("RGBA")
        ground = Image.new("RGBA", drawn.size, "white")
        ground.alpha_composite(drawn)
        upright = ground
    grey = upright.convert("L")
    grey.thumbnail((SIDE, SIDE), Image.Resampling.BILINEAR)
    return grey
