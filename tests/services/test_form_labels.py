"""The names of paper fields: entries, columns of rows, and what no form here knows."""

from __future__ import annotations

import pytest

from app.services.form_labels import paper_field_label, paper_field_text, paper_title
from app.services.workplace import Workplace
from tests.services.talks import put_form

KEYS = {
    "matter": "询问事由",
    "talk.p2.answer": "问答 2 · 答",
    "talk.3f2a1b.question": "问答 #3f2a1b · 问",
    "talk.3f2a1b.#": "问答 #3f2a1b · 次序",
    "talk.p1.gone": "问答 1 · gone",
    "gone": "gone",
    "gone.p1.question": "gone.p1.question",
}


@pytest.mark.parametrize("key", KEYS)
def test_a_field_is_called_as_its_form_calls_it(key: str) -> None:
    assert paper_field_label(None, form="interview-record", key=key) == KEYS[key]


def test_an_office_s_own_form_names_its_fields(laptop: Workplace) -> None:
    put_form(laptop)
    assert paper_title(laptop, form="talk") == "约谈记录"
    assert paper_title(None, form="talk") == "talk"
    assert paper_field_label(None, form="talk", key="matter") == "matter"


@pytest.mark.parametrize(
    "form, key, value, text",
    [
        ("interview-record", "review", "heard", "已向你宣读"),
        ("interview-record", "started_at", "2026-08-13 09:05", "2026年8月13日09时05分"),
        ("interview-record", "talk.p1.answer", "没有。", "没有。"),
        ("interview-record", "talk.p1.#", "2", "2"),
        ("interview-record", "matter", "", ""),
        ("case-source", "gone", "x", "x"),
        ("talk", "value", "123456", "1,234.56元"),
        ("talk", "warned", "no", "否"),
    ],
)
def test_a_kept_value_reads_as_on_the_paper(
    laptop: Workplace, form: str, key: str, value: str, text: str
) -> None:
    put_form(laptop)
    assert paper_field_text(laptop, form=form, key=key, value=value) == text
