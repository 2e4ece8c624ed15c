"""What is filled in at a desk: a paper that is kept in the record, or a form that is asked at printing.

Nothing typed is lost with the page: what no record holds (the entries of forms about an organization or a
plan, and texts that were refused where they belong) is kept on this device until it is put right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Protocol

from app.errors import BadInput, Place, Problem
from app.forms.entries import Entry, stored
from app.services import asking, form_subjects, issuing, papers, savepoints
from app.services.form_shelf import form_of
from app.services.form_values import Filled, FilledEntry, cell_key, fill_in, missing, unplaced
from app.services.issuing import PrintedForm
from app.services.papers import PaperSheet
from app.services.workplace import Changes, Workplace
from app.vocabulary import PaperStatus
from app.wording import joined

_NEAREST = 3
"""How many entries are named to somebody who wrote one that there is not."""


class Filling(Protocol):
    """A paper under the hand."""

    @property
    def name(self) -> str:
        """What tells it from another."""

    def read(self) -> tuple[Sequence[FilledEntry], bool]:
        """Its entries now, and whether they may be changed."""

    def missing(self) -> Mapping[str, Entry]:
        """Required entries in which nothing stands, by key."""

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
        self._sheet: PaperSheet | None = None
        self._refused = _Aside(place, f"refused:{self.name}")

    @property
    def name(self) -> str:
        """What tells it from another."""
        return f"{self.inspection_id}/{self.paper}"

    @property
    def sheet(self) -> PaperSheet:
        """The paper as it was last read; a paper costs as much to read as its whole visit."""
        return self._sheet or self._read()

    def read(self) -> tuple[Sequence[FilledEntry], bool]:
        """Its entries now; only a draft may be changed."""
        sheet = self._read()
        return sheet.entries, sheet.row.status is PaperStatus.DRAFTED

    def missing(self) -> Mapping[str, Entry]:
        """Required entries in which nothing stands, by key."""
        return self.sheet.missing

    def unplaced(self) -> Mapping[str, Filled]:
        """Entries by key that cite a provision whose article still has to be written."""
        return unplaced(self.sheet.entries)

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
        self._sheet = papers.paper_sheet(self._place, inspection_id=self.inspection_id, paper=self.paper)
        return self._sheet


class PaperToBegin(KeptPaper):
    """A paper of a visit that nobody began: prefilled to look at, begun with the first value stored in it."""

    def __init__(self, place: Workplace, inspection_id: str, form: str, subject_key: str) -> None:
        super().__init__(place, inspection_id, "")
        self._form, self._subject_key = form_of(place, form), subject_key

    def read(self) -> tuple[Sequence[FilledEntry], bool]:
        """Its entries with what the record gives; refused as beginning it would be."""
        return super().read() if self.paper else (self._prefilled(), True)

    def missing(self) -> Mapping[str, Entry]:
        """Required entries in which nothing stands, by key."""
        return super().missing() if self.paper else missing(self._prefilled())

    def store(self, key: str, text: str) -> Changes:
        """Store one value in the record."""
        self._begin()
        return super().store(key, text)

    def add_row(self, entry: str) -> tuple[str, Changes]:
        """Add a row at the end."""
        self._begin()
        return super().add_row(entry)

    def remove_row(self, entry: str, row: str) -> Changes:
        """Take a row out of the record."""
        self._begin()
        return super().remove_row(entry, row)

    def _begin(self) -> None:
        if not self.paper:
            self.paper = papers.begin(
                self._place, inspection_id=self.inspection_id, form=self._form.id,
                subject_key=self._subject_key,
            ).key  # fmt: skip

    def _prefilled(self) -> tuple[FilledEntry, ...]:
        if not self._form.kept:
            raise BadInput("papers.no_entries", title=self._form.title)
        with self._place.read() as session:
            base = issuing.visit_base(self._place, session, self.inspection_id)
            _, told = form_subjects.subject_data(
                self._place, session, self._form, inspection_id=self.inspection_id,
                key=self._subject_key or None,
            )  # fmt: skip
        return fill_in(self._form, {}, {**base.data, **told})


class AskedForm:
    """A form about an organization or a plan: what is typed goes into no record, and is kept for next time."""

    def __init__(self, place: Workplace, form: str, record_id: str) -> None:
        self._place, self.form, self.record_id = place, form, record_id
        self._refused = _Aside(place, f"refused:{self.name}")

    @property
    def name(self) -> str:
        """What tells it from another."""
        return f"{self.form}/{self.record_id}"

    def read(self) -> tuple[Sequence[FilledEntry], bool]:
        """Its entries with what was typed so far."""
        return self._entries(), True

    def missing(self) -> Mapping[str, Entry]:
        """Required entries in which nothing stands, by key."""
        return missing(self._entries())

    def store(self, key: str, text: str) -> Changes:
        """Keep one value on this device."""
        return asking.enter(self._place, form=self.form, record_id=self.record_id, key=key, text=text)

    def refused(self) -> Mapping[str, str]:
        """Faulty texts that wait to be put right."""
        return self._refused.read()

    def refuse(self, key: str, text: str | None) -> None:
        """Keep a faulty text on this device."""
        self._refused.put(key, text)

    def add_row(self, entry: str) -> tuple[str, Changes]:
        """Add a row at the end."""
        row = asking.add_row(self._place, form=self.form, record_id=self.record_id, entry=entry)
        return row, Changes()

    def remove_row(self, entry: str, row: str) -> Changes:
        """Take a row out."""
        here = {"form": self.form, "record_id": self.record_id}
        return asking.remove_row(self._place, **here, entry=entry, row=row)

    def order_rows(self, entry: str, rows: Sequence[str]) -> Changes:
        """Bring rows into an order."""
        here = {"form": self.form, "record_id": self.record_id}
        return asking.order_rows(self._place, **here, entry=entry, rows=rows)

    def print(self) -> PrintedForm:
        """The form with what was typed."""
        return issuing.print_asked(self._place, form=self.form, record_id=self.record_id)

    def _entries(self) -> tuple[FilledEntry, ...]:
        return asking.asked_entries(self._place, form=self.form, record_id=self.record_id)


def enter_all(filling: Filling, texts: Sequence[tuple[str, str]]) -> list[Problem]:
    """Store texts by key, one after the other; what is wrong is listed at its key, the rest is stored.

    A row is called by its key or by its number among the rows; the number behind the last one adds a row.
    """
    problems = []
    entries = filling.read()[0]
    for key, text in texts:
        try:
            # Before a row is added or a paper begun for it: a refused text leaves nothing behind.
            require_sound(entries, key, text)
            filling.store(_key_of(filling, key), text)
        except BadInput as error:
            found = error.problem
            problems.append(Problem(found.code, Place(column=key), found.values))
        else:
            entries = filling.read()[0] if "." in key else entries
    return problems


def require_sound(entries: Sequence[FilledEntry], key: str, text: str) -> None:
    """Refuse a key that names no entry, and a text that is nothing of the entry's kind.

    ``papers.no_such_entry`` names the nearest entries.
    """
    name, _, rest = key.partition(".")
    row, _, column = rest.partition(".")
    wanted = next((each for each in entries if each.entry.id == name), None)
    entry = wanted.entry if wanted is not None else None
    if wanted is not None and rest:
        entry = next((each for each in wanted.entry.columns if each.id == column), None)
    if wanted is None or entry is None:
        raise BadInput("papers.no_such_entry", field=key, near=joined("names", _nearest(entries, key)))
    if column and row != str(len(wanted.rows) + 1):
        _row_among([each.key for each in wanted.rows], row)
    stored(entry, text)


def _nearest(entries: Sequence[FilledEntry], key: str) -> Iterator[str]:
    """Keys and labels of the entries that are most like ``key``, by either of them."""

    def likeness(names: tuple[str, str]) -> float:
        return max(SequenceMatcher(None, key.lower(), name).ratio() for name in names)

    for name, label in sorted(_names(entries), key=likeness, reverse=True)[:_NEAREST]:
        yield f"{name} {label}"


def _names(entries: Sequence[FilledEntry]) -> Iterator[tuple[str, str]]:
    for each in entries:
        if each.entry.kind != "rows":
            yield each.entry.id, each.entry.label
        for column in each.entry.columns:
            yield cell_key(each.entry.id, "1", column.id), column.label


def row_key(filling: Filling, entry: str, row: str) -> str:
    """The key of a row that is called by its number or its key."""
    return _row_among(_rows_of(filling, entry), row)


def _row_among(keys: Sequence[str], row: str) -> str:
    if row in keys:
        return row
    if not row.isdecimal() or not 0 < int(row) <= len(keys):
        raise BadInput("papers.unknown_row", row=row)
    return keys[int(row) - 1]


def _key_of(filling: Filling, key: str) -> str:
    entry, _, rest = key.partition(".")
    row, _, column = rest.partition(".")
    if not column:
        return key
    if row == str(len(_rows_of(filling, entry)) + 1):
        return cell_key(entry, filling.add_row(entry)[0], column)
    return cell_key(entry, row_key(filling, entry, row), column)


def _rows_of(filling: Filling, entry: str) -> list[str]:
    return [row.key for each in filling.read()[0] if each.entry.id == entry for row in each.rows]
