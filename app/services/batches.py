"""All papers of a day's visits, or of chosen ones, forms about organizations and plans, and blank forms.

They come in one PDF or as files in a folder. One visit after the other is read and drawn, so that memory
holds one visit and the pages so far. The file appears whole or not at all; a folder keeps what was finished
when the work is stopped. Whatever is wanted and not printed comes back by name, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.errors import BadInput, Problem
from app.forms.schema import ASKED_AT_PRINTING, About, Form
from app.forms.template import holds
from app.models.inspection import Inspection
from app.models.planning import Plan
from app.models.registry import Organization
from app.services import asking, form_subjects, papers
from app.services.batch_output import Folder, OneFile, Progress, Steps, Target
from app.services.form_data import Data
from app.services.form_registry import title_of
from app.services.form_shelf import forms_of
from app.services.form_subjects import SubjectRow
from app.services.issuing import Base, blank_data, form_data, visit_base
from app.services.left_out import LeftOut, left_out_lines
from app.services.workplace import Workplace
from app.vocabulary import InspectionType, PaperStatus
from app.wording import joined, label

NOT_BEGUN, NOT_FITTING, NO_PHOTOS = "batches.not_begun", "batches.not_fitting", "batches.no_photos"
NOT_REGISTERED, NO_PLAN, NO_BATCH = "batches.not_registered", "batches.no_plan", "batches.no_batch"


@dataclass(frozen=True, slots=True)
class BatchPaper:
    """One paper to be printed: the form, and which order or paper of the visit.

    Without a visit it is a form about the organization or plan ``record_id``, or else a blank one, with
    the questions of ``inspection_type`` where it has some. ``about`` is what the subject is called. ``named``:
    somebody asked for this form. ``lacking`` is the code of why it cannot be printed, known beforehand.
    """

    inspection_id: str
    form: str
    title: str
    subject_key: str | None = None
    paper: str | None = None
    inspection_type: InspectionType | None = None
    record_id: str = ""
    about: str = ""
    named: bool = False
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: papers and pages, the visits that have any, where it is, and what was left out."""

    papers: int
    pages: int
    visits: int
    path: Path
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What somebody wants printed at once.

    The visits of ``day`` and of a list, organizations, plans; the ``forms`` (none: all that there are); and
    how many blank ``copies`` of each, with the questions of one type where one is named.
    """

    day: date | None = None
    visits: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    questions: InspectionType | None = None
    copies: int = 0

    def papers(self, place: Workplace) -> tuple[BatchPaper, ...]:
        """The papers of the visits, the forms about records, the blank ones that ask what visits ask.

        ``batches.unknown`` names every identifier that is none: then nothing at all is printed.
        """
        require_known(place, visits=self.visits, organizations=self.organizations, plans=self.plans)
        of_day = visits_on(place, day=self.day) if self.day is not None else ()
        ids = tuple(dict.fromkeys([*of_day, *self.visits]))
        filled = (
            *papers_of(place, inspection_ids=ids, forms=self.forms),
            *papers_about(
                place, inspection_ids=ids, organization_ids=self.organizations, plan_ids=self.plans,
                forms=self.forms,
            ),
        )  # fmt: skip
        if not self.copies:
            return filled
        types = (self.questions,) if self.questions else types_of(place, inspection_ids=ids)
        blank = blanks_of(place, forms=self.forms, inspection_types=types, copies=self.copies)
        return (*filled, *blank)


def require_known(
    place: Workplace, *, visits: Sequence[str], organizations: Sequence[str], plans: Sequence[str]
) -> None:
    """Refuse identifiers that no record has, all of them at once (``batches.unknown``)."""
    given = ((Inspection, visits), (Organization, organizations), (Plan, plans))
    with place.read() as session:
        unknown = [key for table, keys in given for key in keys if session.get(table, key) is None]
    if unknown:
        raise BadInput("batches.unknown", ids=joined("names", dict.fromkeys(unknown)))


def visits_on(place: Workplace, *, day: date) -> tuple[str, ...]:
    """The visits that began on a local day, in the order of their beginning."""
    with place.read() as session:
        rows = session.execute(select(Inspection.id, Inspection.started_at).order_by(Inspection.started_at))
        return tuple(key for key, started_at in rows if local_date(started_at) == day)


def papers_of(
    place: Workplace, *, inspection_ids: Sequence[str], forms: Collection[str] = ()
) -> tuple[BatchPaper, ...]:
    """The papers that visits have: what is filled in, once for each paper that was begun.

    Of ``forms`` that are named a visit has a paper even where none was begun: prefilled, as one printed
    alone would be. Of the others it comes as ``lacking``.
    """
    known = sorted(forms_of(place).values(), key=lambda form: form.title)
    wanted = [form for form in known if form.about not in ASKED_AT_PRINTING]
    wanted = [form for form in wanted if (form.id in forms if forms else form.about != "record")]
    named = bool(forms)
    return tuple(
        replace(each, named=named)
        for key in inspection_ids
        for form in wanted
        for each in _papers(place, key, form, named=named)
    )


def _papers(place: Workplace, inspection_id: str, form: Form, *, named: bool) -> Iterator[BatchPaper]:
    paper = BatchPaper(inspection_id, form.id, form.title)
    if form.about == "record":
        yield replace(paper, lacking=NO_BATCH)
        return
    begun = _begun(place, inspection_id, form)
    for subject_key, key in begun:
        yield replace(paper, subject_key=subject_key or None, paper=key)
    subjects = _subjects(place, inspection_id, form)
    if not subjects and named:
        yield replace(paper, lacking=form_subjects.lacking(form.about))
    have = {subject_key for subject_key, _ in begun}
    for row in subjects:
        if row.key not in have:
            lacking = NOT_BEGUN if form.kept and not named else ""
            yield replace(paper, subject_key=row.key or None, about=row.title, lacking=lacking)


def _begun(place: Workplace, inspection_id: str, form: Form) -> list[tuple[str, str]]:
    """Subject and key of each paper of a form that was begun and not voided."""
    if not form.kept:
        return []
    rows = papers.paper_rows(place, inspection_id=inspection_id)
    valid = (row for row in rows if row.form == form.id and row.status is not PaperStatus.VOIDED)
    return [(row.subject_key, row.key) for row in valid]


def _subjects(place: Workplace, inspection_id: str, form: Form) -> tuple[SubjectRow, ...]:
    """What a form can be about within a visit; the visit itself has no key."""
    if form.about in ("inspection", "evidence"):
        return (SubjectRow("", ""),)
    return form_subjects.subject_rows(place, inspection_id=inspection_id, about=form.about)


def blanks_of(
    place: Workplace,
    *,
    forms: Collection[str] = (),
    inspection_types: Collection[InspectionType] = (),
    copies: int = 1,
) -> tuple[BatchPaper, ...]:
    """Blank copies of forms (of all that can be blank); one with questions for each type of inspection."""
    known = sorted(forms_of(place).values(), key=lambda form: form.title)
    wanted = [form for form in known if (form.id in forms if forms else form.about != "record")]
    return tuple(
        BatchPaper(
            "", form.id, form.title, inspection_type=kind,
            lacking="issuing.no_blank" if form.about == "record" else "",
        )
        for form in wanted
        for kind in (_types(form, inspection_types) or (None,))
        for _ in range(1 if form.about == "record" else copies)
    )  # fmt: skip


def papers_about(
    place: Workplace,
    *,
    inspection_ids: Sequence[str] = (),
    organization_ids: Sequence[str] = (),
    plan_ids: Sequence[str] = (),
    forms: Collection[str] = (),
) -> tuple[BatchPaper, ...]:
    """The forms about organizations and plans (推荐表, 计划表), one for each record.

    The records are those of two lists, and what visits were about. Of the latter a form is printed where
    it is named, and else where something was entered in it: not everybody inspected is recommended.
    """
    known = sorted(forms_of(place).values(), key=lambda form: form.title)
    named = [form for form in known if form.about in ASKED_AT_PRINTING and (not forms or form.id in forms)]
    visited = _visited(place, inspection_ids)
    listed: dict[About, Sequence[str]] = {"organization": organization_ids, "plan": plan_ids}
    found = []
    for form in named:
        entered = asking.entered_about(place, form=form.id)
        met = {
            record.id: record.name
            for record in visited[form.about]
            if record.id and (form.id in forms or record.id in entered)
        }
        paper = BatchPaper("", form.id, form.title)
        records = met | dict.fromkeys(listed[form.about], "")
        found += [replace(paper, record_id=key, about=name) for key, name in records.items()]
        if form.id in forms:
            without = (record for record in visited[form.about] if not record.id)
            found += [replace(paper, inspection_id=each.visit, lacking=NO_PLAN) for each in without]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Met:
    """The organization or plan of a visit; without ``id`` where the visit is of no plan."""

    id: str
    name: str
    visit: str


def _visited(place: Workplace, inspection_ids: Sequence[str]) -> dict[About, list[_Met]]:
    """The organizations and plans of visits, in the order of the visits."""
    wanted = select(Inspection.id, Inspection.organization_id, Inspection.subject_name, Inspection.plan_id)
    with place.read() as session:
        rows = {row.id: row for row in session.execute(wanted) if row.id in inspection_ids}
    seen = [rows[key] for key in inspection_ids if key in rows]
    return {
        "organization": [_Met(row.organization_id, row.subject_name, row.id) for row in seen],
        "plan": [_Met(row.plan_id or "", "", row.id) for row in seen],
    }


def types_of(place: Workplace, *, inspection_ids: Collection[str]) -> tuple[InspectionType, ...]:
    """The types of inspection that visits are of, each once."""
    with place.read() as session:
        rows = session.execute(select(Inspection.id, Inspection.inspection_type))
        found = {kind for key, kind in rows if key in inspection_ids}
    return tuple(kind for kind in InspectionType if kind in found)


def _types(form: Form, inspection_types: Collection[InspectionType]) -> tuple[InspectionType, ...]:
    return tuple(inspection_types) if "checklist.items" in form.fields else ()


def print_batch(
    place: Workplace,
    *,
    wanted: Sequence[BatchPaper],
    out: Path,
    one_file: bool = True,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Printed:
    """Print papers into one file ``out``, or as files into the folder ``out``.

    Raises ``batches.nothing`` when there is none (``batches.all_left_out`` says why), ``sync.cancelled``
    when somebody stopped it.
    """
    target: Target = OneFile(out) if one_file else Folder(out)
    visits = 0
    left: list[LeftOut] = []
    steps = Steps(len(wanted), target, progress, cancelled)
    for inspection_id, members in groupby(wanted, lambda each: each.inspection_id):
        before = target.papers
        if inspection_id:
            left += _add_filled(target, place, inspection_id, steps.over(members))
        else:
            left += _add_others(target, place, steps.over(members))
        visits += bool(inspection_id) and target.papers > before
    if not target.papers:
        raise _nothing(left)
    target.close()
    return Printed(target.papers, target.pages, visits, out, tuple(left))


def _nothing(left: Sequence[LeftOut]) -> BadInput:
    if not left:
        return BadInput("batches.nothing")
    return BadInput("batches.all_left_out", told=joined("clauses", left_out_lines(left)))


def _add_filled(
    target: Target, place: Workplace, inspection_id: str, members: Iterable[BatchPaper]
) -> list[LeftOut]:
    """Add the papers of a visit; those that were left out."""
    left = []
    with place.read() as session:
        base = visit_base(place, session, inspection_id)
        for each in members:
            if each.lacking:
                if _belongs(place, session, base, each):
                    left.append(_left_out(each, Problem(each.lacking), base))
                continue
            form = forms_of(place)[each.form]
            try:
                data = form_data(place, session, form, base, subject_key=each.subject_key, paper=each.paper)
            except BadInput as error:
                left.append(_left_out(each, error.problem, base))
                continue
            if not holds(data, form.offered):
                # A form for other kinds of visits is missed by nobody who did not ask for it.
                if each.named or each.paper is not None:
                    left.append(_left_out(each, Problem(NOT_FITTING), base))
            elif form.about == "evidence" and not data["photos"]:
                left.append(_left_out(each, Problem(NO_PHOTOS), base))
            else:
                target.add(form, data, base.shown.header.subject_name)
    return left


def _belongs(place: Workplace, session: Session, base: Base, each: BatchPaper) -> bool:
    """Whether a paper that was not begun is one that its visit could have."""
    form = forms_of(place)[each.form]
    if each.named or not form.offered:
        return True
    inspection_id = each.inspection_id
    _, told = form_subjects.subject_data(
        place, session, form, inspection_id=inspection_id, key=each.subject_key
    )
    return holds({**base.data, **told}, form.offered)


def _left_out(each: BatchPaper, problem: Problem, base: Base | None = None) -> LeftOut:
    header = base.shown.header if base is not None else None
    # Without a visit, ``about`` is what the visit called the record.
    name, about = (header.subject_name, each.about) if header else (each.about or each.record_id, "")
    day = local_date(header.started_at) if header else None
    problem = replace(problem, values={"title": each.title, **problem.values})
    return LeftOut(each.inspection_id, each.record_id, each.form, each.title, name, about, day, problem)


def _add_others(target: Target, place: Workplace, members: Iterable[BatchPaper]) -> list[LeftOut]:
    """Add what is about no visit; what is not on this device is left out."""
    left = []
    for each in members:
        form = forms_of(place)[each.form]
        if each.lacking:
            left.append(_left_out(each, Problem(each.lacking)))
        elif not each.record_id:
            target.add(form, blank_data(place, each.inspection_type), label("paper_file", "blank"))
        elif (data := _told_about(place, each)) is not None:
            target.add(form, data, title_of(data, form.about))
        else:
            left.append(_left_out(each, Problem(NOT_REGISTERED)))
    return left


def _told_about(place: Workplace, each: BatchPaper) -> Data | None:
    """What a form about an organization or a plan reads; nothing where the record is not here."""
    try:
        return asking.asked_data(place, form=each.form, record_id=each.record_id)
    except BadInput as error:
        if error.problem.code != "issuing.unknown_record":
            raise
        return None
