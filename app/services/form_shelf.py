"""The forms of a home: those that ship with the program, and the office's own in their place.

An office's descriptions lie in ``home/forms``. One that cannot be read is a problem to be told, and the
shipped form of that name goes on being used.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from app.errors import BadInput, Problem
from app.forms.catalog import forms, forms_with
from app.forms.schema import Form
from app.services.workplace import Workplace
from app.wording import joined

FOLDER = "forms"

_Shelf = tuple[dict[str, Form], tuple[Problem, ...]]


def forms_of(place: Workplace | Path | None) -> dict[str, Form]:
    """Every form of a place, or of the home in a folder that need not be opened; else those that ship."""
    return forms() if place is None else _shelf(place)[0]


def problems_of(place: Workplace | Path) -> tuple[Problem, ...]:
    """What is wrong with the office's own descriptions."""
    return _shelf(place)[1]


def form_of(place: Workplace | Path | None, name: str) -> Form:
    """One form; ``issuing.unknown_form`` names those that there are."""
    known = forms_of(place)
    if name not in known:
        raise BadInput("issuing.unknown_form", form=name, known=joined("names", sorted(known)))
    return known[name]


def _shelf(place: Workplace | Path) -> _Shelf:
    folder = (place if isinstance(place, Path) else place.home) / FOLDER
    if not folder.is_dir():
        return forms(), ()
    stamps = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.toml")))
    return _read(folder, stamps)


@lru_cache(maxsize=4)
def _read(folder: Path, _stamps: tuple[tuple[str, int], ...]) -> _Shelf:
    found, problems = forms_with(folder)
    return found, tuple(problems)
