"""Where a page belongs by its code: the record, the paper, whether the record reads otherwise today."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.forms.codes import Code, copy_mark
from app.forms.render import content_of
from app.forms.schema import Form
from app.models.inspection import Inspection
from app.models.planning import Plan
from app.models.registry import Organization
from app.services.disputes import in_conflict
from app.services.form_shelf import forms_of
from app.services.issuing import Base, fingerprint_of, form_data, visit_base
from app.services.scan_rows import Copy, copies_of
from app.services.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Found:
    """The paper that a page is of; ``outdated``: it would print otherwise today."""

    inspection_id: str
    subject_name: str
    copy: Copy
    page: int = 0
    pages: int = 0
    fingerprint: str = ""
    outdated: bool = False


class Finder:
    """Finds records for the pages of one import; what several pages ask for is worked out once."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._bases: dict[str, Base] = {}
        self._contents: dict[tuple[str, str, str], str] = {}

    def find(self, code: Code) -> Found | Problem:
        """The paper of a code, or why there is none."""
        place = self._place
        with place.read() as session:
            visit = session.get(Inspection, code.record)
            if visit is None:
                return _elsewhere(place, session, code)
            if in_conflict(session, "inspection", visit.id):
                return Problem("scans.in_conflict")
            form = _form(place, code.form)
            if code.form and form is None:
                return Problem("scans.unknown_form", values={"form": code.form})
            copy = _copy(place, visit.id, form, code)
            if isinstance(copy, Problem):
                return copy
            outdated = self._outdated(session, visit.id, form, copy.key, code)
            return Found(
                visit.id, visit.subject_name, copy, code.page, code.pages, code.fingerprint, outdated
            )

    def _outdated(
        self, session: Session, inspection_id: str, form: Form | None, key: str, code: Code
    ) -> bool:
        # A history only grows, and is no worse for it.
        if form is not None and form.about == "record":
            return False
        if code.fingerprint == fingerprint_of(session, inspection_id):
            return False
        return (
            form is None
            or not code.content
            or self._content(session, inspection_id, form, key) != code.content
        )

    def _content(self, session: Session, inspection_id: str, form: Form, key: str) -> str:
        wanted = (inspection_id, form.id, key)
        if wanted not in self._contents:
            self._contents[wanted] = self._read_content(session, inspection_id, form, key)
        return self._contents[wanted]

    def _read_content(self, session: Session, inspection_id: str, form: Form, key: str) -> str:
        if inspection_id not in self._bases:
            self._bases[inspection_id] = visit_base(self._place, session, inspection_id)
        paper = key if form.kept and key else None
        about = {"paper": paper} if paper else {"subject_key": key or None}
        try:
            data = form_data(self._place, session, form, self._bases[inspection_id], **about)
        except BadInput:
            return ""
        return content_of(form, data)


def _elsewhere(place: Workplace, session: Session, code: Code) -> Problem:
    """Why a code leads to no visit of this device."""
    if session.get(Organization, code.record) or session.get(Plan, code.record):
        form = _form(place, code.form)
        return Problem("scans.other_record", values={"title": form.title if form else code.form})
    return Problem("scans.unknown_record", values={"record": code.record})


def _form(place: Workplace, name: str) -> Form | None:
    """The form that a code names; a code has no capitals and no colons of a form's id."""
    known = {
        form.id.lower().replace(":", "-").replace("/", "-")[:60]: form for form in forms_of(place).values()
    }
    return known.get(name)


def _copy(place: Workplace, inspection_id: str, form: Form | None, code: Code) -> Copy | Problem:
    if form is None:
        return Copy("", "", "")
    copies = [each for each in copies_of(place, inspection_id=inspection_id) if each.form == form.id]
    for each in copies:
        if copy_mark(each.key) == code.copy:
            return each
    if not code.copy:
        return Copy(form.id, "", form.title)
    return Problem("scans.unknown_copy", values={"title": form.title})
