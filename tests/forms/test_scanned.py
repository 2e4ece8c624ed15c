"""Files from scanners and cameras, page by page; and files that are made to harm."""

import io
import struct
import zlib

import pypdfium2
import pytest
from PIL import Image, ImageDraw

from app.errors import BadInput, Problem
from app.forms.scanned import MAX_PAGES, SIDE, digest_of_file, open_scan, sheets
from tests.forms.papers_seen import encoded, several


def page(number, size=(1240, 1754)):
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).rectangle((100 * number, 100, 100 * number + 60, 160), fill=0)
    return picture


def read(path):
    with open_scan(path) as opened:
        return list(sheets(opened, path.name, iter(range(1, opened.count + 1))))


@pytest.mark.parametrize("kind,name", [("PDF", "a.pdf"), ("TIFF", "a.tif")])
def test_each_page_of_a_file_comes_with_bytes_of_its_own(tmp_path, kind, name):
    path = tmp_path / name
    path.write_bytes(several([page(1), page(2), page(3)], kind))
    found = read(path)
    assert [(sheet.number, sheet.count) for sheet in found] == [(1, 3), (2, 3), (3, 3)]
    for number, sheet in enumerate(found, 1):
        alone = tmp_path / f"{number}.bin"
        alone.write_bytes(sheet.data)
        (again,) = read(alone)
        assert dark(again.picture) == dark(sheet.picture)
    assert len({dark(sheet.picture) for sheet in found}) == 3


def dark(picture):
    """Where the mark is, in hundredths of the width."""
    return round(picture.point(lambda level: 255 * (level < 128)).getbbox()[0] / picture.width * 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "PDF"])
def test_a_file_of_one_page_keeps_its_bytes(tmp_path, kind):
    path = tmp_path / "scan"
    path.write_bytes(encoded(page(1), kind))
    (sheet,) = read(path)
    assert sheet.data == path.read_bytes()
    assert max(sheet.picture.size) <= SIDE
    assert sheet.picture.mode == "L"


def test_a_photo_stands_as_the_camera_meant_it(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter clockwise
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded(page(1, (400, 300)), "JPEG", exif=exif))
    (sheet,) = read(path)
    assert sheet.picture.size == (300, 400)


def test_a_page_taken_out_keeps_the_picture_as_the_scanner_made_it(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(several([page(1), page(2)], "PDF"))
    second = read(path)[1]
    assert jpegs(second.data) == jpegs(path.read_bytes())[1:]


def jpegs(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            bytes(drawn.get_data(decode_simple=False)) for each in document for drawn in each.get_objects()
        ]


def refused(path):
    with pytest.raises(BadInput) as caught:
        read(path)
    return caught.value.problem.code


@pytest.mark.parametrize(
    "data,code",
    [
        (b"", "scans.empty"),
        (b"%PDF-1.7 broken", "scans.unreadable"),
        (b"\x00" * 500, "scans.unreadable"),
        (b"II*\x00\xff\xff\xff\x7f", "scans.unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "scans.unreadable"),
    ],
)
def test_what_is_no_scan_is_refused_by_sentence(tmp_path, data, code):
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    assert refused(path) == code


def test_a_pdf_without_pages_and_one_with_a_password(tmp_path):
    empty = tmp_path / "a.pdf"
    with pypdfium2.PdfDocument.new() as document:
        document.save(empty)
    assert refused(empty) in {"scans.no_pages", "scans.unreadable"}
    locked = tmp_path / "b.pdf"
    locked.write_bytes(password_pdf())
    assert refused(locked) == "scans.locked"


def password_pdf():
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("geheim", strength=128))
    canvas.drawString(100, 100, "x")
    canvas.save()
    return out.getvalue()


def test_a_cut_page_is_told_and_the_others_are_read(tmp_path):
    path = tmp_path / "a.tif"
    whole = several([page(1), page(2)], "TIFF", compression="tiff_lzw")
    path.write_bytes(broken_strips(whole))
    first, second = read(path)
    assert isinstance(first, Problem)
    assert (first.code, first.values["page"]) == ("scans.unreadable_page", 1)
    assert second.number == 2


def broken_strips(tiff):
    """The first page's compressed bytes overwritten."""
    with Image.open(io.BytesIO(tiff)) as image:
        start, size = image.tag_v2[273][0], image.tag_v2[279][0]
    return tiff[:start] + b"\xff" * size + tiff[start + size :]


def test_a_picture_of_a_gigabyte_is_not_unpacked(tmp_path):
    """30,000 × 40,000 points in a few hundred bytes: refused by its header."""
    path = tmp_path / "a.png"
    header = struct.pack(">IIBBBBB", 30_000, 40_000, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")))
    assert refused(path) == "scans.too_large"
    tiff = tmp_path / "b.tif"
    tiff.write_bytes(huge_tiff(40_000, 30_000))
    assert refused(tiff) == "scans.too_large"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_tiff(width, height):
    """A TIFF whose directory promises more than a gigabyte."""
    tags = [
        (256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
        (277, 3, 1), (278, 4, height), (279, 4, width * height),
    ]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", len(tags)) + entries + b"\x00" * 4


def test_a_pdf_that_holds_such_a_picture_is_told_page_by_page(tmp_path):
    path = tmp_path / "a.pdf"
    small = several([page(1, (200, 300)), page(2, (200, 300))], "PDF")
    path.write_bytes(
        small.replace(b"/Width 200", b"/Width 99999", 1).replace(b"/Height 300", b"/Height 99999", 1)
    )
    first, second = read(path)
    assert isinstance(first, Problem)
    assert first.code == "scans.too_large"
    assert second.number == 2


def test_pages_without_end_are_not_counted_to_their_end(tmp_path):
    path = tmp_path / "a.tif"
    tiny = Image.new("1", (1, 1))
    path.write_bytes(several([tiny] * (MAX_PAGES + 5), "TIFF"))
    assert refused(path) == "scans.too_many_pages"


def test_a_page_of_a_square_kilometre_is_drawn_small(tmp_path):
    path = tmp_path / "a.pdf"
    with pypdfium2.PdfDocument.new() as document:
        document.new_page(14_000, 10)
        document.save(path)
    (sheet,) = read(path)
    assert max(sheet.picture.size) <= SIDE + 1


def test_the_digest_of_a_file_is_that_of_its_bytes(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert digest_of_file(path).startswith("ba7816bf8f01cfea")
