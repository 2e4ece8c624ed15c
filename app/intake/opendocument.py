"""What the workbook reader does not tell about an ods sheet: formula cells, and how far it reaches.

One run of equal cells or rows is a single element with a count, so a few bytes can stand for a
sheet that no memory holds; runs of empty cells are harmless and usual.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from app.errors import BadInput, Place
from app.intake.cells import letters

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_TAGS = tuple(f"{_TABLE}{name}" for name in ("table", "table-row", "table-cell", "covered-table-cell"))


class _Scan:
    """Position in the document while it streams by."""

    def __init__(self, place: Place, rows: int, columns: int) -> None:
        self._place = place
        self._limits = (rows, columns)
        self._row = self._row_run = self._column = 0
        self._formulas: set[tuple[int, str]] = set()
        self.found: dict[str, set[tuple[int, str]]] = {}

    def start(self, element: etree._Element) -> None:
        """Enter a table, a row or a cell."""
        if element.tag == _TAGS[0]:
            self._row = self._row_run = 0
            self._formulas = self.found.setdefault(element.get(f"{_TABLE}name", ""), set())
        elif element.tag == _TAGS[1]:
            self._row += self._row_run or 1 if self._row else 1
            self._row_run, self._column = _run(element, "rows"), 0
        else:
            self._cell(element, _run(element, "columns"))

    def _cell(self, element: etree._Element, run: int) -> None:
        if element.get(_VALUE_TYPE) is not None:
            rows, columns = self._limits
            if self._row + self._row_run - 1 > rows or self._column + run > columns:
                raise BadInput("intake.too_many_rows", self._place, limit=rows)
            if element.get(f"{_TABLE}formula") is not None:
                self._formulas.add((self._row, letters(self._column)))
        self._column += run


def scan(
    pieces: Iterable[bytes], place: Place, *, rows: int, columns: int
) -> dict[str, frozenset[tuple[int, str]]]:
    """Formula cells (row, column letters) of each sheet; refuses content beyond ``rows`` or ``columns``."""
    parser = etree.XMLPullParser(
        events=("start", "end"), tag=_TAGS, resolve_entities=False, no_network=True, load_dtd=False
    )
    state = _Scan(place, rows, columns)
    try:
        for piece in pieces:
            parser.feed(piece)
            for event, element in parser.read_events():
                if event == "start":
                    state.start(element)
                elif element.tag == _TAGS[1]:
                    _drop(element)
    except etree.XMLSyntaxError as error:
        raise BadInput("intake.damaged", place) from error
    return {sheet: frozenset(found) for sheet, found in state.found.items()}


def _run(element: etree._Element, what: str) -> int:
    count = element.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(count) if count.isdecimal() and len(count) < 10 else 1


def _drop(element: etree._Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
