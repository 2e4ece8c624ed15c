"""What still stands in the way of finishing: one line each, one key or click away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from app.services.sheet_rows import MissingItem
from app.ui.visit.lines import Destination, destination, missing_text
from app.ui.widgets import CaptionLabel, Card, HeadingLabel, PlainButton


class MissingPanel(Card):
    """Lists what is missing; ``chosen`` carries the :class:`Destination` of a line."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("missing_panel")
        self._missing: tuple[MissingItem, ...] = ()
        self._doubts = 0
        self._heading = HeadingLabel("", "card", self)
        self._hint = CaptionLabel("Enter 或单击到那一项；补上一项，这里就少一项。", parent=self)
        self.list = QListWidget(self)
        self.list.setObjectName("missing")
        self.list.setAccessibleName("还缺什么")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._close = PlainButton("收起", "Esc", self)
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._close)
        self.body.addLayout(head)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.list, 1)
        self._close.clicked.connect(self.closed)
        self.list.itemClicked.connect(self._go)

    def show_missing(self, missing: Sequence[MissingItem], doubts: Sequence[MissingItem] = ()) -> None:
        """Show what is missing now, then what is only asked about; the current line stays where it was."""
        if ((*missing, *doubts), len(doubts)) == (self._missing, self._doubts):
            return
        line = max(0, self.list.currentRow())
        self._missing, self._doubts = (*missing, *doubts), len(doubts)
        self._heading.setText(_heading(len(missing), len(doubts)))
        self._hint.setText(_hint(len(missing), len(doubts)))
        self.list.clear()
        for each in self._missing:
            self.list.addItem(QListWidgetItem(missing_text(each)))
        if self._missing:
            self.list.setCurrentRow(min(line, len(self._missing) - 1))

    def texts(self) -> list[str]:
        """The lines as shown."""
        return [self.list.item(line).text() for line in range(self.list.count())]

    def destinations(self) -> list[Destination]:
        """Where each line leads."""
        return [destination(each) for each in self._missing]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the line, Esc puts the list away."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.list.currentItem() is not None:
            self._go(self.list.currentItem())
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _go(self, item: QListWidgetItem) -> None:
        self.chosen.emit(destination(self._missing[self.list.row(item)]))


def _heading(missing: int, doubts: int) -> str:
    if missing:
        return f"还缺 {missing} 项"
    return f"有 {doubts} 处请再核对" if doubts else "都办完了"


def _hint(missing: int, doubts: int) -> str:
    if missing:
        return "Enter 或单击到那一项；补上一项，这里就少一项。"
    return (
        "判定与核算提示不一致；核对无误后按 Ctrl+Enter 完成并封存。"
        if doubts
        else "按 Ctrl+Enter 完成并封存。"
    )
