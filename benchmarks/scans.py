"""Pages per second: real forms printed, scanned at 150 to 300 dpi, turned, skew and noisy, read back.

The floor is the decoder of the picture alone (Pillow for JPEG, PDFium for PDF): what nobody can do without.
``python -m benchmarks.scans [DPI…]`` prints a line for each; processor time, since others may be at work.
The scans are made in a process of their own: the peak of memory is that of opening a home and reading.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from app import bootstrap
from app.forms.reading import read_page
from app.forms.scanned import open_scan
from app.services import issuing
from app.services.scanning import import_scans
from app.services.workplace import Owner
from tests.forms.papers_seen import Scanner, several
from tests.ui.desks import found_visit

PAGES = 200


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with bootstrap.create_home(
            home / "home", "correct horse battery", Owner("inspector", "袁州区局", "彭建华", "赣C36090001")
        ) as place:
            visit = found_visit(place)
            pdf = issuing.print_form(place, form="checklist", inspection_id=visit.id).pdf
            form = home / "form.pdf"
            form.write_bytes(pdf)
            for dpi in [int(each) for each in sys.argv[1:]] or [150, 200, 300]:
                path = home / f"{dpi}.pdf"
                made = [sys.executable, "-m", "benchmarks.scans", "make", form, str(dpi), path]
                subprocess.run(made, check=True)
                began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                floor, (read, found) = rendered(path), timed(path)
                start = time.process_time()
                done = import_scans(place, paths=[path])
                took = time.process_time() - start
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                print(
                    f"{dpi} dpi, {PAGES} pages, {path.stat().st_size >> 20} MB: "
                    f"rendered {PAGES / floor:.1f}/s, read {PAGES / read:.1f}/s ({found} found), "
                    f"taken in {len(done.lines) / took:.1f}/s "
                    f"({done.count('placed', 'again')} placed), "
                    f"peak {began >> 10} -> {peak >> 10} MB",
                    file=sys.stdout, flush=True,
                )  # fmt: skip


def scanned(pdf: bytes, dpi: int) -> bytes:
    """Two hundred different scans of the form's pages, in one PDF."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as whole:
        for part in parts(pdf, dpi):
            with pypdfium2.PdfDocument(part) as document:
                whole.import_pages(document)
        whole.save(out)
    return out.getvalue()


def parts(pdf: bytes, dpi: int) -> Iterator[bytes]:
    """Eight ways a page may lie, each twenty-five times."""
    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
    for number in range(8):
        picture = Scanner(dpi, 90 * (number % 4) + (number - 4) * 0.75, grain=12).picture(pdf, number % count)
        made = several([picture], "PDF", resolution=dpi, quality=75)
        for _ in range(PAGES // 8):
            yield made


def rendered(path: Path) -> float:
    """Seconds to render every page as it is looked at."""
    start = time.process_time()
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            picture: Image.Image = page.render(scale=2480 / max(page.get_size()), grayscale=True).to_pil()
            picture.load()
    return time.process_time() - start


def timed(path: Path) -> tuple[float, int]:
    """Seconds to take every page out and read it, and how many told their record."""
    start, found = time.process_time(), 0
    with open_scan(path) as opened:
        for number in range(1, opened.count + 1):
            found += bool(read_page(opened.sheet(number).picture).codes)
    return time.process_time() - start, found


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        Path(sys.argv[4]).write_bytes(scanned(Path(sys.argv[2]).read_bytes(), int(sys.argv[3])))
    else:
        main()
