"""Changing a sealed inspection so that everyone sees what stood there before, who changed it and why."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from app.checklists import entries
from app.checklists.repeats import split
from app.checklists.schema import Measure, MeasureKind
from app.errors import BadInput
from app.models.base import Word, new_id
from app.models.inspection import Answer, Correction, Finding, Inspection, Measurement
from app.services import questions, sealing
from app.services.disputes import require_settled
from app.services.inspecting import HEADER, finding_key, finding_of, question_of
from app.services.workplace import Changes, Workplace
from app.vocabulary import InspectionStatus, Verdict
from app.wording import label

_ANSWER = frozenset({"verdict", "note", "value"})
_FINDING = frozenset({"description", "severity", "disposition"})
_REQUIRED = frozenset({"subject_name", "place", "situation", "opinion", "description"})
Target = Inspection | Answer | Measurement | Finding
_SEALED = frozenset({InspectionStatus.FINALISED, InspectionStatus.APPROVED})


def correct(place: Workplace, *, inspection_id: str, path: str, value: str, reason: str) -> Changes:
    """Correct one value of a sealed inspection.

    ``path`` is the document's: a header column, ``answers/<item>/verdict`` (note, value),
    ``measurements/<key>/value`` or ``findings/<key>/description`` (severity, disposition). The former value stays in the record's
    corrections and in its former revision.
    """
    if not reason.strip():
        raise BadInput("inspecting.reason_missing")
    with place.write("inspecting.correct") as work:
        inspection = work.session.get(Inspection, inspection_id)
        if inspection is None or inspection.status not in _SEALED:
            raise BadInput("inspecting.not_sealed", id=inspection_id)
        require_settled(work.session, "inspection", inspection_id)
        sealing.seal(work, place, "inspection", inspection_id)
        row, column = _target(work.session, inspection, path)
        former = getattr(row, column)
        setattr(row, column, _typed(row, column, value))
        if isinstance(row, Answer):
            _follow(place, work.session, inspection, row, column)
        elif isinstance(row, Measurement):
            row.value = entries.stored(_measure_of(place, inspection, row.key), row.value)
        work.session.add(
            Correction(
                inspection_id=inspection_id,
                key=new_id(),
                path=path,
                former="" if former is None else str(former),
                value=value,
                reason=reason.strip(),
                corrected_by=place.owner.name,
                corrected_at=place.now(),
            )
        )
        work.session.flush()
        sealing.seal(work, place, "inspection", inspection_id)
        work.commit()
    return Changes.of("inspection", inspection_id)


def _target(session: Session, inspection: Inspection, path: str) -> tuple[Target, str]:
    part, _, rest = path.partition("/")
    key, _, column = rest.rpartition("/")
    row: Target | None = None
    if not rest and part in HEADER:
        return inspection, part
    if part == "answers" and column in _ANSWER:
        row = session.get(Answer, (inspection.id, key))
    elif part == "measurements" and column == "value":
        row = session.get(Measurement, (inspection.id, key))
    elif part == "findings" and column in _FINDING:
        row = session.get(Finding, (inspection.id, key))
    if row is None:
        raise BadInput("inspecting.unknown_path", path=path)
    return row, column


def _typed(row: Target, column: str, value: str) -> str | StrEnum:
    """The text as the column's own kind; a word that is none of the vocabulary is refused."""
    kind = type(row).__table__.columns[column].type
    if not value.strip() and (isinstance(kind, Word) or column in _REQUIRED):
        raise BadInput("inspecting.value_missing", field=label("column", column))
    if not isinstance(kind, Word):
        return value
    try:
        return kind.words(value)
    except ValueError as error:
        raise BadInput("inspecting.unknown_word", value=value, field=column) from error


def _measure_of(place: Workplace, inspection: Inspection, key: str) -> Measure:
    """The measure that a measurement's key names; an unknown one takes any text."""
    name, _, measure = key.rpartition(".")
    checklist = questions.checklist_of(place, inspection)
    item = checklist.item(name)
    repeats = (each.repeat for each in checklist.sections if each.repeat and each.id == split(name)[0])
    found = item.measures if item is not None else next((repeat.fields for repeat in repeats), ())
    return next((entry for entry in found if entry.id == measure), Measure(measure, kind=MeasureKind.TEXT))


def _follow(place: Workplace, session: Session, inspection: Inspection, row: Answer, column: str) -> None:
    """What a corrected answer brings with it: its finding comes or goes, its value stays of its kind."""
    question = question_of(place, session, inspection, row.item)
    if column == "value" and question.measure is not None:
        row.value = entries.stored(question.measure, row.value)
    if column != "verdict":
        return
    nonconforming = row.verdict is Verdict.NONCONFORMING
    finding = session.get(Finding, (row.inspection_id, finding_key(row.item)))
    if finding is not None:
        finding.confirmed = nonconforming
    elif nonconforming:
        session.add(finding_of(place, session, question, row))
