"""Prints a PDF: the pages that the preview shows, drawn on paper at the printer's resolution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from app.errors import EnvironmentFault
from app.ui.widgets.pdf import FormPages

DOTS_PER_INCH: Final = 300

ChoosePrinter = Callable[[QWidget], QPrinter | None]


def choose_printer(parent: QWidget) -> QPrinter | None:
    """Ask for a printer in the system's dialog; ``None`` when the user thinks better of it."""
    if not QPrinterInfo.availablePrinterNames():
        raise EnvironmentFault("ui.no_printer")
    printer = paper_printer()
    dialog = QPrintDialog(printer, parent)
    chosen = dialog.exec()
    dialog.deleteLater()  # its parent lives as long as the window does
    return printer if chosen else None


def paper_printer() -> QPrinter:
    """A printer set to whole A4 pages at a resolution that forms are read at."""
    printer = QPrinter()
    printer.setResolution(DOTS_PER_INCH)
    printer.setFullPage(True)
    return printer


def print_pages(
    pdf: bytes,
    printer: QPrinter,
    report: Callable[[int, int], None],
    is_cancelled: Callable[[], bool],
) -> int:
    """Print every page and return how many went out; made to run beside the window, as a job.

    ``report`` and ``is_cancelled`` are those of a :class:`~app.ui.jobs.Ticket`.
    """
    source = FormPages()
    sizes = source.sizes(pdf)
    painter = QPainter()
    printed = 0
    for number, (width, height) in enumerate(sizes):
        if is_cancelled():
            break
        _set_paper(printer, width, height)
        if not (printer.newPage() if printed else painter.begin(printer)):
            if printed:
                painter.end()
            raise EnvironmentFault("ui.printer_failed", printer=printer.printerName())
        _draw(painter, printer, source.image(pdf, number, printer.resolution() / 72))
        printed += 1
        report(printed, len(sizes))
    if printed:
        painter.end()
    return printed


def _set_paper(printer: QPrinter, width: float, height: float) -> None:
    """Take the page's own paper, turned where it lies across."""
    lying = width > height
    size = QPageSize(QRectF(0, 0, min(width, height), max(width, height)).size(), QPageSize.Unit.Point)
    orientation = QPageLayout.Orientation.Landscape if lying else QPageLayout.Orientation.Portrait
    printer.setPageLayout(QPageLayout(size, orientation, QMarginsF(0, 0, 0, 0)))


def _draw(painter: QPainter, printer: QPrinter, picture: tuple[int, int, bytes]) -> None:
    width, height, rgba = picture
    image = QImage(rgba, width, height, width * 4, QImage.Format.Format_RGBA8888)
    painter.drawImage(QRectF(printer.pageLayout().paintRectPixels(printer.resolution())), image)
