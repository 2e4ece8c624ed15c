"""Photos of a rectification: what was found, and what the re-inspections found afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.clock import local_date
from app.models.enforcement import FollowUp
from app.models.inspection import Evidence, Finding
from app.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Shot:
    """One photo: its name, its day, what is written under it, and how it is turned."""

    key: str
    sha256: str
    rotation: int
    caption: str
    on: date


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Photos of an order's findings and of its re-inspections, each oldest first."""

    before: tuple[Shot, ...]
    after: tuple[Shot, ...]

    def __bool__(self) -> bool:
        """Whether there is a photo at all."""
        return bool(self.before or self.after)


def before_after(place: Workplace, *, inspection_id: str, order_key: str) -> BeforeAfter:
    """The photos of one order."""
    with place.read() as session:
        findings = session.execute(
            select(Finding.key, Finding.item).where(
                Finding.inspection_id == inspection_id, Finding.order_key == order_key
            )
        ).all()
        keys, items = {row.key for row in findings}, {row.item for row in findings if row.item}
        visits = select(FollowUp.key).where(
            FollowUp.inspection_id == inspection_id, FollowUp.order_key == order_key
        )
        done = set(session.scalars(visits))
        photos = session.scalars(
            select(Evidence)
            .where(Evidence.inspection_id == inspection_id, Evidence.media_type.startswith("image/"))
            .order_by(Evidence.taken_at, Evidence.key)
        ).all()
    # A copy with marks stands for its original, which is the same picture without them.
    marked = {row.original_key for row in photos if row.original_key}
    shown = [row for row in photos if row.sha256 and row.key not in marked]
    before = [
        row for row in shown if not row.follow_up_key and (row.finding_key in keys or row.item in items)
    ]
    after = [row for row in shown if row.follow_up_key in done]
    return BeforeAfter(tuple(map(_shot, before)), tuple(map(_shot, after)))


def _shot(row: Evidence) -> Shot:
    moment = row.captured_at or row.taken_at
    return Shot(row.key, row.sha256, row.rotation, row.caption or row.file_name, local_date(moment))
