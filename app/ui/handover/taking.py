"""Taking files in from a window: the import itself, a late package looked at first, receipts carried away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox

from app.files import explained, require_free_space, write_atomically
from app.services import enrolment, handover, merging, receipts
from app.services.handover import PackageSummary
from app.services.titles import record_titles
from app.services.workplace import Workplace
from app.ui.chooser import Chooser
from app.ui.handover import lines
from app.ui.handover.arrivals import Arrived, located, pieces_to_keep
from app.ui.handover.results import ResultsPanel
from app.ui.jobs import Ticket
from app.ui.screen import Screen, ScreenAction
from app.ui.steps import LongStep, StepDialog
from app.ui.widgets import CaptionLabel, HeadingLabel, TextLabel, open_once

if TYPE_CHECKING:
    from app.ui.screens import Desk

STOPPING: Final = "正在停下；已收完的包保留，正在收的不留下任何东西"


def import_files(place: Workplace, paths: Sequence[Path], admit: Sequence[str], ticket: Ticket) -> Arrived:
    """Take files in; made to run as a long step."""
    done = merging.import_packages(
        place, paths=paths, progress=ticket.report, cancelled=ticket.is_cancelled, admit=admit
    )
    keys = {(line.kind, line.record_id) for each in done for line in each.records}
    return Arrived(done, located(paths, done), record_titles(place, keys))


def inspect_file(place: Workplace, path: Path, ticket: Ticket) -> PackageSummary:
    """Look at a package without taking it in; made to run as a long step."""
    return handover.inspect_package(place, path=path, progress=ticket.report, cancelled=ticket.is_cancelled)


class Intake(QObject):
    """Takes files in for a screen and shows what became of them in its panel.

    ``arrived`` follows every import. Volumes of a package that is not complete are remembered, so that
    those on another stick can follow.
    """

    arrived = Signal(object)

    def __init__(
        self, screen: Screen, desk: Desk, long: LongStep, panel: ResultsPanel, chooser: Chooser
    ) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._long, self._panel, self._chooser = screen, desk, long, panel, chooser
        self._pieces: tuple[Path, ...] = ()
        panel.review_asked.connect(self.look)
        panel.open_asked.connect(screen.open_requested)

    def take(self, paths: Sequence[Path]) -> None:
        """Import packages, volumes, receipts, or folders of them; the window stays alive."""
        if paths:
            wanted = [*paths, *(piece for piece in self._pieces if piece.is_file())]
            self._run(wanted, (), self._show)

    def look(self, place: int) -> None:
        """Show what a late package of a revoked device holds, before anything of it is taken in."""
        path = self._panel.arrived.paths[place]
        if path is not None:
            self._long.run(
                "正在核对",
                partial(inspect_file, self._desk.place, path),
                partial(self._ask, place, path),
                count=lines.bytes_text,
            )

    def carry_receipts(self) -> None:
        """Copy receipts that lie in the home to where they can be carried away."""
        found = kept_receipts(self._desk.place, self._panel.arrived)
        folder = self._chooser.folder(self._screen, "回执复制到哪里") if found else None
        if folder is not None:
            self._long.run(
                "正在复制回执", lambda _: copy_receipts(found, folder), partial(self._carried, folder)
            )

    def screen_actions(self, *, enabled: bool) -> tuple[ScreenAction, ...]:
        """Carrying receipts away, while some lie in the home."""
        if not kept_receipts(self._desk.place, self._panel.arrived):
            return ()
        return (
            ScreenAction(
                "复制回执到…", self.carry_receipts, "Ctrl+Shift+R", enabled=enabled, name="carry_receipts"
            ),
        )

    def _run(self, paths: Sequence[Path], admit: Sequence[str], done: Callable[[Arrived], object]) -> None:
        self._long.run(
            "正在核对并收入",
            partial(import_files, self._desk.place, list(paths), admit),
            done,
            stopping=STOPPING,
            count=lines.bytes_text,
        )

    def _show(self, arrived: Arrived) -> None:
        self._pieces = tuple(dict.fromkeys((*pieces_to_keep(arrived), *self._left_over(arrived))))
        self._panel.show_results(arrived)
        self.arrived.emit(arrived)

    def _left_over(self, arrived: Arrived) -> tuple[Path, ...]:
        """Earlier volumes are kept while a package of theirs is still not complete."""
        return self._pieces if pieces_to_keep(arrived) else ()

    def _ask(self, place: int, path: Path, summary: PackageSummary) -> None:
        dialog = admit_form(self._desk, summary, path, self._screen)
        dialog.stored.connect(partial(self._admit, place, path, summary.author))
        open_once(dialog)

    def _admit(self, place: int, path: Path, device_id: str, _: object) -> None:
        self._run([path], [device_id], partial(self._show_one, place))

    def _show_one(self, place: int, one: Arrived) -> None:
        self._panel.show_results(self._panel.arrived.with_one(place, one), place)
        self.arrived.emit(one)

    def _carried(self, folder: Path, copied: int) -> None:
        self._screen.notice_given.emit(f"回执 {copied} 份已复制到 {folder}，带回给对方导入")


def admit_form(desk: Desk, summary: PackageSummary, path: Path, parent: Screen) -> StepDialog:
    """查看后收入: who made the package, when, and what it brings; confirmed before it is taken in."""
    dialog = StepDialog("停用设备的包", "收入", desk.jobs, parent)
    device = next(row for row in enrolment.device_rows(desk.place) if row.device_id == summary.author)
    revoked = f"，{lines.moment_text(device.revoked_at)} 停用" if device.revoked_at else ""
    dialog.form.add_wide(HeadingLabel(f"{summary.author_name}的设备{revoked}", "card", dialog))
    size = lines.size_text(summary.bytes)
    evidence = f"，照片等证据 {summary.blobs} 个" if summary.blobs else ""
    for text in (
        f"{path.name}，{size}，签名无误",
        f"{lines.moment_text(summary.made_at)} 制作（按那台设备的时钟）",
        f"{lines.kinds_text(summary.kinds) or '没有记录'}{evidence}",
    ):
        dialog.form.add_wide(TextLabel(text, parent=dialog))
    dialog.form.add_wide(CaptionLabel(f"指纹 {summary.fingerprint}", parent=dialog))
    kept = QCheckBox("已问过本人：停用之前设备一直在他手里", dialog)
    dialog.add("", kept, "kept", check=lambda: "" if kept.isChecked() else "问清楚后勾选；拿不准就不要收入")
    kept.setAccessibleName(kept.text())
    dialog.prepare = lambda: partial(_looked_at, path)
    return dialog


def _looked_at(path: Path) -> Path:
    with explained(path):
        path.stat()
    return path


def kept_receipts(place: Workplace, arrived: Arrived) -> dict[str, Path]:
    """Receipts in the home under the names they are carried away by: this import's, else all there are."""
    folder = place.home / receipts.FOLDER
    here = [(each.file, each.receipt) for each in arrived.done if each.receipt is not None]
    found = {f"{file}{receipts.SUFFIX}": path for file, path in here if path.parent == folder}
    return found or {path.name: path for path in sorted(folder.glob(f"*{receipts.SUFFIX}"))}


def copy_receipts(found: dict[str, Path], folder: Path) -> int:
    """Write receipts into ``folder``; returns how many."""
    for name, path in found.items():
        with explained(path):
            data = path.read_bytes()
        require_free_space(folder, len(data))
        write_atomically(folder / name, data)
    return len(found)
