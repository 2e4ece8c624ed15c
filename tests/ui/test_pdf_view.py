"""The viewer: only pages in sight become pictures; keys turn and zoom."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from reportlab.pdfgen.canvas import Canvas

from app.errors import BadInput
from app.ui.jobs import Jobs
from app.ui.widgets.pdf import FormPages, PdfView

CTRL = Qt.KeyboardModifier.ControlModifier


class Pages:
    """Grey pages of A4; remembers which were asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.asked: list[tuple[int, float]] = []

    def sizes(self, pdf: bytes) -> Sequence[tuple[float, float]]:
        if pdf == b"broken":
            raise BadInput("ui.no_preview")
        return [(595.0, 842.0)] * self.count

    def image(self, pdf: bytes, page: int, scale: float) -> tuple[int, int, bytes]:
        self.asked.append((page, scale))
        return 2, 2, b"\x80\x80\x80\xff" * 4


@pytest.fixture
def pages() -> Pages:
    return Pages(5)


@pytest.fixture
def view(show, jobs: Jobs, pages: Pages, qtbot) -> PdfView:
    made = PdfView(jobs, pages)
    made.resize(640, 480)
    show(made)
    with qtbot.waitSignal(made.page_changed):
        made.show_pdf(b"%PDF")
    return made


def test_only_the_pages_in_sight_are_drawn(view: PdfView, pages: Pages, qtbot):
    qtbot.waitUntil(lambda: bool(pages.asked))
    view.grab()
    assert {page for page, _ in pages.asked} == {0}
    view.go_to(4)
    view.grab()
    qtbot.waitUntil(lambda: 3 in {page for page, _ in pages.asked})
    assert 1 not in {page for page, _ in pages.asked}


def test_keys_turn_the_pages(view: PdfView, qtbot):
    assert (view.page(), view.page_count()) == (1, 5)
    with qtbot.waitSignal(view.page_changed) as told:
        qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert told.args == [2, 5]
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.page() == 1


def test_keys_zoom_and_fit(view: PdfView, qtbot):
    fitted = view.zoom()
    assert 595 * fitted * 96 / 72 == pytest.approx(view.viewport().width() - 32, abs=1)
    qtbot.keyClick(view, Qt.Key.Key_Equal, CTRL)
    assert view.zoom() > fitted
    assert view.horizontalScrollBar().maximum() > 0
    held = view.zoom()
    view.resize(500, 480)
    assert view.zoom() == held
    qtbot.keyClick(view, Qt.Key.Key_0, CTRL)
    assert view.zoom() < held
    qtbot.keyClick(view, Qt.Key.Key_Minus, CTRL)
    assert view.zoom() == 0.5


def test_a_broken_file_is_a_problem_in_the_window(view: PdfView, qtbot):
    with qtbot.waitSignal(view.problem_found) as told:
        view.show_pdf(b"broken")
    assert told.args[0].problem.code == "ui.no_preview"
    view.clear()
    assert (view.page(), view.page_count()) == (0, 0)


def test_a_real_pdf_is_shown_with_its_ink(show, jobs: Jobs, qtbot):
    sheet = io.BytesIO()
    canvas = Canvas(sheet, (300, 200))
    canvas.setFillColorRGB(1, 0, 0)
    canvas.rect(0, 0, 300, 200, stroke=0, fill=1)
    canvas.showPage()
    canvas.save()
    view = PdfView(jobs, FormPages())
    view.resize(400, 300)
    show(view)
    view.show_pdf(sheet.getvalue())

    def red_in_the_middle() -> bool:
        image = view.viewport().grab().toImage()
        return image.pixelColor(image.width() // 2, 100).name() == "#ff0000"

    qtbot.waitUntil(red_in_the_middle)
