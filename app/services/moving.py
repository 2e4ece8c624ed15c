"""Moving visits under way from one version of a checklist to another, when told to.

What is asked in both versions keeps its answer; what has no counterpart is put aside in the record and
comes back when the visit returns to the version it was answered in. Nothing is deleted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, inspect, or_, select
from sqlalchemy.orm import Session

from app.checklists.repeats import split
from app.checklists.schema import COPY, Checklist, Item
from app.checklists.transfer import ASIDE, Transfer, aside
from app.checklists.transition import Fate, Step, transition
from app.errors import BadInput
from app.models.inspection import Answer, Evidence, Finding, Inspection, Instance, Measurement
from app.services import questions
from app.services.authoring import name_of
from app.services.inspecting import finding_key, open_inspection
from app.services.workplace import Changes, Workplace
from app.vocabulary import InspectionStatus

Rows = TypeVar("Rows", Answer, Measurement, Finding, Evidence, Instance)

_OF_ITEM = finding_key("")
_PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class MovedItem:
    """An item on its way: how people call it before and after, its words, whether it was answered.

    ``before`` is empty for a new item, ``after`` for a dropped one; ``former_text`` is there where the
    words changed.
    """

    fate: Fate
    before: str
    after: str
    text: str
    former_text: str
    answered: bool


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A visit under way and what a move would do to it."""

    inspection_id: str
    subject_name: str
    started_at: datetime
    version: str
    items: tuple[MovedItem, ...]

    def of(self, *fates: Fate, answered: bool | None = None) -> tuple[MovedItem, ...]:
        """The items with one of these fates."""
        found = (each for each in self.items if each.fate in fates)
        return tuple(each for each in found if answered is None or each.answered is answered)


@dataclass(frozen=True, slots=True)
class DraftsMoved:
    """How many visits were moved, and how many answers were put aside and came back."""

    moved: int
    put_aside: int
    returned: int
    changes: Changes


def drafts_for(place: Workplace, *, checklist_id: str, version: str) -> tuple[DraftRow, ...]:
    """Every visit under way with another version of a checklist, and what moving it would mean.

    Visits of one version share their items, however many they are.
    """
    target = questions.version_of(place, checklist_id, version)
    under_way = (
        Inspection.status == InspectionStatus.IN_PROGRESS,
        Inspection.checklist_id == checklist_id,
        Inspection.checklist_version != version,
    )
    columns = (Inspection.id, Inspection.subject_name, Inspection.started_at, Inspection.checklist_version)
    with place.read() as session:
        rows = session.execute(
            select(*columns).where(*under_way).order_by(Inspection.started_at, Inspection.id)
        ).all()
        answered = _answered(session, select(Inspection.id).where(*under_way))
    # Comparing two versions is the dear part; it is done once for all visits of a version.
    ways = {
        former: _way(questions.version_of(place, checklist_id, former), target)
        for former in {row.checklist_version for row in rows}
    }
    return tuple(
        DraftRow(*row, tuple(each.shown(answered[row.id]) for each in ways[row.checklist_version]))
        for row in rows
    )


def _answered(session: Session, visits: Select[Any]) -> dict[str, set[str]]:
    """The items that are answered in each of the visits."""
    found: dict[str, set[str]] = defaultdict(set)
    said = or_(Answer.verdict.is_not(None), Answer.note != "", Answer.value != "")
    wanted = select(Answer.inspection_id, Answer.item).where(Answer.inspection_id.in_(visits), said)
    for visit, item in session.execute(wanted):
        found[visit].add(split(item)[0])
    return found


@dataclass(frozen=True, slots=True)
class _Way:
    """What becomes of one item, as it is shown where it is answered and where it is not."""

    name: str
    answered: MovedItem
    unanswered: MovedItem

    def shown(self, answered: Collection[str]) -> MovedItem:
        """As it is in a visit that has answered these."""
        return self.answered if self.name in answered else self.unanswered


def _way(before: Checklist, target: Checklist) -> tuple[_Way, ...]:
    return tuple(_way_of(step, target.version) for step in transition(before, target).steps)


