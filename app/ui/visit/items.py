"""The list of a visit: cards of items with their note and value being written, pictures dropped on them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.errors import ChayanError
from app.ui.visit.cards import ItemCard, ListCard
from app.ui.visit.column import CardColumn
from app.ui.visit.lines import VERDICTS, finding_number, line_keys
from app.ui.visit.saving import LateSaver
from app.ui.visit.work import VisitWork
from app.ui.widgets.photos import local_files
from app.ui.widgets.signature import png_bytes
from app.vocabulary import Verdict

NOTE: Final = "note"
VALUE: Final = "value"


def ends_writing(event: QKeyEvent) -> bool:
    """Whether a key says that the text is written: Esc or Ctrl+Enter."""
    if event.key() == Qt.Key.Key_Escape:
        return True
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return bool(control) and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class WritingField(QPlainTextEdit):
    """A field for some lines of text; ``ended`` by Esc or Ctrl+Enter, ``left`` when it loses the focus."""

    ended = Signal()
    left = Signal()

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 22)

    def event(self, event: QEvent) -> bool:
        """Claim the keys that end the writing before a button of the window takes them."""
        wanted = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if wanted and isinstance(event, QKeyEvent) and ends_writing(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Ctrl+Enter end the writing."""
        if ends_writing(event):
            self.ended.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field was left."""
        super().focusOutEvent(event)
        self.left.emit()


class ItemList(CardColumn):
    """The cards of one visit. Header cards are handed in; item cards are made and used again."""

    answered = Signal(str, str, bool)
    photo_asked = Signal(str)
    finding_asked = Signal(str)
    files_given = Signal(str, list)
    picture_given = Signal(str, bytes)
    told = Signal(str)

    def __init__(self, work: VisitWork, header_cards: tuple[ListCard, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("item_list")
        self.setAccessibleName("检查项目")
        self._work = work
        self._query = ""
        self._pool: list[ItemCard] = []
        self._made: dict[str, ListCard] = {card.key: card for card in header_cards}
        self._wrong: dict[str, tuple[str, ChayanError]] = {}
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
        self.card_for, self.give_back = self._card_for, self._give_back
        self.moved.connect(self._describe)
        self.setAcceptDrops(True)

    def refresh(self) -> None:
        """Show the sheet as it is now."""
        if self._work.sheet is not None:
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

    def choose(self, number: int) -> None:
        """Answer the current item by its key."""
        row = self._work.item(self.current())
        word = VERDICTS[number - 1]
        if row is None:
            return
        if word is Verdict.NOT_APPLICABLE and not row.allow_not_applicable:
            self.told.emit(f"{row.id} 必须检查，不能判为不适用")
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
        self.editor.blockSignals(True)
        self.editor.setPlainText(row.note)
        self.editor.blockSignals(False)
        card.hold_editor(self.editor)
        self.refit(key)
        self.editor.setFocus()
        self.editor.moveCursor(QTextCursor.MoveOperation.End)

    def end_note(self) -> bool:
        """Store the note and close its editor; ``False`` keeps it open because it could not be stored."""
        if not self.saver.flush():
            return False
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
        """Put the cursor into the measured value of an item."""
        self.go(key)
        card = self.card(key)
        if isinstance(card, ItemCard) and card.row is not None and card.row.measure is not None:
            card.value.field.setFocus()
            card.value.field.selectAll()

    def paste(self) -> None:
        """Give the clipboard's files or picture to the current item."""
        data = QGuiApplication.clipboard().mimeData()
        files = local_files(data)
        if files:
            self.files_given.emit(self._target(), files)
        elif data.hasImage():
            image = QImage(data.imageData())
            if not image.isNull():
                self.picture_given.emit(self._target(), png_bytes(image))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the value field returns to the list; the rest as in every column."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape} and not self.hasFocus():
            self.saver.flush()
            self.setFocus()
        else:
            super().keyPressEvent(event)

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
            self.picture_given.emit(self._target(), png_bytes(QImage(event.mimeData().imageData())))
            event.acceptProposedAction()

    def _target(self) -> str:
        """The item that pictures go to; header cards take them for the whole visit."""
        return self.current() if self._work.item(self.current()) is not None else ""

    def _card_at(self, y: int) -> ListCard | None:
        at = y + self.verticalScrollBar().value()
        shown = (self.card(key) for key in self.keys())
        return next((card for card in shown if card and card.y() <= at < card.y() + card.height()), None)

    def _card_for(self, key: str, width: int) -> ListCard:
        card = self._made.get(key) or self.card(key) or (self._pool.pop() if self._pool else self._new_card())
        row = self._work.item(key)
        if isinstance(card, ItemCard) and row is not None and self._work.sheet is not None:
            number = finding_number(self._work.sheet, row.finding_key)
            card.show_row(row, number, width, is_current=key == self.current(), editable=self._work.editable)
            if key in self._wrong:
                text, error = self._wrong[key]
                card.value.field.setText(text)
                card.value.tell(error)
        else:
            card.set_current(key == self.current())
        return card

    def _new_card(self) -> ItemCard:
        card = ItemCard(self.canvas())
        card.pressed.connect(self.touch)
        card.answered.connect(self._clicked)
        card.note_asked.connect(self.edit_note)
        card.photo_asked.connect(self.photo_asked)
        card.finding_asked.connect(self.finding_asked)
        card.value_typed.connect(self._value_typed)
        card.value_left.connect(self.saver.flush)
        return card

    def _give_back(self, card: ListCard) -> None:
        if isinstance(card, ItemCard):
            focused = QApplication.focusWidget()
            if focused is not None and card.isAncestorOf(focused):
                # The card will show another item, which must not take what is typed here.
                self.setFocus()
            if card.key == self._noted:
                self.saver.flush()
                self._noted = ""
            card.release_editor()
            self._pool.append(card)

    def _clicked(self, key: str, word: str) -> None:
        self.touch(key)
        self.answered.emit(key, word, False)
        self.setFocus()

    def _note_typed(self) -> None:
        if self._noted:
            self.saver.typed(f"{NOTE}:{self._noted}", self.editor.toPlainText())

    def _value_typed(self, key: str, text: str) -> None:
        self.saver.typed(f"{VALUE}:{key}", text)

    def _save(self, key: str, text: str) -> bool:
        what, _, item = key.partition(":")
        if what == NOTE:
            return self._work.note(item, text)
        error = self._work.value(item, text)
        self._wrong.pop(item, None)
        if error is not None:
            # Kept as typed with its reason; the list of what is missing still names the item.
            self._wrong[item] = (text, error)
        card = self.card(item)
        if isinstance(card, ItemCard):
            card.value.tell(error)
            self.refit(item)
        return True

    def _describe(self) -> None:
        row = self._work.item(self.current())
        self.setAccessibleDescription("" if row is None else f"{row.id} {row.text}")
