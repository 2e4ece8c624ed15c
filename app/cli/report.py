"""What a command answers: one document, the same as short text, its problems and its exit code."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from shutil import get_terminal_size

import msgspec

from app.cli.words import column
from app.clock import LOCAL
from app.errors import Problem
from app.wording import sentence


class Exit(IntEnum):
    """Exit codes of specs/cli.md."""

    DONE = 0
    USAGE = 2
    BAD_INPUT = 3
    ENVIRONMENT = 4
    DECISION = 5
    BUG = 70
    INTERRUPTED = 130


CANCELLED = "sync.cancelled"
"""The code of work that stopped because somebody wished it, and left nothing."""

STOPPED = frozenset({CANCELLED, "batches.stopped"})
"""Codes of all work that stopped so; some of it keeps what was finished."""


_NARROWEST = 20
"""Columns below which nothing is broken into lines."""


@dataclass(frozen=True, slots=True)
class Report:
    """The answer of a command. ``document`` is printed with ``--json``, ``lines`` without."""

    document: Mapping[str, object]
    lines: Sequence[str] = ()
    problems: Sequence[Problem] = ()
    code: Exit = Exit.DONE

    def json(self) -> str:
        """The document with its problems, in one piece."""
        listed = {"problems": problem_documents(self.problems)} if self.problems else {}
        whole = {**self.document, **listed}
        # Not msgspec's encoder: it refuses the name of a file that is no UTF-8.
        return json.dumps(plain(whole), ensure_ascii=False, indent=2)


def plain(value: object) -> object:
    """``value`` as JSON knows it: dataclasses as objects, days and moments as ISO text, paths as text."""
    return msgspec.to_builtins(value, enc_hook=str, str_keys=True)


def at_place(moment: datetime) -> str:
    """A moment as people read it, by the clock of the place."""
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"


def problem_documents(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Problems in the shape of specs/cli.md."""
    return [problem_document(problem) for problem in problems]


def problem_document(problem: Problem) -> dict[str, object]:
    """One problem: code, where (row and column as Excel shows them), sentence and remedy."""
    said = sentence(problem)
    return {
        "code": problem.code,
        "where": plain(problem.where),
        "message": said.message,
        "remedy": said.remedy,
        "taken": problem.taken,
    }


def problem_line(problem: Problem) -> str:
    """One problem as a line of text: where, what, how to mend it."""
    where, said = problem.where, sentence(problem)
    cell = f"{where.column or ''}{where.row or ''}"
    parts = [part for part in (where.file, where.sheet, cell) if part]
    place = f"{' '.join(parts)}: " if parts else ""
    return f"{place}{said.message}" + (f" — {said.remedy}" if said.remedy else "")


def input_code(problems: Iterable[Problem]) -> Exit:
    """Bad input when a row was left out; a row taken with a remark is none."""
    return Exit.DONE if all(problem.taken for problem in problems) else Exit.BAD_INPUT


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], none: str) -> list[str]:
    """Rows under their Chinese headings, aligned for a fixed-width font; nothing is cut off.

    ``none`` is said instead where there are no rows: that there is nothing, and what to do.
    """
    cells = [[column(name) for name in columns], *([_cell(value) for value in row] for row in rows)]
    if len(cells) == 1:
        return [none]
    widths = [max(map(_width, texts)) for texts in zip(*cells, strict=True)]
    return [_aligned(texts, widths) for texts in cells]


def wrapped(lead: str, text: str) -> list[str]:
    """``text`` behind ``lead``, further lines below its beginning; as wide as the terminal, if it is one."""
    room = get_terminal_size((0, 0)).columns - _width(lead)
    lines = [line for part in text.splitlines() or [""] for line in _fitting(part, room)]
    indent = " " * _width(lead)
    return [f"{lead if not number else indent}{line}".rstrip() for number, line in enumerate(lines)]


def _fitting(text: str, room: int) -> Iterator[str]:
    """A line in pieces that fit; whole where there is no terminal to fit, or hardly any room on it."""
    if room < _NARROWEST:
        yield text
        return
    line, taken = "", 0
    for char in text:
        wide = _width(char)
        if taken + wide > room:
            cut = line.rfind(" ") + 1 if char.isascii() and line[-1:].isascii() else 0
            yield line[:cut].rstrip() if cut else line
            line = line[cut:] if cut else ""
            taken = _width(line)
        line, taken = line + char, taken + wide
    yield line


def _aligned(texts: Sequence[str], widths: Sequence[int]) -> str:
    padded = (text + " " * (width - _width(text)) for text, width in zip(texts, widths, strict=True))
    return "  ".join(padded).rstrip()


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
