"""A checklist as a form for phones: what the form maker accepts, and that conditions mean the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from openpyxl import Workbook
from pyxform.xls2xform import convert

from app.checklists.loader import catalog, load_checklist, shipped
from app.checklists.schema import Checklist
from app.checklists.xlsform import XlsForm, xlsform
from app.checklists.xpath import Untranslatable, translated
from app.wording import sentence
from tests.checklists.trial import trial

STRAIGHT = str.maketrans("“”‘’", "\"\"''")
"""The form maker makes quotation marks straight."""

NAMES = {"1.1": "i_1_1", "measure:2.3": "m_2_3"}


def converted(form: XlsForm, folder: Path) -> etree._Element:
    """The form as phones load it; fails when the form maker does not accept it."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in (("survey", form.survey), ("choices", form.choices), ("settings", (form.settings,))):
        sheet = book.create_sheet(title)
        headings = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    path = folder / "form.xlsx"
    book.save(path)
    result = convert(path, validate=False)
    # Photos are evidence and stay as large as they were taken.
    assert [each for each in result.warnings if "max-pixels" not in each] == []
    return etree.fromstring(result.xform.encode())


def of(form: XlsForm, name: str) -> dict[str, str]:
    return next(row for row in form.survey if row.get("name") == name)


def ours(items: str, sections: str = "") -> Checklist:
    text = f"""
id = "ours"
inspection_type = "CCC_PRODUCER"
version = "1"
title = "本区清单"
effective_from = 2026-01-01
[[sections]]
id = "1"
title = "证书"
{sections}
{items}
"""
    found, problems = load_checklist(text.encode())
    assert problems == ()
    assert found is not None
    return found


def item(name: str, more: str = "") -> str:
    return f"""
[[sections.items]]
id = "{name}"
text = "条目 {name}"
how = "看"
evidence = "照片"
basis = "proposal"
default_severity = "minor"
{more}
"""


@pytest.mark.parametrize("checklist", shipped(), ids=lambda one: f"{one.id}@{one.version}")
def test_the_form_maker_accepts_every_shipped_checklist(checklist: Checklist, tmp_path: Path) -> None:
    form = xlsform(checklist)
    root = converted(form, tmp_path)
    binds = list(root.iter("{*}bind"))
    assert len(binds) > len(list(checklist.items()))
    texts = {"".join(each.itertext()) for each in root.iter("{*}value")}
    for each in checklist.items():
        text = f"{each.shown} {each.text}".translate(STRAIGHT)
        assert any(each.endswith(text) for each in texts), each.id
    assert [each for each in form.problems if each.code == "authoring.phone_condition"] == []


def test_sections_are_groups_and_repeated_ones_repeats(tmp_path: Path) -> None:
    checklist = trial()
    root = converted(xlsform(checklist), tmp_path)
    repeated = [each for each in checklist.sections if each.repeat is not None]
    assert len(list(root.iter("{*}repeat"))) == len(repeated) > 0
    assert len(list(root.iter("{*}group"))) >= len(checklist.sections) + 1


@pytest.mark.parametrize(
    "condition, xpath",
    [
        ('item("1.1") == "nonconforming"', "${i_1_1} = 'nonconforming'"),
        ('item("1.1") != "conforming"', "${i_1_1} != 'conforming'"),
        ('measure("2.3") > 5', "${m_2_3} > 5"),
        ('measure("2.3") != 5', "(${m_2_3} != '' and ${m_2_3} != 5)"),
        ("not production.idle", "not((${production_status} != '' and ${production_status} != 'normal'))"),
        ("certificate.none", "${certificate_status} = ''"),
        ("certificate.suspended", "selected(${certificate_status}, 'suspended')"),
        (
            '(item("1.1") == "conforming" or production.stopped) and not measure("2.3") <= -1.5',
            "((${i_1_1} = 'conforming' or ${production_status} = 'stopped') and not(${m_2_3} <= -1.5))",
        ),
    ],
)
def test_conditions_as_xpath(condition: str, xpath: str) -> None:
    assert translated(condition, NAMES).xpath == xpath


@pytest.mark.parametrize(
    "condition", ['item("9.9") == "conforming"', "weather.fine", 'production.normal == "yes"']
)
def test_what_has_no_counterpart_is_not_translated(condition: str) -> None:
    with pytest.raises(Untranslatable):
        translated(condition, NAMES)


def test_an_untranslatable_condition_is_told_and_the_item_is_asked(tmp_path: Path) -> None:
    checklist = ours(item("1.1") + item("1.2", "condition = 'production.normal == \"yes\"'"))
    form = xlsform(checklist)
    assert [each.code for each in form.problems] == ["authoring.phone_condition"]
    assert "production.normal" in sentence(form.problems[0]).message
    assert "relevant" not in of(form, "i_1_2")
    converted(form, tmp_path)


def test_facts_are_asked_only_where_a_condition_needs_them() -> None:
    plain = xlsform(ours(item("1.1")))
    asking = xlsform(ours(item("1.1", 'condition = "certificate.suspended"')))
    assert not any(row.get("name") == "certificate_status" for row in plain.survey)
    assert of(asking, "certificate_status")["type"] == "select_multiple certificate_status"
    assert not any(row.get("name") == "production_status" for row in asking.survey)


def test_a_value_beyond_its_limits_may_be_entered_but_not_as_conforming(tmp_path: Path) -> None:
    more = 'measure = { label = "含量", unit = "mg/kg", decimals = 2, minimum = "0.15", maximum = 0.5 }'
    form = xlsform(ours(item("1.1", more)))
    row = of(form, "m_1_1")
    assert row["type"] == "decimal"
    assert row["constraint"] == "(. >= 0.15 and . <= 0.5) or ${i_1_1} != 'conforming'"
    assert row["relevant"] == "${i_1_1} = 'conforming' or ${i_1_1} = 'nonconforming'"
    converted(form, tmp_path)


def test_required_photos_notes_and_hints() -> None:
    more = "photos_required = 2\nallow_not_applicable = false\nstarred = true"
    form = xlsform(ours(item("1.1", more) + item("1.2", "required = false")))
    row = of(form, "i_1_1")
    assert row["label::中文 (zh)"] == "★1.1 条目 1.1"
    assert row["hint::中文 (zh)"] == "查法：看\n证据：照片"
    assert (row["type"], row["required"]) == ("select_one verdict_strict", "yes")
    assert [each["name"] for each in form.survey if each["type"] == "image"] == [
        "i_1_1_photo_1",
        "i_1_1_photo_2",
    ]
    assert of(form, "i_1_1_note")["required"] == "${i_1_1} = 'nonconforming' or ${i_1_1} = 'not_checked'"
    assert (of(form, "i_1_2")["type"], of(form, "i_1_2")["required"]) == ("select_one verdict", "")


def test_ids_that_look_alike_keep_names_of_their_own(tmp_path: Path) -> None:
    form = xlsform(ours(item("1.1") + item("1-1") + item("甲") + item("乙")))
    names = [row["name"] for row in form.survey if row["type"].startswith("select_one verdict")]
    assert len(set(names)) == 4
    converted(form, tmp_path)


def test_what_only_the_program_computes_is_told() -> None:
    codes = {each.code for checklist in catalog().values() for each in xlsform(checklist).problems}
    assert codes == {"authoring.phone_check", "authoring.phone_conclusion", "authoring.phone_instances"}
