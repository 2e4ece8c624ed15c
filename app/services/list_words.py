"""Words and layout of the lists that go out (``resources/documents/lists.toml``, or an office's own)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import BadInput, Place
from app.files import explained, resource
from app.models.planning import Plan
from app.services.workplace import Workplace
from app.statistics.paper_list import ListColumn
from app.statistics.summary_words import day_text

FILE = "lists.toml"
FOLDER = "templates"
WANTED = {"public": ("columns", "words"), "credit": ("columns", "words"), "entries": ("groups",)}

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def list_data(place: Workplace, kind: str) -> dict[str, Any]:
    """The data of one list; an office's own file takes the place of the shipped one whole."""
    own = place.home / FOLDER / FILE
    path = own if own.is_file() else resource("documents", FILE)
    with explained(path):
        text = path.read_text("utf8")
    try:
        found: dict[str, Any] = tomllib.loads(text)[kind]
        if any(not found[part] for part in WANTED[kind]):
            raise KeyError(kind)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadInput("lists.not_readable", Place(file=_named(path)), reason=str(error)) from error
    return found


def _named(path: Path) -> str:
    return f"{FOLDER}/{path.name}"


def columns_of(data: dict[str, Any]) -> dict[str, ListColumn]:
    """The columns of a list by their keys, in the file's order."""
    return {
        key: ListColumn(each["title"], each["width"], centred=each.get("centred", False))
        for key, each in data["columns"].items()
    }


def rows_of(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Rows in the order of the columns."""
    wanted = tuple(columns)
    return tuple(tuple(row.get(key, "") for key in wanted) for row in rows)


def title_of(place: Workplace, data: dict[str, Any], plan: Plan | None) -> str:
    """The list's title, of a plan or of this year."""
    title: str = (
        data["title"].format(plan=plan.title) if plan else data["title_year"].format(year=place.today().year)
    )
    return title


def made_on(place: Workplace) -> str:
    """The day a list is made, as papers write it."""
    return day_text(place.today())


@dataclass(slots=True)
class Steps:
    """Counts what is done, tells it, and stops the work when that was wished."""

    total: int
    name: str
    progress: Progress | None = None
    cancelled: Cancelled | None = None
    done: int = 0

    def __call__(self, count: int) -> None:
        """``count`` more are done."""
        self.done += count
        if self.cancelled is not None and self.cancelled():
            raise BadInput("sync.cancelled", Place(file=self.name))
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)
