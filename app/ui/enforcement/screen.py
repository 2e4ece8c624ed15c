"""The screen 问题与处置: visits with something open at the left, what the chosen one left at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.clock import local_date
from app.errors import BadInput, ChayanError
from app.services import casework, enforcing, matters, sheets
from app.services.before_after import before_after
from app.services.casework import CaseRow
from app.services.due import Due, due_rows
from app.services.enforcing import Drafted, OrderRow
from app.services.matters import MatterRow
from app.services.numbering import ORDER_FORM
from app.services.sheet_rows import FindingRow
from app.services.workplace import Changes
from app.ui.calendar_export import ask_calendar, calendar_action
from app.ui.chooser import Chooser
from app.ui.enforcement import case_forms, fitting, lines, order_forms
from app.ui.enforcement.compare import CompareDialog
from app.ui.enforcement.follow_up import FollowedUp, FollowUpForm
from app.ui.enforcement.lines import Papers
from app.ui.enforcement.notice_forms import NoticeForm
from app.ui.enforcement.order_forms import DraftForm
from app.ui.enforcement.papers import PapersColumn
from app.ui.latest import Latest
from app.ui.screen import Screen, ScreenAction
from app.ui.slots import calling
from app.ui.steps import StepDialog
from app.ui.widgets import Column, EmptyState, PagedTable, SearchField, day_text, open_once
from app.vocabulary import NotificationKind, Role
from app.wording import label

if TYPE_CHECKING:
    from app.services.workplace import Workplace
    from app.ui.screens import Desk

LIST_WIDTH: Final = 340
WIDEST: Final = 16_777_215
"""Qt's own word for no limit, which its Python names nowhere."""
RECORD_FORM: Final = "inspection-record"
PRINTING: Final = "printing"

COLUMNS: Final[tuple[Column[MatterRow], ...]] = (
    Column("企业", "organization", 0),
    Column("期限", lines.matter_text, 15, tone=lines.matter_tone),
)
DUE_COLUMNS: Final[tuple[Column[Due], ...]] = (
    Column("企业", "organization", 0),
    Column("事项", lines.due_step, 9),
    Column("期限", lines.due_left, 15, tone=lines.left_tone),
)
OPEN, ALL, DUE = range(3)
"""The tabs: matters that are open, all of them, and everything with a last day."""


