"""Slots from calls: a signal's own arguments are dropped, the ones given here are used."""

from __future__ import annotations

from collections.abc import Callable


def calling(function: Callable[..., object], *arguments: object) -> Callable[..., None]:
    """A slot that calls ``function`` with ``arguments``, whatever its signal carries.

    For buttons made in a loop: ``button.clicked.connect(calling(self.open, key))``. A partial would be
    handed the button's checked state, and a lambda would take the loop's last value.
    """

    def slot(*_carried: object) -> None:
        function(*arguments)

    return slot
