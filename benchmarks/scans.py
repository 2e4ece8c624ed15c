"""Pages of scans taken in: real forms printed, scanned at 150 to 300 dpi, turned, skew and noisy, read back.

    python benchmarks/scans.py [--pages N] [--dpi N ...]

The floor is PDFium alone, rendering the same pages at the size they are looked at: what nobody can do
without. Processor time on one core. The scans are made in a process of their own: the peak of memory
is that of opening a home and reading. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pypdfium2
from PIL import Image

from app import bootstrap
from app.forms.reading import read_page
from app.forms.scanned import open_scan
from app.services import issuing
from app.services.scanning import import_scans
from app.services.workplace import Owner, Workplace
from tests.forms.papers_seen import Scanner, several
from tests.ui.desks import found_visit

GOAL = 2.0


def main() -> None:
    """Measure each resolution; the ratio is that of all of them together."""
    if sys.argv[1:2] == ["--make"]:
        pdf, dpi, pages, target = sys.argv[2:]
        Path(target).write_bytes(scanned(Path(pdf).read_bytes(), int(dpi), int(pages)))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--dpi", type=int, nargs="+", default=[150, 200, 300])
    options = parser.parse_args()
    owner = Owner("inspector", "袁州区局", "彭建华", "赣C36090001")
    with tempfile.TemporaryDirectory(prefix="chayan-bench-") as folder:
        home = Path(folder)
        with bootstrap.create_home(home / "home", "correct horse battery", owner) as place:
            visit = found_visit(place)
            form = home / "form.pdf"
            form.write_bytes(issuing.print_form(place, form="checklist", inspection_id=visit.id).pdf)
            began = peak_mb()
            runs = [one(place, form, dpi, options.pages) for dpi in options.dpi]
            found: dict[str, object] = {"peak_mb": peak_mb(), "peak_before_mb": began}
    ratio = sum(each["seconds"] for each in runs) / sum(each["floor_seconds"] for each in runs)
    every = all(each["found"] == each["placed"] == each["pages"] for each in runs)
    print(json.dumps(found | {"runs": runs, "ratio": ratio, "goal": GOAL, "met": ratio <= GOAL and every}))


def one(place: Workplace, form: Path, dpi: int, pages: int) -> dict[str, float]:
    """Seconds of processor time for the floor, for reading alone and for taking in."""
    path = form.with_name(f"{dpi}.pdf")
    made = [sys.executable, __file__, "--make", form, str(dpi), str(pages), path]
    subprocess.run(made, check=True)
    floor, (read, found) = rendered(path), timed(path)
    start = time.process_time()
    done = import_scans(place, paths=[path])
    seconds = time.process_time() - start
    return {
        "dpi": dpi, "pages": len(done.lines), "bytes": path.stat().st_size, "floor_seconds": floor,
        "reading_seconds": read, "seconds": seconds, "found": found, "placed": done.count("placed", "again"),
    }  # fmt: skip


def peak_mb() -> float:
    """The most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def scanned(pdf: bytes, dpi: int, pages: int) -> bytes:
    """As many scans of the form's pages, in one PDF."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as whole:
        for part in parts(pdf, dpi, pages):
            with pypdfium2.PdfDocument(part) as document:
                whole.import_pages(document)
        whole.save(out)
    return out.getvalue()


def parts(pdf: bytes, dpi: int, pages: int) -> Iterator[bytes]:
    """Eight ways a page may lie, each as often."""
    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
    for number in range(8):
        picture = Scanner(dpi, 90 * (number % 4) + (number - 4) * 0.75, grain=12).picture(pdf, number % count)
        made = several([picture], "PDF", resolution=dpi, quality=75)
        for _ in range(pages // 8):
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
    main()
