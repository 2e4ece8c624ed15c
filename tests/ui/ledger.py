"""What a visit's window was told, beside what the store says.

Two things have to hold whatever is pressed. What was typed or chosen last stands in the store soon after,
or in its field with the reason why not. And nothing that stood in the store becomes something else unless
it was told so or a step of the visit touched it.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit

from app.services import sheets
from app.services.sheet_rows import Sheet
from app.ui.visit.fieldset import ChoiceField, FieldSet
from app.ui.visit.lines import INSTANCE
from app.ui.visit.screen import VisitScreen
from app.ui.visit.stepping import Step
from app.ui.visit.writing import WritingField
from app.vocabulary import InspectionStatus

Path = tuple[str, ...]
"""The kind of an entry, the key of what it belongs to, and its name where there are several."""
Contents = dict[Path, str]
SOON = 2.0
"""Seconds after which what was typed has to be in the store; the program promises one."""
HEADER = (
    *("place", "production_status", "product_class", "subject_representative", "subject_phone"),
    *("task_source", "approval_number", "approval_by", "approval_on", "notice_number", "credentials_shown"),
    *("rights_told", "party_present", "previous_rectification", "situation", "opinion", "recorder"),
)
FINDING = ("item", "description", "severity", "disposition", "provision")


def contents(sheet: Sheet) -> Contents:
    """Everything that people enter into a visit."""
    return {path: _text(value) for path, value in _entries(sheet)}


def _entries(sheet: Sheet) -> Iterator[tuple[Path, object]]:
    for name in HEADER:
        yield ("header", name), getattr(sheet.header, name)
    for section in sheet.sections:
        if section.instance is not None:
            key = section.instance.key
            yield ("instance", key), "there"
            yield ("name", key), section.instance.label
            yield from ((("field", key, each.entry.id), each.value) for each in section.instance.fields)
        for row in section.items:
            yield ("answer", row.id), row.verdict
            yield ("note", row.id), row.note
            yield ("value", row.id, ""), row.value
            yield from ((("value", row.id, each.entry.id), each.value) for each in row.measures)
    for finding in sheet.findings:
        yield from ((("finding", finding.key, name), getattr(finding, name)) for name in FINDING)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


class Ledger:
    """Listens to one visit screen; :meth:`look` says what was lost or changed without a reason.

    ``known`` is what the store said of each visit at the last look; hand it to the ledger of the next window.
    ``heard`` counts what was told, by kind.
    """

    def __init__(self, screen: VisitScreen, known: dict[str, Contents], heard: Counter[str]) -> None:
        self.known, self.heard = known, heard
        self._screen, self._work = screen, screen.work
        self._told: dict[tuple[str, Path], tuple[str, float]] = {}
        self._touched: dict[str, list[str]] = defaultdict(list)
        self._refused = 0.0
        place = screen.workplace
        self._hear_items()
        for card in (place.basics, place.closing):
            self._hear_fields(card.fields, partial(_path, "header"))
        self._hear_fields(place.finding._fields, self._path_in_finding)
        place.basics._approval.changed.connect(partial(self._chosen, partial(_path, "header"), "approval_on"))
        place.items.answered.connect(self._answered)
        screen.work.refused.connect(self._was_refused)
        self._hear_steps()

    def _hear_items(self) -> None:
        saver = self._screen.workplace.items.saver
        real = saver.typed

        def typed(key: str, text: str) -> None:
            self._tell(_path_of_item(key), text)
            real(key, text)

        saver.typed = typed

    def _hear_fields(self, fields: FieldSet, path_of: Callable[[str], Path]) -> None:
        for name, field in fields._fields.items():
            if isinstance(field, QLineEdit):
                field.textEdited.connect(partial(self._typed, path_of, name))
            elif isinstance(field, WritingField):
                field.textChanged.connect(partial(self._written, path_of, name, field))
            elif isinstance(field, ChoiceField):
                field.chosen.connect(partial(self._chosen, path_of, name))
            elif isinstance(field, QCheckBox):
                # What is ticked is asked for: a signal with an argument of its own gives a partial none.
                field.clicked.connect(partial(self._ticked, path_of, name, field))

    def _path_in_finding(self, name: str) -> Path:
        return "finding", self._screen.workplace.finding.key, name

    def _typed(self, path_of: Callable[[str], Path], name: str, text: str) -> None:
        self._tell(path_of(name), text)

    def _written(self, path_of: Callable[[str], Path], name: str, field: WritingField) -> None:
        self._tell(path_of(name), field.toPlainText())

    def _chosen(self, path_of: Callable[[str], Path], name: str, value: object) -> None:
        """A choice is stored at once, or refused at once, or it is "not chosen" where something must be."""
        path, sheet = path_of(name), self._work.sheet
        stands = sheet is not None and contents(sheet).get(path) == _text(value)
        if stands or (self._refused < time.monotonic() - SOON and not (path[0] == "finding" and not value)):
            self._tell(path, value)

    def _ticked(self, path_of: Callable[[str], Path], name: str, field: QCheckBox, *_: object) -> None:
        self._chosen(path_of, name, field.isChecked())

    def _answered(self, item: str, word: str, _by_key: bool) -> None:
        """An answer is stored at once, or refused at once; what was refused shortly before is another thing."""
        row = self._work.item(item)
        if row is not None and (row.verdict == word or self._refused < time.monotonic() - SOON):
            self._tell(("answer", item), word)

    def _tell(self, path: Path, value: object) -> None:
        if self._work.editable:
            self.heard[path[0]] += 1
            self._told[self._work.inspection_id, path] = _text(value), time.monotonic()

    def _was_refused(self, _error: object) -> None:
        self._refused = time.monotonic()

    def _hear_steps(self) -> None:
        """Hear each step with what it touched, in either direction."""
        steps = self._work.steps
        for name in ("add", "went_back", "went_on", "forget"):
            setattr(steps, name, partial(self._step, getattr(steps, name), name))

    def _step(self, real: Callable[..., None], name: str, *step: Step) -> None:
        steps = self._work.steps
        one = step[0] if step else steps.last() if name == "went_back" else steps.next()
        real(*step)
        if one is None:
            return
        visit, touched = self._work.inspection_id, repr(one)
        self._touched[visit].append(touched)
        if name != "add":
            self._told = {
                key: told
                for key, told in self._told.items()
                if key[0] != visit or not _names(touched, key[1])
            }

    def take_up(self) -> None:
        """Know the contents of the visit under work from now on."""
        sheet = self._work.sheet
        if sheet is not None and sheet.header.id not in self.known:
            self.known[sheet.header.id] = contents(sheet)

    def changed_elsewhere(self, visit: str) -> None:
        """Another screen changed a visit: what is known of it is out of date."""
        self.known.pop(visit, None)
        self._told = {key: text for key, text in self._told.items() if key[0] != visit}

    def look(self) -> list[str]:
        """Compare everything that is known with the store; what was told just now is left for later."""
        found: list[str] = []
        now = time.monotonic()
        for visit, known in self.known.items():
            sheet = sheets.sheet(self._work.place, inspection_id=visit)
            stands = contents(sheet)
            if sheet.header.status is InspectionStatus.IN_PROGRESS:
                found += self._lost(visit, stands, now - SOON)
                found += self._altered(visit, known, stands)
            self.known[visit] = stands
        self._told = {key: told for key, told in self._told.items() if told[1] > now - SOON}
        self._touched.clear()
        return found

    def _lost(self, visit: str, stands: Contents, before: float) -> Iterator[str]:
        for (where, path), (text, at) in self._told.items():
            found = stands.get(path, text)  # what it belonged to is gone, which the other rule judges
            if (
                where == visit
                and at <= before
                and not _means(path, text, found)
                and not self._waits(path, text, at)
            ):
                yield f"{path} was told {text!r}, the store says {found!r}"

    def _altered(self, visit: str, known: Contents, stands: Contents) -> Iterator[str]:
        steps = "\n".join(self._touched[visit])
        for path, text in known.items():
            same = not text or stands.get(path, "") == text
            if not same and (visit, path) not in self._told and not _names(steps, path):
                # Answers decide what else is asked; an item that is not asked any more keeps its answer.
                item = known.get(("finding", path[1], "item"), path[1])
                if path[0] in {"header", "instance", "name", "field"} or ("answer", item) in stands:
                    yield f"{path} was {text!r} and is {stands.get(path)!r}, but nothing touched it"

    def _waits(self, path: Path, text: str, at: float) -> bool:
        """Whether it stands in its field still, with the reason why it was not taken."""
        place = self._screen.workplace
        if path[0] in {"value", "field"}:
            card = INSTANCE + path[1] if path[0] == "field" else path[1]
            return place.items.faulty.text(card, path[2]).strip() == text
        savers = (place.items.saver, place.basics.fields.saver, place.closing.fields.saver)
        keys = (path[-1], ":".join(path))
        return self._refused >= at and any(saver.waits(key) for saver in savers for key in keys)


def _names(steps: str, path: Path) -> bool:
    """Whether what was said of steps names what an entry belongs to."""
    return re.search(rf"(?<![\w.]){re.escape(path[1])}(?!\w|\.\d)", steps) is not None


def _means(path: Path, told: str, stored: str) -> bool:
    """Whether it is stored as it was told; codes are stored narrow and in capitals, days in full."""
    if told == stored or path[0] not in {"value", "field"}:
        return told == stored
    numbers = [int(each) for each in re.findall(r"\d+", told)]
    in_full = re.fullmatch(r"[\d:./-]+", stored) and numbers == [
        int(each) for each in re.findall(r"\d+", stored)
    ]
    return unicodedata.normalize("NFKC", told).upper() == stored or bool(stored and in_full)


def _path(kind: str, name: str) -> Path:
    return kind, name


def _path_of_item(key: str) -> Path:
    """The entry that a key of the list's saver means."""
    kind, _, rest = key.partition(":")
    if kind in {"note", "name"}:
        return kind, rest
    owner, _, entry = rest.rpartition(":")
    return kind, owner, entry
