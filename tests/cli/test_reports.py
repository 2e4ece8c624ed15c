"""Summary, public list, penalties and entry sheets at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import update

from app import bootstrap
from app.models.inspection import Inspection
from app.services import planning
from app.vocabulary import InspectionType
from tests.cli.conftest import PASSPHRASE
from tests.statistics.small_year import small_year


@pytest.fixture
def plan(office_home: Path) -> str:
    """The small year with a plan that holds its visits of producers."""
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        small_year().write(place)
        plan = planning.add_plan(place, title="2026 年专项检查", year=2026).id
        kind = InspectionType.CCC_PRODUCER
        task = planning.add_task(
            place, plan_id=plan, title="CCC", inspection_type=kind, required_count=20
        ).key
        with place.write("test.plan") as work:
            of_kind = update(Inspection).where(Inspection.inspection_type == kind)
            work.session.execute(of_kind.values(plan_id=plan, task_key=task))
            work.commit()
    return plan


DAYS = ("--from", "2026-01-01", "--to", "2026-07-31")


def test_the_summary_is_written_and_told_with_its_records(console, plan, tmp_path) -> None:
    out = tmp_path / "总结.docx"
    told = console("report", "summary", plan, "-o", out, *DAYS, "--json")
    assert told.code == 0
    document = told.document
    figures = document["facts"]["figures"]
    assert (figures["visits"]["value"], len(figures["visits"]["records"])) == (11, 11)
    assert document["tasks"][0]["required"] == 20
    assert (document["file"], document["own_template"]) == (str(out), False)
    assert "2026 年专项检查工作总结" in [each.text for each in Document(str(out)).paragraphs]


def test_a_summary_of_the_year_needs_no_plan(console, plan, tmp_path) -> None:
    told = console("report", "summary", "-o", tmp_path / "a.docx", *DAYS, "--json").document
    assert told["facts"]["figures"]["visits"]["value"] == 14
    assert told["tasks"] == []


def test_lists_say_what_they_leave_out(console, plan, tmp_path) -> None:
    told = console("report", "public", plan, "-o", tmp_path / "p.xlsx", "--json").document
    assert [row["record_id"] for row in told["rows"]] == ["v09"]
    assert told["left_out"]["in_conflict"] == ["l1"]
    said = console("report", "public", plan, "-o", tmp_path / "p.xlsx")
    assert "未审核" in said.out
    told = console("report", "credit", plan, "-o", tmp_path / "c.xlsx", *DAYS, "--json").document
    assert {row["record_id"] for row in told["rows"]} == {"v06", "v11", "x1"}
    told = console("report", "entries", plan, "-o", tmp_path / "e.xlsx", "--json").document
    assert set(told["left_out"]) == {"l1", "l2", "l3"}
    assert all((tmp_path / name).stat().st_size for name in ("p.xlsx", "c.xlsx", "e.xlsx"))


def test_a_faulty_template_is_named_by_place_and_not_taken(console, plan, tmp_path) -> None:
    bad = tmp_path / "坏.docx"
    document = Document()
    document.add_paragraph("{{ 单位 }}{{ 不认识 }}")
    document.save(str(bad))
    for command in (
        ("import-template", bad),
        ("summary", plan, "--template", bad, "-o", tmp_path / "x.docx"),
    ):
        refused = console("report", *command, "--json")
        assert refused.code == 3
        (problem,) = refused.document["problems"]
        assert (problem["code"], problem["where"]["sheet"]) == ("template.unknown_placeholder", "正文第 1 段")
    assert not (tmp_path / "x.docx").exists()
    out = tmp_path / "模板.docx"
    assert console("report", "export-template", "-o", out).code == 0
    taken = console("report", "import-template", out)
    assert (taken.code, "已收入" in taken.out) == (0, True)
    told = console("report", "summary", plan, "-o", tmp_path / "y.docx", *DAYS, "--json").document
    assert told["own_template"]


def test_an_unknown_plan_is_refused(console, plan, tmp_path) -> None:
    for name in ("summary", "public", "credit", "entries"):
        refused = console("report", name, "9" * 32, "-o", tmp_path / "x", "--json")
        assert (refused.code, refused.document["problems"][0]["code"]) == (3, "assigning.unknown_plan")
