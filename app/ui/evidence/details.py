"""Beside the gallery: caption, item and facts of one piece, or of several at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.services.evidence import EvidenceRow
from app.services.evidence_outside import State
from app.ui.blocks import scrolling
from app.ui.evidence import words
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField
from app.ui.visit.saving import LateSaver
from app.ui.widgets import CaptionLabel, Card, HeadingLabel, PlainButton, SecondaryButton, TextLabel

SEVERAL: Final = "各不相同；写在这里，选中的都改成这一句"
MIXED: Final = "\x00"
"""The word of 各不相同 in the box of items."""

Store = Callable[[str, tuple[str, ...], str], bool]

STATES: Final[dict[State, tuple[str, str]]] = {
    "same": ("原处的文件还在，校验值一致", "good"),
    "changed": ("原处的文件已改动，校验值不一致", "bad"),
    "missing": ("原处没有这个文件；放到别处的，改写存放处", "bad"),
}


class Details(Card):
    """What belongs to the current or the chosen pieces; says what is wanted by signals.

    What is typed goes to ``store(field, keys, text)`` after a pause; ``field`` is ``caption``, or
    ``kept_at`` for the place of a file outside the vault. What it cannot store stays in the field.
    """

    linked = Signal(str)
    opened = Signal()
    marked = Signal()
    turned = Signal(int)
    removed = Signal()
    saved = Signal()
    verified = Signal()
    original_asked = Signal(str)

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("evidence_details")
        self._keep = store
        self._rows: tuple[EvidenceRow, ...] = ()
        self.name = HeadingLabel("", "card", self)
        self.caption = QLineEdit(self)
        self.caption.setObjectName("photo_caption")
        self.caption.setAccessibleName("说明")
        self.caption.setToolTip("说明（C）；选中几件时一起改")
        self.caption.setMaxLength(400)
        self.link = ChoiceField({}, "整次检查", self)
        self.link.setObjectName("photo_item")
        self.link.setAccessibleName("检查项")
        self.link.setToolTip("属于哪个检查项（L）")
        self.link.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.kept_at = QLineEdit(self)
        self.kept_at.setObjectName("kept_at")
        self.kept_at.setAccessibleName("存放处")
        self._saver = LateSaver(self._store, self)
        self._make_buttons()
        self._facts = TextLabel("", selectable=True, parent=self)
        self._facts.setProperty("quiet", True)
        self._doubts = CaptionLabel("", "attention", self)
        self._state = CaptionLabel("", parent=self)
        self._original = PlainButton("看原件", "", self)
        self._original.setObjectName("show_original")
        self._lay_out()
        self._connect()

    def _make_buttons(self) -> None:
        self.enlarge = SecondaryButton("看大图", "", self, icon="zoom_in")
        self.enlarge.setToolTip("看大图（Enter）")
        self.mark = SecondaryButton("标注", "E", self, icon="pen")
        self.turn = SecondaryButton("右转", "R", self, icon="rotate")
        self.turn_left = SecondaryButton("左转", "Shift+R", self, icon="undo")
        self.save_as = SecondaryButton("另存原件", "Ctrl+Shift+S", self, icon="export")
        self.remove = SecondaryButton("移出", "Delete", self, icon="clear")
        self.verify = PlainButton("核对校验值", "", self)
        for button, name in (
            (self.enlarge, "enlarge"), (self.mark, "mark"), (self.turn, "turn_right"),
            (self.turn_left, "turn_left"), (self.save_as, "save_original"), (self.remove, "remove_evidence"),
            (self.verify, "verify_outside"),
        ):  # fmt: skip
            button.setObjectName(name)

    def offer_items(self, items: Sequence[tuple[str, str]]) -> None:
        """The items that evidence may belong to."""
        self.link.offer(items, self.link.word())

    def show_rows(
        self, rows: Sequence[EvidenceRow], names: Mapping[str, str], started_at: datetime, *, editable: bool
    ) -> None:
        """Show one piece, or what several have in common; what is being typed stays."""
        if {row.key for row in rows} != {row.key for row in self._rows}:
            self._saver.flush()
            self._state.show_text("")
        self._rows = tuple(rows)
        one = rows[0] if len(rows) == 1 else None
        self.setVisible(bool(rows))
        if not rows:
            return
        self.name.setText(words.kind(one) if one is not None else f"选中 {len(rows)} 件")
        self._show_fields(editable)
        self._show_facts(one, names, started_at)
        self._allow(rows, editable=editable)

    def flush(self) -> bool:
        """Store what is being typed."""
        return self._saver.flush()

    def show_state(self, key: str, state: State) -> None:
        """Say whether a file outside is still there and still the same."""
        if [row.key for row in self._rows] == [key]:
            text, tone = STATES[state]
            self._state.show_text(text, "good" if tone == "good" else "bad")
            self._state.setVisible(True)

    def _show_fields(self, editable: bool) -> None:
        caption, item = (
            words.common([row.caption for row in self._rows]),
            words.common([row.item for row in self._rows]),
        )
        if not self._saver.waits("caption") and self.caption.text() != (caption or ""):
            self.caption.setText(caption or "")
        self.caption.setPlaceholderText("拍的是什么" if caption is not None else SEVERAL)
        self.caption.setReadOnly(not editable)
        mixed = self.link.findData(MIXED)
        if item is None and mixed < 0:
            self.link.addItem("各不相同", MIXED)
        elif item is not None and mixed >= 0:
            self.link.removeItem(mixed)
        self.link.set_word(MIXED if item is None else item)
        self.link.setEnabled(editable)
        outside = len(self._rows) == 1 and bool(self._rows[0].outside_sha256)
        if outside and not self._saver.waits("kept_at") and self.kept_at.text() != self._rows[0].kept_at:
            self.kept_at.setText(self._rows[0].kept_at)
        self.kept_at.setReadOnly(not editable)
        for part in (self._kept_name, self.kept_at, self.verify):
            part.setVisible(outside)

    def _show_facts(self, one: EvidenceRow | None, names: Mapping[str, str], started_at: datetime) -> None:
        if one is None:
            total = sum(row.size for row in self._rows)
            self._facts.setText(f"共 {words.size_text(total)}")
            doubts: tuple[str, ...] = ()
        else:
            self._facts.setText(words.facts(one, names.get(one.original_key or "", "")))
            doubts = words.doubts(one, started_at)
        self._doubts.show_text("\n".join(doubts), "attention")
        self._doubts.setVisible(bool(doubts))
        self._original.setVisible(one is not None and one.original_key in names)
        self._state.setVisible(bool(self._state.text()))

    def _allow(self, rows: Sequence[EvidenceRow], *, editable: bool) -> None:
        image = len(rows) == 1 and bool(rows[0].sha256) and rows[0].media_type.startswith("image/")
        self.enlarge.setEnabled(len(rows) == 1)
        self.mark.setEnabled(editable and image)
        self.mark.setToolTip("标注、打码，存为副本（E）" if image else "只有收入的图片能标注，一次一张")
        self.save_as.setEnabled(len(rows) == 1 and bool(rows[0].sha256))
        for button in (self.turn, self.turn_left):
            button.setEnabled(editable and any(row.pictured for row in rows))
        self.remove.setEnabled(editable)

    def _store(self, name: str, text: str) -> bool:
        return self._keep(name, tuple(row.key for row in self._rows), text)

    def _link(self, word: str) -> None:
        if word != MIXED:
            self.linked.emit(word)

    def _ask_original(self) -> None:
        if len(self._rows) == 1 and self._rows[0].original_key is not None:
            self.original_asked.emit(self._rows[0].original_key)

    def _connect(self) -> None:
        self.caption.textEdited.connect(partial(self._saver.typed, "caption"))
        self.kept_at.textEdited.connect(partial(self._saver.typed, "kept_at"))
        for field in (self.caption, self.kept_at):
            field.editingFinished.connect(self._saver.flush)
        self.link.chosen.connect(self._link)
        self.enlarge.clicked.connect(self.opened)
        self.mark.clicked.connect(self.marked)
        self.turn.clicked.connect(calling(self.turned.emit, 90))
        self.turn_left.clicked.connect(calling(self.turned.emit, 270))
        self.remove.clicked.connect(self.removed)
        self.save_as.clicked.connect(self.saved)
        self.verify.clicked.connect(self.verified)
        self._original.clicked.connect(self._ask_original)

    def _lay_out(self) -> None:
        self._kept_name = CaptionLabel("存放处", parent=self)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for name, field in (("说明", self.caption), ("检查项", self.link)):
            column.addWidget(CaptionLabel(name, parent=inside))
            column.addWidget(field)
        steps = QGridLayout()
        steps.setSpacing(6)
        for number, button in enumerate(
            (self.enlarge, self.mark, self.turn_left, self.turn, self.save_as, self.remove)
        ):
            steps.addWidget(button, number // 2, number % 2)
        column.addSpacing(4)
        column.addLayout(steps)
        column.addSpacing(4)
        for part in (self._doubts, self._facts, self._kept_name, self.kept_at, self._state):
            column.addWidget(part)
        for link in (self.verify, self._original):
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        scroll = scrolling(inside)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.body.addWidget(self.name)
        self.body.addWidget(scroll, 1)
