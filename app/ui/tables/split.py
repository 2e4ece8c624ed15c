"""The table over what is behind it: the table gets the height it needs, until somebody divides otherwise."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QEvent, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from app.ui import theme

GRIP: Final = (36, 3)


class TableSplit(QSplitter):
    """Two parts over each other.

    Where both do not fit, the lower one shrinks to its smallest height before the table scrolls. What
    somebody divided by hand stays, over another table and the end of the program.
    """

    def __init__(self, upper: QWidget, lower: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("table_split")
        self._divided = False
        self.setHandleWidth(10)
        self.addWidget(upper)
        self.addWidget(lower)
        self.setCollapsible(0, False)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self.splitterMoved.connect(self._keep)

    def settle(self) -> None:
        """Give the table what it wants and the rest to what is below it, unless it was divided by hand."""
        room = self.height() - self.handleWidth()
        if self._divided or room <= 0:
            return
        upper, lower = self.widget(0), self.widget(1)
        high = min(upper.sizeHint().height(), room - lower.minimumSizeHint().height())
        if self.sizes() != [high, room - high]:
            self.setSizes([high, room - high])

    def let_go(self) -> None:
        """Forget how it was divided by hand."""
        self._divided = False
        self.settle()

    def is_folded(self) -> bool:
        """Whether the table has all the room."""
        return self.sizes()[1] == 0

    def fold(self) -> None:
        """Give the table all the room; once more to divide it as it wants."""
        if self.is_folded():
            self.let_go()
        else:
            self._divided = True
            self.setSizes([self.height(), 0])

    def saveState(self) -> QByteArray:
        """How it was divided by hand; nothing where it was not."""
        return super().saveState() if self._divided else QByteArray()

    def restoreState(self, state: QByteArray | bytes | bytearray | memoryview) -> bool:
        """Divide it as it was left."""
        self._divided = super().restoreState(state)
        return self._divided

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide what there is now."""
        super().resizeEvent(event)
        self.settle()

    def event(self, event: QEvent) -> bool:
        """Another table may want another height."""
        found = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.settle()
        return found

    def createHandle(self) -> QSplitterHandle:
        """A handle that can be seen."""
        return _Handle(self.orientation(), self)

    def _keep(self) -> None:
        self._divided = True


class _Handle(QSplitterHandle):
    """A short line in the middle of the gap; a double click divides as the table wants."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """As the table wants it."""
        split = self.splitter()
        if isinstance(split, TableSplit):
            split.let_go()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The grip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("soft"))
        width, height = GRIP
        painter.drawRoundedRect(
            (self.width() - width) // 2, (self.height() - height) // 2, width, height, 1.5, 1.5
        )
