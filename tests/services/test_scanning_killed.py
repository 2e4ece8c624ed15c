"""A process that is killed while a thick scan comes in: each page is kept once, or comes in the next time.

``python -m tests.services.test_scanning_killed HOME FILE`` takes the file in and tells each page on
standard output once it is kept.
"""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import select

from app import bootstrap
from app.forms.scanned import digest_of_file
from app.models.scans import Scan, TrayPage
from app.services import integrity, issuing, scan_rows
from app.services.scanning import import_scans
from tests.conftest import PASSPHRASE
from tests.forms.papers_seen import Scanner, several
from tests.ui.desks import found_visit

ROOT = Path(__file__).resolve().parents[2]
PAGES = 50
WITHOUT_CODE = frozenset(range(5, PAGES + 1, 5))
"""Pages of the file, from 1, that belong to nobody."""
KILLS = (1, 9, 6, 11)
"""After how many more pages each of the processes is killed."""


def thick_scan(form: bytes) -> bytes:
    """The pages of a form over and over, each fifth one blank but for its number."""
    with pypdfium2.PdfDocument(form) as document:
        count = len(document)
    scanned = [
        several([Scanner(150, grain=4).picture(form, at)], "PDF", resolution=150) for at in range(count)
    ]
    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as whole:
        for number in range(1, PAGES + 1):
            blank = Image.new("L", (620, 877), 200 + number)
            page = (
                several([blank], "PDF", resolution=75) if number in WITHOUT_CODE else scanned[number % count]
            )
            with pypdfium2.PdfDocument(page) as part:
                whole.import_pages(part)
        whole.save(out)
    return out.getvalue()


@pytest.fixture
def home(laptop_template: Path, tmp_path: Path) -> Path:
    """A laptop with a visit, and beside it a scan of its checklist."""
    made = Path(shutil.copytree(laptop_template, tmp_path / "张三的数据"))
    with bootstrap.open_home(made, PASSPHRASE) as place:
        visit = found_visit(place)
        form = issuing.print_form(place, form="checklist", inspection_id=visit.id).pdf
    (tmp_path / "扫描.pdf").write_bytes(thick_scan(form))
    return made


def killed(home: Path, scan: Path, after: int, wait: float) -> int:
    """Take the scan in until so many more pages are kept, and a moment longer; how many were told."""
    command = [sys.executable, "-m", "tests.services.test_scanning_killed", str(home), str(scan)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = sum(1 for _ in zip(range(after), child.stdout, strict=False))
    time.sleep(wait)
    child.send_signal(signal.SIGKILL)
    told += sum(1 for _ in child.stdout)
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL, "it was killed in the middle"
    return told


def kept(place) -> dict[int, str]:
    """Every page of the file that is kept, with the digest of its bytes; none is there twice."""
    with place.read() as session:
        pages = [*session.scalars(select(Scan)), *session.scalars(select(TrayPage))]
    counted = Counter(page.source_page for page in pages)
    assert set(counted.values()) <= {1}, "no page is doubled"
    return {page.source_page: page.sha256 for page in pages}


@pytest.mark.slow
def test_no_page_is_lost_or_doubled_however_often_it_is_killed(home: Path, tmp_path: Path):
    scan, random = tmp_path / "扫描.pdf", Random(7)
    so_far = 0
    for after in KILLS:
        told = killed(home, scan, after, random.uniform(0, 0.2))
        with bootstrap.open_home(home, PASSPHRASE) as place:
            pages = kept(place)
            assert so_far + told <= len(pages) <= so_far + told + 1, "what was told is kept"
            assert set(pages) == set(range(1, len(pages) + 1)), "in the order of the file"
            for sha256 in pages.values():
                assert len(place.evidence.read(sha256)) > 0
            so_far = len(pages)
    assert so_far < PAGES, "the last process was killed in the middle too"

    with bootstrap.open_home(home, PASSPHRASE) as place:
        done = import_scans(place, paths=[scan])
        assert (done.count("duplicate"), len(done.lines)) == (so_far, PAGES), "the rest is offered again"
        assert set(kept(place)) == set(range(1, PAGES + 1))
        aside = {row.source_page for row in scan_rows.tray_rows(place)}
        assert aside == WITHOUT_CODE
        assert {row.source for row in scan_rows.tray_rows(place)} == {digest_of_file(scan)}
        assert list(integrity.evidence_files(place)) == []
        again = import_scans(place, paths=[scan])
        assert again.count("duplicate") == PAGES


def main(home: Path, scan: Path) -> None:
    """Take a scan in and tell each page."""
    with bootstrap.open_home(home, PASSPHRASE) as place:
        import_scans(place, paths=[scan], progress=lambda done, _total: print(done, flush=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
