"""Grids: cells over columns and rows, rows that belong together, room to write that goes over pages."""

from __future__ import annotations

import io
from itertools import pairwise

import pypdfium2
import pytest

from app.errors import BadInput
from app.forms.catalog import read_form
from app.forms.grids import places
from app.forms.paper import MM
from app.forms.render import render
from app.forms.schema import Cell, Grid, GridRow

HEAD = """
id = "g"
title = "表"
version = "1"
source = "本局"
[fields]
"inspection.id" = { meaning = "编号" }
"a" = { meaning = "甲" }
"b" = { meaning = "乙" }
[[blocks]]
kind = "grid"
columns = [20, 40, 40]
"""

SPANNED = """
[[blocks.rows]]
cells = [{ label = "左", down = 3 }, { label = "上" }, { text = "{a}", down = 2 }]
[[blocks.rows]]
cells = [{ label = "中" }]
[[blocks.rows]]
cells = [{ label = "下" }, { text = "{b}" }]
"""


def grid(*rows: tuple[Cell, ...]) -> Grid:
    return Grid(columns=(1, 1, 1), rows=tuple(GridRow(cells=cells) for cells in rows))


def borders(found: list[tuple] | None) -> list[list[tuple[int, int]] | None]:
    return [row and [(each.left, each.right) for each in row] for row in found]


def test_a_cell_that_goes_down_leaves_its_columns_out_below():
    tall = grid((Cell(label="a", down=2), Cell(label="b", span=2)), (Cell(label="c"), Cell(label="d")))
    assert borders(places(tall)) == [[(0, 1), (1, 3)], [(1, 2), (2, 3)]]


@pytest.mark.parametrize(
    "rows",
    [
        [(Cell(label="a"), Cell(label="b"))],
        [(Cell(label="a", span=4),)],
        [(Cell(label="a", down=2), Cell(label="b", span=2))],
        [(Cell(label="a", down=2), Cell(label="b", span=2)), (Cell(label="c", span=3),)],
        [(Cell(label="a"), Cell(label="b", down=2), Cell(label="c")), (Cell(label="d", span=2),)],
        [(Cell(label="a", down=0), Cell(label="b", span=2))],
    ],
)
def test_a_row_that_does_not_fill_its_columns_is_found(rows):
    assert None in places(grid(*rows))


def test_a_description_with_such_a_row_is_refused():
    with pytest.raises(BadInput, match="bad_columns"):
        read_form((HEAD + SPANNED.replace("down = 3", "down = 4")).encode(), "g.toml")


def frames(source: str, data: dict[str, object] | None) -> tuple[list[str], list[list[tuple[float, ...]]]]:
    """The text of every page, and the boxes of everything drawn there that is no text, in millimetres."""
    out = io.BytesIO()
    render(read_form(source.encode(), "g.toml"), data, out)
    document = pypdfium2.PdfDocument(out.getvalue())
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    boxes = [
        [
            tuple(round(value / MM, 1) for value in part.get_bounds())
            for part in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
        ]
        for page in document
    ]
    document.close()
    return texts, boxes


def heights(boxes: list[tuple[float, ...]], left: float) -> list[float]:
    """The heights of the cells in the column that begins at ``left`` millimetres, from the top down."""
    drawn = {(low + high) / 2 for start, low, end, high in boxes if start < left + 3 < end and high - low < 1}
    lines = sorted(drawn, reverse=True)
    return [round(upper - lower) for upper, lower in pairwise(lines)]


def test_cells_stand_beside_the_rows_that_they_go_over():
    texts, [boxes] = frames(HEAD + SPANNED, {"a": "短", "b": "乙"})
    assert all(word in texts[0] for word in ("左", "上", "中", "下", "短", "乙"))
    first, second, third = 22.0, 22 + 168 / 5, 22 + 168 * 3 / 5
    assert heights(boxes, first) == [27]
    assert heights(boxes, second) == [9, 9, 9]
    assert heights(boxes, third) == [18, 9]


def test_rows_grow_with_the_cell_beside_them():
    _, [boxes] = frames(HEAD + SPANNED, {"a": "长" * 200, "b": "乙"})
    tall, low = heights(boxes, 22 + 168 * 3 / 5)
    assert low == 9
    assert tall > 60
    assert heights(boxes, 22.0) == [tall + low]


def test_a_cell_over_rows_goes_on_with_them_on_the_next_page():
    long = "".join(chr(0x4E00 + number) for number in range(1500))
    texts, boxes = frames(HEAD + SPANNED, {"a": long, "b": "乙"})
    assert len(texts) > 1
    assert set(long) <= set("".join(texts))
    assert all(len(heights(page, 22.0)) == 1 for page in boxes)
    assert "左（续）" in texts[1]


ROOM = """
[[blocks.rows]]
blank = 500
flow = true
cells = [{ label = "情况" }, { text = "{a}", span = 2 }]
"""


def test_room_to_write_goes_over_as_many_pages_as_it_needs():
    texts, boxes = frames(HEAD + ROOM, None)
    assert len(texts) == 3
    assert sum(heights(page, 22.0)[0] for page in boxes) == pytest.approx(500, abs=20)
    lines = [
        sum(top - bottom < 1 and right - left > 100 for left, bottom, right, top in page) for page in boxes
    ]
    assert sum(lines) == pytest.approx(500 / 8.5 + 2 * len(boxes), abs=4)
    assert min(lines) > 3


def test_room_to_write_begins_on_the_page_that_has_some_left():
    texts, _ = frames(HEAD + ROOM.replace("500", "180") * 2, None)
    assert len(texts) == 2
    assert texts[0].count("情况") == 2
