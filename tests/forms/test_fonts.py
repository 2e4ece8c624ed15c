"""Every character finds a font, or is refused by sentence."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import app.forms
from app import wording
from app.errors import BadInput
from app.files import resource
from app.forms.fonts import DRAWN, Run, Style, advance, font_for, runs, unprintable, visible, width


@pytest.mark.parametrize(
    "char, font",
    [
        ("检", "NotoSerifSC-Regular"),
        ("𬭎", "NotoSerifSC-Regular"),
        ("䶮", "NotoSerifSC-Regular"),
        ("𠅤", "NotoSerifSC-Regular"),
        ("\uf900", "NotoSansSC-Regular"),
        ("𠀋", "LXGWWenKai-Regular"),
        ("☑", DRAWN),
    ],
)
def test_each_character_takes_the_first_font_that_has_it(char, font):
    assert font_for(char, bold=False) == font


def test_runs_change_the_font_only_where_they_must():
    assert runs("王𠀋☐a", Style()) == [
        Run("NotoSerifSC-Regular", "王"),
        Run("LXGWWenKai-Regular", "𠀋"),
        Run(DRAWN, "☐"),
        Run("NotoSerifSC-Regular", "a"),
    ]


def test_bold_text_has_its_own_face():
    assert runs("检查", Style(bold=True)) == [Run("NotoSerifSC-Bold", "检查")]


def test_a_character_without_a_glyph_is_named_with_its_code_point():
    with pytest.raises(BadInput) as caught:
        runs("王\U00031350", Style())
    sentence = wording.sentence(caught.value)
    assert caught.value.problem.code == "forms.no_glyph"
    assert "\U00031350" in sentence.message
    assert "U+31350" in sentence.message
    assert sentence.remedy


def test_what_cannot_be_printed_can_be_told_at_entry():
    assert unprintable("江西\U00031350厂☑\n\U00031350\ue000") == ["\U00031350", "\ue000"]


def test_a_chinese_character_is_as_wide_as_its_size():
    assert width("检查", Style(size=12)) == pytest.approx(24)
    assert advance("☐", bold=False) == 1.0


@pytest.mark.parametrize(
    "raw, seen",
    [
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("a\tb", "a  b"),
        ("葛\U000e0100\ufe0f", "葛"),
        ("\ufeff零\u200b宽\x00", "零宽"),
    ],
)
def test_what_leaves_no_ink_needs_no_glyph(raw, seen):
    assert visible(raw) == seen


def strings(value: object) -> str:
    """Every string in nested data, one after the other."""
    if isinstance(value, str):
        return value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return "".join(strings(part) for part in parts)


@pytest.mark.parametrize("path", sorted(resource("forms").glob("*.toml")), ids=lambda path: path.stem)
def test_the_forms_own_words_can_be_printed(path: Path):
    for char in strings(tomllib.loads(path.read_text("utf8"))):
        assert visible(char).isspace() or not visible(char) or font_for(char, bold=True)


def test_every_problem_of_the_forms_has_a_sentence():
    source = "".join(path.read_text("utf8") for path in Path(app.forms.__file__).parent.glob("*.py"))
    raised = set(re.findall(r'"(forms\.\w+)"', source))
    assert raised == wording.known_codes("forms")
