"""A row of small controls that goes on in the next line where there is no room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

GAP: Final = 4


class FlowRow(QWidget):
    """Lays its controls out from the left, each as wide as it wants to be."""

    def __init__(self, controls: Sequence[QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._controls = tuple(controls)
        for control in self._controls:
            control.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Everything in one line."""
        sizes = [control.sizeHint() for control in self._controls]
        width = sum(size.width() + GAP for size in sizes)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSizeHint(self) -> QSize:
        """One control to a line."""
        return QSize(max((each.sizeHint().width() for each in self._controls), default=0), 0)

    def heightForWidth(self, width: int) -> int:
        """How high the lines are together."""
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put every control in its place."""
        super().resizeEvent(event)
        for control, place in zip(self._controls, self._places(self.width()), strict=True):
            control.setGeometry(place)
        self.setFixedHeight(self.heightForWidth(self.width()))

    def _places(self, width: int) -> Iterator[QRect]:
        x = y = 0
        for control in self._controls:
            size = control.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + size.height() + GAP
            yield QRect(x, y, min(size.width(), width), size.height())
            x += size.width() + GAP
