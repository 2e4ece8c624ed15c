"""What can go wrong: a problem is a code, a place and the values its sentence needs.

The sentences live in ``resources/wording/problems-*.toml`` and are put together by
:mod:`app.wording`; nothing here speaks to a person. Three families of exception say who has to
act: :class:`BadInput` (whoever made the file), :class:`EnvironmentFault` (this machine or its
user) and :class:`Bug` (us). Readers of foreign files do not raise for a bad row: they return the
good part and a list of :class:`Problem`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is, as the person who must mend it sees it (row and column as in Excel)."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One located problem.

    ``code`` is ``area.word`` (``intake.bad_check_digit``); ``values`` fill the sentence's
    placeholders. ``taken`` tells whether the row it belongs to went in all the same (a flagged
    row) or was left out.
    """

    code: str
    where: Place = Place()
    values: dict[str, str | int] = field(default_factory=dict)
    taken: bool = False


class ChayanError(Exception):
    """Base of the three families; carries the problem that a person will read."""

    exit_code: ClassVar[int] = 70

    def __init__(self, code: str, where: Place | None = None, **values: str | int) -> None:
        self.problem = Problem(code, where or Place(), values)
        super().__init__(f"{code} {values}" if values else code)


class BadInput(ChayanError):
    """What was handed in cannot even be begun: unknown layout, damaged package, wrong argument."""

    exit_code = 3


class EnvironmentFault(ChayanError):
    """The world's fault: disk full, read-only, locked, wrong passphrase, newer store."""

    exit_code = 4


class Bug(ChayanError):
    """Ours: a state that the code says cannot be."""

    exit_code = 70
