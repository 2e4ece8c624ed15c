"""What our own controls are to a screen reader, which knows Qt's controls by themselves.

A widget class says it by an attribute: ``spoken_role = QAccessible.Role.Button``.
"""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


def interface_of(_class_name: str, thing: object) -> QAccessibleInterface | None:
    """The interface of a widget that says its role; Qt makes those of all others."""
    role = getattr(thing, "spoken_role", None)
    if isinstance(thing, QWidget) and isinstance(role, QAccessible.Role):
        return QAccessibleWidget(thing, role)
    return None


def install() -> None:
    """Let Qt ask here first."""
    QAccessible.installFactory(interface_of)
