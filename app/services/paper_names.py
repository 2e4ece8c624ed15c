"""What the papers of a record and their fields are called: as their forms call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.papers import Paper
from app.services.form_labels import paper_field_label, paper_field_text, paper_title
from app.services.workplace import Workplace

_SHORT = 4
"""Characters of a paper's key that tell two papers of one form apart."""


@dataclass(frozen=True, slots=True)
class Papers:
    """The form of each paper of a record by the paper's key, and the home whose forms name the fields."""

    forms: Mapping[str, str] = field(default_factory=dict)
    home: Path | None = None

    def title(self, key: str) -> str:
        """The paper that a key belongs to, the one of a field too; empty where it is not known."""
        paper = key.partition(".")[0]
        form = self.forms.get(paper)
        return "" if form is None else f"{paper_title(self.home, form=form)} #{paper[:_SHORT]}"

    def field(self, key: str) -> str:
        """The label of a field of a paper; empty where its paper is not known."""
        paper, _, rest = key.partition(".")
        form = self.forms.get(paper)
        return "" if form is None else paper_field_label(self.home, form=form, key=rest)

    def text(self, key: str, value: str) -> str:
        """A field's value as the paper has it."""
        paper, _, rest = key.partition(".")
        form = self.forms.get(paper)
        return value if form is None else paper_field_text(self.home, form=form, key=rest, value=value)

    def form(self, form: str) -> str:
        """The title of a form."""
        return paper_title(self.home, form=form)


NO_PAPERS = Papers()


def papers_in(session: Session, place: Workplace, kind: str, record_id: str) -> Papers:
    """The papers of a record; only visits have any."""
    if kind != Paper.__record__:
        return NO_PAPERS
    wanted = select(Paper.key, Paper.form).where(Paper.inspection_id == record_id)
    return Papers({row.key: row.form for row in session.execute(wanted)}, place.home)


def papers_of(place: Workplace, *, kind: str, record_id: str) -> Papers:
    """The same in a read scope of its own."""
    with place.read() as session:
        return papers_in(session, place, kind, record_id)
