"""Marks in a text, third values and reasons: what the room 冲突 says and takes, as pure functions."""

from __future__ import annotations

import pytest

from app.models.base import Word
from app.services.disputed_parts import Part, asked
from app.services.naming import vocabulary
from app.sync.shapes import RECORD_KINDS
from app.ui.conflicts import lines, marks, third
from app.ui.conflicts.lines import REASONS, THIRD
from app.ui.conflicts.third import ThirdEditor
from app.wording import labels


@pytest.mark.parametrize(
    "former, text, found",
    [
        ("", "查看成品库", (("same", "查看成品库"),)),
        ("查看成品库", "查看成品库", (("same", "查看成品库"),)),
        ("抽查三个型号", "抽查四个型号", (("same", "抽查"), ("gone", "三"), ("new", "四"), ("same", "个型号"))),
        ("型号 HS-24 一致", "型号 HR-24 一致", (
            ("same", "型号 "), ("gone", "HS-24"), ("new", "HR-24"), ("same", " 一致"),
        )),
        ("企业配合", "当日停产，无人在场", (("same", "当日停产，无人在场"),)),
    ],
)  # fmt: skip
def test_words_that_differ_are_marked(former: str, text: str, found: object) -> None:
    assert marks.pieces(former, text) == found
    assert marks.spoken(marks.pieces(former, text)) == text


def test_a_text_is_shown_as_it_is_written() -> None:
    html = marks.as_html(marks.pieces("甲<乙", "甲<b>乙\n丙"), new_ground="#fff", soft="#000")
    assert "<b>" not in html
    assert "甲&lt;" in html
    assert "<br>" in html


@pytest.mark.parametrize(
    "path, value, raw",
    [
        ("situation", "查看成品库", "查看成品库"),
        ("answers/3.1/verdict", "nonconforming", "nonconforming"),
        ("answers/3.1/verdict", None, third.EMPTY),
        ("rights_told", True, "true"),
        ("cases/c/fine", 1234567, "12,345.67"),
        ("orders/o/working_days", 10, "10"),
        ("orders/o/due_on", "2026-09-30", "2026-09-30"),
        ("finished_at", "2026-08-12T01:30:00.000000Z", "2026-08-12T01:30:00.000000Z"),
    ],
)
def test_each_editor_gives_back_what_it_was_given(qtbot, path: str, value: object, raw: str) -> None:
    field = asked("inspection", path)
    assert third.raw_of(value, field) == raw
    editor = ThirdEditor(path, field)
    qtbot.addWidget(editor)
    editor.write(raw)
    assert editor.raw() == raw
    assert third.problem_of(raw, field) == ""
    assert third.value_of(raw, field) == ("" if value is None else value)


@pytest.mark.parametrize(
    "path, raw",
    [("situation", "  "), ("cases/c/fine", "一万"), ("cases/c/fine", "1.234"), ("orders/o/working_days", "1.5"),
     ("answers/3.1/verdict", ""), ("rights_told", "")],
)  # fmt: skip
def test_what_is_no_value_is_said(path: str, raw: str) -> None:
    assert third.problem_of(raw, asked("inspection", path))


def test_a_time_of_the_day_is_shown_where_the_work_is_done(qtbot) -> None:
    editor = ThirdEditor("finished_at", asked("inspection", "finished_at"))
    qtbot.addWidget(editor)
    editor.write("2026-08-12T01:30:00.000000Z")
    assert editor.field.text() == "2026-08-12 09:30"


def test_usual_reasons_are_taken_and_added() -> None:
    assert lines.with_usual(" ", REASONS[0]) == REASONS[0]
    assert lines.with_usual(REASONS[0], REASONS[1]) == REASONS[1]
    assert lines.with_usual("他不在场。", REASONS[1]) == f"他不在场；{REASONS[1]}"
    assert lines.with_usual(f"他不在场；{REASONS[1]}", REASONS[1]) == f"他不在场；{REASONS[1]}"


def test_what_is_missing_is_named() -> None:
    assert lines.missing("", "", "") == "还缺：选一个值、写理由"
    assert lines.missing(THIRD, "写第三个值", "核对过") == "还缺：写第三个值"
    assert lines.missing("former", "写第三个值", "核对过") == ""


def test_a_part_is_told_without_the_field_in_dispute() -> None:
    part = Part({"item": "3.1", "description": "标志不清", "severity": "major"}, "标志与证书一致")
    assert lines.about("findings/f/description", part) == "检查项 3.1：标志与证书一致\n轻重：较重"
    assert lines.about("findings/f", part).splitlines()[1:] == ["事实描述：标志不清", "轻重：较重"]
    assert lines.about("place", None) == ""


def test_every_coded_word_has_a_label() -> None:
    for shape in RECORD_KINDS.values():
        for name, rows in (("", shape.root), *shape.parts.items()):
            for field in rows.fields.values():
                path = f"{name}/k/{field.name}" if name else field.name
                if isinstance(field.type, Word):
                    assert set(field.type.words) <= labels(vocabulary(path)).keys(), path
