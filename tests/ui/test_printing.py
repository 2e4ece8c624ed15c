"""What comes out of the printer is the PDF: same pages, same paper, same ink."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from app.errors import EnvironmentFault
from app.ui import printing
from app.ui.jobs import Ticket
from app.wording import known_codes


@pytest.fixture
def two_pages() -> bytes:
    """An upright page with red ink in its middle, and one lying across."""
    sheet = io.BytesIO()
    canvas = Canvas(sheet, A4)
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(200, 300, 200, 200, stroke=0, fill=1)
    canvas.showPage()
    canvas.setPageSize(landscape(A4))
    canvas.rect(10, 10, 20, 20)
    canvas.showPage()
    canvas.save()
    return sheet.getvalue()


@pytest.fixture
def printer(qapp, tmp_path: Path) -> QPrinter:
    made = printing.paper_printer()
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "出纸.pdf"))
    return made


def test_every_page_goes_out_on_its_paper(two_pages: bytes, printer: QPrinter, tmp_path: Path):
    ticket = Ticket()
    told: list[tuple[int, int]] = []
    ticket.progressed.connect(lambda done, total: told.append((done, total)))
    assert printing.print_pages(two_pages, printer, ticket.report, ticket.is_cancelled) == 2
    assert told[-1] == (2, 2)
    with pypdfium2.PdfDocument(tmp_path / "出纸.pdf") as paper:
        sizes = [tuple(round(side) for side in page.get_size()) for page in paper]
        assert sizes == [(595, 842), (842, 595)]
        middle = paper[0].render(scale=0.5).to_pil().getpixel((150, 220))
    assert middle[0] > 240
    assert max(middle[1:3]) < 20


def test_a_wish_to_stop_is_heard_between_pages(two_pages: bytes, printer: QPrinter):
    done: list[int] = []
    printed = printing.print_pages(two_pages, printer, lambda at, _total: done.append(at), lambda: bool(done))
    assert printed == 1


def test_no_printer_is_a_sentence(qapp, qtbot, monkeypatch: pytest.MonkeyPatch):
    page = QWidget()
    qtbot.addWidget(page)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    with pytest.raises(EnvironmentFault) as fault:
        printing.choose_printer(page)
    assert fault.value.problem.code in known_codes("ui")
