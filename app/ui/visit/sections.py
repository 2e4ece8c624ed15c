"""The column at the left of a visit: its sections with what is done, and the tally at the foot."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.services.sheet_rows import Sheet
from app.ui.blocks import scrolling
from app.ui.visit.lines import Progress, item_count, progress, tally
from app.ui.widgets import (
    CaptionLabel,
    Card,
    Chip,
    ElidedLabel,
    HeadingLabel,
    ProgressLine,
    SecondaryButton,
)
from app.ui.widgets.buttons import explain
from app.vocabulary import InspectionStatus


class SectionLine(QWidget):
    """One section: title, count, progress. A click goes there."""

    spoken_role = QAccessible.Role.Button

    chosen = Signal(str)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._bold = False
        self._title = ElidedLabel(parent=self)
        self._count = CaptionLabel(parent=self)
        self._count.setWordWrap(False)
        self._bar = ProgressLine(parent=self)
        words = QHBoxLayout()
        words.addWidget(self._title, 1)
        words.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 5, 0, 5)
        column.setSpacing(7)
        column.addLayout(words)
        column.addWidget(self._bar)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_progress(self, row: Progress, is_current: bool) -> None:
        """Show how far the section is; the current one is bold."""
        self._title.setText(row.title)
        self._count.setText(f"{row.done}/{row.total}")
        self._bar.set_progress(row.done, row.total)
        self.setAccessibleName(f"{row.title} {row.done}/{row.total}")
        if is_current is not self._bold:
            self._bold = is_current
            self._title.setStyleSheet("font-weight: bold;" if is_current else "")

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Go to the section."""
        self.chosen.emit(self.key)


class SectionsColumn(Card):
    """Sections of a visit; ``chosen`` carries the section's id, ``missing_asked`` wants the conditions."""

    chosen = Signal(str)
    missing_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("sections")
        self.body.setContentsMargins(14, 14, 14, 14)
        self._heading = HeadingLabel("", "card", self)
        self._heading.setWordWrap(True)
        self._version = CaptionLabel(parent=self)
        self._lines: dict[str, SectionLine] = {}
        self._inside = QWidget(self)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        scroll = scrolling(self._inside)
        self._scroll = scroll
        self.tally = Chip(parent=self)
        self.tally.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.tally.setObjectName("tally")
        self.lacking = SecondaryButton("", parent=self)
        self.lacking.setObjectName("conditions")
        self.lacking.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.lacking.clicked.connect(self.missing_asked)
        for part in (self._heading, self._version):
            self.body.addWidget(part)
        self.body.addWidget(scroll, 1)
        self.body.addWidget(self.tally)
        self.body.addWidget(self.lacking)

    def show_sheet(self, sheet: Sheet, current: str) -> None:
        """Show the progress of every section."""
        self._heading.setText(sheet.header.checklist_title)
        self._version.setText(f"{sheet.header.checklist_version} 版 · {item_count(sheet)} 项")
        rows = progress(sheet)
        wanted = [row.key for row in rows]
        if wanted != list(self._lines):
            self._rebuild(wanted)
        for row in rows:
            self._lines[row.key].show_progress(row, row.key == current)
        if current in self._lines:
            self._scroll.ensureWidgetVisible(self._lines[current], 0, 0)
        self.tally.show_text(*tally(sheet))
        self._show_lacking(sheet)

    def _show_lacking(self, sheet: Sheet) -> None:
        """How far the visit is from its end; the list of it is one click or M away."""
        self.lacking.setVisible(sheet.header.status is InspectionStatus.IN_PROGRESS)
        text = f"还缺 {len(sheet.missing)} 项" if sheet.missing else "条件都具备"
        self.lacking.setText(f"{text}  M")
        explain(self.lacking, f"{text}，列出开始和完成的条件", "M")

    def line(self, key: str) -> SectionLine:
        """The line of a section."""
        return self._lines[key]

    def keys(self) -> list[str]:
        """The sections in order."""
        return list(self._lines)

    def sizeHint(self) -> QSize:
        """As wide as it is made; the height is the window's."""
        return QSize(196, 300)

    def _rebuild(self, keys: list[str]) -> None:
        for line in self._lines.values():
            line.hide()
            line.deleteLater()
        self._lines = {key: SectionLine(key, self._inside) for key in keys}
        for place, line in enumerate(self._lines.values()):
            line.chosen.connect(self.chosen)
            self._column.insertWidget(place, line)
