"""What says a state in little room: chips, the answers of an item, the line of progress."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QIcon, QPixmap

from app.ui.icons import icon, of_picture
from app.ui.theme import Theme, current
from app.ui.tokens import Mode
from app.ui.widgets import Chip, ChipRow, ProgressLine, SegmentedAnswer
from app.ui.widgets.cards import shared_widths
from app.wording import labels


@pytest.fixture
def themed(qapp) -> Iterator[Theme]:
    found = current()
    former = found.mode
    yield found
    found.set_mode(former)


@pytest.mark.parametrize(
    "wanted,room,given",
    [
        ([40, 60, 50], 200, [40, 60, 50]),
        ([40, 100, 200], 260, [40, 100, 120]),
        ([40, 180, 200], 260, [40, 110, 110]),
        ([200, 200], 100, [50, 50]),
        ([90], 0, [0]),
        ([], 100, []),
    ],
)
def test_the_longest_chip_gives_way_first(wanted: list[int], room: int, given: list[int]) -> None:
    assert shared_widths(wanted, room) == given


def test_a_short_chip_keeps_its_words_beside_a_long_one(show) -> None:
    row = ChipRow()
    row.show_chips(("责令限期改正", "neutral"), ("已写入通知书 宜市监责改〔2026〕07号，等待送达", "good"))
    show(row).resize(300, row.height())
    short, long = row.findChildren(Chip)
    assert short.width() >= short.sizeHint().width()
    assert short.toolTip() == ""
    assert long.toolTip().startswith("已写入通知书")
    assert long.geometry().right() < row.width()
    row.resize(900, row.height())
    assert long.toolTip() == ""


@pytest.mark.parametrize("mode", ["light", "contrast"])
def test_four_answers_find_room_beside_the_tools_of_a_card(themed: Theme, show, mode: Mode) -> None:
    themed.set_mode(mode)
    answers = show(SegmentedAnswer(labels("verdict")))
    assert answers.minimumSizeHint().width() <= 340


def test_a_line_of_nothing_done_does_not_look_full_in_high_contrast(themed: Theme, show) -> None:
    themed.set_mode("contrast")
    line = show(ProgressLine(0, 3))
    line.resize(100, 6)
    empty = line.grab().toImage().pixelColor(QPoint(50, 3))
    line.set_progress(3, 3)
    full = line.grab().toImage().pixelColor(QPoint(50, 3))
    assert empty == themed.color("surface")
    assert full == themed.color("accent")


@pytest.mark.parametrize(
    "mode,state", [(QIcon.Mode.Selected, QIcon.State.Off), (QIcon.Mode.Normal, QIcon.State.On)]
)
def test_the_sign_of_what_is_chosen_can_be_seen_in_high_contrast(
    themed: Theme, mode: QIcon.Mode, state: QIcon.State
) -> None:
    themed.set_mode("contrast")
    sign = icon("next", "soft").pixmap(QSize(20, 20), 2.0, mode, state).toImage()
    places = [(x, y) for x in range(sign.width()) for y in range(sign.height())]
    inks = {sign.pixelColor(*place).name() for place in places if sign.pixelColor(*place).alpha() == 255}
    assert inks == {themed.color("on_accent").name()}


def test_a_picture_keeps_its_colours_on_a_chosen_line(themed: Theme) -> None:
    picture = QPixmap(10, 10)
    picture.fill(QColor("#C04000"))
    chosen = of_picture(picture).pixmap(QSize(10, 10), 1.0, QIcon.Mode.Selected).toImage()
    assert chosen.pixelColor(5, 5) == QColor("#C04000")
