"""The lists of this folder: rows at hand, grouped rows, what will go, packages that went and came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.services.handover import PackageRow, UnexportedRow
from app.ui.handover import lines
from app.ui.slots import calling
from app.ui.widgets import Column, EmptyState, PagedTable

Row = TypeVar("Row")

OUTGOING: Final[tuple[Column[UnexportedRow], ...]] = (
    Column("种类", lambda row: lines.kind_text(row.kind), 8),
    Column("名称", "title", 0),
)
HISTORY: Final[tuple[Column[PackageRow], ...]] = (
    Column("时间", lambda row: lines.moment_text(row.handled_at), 19),
    Column("", lines.direction, 5),
    Column("对方", "peer_name", 10),
    Column("文件", "file_name", 0),
    Column("记录", "records", 6, "right"),
    Column("证据", "blobs", 6, "right"),
    Column("大小", lambda row: lines.size_text(row.bytes), 9, "right"),
    Column("结果", lines.package_outcome, 16),
)


class RowsTable(QStackedWidget, Generic[Row]):
    """A table over rows that are all at hand, or the sentence about why there are none."""

    def __init__(self, name: str, columns: Sequence[Column[Row]], empty: EmptyState, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: dict[str, Row] = {}
        self.table: PagedTable[Row] = PagedTable(columns, self._fetch, parent=self)
        self.table.setAccessibleName(name)
        self.empty = empty
        self.addWidget(self.table)
        self.addWidget(empty)
        self.setCurrentWidget(empty)

    def show_rows(self, rows: Sequence[Row], keys: Sequence[str] | None = None) -> None:
        """Show ``rows`` under their keys."""
        named = keys if keys is not None else [str(place) for place in range(len(rows))]
        self._rows = dict(zip(named, rows, strict=True))
        self.table.set_ids(tuple(self._rows))
        self.setCurrentIndex(0 if rows else 1)

    def row(self, key: str | None) -> Row | None:
        """The row under a key."""
        return self._rows.get(key or "")

    def current(self) -> Row | None:
        """The row of the current line."""
        return self.row(self.table.current_id())

    def _fetch(self, ids: Sequence[str]) -> Sequence[Row]:
        return [self._rows[key] for key in ids]


def history_table(parent: QWidget) -> RowsTable[PackageRow]:
    """The packages that went out and came in."""
    found = RowsTable("往来历史", HISTORY, EmptyState("还没有往来", "交出和收进的包会列在这里"), parent)
    # The numbers that tell one package from the next stand at the end of its name.
    found.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    return found


def show_history(table: RowsTable[PackageRow], rows: Sequence[PackageRow]) -> None:
    """List packages; one that went to several devices has a line for each."""
    table.show_rows(rows, [f"{row.package_id}:{row.peer}" for row in rows])


class GroupedRows(QWidget, Generic[Row]):
    """Rows that are all at hand, under tabs that count them by group; groups without rows are not shown.

    ``opened`` carries the key of a line that Enter or a double click asks for.
    """

    opened = Signal(str)

    def __init__(
        self,
        name: str,
        columns: Sequence[Column[Row]],
        groups: Mapping[str, str],
        group_of: Callable[[Row], str],
        *,
        empty: EmptyState,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._groups, self._group_of = dict(groups), group_of
        self._rows: dict[str, Row] = {}
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(f"{name}：按结果筛选")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for text in ("全部", *self._groups.values()):
            self.tabs.addTab(text)
        self.rows: RowsTable[Row] = RowsTable(name, columns, empty, self)
        self.column = stacked(self.tabs, self.rows, parent=self)
        self.column.setSpacing(4)
        self.tabs.currentChanged.connect(calling(self._filter))
        self.rows.table.opened.connect(self.opened)

    def show_rows(self, rows: Sequence[Row], keys: Sequence[str] | None = None) -> None:
        """Show ``rows`` under their keys; the group in view stays where it still has rows."""
        named = keys if keys is not None else [str(place) for place in range(len(rows))]
        self._rows = dict(zip(named, rows, strict=True))
        counts = Counter(map(self._group_of, rows))
        self.tabs.setTabText(0, f"全部 {len(rows)}")
        for place, (group, text) in enumerate(self._groups.items(), start=1):
            self.tabs.setTabText(place, f"{text} {counts[group]}")
            self.tabs.setTabVisible(place, counts[group] > 0)
        self.tabs.setVisible(len(counts) > 1)
        if not self.tabs.isTabVisible(self.tabs.currentIndex()) or len(counts) < 2:
            self.tabs.setCurrentIndex(0)
        self._filter()

    def choose_group(self, group: str) -> None:
        """Show one group, or all for an empty name."""
        self.tabs.setCurrentIndex(list(self._groups).index(group) + 1 if group else 0)

    def row(self, key: str | None) -> Row | None:
        """The row under a key."""
        return self._rows.get(key or "")

    def current(self) -> Row | None:
        """The row of the current line."""
        return self.rows.current()

    def _filter(self) -> None:
        place = self.tabs.currentIndex()
        wanted = list(self._groups)[place - 1] if place > 0 else ""
        shown = {key: row for key, row in self._rows.items() if not wanted or self._group_of(row) == wanted}
        self.rows.show_rows(tuple(shown.values()), tuple(shown))


def stacked(*parts: QWidget, parent: QWidget) -> QVBoxLayout:
    """A column of parts over the whole screen; the last one takes the room."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    for part in parts[:-1]:
        column.addWidget(part)
    column.addWidget(parts[-1], 1)
    return column
