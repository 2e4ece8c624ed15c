"""Zipped workbooks checked before a reader trusts them, and what the reader itself cannot tell.

A 199 KB xlsx can expand to 600 MB, two entries can share bytes, and one cell in the far corner
makes a reader reserve the whole sheet. Everything is measured here by inflating in small pieces;
the same pass finds the formula cells of an xlsx, whose values the reader gives without a hint.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Self

from lxml import etree

from app.errors import BadInput, Place

MAX_EXPANDED = 512 << 20
MAX_ENTRIES = 4096
MAX_ROWS = 100_000
MAX_COLUMNS = 286
"""Column JZ; the widest upload template has 79."""

_CHUNK = 1 << 20
_OVERLAP = 1 << 10
_LOCAL_HEADER = 30
_STORED, _DEFLATED = 0, 8

# A quick look for a far address; only where it hits, the careful ones ask whether the cell holds anything.
_FAR = re.compile(rb"""r=["'](?:[A-Z]{1,3}\d{6,}|(?:[A-Z]{3}|[K-Z][A-Z])\d)""")
_FAR_ROW = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br=["'][A-Z]{1,3}(\d{6,})["'][^<>/]*>""")
_FAR_COLUMN = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br=["'](?:[A-Z]{3}|[K-Z][A-Z])\d+["'][^<>/]*>""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*>\s*<(?:\w+:)?f\b""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Archive:
    """An opened zip whose directory has been found sound."""

    def __init__(self, path: Path) -> None:
        self._place = Place(file=path.name)
        self._file: IO[bytes] = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._check_directory()
        except BadInput:
            self._file.close()
            raise
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error) as error:
            self._file.close()
            raise BadInput("intake.damaged", self._place) from error

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def names(self) -> frozenset[str]:
        """Names of all entries; used for recognition only, never as paths."""
        return frozenset(self._zip.namelist())

    def read(self, name: str) -> bytes:
        """One whole entry, within its declared size."""
        try:
            return b"".join(self.pieces(self._zip.getinfo(name)))
        except KeyError as error:
            raise BadInput("intake.damaged", self._place) from error

    def stream(self, name: str) -> Iterator[bytes]:
        """One entry in pieces, within its declared size."""
        return self.pieces(self._zip.getinfo(name))

    def check_content(self, already: Iterable[str] = ()) -> None:
        """Inflate every other entry once: none may be larger than the directory says, or broken."""
        done = frozenset(already)
        for entry in self._zip.infolist():
            if entry.filename not in done:
                for _ in self.pieces(entry):
                    pass

    def _check_directory(self) -> None:
        entries = sorted(self._zip.infolist(), key=lambda entry: entry.header_offset)
        if any(entry.flag_bits & 1 for entry in entries):
            raise BadInput("intake.locked", self._place)
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_EXPANDED:
            raise BadInput("intake.too_large", self._place, limit=MAX_EXPANDED >> 20)
        end = 0
        for entry in entries:
            if entry.header_offset < end or entry.compress_type not in (_STORED, _DEFLATED):
                raise BadInput("intake.damaged", self._place)
            end = entry.header_offset + _LOCAL_HEADER + len(entry.orig_filename) + entry.compress_size

    def pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The entry's bytes in pieces, counted against its declared size while they come."""
        inflate = zlib.decompressobj(-15) if entry.compress_type == _DEFLATED else None
        left, seen = entry.compress_size, 0
        self._seek_to_data(entry)
        while left > 0:
            data = self._file.read(min(_CHUNK, left))
            if not data:
                raise BadInput("intake.damaged", self._place)
            left -= len(data)
            for piece in _inflated(inflate, data, self._place):
                seen += len(piece)
                if seen > entry.file_size:
                    raise BadInput("intake.damaged", self._place)
                yield piece
        if seen != entry.file_size:
            raise BadInput("intake.damaged", self._place)

    def _seek_to_data(self, entry: zipfile.ZipInfo) -> None:
        self._file.seek(entry.header_offset)
        header = self._file.read(_LOCAL_HEADER)
        if len(header) != _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise BadInput("intake.damaged", self._place)
        name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
        self._file.seek(name + extra, 1)

    def sheet_parts(self) -> dict[str, str]:
        """Sheet name → entry name of an xlsx, by its own directory of parts."""
        relations = {
            node.get("Id", ""): posixpath.normpath(posixpath.join("xl", node.get("Target", "").lstrip("/")))
            for node in self._xml("xl/_rels/workbook.xml.rels")
        }
        sheets = self._xml("xl/workbook.xml").iter("{*}sheet")
        return {node.get("name", ""): _part(relations.get(node.get(_RELATION, ""), "")) for node in sheets}

    def _xml(self, name: str) -> etree._Element:
        try:
            return etree.fromstring(self.read(name), _parser())
        except etree.XMLSyntaxError as error:
            raise BadInput("intake.damaged", self._place) from error

    def formulas(self, part: str) -> frozenset[tuple[int, str]]:
        """Formula cells (row, column letters) of one xlsx sheet; refuses sheets that reach too far."""
        found: set[tuple[int, str]] = set()
        if part not in self.names():
            return frozenset()
        tail = b""
        for piece in self.pieces(self._zip.getinfo(part)):
            window = tail + piece
            self._refuse_far_cells(window)
            if b"<f" in window or b":f" in window:
                found.update((int(row), letters.decode()) for letters, row in _FORMULA.findall(window))
            tail = window[-_OVERLAP:]
        return frozenset(found)

    def _refuse_far_cells(self, window: bytes) -> None:
        if not _FAR.search(window):
            return
        if any(int(row) > MAX_ROWS for row in _FAR_ROW.findall(window)) or _FAR_COLUMN.search(window):
            raise BadInput("intake.too_many_rows", self._place, limit=MAX_ROWS)


def _part(target: str) -> str:
    # A target written from the root ("/xl/worksheets/…") already carries the folder.
    return target.removeprefix("xl/") if target.startswith("xl/xl/") else target


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _inflated(inflate: zlib._Decompress | None, data: bytes, place: Place) -> Iterator[bytes]:
    if inflate is None:
        yield data
        return
    try:
        while data and not inflate.eof:
            yield inflate.decompress(data, _CHUNK)
            data = inflate.unconsumed_tail
    except zlib.error as error:
        raise BadInput("intake.damaged", place) from error
