"""清单: every version of every checklist; an office's own goes out, comes back and is taken into use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import Problem
from app.services import authoring, moving, scoring
from app.services.authoring import ChecklistImport, Proposal, VersionRow
from app.services.moving import DraftRow, DraftsMoved
from app.services.scoring import ScoringImport, ScoringProposal
from app.services.workplace import Changes, Workplace
from app.ui.checklists.lines import (
    LINES,
    VERSIONS,
    DraftLines,
    TellLine,
    difference_lines,
    problem_lines,
    proposal_text,
    score_lines,
    scoring_text,
)
from app.ui.chooser import Chooser
from app.ui.screen import Screen, ScreenAction
from app.ui.widgets import CaptionLabel, HeadingLabel, PagedTable
from app.ui.widgets.dialogs import asked
from app.vocabulary import Role

if TYPE_CHECKING:
    from app.ui.screens import Desk

WORKBOOK: Final = "工作簿 (*.xlsx)"
READABLE: Final = "检查清单 (*.xlsx *.xls *.ods *.csv *.html *.toml);;所有文件 (*)"
SCORES: Final = "评分表 (*.xlsx *.xls *.ods *.csv);;所有文件 (*)"
HINT: Final = "导出一版，在表格里改好、换上新版本号，再导入；没有问题才能起用。在查的检查只在点名后换用。"


class ChecklistsScreen(Screen):
    """Both roles see the versions and move visits; only an office takes its own in."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk, self._chooser, self.ask = desk, chooser or Chooser(), asked
        self._rows: dict[str, VersionRow] = {}
        self._lines: Sequence[TellLine] = ()
        self._drafts: tuple[DraftRow, ...] = ()
        self._proposal: tuple[Path, Proposal] | None = None
        self._scores: tuple[Path, VersionRow, ScoringProposal] | None = None
        self._turn = 0
        self.versions: PagedTable[VersionRow] = PagedTable(VERSIONS, self._fetch_rows, parent=self)
        self.versions.setObjectName("checklist_versions")
        self.versions.setAccessibleName("检查清单各版本")
        self.heading = HeadingLabel("", "card", self)
        self.told: PagedTable[TellLine] = PagedTable(LINES, self._fetch_lines, parent=self)
        self.told.setObjectName("checklist_lines")
        self.told.setAccessibleName("问题、差别和在查的检查")
        self.whole = CaptionLabel(HINT, parent=self)
        self._lay_out()
        self.versions.chosen.connect(self._choose)
        self.told.chosen.connect(self._say_whole)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        parts: list[tuple[QWidget, int]] = [
            (self.versions, 3), (self.heading, 0), (self.told, 4), (self.whole, 0),
        ]  # fmt: skip
        for part, share in parts:
            column.addWidget(part, share)

    def title(self) -> str:
        """The name of the screen."""
        return "检查清单"

    def context(self) -> str:
        """The version that is chosen, and the scoring table that counts with it."""
        row = self._chosen()
        if row is None:
            return ""
        table = scoring.table_of(self._desk.place, checklist_id=row.id, version=row.version)
        scored = f"评分表 {table.source}" if table is not None else ""
        return " · ".join(part for part in (f"{row.title} {row.version} 版", row.source, scored) if part)

    def screen_actions(self) -> Sequence[ScreenAction]:
        """起用 while a file waits, moving while visits wait, and the ways out and in."""
        there, office = self._chosen() is not None, self._desk.place.owner.role is Role.SUPERVISOR
        found: list[ScreenAction] = []
        if self._proposal is not None:
            ready = self._proposal[1].read.sound and not self._proposal[1].known
            hint = "" if ready else "改好列出的问题后再导入一次"
            found.append(ScreenAction("起用", self.take, "Ctrl+Return", True, ready, hint, "take_checklist"))
        elif self._scores is not None:
            ready = bool(self._scores[2].items and self._scores[2].changes)
            hint = "" if ready else "没有可用的分值，或者与现在的一样"
            found.append(
                ScreenAction("收入评分", self.take_scores, "Ctrl+Return", True, ready, hint, "take_scores")
            )
        elif self._drafts:
            found += [
                ScreenAction("换用这一次", self.move_one, "Ctrl+Return", True, name="move_one"),
                ScreenAction(f"全部换用（{len(self._drafts)}）", self.move_all, name="move_all"),
            ]
        if office:
            found += [
                ScreenAction("导入", self.choose_file, "Ctrl+I", name="import_checklist"),
                ScreenAction(
                    "导入评分表", self.choose_scores, "Ctrl+Shift+I", enabled=there, name="import_scores"
                ),
            ]
        found += [
            ScreenAction("导出修改", self.export, "Ctrl+E", enabled=there, name="export_checklist"),
            ScreenAction("手机表单", self.export_phone, enabled=there, name="export_xlsform"),
        ]
        found.append(ScreenAction("返回设置", self.back, "Alt+Left", name="back_to_settings"))
        return found

    def back(self) -> None:
        """Lead back to where this was reached from."""
        self.open_requested.emit("settings", {})

    def refresh(self, changes: Changes | None) -> None:
        """Read the versions again."""
        if changes is None or changes.concern(authoring.RECORD, "inspection", "package"):
            rows = authoring.versions(self._desk.place)
            self._rows = {f"{row.id}@{row.version}": row for row in rows}
            self.versions.set_ids(list(self._rows))
            if self.versions.current_id() is None and self._rows:
                self.versions.choose(next(iter(self._rows)))
            elif self._proposal is None and self._scores is None:
                self._show_drafts()

    def where(self) -> dict[str, object]:
        """The chosen version."""
        return {"version": self.versions.current_id() or ""}

    def open_with(self, **arguments: object) -> None:
        """Show ``version``."""
        if (version := str(arguments.get("version", ""))) in self._rows:
            self.versions.choose(version)

    def focus_first(self) -> None:
        """Begin in the versions."""
        self.versions.setFocus()

    # ---- out

    def export(self) -> None:
        """Write the chosen version as a workbook."""
        self._write("导出检查清单", "清单", authoring.export_checklist)

    def export_phone(self) -> None:
        """Write the chosen version as a form for phones."""
        self._write("导出手机表单", "手机表单", authoring.export_xlsform)

    def _write(self, title: str, prefix: str, work: Callable[..., Path | tuple[Problem, ...]]) -> None:
        row = self._chosen()
        if row is None:
            return
        out = self._chooser.target(self, title, f"{prefix}-{row.title}-{row.version}.xlsx", WORKBOOK)
        if out is not None:
            job = partial(work, self._desk.place, checklist_id=row.id, version=row.version, out=out)
            self._desk.jobs.run(job, partial(self._written, out), self.problem_found.emit, self)

    def _written(self, out: Path, lost: Path | tuple[Problem, ...]) -> None:
        self.notice_given.emit(f"已写到 {out}")
        if isinstance(lost, tuple) and lost:
            self._proposal = None
            self._tell(f"手机表单做不到的 {len(lost)} 处", problem_lines(lost))

    # ---- in

    def choose_file(self) -> None:
        """Ask for an edited checklist and show what it would bring."""
        path = self._chooser.file(self, "导入检查清单", READABLE)
        if path is not None:
            work = partial(authoring.read_checklist, self._desk.place, path=path)
            self._desk.jobs.run(work, partial(self._read, path), self.problem_found.emit, self)

    def _read(self, path: Path, proposal: Proposal) -> None:
        self._turn += 1
        self._proposal, self._scores, self._drafts = (path, proposal), None, ()
        differences = difference_lines(proposal.difference) if proposal.difference is not None else ()
        self._tell(proposal_text(proposal), (*problem_lines(proposal.read.problems), *differences))

    def take(self) -> None:
        """Take the file that was read into use."""
        if self._proposal is not None:
            work = partial(authoring.import_checklist, self._desk.place, path=self._proposal[0])
            self._desk.jobs.run(work, self._taken, self.problem_found.emit, self)

    def _taken(self, done: ChecklistImport) -> None:
        found = done.proposal.read.checklist
        if not done.taken or found is None:
            self._read(self._proposal[0] if self._proposal else Path(), done.proposal)
            return
        self._proposal = None
        self.notice_given.emit(f"{found.title} {found.version} 版已收下，随下次任务包发给各台设备")
        self.refresh(None)
        self.versions.choose(authoring.name_of(found))
        self.changed.emit(done.changes)

    # ---- points

    def choose_scores(self) -> None:
        """Ask for a scoring table of the chosen version and show what it would change."""
        row = self._chosen()
        path = self._chooser.file(self, "导入评分表", SCORES) if row is not None else None
        if row is not None and path is not None:
            work = partial(
                scoring.read_table, self._desk.place, path=path, checklist_id=row.id, version=row.version
            )
            self._desk.jobs.run(work, partial(self._scores_read, path, row), self.problem_found.emit, self)

    def _scores_read(self, path: Path, row: VersionRow, found: ScoringProposal) -> None:
        self._turn += 1
        self._proposal, self._scores, self._drafts = None, (path, row, found), ()
        self._tell(scoring_text(path.name, found), (*problem_lines(found.problems), *score_lines(found)))

    def take_scores(self) -> None:
        """Let the table that was read count for its version."""
        if self._scores is not None:
            work = partial(_take_scores, self._desk.place, *self._scores)
            done = partial(self._scores_taken, *self._scores[:2])
            self._desk.jobs.run(work, done, self.problem_found.emit, self)

    def _scores_taken(self, path: Path, row: VersionRow, done: ScoringImport | ScoringProposal) -> None:
        if isinstance(done, ScoringProposal):
            self._scores_read(path, row, done)
            self.notice_given.emit("评分表文件刚改过，请看过新的内容再收入")
            return
        self._scores = None
        self.notice_given.emit(
            f"{row.title} {row.version} 版收入 {done.items} 条的分值，随下次任务包发给各台设备"
        )
        self._show_drafts()
        self.changed.emit(Changes.of(authoring.RECORD, f"{row.id}@{row.version}"))

    # ---- visits under way

    def _choose(self, _key: str) -> None:
        self._proposal = self._scores = None
        self._show_drafts()

    def _show_drafts(self) -> None:
        row = self._chosen()
        if row is None:
            return
        self._turn += 1
        work = partial(_drafts_with_lines, self._desk.place, row)
        self._desk.jobs.run(work, partial(self._drafts_read, self._turn), self.problem_found.emit, self)

    def _drafts_read(self, turn: int, found: tuple[tuple[DraftRow, ...], DraftLines]) -> None:
        if turn != self._turn:
            return
        drafts, lines = found
        self._drafts = drafts
        many = f"{len(drafts)} 次在查的检查用着其他版本，换用所选的一版会这样"
        self._tell(many if drafts else "没有在查的检查用着其他版本", lines)

    def move_one(self) -> None:
        """Move the visit that the chosen line belongs to."""
        line = self.told.current_row() or (self._lines[0] if self._lines else None)
        if line is not None and line.draft:
            self._move([line.draft])

    def move_all(self) -> None:
        """Move every visit that is listed, after asking."""
        count = len(self._drafts)
        consequence = f"{count} 次检查改用所选的一版；不再问的条目，答案另存在记录里，换回时取回。"
        if self.ask("全部换用", consequence, "换用", self):
            self._move([row.inspection_id for row in self._drafts])

    def _move(self, visits: Sequence[str]) -> None:
        row = self._chosen()
        if row is not None:
            work = partial(
                moving.move_drafts,
                self._desk.place,
                checklist_id=row.id,
                version=row.version,
                inspection_ids=visits,
            )
            self._desk.jobs.run(work, self._moved, self.problem_found.emit, self)

    def _moved(self, done: DraftsMoved) -> None:
        self.notice_given.emit(
            f"{done.moved} 次检查已换用，另存答案 {done.put_aside} 个，取回 {done.returned} 个"
        )
        self.refresh(None)
        self.changed.emit(done.changes)

    # ---- what is shown

    def _tell(self, heading: str, lines: Iterable[TellLine]) -> None:
        self._lines = lines if isinstance(lines, Sequence) else tuple(lines)
        self.heading.setText(heading)
        self.told.set_ids([str(number) for number in range(len(self._lines))])
        self.told.setVisible(bool(self._lines))
        self.whole.setText(HINT)
        self.header_changed.emit()

    def _say_whole(self, key: str) -> None:
        self.whole.setText(self._lines[int(key)].whole if key else HINT)

    def _chosen(self) -> VersionRow | None:
        return self._rows.get(self.versions.current_id() or "")

    def _fetch_rows(self, ids: Sequence[str]) -> Sequence[VersionRow]:
        return [self._rows[key] for key in ids if key in self._rows]

    def _fetch_lines(self, ids: Sequence[str]) -> Sequence[TellLine]:
        return [self._lines[int(key)] for key in ids if int(key) < len(self._lines)]


def _drafts_with_lines(place: Workplace, row: VersionRow) -> tuple[tuple[DraftRow, ...], DraftLines]:
    """The visits under way and their lines; runs in the store's thread."""
    drafts = moving.drafts_for(place, checklist_id=row.id, version=row.version)
    return drafts, DraftLines(drafts)


def _take_scores(
    place: Workplace, path: Path, row: VersionRow, seen: ScoringProposal
) -> ScoringImport | ScoringProposal:
    """Take a table as it was shown; a file that was changed meanwhile comes back to be looked at."""
    now = scoring.read_table(place, path=path, checklist_id=row.id, version=row.version)
    if now != seen:
        return now
    return scoring.import_scoring(place, path=path, checklist_id=row.id, version=row.version)
