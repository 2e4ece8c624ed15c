"""The long list: ids first, rows when painted, the chosen line kept by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit

from app.ui.widgets.table import ID_ROLE, PAGE, PAGES_KEPT, Column, PagedTable, PagedTableModel

MANY = [f"id-{number:05}" for number in range(10_000)]


@dataclass(frozen=True, slots=True)
class Target:
    id: str
    name: str
    due: str | None


class Shelf:
    """Gives rows for ids and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    def fetch(self, ids: Sequence[str]) -> list[Target]:
        self.asked.append(ids)
        return [Target(key, f"企业 {key}", None if key.endswith("7") else "2026-08-12") for key in ids]


COLUMNS = (
    Column[Target]("名称", "name", 0, sort="name"),
    Column[Target]("期限", lambda row: row.due, 12, "center", tone=lambda row: None if row.due else "bad"),
)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def table(qtbot, shelf: Shelf) -> PagedTable[Target]:
    made: PagedTable[Target] = PagedTable(COLUMNS, shelf.fetch)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def test_the_model_keeps_qts_rules(qapp, shelf: Shelf):
    model: PagedTableModel[Target] = PagedTableModel(COLUMNS, shelf.fetch)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_ids(MANY)
    model.set_ids(MANY[::-1])
    model.reload()
    model.set_ids([])
    assert model.rowCount() == 0


def test_ten_thousand_lines_fetch_only_the_pages_in_sight(table: PagedTable[Target], shelf: Shelf, qtbot):
    table.set_ids(MANY)
    table.grab()
    assert table.rows.rowCount() == 10_000
    assert [len(ids) for ids in shelf.asked] == [PAGE]
    table.scrollToBottom()
    table.grab()
    assert len(shelf.asked) == 2
    assert shelf.asked[-1][-1] == MANY[-1]


def test_pages_are_kept_within_a_limit(qapp, shelf: Shelf):
    model: PagedTableModel[Target] = PagedTableModel(COLUMNS, shelf.fetch)
    model.set_ids([str(number) for number in range(PAGE * (PAGES_KEPT + 2))])
    for page in range(PAGES_KEPT + 2):
        model.row_at(page * PAGE)
    model.row_at(PAGE * PAGES_KEPT)
    assert len(shelf.asked) == PAGES_KEPT + 2
    model.row_at(0)
    assert len(shelf.asked) == PAGES_KEPT + 3


def test_cells_say_text_alignment_tone_and_id(qapp, shelf: Shelf):
    model: PagedTableModel[Target] = PagedTableModel(COLUMNS, shelf.fetch)
    model.set_ids(MANY[:10])
    late = model.index(7, 1)
    assert late.data() == ""
    assert late.data(Qt.ItemDataRole.ForegroundRole) is not None
    assert late.data(ID_ROLE) == "id-00007"
    assert model.index(0, 0).data() == "企业 id-00000"
    assert model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) == Qt.AlignmentFlag.AlignCenter
    assert model.headerData(1, Qt.Orientation.Horizontal) == "期限"
    assert model.headerData(1, Qt.Orientation.Vertical) is None


def test_a_row_that_vanished_from_the_store_is_blank(qapp):
    model: PagedTableModel[Target] = PagedTableModel(COLUMNS, lambda _ids: [])
    model.set_ids(["gone"])
    assert model.index(0, 0).data() == ""
    assert model.row_at(0) is None


def test_the_chosen_line_stays_chosen_by_id(table: PagedTable[Target], qtbot):
    table.set_ids(MANY)
    table.choose("id-00005")
    with qtbot.assertNotEmitted(table.rows.modelReset):
        table.set_ids(MANY)
    table.set_ids(MANY[::-1])
    assert table.current_id() == "id-00005"
    assert table.selected_ids() == ("id-00005",)
    row = table.current_row()
    assert row is not None
    assert row.id == "id-00005"
    with qtbot.waitSignal(table.chosen) as told:
        table.set_ids(MANY[:3])
    assert told.args == [""]
    assert table.current_id() is None


def test_keys_move_open_and_tell(table: PagedTable[Target], qtbot):
    table.set_ids(MANY)
    table.choose("id-00000")
    with qtbot.waitSignal(table.chosen) as told:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert told.args == ["id-00001"]
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == ["id-00001"]


def test_many_lines_are_selected_where_allowed(qtbot, shelf: Shelf):
    table: PagedTable[Target] = PagedTable(COLUMNS, shelf.fetch, many=True)
    qtbot.addWidget(table)
    table.set_ids(MANY[:20])
    table.choose("id-00002")
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected_ids() == ("id-00002", "id-00003")
    table.set_ids(MANY[1:20])
    assert table.selected_ids() == ("id-00002", "id-00003")


def test_a_header_asks_for_an_order_only_where_it_names_one(table: PagedTable[Target], qtbot):
    table.set_ids(MANY)
    header = table.horizontalHeader()
    with qtbot.waitSignal(table.sort_asked) as asked:
        header.sectionClicked.emit(0)
    assert asked.args == ["name"]
    with qtbot.assertNotEmitted(table.sort_asked):
        header.sectionClicked.emit(1)


def test_letters_and_signs_are_left_to_the_screen_around_the_list(qtbot, shelf: Shelf):
    room = QLineEdit()
    qtbot.addWidget(room)
    table: PagedTable[Target] = PagedTable(COLUMNS, shelf.fetch, parent=room)
    table.set_ids(MANY)
    table.choose(MANY[0])
    qtbot.keyClicks(table, "/a1")
    assert room.text() == "/a1"
    assert table.current_id() == MANY[0]
    assert len(shelf.asked) <= 1, "no row is looked through for a name that begins so"


def test_down_selects_the_first_line_before_it_goes_on(qtbot, table):
    table.set_ids(MANY[:2])
    table.setFocus()
    assert table.selected_ids() == ()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.selected_ids() == (MANY[0],)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.selected_ids() == (MANY[1],)


def test_a_search_over_many_reads_no_more_than_it_paints(table: PagedTable[Target], shelf: Shelf, qtbot):
    table.set_ids(MANY)
    table.choose(MANY[3])
    shelf.asked.clear()
    table.set_ids(MANY[1:])
    table.grab()
    assert [len(ids) for ids in shelf.asked] == [PAGE]
    assert len(MANY) > PAGE * 40
    assert table.rows.line_of(MANY[3]) == 2
    assert table.rows.line_of(MANY[0]) is None
    assert table.rows.lines_of([MANY[9], MANY[0], MANY[4]]) == [3, 8]
