"""What a form can be printed about: orders, cases … of the visit, plans; and the papers begun of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services import form_subjects, papers, planning, visits
from app.services.issuing import FormRow
from app.services.papers import PaperRow
from app.wording import label

if TYPE_CHECKING:
    from app.services.workplace import Workplace


def subject_titles(place: Workplace, form: FormRow, inspection_id: str) -> dict[str, str]:
    """Keys and titles of what the form can be about."""
    if form.about == "plan":
        return {row.id: row.title for row in planning.plan_rows(place)}
    if not inspection_id:
        return {}
    rows = form_subjects.subject_rows(place, inspection_id=inspection_id, about=form.about)
    return {row.key: row.title for row in rows}


def paper_titles(place: Workplace, form: FormRow, inspection_id: str, subject: str) -> dict[str, str]:
    """Keys and titles of the papers of the form about that subject, the newest first."""
    if not form.kept or not inspection_id:
        return {}
    rows = papers.paper_rows(place, inspection_id=inspection_id)
    mine = [row for row in rows if row.form == form.id and row.subject_key == subject]
    return {row.key: _title(row) for row in reversed(mine)}


def asked_record(place: Workplace, form: FormRow, inspection_id: str, subject: str) -> str:
    """The record that a form about an organization or a plan is printed of; empty for none."""
    if form.about == "plan":
        return subject
    rows = visits.inspection_rows(place, [inspection_id]) if inspection_id else ()
    return rows[0].organization_id if rows else ""


def _title(row: PaperRow) -> str:
    name = row.number or f"{row.drafted_on.isoformat()} {row.by}"
    return f"{name} · {label('paper_status', row.status)}"
