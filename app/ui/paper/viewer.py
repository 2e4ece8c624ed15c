"""The preview with its small bar: pages and zoom."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.ui.jobs import Jobs
from app.ui.widgets import CaptionLabel, EmptyState, PdfView, PlainButton
from app.ui.widgets.buttons import explain
from app.wording import sentence


class Viewer(QWidget):
    """Shows a PDF, or why there is none."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = PdfView(jobs, parent=self)
        self.empty = EmptyState("选一次检查和一种文书", "或勾选“空白件”", icon="print", parent=self)
        self._pages = CaptionLabel("", parent=self)
        self._pages.setObjectName("page_count")
        self._pages.setWordWrap(False)
        self._zoom = CaptionLabel("", parent=self)
        self._zoom.setWordWrap(False)
        self._bar = QWidget(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        self._lay_out()
        self.view.page_changed.connect(self._tell_page)
        self.view.zoom_changed.connect(self._tell_zoom)
        self.view.problem_found.connect(self.show_problem)
        self._bar.hide()

    def show_pdf(self, pdf: bytes) -> None:
        """Show a file from its first page."""
        self._stack.setCurrentWidget(self.view)
        self._bar.show()
        self.view.show_pdf(pdf)

    def show_working(self) -> None:
        """Say that a file is being made, where none is shown meanwhile."""
        if self._stack.currentWidget() is self.empty:
            self.empty.say("正在排印")

    def show_problem(self, error: ChayanError) -> None:
        """Say why there is nothing to show."""
        words = sentence(error)
        self.show_nothing(words.message, words.remedy)

    def show_nothing(self, heading: str, hint: str) -> None:
        """Say what the next step is."""
        self.view.clear()
        self.empty.say(heading, hint)
        self._stack.setCurrentWidget(self.empty)
        self._bar.hide()

    def _lay_out(self) -> None:
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(4)
        self._add(bar, "previous", "上一页", "PgUp", self.view.previous_page)
        bar.addWidget(self._pages)
        self._add(bar, "next", "下一页", "PgDown", self.view.next_page)
        bar.addStretch(1)
        self._add(bar, "zoom_out", "缩小", "Ctrl+-", self.view.zoom_out)
        bar.addWidget(self._zoom)
        self._add(bar, "zoom_in", "放大", "Ctrl+=", self.view.zoom_in)
        self._add(bar, "fit_width", "适合宽度", "Ctrl+0", self.view.fit_width)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._bar)
        column.addWidget(self._stack, 1)
        self.setTabOrder(self._bar.findChildren(PlainButton)[-1], self.view)

    def _add(self, bar: QHBoxLayout, icon: str, text: str, key: str, act: object) -> None:
        button = PlainButton("", key, self._bar, icon=icon)
        button.setObjectName(icon)
        explain(button, text, key)
        button.clicked.connect(act)
        bar.addWidget(button)

    def _tell_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{zoom:.0%}")

    def _tell_page(self, page: int, count: int) -> None:
        self._pages.setText(f"第 {page} / {count} 页" if count else "")
