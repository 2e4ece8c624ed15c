"""Lines by Chinese rules, for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.fonts import Style, visible, width
from app.forms.wrapping import wrap

STYLE = Style(size=10)

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x4E80),
        st.sampled_from("，。；：？！、（）《》“”‘’…—　☐☑𬭎䶮𠅤\n\t"),
    ),
    max_size=120,
)


def lines(text: str, room: float) -> list[str]:
    """The wrapped lines' texts."""
    return [line.text for line in wrap(text, STYLE, room)]


@pytest.mark.parametrize(
    "text, em, expected",
    [
        ("检查记录表", 3, ["检查记", "录表"]),
        ("检查记，录表", 3, ["检查", "记，录", "表"]),
        ("检查（记录）表", 3, ["检查", "（记", "录）表"]),
        ("型号GB/T5023合格", 6, ["型号", "GB/T5023合", "格"]),
        ("电压 450 V", 3.2, ["电压 ", "450 V"]),
        ("是☐否☑", 2, ["是", "☐否", "☑"]),
        ("一段\n二段", 9, ["一段", "二段"]),
        ("一段\n\n三段", 9, ["一段", "", "三段"]),
        ("证号赣C36090006", 7, ["证号", "赣C36090006"]),
        ("合同——附件", 3, ["合同", "——附", "件"]),
        ("", 9, []),
    ],
)
def test_lines_break_where_a_typesetter_would(text, em, expected):
    assert lines(text, em * STYLE.size) == expected


def test_a_word_wider_than_the_line_is_cut_but_keeps_its_punctuation():
    assert lines("（GB/T19001-2016）。", 60) == ["（GB/T1900", "1-2016）。"]


def test_the_last_line_of_a_paragraph_is_known():
    assert [line.last for line in wrap("检查记录\n表", STYLE, 25)] == [False, True, True]


@given(TEXTS, st.floats(min_value=30, max_value=300))
def test_no_character_is_lost(text, room):
    assert "".join(lines(text, room)) == visible(text).replace("\n", "")


@given(TEXTS, st.floats(min_value=30, max_value=300))
def test_no_line_is_wider_than_its_room(text, room):
    for line in wrap(text, STYLE, room):
        assert width(line.text.rstrip(), STYLE) == pytest.approx(line.width)
        assert line.width <= room + 1e-4


HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x4E80), min_size=1, max_size=9)


@given(st.lists(st.tuples(HAN, st.sampled_from("，。）》”…"))), st.floats(min_value=30, max_value=300))
def test_no_line_starts_with_closing_punctuation(parts, room):
    text = "".join(han + mark for han, mark in parts)
    assert not any(line.startswith(tuple("，。）》”…")) for line in lines(text, room))


@given(st.lists(st.tuples(st.sampled_from("（《“☐"), HAN)), st.floats(min_value=30, max_value=300))
def test_no_line_ends_with_an_opening_bracket_or_a_box(parts, room):
    text = "".join(mark + han for mark, han in parts)
    assert not any(line.endswith(tuple("（《“☐")) for line in lines(text, room))
