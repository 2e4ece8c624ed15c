"""One visit under work: its sheet as last read, and every durable step on it.

Each step returns once it is on the disk; only then is the sheet read again and shown, so a mark on
the screen always means a stored answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.errors import BadInput, ChayanError
from app.services import correcting, evidence, findings, inspecting, sheets, stepping
from app.services.evidence import EvidenceAdded
from app.services.findings import FindingValues
from app.services.inspecting import Duties
from app.services.sheet_rows import FindingRow, ItemRow, Sheet
from app.services.step_rows import HEADER, Rows, columns, evidence_rows
from app.services.stepping import Standing
from app.services.workplace import Changes, Workplace
from app.ui.visit.instance_work import InstanceWork
from app.ui.visit.lines import FIELD_NAMES, header_card
from app.ui.visit.step_shelf import StepShelf
from app.ui.visit.stepping import Step, Steps, standing_of
from app.ui.widgets.drafts import Keeping
from app.vocabulary import InspectionStatus, SignatureState, Verdict
from app.wording import label


class VisitWork(QObject):
    """The services of one visit behind one object; Qt's only task here is to tell the views.

    ``stored`` carries the changes of a step after the sheet was read again, ``refused`` the error of
    a step that was not done.
    """

    stored = Signal(object)
    refused = Signal(object)

    def __init__(
        self, place: Workplace, parent: QObject | None = None, keeping: Keeping | None = None
    ) -> None:
        super().__init__(parent)
        self.place = place
        self.sheet: Sheet | None = None
        self._rows: dict[str, ItemRow] = {}
        self.steps = Steps(StepShelf(place, keeping) if keeping is not None else None)
        self.instances = InstanceWork(self)

    @property
    def inspection_id(self) -> str:
        """The visit's id, empty while none is open."""
        return "" if self.sheet is None else self.sheet.header.id

    @property
    def editable(self) -> bool:
        """Whether the visit is in progress."""
        return self.sheet is not None and self.sheet.header.status is InspectionStatus.IN_PROGRESS

    def load(self, inspection_id: str) -> bool:
        """Take up another visit, or read this one again."""
        another = inspection_id != self.inspection_id
        try:
            self.sheet = sheets.sheet(self.place, inspection_id=inspection_id)
        except ChayanError as error:
            self.refused.emit(error)
            return False
        if another:
            self.steps.begin(inspection_id)
        self._rows = {row.id: row for section in self.sheet.sections for row in section.items}
        if not self.editable:
            # What led to the seal is not taken back, not even after the office returned the visit.
            self.steps.clear()
        return True

    def close(self) -> None:
        """Have no visit open."""
        self.sheet = None
        self._rows = {}
        self.steps.begin("")

    def item(self, key: str) -> ItemRow | None:
        """An asked item by its id."""
        return self._rows.get(key)

    def finding(self, key: str | None) -> FindingRow | None:
        """A finding by its key."""
        findings = self.sheet.findings if self.sheet else ()
        return next((row for row in findings if row.key == key), None)

    def answer(self, item: str, verdict: Verdict | None) -> bool:
        """Answer an item."""
        if self.item(item) is None:
            return False
        error = self._item_step(
            label("verdict", verdict) if verdict else "清除判定",
            item,
            lambda: inspecting.answer(
                self.place, inspection_id=self.inspection_id, item=item, verdict=verdict
            ),
        )
        return self.told(error)

    def undo(self) -> Step | None:
        """Take the last step back; returns it when that was done."""
        step = self.steps.last() if self.editable else None
        if step is None or not self._restore(step, step.after, step.before, self.steps.went_back):
            return None
        return step

    def redo(self) -> Step | None:
        """Take the last step that was taken back again; returns it when that was done."""
        step = self.steps.next() if self.editable else None
        if step is None or not self._restore(step, step.before, step.after, self.steps.went_on):
            return None
        return step

    def barred(self) -> str:
        """Why no step of this visit can be taken back or again; empty while they can."""
        status = self.sheet.header.status if self.sheet else InspectionStatus.IN_PROGRESS
        if status is InspectionStatus.RETURNED:
            return "检查已退回，先按“继续办理”"
        return "" if status is InspectionStatus.IN_PROGRESS else "检查已封存，不能撤销；改动用“更正”"

    def _restore(self, step: Step, now: Standing, then: Standing, gone: Callable[[], None]) -> bool:
        visit = self.inspection_id
        error = self._try(lambda: stepping.restore(self.place, inspection_id=visit, now=now, then=then), gone)
        if error is not None:
            # What it touched is gone or stands in an order by now; it must not bar the steps before it.
            self.steps.forget(step)
        return self.told(error)

    def _item_step(
        self, name: str, item: str, step: Callable[[], Changes], typing: str = ""
    ) -> ChayanError | None:
        """Do a step at an item and remember how the item and its finding stood."""
        row = self.item(item)
        before = standing_of(row, self.finding(row.finding_key) if row else None)

        def remember() -> None:
            after = self.item(item)
            if row is not None and after is not None:
                standing = standing_of(after, self.finding(after.finding_key))
                self.steps.add(Step(f"{row.number} {name}", item, before, standing, typing))

        return self._try(step, remember)

    def _finding_step(
        self, name: str, key: str, step: Callable[[], Changes], typing: str = ""
    ) -> ChayanError | None:
        """Do a step on a finding and remember how it stood."""
        row = self.finding(key)

        def remember() -> None:
            words = f"{row.number} {name}".strip() if row else name
            before, after = standing_of(None, row), standing_of(None, self.finding(key))
            self.steps.add(Step(words, row.item if row else "", before, after, typing))

        return self._try(step, remember)

    def note(self, item: str, text: str) -> bool:
        """Write the note of an item."""
        row = self.item(item)
        if row is not None and row.note == text:
            return True
        return self.told(
            self._item_step(
                "备注",
                item,
                lambda: inspecting.write_note(
                    self.place, inspection_id=self.inspection_id, item=item, note=text
                ),
                typing=f"note:{item}",
            )
        )

    def value(self, item: str, text: str, measure: str = "") -> ChayanError | None:
        """Enter a measured value; the error is for the field itself."""
        row = self.item(item)
        if row is not None and _stored(row, measure) == text.strip():
            return None
        return self._item_step(
            "填写的值",
            item,
            lambda: inspecting.set_value(
                self.place, inspection_id=self.inspection_id, item=item, value=text, measure=measure
            ),
            typing=f"value:{item}:{measure}",
        )

    def header(self, name: str, value: str | None) -> bool:
        """Fill in one field of the header."""
        if self.sheet is not None and getattr(self.sheet.header, name) == value:
            return True
        return self._header_step(
            [name],
            lambda: inspecting.set_header(self.place, inspection_id=self.inspection_id, **{name: value}),
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
        return self._header_step(
            list(values),
            lambda: inspecting.confirm_duties(self.place, inspection_id=self.inspection_id, duties=duties),
        )

    def _header_step(self, names: Sequence[str], step: Callable[[], Changes]) -> bool:
        called = "、".join(FIELD_NAMES[name] for name in names)
        error = self.rows_step(
            called, header_card(names[0]), step, partial(self._header_row, names), typing=f"header:{called}"
        )
        return self.told(error)

    def _header_row(self, names: Sequence[str]) -> Rows:
        header = self.sheet.header if self.sheet else None
        return (columns(HEADER, "", **{name: getattr(header, name, None) for name in names}),)

    def evidence_step(
        self, name: str, keys: Sequence[str], step: Callable[[], Changes], *, item: str = "", typing: str = ""
    ) -> bool:
        """Do a step on pieces of evidence of an ``item`` and remember how they stood."""
        read = partial(evidence_rows, self.place, inspection_id=self.inspection_id, keys=keys)
        return self.told(self.rows_step(name, item, step, read, typing=typing))

    def rows_step(
        self,
        name: str,
        card: str,
        step: Callable[[], Changes],
        read: Callable[[], Rows],
        *,
        group: str = "",
        typing: str = "",
    ) -> ChayanError | None:
        """Do a step and remember the rows that ``read`` finds before and after it; the error is the caller's."""
        before = Standing(rows=read())

        def remember() -> None:
            self.steps.add(Step(name, card, before, Standing(rows=read()), typing, group))

        return self._try(step, remember)

    def change_finding(self, key: str, values: FindingValues) -> bool:
        """Change a finding's wording, weight, disposition or provisions."""
        wording = values.description is not None
        return self.told(
            self._finding_step(
                "问题描述" if wording else "问题的程度、处置或条款",
                key,
                lambda: findings.update_finding(
                    self.place, inspection_id=self.inspection_id, key=key, values=values
                ),
                typing=f"finding:{key}" if wording else "",
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

        def remember() -> None:
            after = standing_of(None, self.finding(made[0]))
            self.steps.add(Step("添加的问题", "", standing_of(None, None), after))

        return made[0] if self.told(self._try(add, remember)) else None

    def remove_finding(self, key: str) -> bool:
        """Remove a finding that stands on no item."""
        return self.told(
            self._finding_step(
                "删除的问题",
                key,
                lambda: findings.remove_finding(self.place, inspection_id=self.inspection_id, key=key),
            )
        )

    def photos_added(self, added: EvidenceAdded) -> None:
        """Show what a job took in, say what it refused; the way back takes it off again."""
        if added.keys:
            # Read at once, before anybody describes them; another visit may be open by now.
            rows = evidence_rows(self.place, inspection_id=self.inspection_id, keys=added.keys)
            self._try(lambda: added.changes, partial(self._remember_added, rows) if rows else None)
        for problem in added.problems:
            self.refused.emit(problem)

    def _remember_added(self, rows: Rows) -> None:
        """Pieces taken in together are one step, at the item that they were taken in for."""
        values = [dict(each.values) for each in rows]
        called = str(values[0]["file_name"]) if len(rows) == 1 else f"{len(rows)} 件证据"
        self.steps.add(Step(f"{called} 收入", str(values[0]["item"]), Standing(), Standing(rows=rows)))

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
        return self.told(self._try(step))

    def told(self, error: ChayanError | None) -> bool:
        """Tell what kept a step from being done, if anything did; whether it was done."""
        if error is not None:
            self.refused.emit(error)
        return error is None

    def _try(
        self, step: Callable[[], Changes], remember: Callable[[], None] | None = None
    ) -> ChayanError | None:
        try:
            changes = step()
        except ChayanError as error:
            return error
        if self.sheet is not None:
            self.load(self.inspection_id)
        if remember is not None:
            remember()
        self.stored.emit(changes)
        return None


def _stored(row: ItemRow, measure: str) -> str:
    """The stored text of one of an item's values."""
    if not measure:
        return row.value
    return next((each.value for each in row.measures if each.entry.id == measure), "")
