"""All papers of a day's visits, or of chosen ones, forms about organizations and plans, and blank forms.

They come in one PDF or as files in a folder. One visit after the other is read and drawn, so that memory holds one visit and the pages so far. The
file appears whole or not at all; a folder keeps what was finished when the work is stopped.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from app.clock import local_date
from app.errors import BadInput, Place
from app.files import write_atomically
from app.forms.paper import Paper as Sheets
from app.forms.render import draw
from app.forms.schema import ASKED_AT_PRINTING, About, Form
from app.forms.template import holds
from app.models.inspection import Inspection
from app.services import asking, form_subjects, papers
from app.services.file_names import fitted_name, free_path
from app.services.form_data import Data
from app.services.form_registry import title_of
from app.services.form_shelf import forms_of
from app.services.issuing import blank_data, form_data, visit_base
from app.services.workplace import Workplace
from app.vocabulary import InspectionType, PaperStatus
from app.wording import label

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BatchPaper:
    """One paper to be printed: the form, and which order or paper of the visit.

    Without a visit it is a form about the organization or plan ``record_id``, or else a blank one, with
    the questions of ``inspection_type`` where it has some.
    """

    inspection_id: str
    form: str
    title: str
    subject_key: str | None = None
    paper: str | None = None
    inspection_type: InspectionType | None = None
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed: papers and pages, the visits that have any, and where it is.

    ``left_out`` counts forms about organizations that this device does not know, though their visits are
    here.
    """

    papers: int
    pages: int
    visits: int
    path: Path
    left_out: int = 0


def visits_on(place: Workplace, *, day: date) -> tuple[str, ...]:
    """The visits that began on a local day, in the order of their beginning."""
    with place.read() as session:
        rows = session.execute(select(Inspection.id, Inspection.started_at).order_by(Inspection.started_at))
        return tuple(key for key, started_at in rows if local_date(started_at) == day)


def papers_of(
    place: Workplace, *, inspection_ids: Sequence[str], forms: Collection[str] = ()
) -> tuple[BatchPaper, ...]:
    """The papers that visits have (of some forms): what is filled in is printed once for each paper."""
    known = sorted(forms_of(place).values(), key=lambda form: form.title)
    wanted = [form for form in known if form.about not in {"record", *ASKED_AT_PRINTING}]
    wanted = [form for form in wanted if not forms or form.id in forms]
    return tuple(each for key in inspection_ids for form in wanted for each in _papers(place, key, form))


def _papers(place: Workplace, inspection_id: str, form: Form) -> Iterator[BatchPaper]:
    if form.kept:
        for row in papers.paper_rows(place, inspection_id=inspection_id):
            if row.form == form.id and row.status is not PaperStatus.VOIDED:
                yield BatchPaper(inspection_id, form.id, form.title, row.subject_key or None, row.key)
    elif form.about in ("inspection", "evidence"):
        yield BatchPaper(inspection_id, form.id, form.title)
    else:
        rows = form_subjects.subject_rows(place, inspection_id=inspection_id, about=form.about)
        for subject in rows:
            yield BatchPaper(inspection_id, form.id, form.title, subject.key)


def blanks_of(
    place: Workplace,
    *,
    forms: Collection[str] = (),
    inspection_types: Collection[InspectionType] = (),
    copies: int = 1,
) -> tuple[BatchPaper, ...]:
    """Blank copies of forms (of all that can be blank); one with questions for each type of inspection."""
    known = sorted(forms_of(place).values(), key=lambda form: form.title)
    wanted = [form for form in known if form.about != "record" and (not forms or form.id in forms)]
    return tuple(
        BatchPaper("", form.id, form.title, inspection_type=kind)
        for form in wanted
        for kind in (_types(form, inspection_types) or (None,))
        for _ in range(copies)
    )


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
        met = [key for key in visited[form.about] if form.id in forms or key in entered]
        found += [(form, key) for key in dict.fromkeys([*listed[form.about], *met])]
    return tuple(BatchPaper("", form.id, form.title, record_id=key) for form, key in found)


