"""Correcting a sealed visit: which value, what it should be, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.sheet_rows import Sheet
from app.ui.blocks import scrolling
from app.ui.slots import calling
from app.ui.visit.correction_drafts import CorrectionDraft, CorrectionDrafts
from app.ui.visit.fieldset import ChoiceField
from app.ui.visit.lines import BASICS, CLOSING
from app.ui.visit.work import VisitWork
from app.ui.visit.writing import WritingField
from app.ui.widgets import CaptionLabel, Card, HeadingLabel, PlainButton, SecondaryButton, mark_wrong
from app.wording import labels


@dataclass(frozen=True, slots=True)
class Correctable:
    """A value that may be corrected: its path, its name, what stands there, and the words it may take."""

    path: str
    name: str
    now: str
    words: Mapping[str, str] | None = None


_BASICS = (
    ("place", "检查地点", ""), ("production_status", "生产状态", "production_status"),
    ("product_class", "主要产品大类", "product_class"), ("subject_representative", "法定代表人", ""),
    ("subject_phone", "联系电话", ""),
)  # fmt: skip
_CLOSING = (
    ("previous_rectification", "上次整改", ""), ("situation", "检查情况", ""),
    ("opinion", "处理意见", ""), ("recorder", "记录人", ""),
)  # fmt: skip


def correctables(sheet: Sheet, card: str) -> tuple[Correctable, ...]:
    """What can be corrected on one card."""
    if card in {BASICS, CLOSING}:
        header = sheet.header
        return tuple(
            Correctable(name, text, str(getattr(header, name) or ""), labels(words) if words else None)
            for name, text, words in (_BASICS if card == BASICS else _CLOSING)
        )
    return tuple(_of_item(sheet, card))


def _of_item(sheet: Sheet, item: str) -> Iterator[Correctable]:
    rows = (row for section in sheet.sections for row in section.items)
    row = next((row for row in rows if row.id == item), None)
    if row is None:
        return
    if row.verdict is not None:
        yield Correctable(f"answers/{item}/verdict", f"{row.number} 判定", row.verdict, labels("verdict"))
        yield Correctable(f"answers/{item}/note", f"{row.number} 备注", row.note)
    if row.verdict is not None and row.measure is not None:
        yield Correctable(f"answers/{item}/value", f"{row.number} {row.measure.label}", row.value)
    for each in row.measures:
        if each.value:
            path = f"measurements/{item}.{each.entry.id}/value"
            yield Correctable(path, f"{row.number} {each.entry.label}", each.value)
    for finding in sheet.findings:
        if finding.key == row.finding_key:
            yield Correctable(f"findings/{finding.key}/description", "问题描述", finding.description)


class CorrectionPanel(Card):
    """Corrects one value of the current card; the former one stays visible in the record.

    What is typed is a draft until it is corrected or dropped: putting the panel away keeps it.
    """

    closed = Signal()
    corrected = Signal()

    def __init__(self, work: VisitWork, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("correction_panel")
        self._work = work
        self._card = self._shown_visit = ""
        self._offered: tuple[Correctable, ...] = ()
        self.drafts = CorrectionDrafts(work.place, self)
        self.what = ChoiceField({}, "", self)
        self.what.setObjectName("correct_what")
        self.word = ChoiceField({}, "", self)
        self.word.setObjectName("correct_word")
        self.text = WritingField(4, self)
        self.text.setObjectName("correct_text")
        self.reason = WritingField(3, self)
        self.reason.setObjectName("correct_reason")
        self.reason.setPlaceholderText("为什么更正，必填")
        self.begun = CaptionLabel("", "attention", self)
        self.drop = PlainButton("不更正了", parent=self)
        self.drop.setObjectName("drop_correction")
        self.button = SecondaryButton("更正", "Ctrl+S", self)
        self.button.setObjectName("correct")
        self._lay_out()

    def open(self, card: str) -> None:
        """Offer the values of a card, with what was begun there last, and wait for the choice."""
        self.show_card(card)
        begun = self._draft() is not None
        (self.reason if begun else self.what).setFocus()
        if begun:
            self.reason.moveCursor(QTextCursor.MoveOperation.End)

    def show_card(self, card: str) -> None:
        """Offer the values of a card; the same ones again leave what is being written alone."""
        sheet = self._work.sheet
        offered = () if sheet is None else correctables(sheet, card)
        if (card, offered) == (self._card, self._offered) and self._shown_visit == self._work.inspection_id:
            return
        self._card, self._offered, self._shown_visit = card, offered, self._work.inspection_id
        self.what.clear()
        for each in offered:
            self.what.addItem(each.name, each.path)
        begun = [path for path in self.drafts.of(self._shown_visit) if self.what.findData(path) >= 0]
        if begun:
            self.what.set_word(begun[-1])
        self.button.setEnabled(bool(offered))
        self._show_value()

    def flush(self) -> bool:
        """Store the draft now."""
        return self.drafts.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the panel away."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        close = PlainButton("收起", "Esc", self)
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(HeadingLabel("更正", "card", self), 1)
        head.addWidget(close)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.addWidget(CaptionLabel("记录已封存；原来的内容、更正人和理由都会留在记录里。", parent=inside))
        column.addWidget(self.begun)
        for name, fields in (
            ("更正哪一处", (self.what,)),
            ("改为", (self.word, self.text)),
            ("理由", (self.reason,)),
        ):
            column.addWidget(CaptionLabel(name, parent=inside))
            for field in fields:
                column.addWidget(field)
                field.setAccessibleName(name)
        column.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(scrolling(inside), 1)
        foot = QHBoxLayout()
        foot.addWidget(self.button, 1)
        foot.addWidget(self.drop)
        self.body.addLayout(foot)
        self.what.activated.connect(self._show_value)
        self.button.clicked.connect(self._correct)
        self.drop.clicked.connect(calling(self._drop))
        for changed in (self.text.textChanged, self.reason.textChanged, self.word.chosen):
            changed.connect(calling(self._typed))
        for field in (self.text, self.reason):
            field.left.connect(self.drafts.flush)
        self.text.ended.connect(self.closed)
        self.reason.ended.connect(self.closed)

    def _chosen(self) -> Correctable | None:
        line = self.what.currentIndex()
        return self._offered[line] if 0 <= line < len(self._offered) else None

    def _draft(self) -> CorrectionDraft | None:
        """What was begun about the chosen value."""
        chosen = self._chosen()
        return self.drafts.of(self._shown_visit).get(chosen.path) if chosen is not None else None

    def _show_value(self) -> None:
        chosen, draft = self._chosen(), self._draft()
        mark_wrong(self.reason, wrong=False)
        self._put(self.reason, draft.reason if draft else "")
        self._show_begun()
        if chosen is None:
            return
        value = draft.value if draft else chosen.now
        self.text.setVisible(chosen.words is None)
        self.word.setVisible(chosen.words is not None)
        if chosen.words is None:
            self._put(self.text, value)
            return
        self.word.clear()
        for word, text in chosen.words.items():
            self.word.addItem(text, word)
        self.word.setCurrentIndex(max(0, self.word.findData(value)))

    def _put(self, field: WritingField, text: str) -> None:
        field.blockSignals(True)
        field.setPlainText(text)
        field.blockSignals(False)

    def _show_begun(self) -> None:
        """Say that a correction was begun, and when the record has come to say otherwise since."""
        chosen, draft = self._chosen(), self._draft()
        self.drop.setVisible(draft is not None)
        self.begun.setVisible(draft is not None)
        if chosen is None or draft is None:
            return
        if draft.former != chosen.now:
            words = chosen.words or {}
            self.begun.setText(
                f"开始更正以后这一处已改为“{words.get(chosen.now, chosen.now)}”，核对后再更正。"
            )
        else:
            self.begun.setText("已写未更正，收起或关闭后再打开还在；按“更正”才记入记录。")

    def _value(self, chosen: Correctable) -> str:
        return self.text.toPlainText() if chosen.words is None else self.word.word()

    def _typed(self) -> None:
        chosen, known = self._chosen(), self._draft()
        if chosen is None:
            return
        value, reason = self._value(chosen), self.reason.toPlainText()
        begun = value != chosen.now or bool(reason.strip())
        former = known.former if known else chosen.now
        draft = CorrectionDraft(value, reason, former) if begun else None
        self.drafts.put(self._shown_visit, chosen.path, draft)
        if (known is None) != (draft is None):
            self._show_begun()

    def _drop(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.drafts.put(self._shown_visit, chosen.path, None)
            self.drafts.flush()
            self._show_value()
            self.what.setFocus()

    def _correct(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        reason = self.reason.toPlainText().strip()
        mark_wrong(self.reason, wrong=not reason)
        if not reason:
            self.reason.setFocus()
            return
        visit = self._shown_visit
        if self._work.correct(chosen.path, self._value(chosen), reason):
            self.drafts.put(visit, chosen.path, None)
            self.drafts.flush()
            self._show_value()
            self.corrected.emit()
