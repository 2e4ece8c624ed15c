"""Changing the operator's settings: read again, changed, written whole; they count at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypedDict, Unpack

from app import settings
from app.errors import BadInput
from app.files import write_atomically
from app.services.workplace import Workplace
from app.settings import FILE, Settings


class Wanted(TypedDict, total=False):
    """Settings that people change in the window; the others are written by hand."""

    idle_minutes: int
    theme: str
    contact: str
    contact_phone: str
    reconsideration: str
    court: str
    order_number_prefix: str
    office_mark: str
    device_mark: str
    number_rules: dict[str, str]
    count_fines_only: bool
    count_decided_cases: bool
    small_fine_yuan: int
    extra_holidays: tuple[date, ...]
    extra_workdays: tuple[date, ...]
    scanner_folder: str
    camera_folder: str
    camera_program: str


def present(place: Workplace) -> Settings:
    """The settings as their file says them now, also where it was changed by hand since the home was opened."""
    return settings.load(place.home)[0]


def configure(place: Workplace, **wanted: Unpack[Wanted]) -> Settings:
    """Change settings; a file that cannot be read is not overwritten. The home goes by them from now on."""
    found, problems = settings.load(place.home)
    for problem in problems:
        if problem.code == "settings.not_toml":
            raise BadInput(problem.code, problem.where, **problem.values)
    changed = replace(found, **wanted)
    if changed != found:
        write_atomically(place.home / FILE, settings.written(changed).encode())
    place.use(changed)
    return changed
