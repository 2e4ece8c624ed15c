"""Ctrl+K: every action of the screen, every screen and every organization, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.services.directory import Directory, Entry
from app.services.pinyin import initials
from app.ui import icons, theme
from app.ui.tokens import TARGET
from app.ui.widgets.cards import CaptionLabel, Card

if TYPE_CHECKING:
    from app.services.workplace import Changes
    from app.ui.jobs import Jobs

WIDTH: Final = 640
ROWS: Final = 9
TOP: Final = 72
AROUND: Final = 64
NOTHING: Final = "没有找到。可输入操作、界面的名称，企业的名称、信用代码，或拼音首字母"
HINT: Final = "输入操作、界面或企业：名称、代码、拼音首字母"
_QUIET: Final = Qt.ItemDataRole.UserRole + 1
_LISTED: Final = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
)  # fmt: skip
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


@dataclass(frozen=True, slots=True)
class Command:
    """One line to choose: what it says, what is said quietly behind it, and what it does."""

    text: str
    run: Callable[[], object]
    quiet: str = ""
    icon: str = "next"

    def matches(self, words: Sequence[str]) -> bool:
        """Whether its text or the initials of it hold every word."""
        said = self.text.casefold()
        return all(word in said or word in initials(self.text) for word in words)


class _Line(QStyledItemDelegate):
    """Paints the text at the left and the quiet one at the right of a line."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The style paints the ground; words and sign are ours."""
        # The stubs know nothing of what a style option holds.
        plain: Any = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        text, plain.text = plain.text, ""
        style = plain.widget.style() if plain.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget)
        tokens = theme.current().tokens
        chosen = bool(plain.state & QStyle.StateFlag.State_Selected)
        ink = tokens.on_accent if chosen and tokens.frame > 1 else tokens.text
        soft = ink if chosen and tokens.frame > 1 else tokens.soft
        room = QRect(plain.rect).adjusted(44, 0, -14, 0)
        quiet = str(index.data(_QUIET) or "")
        width = plain.fontMetrics.horizontalAdvance(quiet)
        painter.save()
        painter.setFont(plain.font)
        painter.setPen(QColor(soft))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, quiet)
        painter.setPen(QColor(ink))
        left = room.adjusted(0, 0, -(width + 16 if quiet else 0), 0)
        shown = plain.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignLeft | middle, shown)
        painter.restore()