def _visited(place: Workplace, inspection_ids: Sequence[str]) -> dict[About, list[str]]:
    """The organizations and plans of visits, each once, in the order of the visits."""
    wanted = select(Inspection.id, Inspection.organization_id, Inspection.plan_id)
    with place.read() as session:
        rows = {row.id: row for row in session.execute(wanted) if row.id in inspection_ids}
    seen = [rows[key] for key in inspection_ids if key in rows]
    return {
        "organization": list(dict.fromkeys(row.organization_id for row in seen)),
        "plan": list(dict.fromkeys(row.plan_id for row in seen if row.plan_id)),
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

    Raises ``batches.nothing`` when there is none, ``sync.cancelled`` when somebody stopped it.
    """
    target = _OneFile(out) if one_file else _Folder(out)
    visits = left_out = 0
    steps = _Steps(len(wanted), target, progress, cancelled)
    for inspection_id, members in groupby(wanted, lambda each: each.inspection_id):
        before = target.papers
        if inspection_id:
            _add_filled(target, place, inspection_id, steps.over(members))
        else:
            left_out += _add_others(target, place, steps.over(members))
        visits += bool(inspection_id) and target.papers > before
    if not target.papers:
        raise BadInput("batches.nothing")
    target.close()
    return Printed(target.papers, target.pages, visits, out, left_out)


@dataclass(slots=True)
class _Steps:
    """Tells how far the work is, and stops it when somebody said so."""

    total: int
    target: _Target
    progress: Progress | None
    cancelled: Callable[[], bool] | None
    done: int = 0

    def over(self, members: Iterable[BatchPaper]) -> Iterator[BatchPaper]:
        """Each paper, and after it what was done."""
        for each in members:
            if self.cancelled is not None and self.cancelled():
                raise self.target.stopped()
            yield each
            self.done += 1
            if self.progress is not None:
                self.progress(self.done, self.total)


def _add_filled(target: _Target, place: Workplace, inspection_id: str, members: Iterable[BatchPaper]) -> None:
    with place.read() as session:
        base = visit_base(place, session, inspection_id)
        for each in members:
            form = forms_of(place)[each.form]
            data = form_data(place, session, form, base, subject_key=each.subject_key, paper=each.paper)
            empty = form.about == "evidence" and not data["photos"]
            if holds(data, form.offered) and not empty:
                target.add(form, data, base.shown.header.subject_name)


def _add_others(target: _Target, place: Workplace, members: Iterable[BatchPaper]) -> int:
    """Add what is about no visit; how many records are not on this device."""
    left_out = 0
    for each in members:
        form = forms_of(place)[each.form]
        if not each.record_id:
            target.add(form, blank_data(place, each.inspection_type), label("paper_file", "blank"))
        elif (data := _told_about(place, each)) is not None:
            target.add(form, data, title_of(data, form.about))
        else:
            left_out += 1
    return left_out


def _told_about(place: Workplace, each: BatchPaper) -> Data | None:
    """What a form about an organization or a plan reads; nothing where the record is not here."""
    try:
        return asking.asked_data(place, form=each.form, record_id=each.record_id)
    except BadInput as error:
        if error.problem.code != "issuing.unknown_record":
            raise
        return None


class _Target:
    """Where papers go; counts them and their pages."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.papers = self.pages = 0

    def add(self, form: Form, data: Data | None, name: str) -> None:
        """Take one more paper in."""
        raise NotImplementedError

    def close(self) -> None:
        """Write what was not written yet."""

    def stopped(self) -> BadInput:
        """What is told when somebody stopped it."""
        return BadInput("sync.cancelled", Place(file=self.out.name))


class _OneFile(_Target):
    """All papers behind each other in one file."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self._buffer = io.BytesIO()
        self._sheets = Sheets(self._buffer, title=out.stem, wide=False)

    def add(self, form: Form, data: Data | None, _name: str) -> None:
        """Draw the paper behind the others."""
        self.pages += draw(self._sheets, form, data)
        self.papers += 1

    def close(self) -> None:
        """Write the file whole."""
        self._sheets.close()
        write_atomically(self.out, self._buffer.getvalue())


class _Folder(_Target):
    """Each paper as a file, numbered in their order."""

    def add(self, form: Form, data: Data | None, name: str) -> None:
        """Write the paper at once."""
        self.out.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        sheets = Sheets(buffer, title=form.title, wide=form.landscape)
        self.pages += draw(sheets, form, data)
        sheets.close()
        self.papers += 1
        # A folder may hold the papers of an earlier batch.
        file = free_path(self.out / fitted_name(f"{self.papers:03}", name, form.title))
        write_atomically(file, buffer.getvalue())

    def stopped(self) -> BadInput:
        """Finished papers stay."""
        if not self.papers:
            return super().stopped()
        return BadInput("batches.stopped", Place(file=self.out.name), count=self.papers)
