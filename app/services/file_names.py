"""Names of files that are offered or written: what they are of, and what no other one is called."""

from __future__ import annotations

import re
from itertools import chain, count
from pathlib import Path

from app.clock import local_date
from app.services.sending import SentRow
from app.statistics.table import Table
from app.wording import label

_MOST = 200
"""Bytes of a name without its ending; a folder takes 255, and other programs add to a name."""


def file_name_of(text: str) -> str:
    """``text`` without what some system refuses in a file's name."""
    return re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|]', "_", text)


def fitted_name(*parts: str, suffix: str = ".pdf") -> str:
    """Parts as one name, those that are empty left out; the longest are cut where a folder takes no more."""
    kept = [file_name_of(part) for part in parts if part]
    while len("-".join(kept).encode()) > _MOST:
        longest = max(range(len(kept)), key=lambda number: len(kept[number]))
        kept[longest] = kept[longest][:-1]
    return "-".join(kept) + suffix


def free_path(wanted: Path) -> Path:
    """``wanted``, or the first name like it that no file has yet: nothing is written over."""
    names = (wanted.with_name(f"{wanted.stem}({number}){wanted.suffix}") for number in count(2))
    return next(path for path in chain((wanted,), names) if not path.exists())


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
    return fitted_name(told, suffix=suffix)
