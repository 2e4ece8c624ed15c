"""Signed papers come back through a scanner: the pages of a form a little askew, and one that belongs to nobody."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from typing import Final

from PIL import Image, ImageDraw

from app.demo.pictures import font
from app.files import make_folder
from app.forms.preview import page_image, page_sizes
from app.services import issuing, scanning
from app.services.scanning import Imported
from app.services.workplace import Workplace

DPI: Final = 150
PAPER: Final = 250
"""How white a scanner finds paper."""
UPSIDE_DOWN: Final = 180


def scan(
    place: Workplace, *, inspection_id: str, name: str, stray: str, folder: Path, random: Random
) -> Imported:
    """Scan the record sheet of a visit, its last page upside down, and a page that says ``stray``.

    ``name`` is that of each file with its ``{number}``; the files stay in ``folder``.
    """
    form = issuing.print_form(place, form="inspection-record", inspection_id=inspection_id).pdf
    count = len(page_sizes(form))
    pages = [_scanned(form, at, random, upside_down=at == count - 1) for at in range(count)]
    paths = []
    for number, page in enumerate([*pages, _written(stray)], 1):
        path = make_folder(folder) / name.format(number=number)
        path.write_bytes(page)
        paths.append(path)
    return scanning.import_scans(place, paths=paths)


def _scanned(form: bytes, page: int, random: Random, *, upside_down: bool) -> bytes:
    shown = page_image(form, page, DPI / 72)
    sheet = Image.frombytes("RGBA", (shown.width, shown.height), shown.rgba).convert("L")
    askew = random.uniform(-1.2, 1.2) + (UPSIDE_DOWN if upside_down else 0)
    return _jpeg(sheet.rotate(askew, Image.Resampling.BICUBIC, fillcolor=PAPER))


def _written(words: str) -> bytes:
    sheet = Image.new("L", (round(8.27 * DPI), round(11.69 * DPI)), PAPER)
    ImageDraw.Draw(sheet).multiline_text(
        (150, 200), words, fill=40, font=font("LXGWWenKai-Regular", 40), spacing=28
    )
    return _jpeg(sheet)


def _jpeg(sheet: Image.Image) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=80, dpi=(DPI, DPI))
    return out.getvalue()
