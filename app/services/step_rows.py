"""Rows of a visit as they stand: an instance with all that hangs on it, evidence, columns of the header.

What a step adds or removes is kept whole, what it changes only by the columns it changed; the way back
touches nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.base import Base
from app.models.inspection import Answer, Evidence, Finding, Inspection, Instance, Measurement
from app.services import evidence_removal, instances
from app.services.prefilling import put
from app.services.workplace import Workplace

PartRow = Instance | Answer | Measurement | Finding | Evidence
PARTS: Final[dict[str, type[PartRow]]] = {
    "instances": Instance,
    "answers": Answer,
    "measurements": Measurement,
    "findings": Finding,
    "evidence": Evidence,
}
"""The parts of a visit whose rows steps add, change and remove."""
HEADER: Final = ""
"""The part of a row that means the inspection itself."""


@dataclass(frozen=True, slots=True)
class RowState:
    """Some columns of one row: its ``part`` of the record, its key there, and values by column."""

    part: str
    key: str
    values: tuple[tuple[str, Any], ...]

    @property
    def id(self) -> tuple[str, str]:
        """What names the row within its visit."""
        return self.part, self.key


Rows = tuple[RowState, ...]


def columns(part: str, key: str, **values: object) -> RowState:
    """Some columns of a row, as a step changes them."""
    return RowState(part, key, tuple(values.items()))


def instance_rows(place: Workplace, *, inspection_id: str, key: str) -> Rows:
    """An instance whole, with its answers, values and findings, and which photos are linked to it."""
    with place.read() as session:
        row = session.get(Instance, (inspection_id, key))
        found = instances.belongings(session, inspection_id, key)
        whole = [each for each in (row, *found) if each is not None and not isinstance(each, Evidence)]
        linked = (each for each in found if isinstance(each, Evidence))
        return (*map(_whole, whole), *(columns("evidence", each.key, item=each.item) for each in linked))


def without_instance(rows: Rows) -> Rows:
    """What is left of :func:`instance_rows` when the instance is removed: its photos, linked to nothing."""
    return tuple(replace(each, values=(("item", ""),)) for each in rows if each.part == "evidence")


def evidence_rows(place: Workplace, *, inspection_id: str, keys: Collection[str]) -> Rows:
    """Pieces of evidence, whole."""
    wanted = select(Evidence).where(Evidence.inspection_id == inspection_id, Evidence.key.in_(keys))
    with place.read() as session:
        return tuple(_whole(row) for row in session.scalars(wanted.order_by(Evidence.key)))


def _whole(row: PartRow) -> RowState:
    part = next(name for name, kind in PARTS.items() if isinstance(row, kind))
    key = row.item if isinstance(row, Answer) else row.key
    names = [each.key for each in type(row).__table__.columns if not each.primary_key]
    return RowState(part, key, tuple((name, getattr(row, name)) for name in names))


def restore_rows(place: Workplace, session: Session, inspection: Inspection, now: Rows, then: Rows) -> None:
    """Bring rows from how they stood ``now`` to how they stood ``then``; within somebody's transaction.

    Where others came in between their work stays: a row that is there again is left as it is, one that is gone stays
    gone, and an instance that holds more than the step knew is not removed (``inspecting.instance_answered``).
    """
    known = {each.id: each for each in now}
    for each in then:
        _bring_back(session, inspection, known.get(each.id), each)
    session.flush()
    kept = {each.id for each in then}
    gone = [each for each in now if each.id not in kept]
    for each in gone:
        if each.part == "instances":
            _remove_instance(session, inspection.id, each.key, known)
    pieces = [each.key for each in gone if each.part == "evidence"]
    if pieces:
        evidence_removal.take_out(place, session, inspection.id, pieces, "")


def _bring_back(session: Session, inspection: Inspection, now: RowState | None, then: RowState) -> None:
    row = _row(session, inspection, then)
    if row is not None and now is not None:
        before = dict(now.values)
        for name, value in then.values:
            if before.get(name) != value:
                setattr(row, name, value)
    elif row is None and now is None:
        session.add(_made(inspection.id, then))
    elif row is None and then.part == "measurements":
        put(session, inspection.id, then.key, str(dict(then.values)["value"]))


def _row(session: Session, inspection: Inspection, state: RowState) -> Base | None:
    if state.part == HEADER:
        return inspection
    return session.get(PARTS[state.part], (inspection.id, state.key))


def _made(inspection_id: str, state: RowState) -> PartRow:
    kind = PARTS[state.part]
    name = "item" if kind is Answer else "key"
    return kind(**{"inspection_id": inspection_id, name: state.key, **dict(state.values)})


def _remove_instance(
    session: Session, inspection_id: str, key: str, known: Mapping[tuple[str, str], RowState]
) -> None:
    row = session.get(Instance, (inspection_id, key))
    if row is None:
        return
    strange = [each for each in instances.belongings(session, inspection_id, key) if _is_strange(each, known)]
    if strange:
        photos = sum(isinstance(each, Evidence) for each in strange)
        raise BadInput("inspecting.instance_answered", answers=len(strange) - photos, photos=photos)
    instances.take_out(session, row)


def _is_strange(row: PartRow, known: Mapping[tuple[str, str], RowState]) -> bool:
    """Whether a row says something that was not there when the step was done."""
    if isinstance(row, Evidence):
        return ("evidence", row.key) not in known
    state = _whole(row)
    told: Sequence[str] = {"answers": ("verdict", "note", "value"), "measurements": ("value",)}.get(
        state.part, ("description",)
    )
    before = known.get(state.id)
    values = dict(state.values)
    if before is not None:
        return any(values[name] != dict(before.values)[name] for name in told)
    return state.part == "findings" or any(values[name] for name in told)
