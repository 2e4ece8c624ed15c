"""The papers of the demonstration: begun, filled in entry by entry, issued; one stays a draft, one is voided.

What is written stands in ``resources/examples/papers.toml``.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.demo.acting import Visited
from app.demo.citations import as_read
from app.demo.diary import PlayedClock
from app.demo.faults import FORTNIGHT
from app.demo.script import script
from app.files import resource
from app.forms.schema import About
from app.planning.workdays import add_days, add_working_days
from app.services import enforcing, form_subjects, issuing, papers
from app.services.form_shelf import form_of
from app.services.form_values import unplaced
from app.services.numbering import numbered_by_paper, propose
from app.services.workplace import Workplace
from app.vocabulary import FollowUpResult

COPIES = 2
"""Papers of each form; the second one as it is when somebody refuses to sign or nobody is there."""

ON_THE_SPOT: tuple[About, ...] = ("inspection", "document")
LATER: tuple[About, ...] = ("follow_up", "case", "notification")

_ORDER = "order:"
"""How the keys of documents begin that are orders; receipts of the others look the same."""

Value = str | list[object] | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """A paper that was filled in."""

    form: str
    inspection_id: str
    key: str


class Clerk:
    """Fills in papers on the laptop as long as a form has fewer than :data:`COPIES`."""

    def __init__(self, place: Workplace, clock: PlayedClock) -> None:
        self.place = place
        self.clock = clock
        self.written: list[Written] = []
        self._days: dict[str, date] = {}

    def write_up(self, visited: Visited, abouts: tuple[About, ...]) -> None:
        """The papers about a visit, or about what followed from it, that fit it and are still wanted."""
        for about in abouts:
            rows = form_subjects.subject_rows(self.place, inspection_id=visited.inspection_id, about=about)
            found = [row.key for row in rows if about != "document" or row.key.startswith(_ORDER)]
            for key in found or ([""] if about == "inspection" else []):
                self._write_about(visited, about, key)

    def _write_about(self, visited: Visited, about: About, key: str) -> None:
        offered = issuing.fitting_forms(self.place, inspection_id=visited.inspection_id, about=about, key=key)
        for row in offered:
            spec = specs().get(row.id)
            number = self._counts()[row.id]
            if (
                spec is not None
                and number < COPIES
                and _fits(spec, visited)
                and self._settled(about, visited, key)
            ):
                self._write(row.id, visited, key, spec)

    def _settled(self, about: About, visited: Visited, key: str) -> bool:
        """Whether a re-inspection found everything mended, as its paper says; all else is as written."""
        done = enforcing.follow_up_rows(self.place, inspection_id=visited.inspection_id)
        return about != "follow_up" or any(
            each.key == key and each.result is FollowUpResult.PASSED for each in done
        )

    def _counts(self) -> Counter[str]:
        return Counter(each.form for each in self.written)

    def _write(self, form: str, visited: Visited, key: str, spec: Mapping[str, object]) -> None:
        number = self._counts()[form]
        here = {"inspection_id": visited.inspection_id}
        paper = papers.begin(self.place, **here, form=form, subject_key=key).key
        self.written.append(Written(form, visited.inspection_id, paper))
        today = self.clock.today
        words = _words(visited, today, self._days.setdefault(visited.inspection_id, today))
        for name, value in _entries(spec):
            shown = papers.paper_sheet(self.place, **here, paper=paper)
            if any(each.entry.id == name and each.wanted for each in shown.entries):
                self._fill(visited.inspection_id, paper, name, value, (number, words))
        self._write_citations(visited.inspection_id, paper)
        if spec.get("left") != "drafted" or number == 0:
            numbered = numbered_by_paper(form_of(self.place, form))
            taken = propose(self.place, form=form) if numbered else ""
            papers.issue(self.place, inspection_id=visited.inspection_id, paper=paper, number=taken)
        if spec.get("left") == "voided" and number:
            papers.void(self.place, **here, paper=paper, reason=str(spec["void_reason"]))

    def _write_citations(self, inspection_id: str, paper: str) -> None:
        shown = papers.paper_sheet(self.place, inspection_id=inspection_id, paper=paper)
        for key, field in unplaced(shown.entries).items():
            name, _, rest = key.partition(".")
            row, _, column = rest.partition(".")
            papers.set_field(
                self.place, inspection_id=inspection_id, paper=paper, name=name, row=row, column=column,
                value=as_read(field.kept, script().citations["violated"]),
            )  # fmt: skip

    def _fill(
        self, inspection_id: str, paper: str, name: str, value: object, copy: tuple[int, Mapping[str, str]]
    ) -> None:
        here = {"inspection_id": inspection_id, "paper": paper}
        number, words = copy
        if isinstance(value, list) and not isinstance(value[0], Mapping):
            value = value[number % len(value)]
        if isinstance(value, str):
            papers.set_field(self.place, **here, name=name, value=value.format(**words))
            return
        rows = value if isinstance(value, list) else []
        made = [papers.add_row(self.place, **here, name=name).key for _ in rows]
        shown = papers.paper_sheet(self.place, **here)
        offered = [each.key for each in papers.shown_rows(shown, name) if each.prefilled]
        filled = zip(made, rows, strict=True) if rows else ((key, value) for key in offered)
        for row, cells in filled:
            assert isinstance(cells, Mapping)
            for column, text in cells.items():
                papers.set_field(
                    self.place, **here, name=name, value=str(text).format(**words), row=row, column=column
                )


@cache
def specs() -> Mapping[str, Mapping[str, object]]:
    """What is written in each form, by its id."""
    found: dict[str, dict[str, object]] = tomllib.loads(resource("examples", "papers.toml").read_text("utf8"))
    return found


def _words(visited: Visited, today: date, on: date) -> dict[str, str]:
    """What is filled into the texts; ``made`` is when the goods were made, ``reported`` when all was mended."""
    return {
        "subject": visited.subject,
        "product": visited.product or script().lines["goods"],
        "facts": visited.facts,
        "answer": visited.fault.answer if visited.fault else "",
        "today": today.isoformat(),
        "visited": on.isoformat(),
        "day": f"{today.year}年{today.month}月{today.day}日",
        "stamp": f"{today:%Y%m%d}",
        "made": f"{on - FORTNIGHT:%Y%m%d}",
        "reported": add_days(on, 2).on.isoformat(),
        "due": add_working_days(today, 15).on.isoformat(),
    }


_OF_US = frozenset({"only", "left", "void_reason"})


def _entries(spec: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    return ((name, value) for name, value in spec.items() if name not in _OF_US)


def _fits(spec: Mapping[str, object], visited: Visited) -> bool:
    """Whether the visit is one of those that the paper is written about."""
    return {"case": visited.case is not None, "order": bool(visited.orders)}.get(str(spec.get("only")), True)


def asked(form: str) -> Mapping[str, str]:
    """What is asked when a form about an organization or a plan is printed."""
    return {name: str(value) for name, value in specs()[form].items()}