def _way_of(step: Step, version: str) -> _Way:
    item = step.after or step.before
    assert item is not None
    former = step.before.text if step.words_changed and step.before is not None else ""
    name = aside(item.id, version) if step.before is None else step.before.id
    shown = step.fate, _number(step.before), _number(step.after), item.text, former
    return _Way(name, MovedItem(*shown, answered=True), MovedItem(*shown, answered=False))


def _number(item: Item | None) -> str:
    return "" if item is None else item.shown


def move_drafts(
    place: Workplace, *, checklist_id: str, version: str, inspection_ids: Sequence[str]
) -> DraftsMoved:
    """Move visits to a version, all in one write; moving back brings back what was put aside.

    Raises ``checklist.unknown``, ``authoring.not_in_force`` for a version whose day has not come,
    ``authoring.other_checklist`` and ``authoring.same_checklist``.
    """
    target = questions.version_of(place, checklist_id, version)
    if target.effective_from > place.today():
        day = target.effective_from.isoformat()
        raise BadInput("authoring.not_in_force", name=name_of(target), day=day)
    put_aside = returned = 0
    with place.write("checklist.move") as work:
        moved: dict[str, str] = {}
        for inspection_id in dict.fromkeys(inspection_ids):
            inspection = open_inspection(work.session, inspection_id)
            _check(inspection, target)
            moved[inspection_id] = inspection.checklist_version
            before = questions.checklist_of(place, inspection)
            mover = _Mover(work.session, inspection_id, Transfer(before, target, transition(before, target)))
            mover.move()
            inspection.checklist_version = target.version
            put_aside, returned = put_aside + mover.put_aside, returned + mover.returned
        if moved:
            work.detail.update(checklist=name_of(target), inspections=moved)
            work.commit()
    return DraftsMoved(len(moved), put_aside, returned, Changes.of("inspection", *moved))


def _check(inspection: Inspection, target: Checklist) -> None:
    if inspection.checklist_id != target.id:
        raise BadInput("authoring.other_checklist", name=inspection.subject_name)
    if inspection.checklist_version == target.version:
        raise BadInput("authoring.same_checklist", name=inspection.subject_name)


def _rows(session: Session, kind: type[Rows], inspection_id: str) -> list[Rows]:
    return list(session.scalars(select(kind).where(kind.inspection_id == inspection_id)))


