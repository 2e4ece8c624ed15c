"""One disputed field: its values, and where a person decides it: a choice, a reason, one button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from app.services.disputed_parts import Asked, Part
from app.services.disputes import DisputedField
from app.services.naming import path_text
from app.services.resolving import Exactly
from app.sync.shapes import Value
from app.ui.conflicts import lines, marks, third
from app.ui.conflicts.flow import FlowRow
from app.ui.conflicts.lines import THIRD, Option
from app.ui.conflicts.third import ThirdEditor
from app.ui.conflicts.values import (
    ChoiceButton,
    MarkedLabel,
    ValueCard,
    ValuesGrid,
    chosen_neighbour,
    former_card,
    rival_card,
)
from app.ui.slots import calling
from app.ui.steps import LinesField
from app.ui.widgets import CaptionLabel, Card, HeadingLabel, PlainButton, PrimaryButton, TextLabel

MARKS: Final = "下划线：比原值多的字；删除线：原值里有、这里没有的字"


@dataclass(slots=True)
class Draft:
    """What somebody has chosen and typed for a field and not decided yet.

    ``choice`` is an option's key, ``former``, ``third`` or empty; ``seen`` the keys of the rival values
    it was chosen from.
    """

    choice: str = ""
    third: str = ""
    reason: str = ""
    seen: tuple[str, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether anything was chosen or typed."""
        return bool(self.choice or self.written)

    @property
    def written(self) -> str:
        """Everything typed, for telling it when its field is no longer in dispute."""
        return "；".join(text for text in (self.third, self.reason) if text.strip())


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disputed field with everything the view shows about it."""

    field: DisputedField
    asked: Asked
    part: Part | None
    may_decide: bool

    @property
    def path(self) -> str:
        """Where it is."""
        return self.field.path

    @property
    def name(self) -> str:
        """What it is called."""
        return path_text(self.field.path, self.field.papers)


class DecisionPanel(Card):
    """A third value, the reason, and 定下; the values to choose from stand above it."""

    def __init__(self, path: str, asked: Asked, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self.setObjectName("decision")
        self.third_button: ChoiceButton | None = None
        self.editor: ThirdEditor | None = None
        if third.can_be_written(asked):
            self.third_button = ChoiceButton("T  另写一个值", self)
            self.third_button.setObjectName("take_third")
            self.third_button.setToolTip("另写一个值（T）")
            self.third_button.setAccessibleName("另写一个值")
            self.editor = ThirdEditor(path, asked, self)
        self.reason = LinesField(2, parent=self)
        self.reason.setObjectName("reason")
        self.reason.setAccessibleName("理由")
        self.reason.setPlaceholderText("为什么采用这个值，必填；随记录保存、打印")
        self.usual = [self._usual(text) for text in lines.REASONS]
        self.lacks = CaptionLabel(parent=self)
        self.lacks.setObjectName("lacks")
        self.button = PrimaryButton("定下", "Ctrl+Return", self)
        self.button.setObjectName("decide")
        self._lay_out()

    def _usual(self, text: str) -> PlainButton:
        button = PlainButton(text, parent=self)
        button.setObjectName("usual_reason")
        button.setToolTip(f"写作理由：{text}")
        button.clicked.connect(calling(self._write, text))
        return button

    def _write(self, text: str) -> None:
        self.reason.setPlainText(lines.with_usual(self.reason.text(), text))
        self.reason.moveCursor(self.reason.textCursor().MoveOperation.End)
        self.reason.setFocus()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(14, 10, 14, 12)
        if self.third_button is not None and self.editor is not None:
            self.body.addWidget(self.third_button)
            self.body.addWidget(self.editor)
        why = QHBoxLayout()
        why.setSpacing(12)
        name = CaptionLabel("理由", parent=self)
        name.setContentsMargins(0, 10, 0, 0)
        why.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        why.addWidget(self.reason, 1)
        self.body.addLayout(why)
        self.body.addWidget(FlowRow(self.usual, self))
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self.lacks, 1)
        foot.addWidget(self.button)
        self.body.addLayout(foot)


class FieldSection(QWidget):
    """A disputed field: name, what it belongs to, its values, and the panel while it is the current one.

    ``entered`` tells that somebody turned to it, ``decided`` carries what to take and why.
    """

    entered = Signal()
    left = Signal()
    decided = Signal(object, str)
    wanted = Signal(QWidget)
    """A field that the keys were led to, to be brought into view."""

    def __init__(self, dispute: Dispute, draft: Draft, number: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.dispute, self.draft = dispute, draft
        self.options = lines.options(dispute.field)
        self.former = lines.former_option(dispute.field, dispute.asked) if dispute.may_decide else None
        self.setAccessibleName(dispute.name)
        self.setObjectName("field_section")
        # In this order, for so the Tab key goes.
        self.values = ValuesGrid(self._cards(), prose=lines.is_long(self._texts()), parent=self)
        self.panel = DecisionPanel(dispute.path, dispute.asked, self)
        self._group = QButtonGroup(self)
        self._lay_out(number)
        self._connect()
        self._restore()
        self.set_current(current=False)

    # What is shown.

    def _texts(self) -> list[str]:
        values = [self.dispute.field.former, *(each.value for each in self.options)]
        return [lines.shown_text(self.dispute.field, value, self.dispute.asked) for value in values]

    def _cards(self) -> list[ValueCard]:
        asked, field = self.dispute.asked, self.dispute.field
        twin = next((n for n, each in enumerate(self.options, 1) if lines.same(each.value, field.former)), 0)
        shown = lines.shown_text(field, field.former, asked)
        prose = field.former if isinstance(field.former, str) and asked.entry in {"text", "line"} else ""
        cards = [former_card(self.former, shown, twin, self)]
        for number, option in enumerate(self.options, start=1):
            found = marks.pieces(prose, lines.shown_text(field, option.value, asked))
            cards.append(rival_card(option, found, str(number) if self.dispute.may_decide else "", self))
        return cards

    def _lay_out(self, number: str) -> None:
        head = QHBoxLayout()
        head.addWidget(HeadingLabel(self.dispute.name, "card", self), 1)
        head.addWidget(CaptionLabel(number, parent=self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        if told := lines.about(self.dispute.path, self.dispute.part):
            about = TextLabel(told, parent=self)
            about.setObjectName("about")
            column.addWidget(about)
        column.addWidget(self.values)
        if any(isinstance(card.text, MarkedLabel) for card in self.values.cards):
            column.addWidget(CaptionLabel(MARKS, parent=self))
        column.addWidget(self.panel)

    # What is chosen and typed.

    def buttons(self) -> list[ChoiceButton]:
        """Every choice in order, the former value first and the third last."""
        found = [card.button for card in self.values.cards if card.button is not None]
        return [*found, *([self.panel.third_button] if self.panel.third_button is not None else [])]

    def _checked(self) -> ChoiceButton | None:
        return next((each for each in self.buttons() if each.isChecked()), None)

    def _key_of(self, button: ChoiceButton) -> str:
        cards = (card for card in self.values.cards if card.button is button)
        return next((card.option.key for card in cards), THIRD)

    def _connect(self) -> None:
        for button in self.buttons() if self.dispute.may_decide else ():
            self._group.addButton(button)
            button.toggled.connect(calling(self._choose))
            button.stepped.connect(self._step)
            button.passed.connect(self._pass)
            button.reached.connect(self.entered)
        self.panel.reason.textChanged.connect(self._typed)
        self.panel.button.clicked.connect(self._decide)
        if self.panel.editor is not None:
            self.panel.editor.changed.connect(self._wrote_third)

    def _restore(self) -> None:
        draft = self.draft
        if self.panel.editor is not None and draft.third:
            self.panel.editor.write(draft.third)
        self.panel.reason.setPlainText(draft.reason)
        for button in self.buttons():
            if self._key_of(button) == draft.choice:
                button.setChecked(True)
        if self._checked() is None:
            draft.choice = ""
        self._judge()

    def _choose(self) -> None:
        button = self._checked()
        if button is None:
            return
        former, self.draft.choice = self.draft.choice, self._key_of(button)
        editor = self.panel.editor
        if self.draft.choice == THIRD and editor is not None and not self.draft.third:
            editor.write(third.raw_of(self._beginning(former), self.dispute.asked))
            self.draft.third = editor.raw()
        self._judge()
        self.entered.emit()

    def _beginning(self, choice: str) -> Value:
        """What a third value is written from: the value chosen before it, else the one shown."""
        known = {each.key: each.value for each in (*self.options, *filter(None, [self.former]))}
        return known.get(choice, self.dispute.field.shown)

    def _wrote_third(self) -> None:
        editor, button = self.panel.editor, self.panel.third_button
        if editor is None or button is None or editor.raw() == self.draft.third:
            return
        self.draft.third = editor.raw()
        button.setChecked(True)
        self._judge()

    def _typed(self) -> None:
        self.draft.reason = self.panel.reason.toPlainText()
        self._judge()

    def _judge(self) -> None:
        if self.panel.editor is not None:
            self.panel.editor.setVisible(self.draft.choice == THIRD)
        lacks = lines.missing(self.draft.choice, self._problem(), self.draft.reason)
        self.panel.lacks.show_text(lacks or "定下后记入这条记录的历史，可以重新打开")
        self.panel.button.setEnabled(not lacks)

    def _problem(self) -> str:
        return third.problem_of(self.draft.third, self.dispute.asked)

    # Keys.

    def set_current(self, *, current: bool) -> None:
        """Show the panel while this is the field being decided."""
        self.panel.setVisible(current and self.dispute.may_decide)

    def focus_first(self) -> None:
        """Begin at what is chosen, else at the first rival value."""
        checked = self._checked()
        found = [card.button for card in self.values.cards[1:] if card.button is not None]
        if checked is not None:
            checked.setFocus()
        elif found:
            found[0].setFocus()

    def take(self, key: str) -> bool:
        """Choose by a key: 0 the former value, 1 to n a rival, T a third; whether it means anything."""
        names = {"t": "take_third"} | {str(n): f"take_{n}" for n in range(10)}
        wanted = names.get(key.lower())
        button = next((each for each in self.buttons() if each.objectName() == wanted), None)
        if button is None or not self.dispute.may_decide:
            return False
        # The focus first: where it leaves a panel that is put away, Qt would lead it on by itself.
        button.setFocus()
        button.setChecked(True)
        if button is self.panel.third_button:
            self._pass()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits and T choose, Esc goes back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.modifiers() or not self.take(event.text()):
            super().keyPressEvent(event)

    def _step(self, step: int) -> None:
        button = chosen_neighbour(self.buttons(), step)
        button.setFocus()
        button.setChecked(True)

    def _pass(self) -> None:
        self.entered.emit()
        editor = self.panel.editor if self.draft.choice == THIRD else None
        field = self.panel.reason if editor is None else editor.field
        field.setFocus()
        self.wanted.emit(field)

    def _decide(self) -> None:
        self.decided.emit(self._take(), self.draft.reason.strip())

    def _take(self) -> Value | Exactly:
        if self.draft.choice == THIRD:
            return Exactly(third.value_of(self.draft.third, self.dispute.asked))
        chosen: list[Option] = [*self.options, *([self.former] if self.former is not None else [])]
        return next(each.take for each in chosen if each.key == self.draft.choice)
