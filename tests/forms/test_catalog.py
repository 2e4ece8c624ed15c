"""The shipped forms, and descriptions that an office wrote wrong."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.files import resource
from app.forms.catalog import forms, forms_with, keys_of, read_folder, read_form
from app.forms.fonts import TICKED_BOX
from app.forms.template import fill
from app.vocabulary import ProductionStatus, TaskSource, Verdict

SMALL = """
id = "note"
title = "便条"
version = "1"
source = "本局"
[fields]
"inspection.id" = { meaning = "编号" }
"office.name" = { meaning = "机关", confidence = "unverified" }
[[blocks]]
kind = "text"
text = "{office.name}"
"""


def test_the_forms_of_a_visit_are_there():
    assert forms().keys() >= {"inspection-record", "checklist", "rectification-order", "record-history"}


@pytest.mark.parametrize("form", forms().values(), ids=lambda form: form.id)
def test_every_declared_field_is_printed_and_explained(form):
    assert keys_of(form) == form.fields.keys()
    assert all(field.meaning for field in form.fields.values())


def test_what_is_known_from_memory_only_is_marked_so():
    assert forms()["inspection-record"].unverified_fields == ()
    assert {"order.facts", "order.basis", "order.kind"} <= set(
        forms()["rectification-order"].unverified_fields
    )


@pytest.mark.parametrize(
    "form, key, words",
    [
        ("inspection-record", "inspection.category", TaskSource),
        ("checklist", "inspection.production_status", ProductionStatus),
        ("checklist", "item.verdict", Verdict),
    ],
)
def test_every_word_ticks_exactly_one_box(form, key, words):
    source = resource("forms", f"{form}.toml").read_text("utf8")
    line = next(line for line in source.splitlines() if f"{{{key}?" in line)
    group, _, name = key.partition(".")
    for word in words:
        assert fill(line.split('text = "')[1], {group: {name: word}}).count(TICKED_BOX) == 1


def test_an_offices_form_is_read():
    form = read_form(SMALL.encode(), "note.toml")
    assert (form.id, form.unverified_fields) == ("note", ("office.name",))


GRID = SMALL + '\n[[blocks]]\nkind = "grid"\ncolumns = [1, 2]\n[[blocks.rows]]\ncells = [{ label = "一" }]\n'


@pytest.mark.parametrize(
    "source, code",
    [
        ("id = ", "forms.bad_description"),
        (b"title = '\xff'", "forms.bad_description"),
        (SMALL.replace("title", "titel"), "forms.bad_description"),
        (SMALL.replace('kind = "text"', 'kind = "poem"'), "forms.bad_description"),
        (SMALL.replace('"{office.name}"', '"{office.nmae}"'), "forms.undeclared_field"),
        (SMALL.replace('"{office.name}"', '"{office.name:roman}"'), "forms.unknown_format"),
        (GRID, "forms.bad_columns"),
    ],
)
def test_a_wrong_description_is_refused_by_sentence(source, code):
    with pytest.raises(BadInput) as caught:
        read_form(source if isinstance(source, bytes) else source.encode(), "note.toml")
    assert caught.value.problem.code == code
    assert caught.value.problem.where.file == "note.toml"


def test_one_wrong_file_does_not_hide_the_others(tmp_path):
    (tmp_path / "a.toml").write_text("id = ", "utf8")
    (tmp_path / "b.toml").write_text(SMALL, "utf8")
    found, problems = read_folder(tmp_path)
    assert list(found) == ["note"]
    assert [problem.where.file for problem in problems] == ["a.toml"]


def test_an_offices_form_takes_the_place_of_the_shipped_one(tmp_path):
    (tmp_path / "mine.toml").write_text(SMALL.replace('"note"', '"checklist"'), "utf8")
    found, problems = forms_with(tmp_path)
    assert found["checklist"].title == "便条"
    assert (found.keys(), problems) == (forms().keys(), [])
