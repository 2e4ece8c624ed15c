"""Marked copies: new evidence beside its original, which stays as it was taken."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import PurePath

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import BadInput, Place
from app.models.base import new_id
from app.models.inspection import Evidence
from app.services import annotating
from app.services.annotating import Mark
from app.services.evidence import EvidenceAdded, original, row_of
from app.services.evidence_files import readable
from app.services.inspecting import open_inspection
from app.services.workplace import Changes, Workplace
from app.wording import label


def add_copy(
    place: Workplace, *, inspection_id: str, key: str, marks: Sequence[Mark], turn: int = 0
) -> EvidenceAdded:
    """Keep a copy of a picture with marks on it and turned by ``turn`` more degrees.

    It has the original's caption, item and time of capture and names the original; time and place of the
    original's camera are not written into its file.
    """
    with place.read() as session:
        open_inspection(session, inspection_id)
        source = row_of(session, inspection_id, key)
        sha256, rotation, name = source.sha256, source.rotation + turn, source.file_name
        if not sha256 or not source.media_type.startswith("image/"):
            raise BadInput("evidence.no_picture", Place(file=name))
    with readable(name):
        picture = annotating.upright(original(place, sha256=sha256), rotation)
        data = annotating.encoded(annotating.marked(picture, marks))
    stored, size = place.evidence.put(io.BytesIO(data), len(data))
    with place.write("evidence.copy") as work:
        open_inspection(work.session, inspection_id)
        row = _copy(work.session, place, row_of(work.session, inspection_id, key), stored, size)
        work.session.add(row)
        copied = row.key
        work.commit()
    return EvidenceAdded((copied,), (), Changes.of("inspection", inspection_id))


def _copy(session: Session, place: Workplace, source: Evidence, sha256: str, size: int) -> Evidence:
    return Evidence(
        inspection_id=source.inspection_id,
        key=new_id(),
        sha256=sha256,
        file_name=_name(session, source),
        media_type="image/jpeg",
        size=size,
        captured_at=source.captured_at,
        taken_at=place.now(),
        taken_by=place.owner.name,
        item=source.item,
        finding_key=source.finding_key,
        follow_up_key=source.follow_up_key,
        caption=source.caption,
        located=source.located,
        original_key=source.key,
    )


def _name(session: Session, source: Evidence) -> str:
    """The original's name with a mark and a number behind it."""
    wanted = select(func.count()).where(
        Evidence.inspection_id == source.inspection_id, Evidence.original_key == source.key
    )
    number = 1 + (session.scalar(wanted) or 0)
    mark = label("evidence", "copy").format(number=number)
    return f"{PurePath(source.file_name).stem[:300]}{mark}.jpg"
