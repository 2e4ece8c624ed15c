"""Reading ahead: what screens are made of, so that the first opening of one does not hold the window up.

Runs in a thread while the passphrase is typed and the first screen is looked at.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Final

import app.ui

_PROGRAMS: Final = frozenset({"app.ui.gallery", "app.ui.pictures", "app.ui.practice.pictures"})
"""Modules that are started by themselves and no part of the window."""


def modules() -> tuple[str, ...]:
    """Every module of the window."""
    found = pkgutil.walk_packages(app.ui.__path__, f"{app.ui.__name__}.")
    return tuple(each.name for each in found if each.name not in _PROGRAMS)


def read_ahead() -> None:
    """Import every screen with its libraries, and read the catalogues that several of them show."""
    for name in modules():
        importlib.import_module(name)
    from app.checklists import loader
    from app.forms import catalog
    from app.law import library

    loader.shipped()
    catalog.forms()
    library.library()
