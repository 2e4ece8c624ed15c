"""What tests of widgets share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget

Shown = TypeVar("Shown", bound=QWidget)


@pytest.fixture
def show(qtbot) -> Callable[[Shown], Shown]:
    """Show a widget and wait until it is the active window: shortcuts work in no other."""
    held: list[QWidget] = []

    def shown(widget: Shown) -> Shown:
        held.append(widget)  # qtbot itself holds no widget
        qtbot.addWidget(widget)
        widget.show()
        widget.activateWindow()
        with qtbot.waitActive(widget):
            pass
        return widget

    return shown
