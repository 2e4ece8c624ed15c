"""HTML tables under a workbook's name, as web systems export them (domain.md section 10).

Parsed as a stream and dropped row by row. Scripts and styles are skipped, nothing is fetched,
and a document type with its own declarations is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from app.errors import BadInput, Place
from app.intake.cells import Grid, Row

_HEAD = 4096
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_DECLARATIONS = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[|<!ELEMENT|<!ATTLIST", re.IGNORECASE)
_ROW = re.compile(rb"<tr[\s>]", re.IGNORECASE)
_TABLE = re.compile(rb"<table[\s>]", re.IGNORECASE)
_TABLE_END = re.compile(rb"</table\s*>", re.IGNORECASE)
_MAX_SPAN = 300


def open_markup(path: Path) -> Grid:
    """The file's table rows as one grid."""
    data = path.read_bytes()
    if _DECLARATIONS.search(data):
        raise BadInput("intake.unsafe_markup", Place(file=path.name))
    # A parser mends a table that ends in the midst; half a name would go in as a whole one.
    if _TABLE.search(data) and not _TABLE_END.search(data):
        raise BadInput("intake.damaged", Place(file=path.name))
    encoding = _encoding(data)
    return Grid(None, len(_ROW.findall(data)), lambda: _rows(path, encoding))


def _encoding(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:_HEAD])
        name = declared[1].decode().lower() if declared else ""
        return "gb18030" if name in ("", "utf-8", "gb2312", "gbk", "gb18030") else name


def _rows(path: Path, encoding: str) -> Iterator[Row]:
    with path.open("rb") as source:
        events = etree.iterparse(
            source, events=("end",), tag="tr", html=True, encoding=encoding, no_network=True
        )
        try:
            for number, (_, row) in enumerate(events, 1):
                yield number, _cells(row)
                _drop(row)
        except (etree.XMLSyntaxError, LookupError) as error:
            raise BadInput("intake.damaged", Place(file=path.name)) from error


def _cells(row: etree._Element) -> list[str]:
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        if len(cell):
            etree.strip_elements(cell, "script", "style", etree.Comment, with_tail=False)
            cells.append("".join(cell.itertext()))
        else:
            cells.append(cell.text or "")
        span = cell.get("colspan", "1")
        if span.isdecimal() and 1 < int(span) <= _MAX_SPAN:
            cells.extend([""] * (int(span) - 1))
    return cells


def _drop(row: etree._Element) -> None:
    row.clear()
    parent = row.getparent()
    while parent is not None and row.getprevious() is not None:
        del parent[0]
