"""检查: the list of visits, the visit under work, its photos; starting, signing, finishing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.services import registering, targets
from app.services.sheet_rows import MissingItem
from app.services.targets import TargetRow
from app.services.workplace import Changes
from app.ui.deadlines import deadlines_text
from app.ui.evidence.intake import Intake
from app.ui.evidence.panel import EvidencePanel
from app.ui.history.dialog import open_history
from app.ui.pauses import pause
from app.ui.screen import Screen, ScreenAction
from app.ui.visit.lines import VERDICTS
from app.ui.visit.signing import SigningDialog
from app.ui.visit.start import Start, StartDialog
from app.ui.visit.stepping import Step
from app.ui.visit.team import team_form
from app.ui.visit.visits import VisitList
from app.ui.visit.work import VisitWork
from app.ui.visit.workplace import VisitWorkplace
from app.ui.widgets import open_once
from app.ui.widgets.photos import choose_files
from app.vocabulary import InspectionStatus, TaskSource, Verdict
from app.wording import joined, label

if TYPE_CHECKING:
    from app.ui.screens import Desk

ChooseFiles = Callable[[QWidget], Sequence[Path]]
AFTER_THE_LIST: Final = 80
"""Milliseconds after the list was shown in which what a visit is shown with is made."""
NOTE, FINDING, PHOTOS, CORRECTION = "note", "finding", "photos", "correction"
"""What one may be doing at a card of a visit besides answering."""


class VisitScreen(Screen):
    """Opens with ``inspection_id``, with ``assignment_id`` or with ``organization_id``; else the list."""

    def __init__(self, desk: Desk, choose: ChooseFiles = choose_files) -> None:
        super().__init__()
        self._desk, self._choose = desk, choose
        self._target: TargetRow | None = None
        self._storing = False
        self._asked: tuple[str, tuple[MissingItem, ...]] = ("", ())
        self.work = VisitWork(desk.place, self, desk.keeping)
        self.visits = VisitList(desk.place, self)
        self.intake = Intake(self.work, desk.jobs, self)
        self.start_dialog: StartDialog | None = None
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.visits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._pause = pause(self, AFTER_THE_LIST, self._make_workplace)
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._make_card)
        self._connect()

    @cached_property
    def workplace(self) -> VisitWorkplace:
        """The columns of a visit, made in the pause after the list was shown or for the first visit."""
        made = VisitWorkplace(self.work, self._pages)
        made.photo_asked.connect(self._choose_files)
        made.sign_asked.connect(self.sign)
        made.disposal_asked.connect(self._dispose)
        made.conflict_asked.connect(self._settle)
        made.told.connect(self.notice_given)
        made.items.files_given.connect(self.add_files)
        made.items.picture_given.connect(self._paste)
        self._pages.addWidget(made)
        return made

    def _make_workplace(self) -> None:
        if self.workplace.items.make_ahead():
            self._idle.start(0)

    def _make_card(self) -> None:
        """One card at each idle turn: all at once would hold the window as long as opening a visit does."""
        if not self.workplace.items.make_ahead():
            self._idle.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """The list first; what the first visit is shown with follows."""
        super().showEvent(event)
        self.get_ready()

    def get_ready(self) -> None:
        """Make the columns and the cards of a visit in the pauses that follow."""
        self._pause.start()

    @cached_property
    def photos(self) -> EvidencePanel:
        """The evidence of the visit, made when it is first looked at."""
        made = EvidencePanel(self.work, self._desk.jobs, self.intake, self._choose, self._pages)
        made.closed.connect(self._back_to_items)
        made.item_chosen.connect(self._back_to_items)
        made.told.connect(self.notice_given)
        made.editing_changed.connect(self.header_changed)
        made.deeds.settled.connect(self.settled)
        made.deeds.elsewhere.connect(self._back_to_step)
        self._pages.addWidget(made)
        return made

    @cached_property
    def signing(self) -> SigningDialog:
        """Takes the signatures; made for the first."""
        return SigningDialog(self.work, self)

    def _photos_shown(self) -> bool:
        return isinstance(self._pages.currentWidget(), EvidencePanel)

    def title(self) -> str:
        """The organization under inspection."""
        return self.work.sheet.header.subject_name if self.work.sheet else "检查"

    def context(self) -> str:
        """Task, deadlines and officers, or the state of the visit."""
        sheet = self.work.sheet
        if sheet is None:
            return "新的在前；Enter 打开"
        people = f"检查人员 {joined('names', (row.called for row in sheet.team))}"
        task = _task_text(self._target) or label("inspection_type", sheet.header.inspection_type)
        return f"{task} · {people}"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """The steps of a visit in its present state."""
        sheet = self.work.sheet
        if sheet is None:
            return (ScreenAction("去检查对象", self._go_targets, "Ctrl+N", name="go_targets"),)
        if self._photos_shown() and self.photos.editing():
            return ()
        status = sheet.header.status
        steps = [
            ScreenAction("打印预览", self._print, "Ctrl+P", name="print_preview"),
            ScreenAction("证据", self.show_photos, "Ctrl+E", name="show_photos"),
            ScreenAction("检查列表", self.show_list, "Ctrl+O", name="show_list"),
            ScreenAction("履历", self._history, "Ctrl+H", name="history"),
        ]
        if status is InspectionStatus.IN_PROGRESS:
            steps.insert(1, ScreenAction("签名", partial(self.sign, ""), "Ctrl+G", name="sign"))
            steps.append(ScreenAction("检查人员变动", self.change_team, "Ctrl+T", name="change_team"))
            steps += self._steps_back()
            steps.append(ScreenAction("完成检查", self.finish, "Ctrl+Return", primary=True, name="finish"))
        elif status is InspectionStatus.RETURNED:
            steps.append(ScreenAction("继续办理", self.reopen, "Ctrl+Return", primary=True, name="reopen"))
        else:
            correct = self.workplace.show_correction
            steps.insert(1, ScreenAction("更正", correct, "Ctrl+R", name="correct"))
            steps.append(
                ScreenAction("去交接", self._hand_over, "Ctrl+Return", primary=True, name="hand_over")
            )
        return steps

    def change_team(self) -> None:
        """Ask who leaves and who joins; both stay in the record."""
        sheet, place = self.work.sheet, self._desk.place
        if sheet is not None and self.leave():
            people = registering.people_rows(place)
            dialog = team_form(place, self._desk.jobs, sheet, people, self)
            dialog.stored.connect(self._team_changed)
            open_once(dialog)

    def _team_changed(self, changes: object) -> None:
        self.changed.emit(changes)
        self.refresh(None)
        self.header_changed.emit()

    def _steps_back(self, *, named: bool = False) -> Sequence[ScreenAction]:
        """Undo and redo; which step it is say palette and menu, so that the buttons need not change."""
        steps, place = self.work.steps, self.workplace
        if self._photos_shown():
            return (
                ScreenAction("撤销", self.photos.undo, "Ctrl+Z", name="undo"),
                ScreenAction("重做", self.photos.redo, "Ctrl+Y", name="redo"),
            )
        last, following = steps.last(), steps.next()
        undo = f"撤销：{last.name}" if named and last else "撤销"
        redo = f"重做：{following.name}" if named and following else "重做"
        return (
            ScreenAction(undo, place.undo, "Ctrl+Z", enabled=last is not None, name="undo"),
            ScreenAction(redo, place.redo, "Ctrl+Y", enabled=following is not None, name="redo"),
        )

    def more_actions(self) -> Sequence[ScreenAction]:
        """What the keys do at the current card."""
        if self.work.sheet is None or self._pages.currentWidget() is not self.workplace:
            return ()
        place, row = self.workplace, self.work.item(self.workplace.items.current())
        search = ScreenAction("搜索检查项", place.begin_search, "/")
        if row is None or not self.work.editable:
            return (search,)
        answers = [
            ScreenAction(
                f"{row.number} 判为{label('verdict', word)}", partial(place.items.choose, key), str(key)
            )
            for key, word in enumerate(VERDICTS, start=1)
            if word is not Verdict.NOT_APPLICABLE or row.allow_not_applicable
        ]
        at_card = [
            ScreenAction(f"{row.number} 写备注", partial(place.items.edit_note, row.id), "N"),
            ScreenAction(f"{row.number} 加照片", partial(place.photo_asked.emit, row.id), "P"),
        ]
        if row.finding_key is not None:
            at_card.append(ScreenAction(f"{row.number} 改问题", partial(place.edit_finding, row.id), "F"))
        return (*self._steps_back(named=True), *answers, *at_card, search)

    def refresh(self, changes: Changes | None) -> None:
        """Read again what may have changed elsewhere; steps of this screen have shown themselves."""
        if self._storing or (changes is not None and not changes.concern("inspection", "organization")):
            return
        self.visits.refresh()
        if self.work.sheet is not None and self.work.load(self.work.inspection_id):
            self._show_sheet()

    def open_with(self, **arguments: object) -> None:
        """Continue a visit, or begin one from a target or an organization."""
        inspection = arguments.get("inspection_id")
        assignment, organization = arguments.get("assignment_id"), arguments.get("organization_id")
        if isinstance(inspection, str):
            self.open_visit(inspection, str(arguments.get("item") or ""))
            self._go_on_with(str(arguments.get("doing") or ""))
        elif isinstance(assignment, str):
            self._open_assignment(assignment)
        elif isinstance(organization, str):
            self._ask_start(Start(str(arguments.get("name") or ""), organization_id=organization))

    def where(self) -> dict[str, object]:
        """The visit, its card, and whether its note, its finding or the photos are being worked on."""
        if self.work.sheet is None:
            return {}
        place = self.workplace
        at: dict[str, object] = {"inspection_id": self.work.inspection_id, "item": place.items.current()}
        if self._photos_shown():
            at["doing"] = PHOTOS
        elif place.items.is_writing():
            at["doing"] = NOTE
        elif place.beside.currentWidget() is place.finding:
            at["doing"] = FINDING
        elif place.beside.currentWidget() is place.correction:
            at["doing"] = CORRECTION
        return at

    def _go_on_with(self, doing: str) -> None:
        """Take up what :meth:`where` told."""
        card = self.workplace.items.current()
        row = self.work.item(card)
        if self.work.sheet is None:
            return
        if doing == PHOTOS:
            self.show_photos()
        elif doing == NOTE:
            self.workplace.items.edit_note(card)
        elif doing == FINDING and row is not None and row.finding_key is not None:
            self.workplace.edit_finding(card)
        elif doing == CORRECTION and not self.work.editable:
            self.workplace.show_correction()

    def open_visit(self, inspection_id: str, item: str = "") -> None:
        """Show one visit."""
        if not self.leave() or not self.work.load(inspection_id):
            return
        self._target = self._target_of(self.work.sheet.header.assignment_id if self.work.sheet else None)
        # Coming into view gives the list its size; its cards are made once, for what it then shows.
        with self.workplace.items.held():
            self._pages.setCurrentWidget(self.workplace)
            self.workplace.open(item)
        self.header_changed.emit()

    def show_list(self) -> None:
        """Go back to the list of visits."""
        if self.leave():
            self.work.close()
            self.visits.refresh()
            self._pages.setCurrentWidget(self.visits)
            self.visits.focus_first()
            self.header_changed.emit()

    def show_photos(self) -> None:
        """Show every photo of the visit."""
        if self.workplace.flush():
            current = self.workplace.items.current()
            self.photos.open(current if self.work.item(current) else "")
            self._pages.setCurrentWidget(self.photos)
            self.header_changed.emit()
            self.photos.focus_first()

    def sign(self, party: str) -> None:
        """Take signatures."""
        if self.leave() and self.work.editable:
            self.signing.ask(party)

    def finish(self) -> None:
        """Finish and seal; list what is missing instead, or, once, what numbers say otherwise."""
        if not self.leave() or self.work.sheet is None:
            return
        self._pages.setCurrentWidget(self.workplace)
        sheet = self.work.sheet
        asked, self._asked = self._asked, (sheet.header.id, sheet.doubts)
        if sheet.missing or (sheet.doubts and asked != self._asked):
            self.workplace.show_missing()
        elif self.work.finish():
            self.workplace.open()
            self.notice_given.emit("检查已完成并封存")

    def reopen(self) -> None:
        """Take a returned visit up again."""
        if self.work.reopen():
            self.workplace.open()

    def leave(self) -> bool:
        """Store what is being typed."""
        if self.work.sheet is None:
            return True
        if not self.work.editable:
            return self.workplace.correction.flush()
        stored = self.workplace.items.end_note() and self.workplace.flush()
        return stored and ("photos" not in self.__dict__ or self.photos.flush())

    def is_storing(self) -> bool:
        """Whether a marked copy is being made."""
        return "photos" in self.__dict__ and self.photos.deeds.copying > 0

    def focus_first(self) -> None:
        """Wait where the next key belongs."""
        if self.start_dialog is not None and self.start_dialog.isVisible():
            return
        if self.work.sheet is None:
            self.visits.focus_first()
        elif self._pages.currentWidget() is self.workplace and not self.workplace.is_writing():
            self.workplace.items.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steps that may lie behind 更多 keep their keys; / searches the list."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and self.work.sheet is not None and event.key() == Qt.Key.Key_E:
            self.show_photos()
        elif control and self.work.sheet is not None and event.key() == Qt.Key.Key_O:
            self.show_list()
        elif event.text() == "/" and self.work.sheet is None:
            self.visits.search.setFocus()
        else:
            super().keyPressEvent(event)

    def add_files(self, item: str, files: Sequence[Path]) -> None:
        """Take picture files in beside the window."""
        self.intake.take(item, files)

    def _choose_files(self, item: str) -> None:
        if self.work.editable:
            self.add_files(item if self.work.item(item) else "", self._choose(self))

    def _paste(self, item: str, picture: QImage) -> None:
        self.intake.take_picture(item, picture)

    def _open_assignment(self, assignment_id: str) -> None:
        target = self._target_of(assignment_id)
        if target is None:
            return
        if target.inspection_id is not None:
            self.open_visit(target.inspection_id)
            return
        source = TaskSource.SPECIAL if target.document else None
        self._ask_start(
            Start(target.name, assignment_id, inspection_type=target.inspection_type, source=source)
        )

    def _ask_start(self, start: Start) -> None:
        people = registering.people_rows(self._desk.place)
        self.start_dialog = StartDialog(self._desk.place, start, people, self)
        self.start_dialog.finished.connect(self._started)
        self.start_dialog.visit_asked.connect(self.open_visit)
        self.start_dialog.open()

    def _started(self) -> None:
        dialog, self.start_dialog = self.start_dialog, None
        if dialog is None:
            return
        dialog.deleteLater()
        if dialog.started is not None:
            self.changed.emit(dialog.started.changes)
            self.open_visit(dialog.started.id)

    def _target_of(self, assignment_id: str | None) -> TargetRow | None:
        if assignment_id is None:
            return None
        found = targets.assignment_rows(self._desk.place, (assignment_id,))
        return found[0] if found else None

    def _show_sheet(self) -> None:
        self.workplace.refresh()
        if self._photos_shown():
            self.photos.refresh()

    def _stored(self, changes: Changes) -> None:
        self._show_sheet()
        # The window hands the same news back to this screen, which has just shown it.
        self._storing = True
        self.changed.emit(changes)
        self._storing = False
        self.visits.table.reload()

    def _refused(self, error: object) -> None:
        self.problem_found.emit(error)

    def _print(self) -> None:
        if self.leave():
            self.open_requested.emit("printing", {"inspection_id": self.work.inspection_id})

    def _hand_over(self) -> None:
        self.open_requested.emit("handover", {})

    def _history(self) -> None:
        if self.leave():
            open_history(self, self._desk, kind="inspection", record_id=self.work.inspection_id)

    def _go_targets(self) -> None:
        self.open_requested.emit("targets", {})

    def _dispose(self, finding: str) -> None:
        if self.leave():
            arguments = {"inspection_id": self.work.inspection_id}
            self.open_requested.emit("enforcement", arguments | ({"finding_key": finding} if finding else {}))

    def _settle(self) -> None:
        if self.leave():
            arguments: dict[str, object] = {"kind": "inspection", "record_id": self.work.inspection_id}
            self.open_requested.emit("conflicts", arguments)

    def _connect(self) -> None:
        self.work.stored.connect(self._stored)
        self.work.refused.connect(self._refused)
        self.visits.opened.connect(self.open_visit)
        self.visits.start_asked.connect(self._go_targets)

    def _back_to_items(self, item: str = "") -> None:
        self._pages.setCurrentWidget(self.workplace)
        self.header_changed.emit()
        if item:
            self.workplace.items.go(item)
        self.workplace.items.setFocus()

    def _back_to_step(self, step: Step) -> None:
        """Show where a step was taken back that had nothing to do with evidence."""
        self._back_to_items()
        self.workplace.go_to_step(step)


def _task_text(target: TargetRow | None) -> str:
    """The document that asked for the visit and its two deadlines."""
    if target is None:
        return ""
    parts = (target.document, deadlines_text(target.due_on, target.superior_due_on))
    return " ".join(part for part in parts if part)
