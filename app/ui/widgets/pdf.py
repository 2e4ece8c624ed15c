"""Shows a PDF from bytes, page under page: what is seen is the file that is printed.

Pages become pictures in a worker, only those in sight, by :mod:`app.forms.preview`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.errors import ChayanError
from app.ui import theme
from app.ui.jobs import Jobs

GAP: Final = 16
PIXELS_PER_POINT: Final = 96 / 72
ZOOMS: Final = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)


class PageSource(Protocol):
    """Where sizes (in points) and pictures of pages come from; safe in a worker."""

    def sizes(self, pdf: bytes) -> Sequence[tuple[float, float]]:
        """Width and height of every page."""

    def image(self, pdf: bytes, page: int, scale: float) -> tuple[int, int, bytes]:
        """Width, height and RGBA bytes of one page at ``scale`` pixels for a point."""


class FormPages:
    """The page source of the program; the library is read when first needed, in the worker."""

    def sizes(self, pdf: bytes) -> Sequence[tuple[float, float]]:
        """Width and height of every page."""
        from app.forms import preview

        return preview.page_sizes(pdf)

    def image(self, pdf: bytes, page: int, scale: float) -> tuple[int, int, bytes]:
        """Width, height and RGBA bytes of one page."""
        from app.forms import preview

        return preview.page_image(pdf, page, scale)


@dataclass(slots=True)
class _Page:
    """One page: where it lies, and its picture once there is one."""

    width: float
    height: float
    place: QRect
    image: QImage | None = None
    scale: float = 0.0
    asked: float = 0.0


class PdfView(QAbstractScrollArea):
    """A quiet viewer: PgUp and PgDn turn pages, Ctrl + and − zoom, Ctrl 0 fits the width.

    ``page_changed(page, count)`` counts from 1; ``problem_found`` carries a ``ChayanError``.
    """

    spoken_role = QAccessible.Role.Document

    page_changed = Signal(int, int)
    zoom_changed = Signal(float)
    problem_found = Signal(object)

    def __init__(self, jobs: Jobs, source: PageSource | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pdf_view")
        self.setAccessibleName("打印预览")
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._jobs, self._source = jobs, source or FormPages()
        self._pdf = b""
        self._pages: list[_Page] = []
        self._zoom = 1.0
        self._fitting = True
        self._shown = 0
        self._keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_PageDown: self.next_page,
            Qt.Key.Key_PageUp: self.previous_page,
        }
        self._zoom_keys: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.fit_width,
        }
        self.verticalScrollBar().valueChanged.connect(self._tell_page)

    def show_pdf(self, pdf: bytes) -> None:
        """Show another PDF from its first page on."""
        self._pdf = pdf
        self._pages = []
        self._shown = 0
        self.viewport().update()
        self._jobs.run(
            partial(self._source.sizes, pdf), partial(self._take_sizes, pdf), self._fail, self, lane="files"
        )

    def clear(self) -> None:
        """Show nothing."""
        self._pdf, self._pages, self._shown = b"", [], 0
        self._place()
        self.page_changed.emit(0, 0)

    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def page(self) -> int:
        """The page at the middle of the view, from 1; 0 where nothing is shown."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        for number, page in enumerate(self._pages, start=1):
            if middle <= page.place.bottom() + GAP:
                return number
        return len(self._pages)

    def go_to(self, number: int) -> None:
        """Bring the head of a page (from 1) into view."""
        if 1 <= number <= len(self._pages):
            self.verticalScrollBar().setValue(self._pages[number - 1].place.top() - GAP)

    def next_page(self) -> None:
        """Turn to the next page."""
        self.go_to(self.page() + 1)

    def previous_page(self) -> None:
        """Turn to the page before."""
        self.go_to(self.page() - 1)

    def zoom(self) -> float:
        """How large a page is; 1 is its paper size."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Hold a zoom, whatever the width of the window."""
        self._fitting = False
        self._apply_zoom(zoom)

    def zoom_in(self) -> None:
        """The next larger step."""
        self.set_zoom(next((step for step in ZOOMS if step > self._zoom + 0.01), ZOOMS[-1]))

    def zoom_out(self) -> None:
        """The next smaller step."""
        self.set_zoom(next((step for step in reversed(ZOOMS) if step < self._zoom - 0.01), ZOOMS[0]))

    def fit_width(self) -> None:
        """Let the widest page fill the width, now and when the window changes."""
        self._fitting = True
        widest = max((page.width for page in self._pages), default=0.0)
        if widest:
            room = self.viewport().width() - 2 * GAP
            self._apply_zoom(min(2.0, max(ZOOMS[0], room / (widest * PIXELS_PER_POINT))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages and zoom."""
        keys = self._zoom_keys if event.modifiers() & Qt.KeyboardModifier.ControlModifier else self._keys
        act = keys.get(event.key())
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Keep the width filled, or the pages centred."""
        self.fit_width() if self._fitting else self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pages in sight; ask for the pictures that are missing."""
        colors = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colors.color("sunk"))
        offset = self._offset()
        for number, page in enumerate(self._pages):
            place = page.place.translated(-offset)
            if not place.intersects(self.viewport().rect()):
                continue
            painter.fillRect(place, Qt.GlobalColor.white)
            if page.image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(place, page.image)
            painter.setPen(colors.color("line"))
            painter.drawRect(place)
            self._ask(number, page)

    def scrollContentsBy(self, _x: int, _y: int) -> None:
        """Pages are drawn where the bars say."""
        self.viewport().update()

    def _offset(self) -> QPoint:
        return QPoint(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _ask(self, number: int, page: _Page) -> None:
        scale = self._zoom * PIXELS_PER_POINT * self.devicePixelRatioF()
        if page.asked == scale:
            return
        page.asked = scale
        self._jobs.run(
            partial(self._source.image, self._pdf, number, scale),
            partial(self._take_image, page, scale),
            self._fail,
            self,
            lane="files",
        )

    def _take_sizes(self, pdf: bytes, sizes: Sequence[tuple[float, float]]) -> None:
        if pdf is not self._pdf:
            return
        self._pages = [_Page(width, height, QRect()) for width, height in sizes]
        self.fit_width() if self._fitting else self._place()
        self.verticalScrollBar().setValue(0)
        self._tell_page()

    def _take_image(self, page: _Page, scale: float, picture: tuple[int, int, bytes]) -> None:
        # A page of a former zoom or file may come late; only what was asked last is kept.
        if page.asked == scale:
            width, height, rgba = picture
            page.image = QImage(rgba, width, height, width * 4, QImage.Format.Format_RGBA8888).copy()
            page.scale = scale
            self.viewport().update()

    def _fail(self, error: ChayanError) -> None:
        self.problem_found.emit(error)

    def _apply_zoom(self, zoom: float) -> None:
        before = max(1, self.verticalScrollBar().maximum())
        share = self.verticalScrollBar().value() / before
        self._zoom = zoom
        self._place()
        self.verticalScrollBar().setValue(round(share * self.verticalScrollBar().maximum()))
        self.zoom_changed.emit(zoom)

    def _place(self) -> None:
        """Lay the pages under each other, centred, and set the scroll bars to their extent."""
        unit = self._zoom * PIXELS_PER_POINT
        room = self.viewport().size()
        widest = round(max((page.width for page in self._pages), default=0.0) * unit)
        top = GAP
        for page in self._pages:
            width, height = round(page.width * unit), round(page.height * unit)
            left = max(GAP, (max(room.width(), widest + 2 * GAP) - width) // 2)
            page.place = QRect(left, top, width, height)
            top += height + GAP
        self.verticalScrollBar().setRange(0, max(0, top - room.height()))
        self.verticalScrollBar().setPageStep(room.height())
        self.verticalScrollBar().setSingleStep(40)
        self.horizontalScrollBar().setRange(0, max(0, widest + 2 * GAP - room.width()))
        self.horizontalScrollBar().setPageStep(room.width())
        self.viewport().update()

    def _tell_page(self) -> None:
        page = self.page()
        if page != self._shown:
            self._shown = page
            self.page_changed.emit(page, len(self._pages))
