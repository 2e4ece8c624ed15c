"""The law in 设置: what ships, what the office put over it, and taking a supplement into use."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import ChayanError, Problem
from app.law.supplement import Supplement
from app.services import lawbook
from app.services.lawbook import LawImport
from app.ui.chooser import Chooser
from app.ui.settings.law_dialog import LawDialog
from app.ui.widgets import CaptionLabel, Card, SecondaryButton, TextLabel, open_once
from app.vocabulary import Role
from app.wording import sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk

KIND: Final = "法规补充 (*.toml)"


class LawCard(Card):
    """Lists the supplements; an office takes new ones in. ``told`` says what became of a file."""

    told = Signal(str)
    failed = Signal(ChayanError)
    changed = Signal(object)

    def __init__(self, desk: Desk, chooser: Chooser, parent: QWidget | None = None) -> None:
        super().__init__("法规库", parent)
        self._desk, self._chooser = desk, chooser
        self._shipped = CaptionLabel("", parent=self)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.look = SecondaryButton("查条款", "Ctrl+Shift+F", parent=self)
        self.look.setObjectName("look_up_law")
        self.look.clicked.connect(self.look_up)
        self.take = SecondaryButton("导入法规补充", "Ctrl+Shift+L", parent=self)
        self.take.setObjectName("import_law")
        self.take.clicked.connect(self.choose)
        self.take.setVisible(desk.place.owner.role is Role.SUPERVISOR)
        self.body.addWidget(self._shipped)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.look)
        self.body.addWidget(self.take)
        self.show_law()

    def show_law(self, problems: tuple[Problem, ...] = ()) -> None:
        """Say what is known today, and what was wrong with the last file."""
        while self._lines.count():
            if (old := self._lines.takeAt(0).widget()) is not None:
                old.hide()
                old.deleteLater()
        place = self._desk.place
        today = lawbook.provisions(place)
        doubtful = sum(each.provision.needs_confirmation for each in today)
        self._shipped.setText(
            f"今天可引用 {len(today)} 条，其中 {doubtful} 条待核对；各项检查沿用当天的法规。"
        )
        for each in lawbook.supplements(place):
            self._lines.addWidget(TextLabel(_line(each), selectable=True, parent=self))
        for problem in problems:
            said = sentence(problem)
            self._lines.addWidget(CaptionLabel(f"{said.message}。{said.remedy}", "bad", self))

    def texts(self) -> list[str]:
        """Everything it says."""
        labels = (self._lines.itemAt(place).widget() for place in range(self._lines.count()))
        lines = [each.text() for each in labels if isinstance(each, TextLabel | CaptionLabel)]
        return [self._shipped.text(), *lines]

    def look_up(self) -> None:
        """Show the law of a day, to be searched."""
        dialog = LawDialog(self._desk.place, self)
        open_once(dialog)

    def choose(self) -> None:
        """Ask for a supplement and take it into use."""
        path = self._chooser.file(self, "法规补充", KIND)
        if path is not None:
            work = partial(lawbook.import_law, self._desk.place, path=path)
            self._desk.jobs.run(work, self._taken, self.failed.emit, self)

    def _taken(self, done: LawImport) -> None:
        self.show_law(done.problems)
        if done.supplement is None or done.problems:
            return
        self.told.emit(
            f"已收入 {done.supplement.head.title}：新增 {len(done.added)} 条，替换 {len(done.replaced)} 条；"
            "随下次任务包发给各台设备"
        )
        self.changed.emit(done.changes)


def _line(supplement: Supplement) -> str:
    head = supplement.head
    return f"{head.title}（{supplement.name}） 自 {head.effective_from} 起，{len(supplement.library)} 条"
