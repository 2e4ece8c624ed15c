"""Writing a package from a window, and what was written: every file, read back, and where it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services import handover
from app.services.enrolment import DeviceRow
from app.services.handover import Exported
from app.services.workplace import Workplace
from app.ui.blocks import Block, BlocksCard
from app.ui.chooser import Chooser
from app.ui.handover import lines
from app.ui.handover.sending import Sending, SendingDialog
from app.ui.handover.tables import RowsTable
from app.ui.jobs import Ticket
from app.ui.screen import Screen
from app.ui.slots import calling
from app.ui.steps import LongStep
from app.ui.tokens import ASIDE_WIDTH
from app.ui.widgets import Column, EmptyState, SecondaryButton, open_once
from app.wording import sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk

STOPPING: Final = "正在停下，不留下任何文件"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of an export: the package, or one of its volumes."""

    volume: str
    name: str
    size: int


FILES: Final[tuple[Column[WrittenFile], ...]] = (
    Column("卷", "volume", 14),
    Column("文件", "name", 0),
    Column("大小", lambda row: lines.size_text(row.size), 10, "right"),
    Column("核对", lambda _: "✓ 读回无误", 12, tone=lambda _: "good"),
)


def written_files(done: Exported) -> tuple[WrittenFile, ...]:
    """The files of an export in their order, volumes by their numbers."""
    paths = done.volumes or (done.path,)
    count = len(paths)
    return tuple(
        WrittenFile(
            f"第 {number} 卷 / 共 {count} 卷" if done.volumes else "不分卷", path.name, path.stat().st_size
        )
        for number, path in enumerate(paths, 1)
    )


def write(place: Workplace, sending: Sending, ticket: Ticket) -> tuple[Exported, tuple[WrittenFile, ...]]:
    """Write a package; made to run as a long step."""
    done = handover.export_package(
        place,
        out=sending.out,
        to=sending.to,
        whole=sending.whole,
        drafts=sending.drafts,
        split=sending.split,
        progress=ticket.report,
        cancelled=ticket.is_cancelled,
    )
    return done, written_files(done)


class WrittenPanel(QWidget):
    """The files of the last export, and what to do with them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        self.files: RowsTable[WrittenFile] = RowsTable("写出的文件", FILES, EmptyState("还没有导出"), self)
        self.files.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.aside = BlocksCard(parent=self)
        self.copy_button = SecondaryButton("复制文件夹路径", "Ctrl+Shift+C", self)
        self.copy_button.setObjectName("copy_folder")
        beside = QWidget(self)
        beside.setFixedWidth(ASIDE_WIDTH)
        right = QVBoxLayout(beside)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(self.aside, 1)
        right.addWidget(self.copy_button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.files, 1)
        row.addWidget(beside)
        self.copy_button.clicked.connect(calling(self.copy_folder))

    def show_export(self, sending: Sending, done: Exported, files: Sequence[WrittenFile]) -> None:
        """List what was written, for whom."""
        self.folder = done.path.parent
        self.files.show_rows(files)
        hints = ["全部各卷都要交到，次序不限；少一卷就收不进去"] if done.volumes else []
        hints.append("对方收下后把回执带回来导入，才能逐条打勾")
        self.aside.show_blocks(
            (
                Block(
                    f"给{sending.names}",
                    (
                        ("chip", ("读回核对无误", "good")),
                        (
                            "text",
                            f"{done.records} 条记录，{done.blobs} 个证据文件，{lines.size_text(done.bytes)}",
                        ),
                        ("text", f"{self.folder}"),
                        *(("text", sentence(each).message) for each in done.remarks),
                        *(("soft", hint) for hint in hints),
                    ),
                ),
            )
        )

    def copy_folder(self) -> None:
        """Put the folder's path on the clipboard."""
        if self.folder is not None:
            QGuiApplication.clipboard().setText(str(self.folder))


class Outgoing(QObject):
    """Asks how to export, writes the package as a long step, and shows what was written.

    ``exported`` follows every export that was made.
    """

    exported = Signal(object)

    def __init__(
        self, screen: Screen, desk: Desk, long: LongStep, panel: WrittenPanel, chooser: Chooser
    ) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._long, self._panel, self._chooser = screen, desk, long, panel, chooser
        self._folder: Path | None = None

    def ask(self, rows: Sequence[DeviceRow], ticked: Sequence[str]) -> None:
        """Let somebody choose receivers, pieces and folder; nothing is written before that."""
        dialog = SendingDialog(self._desk, self._chooser, rows, ticked, self._screen, folder=self._folder)
        dialog.stored.connect(self.send)
        open_once(dialog)

    def send(self, sending: Sending) -> None:
        """Write what was decided."""
        self._folder = sending.out
        self._long.run(
            f"正在写给{sending.names}的包并读回核对",
            partial(write, self._desk.place, sending),
            partial(self._written, sending),
            stopping=STOPPING,
            count=lines.work_text,
        )

    def _written(self, sending: Sending, made: tuple[Exported, tuple[WrittenFile, ...]]) -> None:
        done, files = made
        self._panel.show_export(sending, done, files)
        self.exported.emit(done)
