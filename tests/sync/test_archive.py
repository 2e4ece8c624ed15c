"""The archive opens with any unzip, however large, and only one way of writing it is accepted."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pytest

from app.errors import BadInput
from app.sync.archive import LARGEST_ENTRY, LOCAL_SIZE, Entry, directory, local_header, packed, read_header


def test_an_unzip_reads_it() -> None:
    contents = {"manifest.json": b"{}", "empty": b"", "blobs/a": b"\xff" * 3_000_000}
    with zipfile.ZipFile(io.BytesIO(b"".join(packed(contents.items())))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == contents


def test_an_empty_archive() -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(packed([])))) as archive:
        assert archive.namelist() == []


def test_beyond_four_gigabytes(tmp_path: Path) -> None:
    """The first entry is a hole in a sparse file; the second starts beyond what 32 bits can say."""
    path, data = tmp_path / "large.zip", b"far away"
    first = Entry("hole", LARGEST_ENTRY, 0, 0)
    second = Entry("far", len(data), zlib.crc32(data), first.span)
    with path.open("wb") as out:
        out.write(local_header("hole", LARGEST_ENTRY, 0))
        out.seek(first.span)
        out.write(local_header("far", second.size, second.crc) + data + directory([first, second]))
    with zipfile.ZipFile(path) as archive:
        assert archive.read("far") == data


def test_more_entries_than_sixteen_bits_count() -> None:
    names = [f"{number}" for number in range(66_000)]
    with zipfile.ZipFile(io.BytesIO(b"".join(packed((name, b"") for name in names)))) as archive:
        assert archive.namelist() == names


def test_a_header_is_read_back() -> None:
    raw = local_header("name", 5, 7)
    assert read_header(raw[:LOCAL_SIZE]) == (7, 5, 4)


@pytest.mark.parametrize("offset", [*range(14), *range(18, 22), 28, 29])
def test_any_other_header_is_refused(offset: int) -> None:
    """Flags, method, time, the second size, an extra field: there is one form only."""
    raw = bytearray(local_header("name", 5, 7)[:LOCAL_SIZE])
    raw[offset] ^= 1
    with pytest.raises(BadInput):
        read_header(bytes(raw))
