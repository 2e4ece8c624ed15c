"""The gallery: evidence as tiles, worked by keys, mouse and touch alike.

The *current* tile is where the keys are; the *chosen* ones wear a tick. Steps take the chosen ones, or
the current one while none is chosen, so that arrows never lose a choice that was made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from app.services.evidence import EvidenceRow
from app.ui.evidence import words
from app.ui.evidence.thumbs import Thumbs
from app.ui.evidence.tile import TICK, TileDelegate, tile_size

ROW: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
_Select = QItemSelectionModel.SelectionFlag
_MOVES: Final = frozenset(
    {
        Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
        Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    }
)  # fmt: skip


class EvidenceModel(QAbstractListModel):
    """The evidence of a visit in its order."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[EvidenceRow, ...] = ()
        self.items: Mapping[str, str] = {}

    def show(self, rows: Sequence[EvidenceRow], items: Mapping[str, str]) -> None:
        """Show other rows; ``items`` are the numbers of the items they may belong to."""
        self.items = items
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = tuple(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """How many there are."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A row, and its words for eyes and ears."""
        if not 0 <= index.row() < len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return words.title(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            item = self.items.get(row.item, row.item)
            return words.spoken(row, index.row() + 1, item, chosen=False)
        return None


class Gallery(QListView):
    """Tiles of evidence. ``moved`` tells that the current tile or the choice changed.

    ``opened(key)`` is Enter or a double click; ``menu_asked(pos)`` a right click or the menu key.
    """

    moved = Signal()
    opened = Signal(str)
    menu_asked = Signal(QPoint)

    def __init__(self, thumbs: Thumbs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidence_gallery")
        self.setAccessibleName("证据")
        self._rows = EvidenceModel(self)
        self._thumbs = thumbs
        self._anchor = -1
        self.setModel(self._rows)
        self.setItemDelegate(TileDelegate(thumbs, self))
        self._set_habits()
        thumbs.ready.connect(self._repaint)
        self.selectionModel().currentChanged.connect(self._tell)
        self.selectionModel().selectionChanged.connect(self._tell)
        self.activated.connect(self._open)

    def _set_habits(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(False)
        self.setUniformItemSizes(True)
        self.setWrapping(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The current tile shows where the keys are; a frame around all of them says less.
        self.setStyleSheet("QListView, QListView:focus { border: none; background: transparent; }")
        self.setMouseTracking(True)
        self.setDragEnabled(False)
        self.setAcceptDrops(False)

    # ---- what is shown and chosen

    def show_rows(self, rows: Sequence[EvidenceRow], items: Mapping[str, str]) -> None:
        """Show the evidence of a visit; the current tile and the choice stay where they were."""
        current, chosen, line = self.current_key(), set(self.chosen_keys()), self.currentIndex().row()
        self._rows.show(rows, items)
        keys = [row.key for row in rows]
        at = keys.index(current) if current in keys else min(max(line, 0), len(keys) - 1)
        if at >= 0 and self.currentIndex().row() != at:
            self.selectionModel().setCurrentIndex(self._rows.index(at), _Select.NoUpdate)
        for number, key in enumerate(keys):
            if key in chosen and not self.selectionModel().isSelected(self._rows.index(number)):
                self.selectionModel().select(self._rows.index(number), _Select.Select)
        self.moved.emit()

    def rows(self) -> tuple[EvidenceRow, ...]:
        """Everything shown."""
        return self._rows.rows

    def current_row(self) -> EvidenceRow | None:
        """The tile where the keys are."""
        line = self.currentIndex().row()
        return self._rows.rows[line] if 0 <= line < len(self._rows.rows) else None

    def current_key(self) -> str:
        """The current tile's key; empty without one."""
        row = self.current_row()
        return "" if row is None else row.key

    def chosen_keys(self) -> list[str]:
        """Keys of the tiles with a tick, in their order."""
        lines = sorted(index.row() for index in self.selectedIndexes())
        return [self._rows.rows[line].key for line in lines if line < len(self._rows.rows)]

    def targets(self) -> list[EvidenceRow]:
        """What a step takes: the chosen ones, else the current one."""
        chosen = set(self.chosen_keys())
        current = self.current_row()
        if chosen:
            return [row for row in self._rows.rows if row.key in chosen]
        return [] if current is None else [current]

    def go(self, key: str) -> None:
        """Make a tile the current one."""
        for line, row in enumerate(self._rows.rows):
            if row.key == key:
                index = self._rows.index(line)
                self.selectionModel().setCurrentIndex(index, _Select.NoUpdate)
                self.scrollTo(index)

    def step(self, by: int) -> None:
        """Make the next tile, or the one before, the current one."""
        line = min(max(self.currentIndex().row() + by, 0), len(self._rows.rows) - 1)
        if line >= 0:
            self.selectionModel().setCurrentIndex(self._rows.index(line), _Select.NoUpdate)
            self.scrollTo(self._rows.index(line))

    def toggle_current(self) -> None:
        """Put a tick on the current tile, or take it off."""
        if self.currentIndex().isValid():
            self.selectionModel().select(self.currentIndex(), _Select.Toggle)
            self._anchor = self.currentIndex().row()

    # ---- keys and clicks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Shift with them chooses on the way, Space ticks, Enter opens; the rest is not ours."""
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in _MOVES:
            self._move(event, choose=bool(shift))
        elif key == Qt.Key.Key_Space:
            self.toggle_current()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not control and self.current_key():
            self.opened.emit(self.current_key())
        elif control and key == Qt.Key.Key_A:
            self.selectAll()
        elif key == Qt.Key.Key_Escape and self.selectedIndexes():
            self.clearSelection()
        else:
            event.ignore()

    def _move(self, event: QKeyEvent, *, choose: bool) -> None:
        before = self.currentIndex().row()
        if not choose or self._anchor < 0:
            self._anchor = before
        # Qt finds the neighbour; what it would select is decided by selectionCommand.
        super().keyPressEvent(event)
        if choose:
            self._choose_between(self._anchor, self.currentIndex().row())

    def _choose_between(self, one: int, other: int) -> None:
        for line in range(min(one, other), max(one, other) + 1):
            self.selectionModel().select(self._rows.index(line), _Select.Select)

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Only Ctrl, Shift and the tick itself change the choice; a plain click takes it back."""
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonPress:
            return _Select.NoUpdate
        modifiers = event.modifiers()
        if event.button() is not Qt.MouseButton.LeftButton:
            return _Select.NoUpdate
        if modifiers & Qt.KeyboardModifier.ControlModifier or self._on_tick(
            index, event.position().toPoint()
        ):
            self._anchor = index.row()
            return _Select.Toggle
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._choose_between(max(0, self._anchor), index.row())
            return _Select.NoUpdate
        self._anchor = index.row()
        return _Select.Clear

    def _on_tick(self, index: Index, at: QPoint) -> bool:
        corner = self.visualRect(index).topLeft()
        return index.isValid() and QRect(corner, QSize(TICK, TICK)).contains(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open large."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._on_tick(index, event.position().toPoint()):
            self.opened.emit(self._rows.rows[index.row()].key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the steps of the tile under the mouse, or of the current one for the menu key."""
        at = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.visualRect(self.currentIndex()).center()
        index = self.indexAt(at)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, _Select.NoUpdate)
            self.menu_asked.emit(self.viewport().mapToGlobal(at))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width evenly among the columns."""
        super().resizeEvent(event)
        self.fit_tiles()

    def fit_tiles(self) -> None:
        """As many columns as fit, the rest of the width between them."""
        tile = tile_size()
        room = self.viewport().width() - 2
        columns = max(1, room // tile.width())
        self.setGridSize(QSize(room // columns, tile.height()))

    def _open(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._rows.rows):
            self.opened.emit(self._rows.rows[index.row()].key)

    def _tell(self, *_: object) -> None:
        self.moved.emit()

    def _repaint(self, sha256: str) -> None:
        for line, row in enumerate(self._rows.rows):
            if row.sha256 == sha256:
                self.update(self._rows.index(line))
