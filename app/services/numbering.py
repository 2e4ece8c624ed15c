"""Document numbers (字号): the next one by the office's rule, uniqueness, gaps, what was voided.

A number is proposed when a document is issued and may be written otherwise. What counts is the store of
this device: an office sees everything that came in, a laptop its own; a rule with ``{device}`` keeps two
laptops apart until they meet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.forms.catalog import keys_of, paper_keys
from app.forms.numbers import Rule, Series, gaps, rule
from app.forms.schema import Form
from app.models.enforcement import Notification, RectificationOrder
from app.models.inspection import Inspection
from app.models.papers import Paper
from app.services.configuring import present
from app.services.form_shelf import form_of, forms_of
from app.services.workplace import Workplace
from app.vocabulary import PaperStatus

ORDER_FORM = "rectification-order"
NOTICE_FORM = "body-notification"
_MARK = 3


@dataclass(frozen=True, slots=True)
class Used:
    """A number that a document has."""

    form: str
    number: str
    inspection_id: str
    key: str
    on: date | None
    voided: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a series that no document has: the first, the last, how many."""

    first: str
    last: str
    count: int


@dataclass(frozen=True, slots=True)
class SeriesReport:
    """A series of one form: how far it goes, what is missing in it, what is there twice.

    ``next`` is what would be proposed now; ``foreign`` numbers are not by the rule in force.
    """

    form: str
    title: str
    year: int | None
    device: str
    last: int
    count: int
    next: str
    gaps: tuple[Gap, ...]
    duplicates: tuple[Used, ...]
    voided: tuple[Used, ...]
    foreign: tuple[Used, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A form that is numbered: the office's own rule (empty for none), and the one in force without it."""

    form: str
    title: str
    own: str
    usual: str


def rules(place: Workplace) -> tuple[RuleRow, ...]:
    """The rules of every numbered form as the settings say them now."""
    said = present(place)
    bare = replace(place, settings=replace(said, number_rules={}))
    numbered = sorted((each for each in forms_of(place).values() if each.number), key=lambda each: each.title)
    return tuple(
        RuleRow(form.id, form.title, said.number_rules.get(form.id, ""), usual.text)
        for form in numbered
        if (usual := rule_of(bare, form)) is not None
    )


def preview(place: Workplace, *, form: str, text: str) -> str:
    """The next number of a form if this were its rule; empty where the rule wants a mark that is not set.

    Raises ``forms.bad_number_rule``. An empty text stands for the rule without the office's own.
    """
    said = present(place)
    own = {name: each for name, each in said.number_rules.items() if name != form}
    own |= {form: text.strip()} if text.strip() else {}
    return propose(replace(place, settings=replace(said, number_rules=own)), form=form)


def numbered_by_paper(form: Form) -> bool:
    """Whether the paper itself has the number, and not the order or notice that it is about."""
    return bool(form.number) and "paper.number" in paper_keys(form)


def device_mark(place: Workplace) -> str:
    """The short mark of this device in numbers: the one that was set, else the head of its identifier."""
    return place.settings.device_mark or place.device_id[:_MARK].upper()


def rule_of(place: Workplace, form: Form) -> Rule | None:
    """The rule of a form's numbers: the office's, else the one the form came with; ``None`` without any."""
    text = place.settings.number_rules.get(form.id, "") or form.number
    if form.id == ORDER_FORM and form.id not in place.settings.number_rules:
        text = _rule_after(place.settings.order_number_prefix) or text
    return rule(text, place.settings.office_mark) if text else None


def _rule_after(prefix: str) -> str:
    """The rule that the setting of a prefix alone stands for; the year is put in where it has none."""
    plain = prefix.replace("{", "").replace("}", "").strip()
    year = "" if not plain or "\u3014" in plain else "\u3014{year}\u3015"
    return f"{plain}{year}{{n}}\u53f7" if plain else ""


def propose(place: Workplace, *, form: str, on: date | None = None) -> str:
    """The next number of a form; empty where it has none or its rule wants a mark that is not set yet."""
    found = form_of(place, form)
    wanted = rule_of(place, found)
    if wanted is None or ("office" in wanted.names and not wanted.office):
        return ""
    series = wanted.series((on or place.today()).year, device_mark(place))
    with place.read() as session:
        taken = [
            read[1]
            for each in _used(session, found, place.owner.office)
            if (read := wanted.read(each.number)) and read[0] == series
        ]
    return wanted.number(series, max(taken, default=0) + 1)


def require_free(session: Session, number: str, *, office: str, but: tuple[str, str] = ("", "")) -> None:
    """Refuse a number that a document of this office has already; ``but`` is the document itself."""
    for table in (Paper, RectificationOrder, Notification):
        wanted = (
            select(table.inspection_id, table.key)
            .join(Inspection, Inspection.id == table.inspection_id)
            .where(table.number == number, Inspection.office == office)
        )
        for inspection_id, key in session.execute(wanted):
            if (inspection_id, key) != but:
                name = session.get_one(Inspection, inspection_id).subject_name
                raise BadInput("numbering.taken", number=number, name=name)


def report(place: Workplace, *, year: int | None = None) -> tuple[SeriesReport, ...]:
    """Every series of the office's numbers (of one year), by form."""
    found: list[SeriesReport] = []
    with place.read() as session:
        for form in sorted(forms_of(place).values(), key=lambda each: each.title):
            wanted = rule_of(place, form)
            if wanted is not None:
                used = list(_used(session, form, place.owner.office))
                found.extend(_series_reports(form, wanted, used))
    return tuple(each for each in found if year is None or each.year in (None, year))


def _series_reports(form: Form, wanted: Rule, used: list[Used]) -> Iterator[SeriesReport]:
    by_series: dict[Series, list[tuple[int, Used]]] = {}
    foreign = []
    for each in used:
        read = wanted.read(each.number)
        if read is None:
            foreign.append(each)
        else:
            by_series.setdefault(read[0], []).append((read[1], each))
    for series in sorted(by_series, key=lambda key: (key.year or 0, key.device)):
        members = by_series[series]
        counts = Counter(n for n, _ in members)
        yield SeriesReport(
            form=form.id,
            title=form.title,
            year=series.year,
            device=series.device,
            last=max(counts),
            count=len(counts),
            next=wanted.number(series, max(counts) + 1),
            gaps=tuple(
                Gap(wanted.number(series, first), wanted.number(series, last), last - first + 1)
                for first, last in gaps(counts)
            ),
            duplicates=tuple(each for n, each in members if counts[n] > 1),
            voided=tuple(each for _, each in members if each.voided),
            foreign=(),
        )
    if foreign:
        yield SeriesReport(form.id, form.title, None, "", 0, 0, "", (), (), (), tuple(foreign))


def _used(session: Session, form: Form, office: str) -> Iterator[Used]:
    """Every number of a form that documents of this office have."""
    if numbered_by_paper(form):
        papers = select(Paper).join(Inspection, Inspection.id == Paper.inspection_id)
        for row in session.scalars(
            papers.where(Inspection.office == office, Paper.form == form.id, Paper.number != "")
        ):
            voided = row.status is PaperStatus.VOIDED
            yield Used(
                form.id, row.number, row.inspection_id, row.key, row.issued_on, voided, row.void_reason
            )
        return
    keys = keys_of(form)
    tables: tuple[tuple[type[Any], str, str], ...] = (
        (RectificationOrder, "order.number", "issued_on"),
        (Notification, "notification.number", "sent_on"),
    )
    for table, key, day in tables:
        if key in keys and form.number:
            documents = select(table).join(Inspection, Inspection.id == table.inspection_id)
            for each in session.scalars(documents.where(Inspection.office == office, table.number != "")):
                yield Used(
                    form.id, each.number, each.inspection_id, each.key, getattr(each, day), voided=False
                )