class _Mover:
    """Gives the rows of one visit the names they have in the other version."""

    def __init__(self, session: Session, inspection_id: str, transfer: Transfer) -> None:
        self.put_aside = self.returned = 0
        self._session, self._id, self._transfer = session, inspection_id, transfer
        self._evidence = {row.key: row for row in _rows(session, Evidence, inspection_id)}

    def move(self) -> None:
        """Move everything; the order matters only in that photos know their findings' new keys."""
        self._unlink_photos()
        self._own_values()
        answers = _rows(self._session, Answer, self._id)
        names = self._renamed({row.item: self._transfer.item(row.item) for row in answers})
        self.put_aside = sum(ASIDE in new and ASIDE not in old for old, new in names.items())
        self.returned = sum(ASIDE in old and ASIDE not in new for old, new in names.items())
        self._rekey(Answer, "item", names)
        values = _rows(self._session, Measurement, self._id)
        found = {row.key: self._transfer.measurement(row.key, row.value) for row in values}
        kept = {row.key for row in values if _is_note(row.key, self._evidence)}
        self._rekey(
            Measurement,
            "key",
            self._renamed({old: old if old in kept else new for old, new in found.items()}),
        )
        self._move_findings()
        for row in _rows(self._session, Instance, self._id):
            row.section = self._transfer.section(row.section)
        self._session.flush()
        # Last, for what comes back goes to answers that have their new names by now.
        self._link_photos()
        self._bring_values()

    @staticmethod
    def _renamed(wanted: Mapping[str, str]) -> dict[str, str]:
        """New names; what would come back to a name that is taken stays aside."""
        taken = {new for old, new in wanted.items() if ASIDE not in old}

        def name(old: str, new: str) -> str:
            comes_back = ASIDE in old and new != old
            return old if comes_back and new in taken else new

        return {old: name(old, new) for old, new in wanted.items()}

    def _rekey(self, kind: type[Rows], column: str, names: Mapping[str, str]) -> None:
        """Rows under their new keys. Taken out and put in again: two keys may change places."""
        rows = [
            row
            for row in _rows(self._session, kind, self._id)
            if names[getattr(row, column)] != getattr(row, column)
        ]
        copies = [self._copy(kind, row, **{column: names[getattr(row, column)]}) for row in rows]
        for row in rows:
            self._session.delete(row)
        self._session.flush()
        self._session.add_all(copies)
        self._session.flush()

    @staticmethod
    def _copy(kind: type[Rows], row: Rows, **changed: object) -> Rows:
        values = {each.key: getattr(row, each.key) for each in inspect(kind).column_attrs}
        return kind(**{**values, **changed})

    # ---- an item's own value that the other version cannot read

    def _own_values(self) -> None:
        for row in _rows(self._session, Answer, self._id):
            name = self._transfer.item(row.item)
            if (
                row.value
                and ASIDE not in name
                and ASIDE not in row.item
                and not self._transfer.fits(name, row.value)
            ):
                # Remembered as a measured value without a name: nothing stands behind the dot of its key.
                base, copy, key = row.item.partition(COPY)
                owner = aside(base, self._transfer.before.version)
                self._note(f"{owner}{copy}{key}.", row.value)
                row.value = ""
        self._session.flush()

    def _bring_values(self) -> None:
        for row in _rows(self._session, Measurement, self._id):
            owner = row.key.removesuffix(".")
            if owner == row.key:
                continue
            answer = self._session.get(Answer, (self._id, self._transfer.item(owner)))
            if answer is not None and ASIDE not in answer.item and not answer.value:
                answer.value = row.value
                self._session.delete(row)
        self._session.flush()

    def _note(self, key: str, value: str) -> None:
        if self._session.get(Measurement, (self._id, key)) is None:
            self._session.add(Measurement(inspection_id=self._id, key=key, value=value))

    # ---- photos: they stay with the visit, and the record remembers their item

    def _unlink_photos(self) -> None:
        for row in self._evidence.values():
            if not row.item:
                continue
            name = self._transfer.item(row.item)
            if ASIDE in name:
                self._note(f"{name}.{row.key}", _PHOTO)
                name = ""
            row.item = name
        self._session.flush()

    def _link_photos(self) -> None:
        for row in _rows(self._session, Measurement, self._id):
            owner, _, key = row.key.rpartition(".")
            photo = self._evidence.get(key)
            name = self._transfer.item(owner)
            if photo is None or ASIDE not in owner or ASIDE in name:
                continue
            if not photo.item:
                photo.item = name
            self._session.delete(row)
        self._session.flush()

    # ---- findings: one whose item is gone stands by itself

    def _move_findings(self) -> None:
        rows = _rows(self._session, Finding, self._id)
        wanted = {row.key: self._finding_name(row) for row in rows}
        names = self._renamed({old: finding_key(name) if name else old for old, name in wanted.items()})
        items = {names[old]: name for old, name in wanted.items() if name}
        self._rekey(Finding, "key", names)
        for row in _rows(self._session, Finding, self._id):
            if (name := items.get(row.key)) is not None:
                row.item = "" if ASIDE in row.key else name
        for photo in self._evidence.values():
            if photo.finding_key is not None:
                photo.finding_key = names.get(photo.finding_key, photo.finding_key)

    def _finding_name(self, row: Finding) -> str:
        """The item that a finding belongs to in the other version, empty for one that stood alone."""
        origin = row.item or (row.key.removeprefix(_OF_ITEM) if ASIDE in row.key else "")
        return self._transfer.item(origin) if origin else ""


def _is_note(key: str, photos: Collection[str]) -> bool:
    """Whether a row remembers a photo's item or an item's own value, which are handled by themselves."""
    owner, _, name = key.rpartition(".")
    return ASIDE in owner and (not name or name in photos)
