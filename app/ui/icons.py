"""Line icons drawn by ourselves (``resources/icons/*.svg``), tinted in the colours of the theme."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from app.files import resource
from app.ui import theme

_INK: Final = b"#000000"
SIZE: Final = 20


@cache
def _source(name: str) -> bytes:
    return resource("icons", f"{name}.svg").read_bytes()


def names() -> frozenset[str]:
    """Every icon there is."""
    return frozenset(path.stem for path in resource("icons").glob("*.svg"))


@cache
def pixmap(name: str, color: str, size: int = SIZE, ratio: float = 2.0) -> QPixmap:
    """The icon ``name`` in ``color``, ``size`` device-independent pixels wide."""
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_source(name).replace(_INK, color.encode())))
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(0, 0, drawn.width(), drawn.height()))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, ink: str = "text", checked_ink: str = "on_current") -> QIcon:
    """The icon in the present theme's ``ink`` colour, in that of the words where its button is checked."""
    tokens = theme.current().tokens
    made = QIcon(pixmap(name, getattr(tokens, ink)))
    made.addPixmap(pixmap(name, tokens.soft), QIcon.Mode.Disabled)
    # On the chosen line of a list; Qt would tint the sign there by itself.
    chosen = tokens.on_accent if tokens.frame > 1 else getattr(tokens, ink)
    made.addPixmap(pixmap(name, chosen), QIcon.Mode.Selected)
    made.addPixmap(pixmap(name, getattr(tokens, checked_ink)), QIcon.Mode.Normal, QIcon.State.On)
    return made


def of_picture(picture: QPixmap) -> QIcon:
    """A small picture for the line of a list, in its own colours where the line is chosen, too."""
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


def set_icon(button: QAbstractButton, name: str, ink: str = "text", checked_ink: str = "on_current") -> None:
    """Put an icon on ``button`` and tint it anew whenever the theme changes."""
    button.setIconSize(QSize(SIZE, SIZE))
    _Tint(button, name, ink, checked_ink).apply()


class _Tint(QObject):
    """Keeps one button's icon in the colours of the theme; dies with its button."""

    def __init__(self, button: QAbstractButton, name: str, ink: str, checked_ink: str) -> None:
        super().__init__(button)
        self._button = button
        self._arguments = (name, ink, checked_ink)
        theme.current().changed.connect(self.apply)

    def apply(self) -> None:
        """Set the icon in the present colours."""
        self._button.setIcon(icon(*self._arguments))
