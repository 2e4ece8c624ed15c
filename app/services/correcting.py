"""Changing a sealed inspection so that everyone sees what stood there before, who changed it and why."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from app.checklists import entries
from app.errors import BadInput
from app.models.base import Word, new_id
from app.models.inspection import Answer, Correction, Finding, Inspection
from app.services import sealing
from app.services.disputes import require_settled
from app.services.inspecting import HEADER, finding_key, finding_of, question_of
from app.services.workplace import Changes, Workplace
from app.vocabulary import InspectionStatus, Verdict
from app.wording import label

_ANSWER = frozenset({"verdict", "note", "value"})
_FINDING = frozenset({"description", "severity", "disposition"})
_REQUIRED = frozenset({"subject_name", "place", "situation", "opinion", "description"})
_SEALED = frozenset({InspectionStatus.FINALISED, InspectionStatus.APPROVED})


def correct(place: Workplace, *, inspection_id: str, path: str, value: str, reason: str) -> Changes:
    """Correct one value of a sealed inspection.

    ``path`` is the document's: a header column, ``answers/<item>/verdict`` (note, value) or
    ``findings/<key>/description`` (severity, disposition). The former value stays in the record's
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


def _target(session: Session, inspection: Inspection, path: str) -> tuple[Inspection | Answer | Finding, str]:
    part, _, rest = path.partition("/")
    key, _, column = rest.rpartition("/")
    row: Inspection | Answer | Finding | None = None
    if not rest and part in HEADER:
        return inspection, part
    if part == "answers" and column in _ANSWER:
        row = session.get(Answer, (inspection.id, key))
    elif part == "findings" and column in _FINDING:
        row = session.get(Finding, (inspection.id, key))
    if row is None:
        raise BadInput("inspecting.unknown_path", path=path)
    return row, column


def _typed(row: Inspection | Answer | Finding, column: str, value: str) -> str | StrEnum:
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


def _follow(place: Workplace, session: Session, inspection: Inspection, row: Answer, column: str) -> None:
    """What a corrected answer brings with it: its finding comes or goes, its value stays of its kind."""
    question = question_of(place, inspection, row.item)
    if column == "value" and question.measure is not None:
        row.value = entries.stored(question.measure, row.value)
    if column != "verdict":
        return
    nonconforming = row.verdict is Verdict.NONCONFORMING
    finding = session.get(Finding, (row.inspection_id, finding_key(row.item)))
    if finding is not None:
        finding.confirmed = nonconforming
    elif nonconforming:
        session.add(finding_of(place, question, row))