class MatterList(QWidget):
    """The list at the left: open matters or all, searched by name or code; and what is due when."""

    due_chosen = Signal(object)
    due_opened = Signal(object)

    def __init__(self, fetch: Callable[[Sequence[str]], Sequence[MatterRow]], parent: QWidget) -> None:
        super().__init__(parent)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("matter_tabs")
        self.tabs.setAccessibleName("范围")
        self.tabs.addTab("未了结")
        self.tabs.addTab("全部")
        self.tabs.addTab("到期")
        self._due: dict[str, Due] = {}
        self.due: PagedTable[Due] = PagedTable(DUE_COLUMNS, self._due_rows, parent=self)
        self.due.setObjectName("due")
        self.due.setAccessibleName("到期")
        self.search = SearchField("搜索企业或代码", self)
        self.table: PagedTable[MatterRow] = PagedTable(COLUMNS, fetch, parent=self)
        self.table.setObjectName("matters")
        self.table.setAccessibleName("有处置事项的检查")
        self.empty = EmptyState("没有未了结的事项", icon="findings", parent=self)
        self._pages = QStackedWidget(self)
        for page in (self.table, self.due, self.empty):
            self._pages.addWidget(page)
        self.due.chosen.connect(calling(self._tell_due, self.due_chosen))
        self.due.opened.connect(calling(self._tell_due, self.due_opened))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.tabs, self.search, self._pages):
            column.addWidget(part)

    def show_ids(self, ids: Sequence[str]) -> None:
        """Show these visits, or why there are none."""
        self.table.set_ids(ids)
        if self.search.text():
            self.empty.say("没有找到", "换一个名称或代码")
        elif self.tabs.currentIndex() == OPEN:
            self.empty.say("没有未了结的事项", "检查中判为不符合的项目会列在这里")
        else:
            self.empty.say("还没有处置事项", "检查中判为不符合的项目会列在这里")
        self._show_page(self.table if ids else self.empty)

    def show_due(self, rows: Sequence[Due]) -> None:
        """Show what has a last day, the overdue in front, or that nothing has."""
        self._due = {f"{row.record} {lines.card_of(row)}": row for row in rows}
        self.due.set_ids(tuple(self._due))
        said = ("没有找到", "换一个名称") if self.search.text() else ("没有在走的期限", "")
        self.empty.say(*said)
        self._show_page(self.due if rows else self.empty)

    def current(self) -> PagedTable[MatterRow] | PagedTable[Due]:
        """The list in view."""
        return self.due if self.tabs.currentIndex() == DUE else self.table

    def _show_page(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        # Without a list there is nothing to choose: the words stand in the middle of the window.
        alone = page is self.empty and not self.search.text()
        self.setMinimumWidth(LIST_WIDTH)
        self.setMaximumWidth(WIDEST if alone else LIST_WIDTH)

    def _due_rows(self, ids: Sequence[str]) -> Sequence[Due]:
        return [self._due[each] for each in ids]

    def _tell_due(self, told: SignalInstance) -> None:
        row = self._due.get(self.due.current_id() or "")
        if row is not None:
            told.emit(row)


class EnforcementScreen(Screen):
    """Draft, issue, deliver, follow up; lead, case, referral; notices and reports."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk, self._chooser = desk, chooser or Chooser()
        self._rows: dict[str, MatterRow] = {}
        self._papers: Papers | None = None
        self._awaited = ""
        self._reading: Latest[Papers] = Latest(desk.jobs, self._put, self._not_read, self)
        self._finding = self._card = ""
        self.list = MatterList(self._fetch, self)
        self.papers = PapersColumn(self)
        self.empty = EmptyState("选一次检查", "左边列出有问题要处置的检查，先急后缓", parent=self)
        self._pages = QStackedWidget(self)
        self._nothing = QWidget(self)
        for page in (self.empty, self.papers, self._nothing):
            self._pages.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.list)
        row.addWidget(self._pages, 1)
        self._connect()

    def _connect(self) -> None:
        self.list.tabs.currentChanged.connect(calling(self._list_again))
        self.list.search.searched.connect(calling(self._list_again))
        self.list.table.chosen.connect(self._choose)
        self.list.table.opened.connect(calling(self._go_to_papers))
        self.list.due_chosen.connect(self._choose_due)
        self.list.due_opened.connect(self._open_due)
        self.papers.asked.connect(self.ask)

    def title(self) -> str:
        """The chosen organization, or the name of the screen."""
        return "问题与处置" if self._papers is None else self._papers.sheet.header.subject_name

    def context(self) -> str:
        """The chosen visit, or what is open altogether."""
        if self._papers is None:
            return lines.counts_text(self._rows.values())
        header = self._papers.sheet.header
        visited = day_text(local_date(header.started_at))
        kind = label("inspection_type", header.inspection_type)
        names = "、".join(name for _, name in self._papers.sheet.officers)
        return f"{visited} {kind} · {label('inspection_status', header.status)} · 检查人员 {names}"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Printing, the visit itself, and the next natural step."""
        calendar = calendar_action(self.export_calendar)
        if self._papers is None:
            return (calendar,)
        actions = [
            ScreenAction("文书", lambda: self.ask("papers_visit", ""), "Ctrl+E", name="papers"),
            ScreenAction("打印", lambda: self.ask("print_record", ""), "Ctrl+P", name="print"),
        ]
        if self._desk.place.owner.role is Role.INSPECTOR:
            # Visits are made on laptops; an office has no room for them.
            actions.insert(0, ScreenAction("打开检查", self._open_visit, "Ctrl+O", name="open_visit"))
        actions.append(calendar)
        step = lines.next_step(self._papers)
        if step is not None:
            actions.append(
                ScreenAction(
                    step.text,
                    self._take_next_step,
                    "Ctrl+Return",
                    primary=True,
                    name="next_step",
                )
            )
        return actions

    def refresh(self, changes: Changes | None) -> None:
        """Read the list and the chosen visit again."""
        if changes is not None and not changes.concern("inspection"):
            return
        self._read_list()
        # A matter that was just closed leaves the list, but stays in view until another is chosen.
        self._show(self._visit() or self._first())

    def _list_again(self) -> None:
        """Read the list for another tab or search; a visit in view stays there, and is not read again."""
        self._read_list()
        if self._visit():
            self._turn_page()
        else:
            self._show(self._first())

    def _first(self) -> str:
        """The visit that the list stands at; what is due is only shown when it is chosen."""
        due = self.list.tabs.currentIndex() == DUE
        return "" if due else self.list.table.current_id() or ""

    def _read_list(self) -> None:
        if self.list.tabs.currentIndex() == DUE:
            self._read_due()
            return
        rows = matters.matter_rows(
            self._desk.place,
            open_only=self.list.tabs.currentIndex() == OPEN,
            query=self.list.search.text(),
        )
        self._rows = {row.inspection_id: row for row in rows}
        if self.list.tabs.currentIndex() == OPEN and not self.list.search.text():
            self.list.tabs.setTabText(OPEN, f"未了结 {len(rows)}" if rows else "未了结")
        self.list.show_ids(tuple(self._rows))

    def where(self) -> dict[str, object]:
        """The visit whose findings are shown, and whether the list is of what is due."""
        visit, due = self._visit(), self.list.tabs.currentIndex() == DUE
        return ({"inspection_id": visit} if visit else {}) | ({"due": True} if due else {})

    def _visit(self) -> str:
        """The visit that is chosen, though it may not have been read yet."""
        return self._awaited or (self._papers.sheet.header.id if self._papers else "")

    def _read_due(self) -> None:
        """Read the list of what is due; targets are seen in 检查对象."""
        query = self.list.search.text().strip()
        rows = [row for row in due_rows(self._desk.place, targets=False) if query in row.organization]
        self.list.tabs.setTabText(DUE, f"到期 {len(rows)}" if rows and not query else "到期")
        self.list.show_due(rows)

    def export_calendar(self) -> None:
        """Write the deadlines for other calendars."""
        ask_calendar(self, self._desk, self._chooser)

    def open_with(self, **arguments: object) -> None:
        """Show the visit ``inspection_id``; ``finding_key`` is chosen where it still waits for an order.

        ``card`` names the card to wait at, such as ``order:<key>``; with ``due`` the list is of what is due.
        """
        wanted = str(arguments.get("inspection_id", ""))
        if arguments.get("due"):
            self.list.tabs.setCurrentIndex(DUE)
            self._show(wanted)
            return
        if wanted not in self._rows or self.list.tabs.currentIndex() == DUE:
            self.list.search.clear()
            self.list.tabs.setCurrentIndex(ALL)
        if wanted not in self._rows:
            self._read_list()
        self.list.table.choose(wanted)
        if self._awaited or self._visit() != wanted:
            self._show(wanted)
        self._finding, self._card = (str(arguments.get(name, "")) for name in ("finding_key", "card"))

    def focus_first(self) -> None:
        """Begin at the finding that was asked for, else in the list on its first line."""
        finding, self._finding = self._finding, ""
        card, self._card = self._card, ""
        if self.papers.go_to_finding(finding) or self.papers.go_to_card(card):
            return
        if self.list.tabs.currentIndex() == DUE:
            self.list.due.setFocus()
            return
        if self.list.table.current_id() is None and self._rows and self._papers is None:
            self.list.table.choose(next(iter(self._rows)))
        self.list.table.setFocus()

    def ask(self, name: str, key: str) -> None:
        """Take a step by its name, about the record ``key``."""
        another = self._settle()
        papers = self._papers
        if papers is None or (another and key):
            return  # what was pressed lay on a card of the visit before
        if name.startswith("papers_"):
            self._offer_papers(name.removeprefix("papers_"), key, papers.sheet.header.id)
            return
        if name == "compare":
            self._compare(key, papers)
            return
        if name in {"print_order", "print_record"}:
            self._print(ORDER_FORM if name == "print_order" else RECORD_FORM, key)
            return
        try:
            dialog = self._form(name, key, papers)
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        dialog.stored.connect(self._stored)
        open_once(dialog)

    def _take_next_step(self) -> None:
        self._settle()
        step = None if self._papers is None else lines.next_step(self._papers)
        if step is not None:
            self.ask(step.name, step.key)

    def _go_to_papers(self) -> None:
        self._settle()
        self.papers.focus_first()

    def _offer_papers(self, about: str, key: str, inspection_id: str) -> None:
        try:
            found = fitting.fitting(self._desk.place, inspection_id, about, key)
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        fitting.offer(found, self._write, self, self.papers.card(f"{about}:{key}") or self.papers)

    def _write(self, chosen: fitting.Fitting) -> None:
        if self._papers is not None:
            arguments = {
                "inspection_id": self._papers.sheet.header.id,
                "form": chosen.form.id,
                "subject_key": chosen.subject,
                "fill": chosen.form.kept,
            }
            self.open_requested.emit(PRINTING, arguments)

    def _form(self, name: str, key: str, papers: Papers) -> StepDialog:
        """The form of a step."""
        desk, sheet = self._desk, papers.sheet
        if name == "draft":
            return DraftForm(desk, sheet, self._to_order(), self)
        if name == "lead":
            return case_forms.lead_form(desk, sheet, self._chosen_or_all(), self)
        if name == "escalate":
            order = next(row for row in papers.orders if row.key == key)
            return case_forms.escalation_form(desk, sheet, order, papers.follow_ups, self)
        if name in {"notify", "province"}:
            kind = NotificationKind.CERTIFICATION_BODY if name == "notify" else NotificationKind.PROVINCE
            return NoticeForm(desk, sheet, self._chosen_or_all(), kind, self)
        if name in {"cite", "issue", "deliver", "follow_up"}:
            return self._order_form(name, next(row for row in papers.orders if row.key == key), papers)
        return self._case_form(name, next(row for row in papers.cases if row.key == key))

    def _order_form(self, name: str, order: OrderRow, papers: Papers) -> StepDialog:
        if name == "cite":
            return order_forms.cite_form(self._desk, order, self)
        if name == "issue":
            return order_forms.issue_form(self._desk, order, self)
        if name == "deliver":
            receiver = papers.sheet.header.subject_representative
            return order_forms.deliver_form(self._desk, order, receiver, self)
        items = [row.item for row in papers.sheet.findings if row.order_key == order.key and row.item]
        return FollowUpForm(self._desk, order, items, self)

    def _case_form(self, name: str, case: CaseRow) -> StepDialog:
        forms = {
            "verify": case_forms.verify_form,
            "file": case_forms.file_form,
            "not_file": case_forms.not_filed_form,
            "decide": case_forms.decide_form,
            "number": case_forms.number_form,
            "refer": case_forms.refer_form,
            "close": case_forms.close_form,
        }
        return forms[name](self._desk, case, self)

    def _to_order(self) -> tuple[FindingRow, ...]:
        chosen = tuple(row for row in self.papers.chosen_findings() if row.order_key is None)
        if not chosen:
            raise BadInput("enforcing.no_findings")
        return chosen

    def _chosen_or_all(self) -> tuple[FindingRow, ...]:
        chosen = self.papers.chosen_findings()
        return chosen or tuple(row for row in (self._papers.sheet.findings if self._papers else ()))

    def _stored(self, result: object) -> None:
        if isinstance(result, FollowedUp):
            for problem in result.problems:
                self.problem_found.emit(problem)
        changes = result.changes if isinstance(result, Drafted | FollowedUp) else result
        self.changed.emit(changes)
        self.notice_given.emit("已存盘")
        if isinstance(result, FollowedUp) and result.escalated and self._papers is not None:
            # The order has become a case to be: its lead is the very next thing to write.
            self.ask("escalate", result.order_key)

    def _compare(self, order_key: str, papers: Papers) -> None:
        """Show the photos of an order before and after, or say that there are none."""
        order = next(row for row in papers.orders if row.key == order_key)
        found = before_after(self._desk.place, inspection_id=order.inspection_id, order_key=order_key)
        if not found:
            self.notice_given.emit("整改前后都没有照片；检查中拍的和复查时加的会在这里并排")
            return
        dialog = CompareDialog(self._desk, lines.order_title(order), found, self)
        open_once(dialog)

    def _choose_due(self, row: Due) -> None:
        self._show(row.record)

    def _open_due(self, row: Due) -> None:
        self._show(row.record)
        self.papers.go_to_card(lines.card_of(row))

    def _fetch(self, ids: Sequence[str]) -> Sequence[MatterRow]:
        return [self._rows[key] for key in ids]

    def _choose(self, inspection_id: str) -> None:
        if inspection_id and self._papers is None:
            self._show(inspection_id)
        elif inspection_id:
            # The one before stays in view until this one is read; whoever acts at once does not wait.
            self._awaited = inspection_id
            self._reading.ask(partial(_read, self._desk.place, inspection_id))

    def _settle(self) -> bool:
        """Have the chosen visit in view before something is done to it; whether that was another one."""
        awaited = self._awaited
        if awaited:
            self._show(awaited)
        return bool(awaited)

    def _show(self, inspection_id: str) -> None:
        self._reading.drop()
        found = None
        if inspection_id:
            try:
                found = _read(self._desk.place, inspection_id)
            except ChayanError as error:
                self.problem_found.emit(error)
        self._put(found)

    def _not_read(self, error: ChayanError) -> None:
        self.problem_found.emit(error)
        self._put(None)

    def _put(self, papers: Papers | None) -> None:
        self._papers, self._awaited = papers, ""
        if self._papers is not None:
            self.papers.show_papers(self._papers)
        self._turn_page()

    def _turn_page(self) -> None:
        """Show the papers of the visit in view, or what stands in their place."""
        listed = bool(self.list.current().rows.ids())
        # 选一次检查 is said only where there is one to be chosen.
        waiting = self.empty if listed else self._nothing
        self._pages.setCurrentWidget(waiting if self._papers is None else self.papers)
        self._pages.setVisible(self._papers is not None or listed or bool(self.list.search.text()))
        self.header_changed.emit()

    def _print(self, form: str, order_key: str) -> None:
        if self._papers is not None:
            arguments = {
                "inspection_id": self._papers.sheet.header.id,
                "form": form,
                "subject_key": order_key,
            }
            self.open_requested.emit(PRINTING, arguments)

    def _open_visit(self) -> None:
        if visit := self._visit():
            self.open_requested.emit("visit", {"inspection_id": visit})


def _read(place: Workplace, inspection_id: str) -> Papers:
    """What a visit left behind; also in the thread of the store."""
    return Papers(
        sheets.sheet(place, inspection_id=inspection_id),
        enforcing.order_rows(place, open_only=False, inspection_id=inspection_id),
        enforcing.follow_up_rows(place, inspection_id=inspection_id),
        casework.case_rows(place, inspection_id=inspection_id),
        casework.notification_rows(place, inspection_id=inspection_id),
    )
