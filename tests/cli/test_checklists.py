"""Checklists on the command line: out as a workbook, in again, to phones, and visits that change their version."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl

from app import bootstrap
from app.checklists.loader import catalog_on
from app.clock import local_date
from app.models.inspection import Inspection
from app.vocabulary import InspectionStatus, InspectionType
from tests.cli.conftest import PASSPHRASE


def edit(path: Path, *changes: tuple[int, str, str]) -> Path:
    """Put texts into rows under headings."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, heading, text in changes:
        sheet.cell(row, columns[heading]).value = text
    book.save(path)
    return path


def exported(console, folder: Path) -> Path:
    out = folder / "清单.xlsx"
    done = console("checklist", "export", "ms-org", "--out", out, "--json")
    assert (done.code, done.document["version"]) == (0, in_use())
    return out


def today() -> date:
    """The day of the machine, which the command line goes by."""
    return local_date(datetime.now(UTC))


def in_use() -> str:
    return catalog_on(today())["ms-org"].version


def test_an_edited_checklist_goes_in_and_is_listed(console, office_home, tmp_path) -> None:
    path = edit(
        exported(console, tmp_path),
        (2, "版本", "2026-9"),
        (2, "施行日期", today().isoformat()),
        (4, "查法", "看原件"),
    )
    tried = console("checklist", "import", path, "--dry-run", "--json")
    assert (tried.code, tried.document["taken"], tried.document["against"]) == (0, False, in_use())
    done = console("checklist", "import", path, "--json")
    assert (done.code, done.document["taken"], done.document["left_out"]) == (0, True, 0)
    listed = console("checklist", "list", "--json").document["checklists"]
    rows = {(each["id"], each["version"]): (each["origin"], each["standing"]) for each in listed}
    assert rows["ms-org", "2026-9"] == ("own", "in_use")
    assert rows["ms-org", in_use()] == ("shipped", "former")
    again = console("checklist", "import", path)
    assert again.code == 0
    assert "已经在用" in again.out


def test_a_fault_is_told_at_its_cell(console, office_home, tmp_path) -> None:
    path = edit(exported(console, tmp_path), (2, "版本", "2026-9"), (4, "出处性质", "听说"))
    refused = console("checklist", "import", path, "--json")
    assert refused.code == 3
    assert refused.document["taken"] is False
    (problem,) = refused.document["problems"]
    assert problem["code"] == "authoring.unknown_word"
    assert problem["where"] == {"file": "清单.xlsx", "sheet": "检查清单", "row": 4, "column": "H"}
    shown = console("checklist", "import", path)
    assert "清单.xlsx 检查清单 H4" in shown.out + shown.err


def test_a_form_for_phones(console, office_home, tmp_path) -> None:
    out = tmp_path / "手机.xlsx"
    done = console("checklist", "xlsform", "ccc-producer", "--version", "2026-2", "--out", out, "--json")
    assert done.code == 0
    assert {each["code"] for each in done.document["problems"]} == {"authoring.phone_check"}
    assert openpyxl.load_workbook(out).sheetnames == ["survey", "choices", "settings"]


def test_an_unknown_checklist_is_said(console, office_home, tmp_path) -> None:
    refused = console("checklist", "export", "nothing", "--out", tmp_path / "x.xlsx", "--json")
    assert refused.code == 3
    assert not (tmp_path / "x.xlsx").exists()


def test_visits_are_shown_and_moved_when_named(console, office_home, tmp_path) -> None:
    with bootstrap.open_home(office_home, PASSPHRASE) as place, place.write("test") as work:
        work.session.add(
            Inspection(
                id="v" * 32, organization_id="o", inspection_type=InspectionType.MS_ORG, checklist_id="ms-org",
                checklist_version="2026-1", status=InspectionStatus.IN_PROGRESS, office="宜春",
                subject_name="宜春袁州恒电器有限公司", started_at=datetime(2026, 7, 1, 1, tzinfo=UTC),
            )
        )  # fmt: skip
        work.commit()
    shown = console("checklist", "move", "ms-org", "--to", "2026-2", "--json")
    assert (shown.code, shown.document["moved"]) == (0, 0)
    assert [row["version"] for row in shown.document["drafts"]] == ["2026-1"]
    assert "没有改动" in console("checklist", "move", "ms-org", "--to", "2026-2").out
    done = console("checklist", "move", "ms-org", "--to", "2026-2", "--inspection", "v" * 32, "--json")
    assert (done.code, done.document["moved"]) == (0, 1)
    back = console("checklist", "move", "ms-org", "--to", "2026-1", "--all")
    assert "换用 1 次检查" in back.out
