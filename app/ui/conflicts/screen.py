"""The screen 冲突: records in conflict at the left, their disputed fields and decisions at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.errors import ChayanError, Problem
from app.services import disputes, resolving
from app.services.naming import path_text
from app.services.resolving import Exactly, Resolved
from app.services.workplace import Changes
from app.sync.shapes import Value
from app.ui.conflicts import lines
from app.ui.conflicts.decided import reopen_form
from app.ui.conflicts.field import Draft
from app.ui.conflicts.pane import RecordPane, Standing, standing
from app.ui.conflicts.shelf import DraftShelf
from app.ui.handover.lines import KINDS
from app.ui.screen import Screen
from app.ui.slots import calling
from app.ui.widgets import Banner, CaptionLabel, Column, EmptyState, PagedTable, open_once
from app.wording import sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk

LIST_WIDTH: Final = 272
KEYS: Final = "数字键选一个值，0 恢复原值，T 另写\nEnter 写理由，Ctrl+Enter 定下，Esc 回到列表"
OPEN, DECIDED = 0, 1
TABS: Final = ("待定", "已定下")
EMPTY: Final = (
    ("没有冲突", "几个人改了同一处时列在这里，各个值都留着；定下过的在“已定下”里"),
    ("还没有定下过冲突", "定下的决定列在这里，写明由谁、为什么，可以重新打开"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A record in one of the two lists, and how many of its fields are meant."""

    kind: str
    record_id: str
    title: str
    paths: tuple[str, ...]

    @property
    def key(self) -> str:
        """Names it among records of all kinds."""
        return f"{self.kind}:{self.record_id}"


COLUMNS: Final[tuple[Column[Listed], ...]] = (
    Column("名称", "title", 0),
    Column("种类", lambda row: KINDS.get(row.kind, row.kind), 5),
    Column("处", lambda row: len(row.paths), 2, "right"),
)


