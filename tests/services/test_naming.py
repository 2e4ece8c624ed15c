"""Paths and values of every kind of record in words that people use; no coded word slips through."""

from __future__ import annotations

import pytest

from app.models.base import Word
from app.services.naming import path_text, reading_order, value_text
from app.sync.shapes import RECORD_KINDS


def coded() -> list[tuple[str, str]]:
    """Every path that holds a coded word, with each of the words."""
    return [
        (f"{part}/1/{field.name}" if part else field.name, word.value)
        for shape in RECORD_KINDS.values()
        for part, rows in (("", shape.root), *shape.parts.items())
        for field in rows.fields.values()
        if isinstance(field.type, Word)
        for word in field.type.words
    ]


@pytest.mark.parametrize("path, word", coded())
def test_every_coded_word_is_said_in_chinese(path: str, word: str) -> None:
    assert value_text(path, word) != word


@pytest.mark.parametrize(
    "path, value, text",
    [
        ("signed_at", "2026-08-12T01:30:00.000000Z", "2026-08-12 09:30"),
        ("corrections/1/path", "answers/3.1/verdict", "检查项 3.1 · 结论"),
        ("notifications/1/kind", "province", "报告省局"),
        ("answers/3.1/note", "", "（空）"),
        ("answers/3.1", True, "保留"),
        ("place", "nonconforming", "nonconforming"),
    ],
)
def test_values_are_written_as_people_write_them(path: str, value: object, text: str) -> None:
    assert value_text(path, value) == text


def test_who_signed_is_named_by_his_part() -> None:
    assert path_text("signatures/party/name") == "签名 当事人 · 名称"
    assert path_text("signatures/officer:赣C1/name") == "签名 检查人员 赣C1 · 名称"


def test_paths_are_read_in_the_order_of_the_record() -> None:
    paths = [
        "answers/3.10/verdict",
        "answers/3.9/note",
        "orders/1",
        "answers/3.9/verdict",
        "place",
        "answers/3.9",
    ]
    assert sorted(paths, key=lambda path: reading_order("inspection", path)) == [
        "place", "answers/3.9", "answers/3.9/verdict", "answers/3.9/note", "answers/3.10/verdict", "orders/1",
    ]  # fmt: skip
