"""The page on which a paper is filled in, made from its form's entries; every field is stored by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.errors import BadInput, ChayanError
from app.services.form_values import Filled, FilledEntry, FilledRow, cell_key
from app.ui.paper.entry_fields import EntryWidget, TicksField, field_for, let_edit, put_text, show_kept
from app.ui.paper.entry_rows import RowsBlock
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField
from app.ui.visit.saving import LateSaver
from app.ui.visit.writing import WritingField
from app.ui.widgets import Form
from app.ui.widgets.fields import FormRow
from app.wording import sentence


class Paper(Protocol):
    """What the page stores into; keys are ``entry`` or ``entry.row.column``."""

    @property
    def name(self) -> str:
        """What tells it from another."""

    def store(self, key: str, text: str) -> object:
        """Store a text; raises what is wrong with it."""

    def refused(self) -> Mapping[str, str]:
        """Faulty texts that were typed before."""

    def refuse(self, key: str, text: str | None) -> None:
        """Keep a faulty text until it is put right; ``None`` when it was."""


class EntryPage(QScrollArea):
    """The entries of one paper. ``stored`` after each value that reached the store."""

    stored = Signal(object)
    rows_asked = Signal(str, str, str)
    """What is to be done with rows (``add``, ``remove``, ``up``, ``down``), of which entry, which row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("entries")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._paper: Paper | None = None
        self._shape: object = None
        self._fields: dict[str, tuple[EntryWidget, Filled]] = {}
        self._lines: dict[str, FormRow] = {}
        self._blocks: dict[str, RowsBlock] = {}
        self._wanted: set[str] = set()
        self._troubles: dict[str, str] = {}
        self.saver = LateSaver(self._save, self)

    def show_entries(self, paper: Paper, entries: Sequence[FilledEntry], *, editable: bool) -> None:
        """Show a paper; what is being typed, what is faulty and the focus stay."""
        other = not self._shape or self._of() != paper.name
        if other:
            self.saver.flush()
            self._troubles.clear()
        self._paper = paper
        shape = (paper.name, editable, tuple(_shape(each) for each in entries))
        if shape != self._shape:
            focused = self._focused()
            same_page = not other and _entries_of(shape) == _entries_of(self._shape)
            self._shape = shape
            if same_page:
                self._change_rows(entries, editable=editable)
            else:
                self._build(entries, editable=editable)
            self.focus_field(focused)
        self._wanted = {each.entry.id for each in entries if each.wanted}
        for each in entries:
            self._show_entry(each.entry.id, wanted=each.wanted)
        for key, filled in _filled(entries):
            field = self._fields[key][0]
            self._fields[key] = (field, filled)
            if not self.saver.waits(key) and key not in self._troubles:
                show_kept(field, filled.entry, filled.kept)
        if other and editable:
            self._show_refused(paper.refused())

    def _show_refused(self, texts: Mapping[str, str]) -> None:
        """Put faulty texts back where they were typed, each with what is wrong with it."""
        for key, text in texts.items():
            if key in self._fields:
                put_text(self._fields[key][0], text)
                self._save(key, text)

    def faulty(self) -> str:
        """The first field in which something faulty stands; empty where there is none."""
        return next((key for key in self._fields if key in self._troubles), "")

    def _show_entry(self, name: str, *, wanted: bool) -> None:
        """An entry that is not asked now is hidden, not taken away: the focus may be beside it."""
        if name in self._blocks:
            self._blocks[name].setVisible(wanted)
        else:
            self._lines[name].set_visible(wanted)

    def _of(self) -> str:
        return str(self._shape[0]) if isinstance(self._shape, tuple) else ""

    def focus_first(self, wanted: str = "") -> None:
        """Begin at the field that is wanted, or at the first in which nothing stands, else at the first."""
        asked = self._asked()
        empty = next((key for key in asked if not self._fields[key][1].kept), "")
        self.focus_field(wanted if wanted in asked else empty or next(iter(asked), ""))

    def current_field(self) -> str:
        """The field that has the keys, or gets them when the window is active again; empty where none does."""
        return self._key_of(self.window().focusWidget())

    def _asked(self) -> list[str]:
        return [key for key in self._fields if key.partition(".")[0] in self._wanted]

    def focus_field(self, key: str) -> None:
        """Put the focus into a field and bring it into view."""
        if key in self._fields:
            field = self._fields[key][0]
            field.setFocus()
            self.ensureWidgetVisible(field, 0, 48)

    def field(self, key: str) -> EntryWidget:
        """A field by its key."""
        return self._fields[key][0]

    def problem_of(self, key: str) -> str:
        """What is said to be wrong with a field."""
        return self._troubles.get(key, "")

    def point_at(self, key: str, text: str) -> None:
        """Say under a field what is wrong, and go there."""
        if key in self._lines:
            self._lines[key].set_problem(text)
        self.focus_field(key)

    def flush(self) -> bool:
        """Store what is being typed; ``False`` where the store did not take it."""
        return self.saver.flush()

    def _save(self, key: str, text: str) -> bool:
        if self._paper is None or key not in self._fields:
            return True
        mended = key in self._troubles
        try:
            changes = self._paper.store(key, text)
            if mended:
                self._paper.refuse(key, None)
        except ChayanError as error:
            self._say_trouble(key, error)
            return self._set_aside(key, text) if isinstance(error, BadInput) else False
        self._troubles.pop(key, None)
        self._lines[key].set_problem("")
        self._lines[key].explain(self._fields[key][1].entry.hint)
        self.stored.emit(changes)
        return True

    def _say_trouble(self, key: str, error: ChayanError) -> None:
        words = sentence(error)
        self._troubles[key] = "；".join(part for part in (words.message, words.remedy) if part)
        self._lines[key].set_problem(self._troubles[key])

    def _set_aside(self, key: str, text: str) -> bool:
        """Keep a faulty text; ``False`` where not even that is possible."""
        assert self._paper is not None
        try:
            self._paper.refuse(key, text)
        except ChayanError as error:
            self._say_trouble(key, error)
            return False
        return True

    def _build(self, entries: Sequence[FilledEntry], *, editable: bool) -> None:
        self._fields.clear()
        self._lines.clear()
        self._blocks.clear()
        # The old page goes later: the key that changes it is still being handled in it.
        if (old := self.takeWidget()) is not None:
            old.deleteLater()
        # Where it will lie from the start: Qt gives what moves its style anew, with all that is in it.
        whole = QWidget(self.viewport())
        whole.setObjectName("scrolled")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 12, 12)
        form = Form(whole)
        column.addWidget(form)
        for each in entries:
            if each.entry.kind == "rows":
                self._add_rows(form, each, editable=editable)
            else:
                self._add(form, each.entry.id, each.field, editable=editable)
        column.addStretch(1)
        self.setWidget(whole)
        whole.show()

    def _add(self, form: Form, key: str, filled: Filled, *, editable: bool) -> None:
        entry = filled.entry
        field = field_for(entry, form)
        self._lines[key] = form.add(f"{entry.label}{' *' if entry.required else ''}", field, entry.hint, key)
        self._fields[key] = (field, filled)
        let_edit(field, editable=editable)
        self._follow(key, field)

    def _add_rows(self, form: Form, each: FilledEntry, *, editable: bool) -> None:
        block = RowsBlock(each.entry, [row.key for row in each.rows], form, editable=editable)
        block.asked.connect(partial(self._ask_rows, each.entry.id))
        self._blocks[each.entry.id] = block
        for row in each.rows:
            self._add_row(block, each.entry.id, row, editable=editable)
        form.add_wide(block)

    def _add_row(self, block: RowsBlock, entry: str, row: FilledRow, *, editable: bool) -> None:
        for key, cell in _cells(entry, row):
            self._add(block.forms[row.key], key, cell, editable=editable)

    def _change_rows(self, entries: Sequence[FilledEntry], *, editable: bool) -> None:
        """Rows came, went or moved; every other field stays as it is."""
        for each in entries:
            if each.entry.kind == "rows":
                block = self._blocks[each.entry.id]
                new = block.show_rows([row.key for row in each.rows])
                for row in each.rows:
                    if row.key in new:
                        self._add_row(block, each.entry.id, row, editable=editable)
                block.show_cards()
        keys = [key for key, _ in _filled(entries)]
        self._fields = {key: self._fields[key] for key in keys}
        self._lines = {key: self._lines[key] for key in keys}
        self._troubles = {key: text for key, text in self._troubles.items() if key in self._fields}
        for each in entries:
            if each.entry.kind == "rows":
                self._order_tabs(each)

    def _order_tabs(self, each: FilledEntry) -> None:
        """Tab goes from the button of the block through its rows as they stand."""
        last: QWidget | None = self._blocks[each.entry.id].add_button
        for key, _ in (cell for row in each.rows for cell in _cells(each.entry.id, row)):
            field = self._fields[key][0]
            for stop in field.boxes.values() if isinstance(field, TicksField) else (field,):
                if last is not None:
                    self.setTabOrder(last, stop)
                last = stop

    def _ask_rows(self, entry: str, act: str, row: str) -> None:
        self.rows_asked.emit(act, entry, row)

    def _follow(self, key: str, field: EntryWidget) -> None:
        if isinstance(field, QLineEdit):
            field.textEdited.connect(partial(self.saver.typed, key))
            field.editingFinished.connect(self.saver.flush)
            field.returnPressed.connect(calling(self._go_on, key))
        elif isinstance(field, WritingField):
            field.textChanged.connect(calling(self._written, key, field))
            field.left.connect(self.saver.flush)
            field.ended.connect(calling(self._go_on, key))
        elif isinstance(field, ChoiceField | TicksField):
            field.chosen.connect(partial(self._save, key))

    def _written(self, key: str, field: WritingField) -> None:
        self.saver.typed(key, field.toPlainText())

    def _go_on(self, key: str) -> None:
        """Enter goes to the next field."""
        self.saver.flush()
        keys = self._asked()
        if key in keys and keys.index(key) + 1 < len(keys):
            self.focus_field(keys[keys.index(key) + 1])

    def _focused(self) -> str:
        return self._key_of(QApplication.focusWidget())

    def _key_of(self, focus: QWidget | None) -> str:
        for key, (field, _) in self._fields.items():
            if focus is field or (focus is not None and field.isAncestorOf(focus)):
                return key
        return ""


def _entries_of(shape: object) -> object:
    """What of a page's shape asks for another page when it changes: everything but the rows."""
    if not isinstance(shape, tuple):
        return shape
    name, editable, entries = shape
    return name, editable, [entry[:2] for entry in entries]


def _shape(each: FilledEntry) -> tuple[str, str, tuple[str, ...]]:
    return each.entry.id, each.entry.kind, tuple(row.key for row in each.rows)


def _filled(entries: Sequence[FilledEntry]) -> Iterator[tuple[str, Filled]]:
    for each in entries:
        if each.entry.kind != "rows":
            yield each.entry.id, each.field
        for row in each.rows:
            yield from _cells(each.entry.id, row)


def _cells(entry: str, row: FilledRow) -> Iterator[tuple[str, Filled]]:
    for cell in row.cells:
        yield cell_key(entry, row.key, cell.entry.id), cell
