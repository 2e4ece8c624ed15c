"""Reading ahead in a thread: everything that the window stands on, none of it Qt's."""

from __future__ import annotations

import gc
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Final

_BELOW: Final = ("app.bootstrap", "app.services", "app.forms", "app.checklists", "app.law", "app.statistics")


def read_libraries() -> None:
    """Import everything below the window, and read the catalogues that several screens show."""
    for package in _BELOW:
        for name in (package, *inside(importlib.import_module(package))):
            read(name)
    from app.checklists import loader
    from app.forms import catalog
    from app.law import library

    loader.shipped()
    catalog.forms()
    library.library()
    gc.freeze()


def read(name: str) -> None:
    """Import a module for good.

    What was read stays until the end, several hundred thousand objects; looking through them for
    garbage again and again would stop every thread for a tenth of a second each time.
    """
    importlib.import_module(name)
    gc.freeze()


def inside(package: ModuleType) -> Iterator[str]:
    """The modules of a package and of those within it."""
    for each in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package.__name__}."):
        yield each.name
