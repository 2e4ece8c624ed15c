"""Opens whatever table file an office sends, going by its bytes and never by its extension."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, WorkbookClosed

from app.errors import BadInput, Place
from app.files import explained
from app.intake import binary, opendocument
from app.intake.archives import MAX_COLUMNS, MAX_ROWS, Archive
from app.intake.cells import Cell, Grid, Row
from app.intake.delimited import open_delimited
from app.intake.markup import open_markup

Formulas = dict[str, frozenset[tuple[int, str]]]

MAX_FILE = 200 << 20

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_ENTRY = b"encryption-data"
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_BOM = b"\xef\xbb\xbf"


def open_grids(path: Path) -> list[Grid]:
    """Every sheet of the file; raises ``BadInput`` with a sentence when there is none to be had."""
    with explained(path.name):
        size = path.stat().st_size
        with path.open("rb") as source:
            head = source.read(4096)
    _check_size(path, size)
    if head.startswith(_ZIP):
        return _zipped(path)
    if head.startswith(_COMPOUND):
        return _compound(path)
    text = head.removeprefix(_BOM).lstrip()
    if _SPREADSHEET_XML in head:
        raise BadInput("intake.old_xml", Place(file=path.name))
    if text.startswith(b"<"):
        return [open_markup(path)]
    if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise BadInput("intake.not_a_table", Place(file=path.name))
    return [open_delimited(path)]


def _check_size(path: Path, size: int) -> None:
    if not size:
        raise BadInput("intake.empty_file", Place(file=path.name))
    if size > MAX_FILE:
        raise BadInput("intake.too_large", Place(file=path.name), limit=MAX_FILE >> 20)


def _zipped(path: Path) -> list[Grid]:
    formulas: Formulas
    suffixes: Collection[str]
    with Archive(path) as archive:
        names = archive.names()
        if "xl/workbook.xml" in names:
            parts = archive.sheet_parts()
            formulas = {sheet: archive.formulas(part) for sheet, part in parts.items()}
            suffixes = (".xlsx", ".xlsm")
            archive.check_content(already=parts.values())
        elif "xl/workbook.bin" in names:
            archive.check_content()
            formulas, suffixes = {}, (".xlsb",)
        elif "content.xml" in names:
            if "META-INF/manifest.xml" in names and _ENCRYPTED_ENTRY in archive.read("META-INF/manifest.xml"):
                raise BadInput("intake.locked", Place(file=path.name))
            archive.check_content(already=["content.xml"])
            pieces = archive.stream("content.xml")
            formulas = opendocument.scan(pieces, Place(path.name), rows=MAX_ROWS, columns=MAX_COLUMNS)
            suffixes = (".ods",)
        else:
            raise BadInput("intake.not_a_table", Place(file=path.name))
    return _sheets(path, suffixes, formulas)


def _compound(path: Path) -> list[Grid]:
    data = path.read_bytes()
    if _ENCRYPTED_STREAM in data:
        raise BadInput("intake.locked", Place(file=path.name))
    formulas = binary.formulas(data)
    # The bytes go before the reader comes: together they would cost twice the file.
    del data
    return _sheets(path, (".xls",), formulas)


def _sheets(path: Path, suffixes: Collection[str], formulas: Formulas) -> list[Grid]:
    with _explained(Place(file=path.name)):
        # By path the reader believes the extension, but needs 20 MB less for a large file.
        believable = path.suffix.lower() in suffixes
        source = nullcontext(path) if believable else path.open("rb")
        with source as opened, CalamineWorkbook.from_object(opened) as book:
            return [
                _grid(book.get_sheet_by_name(name), formulas.get(name, frozenset()), path.name)
                for name in book.sheet_names
            ]


@contextmanager
def _explained(place: Place) -> Iterator[None]:
    """The border to the workbook reader: what it cannot read is a damaged file.

    The reader is written in Rust and panics on some truncated files; a panic arrives as a
    ``BaseException`` whose class cannot be imported, hence the broad net, which lets all else through.
    """
    try:
        yield
    except PasswordError as error:
        raise BadInput("intake.locked", place) from error
    except (CalamineError, WorkbookClosed, OSError) as error:
        raise BadInput("intake.damaged", place) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise BadInput("intake.damaged", place) from error


def _grid(sheet: CalamineSheet, formulas: frozenset[tuple[int, str]], file: str) -> Grid:
    if sheet.end is not None and sheet.end[0] > MAX_ROWS:
        raise BadInput("intake.too_many_rows", Place(file, sheet.name), limit=MAX_ROWS)
    merged = tuple(
        (column, first + 1, last + 1)
        for (first, left), (last, right) in sheet.merged_cell_ranges or ()
        if last > first
        for column in range(left, min(right, left + 8) + 1)
    )
    total = sheet.end[0] + 1 if sheet.end else 0
    return Grid(sheet.name, total, partial(_rows, sheet), formulas, merged)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    # The reader leaves out empty columns on the left but keeps the rows above.
    left = sheet.start[1] if sheet.start else 0
    if not left:
        yield from enumerate(sheet.iter_rows(), 1)
        return
    padding: list[Cell] = [""] * left
    for number, cells in enumerate(sheet.iter_rows(), 1):
        yield number, [*padding, *cells]
