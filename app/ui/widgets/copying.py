"""Copying out of lists and tables: the selected rows as spreadsheets take them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QTableView


def rows_text(view: QAbstractItemView) -> str:
    """The selected cells as spreadsheets take them: tabs between columns, a line for each row."""
    chosen = view.selectionModel().selectedIndexes() if view.selectionModel() is not None else []
    cells = sorted(chosen or [view.currentIndex()], key=_place)
    lines: dict[int, list[str]] = {}
    for cell in cells:
        if cell.isValid() and not _hides(view, cell):
            lines.setdefault(cell.row(), []).append(str(cell.data(Qt.ItemDataRole.DisplayRole) or ""))
    return "\n".join("\t".join(_flat(line)) for line in lines.values())


def _hides(view: QAbstractItemView, cell: QModelIndex) -> bool:
    """Whether a cell's column is not shown."""
    return isinstance(view, QTableView) and view.isColumnHidden(cell.column())


def copy_rows(view: QAbstractItemView) -> None:
    """Put the selected rows on the clipboard."""
    QGuiApplication.clipboard().setText(rows_text(view))


def _flat(cells: Sequence[str]) -> list[str]:
    return [" ".join(each.split("\t")).replace("\n", " ") for each in cells]


def _place(cell: QModelIndex) -> tuple[int, int]:
    return cell.row(), cell.column()