class ConflictsScreen(Screen):
    """待定 and 已定下; one field is decided at a time, by a choice and a reason."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._rows: dict[str, Listed] = {}
        self._drafts = DraftShelf(desk.place, self)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("conflict_tabs")
        self.tabs.setAccessibleName("待定或已定下")
        self.tabs.setExpanding(False)
        for text in TABS:
            self.tabs.addTab(text)
        self.table: PagedTable[Listed] = PagedTable(COLUMNS, self._fetch, parent=self)
        self.table.setObjectName("conflicts")
        self.table.setAccessibleName("冲突的记录")
        self.keys = CaptionLabel(KEYS, parent=self)
        self.banner, self.news = Banner(self), Banner(self)
        self.pane = RecordPane(self)
        self.empty = EmptyState(*EMPTY[OPEN], icon="good", parent=self)
        self._pages = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        both = QWidget(self)
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        left = QWidget(both)
        left.setFixedWidth(LIST_WIDTH)
        listed = QVBoxLayout(left)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(8)
        listed.addWidget(self.table, 1)
        listed.addWidget(self.keys)
        row.addWidget(left)
        right = QVBoxLayout()
        right.setSpacing(10)
        for part in (self.banner, self.news):
            right.addWidget(part)
        right.addWidget(self.pane, 1)
        row.addLayout(right, 1)
        self._pages.addWidget(both)
        self._pages.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tabs)
        column.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(calling(self.refresh, None))
        self.table.chosen.connect(self._show)
        self.table.opened.connect(calling(self.pane.focus_first))
        self.pane.decided.connect(self.decide)
        self.pane.reopen_asked.connect(self.reopen)
        self.pane.left.connect(self.table.setFocus)

    # Header.

    def title(self) -> str:
        """The chosen record."""
        row = self._current()
        return "冲突" if row is None else f"{row.title} · 冲突"

    def context(self) -> str:
        """How many fields and records."""
        row, count = self._current(), len(self._rows)
        if self.tabs.currentIndex() == DECIDED:
            return f"{count} 条记录有定下过的冲突" if count else "还没有定下过冲突"
        if row is None:
            return f"{count} 条记录有冲突" if count else "没有冲突"
        kind = lines.kind_text(row.kind)
        return f"{kind} · {len(row.paths)} 处不一致，其余改动已自动合并 · 共 {count} 条记录"

    def leave(self) -> bool:
        """Keep what was chosen and typed; stay where the store does not take it."""
        try:
            self._drafts.settle()
        except ChayanError as error:
            self.problem_found.emit(error)
            return False
        return True

    # Reading.

    def refresh(self, changes: Changes | None) -> None:
        """Read the lists and the chosen record again."""
        if changes is not None and not changes.kinds:
            return
        place = self._desk.place
        found = (disputes.conflict_rows(place), resolving.decided_rows(place))
        for tab, rows in enumerate(found):
            self.tabs.setTabText(tab, f"{TABS[tab]} {len(rows)}")
        tab = self.tabs.currentIndex()
        self._list([Listed(row.kind, row.record_id, row.title, row.paths) for row in found[tab]])
        self.empty.say(*EMPTY[tab])
        self.keys.setVisible(tab == OPEN)
        self._pages.setCurrentIndex(0 if self._rows else 1)
        self._show(self.table.current_id() or "")

    def _list(self, rows: Sequence[Listed]) -> None:
        """Show other rows; where the chosen one is gone, the one in its place is chosen."""
        line = self.table.currentIndex().row()
        self._rows = {row.key: row for row in rows}
        self.table.set_ids(tuple(self._rows))
        if self.table.current_id() is None and rows:
            self.table.choose(rows[min(max(line, 0), len(rows) - 1)].key)

    def _show(self, key: str) -> None:
        row = self._rows.get(key)
        if row is not None:
            try:
                seen = standing(self._desk.place, row.kind, row.record_id)
            except ChayanError as error:
                self.problem_found.emit(error)
            else:
                self._say(seen)
                self._show_standing(key, seen)
        self.header_changed.emit()

    def _say(self, seen: Standing) -> None:
        if not seen.disputes:
            self.banner.hide()
        elif seen.may_decide:
            text = "各个值都留着；定下之前，这条记录不计入报表，也不能作为正式件打印"
            self.banner.say(text, tone="attention", closable=False)
        else:
            words = sentence(Problem("resolving.no_right", values={"kind": seen.kind}))
            self.banner.say(words.message, words.remedy, closable=False)

    def _show_standing(self, key: str, seen: Standing) -> None:
        drafts = self._drafts.of(key)
        rivals = {each.path: tuple(one.key for one in lines.options(each.field)) for each in seen.disputes}
        told = [
            _news(seen.name(path), draft, open_still=path in rivals)
            for path, draft in drafts.items()
            if draft.seen and draft.begun and draft.seen != rivals.get(path)
        ]
        self.pane.show_standing(seen, drafts)
        for path, draft in drafts.items():
            draft.seen = rivals.get(path, ())
        if told:
            self.news.say(told[0], "\n".join(told[1:]), "accent")

    # Doing.

    def decide(self, path: str, take: Value | Exactly, reason: str) -> None:
        """Decide one field of the chosen record."""
        row = self._current()
        if row is None:
            return
        work = partial(
            resolving.resolve, self._desk.place,
            kind=row.kind, record_id=row.record_id, path=path, take=take, reason=reason,
        )  # fmt: skip
        self._desk.jobs.run(work, partial(self._decided, row, path), self._failed, self)

    def _decided(self, row: Listed, path: str, done: Resolved) -> None:
        self._drafts.forget(row.key, path)
        left = len(done.open_paths)
        rest = f"这条记录还有 {left} 处" if left else f"“{row.title}”没有冲突了"
        self.notice_given.emit(f"已定下“{self._name(path)}”，{rest}")
        self.changed.emit(done.changes)

    def _name(self, path: str) -> str:
        return path_text(path) if self.pane.shown is None else self.pane.shown.name(path)

    def _failed(self, error: ChayanError) -> None:
        self.problem_found.emit(error)
        self.refresh(None)

    def reopen(self, path: str) -> None:
        """Ask for the reason, and put the values of a decided field beside each other again."""
        row = self._current()
        if row is None:
            return
        where = {"kind": row.kind, "record_id": row.record_id, "path": path}
        dialog = reopen_form(self._desk, where, self._name(path), self)
        dialog.stored.connect(partial(self._reopened, row, path))
        open_once(dialog)

    def _reopened(self, row: Listed, path: str, changes: Changes) -> None:
        self.notice_given.emit(f"已重新打开“{self._name(path)}”，在“待定”里重新定下")
        self.changed.emit(changes)
        self._go_to(OPEN, row.key)
        self.pane.focus_first()

    # Keys and other screens.

    def where(self) -> dict[str, object]:
        """The chosen record."""
        row = self._current()
        return {} if row is None else {"kind": row.kind, "record_id": row.record_id}

    def open_with(self, **arguments: object) -> None:
        """Show the record ``kind``, ``record_id``: where it waits, else where it was decided."""
        key = f"{arguments.get('kind', 'inspection')}:{arguments.get('record_id', '')}"
        self._go_to(OPEN, key)
        if key not in self._rows:
            self._go_to(DECIDED, key)

    def _go_to(self, tab: int, key: str) -> None:
        self.tabs.setCurrentIndex(tab)
        self.table.choose(key)

    def focus_first(self) -> None:
        """Begin at the chosen record."""
        (self.table if self._rows else self.tabs).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and T choose in the current field from the list too."""
        section = self.pane.current()
        if event.modifiers() or section is None or not section.take(event.text()):
            super().keyPressEvent(event)

    def _current(self) -> Listed | None:
        return self._rows.get(self.table.current_id() or "")

    def _fetch(self, ids: Sequence[str]) -> Sequence[Listed]:
        return [self._rows[key] for key in ids]


def _news(name: str, draft: Draft, *, open_still: bool) -> str:
    if open_still:
        return f"“{name}”刚收到新的值；选过的、写过的都还在，再看一遍后定下"
    written = f"；你写过的：{draft.written}" if draft.written else ""
    return f"“{name}”已在别处定下，没有用上你的选择{written}"
