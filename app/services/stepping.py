"""Steps of a visit taken back and taken again: an item, a finding or other rows as they stood around one.

Only what the step changed is put back, so that a colleague's note that came in between stays.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.inspection import Answer, Finding
from app.services.inspecting import open_inspection, question_of
from app.services.prefilling import put
from app.services.step_rows import Rows, restore_rows
from app.services.workplace import Changes, Workplace
from app.vocabulary import Disposition, Severity, SubjectKind, Verdict


@dataclass(frozen=True, slots=True)
class ItemState:
    """What an inspector entered at an item; ``measures`` are its further values by their id."""

    item: str
    verdict: Verdict | None
    note: str
    value: str
    measures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FindingState:
    """What an inspector may set on a finding; ``item`` is empty for one of its own."""

    key: str
    item: str
    description: str
    severity: Severity
    disposition: Disposition
    provision: str
    penalty: str
    against: SubjectKind = SubjectKind.ORGANIZATION


@dataclass(frozen=True, slots=True)
class Standing:
    """What one step touches, as it stands: an item, a finding, or both; or rows of any other kind."""

    item: ItemState | None = None
    finding: FindingState | None = None
    rows: Rows = ()


def restore(place: Workplace, *, inspection_id: str, now: Standing, then: Standing) -> Changes:
    """Bring what differs between ``now`` and ``then`` to how it stood then; needs a visit in progress."""
    with place.write("inspecting.step_back") as work:
        inspection = open_inspection(work.session, inspection_id)
        if now.item is not None and then.item is not None:
            question_of(place, work.session, inspection, then.item.item)
            _restore_item(place, work.session, inspection_id, now.item, then.item)
        _restore_finding(place, work.session, inspection_id, now.finding, then.finding)
        restore_rows(place, work.session, inspection, now.rows, then.rows)
        work.commit()
    return Changes.of("inspection", inspection_id)


def _restore_item(
    place: Workplace, session: Session, inspection_id: str, now: ItemState, then: ItemState
) -> None:
    row = session.get(Answer, (inspection_id, then.item))
    if row is None:
        row = Answer(inspection_id=inspection_id, item=then.item, note="", value="", answered_by="")
        session.add(row)
    if now.verdict is not then.verdict:
        row.verdict, row.answered_at, row.answered_by = then.verdict, place.now(), place.owner.name
    if now.note != then.note:
        row.note = then.note
    if now.value != then.value:
        row.value = then.value
    before = dict(now.measures)
    for name, value in then.measures:
        if before.get(name) != value:
            put(session, inspection_id, f"{then.item}.{name}", value)


def _restore_finding(
    place: Workplace,
    session: Session,
    inspection_id: str,
    now: FindingState | None,
    then: FindingState | None,
) -> None:
    known = then or now
    if known is None or now == then:
        return
    row = session.get(Finding, (inspection_id, known.key))
    if then is None:
        if row is not None and row.order_key is not None:
            raise BadInput("inspecting.finding_ordered", item=known.item or known.key)
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = Finding(inspection_id=inspection_id, key=then.key, noted_at=place.now())
        session.add(row)
        now = None
    for each in fields(FindingState):
        if now is None or getattr(now, each.name) != getattr(then, each.name):
            setattr(row, each.name, getattr(then, each.name))
