"""What the table screen shows: the numbers of now, or a table as it was sent. Run beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.errors import Problem
from app.services import reporting, sending, table_layouts
from app.services.sending import SentRow
from app.services.table_layouts import LayoutTaken
from app.services.workplace import Workplace
from app.statistics.changes import CellChange, changes_between
from app.statistics.table import Table


@dataclass(frozen=True, slots=True)
class Shown:
    """A table to look at.

    ``sent`` is what it was sent as, ``told`` the changes it told as a supplement, ``later`` what the
    data say since and nobody was told. The numbers of now have ``before``, the last report, instead,
    and ``since``, what differs from it.
    """

    table: Table
    sent: SentRow | None = None
    told: tuple[CellChange, ...] = ()
    later: tuple[CellChange, ...] = ()
    before: SentRow | None = None
    since: tuple[CellChange, ...] = ()

    @property
    def differences(self) -> dict[tuple[str, str], CellChange]:
        """Cells of now that differ from the last report, with what that said."""
        return {(each.row, each.column): each for each in self.since}

    @property
    def marks(self) -> dict[tuple[str, str], CellChange]:
        """Cells that stand out: those a supplement changed, else those that changed since."""
        return {(each.row, each.column): each for each in (*self.later, *self.told)}


def counted_now(
    place: Workplace, *, table: str, period_from: date | None, period_to: date | None, unit: str
) -> Shown:
    """The numbers of now beside the last report of the same table."""
    counted = reporting.table(place, table=table, period_from=period_from, period_to=period_to, unit=unit)
    last = sending.last_report(place, counted)
    if last is None:
        return Shown(counted)
    return Shown(counted, before=last.row, since=changes_between(last.table, counted))


def as_sent(place: Workplace, *, sent: str) -> Shown:
    """A table as it was sent, and what the data say since."""
    view = sending.sent_table(place, sent=sent)
    return Shown(view.table, view.row, view.changes, sending.later_changes(place, sent=sent))


def take_layout(place: Workplace, path: Path) -> LayoutTaken | tuple[Problem, ...]:
    """Take an edited layout in; with problems nothing is taken and they come back."""
    return table_layouts.layout_problems(path) or table_layouts.import_layout(place, path=path)
