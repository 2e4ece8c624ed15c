"""The three columns of a visit: sections, items, and what is said or edited beside them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.services import clockwatch
from app.services.clockwatch import StepBack
from app.services.sheet_rows import Sheet
from app.ui.blocks import BlocksCard
from app.ui.tokens import ASIDE_WIDTH, SECTIONS_WIDTH
from app.ui.visit.aside import KEYS, KEYS_REPEATED, KEYS_SEALED, header_blocks, item_blocks
from app.ui.visit.correcting import CorrectionPanel
from app.ui.visit.finding import FindingPanel
from app.ui.visit.header_cards import BasicsCard, ClosingCard
from app.ui.visit.items import ItemList
from app.ui.visit.lines import (
    BASICS,
    CLOSING,
    GROUP,
    INSTANCE,
    Destination,
    behind_text,
    first_of,
    group_of,
    section_of,
)
from app.ui.visit.missing import MissingPanel
from app.ui.visit.sections import SectionsColumn
from app.ui.visit.stepping import Step
from app.ui.visit.work import VisitWork
from app.ui.visit.writing import is_redo
from app.ui.widgets import Banner, SearchField
from app.vocabulary import InspectionStatus, Verdict

NARROW: Final = 1040
"""Below this width of the three columns the outer two give room to the middle one."""
NARROW_SECTIONS: Final = 184
NARROW_ASIDE: Final = 236
BARE: Final = frozenset({Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier})
"""With these a key is a step of the visit: digits of the keypad answer too."""


class VisitWorkplace(QWidget):
    """Answers, notes, values and findings by keys; every key is also a button or a click.

    What leads out of here is asked for by signals: photos, signatures, other screens.
    """

    photo_asked = Signal(str)
    sign_asked = Signal(str)
    disposal_asked = Signal(str)
    conflict_asked = Signal()
    told = Signal(str)

    def __init__(self, work: VisitWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._behind: StepBack | None = None
        self.sections = SectionsColumn(self)
        self.search = SearchField("搜索检查项：编号、内容、备注", self)
        self.search.hide()
        self.banner = Banner(self)
        self.basics, self.closing = BasicsCard(work), ClosingCard(work)
        self.items = ItemList(work, (self.basics, self.closing), self)
        # Parts begin where they will lie: Qt gives one that moves its style anew, with all that is in it.
        self.beside = QStackedWidget(self)
        self.beside.setObjectName("clear")
        self.aside = BlocksCard(KEYS, self.beside)
        self.aside.setObjectName("aside")
        self.finding = FindingPanel(work, self.beside)
        self.missing = MissingPanel(self.beside)
        self.correction = CorrectionPanel(work, self.beside)
        self._lay_out()
        self._connect()

    def open(self, card: str = "") -> None:
        """Show the visit from its first open item on, or at ``card``."""
        self.search.clear()
        self.search.hide()
        self.items.search("")
        self.beside.setCurrentWidget(self.aside)
        self._behind = clockwatch.behind(self._work.place)
        with self.items.held():
            self.refresh()
            self.items.go(card or self._start_card())
        self.items.setFocus()

    def refresh(self) -> None:
        """Show the sheet as it is now."""
        sheet = self._work.sheet
        if sheet is None:
            return
        with self.items.held():
            self.items.refresh()
            self._show_beside(sheet)
            self._show_standing()
            self._follow(self.items.current())

    def _show_beside(self, sheet: Sheet) -> None:
        self.finding.refresh()
        if self.beside.currentWidget() is self.missing:
            self.missing.show_sheet(sheet)
        keys = KEYS_REPEATED if any(each.group for each in sheet.sections) else KEYS
        self.aside.foot.show_text(keys if self._work.editable else KEYS_SEALED)

    def flush(self) -> bool:
        """Store everything that is being typed; ``False`` when something could not be."""
        savers = (self.items.saver, self.basics.fields.saver, self.closing.fields.saver)
        stored = [saver.flush() for saver in savers]
        return all([*stored, self.finding.flush()])

    def is_writing(self) -> bool:
        """Whether a note, the wording of a finding or a correction has the keys."""
        at_correction = self.correction.isVisible() and self.correction.isAncestorOf(
            self.window().focusWidget()
        )
        return at_correction or self.items.is_writing() or self.finding.description.hasFocus()

    def answer(self, key: str, word: str, by_key: bool) -> None:
        """Store an answer; by a key, go on to the next card."""
        if not self._work.editable:
            self.told.emit("检查已封存，改动用“更正”")
            return
        # A finding's wording on its way to the store must be there before an answer can remove it.
        with self.items.held():
            stored = self.items.end_note() and self.finding.flush() and self._work.answer(key, Verdict(word))
            if stored and by_key:
                self.items.go_on()
        if stored and not by_key:
            self._show_finding_of(key)

    def _show_finding_of(self, item: str) -> None:
        """Show the finding that an answer opened; the keys stay with the list."""
        row = self._work.item(item)
        if row is not None and row.finding_key is not None and self.finding.show_finding(row.finding_key):
            self.beside.setCurrentWidget(self.finding)

    def undo(self) -> None:
        """Take the last step back and go to its card."""
        with self.items.held():
            step = self._work.undo() if self._settled() else None
            self._show_step("已撤销", step, self._work.barred() or "没有可以撤销的步骤")

    def redo(self) -> None:
        """Take the last step that was taken back again."""
        with self.items.held():
            step = self._work.redo() if self._settled() else None
            self._show_step("已重做", step, self._work.barred() or "没有可以重做的步骤")

    def _settled(self) -> bool:
        return self.items.end_note() and self.flush()

    def _show_step(self, done: str, step: Step | None, nothing: str) -> None:
        if step is None:
            self.told.emit(nothing)
            return
        self.go_to_step(step)
        self.told.emit(f"{done}：{step.name}")

    def go_to_step(self, step: Step) -> None:
        """Go to the card of a step, or to the group that an instance is gone from."""
        shown = self.items.keys()
        self.items.go(next((card for card in step.places() if card in shown), ""))

    def show_missing(self) -> None:
        """List the conditions of the visit beside the items, at the first that does not hold."""
        if self._work.sheet is not None:
            self.missing.show_sheet(self._work.sheet)
            self.beside.setCurrentWidget(self.missing)
            self.missing.go_to_first()

    def show_correction(self) -> None:
        """Correct a value of the current card."""
        self.beside.setCurrentWidget(self.correction)
        self.correction.open(self.items.current())

    def edit_finding(self, item: str) -> None:
        """Edit the finding of an item."""
        row = self._work.item(item)
        if row is None or row.finding_key is None:
            self.told.emit("本项没有问题；判为不符合（2）后再写")
        else:
            self.items.touch(item)
            self._open_finding(row.finding_key)

    def go_to(self, where: Destination) -> None:
        """Go where something missing is put right."""
        if where.way == "sign":
            self.sign_asked.emit("witness" if where.detail == "witness" else "")
            return
        if where.way == "enforcement":
            self.disposal_asked.emit("")
            return
        self._leave_search()
        if where.way == "group":
            self._go_group(where.detail)
            return
        if where.way == "finding":
            self.items.go(where.card)
            self._open_finding(where.detail)
            return
        self.items.go(where.card)
        self.items.setFocus()
        if where.way == "note":
            self.items.edit_note(where.card)
        elif where.way == "value":
            self.items.edit_value(where.card)
        elif where.way == "field":
            (self.basics if where.card == BASICS else self.closing).focus_field(where.detail)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the workplace; those that nobody here knows go on to the window."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif is_redo(event):
            self.redo()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.items.paste()
        elif event.key() == Qt.Key.Key_Escape:
            self._escape(event)
        elif event.modifiers() not in BARE or not self._plain_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the middle column room in a narrow window."""
        narrow = self.width() < NARROW
        self.sections.setFixedWidth(NARROW_SECTIONS if narrow else SECTIONS_WIDTH)
        self.beside.setFixedWidth(NARROW_ASIDE if narrow else ASIDE_WIDTH)
        super().resizeEvent(event)

    def _plain_key(self, event: QKeyEvent) -> bool:
        key, current = event.text().lower(), self.items.current()
        if key in {"1", "2", "3", "4"}:
            self.items.choose(int(key))
        elif key == "n":
            self.items.edit_note(current)
        elif key == "v":
            self.items.edit_value(current)
        elif key == "p":
            self.photo_asked.emit(current)
        elif key == "f":
            self.edit_finding(current)
        elif key == "a":
            self._add_instance(current)
        elif key == "m":
            self.show_missing()
        elif key == "/":
            self.begin_search()
        elif event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self._turn_section(1 if event.key() == Qt.Key.Key_PageDown else -1)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            # The search line hands its Enter on, after it has searched.
            self.items.setFocus() if self.search.hasFocus() else self._enter_card(current)
        else:
            return False
        return True

    def _enter_card(self, key: str) -> None:
        if key == BASICS:
            self.basics.focus_field("place")
        elif key == CLOSING:
            self.closing.focus_field("situation")
        elif key.startswith(GROUP):
            self._add_instance(key)
        elif key.startswith(INSTANCE):
            self.items.edit_name(key)
        else:
            self.items.edit_note(key)

    def _add_instance(self, card: str) -> None:
        """Add an instance to the repeated section that a card belongs to."""
        sheet = self._work.sheet
        group = None if sheet is None else group_of(sheet, card)
        if group is None:
            self.told.emit("这一节不分份检查")
        elif not self._work.editable:
            self.told.emit("检查已封存，不能添加")
        elif group.count >= group.maximum:
            self.told.emit(f"{group.title}最多 {group.maximum} 份")
        else:
            self.items.add_instance(group.section)

    def _go_group(self, title: str) -> None:
        """Go to the repeated section that lacks instances."""
        groups = (each.group for each in (self._work.sheet.sections if self._work.sheet else ()))
        found = next((group for group in groups if group is not None and group.title == title), None)
        if found is not None:
            self.items.go(GROUP + found.section)
            self.items.setFocus()

    def _escape(self, event: QKeyEvent) -> None:
        if self.beside.currentWidget() is not self.aside:
            self._show_aside()
        elif self.search.isVisible():
            self._leave_search()
        elif not self.items.hasFocus():
            self.flush()
            self.items.setFocus()
        else:
            super().keyPressEvent(event)

    def begin_search(self) -> None:
        """Show the search line and wait in it."""
        self.search.show()
        self.search.setFocus()

    def _leave_search(self) -> None:
        self.search.clear()
        self.search.hide()
        self.items.search("")
        self.items.go(self.items.current())
        self.items.setFocus()

    def _turn_section(self, by: int) -> None:
        keys = self.sections.keys()
        sheet = self._work.sheet
        if sheet is not None:
            at = keys.index(section_of(sheet, self.items.current()))
            self._go_section(keys[max(0, min(len(keys) - 1, at + by))])

    def _go_section(self, section: str) -> None:
        if self._work.sheet is not None and self.items.end_note():
            self._leave_search()
            self.items.go(first_of(self._work.sheet, section))

    def _open_finding(self, key: str) -> None:
        if self.finding.open(key):
            self.beside.setCurrentWidget(self.finding)

    def _show_aside(self) -> None:
        self.finding.flush()
        self.correction.flush()
        self.beside.setCurrentWidget(self.aside)
        self._show_standing()
        self.items.setFocus()

    def _start_card(self) -> str:
        sheet = self._work.sheet
        if sheet is None or not self._work.editable:
            return BASICS
        answered = any(row.verdict for section in sheet.sections for row in section.items)
        rows = (row for section in sheet.sections for row in section.items if row.verdict is None)
        return next((row.id for row in rows), CLOSING) if answered else BASICS

    def _follow(self, key: str) -> None:
        """Show beside the items what belongs to the current card."""
        sheet = self._work.sheet
        if sheet is None:
            return
        row = self._work.item(key)
        self.aside.show_blocks(header_blocks(sheet) if row is None else item_blocks(sheet, row))
        self.sections.show_sheet(sheet, section_of(sheet, key))
        finding = self._work.finding(self.finding.key)
        elsewhere = finding is not None and finding.item not in {"", key}
        if self.beside.currentWidget() is self.finding and elsewhere:
            self.finding.flush()
            self.beside.setCurrentWidget(self.aside)
        if self.beside.currentWidget() is self.correction:
            self.correction.show_card(key)

    def _show_standing(self) -> None:
        """Say above the items what keeps the visit from being worked on, if anything does."""
        sheet = self._work.sheet
        if sheet is None:
            return
        header = sheet.header
        if header.in_conflict:
            remedy = "各个值都留着，逐处定下后才能完成。"
            self.banner.say("本记录有几人填写不一致", remedy, action="去定下", closable=False)
        elif header.status is InspectionStatus.RETURNED:
            self.banner.say(f"已退回：{header.review_remark}", "按“继续办理”补正后再完成。", closable=False)
        elif header.status in {InspectionStatus.APPROVED, InspectionStatus.FINALISED}:
            said = "已审核并封存" if header.status is InspectionStatus.APPROVED else "已完成并封存"
            begun = len(self.correction.drafts.of(header.id))
            left = f"有 {begun} 处更正写了还没有记入记录。" if begun else ""
            self.banner.say(said, f"改动用“更正”，原来的内容会留下。{left}", "good", closable=False)
        elif self._behind is not None:
            self.banner.say(*behind_text(self._behind), "attention")
        else:
            self.banner.hide()

    def _lay_out(self) -> None:
        for page in (self.aside, self.finding, self.missing, self.correction):
            self.beside.addWidget(page)
        middle = QVBoxLayout()
        middle.setSpacing(10)
        middle.addWidget(self.banner)
        middle.addWidget(self.search)
        middle.addWidget(self.items, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.sections)
        row.addLayout(middle, 1)
        row.addWidget(self.beside)

    def _connect(self) -> None:
        self.banner.acted.connect(self.conflict_asked)
        self.items.moved.connect(self._follow)
        self.items.answered.connect(self.answer)
        self.items.told.connect(self.told)
        self.items.photo_asked.connect(self.photo_asked)
        self.items.finding_asked.connect(self.edit_finding)
        self.sections.chosen.connect(self._go_section)
        self.search.searched.connect(self.items.search)
        for card in (self.basics, self.closing):
            card.left.connect(self.items.setFocus)
        self.closing.sign_asked.connect(self.sign_asked)
        self.closing.finding_asked.connect(self._open_finding)
        self.finding.closed.connect(self._show_aside)
        self.finding.disposal_asked.connect(self.disposal_asked)
        self.missing.closed.connect(self._show_aside)
        self.missing.chosen.connect(self.go_to)
        self.sections.missing_asked.connect(self.show_missing)
        self.correction.closed.connect(self._show_aside)
        self.correction.corrected.connect(self._show_aside)
        self.correction.drafts.refused.connect(self._work.refused)
