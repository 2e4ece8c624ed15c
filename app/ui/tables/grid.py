"""The table as the notice prints it: every cell can be chosen by arrow keys or the pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.statistics.changes import CellChange
from app.statistics.table import Cell, Table
from app.ui import theme
from app.ui.slots import calling
from app.ui.tables import words
from app.ui.tables.header import GroupedHeader, RowHeader

Index = QModelIndex | QPersistentModelIndex
CELL_AIR: Final = 12
WIDEST_WORDS: Final = 150
WIDEST_LISTED: Final = 260
SMALLEST: Final = 150


class CountedModel(QAbstractTableModel):
    """The cells of a counted table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.marks: Mapping[tuple[str, str], CellChange] = {}
        self._bold = QFont()
        self._bold.setBold(True)

    def show_table(self, table: Table, marks: Mapping[tuple[str, str], CellChange] | None = None) -> None:
        """Show another table; ``marks`` are cells that stand out, with what they showed before."""
        self.beginResetModel()
        self.table, self.marks = table, marks or {}
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows the table has."""
        return 0 if parent.isValid() or self.table is None else len(self.table.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many leaf columns the table has."""
        return 0 if parent.isValid() or self.table is None else len(self.table.columns)

    def cell(self, index: Index) -> Cell | None:
        """The cell at an index."""
        if self.table is None or not index.isValid():
            return None
        row, column = self.table.rows[index.row()], self.table.columns[index.column()]
        return self.table.cells[row.key][column.key]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, alignment, weight and hint of a cell."""
        cell = self.cell(index)
        if cell is None or self.table is None:
            return None
        row, column = self.table.rows[index.row()], self.table.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return words.value_text(cell)
            case Qt.ItemDataRole.TextAlignmentRole:
                left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
                words_of_list = words.is_text(column) and isinstance(cell.value, str)
                return left if words_of_list else Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.BackgroundRole:
                marked = (row.key, column.key) in self.marks
                return theme.current().color("attention_ground") if marked else None
            case Qt.ItemDataRole.FontRole:
                return self._bold if row.total else None
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                change = self.marks.get((row.key, column.key))
                return words.hint_text(row, column, cell) + words.former_text(change)
        return None


class MarkedCells(QStyledItemDelegate):
    """Paints the ground of a marked cell: a style sheet for items passes over the model's colour."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground first, then the cell."""
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(ground, QColor):
            painter.fillRect(option.rect, ground)  # type: ignore[attr-defined]  # PySide's stubs lack the field
        super().paint(painter, option, index)


class CountedGrid(QTableView):
    """Shows a counted table; ``chosen(row, column)`` follows the current cell, ``opened`` Enter."""

    chosen = Signal(str, str)
    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("counted")
        self.setAccessibleName("统计表")
        self.cells = CountedModel(self)
        self.columns, self.labels = GroupedHeader(self), RowHeader(self)
        self.setHorizontalHeader(self.columns)
        self.setVerticalHeader(self.labels)
        self.setModel(self.cells)
        self.setItemDelegate(MarkedCells(self))
        self._needed: list[int] = []
        self._corner = QLabel()
        self._corner.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._set_habits()
        self.selectionModel().currentChanged.connect(self._tell)
        self.doubleClicked.connect(self.opened)
        # Scrolling moves what is painted; headings of groups stand elsewhere afterwards.
        self.horizontalScrollBar().valueChanged.connect(calling(self.columns.repaint_all))

    def _set_habits(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        for header in (self.columns, self.labels):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.columns.setMinimumSectionSize(24)
        self.labels.setDefaultSectionSize(theme.current().sizes.line + 9)
        corner = self.findChild(QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if corner is not None:
            room = QVBoxLayout(corner)
            room.setContentsMargins(0, 0, 0, 0)
            room.addWidget(self._corner)
        self.setCornerButtonEnabled(False)

    def show_table(self, table: Table, marks: Mapping[tuple[str, str], CellChange] | None = None) -> None:
        """Show a table; the chosen cell stays chosen where the table still has it."""
        former = self.current_keys()
        self._needed = []  # the former table's, while headings and cells change
        self.cells.show_table(table, marks)
        self.columns.set_headings(words.headings(table))
        corner = table.definition.dimension_label
        self.labels.set_labels([(words.row_text(row), row.total) for row in table.rows], corner)
        self.labels.setVisible(bool(corner))
        self._corner.setText(corner)
        self._corner.setFont(self.columns.caption_font())
        self._needed = [self._needed_width(column) for column in range(self.cells.columnCount())]
        self._share_width()
        if former is not None:
            self.choose(*former)

    def choose(self, row: str, column: str) -> bool:
        """Make one cell the current one; ``False`` when the table has no such cell."""
        table = self.cells.table
        if table is None or table.definition.row(row) is None or table.definition.column(column) is None:
            return False
        rows, columns = [each.key for each in table.rows], [each.key for each in table.columns]
        self.setCurrentIndex(self.cells.index(rows.index(row), columns.index(column)))
        return True

    def current_keys(self) -> tuple[str, str] | None:
        """Row and column of the current cell."""
        index, table = self.currentIndex(), self.cells.table
        if table is None or not index.isValid():
            return None
        return table.rows[index.row()].key, table.columns[index.column()].key

    def sizeHint(self) -> QSize:
        """Room for every row; what does not fit is scrolled."""
        rows = self.cells.rowCount() * self.labels.defaultSectionSize()
        wider = self.columns.length() > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if wider else 0
        return QSize(600, self.columns.sizeHint().height() + rows + bar + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        """The headings and some rows."""
        return QSize(300, SMALLEST)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on to the records behind the cell."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the columns share the room."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Give each column what it needs, and all of them an equal part of what is left."""
        count = len(self._needed)
        if not count:
            return
        needed = self.columns.widened(list(self._needed))
        spare = max(0, self.viewport().width() - sum(needed))
        for column, width in enumerate(needed):
            share = spare // count + (1 if column < spare % count else 0)
            self.columns.resizeSection(column, width + share)
        self.updateGeometry()

    def _needed_width(self, column: int) -> int:
        font = QFont(self.font())
        font.setBold(True)
        metrics = QFontMetrics(font)
        texts = (str(self.cells.index(row, column).data()) for row in range(self.cells.rowCount()))
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + CELL_AIR
        table = self.cells.table
        listed = table is not None and words.is_text(table.columns[column])
        return max(min(widest, WIDEST_LISTED if listed else WIDEST_WORDS), self.columns.needed_width(column))

    def _tell(self, index: QModelIndex) -> None:
        self.columns.set_current(index.column())
        self.labels.set_current(index.row())
        keys = self.current_keys()
        if keys is not None:
            self.chosen.emit(*keys)
