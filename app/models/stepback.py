"""Steps of the device's clock back in time: noted as they meet the journal, never a reason to refuse.

The journal's entries follow one another; one whose time lies before the time of the entry before it
was written after the clock had gone back. The entry says so itself, and a fact of the home keeps the
last of them, so that a visit can tell which of them fell into it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from app.models.journal import HomeFact

FACT = "clock steps back"
TOLERANCE = timedelta(minutes=2)
"""A clock that is set by the network moves by seconds; that is no step."""
KEPT = 40


@dataclass(frozen=True, slots=True)
class StepBack:
    """``was`` stood written already when the clock said ``now`` (both UTC)."""

    was: datetime
    now: datetime

    @classmethod
    def between(cls, was: datetime | None, now: datetime) -> StepBack | None:
        """The step from one entry to the next, if there was one."""
        return cls(was, now) if was is not None and was - now > TOLERANCE else None


def steps_back(source: Session | Connection) -> tuple[StepBack, ...]:
    """The steps this home remembers, oldest first."""
    text = source.execute(select(HomeFact.value).where(HomeFact.name == FACT)).scalar()
    return tuple(_step(row) for row in json.loads(text)) if text else ()


def keep_step(connection: Connection, step: StepBack) -> None:
    """Remember one more."""
    known = steps_back(connection)
    rows = [{"was": each.was.isoformat(), "now": each.now.isoformat()} for each in (*known, step)]
    value = json.dumps(rows[-KEPT:])
    if known:
        connection.execute(update(HomeFact).where(HomeFact.name == FACT).values(value=value))
    else:
        connection.execute(insert(HomeFact).values(name=FACT, value=value))


def _step(row: Mapping[str, str]) -> StepBack:
    return StepBack(datetime.fromisoformat(row["was"]), datetime.fromisoformat(row["now"]))
