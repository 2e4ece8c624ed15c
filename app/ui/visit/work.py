"""One visit under work: its sheet as last read, and every durable step on it.

Each step returns once it is on the disk; only then is the sheet read again and shown, so a mark on
the screen always means a stored answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from app.errors import BadInput, ChayanError
from app.services import correcting, evidence, findings, inspecting, instances, sheets
from app.services.evidence import EvidenceAdded, Link
from app.services.findings import FindingValues
from app.services.inspecting import Duties
from app.services.instances import Content
from app.services.sheet_rows import FindingRow, ItemRow, Sheet
from app.services.workplace import Changes, Workplace
from app.vocabulary import InspectionStatus, SignatureState, Verdict


@dataclass(frozen=True, slots=True)
class _Undo:
    """An answer as it was before: its verdict, and the finding that stood on it."""

    item: str
    verdict: Verdict | None
    finding: FindingRow | None


class VisitWork(QObject):
    """The services of one visit behind one object; Qt's only task here is to tell the views.

    ``stored`` carries the changes of a step after the sheet was read again, ``refused`` the error of
    a step that was not done.
    """

    stored = Signal(object)
    refused = Signal(object)

    def __init__(self, place: Workplace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place = place
        self.sheet: Sheet | None = None
        self._rows: dict[str, ItemRow] = {}
        self._undo: list[_Undo] = []

    @property
    def inspection_id(self) -> str:
        """The visit's id, empty while none is open."""
        return "" if self.sheet is None else self.sheet.header.id

    @property
    def editable(self) -> bool:
        """Whether the visit is in progress."""
        return self.sheet is not None and self.sheet.header.status is InspectionStatus.IN_PROGRESS

    def load(self, inspection_id: str) -> bool:
        """Take up another visit; answers of the former one can no longer be taken back."""
        if inspection_id != self.inspection_id:
            self._undo.clear()
        try:
            self.sheet = sheets.sheet(self.place, inspection_id=inspection_id)
        except ChayanError as error:
            self.refused.emit(error)
            return False
        self._rows = {row.id: row for section in self.sheet.sections for row in section.items}
        return True

    def close(self) -> None:
        """Have no visit open."""
        self.sheet = None
        self._rows = {}
        self._undo.clear()

    def item(self, key: str) -> ItemRow | None:
        """An asked item by its id."""
        return self._rows.get(key)

    def finding(self, key: str | None) -> FindingRow | None:
        """A finding by its key."""
        findings = self.sheet.findings if self.sheet else ()
        return next((row for row in findings if row.key == key), None)

    def answer(self, item: str, verdict: Verdict | None) -> bool:
        """Answer an item and remember how it stood."""
        former = self.item(item)
        if former is None:
            return False
        undo = _Undo(item, former.verdict, self.finding(former.finding_key))
        done = self._do(
            lambda: inspecting.answer(
                self.place, inspection_id=self.inspection_id, item=item, verdict=verdict
            )
        )
        if done:
            self._undo.append(undo)
        return done

    def can_undo(self) -> bool:
        """Whether an answer of this sitting can be taken back."""
        return bool(self._undo) and self.editable

    def undo(self) -> str | None:
        """Take the last answer back, with the wording of its finding; returns the item."""
        if not self.can_undo():
            return None
        last = self._undo[-1]
        if not self._do(lambda: self._restore(last)):
            return None
        self._undo.pop()
        return last.item

    def _restore(self, last: _Undo) -> Changes:
        changes = inspecting.answer(
            self.place, inspection_id=self.inspection_id, item=last.item, verdict=last.verdict
        )
        if last.finding is not None and last.verdict is Verdict.NONCONFORMING:
            row = last.finding
            values = FindingValues(row.description, row.severity, row.disposition, row.provision, row.penalty)
            findings.update_finding(self.place, inspection_id=self.inspection_id, key=row.key, values=values)
        return changes

    def note(self, item: str, text: str) -> bool:
        """Write the note of an item."""
        row = self.item(item)
        if row is not None and row.note == text:
            return True
        return self._do(
            lambda: inspecting.write_note(self.place, inspection_id=self.inspection_id, item=item, note=text)
        )

    def value(self, item: str, text: str, measure: str = "") -> ChayanError | None:
        """Enter a measured value; the error is for the field itself."""
        row = self.item(item)
        if row is not None and _stored(row, measure) == text.strip():
            return None
        return self._try(
            lambda: inspecting.set_value(
                self.place, inspection_id=self.inspection_id, item=item, value=text, measure=measure
            )
        )

    def add_instance(self, section: str) -> str | None:
        """Add one more instance of a repeated section; returns its key."""
        made: list[str] = []

        def add() -> Changes:
            added = instances.add_instance(self.place, inspection_id=self.inspection_id, section=section)
            made.append(added.key)
            return added.changes

        return made[0] if self._do(add) else None

    def name_instance(self, key: str, label: str) -> bool:
        """Call an instance otherwise."""
        return self._do(
            lambda: instances.rename_instance(
                self.place, inspection_id=self.inspection_id, key=key, label=label
            )
        )

    def instance_field(self, key: str, field: str, text: str) -> ChayanError | None:
        """Fill in a field of an instance; the error is for the field itself."""
        return self._try(
            lambda: instances.set_field(
                self.place, inspection_id=self.inspection_id, key=key, field=field, value=text
            )
        )

    def order_instances(self, keys: Sequence[str]) -> bool:
        """Bring the instances of a section into another order."""
        return self._do(
            lambda: instances.order_instances(self.place, inspection_id=self.inspection_id, keys=keys)
        )

    def content_of(self, key: str) -> Content:
        """What would go with an instance."""
        return instances.content_of(self.place, inspection_id=self.inspection_id, key=key)

    def remove_instance(self, key: str) -> bool:
        """Remove an instance with all that hangs on it."""
        return self._do(
            lambda: instances.remove_instance(
                self.place, inspection_id=self.inspection_id, key=key, confirmed=True
            )
        )

    def header(self, name: str, value: str | None) -> bool:
        """Fill in one field of the header."""
        if self.sheet is not None and getattr(self.sheet.header, name) == value:
            return True
        return self._do(
            lambda: inspecting.set_header(self.place, inspection_id=self.inspection_id, **{name: value})
        )

    def duties(self, **values: object) -> bool:
        """Change what was shown, told, approved and notified."""
        if self.sheet is None:
            return False
        header = self.sheet.header
        if all(getattr(header, name) == value for name, value in values.items()):
            return True
        known = {name: getattr(header, name) for name in Duties.__slots__} | values
        if known["task_source"] is None:
            self.refused.emit(BadInput("ui.task_source_first"))
            return False
        duties = replace(Duties(known["task_source"]), **known)
        return self._do(
            lambda: inspecting.confirm_duties(self.place, inspection_id=self.inspection_id, duties=duties)
        )

    def change_finding(self, key: str, values: FindingValues) -> bool:
        """Change a finding's wording, weight, disposition or provisions."""
        return self._do(
            lambda: findings.update_finding(
                self.place, inspection_id=self.inspection_id, key=key, values=values
            )
        )

    def add_finding(self) -> str | None:
        """Note a finding that stands on no item; returns its key."""
        made: list[str] = []

        def add() -> Changes:
            added = findings.add_finding(
                self.place, inspection_id=self.inspection_id, values=FindingValues(description="")
            )
            made.append(added.id)
            return added.changes

        return made[0] if self._do(add) else None

    def remove_finding(self, key: str) -> bool:
        """Remove a finding that stands on no item."""
        return self._do(
            lambda: findings.remove_finding(self.place, inspection_id=self.inspection_id, key=key)
        )

    def paste_photo(self, data: bytes, name: str, item: str) -> bool:
        """Take a pasted picture in for an item."""
        return self._do(
            lambda: (
                evidence.add_photo_bytes(
                    self.place,
                    inspection_id=self.inspection_id,
                    data=data,
                    file_name=name,
                    link=Link(item=item),
                ).changes
            )
        )

    def photos_added(self, added: EvidenceAdded) -> None:
        """Show what a job took in, and say what it refused."""
        if added.keys:
            self._do(lambda: added.changes)
        for problem in added.problems:
            self.refused.emit(problem)

    def sign(self, party: str, name: str, image: bytes) -> bool:
        """Keep a drawn signature."""
        return self._do(
            lambda: evidence.sign(
                self.place, inspection_id=self.inspection_id, party=party, name=name, image=image
            )
        )

    def note_no_signature(
        self, party: str, name: str, state: SignatureState, reason: str, witness: str
    ) -> bool:
        """Note that a party refused or was absent."""
        return self._do(
            lambda: evidence.refuse(
                self.place,
                inspection_id=self.inspection_id,
                party=party,
                name=name,
                state=state,
                reason=reason,
                witness=witness,
            )
        )

    def finish(self) -> bool:
        """Finish and seal."""
        return self._do(lambda: inspecting.finish(self.place, inspection_id=self.inspection_id))

    def reopen(self) -> bool:
        """Take a returned visit up again."""
        return self._do(lambda: inspecting.reopen(self.place, inspection_id=self.inspection_id))

    def correct(self, path: str, value: str, reason: str) -> bool:
        """Correct one value of a sealed visit."""
        return self._do(
            lambda: correcting.correct(
                self.place, inspection_id=self.inspection_id, path=path, value=value, reason=reason
            )
        )

    def do(self, step: Callable[[], Changes]) -> bool:
        """Do another durable step of this visit and show what came of it."""
        return self._do(step)

    def _do(self, step: Callable[[], Changes]) -> bool:
        error = self._try(step)
        if error is not None:
            self.refused.emit(error)
        return error is None

    def _try(self, step: Callable[[], Changes]) -> ChayanError | None:
        try:
            changes = step()
        except ChayanError as error:
            return error
        if self.sheet is not None:
            self.load(self.inspection_id)
        self.stored.emit(changes)
        return None


def _stored(row: ItemRow, measure: str) -> str:
    """The stored text of one of an item's values."""
    if not measure:
        return row.value
    return next((each.value for each in row.measures if each.entry.id == measure), "")
