"""Deadlines of targets in five stretches of days, in SQL for lists and in Python for their counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, func

from app.models.planning import Assignment

Deadline = Literal["overdue", "week", "month", "later", "none"]

WEEK: Final = 7
MONTH: Final = 30


def nearest_due() -> ColumnElement[Any]:
    """The day that counts: this office's own, else the one of the office above."""
    return func.coalesce(Assignment.due_on, Assignment.superior_due_on)


def stretch(due: date | None, today: date) -> Deadline:
    """Where a day lies: past, within a week, within thirty days, later, or not set."""
    if due is None:
        return "none"
    left = (due - today).days
    if left < 0:
        return "overdue"
    if left <= WEEK:
        return "week"
    return "month" if left <= MONTH else "later"


def due_in(wanted: Deadline, today: date, day: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Condition: ``day`` (that of the target) lies in that stretch, as :func:`stretch` tells it."""
    due = nearest_due() if day is None else day
    week, month = today + timedelta(days=WEEK), today + timedelta(days=MONTH)
    found: dict[Deadline, ColumnElement[bool]] = {
        "overdue": due < today,
        "week": due.between(today, week),
        "month": due.between(week + timedelta(days=1), month),
        "later": due > month,
        "none": due.is_(None),
    }
    return found[wanted]
