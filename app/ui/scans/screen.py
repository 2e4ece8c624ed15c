"""The screen 扫描件: drop scans, see where each page went, and say whose the others are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.forms.scanned import SUFFIXES
from app.services import evidence, scan_rows, scan_tray, visits
from app.services.scan_rows import TrayRow
from app.services.scan_tray import Moved
from app.services.scanning import Imported, import_scans
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.handover.dropping import DropScreen
from app.ui.jobs import Ticket
from app.ui.scans import lines
from app.ui.scans.assigning import AssignPanel
from app.ui.scans.lines import Entry, Section
from app.ui.scans.page_list import PageList
from app.ui.scans.page_view import PageView
from app.ui.screen import ScreenAction
from app.ui.slots import calling
from app.ui.steps import LinesField, LongStep, StepDialog, filled
from app.ui.widgets import CaptionLabel, Card, EmptyState, HeadingLabel, PlainButton, WorkingLine, open_once

if TYPE_CHECKING:
    from app.ui.screens import Desk

LARGE: Final = 2000
LIST_WIDTH: Final = 300
KINDS: Final = "扫描件 (*.pdf *.tif *.tiff *.jpg *.jpeg *.png *.PDF *.TIF *.JPG *.JPEG *.PNG)"
STOPPING: Final = "正在停下，已收的页保留"


class ScansScreen(DropScreen):
    """Left the pages, right the chosen one with what can be done with it."""

    suffixes = SUFFIXES

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk, self._chooser = desk, chooser or Chooser()
        self._imported: Imported | None = None
        self._record = ""
        self._shown: tuple[str, int] | None = None
        self._undo: Callable[[], Moved] | None = None
        self.working = WorkingLine(self)
        self._long = LongStep(self, self.working, desk.jobs)
        self.lacking = CaptionLabel(parent=self)
        fetch = partial(_preview, desk)
        self.list = PageList(desk.jobs, fetch, self)
        self.heading = HeadingLabel(parent=self)
        self.reason = CaptionLabel(parent=self)
        self.view = PageView(self)
        self.assigning = AssignPanel(desk.place, self)
        self.empty = EmptyState(
            "还没有扫描件",
            "把签字后的文书扫描成 PDF 或图片，拖到窗口的任何地方；每页按右下角的二维码归到自己的记录",
            action="选扫描件", icon="scanner", parent=self,
        )  # fmt: skip
        self._lay_out()
        self._connect()

    def title(self) -> str:
        """The name of the screen."""
        return "扫描件"

    def context(self) -> str:
        """How the last import went, or how much waits."""
        if self._imported is not None:
            return lines.import_text(self._imported)
        waiting = scan_rows.tray_count(self._desk.place)
        return f"{waiting} 页待认领" if waiting else "拖到窗口任何地方即可收入"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """Take scans in; take back, open, throw away what is chosen."""
        entry, free = self.list.current_entry(), not self._long.running
        steps = [ScreenAction("撤销", self.undo, "Ctrl+Z", name="undo")] if self._undo is not None else []
        if entry is not None and entry.waits:
            steps += [
                ScreenAction("再认一次", self.retry, "F5", enabled=free, name="retry"),
                ScreenAction("删去", self.discard, "Ctrl+Delete", name="discard"),
            ]
        elif entry is not None:
            steps += [
                ScreenAction("撤回到待认领", self.take_back, "Ctrl+B", name="take_back"),
                ScreenAction("打开文书", self.open_paper, "Ctrl+G", name="open_paper"),
            ]
        # A page that waits has its own next step, the filled button beside it.
        first = entry is None or not entry.waits
        steps.append(
            ScreenAction("选扫描件", self.choose_files, "Ctrl+O", primary=first, enabled=free, name="choose")
        )
        return steps

    def refresh(self, changes: Changes | None) -> None:
        """Read the tray and the chosen record again."""
        if changes is None or changes.concern("tray", "inspection"):
            self._show_sections()
            self.assigning.refresh()

    def where(self) -> dict[str, object]:
        """The record whose scans are shown, if one was asked for, and the chosen page."""
        entry = self.list.current_entry()
        return {"inspection_id": self._record, "page": entry.key if entry is not None else ""}

    def open_with(self, **arguments: object) -> None:
        """Take in what was ``dropped`` elsewhere on the window, or show the scans of ``inspection_id``.

        ``page`` is chosen where it is listed.
        """
        super().open_with(**arguments)
        if inspection_id := str(arguments.get("inspection_id", "")):
            self._record = inspection_id
            self._show_sections()
            self._choose_copy(str(arguments.get("form", "")), str(arguments.get("copy_key", "")))
        if page := str(arguments.get("page", "")):
            self.list.choose(page)

    def focus_first(self) -> None:
        """Begin at the pages."""
        (self.list if self.list.entries() else self.empty.button).setFocus()

    def can_take(self) -> bool:
        """One import at a time."""
        return not self._long.running

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Read the files, page by page."""
        place = self._desk.place

        def work(ticket: Ticket) -> Imported:
            return import_scans(
                place, paths=paths, progress=ticket.report, cancelled=ticket.is_cancelled
            )  # fmt: skip

        self._long.run("正在读扫描件", work, self._take, stopping=STOPPING)

    def choose_files(self) -> None:
        """Ask for files and read them."""
        if paths := self._chooser.files(self, "选扫描件", KINDS):
            self.take_dropped(paths)

    def assign(self) -> None:
        """Give the chosen page to the chosen record."""
        entry, to = self.list.current_entry(), self.assigning.wanted()
        if entry is None or not entry.waits or to is None:
            return
        try:
            moved = scan_tray.assign(self._desk.place, page=entry.key, to=to)
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        self._undo = partial(_taken_back, self._desk, to.inspection_id, moved.key)
        self.assigning.go_on()
        self._stored(moved.changes, "已归档，Ctrl+Z 撤销")

    def undo(self) -> None:
        """Take the last assignment, or the last page thrown away, back."""
        if self._undo is None:
            return
        step, self._undo = self._undo, None
        try:
            moved = step()
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        self._stored(moved.changes, "已撤销")
        self.list.choose(moved.key)

    def discard(self) -> None:
        """Throw the chosen page of the tray away."""
        entry = self.list.current_entry()
        if entry is None or not entry.waits:
            return
        row = scan_tray.discard(self._desk.place, page=entry.key)
        self._undo = partial(_restored, self._desk, row)
        self._stored(Changes.of("tray"), "已删去，Ctrl+Z 撤销")

    def take_back(self) -> None:
        """Take the chosen page out of its record; what was sealed asks for a reason."""
        entry = self.list.current_entry()
        if entry is None or entry.waits:
            return
        where = {"inspection_id": entry.inspection_id, "key": entry.key}
        if scan_tray.needs_reason(self._desk.place, **where):
            self._ask_reason(entry)
            return
        try:
            changes = scan_tray.take_back(self._desk.place, **where).changes
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        self._stored(changes, "已撤回到待认领")

    def retry(self) -> None:
        """Try again what has a code."""
        done = scan_tray.retry(self._desk.place)
        said = f"{len(done.placed)} 页已归档，{done.waiting} 页仍待认领" if done.placed else "没有新认出的页"
        self._stored(done.changes, said)

    def open_paper(self) -> None:
        """Open the record's paper in 打印."""
        entry = self.list.current_entry()
        if entry is not None and not entry.waits:
            rows = scan_rows.scan_rows(self._desk.place, inspection_id=entry.inspection_id)
            row = next((each for each in rows if each.key == entry.key), None)
            form = {"form": row.form} if row is not None and row.form else {}
            self.open_requested.emit("printing", {"inspection_id": entry.inspection_id, **form})

    def turn(self, by: int) -> None:
        """Turn the chosen page by so many degrees clockwise."""
        entry = self.list.current_entry()
        if entry is None:
            return
        rotation = (entry.rotation + by) % 360
        try:
            changes = scan_tray.turn(
                self._desk.place, key=entry.key, rotation=rotation, inspection_id=entry.inspection_id
            )
        except ChayanError as error:
            self.problem_found.emit(error)
            return
        self._stored(changes, "")

    def _ask_reason(self, entry: Entry) -> None:
        dialog = StepDialog("撤回已封存的签字件", "撤回", self._desk.jobs, self)
        reason = LinesField(3, parent=dialog)
        dialog.add("理由", reason, "reason", "随记录保存，上级能看到", filled(reason.text, "写上撤回的理由"))
        dialog.prepare = lambda: partial(
            _take_back_for, self._desk, entry.inspection_id, entry.key, reason.text()
        )
        dialog.stored.connect(self._taken_back_for)
        open_once(dialog)

    def _taken_back_for(self, changes: object) -> None:
        assert isinstance(changes, Changes)
        self._stored(changes, "已撤回到待认领")

    def _stored(self, changes: Changes, notice: str) -> None:
        self.changed.emit(changes)
        self.refresh(changes)
        if notice:
            self.notice_given.emit(notice)
        self.header_changed.emit()

    def _take(self, done: Imported) -> None:
        self._imported, self._record = done, ""
        for problem in done.problems[:1]:
            self.problem_found.emit(problem)
        self._stored(done.changes, lines.import_text(done))
        self.list.setFocus()

    def _show_sections(self) -> None:
        place = self._desk.place
        waiting = scan_rows.tray_rows(place)
        sections: list[Section] = [lines.of_tray(waiting)] if waiting else []
        if self._record:
            rows = visits.inspection_rows(place, [self._record])
            copies = scan_rows.signed_copies(place, inspection_id=self._record)
            sections.insert(0, lines.of_record(rows[0].subject_name if rows else "", copies))
        elif self._imported is not None:
            placed = [(line.inspection_id, line.key) for line in self._imported.lines if line.inspection_id]
            sections.append(lines.of_import(self._imported, scan_rows.rows_of(place, placed)))
        self.lacking.show_text(self._lacking_text(), "attention")
        self.lacking.setVisible(bool(self.lacking.text()))
        self.list.show_sections([section for section in sections if section.entries])
        there = bool(self.list.entries())
        for part, shown in sorted(((self.empty, not there), (self._body, there)), key=itemgetter(1)):
            part.setVisible(shown)

    def _lacking_text(self) -> str:
        if self._imported is None or self._record:
            return ""
        return lines.lacking_text(self._imported.lacking)

    def _choose_copy(self, form: str, key: str) -> None:
        rows = scan_rows.scan_rows(self._desk.place, inspection_id=self._record)
        found = next((row for row in rows if (row.form, row.copy_key) == (form, key)), None)
        if found is not None:
            self.list.choose(found.key)

    def _show_entry(self) -> None:
        entry = self.list.current_entry()
        self.assigning.setVisible(entry is not None and entry.waits)
        self.header_changed.emit()
        if entry is None:
            self._shown = None
            return
        self.heading.setText(entry.title)
        self.reason.show_text("　".join(part for part in (entry.detail, entry.remedy) if part), entry.tone)
        sign = (entry.sha256, entry.rotation)
        if sign == self._shown:
            return
        self._shown = sign
        work = partial(_preview, self._desk, entry.sha256, LARGE, entry.rotation)
        self._desk.jobs.run(
            work, partial(self._came, sign), partial(self._not_there, sign), self, lane="files"
        )

    def _came(self, sign: tuple[str, int], data: bytes) -> None:
        if sign == self._shown:
            self.view.show_page(data)

    def _not_there(self, sign: tuple[str, int], _error: ChayanError) -> None:
        if sign == self._shown:
            self.view.say("这一页的原件不在本机，或打不开")

    def _pressed(self, name: str) -> None:
        steps: dict[str, Callable[[], None]] = {
            "larger": partial(self.view.zoom_by, 1),
            "smaller": partial(self.view.zoom_by, -1),
            "whole": self.view.show_whole,
            "right": partial(self.turn, 90),
            "left": partial(self.turn, -90),
            "discard": self.discard,
        }
        steps[name]()

    def _lay_out(self) -> None:
        side = Card(parent=self)
        side.body.addWidget(self.heading)
        side.body.addWidget(self.reason)
        side.body.addLayout(self._tools())
        shown = QHBoxLayout()
        shown.setSpacing(12)
        shown.addWidget(self.view, 1)
        shown.addWidget(self.assigning)
        side.body.addLayout(shown, 1)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lacking)
        column.addWidget(self.list, 1)
        self._body = QSplitter(self)
        self._body.setObjectName("scans_body")
        self._body.setChildrenCollapsible(False)
        self._body.addWidget(left)
        self._body.addWidget(side)
        self._body.setStretchFactor(1, 1)
        self._body.setSizes([LIST_WIDTH, 3 * LIST_WIDTH])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(10)
        whole.addWidget(self.working)
        whole.addWidget(self.empty, 1)
        whole.addWidget(self._body, 1)
        # What was never shown takes no room, not even for a moment.
        self._body.hide()

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, key, name, icon in (
            ("放大", "+", "larger", "zoom_in"),
            ("缩小", "-", "smaller", "zoom_out"),
            ("整页", "0", "whole", "fit_width"),
            ("左转", "L", "left", "undo"),
            ("右转", "R", "right", "rotate"),
        ):
            button = PlainButton(text, "", self, icon=icon)
            button.setObjectName(name)
            button.setToolTip(f"{text}（在页的列表上按 {key}）")
            button.clicked.connect(calling(self._pressed, name))
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.list.chosen.connect(self._show_entry)
        self.list.key_pressed.connect(self._pressed)
        self.assigning.asked.connect(self.assign)
        self.empty.acted.connect(self.choose_files)


def _preview(desk: Desk, sha256: str, box: int, rotation: int) -> bytes:
    return evidence.preview(desk.place, sha256=sha256, box=box, rotation=rotation)


def _taken_back(desk: Desk, inspection_id: str, key: str) -> Moved:
    return scan_tray.take_back(desk.place, inspection_id=inspection_id, key=key)


def _take_back_for(desk: Desk, inspection_id: str, key: str, reason: str) -> Changes:
    return scan_tray.take_back(desk.place, inspection_id=inspection_id, key=key, reason=reason).changes


def _restored(desk: Desk, row: TrayRow) -> Moved:
    return Moved(row.id, scan_tray.restore(desk.place, row=row))
