"""The form before an export: to whom, what will go, in which pieces, and whether there is room for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.errors import ChayanError
from app.files import RESERVE, free_space
from app.services import loading
from app.services.enrolment import DeviceRow
from app.services.loading import Foreseen
from app.sync.volumes import parse_size
from app.ui.chooser import Chooser
from app.ui.handover import lines
from app.ui.slots import calling
from app.ui.steps import ChoiceBox, Step, StepDialog
from app.ui.theme import current
from app.ui.tokens import TARGET, Tone
from app.ui.widgets import SecondaryButton, TextLabel
from app.vocabulary import Role
from app.wording import sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk

OWN_SIZE: Final = "own"
SPLITS: Final = {
    "": "不分卷",
    "4G": "U 盘 FAT32，每卷 4 GB",
    "20M": "邮件，每卷 20 MB",
    OWN_SIZE: "自定每卷大小",
}
FAT32: Final = 4_000_000_000
LISTED: Final = 4
WHOLE_NOTE: Final = "对方已有的也再带一份；对方重装过、丢了数据时用，重复收入不会变成两份"
DRAFTS_NOTE: Final = "未完成的检查也带去，同事可接着查；同一处两人都改了会列为冲突"
_ID: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Sending:
    """What somebody decided about an export; ``split`` is the most bytes of a volume."""

    to: tuple[str, ...]
    names: str
    out: Path
    whole: bool = False
    drafts: bool = False
    split: int | None = None


class Receivers(QListWidget):
    """Devices with a box each; Space ticks the current one."""

    def __init__(self, rows: Sequence[DeviceRow], ticked: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        for row in rows:
            item = QListWidgetItem(lines.receiver_text(row))
            item.setData(_ID, row.device_id)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
            )
            state = Qt.CheckState.Checked if row.device_id in ticked else Qt.CheckState.Unchecked
            item.setCheckState(state)
            item.setToolTip(f"指纹 {row.fingerprint}（空格勾选）")
            self.addItem(item)
        self.setCurrentRow(next((n for n, row in enumerate(rows) if row.device_id in ticked), 0))
        line = max(TARGET, current().sizes.line + 14)
        self.setFixedHeight(min(len(rows), LISTED) * line + 6)

    def ticked(self) -> tuple[str, ...]:
        """Ids of the ticked devices."""
        items = (self.item(line) for line in range(self.count()))
        return tuple(str(item.data(_ID)) for item in items if item.checkState() == Qt.CheckState.Checked)


class FolderField(QWidget):
    """A folder that is there, chosen in the system's dialog."""

    chosen = Signal()

    def __init__(self, chooser: Chooser, title: str, folder: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._chooser, self._title = chooser, title
        self.folder = folder if folder is not None and folder.is_dir() else None
        self.shown = QLineEdit(str(self.folder or ""), self)
        self.shown.setReadOnly(True)
        self.shown.setPlaceholderText("还没有选")
        self.shown.setAccessibleName("选定的文件夹")
        self.shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button = SecondaryButton("选择文件夹", "Ctrl+O", self)
        self.button.setObjectName("choose_folder")
        self.button.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.shown, 1)
        row.addWidget(self.button)
        self.setFocusProxy(self.button)
        self.button.clicked.connect(self.choose)

    def choose(self) -> None:
        """Ask for another folder."""
        found = self._chooser.folder(self, self._title)
        if found is not None:
            self.folder = found
            self.shown.setText(str(found))
            self.shown.setToolTip(str(found))
            self.chosen.emit()


