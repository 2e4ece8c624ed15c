"""Savepoints: where the work stood and forms not stored yet, kept in the encrypted store of this device.

They are no record: nothing of them is in the journal, and nothing of them travels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from app.models.savepoints import Savepoint
from app.services.workplace import Workplace

Value = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kept:
    """One savepoint as it was last written."""

    name: str
    value: Value
    at: datetime


def keep(place: Workplace, *, values: Mapping[str, Value | None]) -> None:
    """Write the newest value of each name (plain JSON values); ``None`` forgets it."""
    rows = [
        {"name": name, "value": json.dumps(value, ensure_ascii=False), "at": place.now()}
        for name, value in values.items()
        if value is not None
    ]
    with place.write("savepoints.keep") as work:
        # Past the mapper, so that the journal does not repeat every stroke.
        connection = work.session.connection()
        connection.execute(delete(Savepoint).where(Savepoint.name.in_(list(values))))
        if rows:
            connection.execute(insert(Savepoint), rows)
        work.commit()


def kept(place: Workplace, *, prefix: str = "") -> Sequence[Kept]:
    """Every savepoint whose name begins with ``prefix``, the newest first."""
    wanted = (
        select(Savepoint.name, Savepoint.value, Savepoint.at)
        .where(Savepoint.name.startswith(prefix, autoescape=True))
        .order_by(Savepoint.at.desc(), Savepoint.name)
    )
    with place.read() as session:
        return [Kept(name, json.loads(value), at) for name, value, at in session.execute(wanted)]
