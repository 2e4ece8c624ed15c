"""Pages: everything is on one, none is too full, signatures stay with what they sign."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInput
from app.forms.fonts import Style
from app.forms.pagination import height_of, paginate
from app.forms.pieces import Cell, Lines, Row, Ruled, Span, group
from app.forms.wrapping import Line

STYLE = Style(size=10, spacing=1.0)
ROOM = 200.0


def text(*numbers: int, flows: bool = True, keep: bool = False, head: Row | None = None) -> Row:
    """A paragraph with one line of 10 points for each number."""
    lines = tuple(Line(str(number), 5.0, last=True) for number in numbers)
    return Row(
        (Cell(0, 100, Lines(lines, STYLE), flows=True),), border=False, flows=flows, keep=keep, head=head
    )


def numbers(page: list[Row]) -> list[int]:
    """The line numbers on a page."""
    return [int(line.text) for row in page for cell in row.cells for line in cell.content.lines]


@given(st.lists(st.tuples(st.integers(1, 60), st.booleans(), st.booleans()), max_size=12))
def test_every_line_is_on_a_page_once_and_in_order(parts):
    pieces, count = [], 0
    for size, flows, keep in parts:
        pieces.append(text(*range(count, count + size), flows=flows, keep=keep))
        count += size
    pages = paginate(pieces, ROOM)
    assert [number for page in pages for number in numbers(page)] == list(range(count))
    assert all(height_of(page) <= ROOM + 0.001 for page in pages)
    assert all(page for page in pages[1:])


def test_running_text_is_cut_without_leaving_a_line_alone():
    pages = paginate([text(*range(15)), text(*range(100, 106))], ROOM)
    assert [len(numbers(page)) for page in pages] == [19, 2]
    pages = paginate([text(*range(19)), text(*range(100, 106))], ROOM)
    assert [len(numbers(page)) for page in pages] == [19, 6]


def test_a_signature_takes_the_end_of_the_text_along():
    pages = paginate([text(*range(18)), text(900, 901, 902, flows=False, keep=True)], ROOM)
    assert [numbers(page)[-1] for page in pages] == [12, 902]
    assert numbers(pages[1])[0] == 13


def test_a_gap_before_a_signature_does_not_part_it_from_the_text():
    pages = paginate([text(*range(18)), Row(minimum=5), text(900, 901, flows=False, keep=True)], ROOM)
    assert numbers(pages[1])[0] == 13


def test_a_table_repeats_its_head_on_every_page_and_when_rows_move():
    head = text(1000)
    rows = [text(number, number, flows=False, head=head) for number in range(13)]
    pages = paginate([*rows, text(900, 900, 900, 900, 900, 900, 900, 900, flows=False, keep=True)], ROOM)
    assert [numbers(page).count(1000) for page in pages] == [1, 1]
    assert [numbers(page)[0] for page in pages] == [1000, 1000]


def test_a_single_page_is_stretched_to_its_foot():
    pages = paginate([text(1), Row((Cell(0, 9, Ruled(10)),), minimum=10, stretch=1)], ROOM)
    assert height_of(pages[0]) == pytest.approx(ROOM)


def test_a_page_that_a_signature_left_is_stretched_but_not_the_last():
    area = Row((Cell(0, 9, Ruled(10)),), minimum=150, stretch=1)
    pages = paginate([area, text(1), text(*range(2, 8), flows=False, keep=True)], ROOM)
    assert [height_of(page) for page in pages] == [pytest.approx(ROOM), pytest.approx(70)]


def test_a_gap_is_dropped_at_the_top_of_a_page():
    pages = paginate([text(*range(20)), Row(minimum=30), text(50)], ROOM)
    assert [numbers(page) for page in pages][1:] == [[50]]


def test_a_group_too_high_for_a_page_is_cut_between_its_rows():
    label = Cell(0, 9, Lines((), STYLE))
    rows = tuple(text(number, number, number, number, number, number) for number in range(5))
    pages = paginate([group(rows, [Span(label, 0, 5)])], ROOM)
    assert [len(page[0].rows) for page in pages] == [3, 2]


def test_what_cannot_be_cut_and_fits_on_no_page_is_refused():
    with pytest.raises(BadInput, match="too_tall"):
        paginate([Row((Cell(0, 9, Ruled(10)),), minimum=300)], ROOM, "检查表")


def test_a_group_of_one_row_too_high_for_a_page_is_cut_inside_it():
    label = Cell(0, 9, Lines((), STYLE))
    pages = paginate([group([text(*range(30))], [Span(label, 0, 1)])], ROOM)
    assert [numbers(page[0].rows) for page in pages] == [list(range(20)), list(range(20, 30))]


def test_a_row_with_little_text_takes_what_is_left_rather_than_going_on_empty():
    roomy = replace(text(1, 2, 3), minimum=60.0)
    pages = paginate([text(*range(100, 115)), roomy, text(200)], ROOM)
    assert [numbers(page) for page in pages] == [[*range(100, 115), 1, 2, 3], [200]]
    assert height_of(pages[0]) == pytest.approx(ROOM)


def test_a_row_that_would_lose_more_than_half_its_room_goes_to_the_next_page():
    roomy = replace(text(1, 2), minimum=90.0)
    pages = paginate([text(*range(100, 116)), roomy], ROOM)
    assert [len(numbers(page)) for page in pages] == [16, 2]
    assert height_of(pages[1]) == pytest.approx(90)


def test_a_row_that_is_to_be_higher_than_a_page_is_as_high_as_one():
    pages = paginate([replace(text(1, 2), minimum=500.0)], ROOM)
    assert [height_of(page) for page in pages] == [pytest.approx(ROOM)]


def test_ruled_lines_are_cut_between_two():
    assert Ruled(10).split(5) is None
    first, rest = Ruled(100).split(60)
    assert first.height + rest.height == pytest.approx(100)
    assert first.height <= 60