class _Field(QLineEdit):
    """The line that is typed into; it claims every key before a button of the window takes it."""

    pressed = Signal(int)
    left = Signal()

    def event(self, event: QEvent) -> bool:
        """Claim keys, Ctrl+K itself included."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Enter and Esc belong to the list."""
        again = event.key() == Qt.Key.Key_K and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() in _LISTED | _ENTER | {Qt.Key.Key_Escape} or again:
            self.pressed.emit(int(Qt.Key.Key_Escape if again else event.key()))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever goes elsewhere has put it away; another window in front has not."""
        super().focusOutEvent(event)
        if event.reason() not in {
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.MenuBarFocusReason,
        }:
            self.left.emit()


class Palette(Card):
    """Lies over the window while something is looked for; by keys alone.

    ``commands`` is asked when it opens, ``load`` reads the directory in the store's thread, ``go`` opens
    an organization.
    """

    def __init__(
        self,
        window: QWidget,
        jobs: Jobs,
        commands: Callable[[], Sequence[Command]],
        load: Callable[[], Directory],
        go: Callable[[Entry], object],
    ) -> None:
        super().__init__(parent=window)
        self.setObjectName("palette")
        self._window = window
        self._jobs, self._ask, self._load, self._go = jobs, commands, load, go
        self._directory, self._stale, self._reading = Directory(), True, False
        self._commands: Sequence[Command] = ()
        self._shown: list[Command] = []
        self._before: QWidget | None = None
        self.field = _Field(self)
        self.field.setObjectName("palette_field")
        self.field.setPlaceholderText(HINT)
        self.field.setAccessibleName("查找操作、界面和企业")
        self.list = QListWidget(self)
        self.list.setObjectName("palette_list")
        self.list.setAccessibleName("找到的操作、界面和企业")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Line(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.note = CaptionLabel(parent=self)
        self.body.addWidget(self.field)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.note)
        self.field.textChanged.connect(self._look)
        self.field.pressed.connect(self._pressed)
        self.field.left.connect(self.hide)
        self.list.itemClicked.connect(self._clicked)
        window.installEventFilter(self)
        theme.current().changed.connect(self._tint)
        self._tint()
        self.hide()

    def open(self) -> None:
        """Show it over the window, empty, with the actions of the screen."""
        if self.isVisible():
            return
        self._before = QApplication.focusWidget()
        self._commands = self._ask()
        self.read_ahead()
        self.field.clear()
        self._look("")
        self._fit()
        self.show()
        self.raise_()
        self.field.setFocus()

    def put_away(self) -> None:
        """Hide and give the keys back to where they were."""
        before, self._before = self._before, None
        self.hide()
        if before is not None and before.isVisible():
            before.setFocus()

    def forget(self, changes: Changes | None) -> None:
        """Read the directory again before the next search when organizations or targets changed."""
        if changes is None or changes.concern("organization", "assignment", "package"):
            self._stale = True

    def read_ahead(self) -> None:
        """Read the directory if it is not known as it is now."""
        if self._stale and not self._reading:
            self._stale, self._reading = False, True
            self._jobs.run(self._load, self._loaded, self._not_loaded, self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep in the middle of a window whose size changes."""
        if isinstance(event, QResizeEvent) and self.isVisible():
            self._fit()
        return super().eventFilter(watched, event)

    def lines(self) -> list[str]:
        """What can be chosen now, from top to bottom."""
        return [each.text for each in self._shown]

    def _tint(self) -> None:
        # It lies over cards of the same colour, which a frame has to tell it from.
        self.setStyleSheet(f"#palette {{ border: 2px solid {theme.current().tokens.accent}; }}")

    def _loaded(self, found: Directory) -> None:
        self._directory, self._reading = found, False
        if self.isVisible():
            self._look(self.field.text())

    def _not_loaded(self, _error: object) -> None:
        """Actions and screens are still found; the next opening tries again."""
        self._stale, self._reading = True, False

    def _look(self, query: str) -> None:
        words = query.casefold().split()
        self._shown = [each for each in self._commands if each.matches(words)]
        self._shown += [self._target(each) for each in self._directory.find(query)]
        self.list.clear()
        for command in self._shown:
            item = QListWidgetItem(icons.icon(command.icon, "soft"), command.text)
            item.setData(_QUIET, command.quiet)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, command.quiet)
            item.setToolTip(f"{command.text}（{command.quiet}）" if command.quiet else command.text)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._shown))
        reading = "正在读取企业名录…" if self._reading and words else ""
        self.note.show_text(reading or ("" if self._shown else NOTHING))
        self.note.setVisible(bool(self.note.text()))
        self._fit()

    def _target(self, entry: Entry) -> Command:
        assigned = "已分派  " if entry.assigned else ""
        return Command(entry.name, partial(self._go, entry), f"{assigned}{entry.credit_code}", "targets")

    def _pressed(self, key: int) -> None:
        if key == Qt.Key.Key_Escape:
            self.put_away()
        elif key in _ENTER:
            self._choose(self.list.currentRow())
        else:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -ROWS}.get(Qt.Key(key), ROWS)
            self.list.setCurrentRow(max(0, min(len(self._shown) - 1, self.list.currentRow() + step)))

    def _clicked(self, item: QListWidgetItem) -> None:
        self._choose(self.list.row(item))

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._shown):
            command = self._shown[row]
            self.put_away()
            command.run()

    def _fit(self) -> None:
        """As high as its lines, whole lines only."""
        window, lines = self._window, min(ROWS, len(self._shown))
        line = max(self.list.sizeHintForRow(0), TARGET)
        room = (window.height() - TOP - 16 - self.field.sizeHint().height() - AROUND) // line
        self.list.setFixedHeight(line * max(1, min(lines, room)) + 2 * self.list.frameWidth() + 2)
        width = min(WIDTH, window.width() - 32)
        self.setGeometry((window.width() - width) // 2, TOP, width, self.sizeHint().height())
