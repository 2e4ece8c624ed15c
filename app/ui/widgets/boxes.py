"""A box of choices whose text ends in … where it finds no room, instead of in half a character."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

AIR: Final = 8
"""What the style sheet takes from the text and Qt does not count."""


class ElidedBox(QComboBox):
    """Shows as much of the chosen text as there is room for, the whole of it as tool tip."""

    def sizeHint(self) -> QSize:
        """Room for the longest text it is sized for, so that nothing is cut where there is room."""
        return super().sizeHint() + QSize(AIR, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the box with its text cut at the present width."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        whole = self.currentText()
        cut = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room.width() - 2)
        option.currentText = cut  # type: ignore[attr-defined]  # PySide's stubs lack the field
        self.setToolTip(whole if cut != whole else "")
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
