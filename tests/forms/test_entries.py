"""Entries of a form: wrong descriptions, conditions, boxes, and values that were kept by other versions."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.clock import LOCAL
from app.errors import BadInput
from app.forms.catalog import read_form
from app.forms.entries import Chosen, Entry, typed, value_of
from app.forms.fonts import EMPTY_BOX, TICKED_BOX
from app.forms.template import fill, holds
from app.services.form_values import fill_in, frozen
from tests.services.talks import TALK

WAYS = {"site": "现场", "video": "视频"}


@pytest.mark.parametrize(
    "former, other, code",
    [
        ('id = "person"', 'id = "number"', "forms.bad_entry_id"),
        ('id = "value"', 'id = "person"', "forms.bad_entry_id"),
        ('id = "link"', 'id = "Link"', "forms.bad_entry_id"),
        ('words = { site = "现场", office = "到局", video = "视频" }\n', "", "forms.bad_entry"),
        ('label = "内容"\nkind = "lines"', 'label = "内容"\nkind = "rows"', "forms.bad_entry"),
        ("{paper.content}", "{paper.contents}", "forms.undeclared_entry"),
        ('when = "paper.way?video"', 'when = "paper.how?video"', "forms.undeclared_entry"),
        ('entries = "asked"', 'entries = "heard"', "forms.undeclared_entry"),
        ("item.question", "item.questions", "forms.undeclared_entry"),
        ('kind = "money"', 'kind = "gold"', "forms.bad_description"),
    ],
)
def test_a_wrong_entry_is_refused_by_sentence(former, other, code):
    assert former in TALK
    with pytest.raises(BadInput) as caught:
        read_form(TALK.replace(former, other).encode(), "talk.toml")
    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    "condition, met",
    [
        ("", True),
        ("paper.way", True),
        ("paper.way?video", True),
        ("paper.way?site", False),
        ("paper.way?site,video", True),
        ("paper.none", False),
        ("paper.none | paper.way?video", True),
        ("paper.none | blank", False),
    ],
)
def test_a_condition_reads_values_words_and_alternatives(condition, met):
    assert holds({"paper": {"way": Chosen(("video",), WAYS), "none": Chosen((), WAYS)}}, condition) is met


def test_every_word_has_its_box_and_the_chosen_one_a_tick():
    scope = {"paper": {"way": Chosen(("video",), WAYS)}}
    assert fill("{paper.way:boxes}", scope) == f"{EMPTY_BOX}现场　{TICKED_BOX}视频"
    assert fill("{paper.way}{paper.way?video}", scope) == f"视频{TICKED_BOX}"


@pytest.mark.parametrize(
    "kind, kept, value",
    [
        ("time", "2026-08-12 09:30", datetime(2026, 8, 12, 9, 30, tzinfo=LOCAL)),
        ("time", "noon", "noon"),
        ("date", "2026-02-30", "2026-02-30"),
        ("money", "123450", 123450),
        ("money", "viel", "viel"),
        ("money", "", None),
        ("money", "9" * 5000, "9" * 5000),
    ],
)
def test_what_does_not_read_is_printed_as_it_stands(kind, kept, value):
    assert value_of(Entry(id="x", label="x", kind=kind), kept) == value


def test_money_is_typed_in_yuan():
    entry = Entry(id="x", label="x", kind="money")
    assert (typed(entry, "123405"), typed(entry, "9" * 5000)) == ("1234.05", "9" * 5000)


def test_rows_from_a_hostile_package_harm_nothing():
    form = read_form(TALK.encode(), "talk.toml")
    kept = {"talk.a.#": "9" * 5000, "talk.": "x", "talk.b": "y", "talk.a.question": "甲", "other.x": "z"}
    filled = {each.entry.id: each for each in fill_in(form, kept, {})}
    assert [row.cells[0].kept for row in filled["talk"].rows if row.cells[0].kept] == ["甲"]
    assert frozen(tuple(filled.values()))["talk.a.question"] == "甲"
