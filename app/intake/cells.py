"""One table of cells as every reader hands it on, whatever file it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Row = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its rows with their numbers as Excel shows them, column A first.

    ``rows`` may be called again for a second pass. ``formulas`` are the cells (row, column
    letters) that hold a formula; ``merged`` are vertical merges (column index, first row, last row).
    """

    sheet: str | None
    total: int
    rows: Callable[[], Iterator[Row]]
    formulas: frozenset[tuple[int, str]] = frozenset()
    merged: tuple[tuple[int, int, int], ...] = ()


def letters(index: int) -> str:
    """Column letters for a zero-based index, as Excel shows them: 0 is A, 26 is AA."""
    name = ""
    while index >= 0:
        name = chr(65 + index % 26) + name
        index = index // 26 - 1
    return name


def column_index(name: str) -> int:
    """The zero-based index of column letters: A is 0, AA is 26."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1
