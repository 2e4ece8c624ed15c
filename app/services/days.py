"""Days on which something was done: none of them lies ahead."""

from __future__ import annotations

from datetime import date

from app.errors import BadInput, Place
from app.services.workplace import Workplace


def require_done(place: Workplace, *, column: str = "on", day: date | None) -> None:
    """Refuse a day that has not come yet here for something that is said to be done; ``column`` is its field.

    A deadline counts from such a day, and a paper with it is believed: a slip of the year must not stand.
    """
    if day is not None and day > place.today():
        where = Place(column=column)
        raise BadInput("enforcing.in_future", where, on=day.isoformat(), today=place.today().isoformat())
