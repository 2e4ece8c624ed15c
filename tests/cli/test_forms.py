"""form list, fill, print --batch and numbers on a real home."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from app import bootstrap
from app.models.base import new_id
from app.models.registry import Organization
from app.services import inspecting, papers, planning, registering
from app.vocabulary import InspectionType
from tests.cli.conftest import PASSPHRASE
from tests.forms.test_form_data import in_order
from tests.services.conftest import DUTIES, add_target
from tests.services.talks import TALK


def test_an_offices_form_is_listed_and_printed_without_opening_the_home(console, office_home, tmp_path):
    (office_home / "forms").mkdir()
    (office_home / "forms" / "talk.toml").write_text(TALK, "utf8")
    (office_home / "forms" / "bad.toml").write_text("id = ", "utf8")
    said = console("form", "list", "--home", office_home, "--json").document
    (row,) = [row for row in said["forms"] if row["id"] == "talk"]
    assert (row["about"], row["kept"], row["numbered"], row["unverified"]) == ("inspection", True, True, 1)
    assert [problem["where"]["file"] for problem in said["problems"]] == ["bad.toml"]
    out = tmp_path / "talk.pdf"
    assert console("form", "print", "--blank", "--form", "talk", "--home", office_home, "-o", out).code == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_a_batch_without_anything_says_so(console, office_home, tmp_path):
    out = tmp_path / "day.pdf"
    said = console("form", "print", "--batch", "--day", "2026-08-12", "-o", out, "--json")
    assert (said.code, said.document["problems"][0]["code"]) == (3, "batches.nothing")
    assert not out.exists()
    assert console("form", "print", "--batch", "-o", out).code == 2


def test_a_batch_prints_a_named_form_that_was_not_begun_and_names_what_it_left_out(
    console, records, tmp_path
):
    visit, out = records[3], tmp_path / "day.pdf"
    day = ("form", "print", "--batch", "--visit", visit, "-o", out)
    said = console(*day, "--form", "on-site-record", "--form", "interview-record", "--json").document
    assert (said["papers"], said["visits"], said["not_printed"]) == (2, 1, [])
    assert in_order(text_of(out), "现场笔录", "现场检查", "询问笔录", "你是否看清")

    whole = console(*day)
    assert whole.code == 0
    assert "《现场笔录》还没有填写：宜春袁州恒𬭎电器有限公司" in whole.out
    assert "--form on-site-record" in whole.out
    said = console(*day, "--json").document
    assert said["left_out"] == len(said["not_printed"]) > 0
    (row,) = [row for row in said["not_printed"] if row["form"] == "on-site-record"]
    assert (row["record"], row["code"], row["reason"]) == (visit, "batches.not_begun", "还没有填写")


@pytest.mark.parametrize("option", ["--visit", "--organization", "--plan"])
def test_a_batch_with_an_unknown_id_prints_nothing_and_names_it(console, records, tmp_path, option):
    known = ("--visit", records[3], "--form", "on-site-record")
    for way in ((), ("--folder",)):
        out = tmp_path / "day"
        said = console("form", "print", "--batch", *known, option, "nope", "-o", out, *way, "--json")
        (problem,) = said.document["problems"]
        assert (said.code, problem["code"]) == (3, "batches.unknown")
        assert "nope" in problem["message"]
        assert not out.exists()


def test_blank_forms_are_printed_many_at_once(console, office_home, tmp_path):
    out = tmp_path / "blank.pdf"
    blank = ("form", "print", "--batch", "--blank", "--form", "checklist", "--form", "on-site-record")
    said = console(*blank, "--copies", "3", "--type", "CMA_LAB", "-o", out, "--json")
    assert (said.code, said.document["papers"], said.document["visits"]) == (0, 6, 0)
    assert out.read_bytes().startswith(b"%PDF")
    said = console(*blank[:4], "--form", "none", "-o", out, "--json")
    assert said.document["problems"][0]["code"] == "issuing.unknown_form"
    day = ("form", "print", "--batch", "--day", "2026-08-12", "-o", out)
    assert console(*day, "--copies", "3").code == 2
    assert console(*day, "--type", "CMA_LAB").code == 2
    assert console("form", "print", "--blank", "--form", "checklist", "--form", "on-site-record").code == 2


def test_numbers_of_an_empty_home(console, office_home):
    said = console("form", "numbers")
    assert (said.code, said.out.strip()) == (0, "还没有用过文号")
    assert console("form", "numbers", "--json").document["series"] == []


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


@pytest.fixture
def records(office_home: Path) -> tuple[str, str, str, str]:
    """Two organizations, a plan of two lines, a visit to the first of the organizations; their ids."""
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        visit = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place)).id
        with place.write("test.organization") as work:
            work.session.add(Organization(id=new_id(), name="宜春袁州𬭎达电缆有限公司", region="360902"))
            work.commit()
        first, second = (
            registering.organization_ids(place, query=name)[0] for name in ("恒𬭎电器", "𬭎达电缆")
        )
        plan = planning.add_plan(place, title="2026年认证监管", year=2026).id
        for title in ("有机产品获证组织随机抽查", "强制性产品认证随机抽查"):
            planning.add_task(
                place, plan_id=plan, title=title, inspection_type=InspectionType.ORGANIC_ORG, scope="全市"
            )
    return first, second, plan, visit


def test_a_recommendation_is_filled_in_and_printed_at_the_command_line(console, records, tmp_path):
    first, *_ = records
    form = ("--form", "demonstration-enterprise")
    said = console("form", "fill", first, *form, "--json").document
    entries = {each["entry"]: each for each in said["entries"]}
    assert (entries["enterprise"]["value"], entries["enterprise"]["typed"]) == (
        "宜春袁州恒𬭎电器有限公司",
        False,
    )
    assert said["missing"] == ["年度", "推荐理由"]
    given = (
        "--set",
        "year=2026",
        "--set",
        "reason=三年未见不符合，\n台账完整",
        "--set",
        "expires.2.on=2029-1-5",
    )
    said = console("form", "fill", first, *form, *given, "--json")
    assert (said.code, said.document["missing"]) == (0, [])
    assert "推荐理由" in console("form", "fill", first, *form).out

    out = tmp_path / "推荐表.pdf"
    assert console("form", "print", first, *form, "-o", out).code == 0
    text = text_of(out)
    assert in_order(
        text, "（2026年度）", "宜春袁州恒𬭎电器有限公司", "至2029年1月5日", "三年未见不符合，台账完整"
    )


def test_what_is_faulty_is_told_at_its_key_and_the_rest_is_kept(console, records):
    first, _, plan, _ = records
    given = ("--set", "filled_on=yesterday", "--set", "year=2026", "--set", "colour=red")
    said = console("form", "fill", first, "--form", "demonstration-enterprise", *given, "--json")
    told = [(each["code"], each["where"]["column"]) for each in said.document["problems"]]
    assert (said.code, told) == (
        3,
        [("forms.bad_date", "filled_on"), ("papers.no_such_entry", "colour")],
    )
    assert {each["entry"]: each["value"] for each in said.document["entries"]}["year"] == "2026"
    assert console("form", "fill", plan, "--form", "plan-table", "--set", "lines").code == 2
    said = console("form", "fill", "nobody", "--form", "plan-table", "--json")
    assert (said.code, said.document["problems"][0]["code"]) == (3, "issuing.unknown_record")


def test_the_lines_of_a_plan_table_are_changed_added_and_taken_out(console, records, tmp_path):
    _, _, plan, _ = records
    form = ("--form", "plan-table")
    given = (
        "--set",
        "lines.1.time=2—4季度",
        "--set",
        "lines.1.offices=各区局",
        "--set",
        "lines.3.type=流通领域抽查",
    )
    assert console("form", "fill", plan, *form, *given, "--set", "lines.3.time=9月").code == 0
    said = console("form", "fill", plan, *form, "--drop", "lines.2", "--drop", "lines.7", "--json")
    assert [each["code"] for each in said.document["problems"]] == ["papers.unknown_row"]
    out = tmp_path / "计划表.pdf"
    assert console("form", "print", plan, *form, "-o", out).code == 0
    text = text_of(out)
    assert in_order(text, "2026年认证监管工作计划表", "有机产品获证组织随机抽查", "2—4季度", "各区局")
    assert in_order(text, "各区局", "2流通领域抽查", "9月")
    assert "强制性产品认证随机抽查" not in text


def test_a_batch_takes_recommendations_and_plan_tables_in(console, records, tmp_path):
    first, second, plan, visit = records
    out = tmp_path / "batch.pdf"
    named = ("form", "print", "--batch", "-o", out, "--organization", first, "--organization", second)
    said = console(*named, "--plan", plan, "--json").document
    assert (said["papers"], said["pages"], said["visits"], said["left_out"]) == (3, 3, 0, 0)
    text = text_of(out)
    assert [text.count(word) for word in ("恒𬭎电器有限公司", "𬭎达电缆有限公司", "工作计划表")] == [1, 1, 1]

    visited = ("form", "print", "--batch", "-o", out, "--visit", visit)
    said = console(*visited, "--form", "demonstration-enterprise", "--json").document
    assert (said["papers"], said["visits"]) == (1, 0), "of the organization that was visited"
    assert console(*visited).code == 0
    assert "推荐表" not in text_of(out), "nobody is recommended only because he was inspected"
    console("form", "fill", first, "--form", "demonstration-enterprise", "--set", "reason=台账完整")
    assert console(*visited).code == 0
    assert "台账完整" in text_of(out)


def begun_papers(home: Path, visit: str) -> list[str]:
    """Keys of the papers that a visit has now."""
    with bootstrap.open_home(home, PASSPHRASE) as place:
        return [row.key for row in papers.paper_rows(place, inspection_id=visit)]


def test_what_was_refused_begins_no_paper_adds_no_row_and_names_the_nearest(console, records, office_home):
    visit, form = records[3], ("--form", "interview-record")
    given = ("--set", "mater=抽查", "--set", "talk.1.anser=有", "--set", "started_at=yesterday")
    given += ("--set", "talk.3.answer=有")
    said = console("form", "fill", visit, *form, *given)
    assert (said.code, begun_papers(office_home, visit)) == (3, [])
    assert said.out == "", "not the whole form beside it"
    lines = said.err.splitlines()
    assert lines[0].startswith("mater: 这份文书没有“mater”这一项 — 相近的：matter 询问事由、")
    assert "talk.1.answer 答" in lines[1]
    assert [line.partition(":")[0] for line in lines[2:4]] == ["started_at", "talk.3.answer"]

    said = console(
        "form", "fill", visit, *form, "--set", "matter=抽查", "--set", "talk.1.colour=红", "--json"
    )
    assert [each["code"] for each in said.document["problems"]] == ["papers.no_such_entry"]
    (key,) = begun_papers(office_home, visit)
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        sheet = papers.paper_sheet(place, inspection_id=visit, paper=key)
    assert papers.shown_rows(sheet, "talk") == ()
    said = console("form", "fill", visit, *form, "--set", "times=1", "--set", "duty=")
    assert "职务" in said.out


def test_a_file_that_is_there_is_not_written_over_by_a_name_that_nobody_chose(
    console, records, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    names = []
    for _ in range(3):
        said = console("form", "print", records[3], "--form", "on-site-record", "--json").document
        names.append(said["file"])
    stem = names[0].removesuffix(".pdf")
    assert names == [f"{stem}.pdf", f"{stem}(2).pdf", f"{stem}(3).pdf"]
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == sorted(names)


def test_a_paper_of_a_visit_is_begun_once_and_filled_in(console, office_home, tmp_path):
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        visit = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place)).id
    form = ("--form", "interview-record")
    looked = console("form", "fill", visit, *form, "--json").document
    prefilled = {each["entry"]: each["value"] for each in looked["entries"]}
    assert (looked["paper"], prefilled["employer"]) == (None, "宜春袁州恒𬭎电器有限公司")
    assert "还没有存" in console("form", "fill", visit, *form).out
    assert begun_papers(office_home, visit) == [], "to look writes nothing"
    begun = console("form", "fill", visit, *form, "--set", "started_at=2026-08-12 09:40", "--json").document
    again = console("form", "fill", visit, *form, "--set", "times=1", "--json").document
    assert [again["paper"]] == [begun["paper"]] == begun_papers(office_home, visit)
    assert "（可选：请你核对、已向你宣读）" in console("form", "fill", visit, *form).out
    said = console("form", "fill", visit, *form, "--set", "review=请你核对").out
    assert "请你核对" in said
    assert "已向你宣读" not in said
    out = tmp_path / "talk.pdf"
    assert console("form", "print", visit, *form, "--paper", begun["paper"], "-o", out).code == 0
    assert "9时40分" in text_of(out)