class SendingDialog(StepDialog):
    """Says what will go while receivers are ticked; :attr:`stored` carries the :class:`Sending`."""

    def __init__(
        self,
        desk: Desk,
        chooser: Chooser,
        rows: Sequence[DeviceRow],
        ticked: Sequence[str],
        parent: QWidget,
        *,
        folder: Path | None = None,
    ) -> None:
        inspector = desk.place.owner.role is Role.INSPECTOR
        super().__init__("导出交接包" if inspector else "下发任务包", "导出并读回核对", desk.jobs, parent)
        self.setMinimumWidth(600)
        self._desk, self._rows, self._inspector = desk, {row.device_id: row for row in rows}, inspector
        self._asked: object = None
        self._foreseen: Foreseen | None = None
        self._own_choice = False
        self.forecast = TextLabel(parent=self)
        self.to = Receivers(rows, ticked, self)
        self.drafts = QCheckBox("连同未完成的检查", self)
        self.whole = QCheckBox("全部重发", self)
        self.split = ChoiceBox(SPLITS, parent=self)
        self.piece = QLineEdit("650M", self)
        self.target = FolderField(chooser, "交接包放到哪里（文件夹或移动磁盘）", folder, self)
        self._fill_in()
        self._connect()
        self.prepare = self._sending
        self._offer_drafts()
        self.look_ahead()

    def _fill_in(self) -> None:
        self._to_row = self.add("收件方", self.to, "receivers", check=partial(_one_at_least, self.to))
        self._load_row = self.add("将带去", self.forecast, "load")
        if self._inspector:
            self.add("", self.drafts, "drafts", DRAFTS_NOTE)
        else:
            self.drafts.hide()
        self.add("", self.whole, "whole", WHOLE_NOTE)
        self._split_row = self.add("分卷", self.split, "split")
        self._size_row = self.add("每卷不超过", self.piece, "size", "如 650M、2G", self._wrong_size)
        self._target_row = self.add("放到", self.target, "out", check=self._no_folder)
        for box in (self.drafts, self.whole):
            box.setAccessibleName(box.text())
        self._size_row.set_visible(False)

    def _connect(self) -> None:
        self.to.itemChanged.connect(calling(self._receivers_changed))
        self.drafts.clicked.connect(calling(self._drafts_chosen))
        for box in (self.drafts, self.whole):
            box.toggled.connect(calling(self.look_ahead))
        self.split.currentIndexChanged.connect(calling(self._split_changed))
        self.target.chosen.connect(self._weigh)

    def look_ahead(self) -> None:
        """Count beside the window what would go; only the newest answer is shown."""
        to, whole, drafts = self.to.ticked(), self.whole.isChecked(), self.drafts.isChecked()
        self._asked, self._foreseen = (to, whole, drafts), None
        self._weigh()
        if not to:
            self.forecast.setText("先勾选收件方")
            self._load_row.explain("")
            return
        self.forecast.setText("正在统计")
        place = self._desk.place
        self._jobs.run(
            lambda: loading.foreseen(place, to=to, whole=whole, drafts=drafts),
            partial(self._show, self._asked),
            self._uncounted,
            self,
        )

    def _show(self, asked: object, told: Foreseen) -> None:
        if asked != self._asked:
            return
        self._foreseen = told
        self.forecast.setText(lines.load_text(told))
        complete = [self._rows[name].name for name in told.complete if name in self._rows]
        self._load_row.explain(f"{'、'.join(complete)}那里已经都有了" if complete else "")
        self._weigh()

    def _uncounted(self, error: ChayanError) -> None:
        self.forecast.setText("")
        self._load_row.explain(sentence(error).message, "bad")

    def _receivers_changed(self) -> None:
        self._offer_drafts()
        self.look_ahead()

    def _offer_drafts(self) -> None:
        """A colleague goes on with what is not finished; the office counts only what is."""
        ticked = self.to.ticked()
        colleague = any(not self._rows[name].office_device for name in ticked)
        if self._inspector and not self._own_choice and self.drafts.isChecked() != colleague:
            self.drafts.blockSignals(True)
            self.drafts.setChecked(colleague)
            self.drafts.blockSignals(False)

    def _drafts_chosen(self) -> None:
        self._own_choice = True

    def _split_changed(self) -> None:
        self._size_row.set_visible(self.split.word() == OWN_SIZE)
        self._weigh()

    def _weigh(self) -> None:
        """Say whether there is room, before anything is written."""
        wanted = self._foreseen.bytes if self._foreseen is not None else 0
        self._split_row.explain(*self._about_pieces(wanted))
        if self.target.folder is not None:
            try:
                free = free_space(self.target.folder)
            except ChayanError as error:
                self._target_row.set_problem(sentence(error).message)
                return
            self._target_row.set_problem(lines.room_text(wanted + RESERVE, free))
            if free >= wanted + RESERVE:
                self._target_row.explain(f"可用 {lines.size_text(free)}")
        self.fit()

    def _about_pieces(self, wanted: int) -> tuple[str, Tone]:
        """Pieces are cut from a whole package that lies in the home for a while."""
        if self.split.word():
            missing = lines.room_text(wanted + RESERVE, free_space(self._desk.place.home))
            return (f"分卷前要先在本机写一遍，{missing}", "bad") if missing else ("", "neutral")
        whole_file = wanted > FAT32
        return ("超过 4 GB，FAT32 的 U 盘放不下一个整文件", "attention") if whole_file else ("", "neutral")

    def _wrong_size(self) -> str:
        if self.split.word() != OWN_SIZE:
            return ""
        try:
            parse_size(self.piece.text())
        except ChayanError as error:
            words = sentence(error)
            return f"{words.message}；{words.remedy}"
        return ""

    def _no_folder(self) -> str:
        if self.target.folder is None:
            return "选一个文件夹或移动磁盘"
        return "" if self.target.folder.is_dir() else "这个文件夹不在了，重新选"

    def _sending(self) -> Step:
        to, word = self.to.ticked(), self.split.word()
        text = self.piece.text() if word == OWN_SIZE else word
        assert self.target.folder is not None
        sending = Sending(
            to,
            "、".join(self._rows[name].name for name in to),
            self.target.folder,
            whole=self.whole.isChecked(),
            drafts=self.drafts.isChecked() and self._inspector,
            split=parse_size(text) if text else None,
        )
        return partial(_decided, sending)


def _decided(sending: Sending) -> Sending:
    return sending


def _one_at_least(receivers: Receivers) -> str:
    return "" if receivers.ticked() else "至少勾选一台"
