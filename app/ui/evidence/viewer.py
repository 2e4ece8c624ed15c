"""One piece of evidence, large; arrows lead to its neighbours."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import evidence
from app.services.evidence import EvidenceRow
from app.services.workplace import Workplace
from app.ui.evidence import words
from app.ui.evidence.picture import LARGE_BOX, Picture
from app.ui.jobs import Jobs
from app.ui.slots import calling
from app.ui.widgets import ElidedLabel, PlainButton
from app.wording import sentence

KEPT: Final = 4
"""Large pictures that stay ready: the present one, its neighbours, the one before."""


class Viewer(QWidget):
    """Shows one piece large. ``stepped(by)`` asks for a neighbour, ``closed`` leads back to the gallery."""

    stepped = Signal(int)
    closed = Signal()
    ticked = Signal()

    def __init__(self, place: Workplace, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidence_viewer")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._place, self._jobs = place, jobs
        self._row: EvidenceRow | None = None
        self._ready: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()
        self.picture = Picture(self)
        self.back = PlainButton("回到全部", "", self, icon="previous")
        self.back.setToolTip("回到全部（Esc）")
        self._title = ElidedLabel(parent=self)
        self.before = PlainButton("", "", self, icon="previous")
        self.after = PlainButton("", "", self, icon="next")
        for button, text, by in ((self.before, "上一件（←）", -1), (self.after, "下一件（→）", 1)):
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(calling(self.stepped.emit, by))
        self.back.clicked.connect(self.closed)
        for button in (self.back, self.before, self.after):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()

    def show_row(
        self, row: EvidenceRow | None, number: int, count: int, neighbours: tuple[EvidenceRow, ...]
    ) -> None:
        """Show a piece; its neighbours are made ready behind it."""
        self._row = row
        if row is None:
            self.closed.emit()
            return
        self._title.setText(f"{number} / {count}　{words.title(row)}")
        self.setAccessibleName(f"{words.kind(row)} {number} / {count}，{words.title(row)}")
        self.before.setEnabled(number > 1)
        self.after.setEnabled(number < count)
        self._show()
        for each in (row, *neighbours):
            self._fetch(each)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Space for the tick, Esc or Enter back."""
        key = event.key()
        if key in {Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp}:
            self.stepped.emit(-1)
        elif key in {Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown}:
            self.stepped.emit(1)
        elif key == Qt.Key.Key_Space:
            self.ticked.emit()
        elif key == Qt.Key.Key_Escape or (
            key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers()
        ):
            self.closed.emit()
        else:
            event.ignore()

    def _show(self) -> None:
        row = self._row
        if row is None:
            return
        if not row.pictured:
            self.picture.say(f"{words.kind(row)}没有画面可看\n“另存原件”后用播放器打开")
            if row.outside_sha256:
                self.picture.say(f"{words.kind(row)}留在原处：\n{row.kept_at}")
            return
        data = self._ready.get((row.sha256, row.rotation))
        if data is None:
            self.picture.say("正在打开…")
        else:
            self.picture.show_picture(data)

    def _fetch(self, row: EvidenceRow) -> None:
        sign = (row.sha256, row.rotation)
        if not row.pictured or sign in self._ready or sign in self._asked:
            return
        self._asked.add(sign)
        make = partial(evidence.preview, self._place, sha256=sign[0], box=LARGE_BOX, rotation=sign[1])
        self._jobs.run(make, partial(self._came, sign), partial(self._failed, sign), self, lane="files")

    def _came(self, sign: tuple[str, int], data: bytes) -> None:
        self._asked.discard(sign)
        self._ready[sign] = data
        while len(self._ready) > KEPT:
            self._ready.popitem(last=False)
        if self._row is not None and (self._row.sha256, self._row.rotation) == sign:
            self._show()

    def _failed(self, sign: tuple[str, int], error: ChayanError) -> None:
        self._asked.discard(sign)
        if self._row is not None and (self._row.sha256, self._row.rotation) == sign:
            said = sentence(error)
            self.picture.say(f"{said.message}\n{said.remedy}")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.back)
        head.addWidget(self._title, 1)
        head.addWidget(self.before)
        head.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.picture, 1)
