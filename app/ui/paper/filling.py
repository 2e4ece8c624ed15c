"""What the entry page fills in: a paper that is kept in the record, or a form that is asked at printing.

Nothing typed is lost with the page: what no record holds (the entries of forms about an organization or a
plan, and texts that were refused where they belong) is kept on this device until it is put right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Protocol

from app.errors import BadInput
from app.forms.entries import Entry, stored
from app.services import issuing, papers, savepoints
from app.services.form_values import OUT, PLACE, FilledEntry, cell_key, missing
from app.services.issuing import PrintedForm
from app.services.workplace import Changes
from app.vocabulary import PaperStatus

if TYPE_CHECKING:
    from app.services.papers import PaperSheet
    from app.services.workplace import Workplace


class Filling(Protocol):
    """A paper under the hand."""

    @property
    def name(self) -> str:
        """What tells it from another."""

    def read(self) -> tuple[Sequence[FilledEntry], bool]:
        """Its entries now, and whether they may be changed."""

    def missing(self) -> tuple[Entry, ...]:
        """Required entries in which nothing stands."""

    def store(self, key: str, text: str) -> Changes:
        """Store one value."""

    def refused(self) -> Mapping[str, str]:
        """Texts by key that were typed and could not be stored, because they are faulty."""

    def refuse(self, key: str, text: str | None) -> None:
        """Keep such a text on this device; ``None`` when there is none any more."""

    def add_row(self, entry: str) -> tuple[str, Changes]:
        """Add a row; its key."""

    def remove_row(self, entry: str, row: str) -> Changes:
        """Take a row out."""

    def order_rows(self, entry: str, rows: Sequence[str]) -> Changes:
        """Bring rows into an order."""

    def print(self) -> PrintedForm:
        """The file as it is now."""


class _Aside:
    """Texts by key that are kept on this device, under one name."""

    def __init__(self, place: Workplace, name: str) -> None:
        self._place, self._name = place, name

    def read(self) -> dict[str, str]:
        """What is kept now."""
        found = (each for each in savepoints.kept(self._place, prefix=self._name) if each.name == self._name)
        return {key: str(text) for each in found for key, text in each.value.items()}

    def write(self, texts: Mapping[str, str]) -> None:
        """Keep these instead; nothing where there are none."""
        savepoints.keep(self._place, values={self._name: dict(texts) or None})

    def put(self, key: str, text: str | None) -> None:
        """Keep one text more, or one less."""
        before = self.read()
        after = {name: value for name, value in before.items() if name != key}
        if text is not None:
            after[key] = text
        if after != before:
            self.write(after)


class KeptPaper:
    """A paper in the record of a visit."""

    def __init__(self, place: Workplace, inspection_id: str, paper: str) -> None:
        self._place, self.inspection_id, self.paper = place, inspection_id, paper
        self.sheet: PaperSheet = self._read()
        self._refused = _Aside(place, f"refused:{self.name}")

    @property
    def name(self) -> str:
        """What tells it from another."""
        return f"{self.inspection_id}/{self.paper}"

    def read(self) -> tuple[Sequence[FilledEntry], bool]:
        """Its entries now; only a draft may be changed."""
        self.sheet = self._read()
        return self.sheet.entries, self.sheet.row.status is PaperStatus.DRAFTED

    def missing(self) -> tuple[Entry, ...]:
        """Required entries in which nothing stands."""
        return self.sheet.missing

    def store(self, key: str, text: str) -> Changes:
        """Store one value in the record."""
        name, _, rest = key.partition(".")
        row, _, column = rest.partition(".")
        return papers.set_field(
            self._place, inspection_id=self.inspection_id, paper=self.paper, name=name, value=text,
            row=row, column=column,
        )  # fmt: skip

    def refused(self) -> Mapping[str, str]:
        """Faulty texts that wait to be put right."""
        return self._refused.read()

    def refuse(self, key: str, text: str | None) -> None:
        """Keep a faulty text on this device."""
        self._refused.put(key, text)

    def add_row(self, entry: str) -> tuple[str, Changes]:
        """Add a row at the end."""
        begun = papers.add_row(self._place, inspection_id=self.inspection_id, paper=self.paper, name=entry)
        return begun.key, begun.changes

    def remove_row(self, entry: str, row: str) -> Changes:
        """Take a row out of the record."""
        here = {"inspection_id": self.inspection_id, "paper": self.paper}
        return papers.remove_row(self._place, **here, name=entry, row=row)

    def order_rows(self, entry: str, rows: Sequence[str]) -> Changes:
        """Bring rows into an order."""
        here = {"inspection_id": self.inspection_id, "paper": self.paper}
        return papers.order_rows(self._place, **here, name=entry, rows=rows)

    def print(self) -> PrintedForm:
        """The paper with what stands in it."""
        row = self.sheet.row
        return issuing.print_form(
            self._place, form=row.form, inspection_id=self.inspection_id,
            subject_key=row.subject_key or None, paper=self.paper,
        )  # fmt: skip

    def _read(self) -> PaperSheet:
        return papers.paper_sheet(self._place, inspection_id=self.inspection_id, paper=self.paper)


class AskedForm:
    """A form about an organization or a plan: what is typed goes into no record, and is kept for next time."""

    def __init__(self, place: Workplace, form: str, record_id: str) -> None:
        self._place, self.form, self.record_id = place, form, record_id
        self._typed = _Aside(place, f"asked:{self.name}")
        self._refused = _Aside(place, f"refused:{self.name}")
        self.values: dict[str, str] = self._typed.read()

    @property
    def name(self) -> str:
        """What tells it from another."""
        return f"{self.form}/{self.record_id}"

    def read(self) -> tuple[Sequence[FilledEntry], bool]:
        """Its entries with what was typed so far."""
        return self._entries(), True

    def missing(self) -> tuple[Entry, ...]:
        """Required entries in which nothing stands."""
        return missing(self._entries())

    def store(self, key: str, text: str) -> Changes:
        """Keep one value on this device."""
        name, column = key.partition(".")[0], key.rpartition(".")[2]
        found = next((each.entry for each in self._entries() if each.entry.id == name), None)
        if found is not None and found.kind == "rows":
            found = next((each for each in found.columns if each.id == column), None)
        if found is None:
            raise BadInput("papers.unknown_field", field=key)
        self.values[key] = stored(found, text)
        return self._kept()

    def refused(self) -> Mapping[str, str]:
        """Faulty texts that wait to be put right."""
        return self._refused.read()

    def refuse(self, key: str, text: str | None) -> None:
        """Keep a faulty text on this device."""
        self._refused.put(key, text)

    def add_row(self, entry: str) -> tuple[str, Changes]:
        """Add a row at the end."""
        made = {key.split(".")[1] for key in self.values if key.startswith(f"{entry}.")}
        row = next(name for number in count(1) if (name := f"r{number}") not in made)
        self.values[cell_key(entry, row, PLACE)] = str(len(self._rows(entry)) + 1)
        return row, self._kept()

    def remove_row(self, entry: str, row: str) -> Changes:
        """Take a row out."""
        for key in [key for key in self.values if key.startswith(f"{entry}.{row}.")]:
            del self.values[key]
        self.values[cell_key(entry, row, PLACE)] = OUT
        return self._kept()

    def order_rows(self, entry: str, rows: Sequence[str]) -> Changes:
        """Bring rows into an order."""
        for number, row in enumerate(rows, 1):
            self.values[cell_key(entry, row, PLACE)] = str(number)
        return self._kept()

    def print(self) -> PrintedForm:
        """The form with what was typed."""
        return issuing.print_asked(
            self._place, form=self.form, record_id=self.record_id, values=dict(self.values)
        )

    def _kept(self) -> Changes:
        self._typed.write(self.values)
        return Changes()

    def _rows(self, entry: str) -> list[str]:
        return [row.key for each in self._entries() if each.entry.id == entry for row in each.rows]

    def _entries(self) -> tuple[FilledEntry, ...]:
        return issuing.asked_entries(
            self._place, form=self.form, record_id=self.record_id, values=self.values
        )
