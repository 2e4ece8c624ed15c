"""A finger on the screen, and the keyboard on the screen: touches, and text as an input method commits it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDate, QPoint, QRect, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QRadioButton,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

from app.ui.touch import LONG_PRESS

FLICKS = 60
"""More than any list of the tests is long."""
MOMENT = 20


class Finger:
    """Touches widgets of the program; nothing is clicked and no key is pressed."""

    def __init__(self) -> None:
        self._device = QTest.createTouchDevice()

    def press(self, window: QWidget, *points: QPoint, hold: int = MOMENT) -> None:
        """Down at the first point, over the others, up at the last."""
        QTest.touchEvent(window, self._device).press(0, points[0], window).commit()
        QTest.qWait(hold)
        for point in points[1:]:
            QTest.touchEvent(window, self._device).move(0, point, window).commit()
            QTest.qWait(MOMENT)
        QTest.touchEvent(window, self._device).release(0, points[-1], window).commit()
        QTest.qWait(MOMENT)

    def tap(self, widget: QWidget, at: QPoint | None = None, hold: int = MOMENT) -> None:
        """Tap a widget, flicking it into sight first."""
        point = widget.rect().center() if at is None else at
        self.bring(widget, point)
        window = widget.window()
        assert widget.isEnabled(), f"{widget.objectName() or widget} takes no touch now"
        self.press(window, widget.mapTo(window, point), hold=hold)

    def long_press(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Rest on a widget until it gives its menu."""
        self.tap(widget, at, LONG_PRESS + 200)

    def bring(self, widget: QWidget, point: QPoint) -> None:
        """Flick what the widget lies in until the point of it is in sight."""
        for _ in range(FLICKS):
            area = _area_hiding(widget, point)
            if area is None:
                break
            room = area.viewport().rect()
            above = widget.mapTo(area.viewport(), point).y() < room.center().y()
            self.flick(area, 120 if above else -120)
        shown = widget.visibleRegion().contains(point)
        assert shown, f"{widget.objectName() or widget} is not in sight"

    def flick(self, area: QAbstractScrollArea, by: int) -> None:
        """Draw what scrolls down (positive) or up, and wait until it rests."""
        view = area.viewport()
        middle = view.rect().center()
        window = view.window()
        steps = [view.mapTo(window, middle + QPoint(0, by * step // 8)) for step in range(9)]
        self.press(window, *steps, steps[-1], steps[-1], steps[-1])
        former = None
        while former != area.verticalScrollBar().value():
            former = area.verticalScrollBar().value()
            QTest.qWait(120)

    def write(self, field: QWidget, text: str) -> None:
        """Tap a field and commit text, as the keyboard on the screen does."""
        self.tap(field)
        commit(text)

    def choose(self, box: QComboBox, text: str) -> None:
        """Open a list of choices and tap one."""
        self.tap(box)
        row = box.findText(text)
        assert row >= 0, text
        view = box.view()
        assert view.isVisible()
        QTest.qWait(300)  # the list opens with a guard against the tap that opened it
        view.scrollTo(view.model().index(row, 0)) if view.verticalScrollBar().maximum() else None
        place: QRect = view.visualRect(view.model().index(row, 0))
        self.tap(view.viewport(), place.center())
        assert box.currentText() == text

    def check(self, box: QCheckBox | QRadioButton) -> None:
        """Tap a box on its sign."""
        self.tap(box, QPoint(12, box.height() // 2))
        assert box.isChecked()

    def pick(self, field: QDateEdit, day: QDate) -> None:
        """Open the calendar of a day field and tap a day of the month shown or the next."""
        arrow = QStyleOptionComboBox()
        arrow.initFrom(field)
        place = field.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, arrow, QStyle.SubControl.SC_ComboBoxArrow, field
        )
        self.tap(field, QPoint(min(place.center().x(), field.width() - 14), field.height() // 2))
        calendar = field.calendarWidget()
        assert calendar.isVisible()
        while (calendar.yearShown(), calendar.monthShown()) != (day.year(), day.month()):
            self.tap(calendar.findChild(QAbstractButton, "qt_calendar_nextmonth"))
        table = calendar.findChild(QTableView)
        model = table.model()
        cells = [model.index(row, column) for row in range(1, 7) for column in range(model.columnCount())]
        first = next(at for at, cell in enumerate(cells) if cell.data() == 1)
        cell = cells[first + day.day() - 1]
        assert cell.data() == day.day()
        self.tap(table.viewport(), table.visualRect(cell).center())
        assert field.date() == day

    def choose_file(self, path: Path, ask: Callable[[], None]) -> None:
        """What opens a dialog of files; its name is written there and the button tapped."""

        def write() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog) or not dialog.isActiveWindow():
                QTimer.singleShot(MOMENT, write)
                return
            try:
                line = dialog.findChild(QLineEdit, "fileNameEdit")
                line.clear()
                self.write(line, str(path))
                buttons = dialog.findChild(QDialogButtonBox).buttons()
                button = next(each for each in buttons if each.text().startswith(FILE_BUTTONS))
                for _ in range(3):
                    if dialog.isVisible():  # the first tap may put the list of names away
                        self.tap(button)
                        QTest.qWait(MOMENT)
                assert not dialog.isVisible(), "the dialog of files does not take the name"
            except BaseException:
                dialog.reject()
                raise

        QTimer.singleShot(MOMENT, write)
        ask()


FILE_BUTTONS = ("打开", "保存", "&Open", "&Save", "Open", "Save")


def commit(text: str) -> None:
    """Text as an input method gives it to the field that has the focus."""
    field = QApplication.focusWidget()
    assert field is not None
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


def _area_hiding(widget: QWidget, point: QPoint) -> QAbstractScrollArea | None:
    """The scrolled area outside whose window the point lies."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractScrollArea) and above.viewport().isAncestorOf(widget):
            room = above.viewport().rect().adjusted(0, 4, 0, -4)
            if not room.contains(widget.mapTo(above.viewport(), point)):
                return above
        above = None if above.isWindow() else above.parentWidget()
    return None
