"""Back-entry (补录): finished inspections from a file, in the document shape that showing prints.

A file holds one document or a list of them: ``{"record": "inspection", "id": …, "document":
{path: value}}``. A document goes in whole or not at all; each fault is a located problem.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, ChayanError, Place, Problem
from app.files import explained
from app.models.inspection import Inspection
from app.models.registry import Organization
from app.services import finishing, sealing
from app.services.workplace import Changes, Workplace
from app.sync.documents import lacking, read_document, write_document
from app.sync.shapes import RECORD_KINDS, Value, is_hex
from app.vocabulary import InspectionStatus

KIND = "inspection"
_FINISHED = frozenset({InspectionStatus.FINALISED, InspectionStatus.APPROVED})
Document = dict[str, Value]


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Ids that went in, how many were there already, and what was refused."""

    loaded: tuple[str, ...]
    already: int
    problems: tuple[Problem, ...]
    changes: Changes


def inspection_document(place: Workplace, *, inspection_id: str) -> dict[str, object]:
    """One inspection in the shape that :func:`load_file` reads."""
    with place.read() as session:
        document = read_document(session, KIND, inspection_id)
    if document is None:
        raise BadInput("inspecting.unknown_inspection", id=inspection_id)
    return {"record": KIND, "id": inspection_id, "document": dict(sorted(document.items()))}


def load_file(place: Workplace, *, path: Path) -> LoadResult:
    """Load every document of a JSON file; the good ones go in, each in one step."""
    with explained(path):
        content = path.read_bytes()
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInput("backentry.not_json", Place(file=path.name), reason=str(error)) from error
    loaded: list[str] = []
    problems: list[Problem] = []
    already = 0
    for number, each in enumerate(parsed if isinstance(parsed, list) else [parsed], 1):
        where = Place(file=path.name, row=number)
        try:
            new_id = _load(place, each, where)
        except ChayanError as error:
            problems.append(Problem(error.problem.code, where, error.problem.values))
            continue
        if new_id is None:
            already += 1
        else:
            loaded.append(new_id)
    return LoadResult(tuple(loaded), already, tuple(problems), Changes.of(KIND, *loaded))


def _load(place: Workplace, raw: object, where: Place) -> str | None:
    """Take one document in; its id, or ``None`` when the same is here already."""
    record_id, document = _checked(raw, where)
    with place.write("backentry.load") as work:
        _settle_organization(work.session, document, where)
        if (present := read_document(work.session, KIND, record_id)) is not None:
            if present == document:
                return None
            raise BadInput("backentry.exists", where, id=record_id)
        for sha256 in _blobs(document):
            if not place.evidence.has(sha256):
                raise BadInput("backentry.missing_blob", where, sha256=sha256)
        write_document(work.session, KIND, record_id, document)
        inspection = work.session.get_one(Inspection, record_id)
        if missing := finishing.missing_to_finish(place, work.session, inspection):
            raise BadInput("backentry.incomplete", where, count=len(missing), first=missing[0].code)
        sealing.seal(work, place, KIND, record_id)
        work.detail["loaded"] = record_id
        work.commit()
    return record_id


def _checked(raw: object, where: Place) -> tuple[str, Document]:
    """Shape and values as the mapping has them."""
    known = isinstance(raw, dict) and raw.get("record") == KIND and isinstance(raw.get("document"), dict)
    if not isinstance(raw, dict) or not known or not is_hex(raw.get("id"), 32):
        raise BadInput("backentry.not_a_document", where)
    document: Document = raw["document"]
    shape = RECORD_KINDS[KIND]
    for path, value in document.items():
        if not shape.accepts(path, value):
            raise BadInput("backentry.bad_value", where, path=path, value=str(value))
    if (absent := lacking(KIND, document)) is not None:
        raise BadInput("backentry.lacking", where, path=absent)
    if document["status"] not in _FINISHED or "finalised_at" not in document:
        raise BadInput("backentry.not_finished", where)
    return str(raw["id"]), document


def _settle_organization(session: Session, document: Document, where: Place) -> None:
    """The subject must be in the registry under the id or the credit code that the document names."""
    if session.get(Organization, str(document["organization_id"])) is not None:
        return
    code = document.get("subject_code")
    found = session.scalar(select(Organization.id).where(Organization.credit_code == code)) if code else None
    if found is None:
        raise BadInput("backentry.unknown_subject", where, name=str(document["subject_name"]))
    document["organization_id"] = found


def _blobs(document: Document) -> Iterator[str]:
    shape = RECORD_KINDS[KIND]
    for path, value in document.items():
        field = shape.field(path)
        if field is not None and field.blob and isinstance(value, str):
            yield value
