"""Comma, tab or semicolon separated text in UTF-8, GB18030 or UTF-16."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from app.errors import BadInput, Place
from app.intake.cells import Grid, Row

_DELIMITERS = ",\t;|"
_SAMPLE = 1 << 16
_MAX_FIELD = 1 << 20


def open_delimited(path: Path) -> Grid:
    """The file's records as one grid."""
    text = _decoded(path)
    delimiter = _delimiter(text[:_SAMPLE])
    total = text.count("\n") + (not text.endswith("\n"))
    return Grid(None, total, lambda: _rows(path, text, delimiter))


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise BadInput("intake.unknown_encoding", Place(file=path.name))


def _delimiter(sample: str) -> str:
    """The mark that splits the first lines into most columns; a comma when there is none."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    most = {mark: max((line.count(mark) for line in lines), default=0) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: most[mark])


def _rows(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(_MAX_FIELD)
    # Strict: a quotation mark that is never closed would swallow every row below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise BadInput("intake.bad_quotes", Place(file=path.name, row=reader.line_num)) from error
