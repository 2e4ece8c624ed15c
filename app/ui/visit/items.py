"""The list of a visit: cards of items with their note and value being written, pictures dropped on them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import ChayanError
from app.services.instances import Content
from app.services.sheet_rows import Sheet
from app.ui.visit.cards import ItemCard, ListCard
from app.ui.visit.column import CardColumn
from app.ui.visit.faulty import FaultyTexts
from app.ui.visit.groups import GroupCard, InstanceCard
from app.ui.visit.lines import GROUP, INSTANCE, VERDICTS, finding_number, group_of, line_keys, section_row
from app.ui.visit.saving import LateSaver
from app.ui.visit.values import ValueRows
from app.ui.visit.work import VisitWork
from app.ui.visit.writing import WritingField
from app.ui.widgets.photos import local_files
from app.vocabulary import Verdict

NOTE: Final = "note"
VALUE: Final = "value"
FIELD: Final = "field"
NAME: Final = "name"
IN_SIGHT: Final = 10
"""Cards that a window of usual height shows, and a few beyond."""


class ItemList(CardColumn):
    """The cards of one visit. Header cards are handed in; item cards are made and used again."""

    answered = Signal(str, str, bool)
    photo_asked = Signal(str)
    finding_asked = Signal(str)
    files_given = Signal(str, list)
    picture_given = Signal(str, QImage)
    told = Signal(str)

    def __init__(self, work: VisitWork, header_cards: tuple[ListCard, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("item_list")
        self.setAccessibleName("检查项目")
        self._work = work
        self._query = ""
        self._pool: list[ItemCard] = []
        self._groups: list[GroupCard] = []
        self._instances: list[InstanceCard] = []
        self._removing, self._content = "", Content(0, 0, 0, 0)
        self._made: dict[str, ListCard] = {card.key: card for card in header_cards}
        self.faulty = FaultyTexts(work.place)
        self._noted = ""
        self.saver = LateSaver(self._save, self)
        self.editor = WritingField(3, self)
        self.editor.setObjectName("note_editor")
        self.editor.setAccessibleName("备注")
        self.editor.setPlaceholderText("写明看到的情况；停笔即存，Esc 结束")
        self.editor.hide()
        self.editor.textChanged.connect(self._note_typed)
        self.editor.ended.connect(self.end_note)
        self.editor.left.connect(self.saver.flush)
        for card in header_cards:
            card.setParent(self.canvas())
            card.hide()
            card.pressed.connect(self.touch)
        # The column asks for a card as it comes into view and hands it back when it leaves.
        self.card_for, self.give_back = self._card_for, self._give_back
        self.moved.connect(self._describe)
        self.moved.connect(self._forget_removal)
        self.setAcceptDrops(True)

    def refresh(self) -> None:
        """Show the sheet as it is now."""
        if self._work.sheet is not None:
            self._try_again()
            self.set_keys(line_keys(self._work.sheet, self._query))
            self._describe()

    def search(self, query: str) -> None:
        """Show only the items that say ``query``."""
        if query != self._query and self.end_note():
            self._query = query
            self.refresh()
            if query and self.keys():
                self.go(self.keys()[0])

    def step(self, by: int) -> None:
        """Move, after the note being written is stored."""
        if self.end_note():
            super().step(by)

    def go_on(self) -> None:
        """Go to the next card that asks something; heads of groups and instances are passed over."""
        if self.end_note() and self.current() in self.keys():
            behind = self.keys()[self.keys().index(self.current()) + 1 :]
            self.go(next((key for key in behind if not key.startswith((GROUP, INSTANCE))), self.current()))

    def choose(self, number: int) -> None:
        """Answer the current item by its key."""
        row = self._work.item(self.current())
        word = VERDICTS[number - 1]
        if row is None:
            return
        if word is Verdict.NOT_APPLICABLE and not row.allow_not_applicable:
            self.told.emit(f"{row.number} 必须检查，不能判为不适用")
        else:
            self.answered.emit(row.id, str(word), True)

    def edit_note(self, key: str) -> None:
        """Write the note of an item in its card."""
        row = self._work.item(key)
        if row is None or not self._work.editable or not self.end_note():
            return
        self.go(key)
        card = self.card(key)
        if not isinstance(card, ItemCard):
            return
        self._noted = key
        # Showing what is there is no typing, and must not be stored as if it were.
        self.editor.blockSignals(True)
        self.editor.setPlainText(row.note)
        self.editor.blockSignals(False)
        card.hold_editor(self.editor)
        self.refit(key)
        self.editor.setFocus()
        self.editor.moveCursor(QTextCursor.MoveOperation.End)

    def is_writing(self) -> bool:
        """Whether a note is being written."""
        return bool(self._noted)

    def end_note(self) -> bool:
        """Store the note and close its editor; ``False`` keeps it open because it could not be stored."""
        if not self.saver.flush():
            return False
        self._work.steps.settle()
        if self._noted:
            key, self._noted = self._noted, ""
            # First the focus: hiding what has it would hand it to some other card's field.
            self.setFocus()
            card = self.card(key)
            if isinstance(card, ItemCard):
                card.release_editor()
                self.refit(key)
        return True

    def edit_value(self, key: str) -> None:
        """Put the cursor into the first empty value of an item, or the first field of an instance."""
        self.go(key)
        card = self.card(key)
        if isinstance(card, ItemCard | InstanceCard):
            card.values.focus()

    def edit_name(self, key: str) -> None:
        """Write the name of an instance."""
        self.go(key)
        card = self.card(key)
        if isinstance(card, InstanceCard) and self._work.editable:
            card.name.setFocus()
            card.name.selectAll()

    def add_instance(self, section: str) -> None:
        """Add an instance of a repeated section and go to its name."""
        key = self._work.instances.add(section) if self.end_note() and self._work.editable else None
        if key is not None:
            self.edit_name(INSTANCE + key)

    def remove_instance(self, key: str) -> None:
        """Remove an instance: at once when nothing hangs on it, else when asked a second time."""
        if not (self.end_note() and self._work.editable):
            return
        content = self._work.instances.content_of(key)
        if self._removing != key and (content.answers or content.findings or content.photos):
            self._removing, self._content = key, content
            self._show_again(INSTANCE + key)
            return
        self._removing = ""
        self._work.instances.remove(key)
        self.setFocus()

    def raise_instance(self, key: str) -> None:
        """Move an instance up by one."""
        sheet = self._work.sheet
        group = None if sheet is None else group_of(sheet, INSTANCE + key)
        if sheet is None or group is None or not self.saver.flush():
            return
        keys = [each.instance.key for each in sheet.sections if each.instance and each.group == group]
        at = keys.index(key)
        if at > 0:
            keys[at - 1 : at + 1] = [key, keys[at - 1]]
            self._work.instances.order(keys, moved=key)

    def _show_again(self, key: str) -> None:
        if key in self.keys():
            self.refit(key)

    def paste(self) -> None:
        """Give the clipboard's files or picture to the current item."""
        data = QGuiApplication.clipboard().mimeData()
        files = local_files(data)
        if files:
            self.files_given.emit(self._target(), files)
        elif data.hasImage():
            image = QImage(data.imageData())
            if not image.isNull():
                self.picture_given.emit(self._target(), image)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next value and behind the last to the list; the rest as in every column."""
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if (enter or event.key() == Qt.Key.Key_Escape) and not self.hasFocus():
            self.saver.flush()
            if not (enter and self._next_value()):
                self.setFocus()
        else:
            super().keyPressEvent(event)

    def _next_value(self) -> bool:
        card = self.card(self.current())
        if isinstance(card, InstanceCard) and card.name.hasFocus():
            return card.values.focus()
        return isinstance(card, ItemCard | InstanceCard) and card.values.focus_next()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and pictures while the visit is open."""
        data = event.mimeData()
        if self._work.editable and (data.hasUrls() or data.hasImage()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Mark the card that would take the pictures."""
        card = self._card_at(event.position().toPoint().y())
        if card is not None:
            self.touch(card.key)
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped on a card for its item."""
        files = local_files(event.mimeData())
        if files:
            self.files_given.emit(self._target(), files)
            event.acceptProposedAction()
        elif event.mimeData().hasImage():
            self.picture_given.emit(self._target(), QImage(event.mimeData().imageData()))
            event.acceptProposedAction()

    def _target(self) -> str:
        """The item that pictures go to; header cards take them for the whole visit."""
        return self.current() if self._work.item(self.current()) is not None else ""

    def _card_at(self, y: int) -> ListCard | None:
        at = y + self.verticalScrollBar().value()
        shown = (self.card(key) for key in self.keys())
        return next((card for card in shown if card and card.y() <= at < card.y() + card.height()), None)

    def _card_for(self, key: str, width: int) -> ListCard:
        sheet = self._work.sheet
        if sheet is not None and key.startswith(GROUP):
            return self._group_card(sheet, key)
        if sheet is not None and key.startswith(INSTANCE):
            return self._instance_card(sheet, key)
        # The header's own, the one that shows it already, one that was given back, else a new one.
        card = self._made.get(key) or self.card(key) or (self._pool.pop() if self._pool else self._new_card())
        row = self._work.item(key)
        if isinstance(card, ItemCard) and row is not None and sheet is not None:
            number = finding_number(sheet, row.finding_key)
            card.show_row(row, number, width, is_current=key == self.current(), editable=self._work.editable)
            self._show_wrong(key, card.values)
        else:
            card.refresh()
            card.set_current(key == self.current())
        return card

    def _group_card(self, sheet: Sheet, key: str) -> ListCard:
        card = self.card(key)
        if not isinstance(card, GroupCard):
            card = self._groups.pop() if self._groups else self._new_group()
        group = group_of(sheet, key)
        if group is not None:
            card.show_group(group, is_current=key == self.current(), editable=self._work.editable)
        return card

    def _instance_card(self, sheet: Sheet, key: str) -> ListCard:
        card = self.card(key)
        if not isinstance(card, InstanceCard):
            card = self._instances.pop() if self._instances else self._new_instance()
        row = section_row(sheet, key)
        if row is not None:
            asked = self._content if self._removing and key == INSTANCE + self._removing else None
            card.show_section(row, asked, is_current=key == self.current(), editable=self._work.editable)
            self._show_wrong(key, card.values)
        return card

    def _show_wrong(self, key: str, values: ValueRows) -> None:
        """What could not be stored stays as it was typed, with its reason."""
        for typed, entry, text, error in self.faulty.of(key) if self._work.editable else ():
            row = values.row(entry)
            if row is not None and not self.saver.waits(typed):  # what is typed since then stands there
                row.field.setText(text)
                row.tell(error)

    def _try_again(self) -> None:
        """Take up what was refused when this visit was last worked on."""
        kept = self.faulty.turn_to(self._work.inspection_id) if self._work.editable else {}
        for key, text in kept.items():
            self._enter(key, text)

    def _new_card(self) -> ItemCard:
        card = ItemCard(self._work.place.now, self.canvas())
        card.pressed.connect(self.touch)
        card.answered.connect(self._clicked)
        card.note_asked.connect(self.edit_note)
        card.photo_asked.connect(self.photo_asked)
        card.finding_asked.connect(self.finding_asked)
        card.value_typed.connect(self._value_typed)
        card.value_left.connect(self.saver.flush)
        return card

    def make_ahead(self) -> bool:
        """Make one card more before a visit is shown; ``False`` when there are enough for what is in sight."""
        if len(self._pool) + len(self.keys()) >= IN_SIGHT:
            return False
        card = self._new_card()
        card.hide()  # or it would come into view with the canvas, over the cards that are in use
        self._pool.append(card)
        return True

    def _new_group(self) -> GroupCard:
        card = GroupCard(self.canvas())
        card.pressed.connect(self.touch)
        card.add_asked.connect(self.add_instance)
        return card

    def _new_instance(self) -> InstanceCard:
        card = InstanceCard(self._work.place.now, self.canvas())
        card.pressed.connect(self.touch)
        card.named.connect(self._name_typed)
        card.value_typed.connect(self._field_typed)
        card.value_left.connect(self.saver.flush)
        card.raise_asked.connect(self.raise_instance)
        card.remove_asked.connect(self.remove_instance)
        return card

    def _give_back(self, card: ListCard) -> None:
        focused = QApplication.focusWidget()
        if card.key not in self._made and focused is not None and card.isAncestorOf(focused):
            # The card will show another item, which must not take what is typed here.
            self.setFocus()
        if isinstance(card, ItemCard):
            if card.key == self._noted:
                self.saver.flush()
                self._noted = ""
            card.release_editor()
            self._pool.append(card)
        elif isinstance(card, GroupCard):
            self._groups.append(card)
        elif isinstance(card, InstanceCard):
            self._instances.append(card)

    def _clicked(self, key: str, word: str) -> None:
        self.touch(key)
        self.answered.emit(key, word, False)
        self.setFocus()

    def _note_typed(self) -> None:
        if self._noted:
            self.saver.typed(f"{NOTE}:{self._noted}", self.editor.toPlainText())

    def _value_typed(self, key: str, measure: str, text: str) -> None:
        self.saver.typed(f"{VALUE}:{key}:{measure}", text)

    def _field_typed(self, instance: str, field: str, text: str) -> None:
        self.saver.typed(f"{FIELD}:{instance}:{field}", text)

    def _name_typed(self, instance: str, text: str) -> None:
        self.saver.typed(f"{NAME}:{instance}", text)

    def _save(self, key: str, text: str) -> bool:
        what, _, rest = key.partition(":")
        if what == NOTE:
            return self._work.note(rest, text)
        if what == NAME:
            return self._work.instances.name(rest, text)
        card_key, entry, error = self._enter(key, text)
        card = self.card(card_key)
        if isinstance(card, ItemCard | InstanceCard) and (row := card.values.row(entry)) is not None:
            row.tell(error)
            self.refit(card_key)
        return True

    def _enter(self, key: str, text: str) -> tuple[str, str, ChayanError | None]:
        """Store a value; what is refused is kept as typed, and the list of what is missing still names it."""
        what, _, rest = key.partition(":")
        owner, _, entry = rest.rpartition(":")
        self.faulty.lift(key)
        if what == FIELD:
            card_key, error = INSTANCE + owner, self._work.instances.set_field(owner, entry, text)
        else:
            card_key, error = owner, self._work.value(owner, text, entry)
        self.faulty.put(key, card_key, entry, text, error)
        return card_key, entry, error

    def _forget_removal(self, key: str) -> None:
        """A removal that was asked for once is off when another card is gone to."""
        if self._removing and key != INSTANCE + self._removing:
            former, self._removing = INSTANCE + self._removing, ""
            self._show_again(former)

    def _describe(self) -> None:
        row = self._work.item(self.current())
        self.setAccessibleDescription("" if row is None else f"{row.number} {row.text}")
