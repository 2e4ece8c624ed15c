"""A paper being filled in: its state, its entries, what is still missing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services.filling import Filling, KeptPaper
from app.services.form_values import FilledEntry
from app.services.papers import PaperRow
from app.ui.paper.entry_page import EntryPage
from app.ui.tokens import Tone
from app.ui.widgets import CaptionLabel, ChipRow
from app.vocabulary import PaperStatus
from app.wording import joined, label

_NAMED = 5

_TONES: dict[PaperStatus, Tone] = {
    PaperStatus.DRAFTED: "attention",
    PaperStatus.ISSUED: "good",
    PaperStatus.VOIDED: "bad",
}


class FillingColumn(QWidget):
    """Fills in one :class:`Filling`; ``stored`` after every change, ``problem_found`` for what has no field."""

    stored = Signal(object)
    problem_found = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filling: Filling | None = None
        self._entries: Sequence[FilledEntry] = ()
        self.chips = ChipRow(self)
        self.lacking = CaptionLabel(parent=self)
        self.lacking.setObjectName("lacking")
        self.page = EntryPage(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.chips)
        column.addWidget(self.lacking)
        column.addWidget(self.page, 1)
        self.page.stored.connect(self._stored)
        self.page.rows_asked.connect(self._change_rows)

    def show_filling(self, filling: Filling) -> None:
        """Show a paper as it is now."""
        self.filling = filling
        self._entries, editable = filling.read()
        self.page.show_entries(filling, self._entries, editable=editable)
        self._tell(editable=editable)

    def put_away(self) -> bool:
        """Store what is being typed and let the paper go; ``False`` where that was not possible."""
        if not self.page.flush():
            return False
        self.filling = None
        return True

    def focus_first(self, field: str = "") -> None:
        """Begin at a field, else at the first empty one."""
        self.page.focus_first(field)

    def point_at_missing(self) -> bool:
        """Go to the first field that is faulty or required and empty, or lacks an article; ``False`` where there is none."""
        if faulty := self.page.faulty():
            self.page.focus_field(faulty)
            return True
        for key in self.filling.missing() if self.filling is not None else ():
            self.page.point_at(key, "还没有填写")
            return True
        for key in self.filling.unplaced() if isinstance(self.filling, KeptPaper) else ():
            self.page.point_at(key, "对照官方文本，把“条号待核”换成条号，才能出具")
            return True
        return False

    def _tell(self, *, editable: bool) -> None:
        filling = self.filling
        assert filling is not None
        row = filling.sheet.row if isinstance(filling, KeptPaper) else None
        self.chips.show_chips(*(() if row is None else _chips(row)))
        self.chips.setVisible(row is not None)
        lacking = _lacking([each.label for each in filling.missing().values()]) if editable else ""
        self.lacking.show_text(lacking, "attention")
        self.lacking.setVisible(bool(lacking))

    def _stored(self, changes: object) -> None:
        if self.filling is not None:
            self.show_filling(self.filling)
        self.stored.emit(changes)

    def _change_rows(self, act: str, entry: str, row: str) -> None:
        filling = self.filling
        if filling is None or not self.page.flush():
            return
        try:
            rows = [row.key for row in self._entry(entry).rows]
            if act == "add":
                row, changes = filling.add_row(entry)
            elif act == "remove":
                changes = filling.remove_row(entry, row)
            else:
                changes = filling.order_rows(entry, _moved(rows, row, -1 if act == "up" else 1))
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        self._stored(changes)
        columns = self._entry(entry).entry.columns
        if act != "remove" and columns:
            self.page.focus_field(f"{entry}.{row}.{columns[0].id}")

    def _entry(self, name: str) -> FilledEntry:
        return next(each for each in self._entries if each.entry.id == name)


def _lacking(labels: list[str]) -> str:
    """What is still missing in one line; the fields themselves bear a star."""
    if not labels:
        return ""
    named = joined("names", labels[:_NAMED])
    return f"还没有填写：{named}" + (f"等 {len(labels)} 项" if len(labels) > _NAMED else "")


def _chips(row: PaperRow) -> tuple[tuple[str, Tone], ...]:
    state = (label("paper_status", row.status), _TONES[row.status])
    number: tuple[tuple[str, Tone], ...] = ((row.number, "neutral"),) if row.number else ()
    reason: tuple[tuple[str, Tone], ...] = ((row.void_reason, "neutral"),) if row.void_reason else ()
    return (state, *number, *reason)


def _moved(rows: list[str], row: str, by: int) -> list[str]:
    place = rows.index(row)
    other = min(max(place + by, 0), len(rows) - 1)
    rows.insert(other, rows.pop(place))
    return rows
