"""Open forms keep what is typed into them, so that a killed program gives it back with the same form.

A form is known again by where it was opened, its title, and what it says before anything is typed. What
was typed is forgotten when the form is stored or put away by its user. Passphrases are never kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QDateTime, QObject, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

if TYPE_CHECKING:
    from app.ui.widgets.dialogs import FormDialog

PREFIX: Final = "form:"
LOOK_EVERY: Final = 300
_DIGITS: Final = re.compile(r"\d")
_STAMP: Final = Qt.DateFormat.ISODate
State = list[list[object]]
"""For each input in its order: the name of its kind and what it holds."""


class Keeping(Protocol):
    """What keeps states by name (:class:`app.ui.keeping.Keeper`)."""

    def kept(self, name: str) -> Mapping[str, object] | None:
        """The newest state of ``name``."""

    def keep(self, name: str, value: Mapping[str, object] | None) -> None:
        """Keep another state; ``None`` forgets."""

    def names(self, prefix: str) -> list[str]:
        """Every kept name that begins with ``prefix``."""


class FormDrafts(QObject):
    """The drafts of one window's forms; ``where`` says in words for the machine where the window is."""

    def __init__(self, keeper: Keeping, where: Callable[[], str], window: QWidget) -> None:
        super().__init__(window)
        self.keeper, self._where = keeper, where

    def follow(self, dialog: FormDialog) -> bool:
        """Give a form back what was typed and follow it; says whether there was anything."""
        if dialog.findChild(_Follower) is not None:
            return False
        fresh = state_of(dialog.form)
        about = json.dumps([self._where(), dialog.windowTitle(), fresh], ensure_ascii=False)
        # Days and numbers that are proposed change overnight; the words say which record it is about.
        name = PREFIX + hashlib.sha256(_DIGITS.sub("", about).encode()).hexdigest()[:32]
        return _Follower(self.keeper, name, fresh, dialog).begin()

    def titles(self) -> Sequence[str]:
        """The titles of the forms that were never stored."""
        found = (self.keeper.kept(name) or {} for name in self.keeper.names(PREFIX))
        return [str(each.get("title", "")) for each in found]


def drafts_of(dialog: QWidget) -> FormDrafts | None:
    """The drafts of the window behind a dialog."""
    behind = dialog.parentWidget()
    while isinstance(behind, QWidget):
        found = behind.window().findChild(FormDrafts, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if found is not None:
            return found
        behind = behind.window().parentWidget()
    return None


class _Follower(QObject):
    """Keeps the state of one open form."""

    def __init__(self, keeper: Keeping, name: str, fresh: State, dialog: FormDialog) -> None:
        super().__init__(dialog)
        self._keeper, self._name, self._fresh, self._dialog = keeper, name, fresh, dialog
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    def begin(self) -> bool:
        """Fill in what was kept and follow from now on."""
        kept = self._keeper.kept(self._name)
        state = kept.get("state") if kept is not None else None
        if isinstance(state, list):
            fill_in(self._dialog.form, state)
        self._dialog.finished.connect(self._forget)
        self._timer.start()
        return state is not None

    def _look(self) -> None:
        state = state_of(self._dialog.form)
        typed = {"title": self._dialog.windowTitle(), "state": state}
        self._keeper.keep(self._name, None if state == self._fresh else typed)

    def _forget(self) -> None:
        self._timer.stop()
        self._keeper.keep(self._name, None)


def inputs_of(form: QWidget) -> list[QWidget]:
    """The fields of a form that a person fills in, in their order, without those inside other fields."""
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QListWidget)
    return [
        each
        for each in form.findChildren(QWidget)
        if (isinstance(each, kinds) or (isinstance(each, QAbstractButton) and each.isCheckable()))
        and not isinstance(each.parentWidget(), QComboBox | QAbstractSpinBox)
        and not each.objectName().startswith("qt_")
        and not (isinstance(each, QLineEdit) and each.echoMode() != QLineEdit.EchoMode.Normal)
    ]


def state_of(form: QWidget) -> State:
    """What every field holds now."""
    return [[type(each).__name__, _held(each)] for each in inputs_of(form)]


def fill_in(form: QWidget, state: Sequence[Sequence[object]]) -> None:
    """Put a state back; a choice may bring further fields, so they are looked up one after the other."""
    for number, (kind, held) in enumerate(state):
        inputs = inputs_of(form)
        if number >= len(inputs) or type(inputs[number]).__name__ != kind:
            return  # a form of another build: what would go into which field is no longer known
        if _held(inputs[number]) != held:
            _put(inputs[number], held)


def _held(field: QWidget) -> object:
    match field:
        case QLineEdit():
            return field.text()
        case QPlainTextEdit():
            return field.toPlainText()
        case QComboBox():
            return field.currentText()
        case QDateTimeEdit():
            return field.dateTime().toString(_STAMP)
        case QSpinBox() | QDoubleSpinBox():
            return field.value()
        case QListWidget():
            return [field.item(line).checkState() == Qt.CheckState.Checked for line in range(field.count())]
        case QAbstractButton():
            return field.isChecked()
    return None


def _put(field: QWidget, held: object) -> None:
    """Enter a value as a person would, so that whoever listens to the field hears of it."""
    match field:
        case QLineEdit():
            field.setText(str(held))
            field.textEdited.emit(str(held))
        case QPlainTextEdit():
            field.setPlainText(str(held))
        case QComboBox():
            _choose(field, str(held))
        case QDateTimeEdit():
            field.setDateTime(QDateTime.fromString(str(held), _STAMP))
        case QSpinBox():
            field.setValue(int(str(held)))
        case QDoubleSpinBox():
            field.setValue(float(str(held)))
        case QListWidget() if isinstance(held, list):
            _tick(field, held)
        case QAbstractButton():
            field.click()


def _choose(box: QComboBox, text: str) -> None:
    found = box.findText(text)
    if found >= 0:
        box.setCurrentIndex(found)
        box.activated.emit(found)
    elif box.isEditable():
        box.setEditText(text)


def _tick(ticks: QListWidget, held: Sequence[object]) -> None:
    for line, ticked in zip(range(ticks.count()), held, strict=False):
        item = ticks.item(line)
        if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
