"""Words and layout of the lists that go out (``resources/documents/lists.toml``, or an office's own)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from app.errors import BadInput, Place
from app.files import explained, resource
from app.models.planning import Plan
from app.services.workplace import Workplace
from app.statistics.paper_list import ListColumn
from app.statistics.summary_words import day_text

FILE = "lists.toml"
FOLDER = "templates"

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def list_data(place: Workplace, kind: str) -> dict[str, Any]:
    """The data of one list: an office's own file over the shipped one.

    Its columns and groups take the place of the shipped ones whole; words it does not give stay.
    """
    shipped = _read(resource("documents", FILE))[kind]
    own = place.home / FOLDER / FILE
    if not own.is_file():
        return shipped
    with explained(own):
        try:
            return _checked(shipped, _read(own).get(kind, {}))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
            named = Place(file=f"{FOLDER}/{FILE}")
            raise BadInput("lists.not_readable", named, reason=str(error)) from error


def _read(path: Path) -> dict[str, dict[str, Any]]:
    return tomllib.loads(path.read_text("utf8"))


def _checked(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The two together; raises ``TypeError`` or ``KeyError`` with the name of what is not as it must be."""
    for key, value in own.items():
        if key not in shipped or type(value) is not type(shipped[key]):
            raise TypeError(key)
        _require_placeholders(value, shipped[key])
    for key, column in own.get("columns", {}).items():
        if not isinstance(column["title"], str) or not isinstance(column["width"], int | float):
            raise TypeError(f"columns.{key}")
    for group in own.get("groups", ()):
        texts = [group["title"], group.get("each", ""), *group["fields"].values()]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(f"groups.{group['title']}")
    words = {**shipped.get("words", {}), **own.get("words", {})}
    for key, text in words.items():
        if not isinstance(text, str):
            raise TypeError(f"words.{key}")
        _require_placeholders(text, shipped["words"].get(key, ""))
    return {**shipped, **own, **({"words": words} if words else {})}


def _require_placeholders(own: object, shipped: object) -> None:
    """A text may leave placeholders out, but name no others than the shipped one does."""
    if isinstance(own, str) and isinstance(shipped, str):
        known, named = (
            {name for _, name, *_ in Formatter().parse(each) if name is not None} for each in (shipped, own)
        )
        if not named <= known:
            raise TypeError(own)


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
