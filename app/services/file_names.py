"""Names of files that are offered or written: what they are of, and what no other one is called."""

from __future__ import annotations

import re

from app.clock import local_date
from app.services.sending import SentRow
from app.statistics.table import Table
from app.wording import label


def file_name_of(text: str) -> str:
    """``text`` without what some system refuses in a file's name."""
    return re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", text)


def table_file_name(counted: Table, suffix: str, *, draft: bool = False, sent: SentRow | None = None) -> str:
    """A name that no other table, unit, period, report or supplement has."""
    period = counted.period
    told = label("table_file", "name").format(
        title=counted.title, unit=counted.unit, first=period.first.isoformat(), last=period.last.isoformat()
    )
    if sent is not None:
        kind = label("table_file", "supplement" if sent.sequence else "sent")
        told = kind.format(name=told, number=sent.sequence, day=local_date(sent.sent_at).isoformat())
    elif draft:
        told = label("table_file", "draft").format(name=told)
    return file_name_of(told) + suffix
