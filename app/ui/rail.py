"""The rail at the left: whose home this is and the sections of the role, each with its key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from app.ui.icons import set_icon
from app.ui.screen import ScreenSpec
from app.ui.slots import calling
from app.ui.tokens import RAIL_WIDTH
from app.ui.widgets.cards import ElidedLabel

SETTINGS_KEY = "Ctrl+,"


class Rail(QFrame):
    """Emits :attr:`chosen` with the key of a section; :meth:`show_current` only shows it."""

    chosen = Signal(str)
    lock_chosen = Signal()

    def __init__(
        self, name: str, owner: Sequence[str], specs: Sequence[ScreenSpec], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setFixedWidth(RAIL_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 12, 10, 8)
        self._column.setSpacing(1)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        self._keys: dict[str, Sequence[str]] = {}
        self._texts = {spec.key: spec.text for spec in specs}
        self._head(name, owner)
        listed = [spec for spec in specs if spec.listed]
        for number, spec in enumerate((spec for spec in listed if not spec.foot), start=1):
            digit = str(number % 10)
            self._add(spec, [f"Ctrl+{digit}", f"Alt+{digit}"] if number <= 10 else [])
        self._column.addStretch(1)
        for spec in listed:
            if spec.foot:
                self._add(spec, [SETTINGS_KEY])
        self._add_lock()

    def show_current(self, key: str) -> None:
        """Tint the section ``key``; a screen that is not listed leaves the tint where it is."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def show_count(self, key: str, count: int) -> None:
        """Write beside a section how much waits there; nothing for none."""
        button, text = self._buttons[key], self._texts[key]
        button.setText(f" {text}  {count}" if count else f" {text}")
        button.setAccessibleName(f"{text}，{count} 条" if count else text)

    def button(self, key: str) -> QPushButton:
        """The button of a section."""
        return self._buttons[key]

    def keys_of(self, key: str) -> Sequence[str]:
        """The keys that open a section; none for one that is not listed."""
        return self._keys.get(key, ())

    def _head(self, name: str, owner: Sequence[str]) -> None:
        title = ElidedLabel(name, self)
        title.setObjectName("rail_name")
        self._column.addWidget(title)
        for line in owner:
            caption = ElidedLabel(line, self)
            caption.setObjectName("rail_caption")
            self._column.addWidget(caption)
        self._column.addSpacing(6)

    def _add(self, spec: ScreenSpec, keys: Sequence[str]) -> None:
        button = self._made(spec.text, spec.icon, keys)
        button.setObjectName(f"rail_{spec.key}")
        button.setCheckable(True)
        button.clicked.connect(calling(self.chosen.emit, spec.key))
        self._group.addButton(button)
        self._buttons[spec.key] = button
        self._keys[spec.key] = keys
        for key in keys:
            QShortcut(QKeySequence(key), self).activated.connect(button.click)

    def _add_lock(self) -> None:
        button = self._made("锁定", "lock", ["Ctrl+L"])
        button.setObjectName("rail_lock")
        button.clicked.connect(self.lock_chosen)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.lock_chosen)

    def _made(self, text: str, icon: str, keys: Sequence[str]) -> QPushButton:
        button = QPushButton(f" {text}", self)
        set_icon(button, icon, "soft", "on_current")
        button.setAccessibleName(text)
        button.setToolTip(f"{text}（{' 或 '.join(keys)}）" if keys else text)
        self._column.addWidget(button)
        return button
