"""One record at the right: its disputed fields one under another, and below them what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from app.services import disputed_parts, disputes, paper_names, resolving
from app.services.naming import path_text, reading_order
from app.services.paper_names import NO_PAPERS, Papers
from app.services.resolving import DecisionRow
from app.services.workplace import Workplace
from app.ui.conflicts.decided import DecisionList
from app.ui.conflicts.field import Dispute, Draft, FieldSection

MARGIN = 24


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands: what is in dispute, what was decided, and whether the owner may decide."""

    kind: str
    record_id: str
    disputes: tuple[Dispute, ...]
    decisions: tuple[DecisionRow, ...]
    may_decide: bool
    papers: Papers = NO_PAPERS

    def name(self, path: str) -> str:
        """What a path of the record is called."""
        return path_text(path, self.papers)


def standing(place: Workplace, kind: str, record_id: str) -> Standing:
    """Read a record; raises for a kind that is not known here."""
    told = {"kind": kind, "record_id": record_id}
    fields = disputes.conflict_detail(place, kind=kind, record_id=record_id)
    parts = disputed_parts.parts(place, **told, paths=[each.path for each in fields])
    may = resolving.may_decide(place, kind)
    found = (
        Dispute(each, disputed_parts.asked(kind, each.path), parts.get(each.path), may) for each in fields
    )
    ordered = tuple(sorted(found, key=lambda each: reading_order(kind, each.path)))
    papers = paper_names.papers_of(place, **told)
    return Standing(kind, record_id, ordered, resolving.decision_rows(place, **told), may, papers)


@dataclass(frozen=True, slots=True)
class _Held:
    """Where the keys went before the view was made anew."""

    section: FieldSection
    focus: QWidget


class RecordPane(QScrollArea):
    """Shows a :class:`Standing`; made anew only when it changed, with everything typed put back.

    ``decided`` carries path, what to take and the reason, ``reopen_asked`` a path, ``left`` Esc.
    """

    decided = Signal(str, object, str)
    reopen_asked = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("不一致之处")
        self.shown: Standing | None = None
        self.sections: list[FieldSection] = []
        self.decisions: DecisionList | None = None

    def show_standing(self, seen: Standing, drafts: dict[str, Draft]) -> None:
        """Show a record; ``drafts`` by path hold what was typed for it and take what is typed now."""
        if seen == self.shown:
            return
        same_record = self.shown is not None and self.shown.record_id == seen.record_id
        where = self.verticalScrollBar().value() if same_record else 0
        held = self._held()
        self.shown = seen
        whole = QWidget(self.viewport())
        whole.setObjectName("scrolled")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 10, 0)
        column.setSpacing(22)
        self.sections = [self._section(n, drafts, whole) for n in range(len(seen.disputes))]
        for section in self.sections:
            column.addWidget(section)
        self.decisions = None
        if seen.decisions:
            self.decisions = DecisionList(seen.decisions, may_reopen=seen.may_decide, parent=whole)
            self.decisions.reopen_asked.connect(self.reopen_asked)
            column.addWidget(self.decisions)
        column.addStretch(1)
        self.setWidget(whole)
        self.verticalScrollBar().setValue(where)
        again = self._again(held) if held is not None and same_record else None
        self._turn_to(self._first() if again is None else again.section)
        if again is not None:
            again.focus.setFocus()
        elif held is not None:
            self.focus_first()

    def _held(self) -> tuple[str, str] | None:
        """Where the keys go now: the path and the name of the control; ``None`` when elsewhere."""
        focus = QApplication.focusWidget()
        if not isinstance(focus, QWidget) or not self.isAncestorOf(focus):
            return None
        paths = (each.dispute.path for each in self.sections if each.isAncestorOf(focus))
        return next(paths, ""), focus.objectName()

    def _again(self, held: tuple[str, str]) -> _Held | None:
        """The same control of the same field in the view made anew."""
        for section in self.sections:
            if section.dispute.path == held[0]:
                found = section.findChild(QWidget, held[1])
                return None if found is None else _Held(section, found)
        return None

    def _section(self, number: int, drafts: dict[str, Draft], parent: QWidget) -> FieldSection:
        assert self.shown is not None
        dispute = self.shown.disputes[number]
        count = len(self.shown.disputes)
        draft = drafts.setdefault(dispute.path, Draft())
        section = FieldSection(dispute, draft, f"第 {number + 1} 处，共 {count} 处", parent)
        section.entered.connect(partial(self._turn_to, section))
        section.left.connect(self.left)
        section.wanted.connect(partial(self._show_field, section))
        section.decided.connect(partial(self.decided.emit, dispute.path))
        return section

    def current(self) -> FieldSection | None:
        """The field that is being decided."""
        return next((each for each in self.sections if not each.panel.isHidden()), None)

    def focus_first(self) -> None:
        """Put the focus on the choice of the current field."""
        section = self.current()
        if section is not None:
            section.focus_first()
        elif self.decisions is not None:
            buttons = [card.button for card in self.decisions.cards if card.button is not None]
            if buttons:
                buttons[0].setFocus()

    def _first(self) -> FieldSection | None:
        begun = (each for each in self.sections if each.draft.choice or each.draft.reason)
        return next(begun, self.sections[0] if self.sections else None)

    def _turn_to(self, section: FieldSection | None) -> None:
        if section is None or section is self.current():
            return
        for each in self.sections:
            each.set_current(current=each is section)
        QTimer.singleShot(0, section, partial(self._bring, section))

    def _show_field(self, section: FieldSection, field: QWidget) -> None:
        QTimer.singleShot(0, section, partial(self._see, section, field))

    def _see(self, section: FieldSection, field: QWidget) -> None:
        """Scroll so that a field is seen, and with it the button, where there is room for both."""
        if section in self.sections:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            self.ensureWidgetVisible(section.panel.button, 0, MARGIN // 2)
            self.ensureWidgetVisible(field, 0, MARGIN // 2)

    def _bring(self, section: FieldSection) -> None:
        """Scroll to a field; where it lies is known once the panel has come and the other one gone."""
        if section in self.sections:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            room = min(section.height(), self.viewport().height() - MARGIN)
            top = section.y()
            bar = self.verticalScrollBar()
            if top < bar.value() or top + room > bar.value() + self.viewport().height():
                bar.setValue(top)
