"""How long an order gives: which day its working days are counted from, and which day that comes to.

Periods leave out the day they start from and end on a working day (domain.md §1.3). The sources name no
service as that day for an order, and the paper says a date when it is handed over: what is counted runs
from the day of issue. A draft shows what it would be if it were issued on the day it was drafted.
"""

from __future__ import annotations

from datetime import date

from app.errors import BadInput
from app.models.enforcement import RectificationOrder
from app.planning.workdays import LONGEST, ExtraDays, add_working_days, day, working_days_between


def first_due(
    today: date, extra: ExtraDays, *, at_once: bool, days: int | None, on: date | None
) -> date | None:
    """The deadline of a new draft, which has exactly one of the three terms; none for at once."""
    if sum((at_once, days is not None, on is not None)) != 1:
        raise BadInput("enforcing.one_term")
    if days is not None:
        return add_working_days(today, days, extra).on
    if on is not None and on <= today:
        raise BadInput("enforcing.due_in_the_past", due_on=on.isoformat())
    if on is not None and (on - today).days > LONGEST:
        raise BadInput("enforcing.due_too_far", due_on=on.isoformat())
    return on


def due_from(issued_on: date, order: RectificationOrder, extra: ExtraDays) -> date | None:
    """The deadline of an order issued on a day; a date that somebody entered binds and stays."""
    if order.working_days is None:
        return order.due_on
    return add_working_days(issued_on, order.working_days, extra).on


def counted_from(order: RectificationOrder, extra: ExtraDays) -> date | None:
    """The day that an order's working days were counted from; ``None`` where its deadline is no such count.

    Orders of earlier versions were counted from drafting, and an extension sets a date of its own. What is
    told has to be true of the date beside it, so it is counted again; backwards, for a record from elsewhere
    may hold any date.
    """
    due = order.due_on
    if order.working_days is None or due is None or not day(due, extra).working:
        return None
    for start in (order.issued_on, order.drafted_on):
        if start is not None and working_days_between(start, due, extra).count == order.working_days > 0:
            return start
    return None
