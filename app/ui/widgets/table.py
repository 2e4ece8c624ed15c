"""Long lists: a model over ordered ids that fetches the rows it is asked to paint, and its view.

Sorting and filtering belong to SQL, which hands over ids; the model asks for pages of rows when
they are painted. Columns are data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Generic, Literal, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from app.ui import theme
from app.ui.tokens import TARGET, Tone
from app.ui.widgets.copying import copy_rows

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
PAGE: Final = 50
"""More lines than a window shows: a page is read while it is being painted."""
PAGES_KEPT: Final = 200
FEW: Final = 4
"""So many ids are looked for one by one."""
BOLD: Final = 1.08


@dataclass(frozen=True)  # slots would make Column[Row](…) fail on Python 3.11
class Column(Generic[Row]):
    """One column: its title, where its text comes from, its width in characters.

    ``value`` is an attribute's name or a function of the row; ``width`` 0 takes the room that is
    left; ``tone`` colours the text by the row; ``sort`` names the order that a click asks for.
    """

    title: str
    value: str | Callable[[Row], object]
    width: int = 12
    align: Literal["left", "right", "center"] = "left"
    tone: Callable[[Row], Tone | None] | None = None
    sort: str = ""

    def text(self, row: Row) -> str:
        """What the cell of ``row`` says; nothing for ``None``."""
        found = attrgetter(self.value)(row) if isinstance(self.value, str) else self.value(row)
        return "" if found is None else str(found)


_ALIGNMENT: Final = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "center": Qt.AlignmentFlag.AlignCenter,
}
ID_ROLE: Final = Qt.ItemDataRole.UserRole


class PagedTableModel(QAbstractTableModel, Generic[Row]):
    """Rows by id, fetched a page at a time through ``fetch(ids) -> {id: row}`` or rows in order."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[str]], Sequence[Row]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._fetch = fetch
        self._ids: tuple[str, ...] = ()
        self._pages: dict[int, Sequence[Row]] = {}

    def set_ids(self, ids: Sequence[str]) -> None:
        """Show these ids in this order; the same ids again only let the rows be read anew."""
        if tuple(ids) == self._ids:
            self.reload()
            return
        self.beginResetModel()
        self._ids = tuple(ids)
        self._pages.clear()
        self.endResetModel()

    def reload(self) -> None:
        """Read the rows anew where they are painted; ids and selection stay."""
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, len(self.columns) - 1))

    def ids(self) -> tuple[str, ...]:
        """Every id in order."""
        return self._ids

    def id_at(self, line: int) -> str:
        """The id in one line."""
        return self._ids[line]

    def line_of(self, key: str) -> int | None:
        """The line of an id, ``None`` when it is not listed."""
        # Looked for when asked: a table of places of all 38,000 would be made at every key of a search.
        with suppress(ValueError):
            return self._ids.index(key)
        return None

    def lines_of(self, keys: Collection[str]) -> list[int]:
        """The lines of ids, without those that are not listed."""
        if len(keys) <= FEW:
            return sorted(line for line in map(self.line_of, keys) if line is not None)
        wanted = frozenset(keys)
        return [line for line, key in enumerate(self._ids) if key in wanted]

    def row_at(self, line: int) -> Row | None:
        """The row in one line; fetches its page. ``None`` when the store no longer has it."""
        number, offset = divmod(line, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._fetch(self._ids[number * PAGE : (number + 1) * PAGE])
            if len(self._pages) >= PAGES_KEPT:
                self._pages.pop(next(iter(self._pages)))
            self._pages[number] = page
        return page[offset] if offset < len(page) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many ids there are."""
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, alignment, colour and id of a cell."""
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[column.align]
        if role == ID_ROLE:
            return self._ids[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            row = self.row_at(index.row())
            return "" if row is None else column.text(row)
        if role in {Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.FontRole} and column.tone is not None:
            row = self.row_at(index.row())
            tone = None if row is None else column.tone(row)
            return None if tone is None else _look(tone, role)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles of the columns; lines have no numbers."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _ALIGNMENT[self.columns[section].align]
        return None


def _look(tone: Tone, role: int) -> object:
    """The colour of a tone; what is bad is bold too, because colour is never the only sign."""
    if role == Qt.ItemDataRole.ForegroundRole:
        return QColor(theme.current().tokens.ink(tone))
    if tone != "bad":
        return None
    font = QApplication.font()
    font.setBold(True)
    return font


class PagedTable(QTableView, Generic[Row]):
    """The view of a :class:`PagedTableModel`: whole lines, by keys, selection kept by id.

    ``chosen`` follows the current line (its id, or an empty string), ``opened`` Enter and double
    click, ``sort_asked`` a click on a header whose column names an order.
    """

    chosen = Signal(str)
    opened = Signal(str)
    sort_asked = Signal(str)

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        fetch: Callable[[Sequence[str]], Sequence[Row]],
        *,
        many: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows: PagedTableModel[Row] = PagedTableModel(columns, fetch, self)
        self.setModel(self.rows)
        self._set_habits(many)
        self._set_widths()
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        self.doubleClicked.connect(self._open)
        self.horizontalHeader().sectionClicked.connect(self._ask_sort)

    def _set_habits(self, many: bool) -> None:
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(TARGET, theme.current().sizes.line + 14))
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _set_widths(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionsClickable(True)
        unit = self.fontMetrics().horizontalAdvance("中") / 2
        for number, column in enumerate(self.rows.columns):
            if column.width == 0:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
            else:
                # What may be bold takes a little more.
                share = 1.0 if column.tone is None else BOLD
                header.resizeSection(number, round(column.width * unit * share) + 20)

    def set_ids(self, ids: Sequence[str]) -> None:
        """Show these ids; the selected and the current ones stay so where they are still listed."""
        current, selected = self.current_id(), self.selected_ids()
        self.rows.set_ids(ids)
        self._select(selected)
        if current is not None and self.rows.line_of(current) is not None:
            self.choose(current)
        elif current is not None:
            self.chosen.emit("")

    def reload(self) -> None:
        """Read the painted rows anew."""
        self.rows.reload()

    def current_id(self) -> str | None:
        """The id of the current line."""
        index = self.currentIndex()
        return self.rows.id_at(index.row()) if index.isValid() else None

    def current_row(self) -> Row | None:
        """The row of the current line."""
        index = self.currentIndex()
        return self.rows.row_at(index.row()) if index.isValid() else None

    def selected_ids(self) -> tuple[str, ...]:
        """Ids of the selected lines, in the order of the list."""
        lines = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.rows.id_at(line) for line in lines)

    def choose(self, key: str) -> None:
        """Make the line of ``key`` the current one and bring it into view."""
        line = self.rows.line_of(key)
        if line is not None:
            index = self.rows.index(line, 0)
            flag = QItemSelectionModel.SelectionFlag
            keep = key in self.selected_ids()
            self.selectionModel().setCurrentIndex(
                index, flag.NoUpdate if keep else flag.ClearAndSelect | flag.Rows
            )
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the current line; letters and signs are keys of the screen."""
        current = self.current_id()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current is not None:
            self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Down and not self.selectionModel().hasSelection() and current:
            # The focus makes a line current without selecting it; going on from there would skip it.
            self.choose(current)
        elif event.matches(QKeySequence.StandardKey.Copy):
            copy_rows(self)
        elif _is_sign(event):
            # Qt would keep it and look through every row for a name that begins with it.
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _select(self, keys: Sequence[str]) -> None:
        flag = QItemSelectionModel.SelectionFlag
        for line in self.rows.lines_of(keys):
            self.selectionModel().select(self.rows.index(line, 0), flag.Select | flag.Rows)

    def _tell_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.rows.id_at(index.row()))

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.rows.id_at(index.row()))

    def _ask_sort(self, section: int) -> None:
        if self.rows.columns[section].sort:
            self.sort_asked.emit(self.rows.columns[section].sort)


def _is_sign(event: QKeyEvent) -> bool:
    """Whether a key writes something, Space aside, which selects."""
    bare = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return bare and event.text().isprintable() and bool(event.text().strip())
