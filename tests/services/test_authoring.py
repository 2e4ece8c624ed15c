"""An office edits a checklist: out as a workbook, changed, back in as its own version, handed out with tasks."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from app.checklists.loader import catalog, shipped
from app.checklists.schema import Checklist
from app.checklists.transition import Fate
from app.errors import BadInput
from app.models.journal import JournalEntry
from app.models.planning import Assignment
from app.services import authoring, inspecting, lawbook, moving, questions, sheets
from app.services.workplace import Workplace
from app.statistics.sheet import display_width
from app.vocabulary import InspectionType, Verdict
from tests.services.conftest import DUTIES
from tests.services.parcels import introduce, make_task, receive, send

CCC = catalog()["ccc-producer"]


def exported(place: Workplace, folder: Path, checklist: Checklist = CCC) -> Path:
    out = folder / "清单.xlsx"
    return authoring.export_checklist(
        place, checklist_id=checklist.id, version=checklist.version, out=out
    )  # fmt: skip


class Edited:
    """The items sheet of an exported checklist while it is changed by hand."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book.worksheets[0]
        self.columns = {cell.value: cell.column for cell in self.sheet[1]}

    def row(self, item: str) -> int:
        return next(
            row for row in range(2, self.sheet.max_row + 1)
            if (self.sheet.cell(row, 1).value, self.sheet.cell(row, 2).value) == ("条目", item)
        )  # fmt: skip

    def put(self, row: int, heading: str, value: object) -> None:
        self.sheet.cell(row, self.columns[heading]).value = value

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def newer(place: Workplace, folder: Path, change: Callable[[Edited], None] | None = None) -> Path:
    """The shipped checklist as version 2026-8 with one change."""
    edited = Edited(exported(place, folder))
    edited.put(2, "版本", "2026-8")
    edited.put(2, "施行日期", "2026-08-10")
    if change is not None:
        change(edited)
    return edited.save()


def rewritten(edited: Edited) -> None:
    edited.put(edited.row("1.1"), "内容", "列入目录的产品已取得 CCC 证书，编号经核实有效，与证书附件逐一对过")


@pytest.mark.parametrize("checklist", shipped(), ids=lambda one: f"{one.id}@{one.version}")
def test_a_workbook_that_nobody_changed_is_the_same_checklist(
    office: Workplace, tmp_path: Path, checklist: Checklist
) -> None:
    proposal = authoring.read_checklist(office, path=exported(office, tmp_path, checklist))
    assert proposal.read.problems == ()
    assert proposal.read.checklist == checklist
    assert proposal.known


def test_the_workbook_can_be_worked_with(office: Workplace, tmp_path: Path) -> None:
    edited = Edited(exported(office, tmp_path, catalog()["cma-lab"]))
    sheet = edited.sheet
    assert sheet.freeze_panes == "C2"
    assert [each.title for each in edited.book.worksheets] == ["检查清单", "可选的词", "怎样填写"]
    offered = {
        str(each.sqref).partition("2:")[0]: each.formula1 for each in sheet.data_validations.dataValidation
    }
    letter = sheet.cell(1, edited.columns["通常程度"]).column_letter
    target, _, cells = offered[letter].lstrip("=").partition("!")
    listed = [cell[0].value for cell in edited.book[target.strip("'")][cells]]
    assert listed == ["一般", "较重", "严重"]
    for cell in sheet[1]:
        assert display_width(str(cell.value)) < sheet.column_dimensions[cell.column_letter].width
    row = edited.row("1")
    words = str(sheet.cell(row, edited.columns["内容"]).value)
    lines = display_width(words) / sheet.column_dimensions["D"].width
    assert sheet.row_dimensions[row].height >= 12 * lines


def test_an_edited_checklist_is_taken_into_use(office: Workplace, tmp_path: Path) -> None:
    path = newer(office, tmp_path, rewritten)
    proposal = authoring.read_checklist(office, path=path)
    assert proposal.against == CCC
    assert proposal.difference.count(Fate.REWORDED) == 1
    assert proposal.difference.count(Fate.NEW, Fate.DROPPED, Fate.MOVED) == 0
    assert questions.newest(office, InspectionType.CCC_PRODUCER) == CCC

    done = authoring.import_checklist(office, path=path)

    assert done.taken
    used = questions.newest(office, InspectionType.CCC_PRODUCER)
    assert (used.version, used.item("1.1").text) == (
        "2026-8",
        "列入目录的产品已取得 CCC 证书，编号经核实有效，与证书附件逐一对过",
    )
    rows = {(row.id, row.version): row for row in authoring.versions(office)}
    ours, theirs = rows["ccc-producer", "2026-8"], rows["ccc-producer", CCC.version]
    assert (ours.origin, ours.standing) == ("own", "in_use")
    assert (theirs.origin, theirs.standing) == ("shipped", "former")
    with office.read() as session:
        entry = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert entry.action == "checklist.import"
    assert json.loads(entry.detail)["checklist"] == "ccc-producer@2026-8"


def test_a_version_that_is_here_never_changes_its_words(office: Workplace, tmp_path: Path) -> None:
    authoring.import_checklist(office, path=newer(office, tmp_path))
    done = authoring.import_checklist(office, path=newer(office, tmp_path, rewritten))
    assert not done.taken
    assert [each.code for each in done.proposal.read.problems] == ["authoring.same_version"]
    assert questions.newest(office, InspectionType.CCC_PRODUCER).item("1.1").text == CCC.item("1.1").text
    again = authoring.import_checklist(office, path=newer(office, tmp_path))
    assert (again.taken, again.proposal.known, again.proposal.read.problems) == (False, True, ())


def test_a_shipped_version_cannot_be_changed_either(office: Workplace, tmp_path: Path) -> None:
    edited = Edited(exported(office, tmp_path))
    rewritten(edited)
    done = authoring.import_checklist(office, path=edited.save())
    assert [each.code for each in done.proposal.read.problems] == ["authoring.same_version"]
    assert questions.received(office) == ()


def test_a_faulty_workbook_says_where_and_takes_nothing(office: Workplace, tmp_path: Path) -> None:
    def spoil(edited: Edited) -> None:
        edited.put(edited.row("6.3"), "通常程度", "不得了")
        edited.put(edited.row("6.4"), "依据", "no-such-law/1")

    path = newer(office, tmp_path, spoil)
    done = authoring.import_checklist(office, path=path)
    edited = Edited(path)
    assert not done.taken
    where = [(each.code, each.where.sheet, each.where.row) for each in done.proposal.read.problems]
    assert where == [
        ("authoring.unknown_word", "检查清单", edited.row("6.3")),
        ("checklist.unknown_reference", "检查清单", edited.row("6.4")),
    ]
    good = done.proposal.read.checklist
    assert [item.id for item in good.items()] == [item.id for item in CCC.items() if item.id != "6.3"]
    assert questions.received(office) == ()


def test_a_provision_that_does_not_apply_on_the_first_day_is_told_at_its_cell(
    office: Workplace, tmp_path: Path
) -> None:
    def cite(edited: Edited) -> None:
        row = edited.row("6.3")
        edited.put(row, "依据", "lab-supervision-2021/14;\npenalty-law-2021/28")
        edited.put(row, "罚则", "accreditation-regulation-2020/67")

    path = newer(office, tmp_path, cite)
    done = authoring.import_checklist(office, path=path)
    edited = Edited(path)
    letters = {name: edited.sheet.cell(1, place).column_letter for name, place in edited.columns.items()}
    assert not done.taken
    assert [
        (each.code, each.where.row, each.where.column, each.values["reference"], each.values["day"])
        for each in done.proposal.read.problems
    ] == [
        ("checklist.not_in_force", edited.row("6.3"), letters["依据"], "lab-supervision-2021/14", "2026-08-10"),
        (
            "checklist.not_in_force", edited.row("6.3"), letters["罚则"],
            "accreditation-regulation-2020/67", "2026-08-10",
        ),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "first_day, codes",
    [("2023-11-30", ["checklist.not_in_force"]), ("2023-12-01", [])],
)
def test_what_is_not_in_force_yet_is_told_at_its_line(
    office: Workplace, tmp_path: Path, first_day: str, codes: list[str]
) -> None:
    path = as_shipped(tmp_path, first_day, references='references = ["cma-criteria-2023/annex4"]\n')
    done = authoring.import_checklist(office, path=path)
    assert [(each.code, each.where.row) for each in done.proposal.read.problems] == [
        (code, 10) for code in codes
    ]
    assert done.taken is not bool(codes)


def test_a_law_that_the_office_took_in_holds_from_its_day(office: Workplace, tmp_path: Path) -> None:
    law = tmp_path / "本区.toml"
    law.write_text(
        '[supplement]\nid = "ours"\nversion = "1"\ntitle = "本区"\neffective_from = 2026-06-01\n'
        '[[provisions]]\ndocument = "ccc-rules-2022"\narticle = "99"\nduty = "报告"\nconfidence = "verified"\n',
        "utf8",
    )
    assert lawbook.import_law(office, path=law).problems == ()
    early = as_shipped(tmp_path, "2026-05-31", references='references = ["ccc-rules-2022/99"]\n')
    assert [each.code for each in authoring.read_checklist(office, path=early).read.problems] == [
        "checklist.not_in_force"
    ]
    later = as_shipped(tmp_path, "2026-06-01", references='references = ["ccc-rules-2022/99"]\n')
    assert authoring.read_checklist(office, path=later).read.problems == ()


def test_remarks_do_not_stand_in_the_way(office: Workplace, tmp_path: Path) -> None:
    def remark(edited: Edited) -> None:
        edited.sheet.cell(1, edited.sheet.max_column + 1).value = "本局意见"

    done = authoring.import_checklist(office, path=newer(office, tmp_path, remark))
    assert [each.code for each in done.proposal.read.problems] == ["authoring.unknown_heading"]
    assert done.taken


def test_dates_and_numbers_as_excel_keeps_them(office: Workplace, tmp_path: Path) -> None:
    def as_excel(edited: Edited) -> None:
        edited.put(2, "施行日期", datetime(2026, 8, 9))  # noqa: DTZ001 - as Excel keeps days
        edited.put(edited.row("1.1"), "照片数", 2)
        edited.put(edited.row("1.2"), "编号", 1.2)

    read = authoring.read_checklist(office, path=newer(office, tmp_path, as_excel)).read
    assert read.checklist.effective_from.isoformat() == "2026-08-09"
    assert read.checklist.item("1.1").photos_required == 2
    assert read.checklist.item("1.2") is not None
    assert [(each.code, each.where.column) for each in read.problems] == [("authoring.number_as_id", "B")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_clerks_may_send_csv(office: Workplace, tmp_path: Path, encoding: str) -> None:
    sheet = Edited(newer(office, tmp_path, rewritten)).sheet
    path = tmp_path / "清单.csv"
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows([["" if cell is None else cell for cell in row] for row in sheet.values])
    assert authoring.import_checklist(office, path=path).taken
    used = questions.newest(office, InspectionType.CCC_PRODUCER)
    assert [item.id for item in used.items()] == [item.id for item in CCC.items()]


def test_clerks_may_send_html_named_xls(office: Workplace, tmp_path: Path) -> None:
    sheet = Edited(newer(office, tmp_path, rewritten)).sheet
    rows = "".join(
        "<tr>" + "".join(f"<td>{_html(cell)}</td>" for cell in row) + "</tr>" for row in sheet.values
    )
    path = tmp_path / "清单.xls"
    path.write_text(
        f"<html><head><meta charset='utf-8'></head><body><table>{rows}</table></body></html>", "utf8"
    )
    read = authoring.read_checklist(office, path=path).read
    assert [each.code for each in read.problems] == []
    assert (
        read.checklist.item("1.1").text == "列入目录的产品已取得 CCC 证书，编号经核实有效，与证书附件逐一对过"
    )
    assert read.checklist.item("1.3").condition == CCC.item("1.3").condition


def _html(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")


def as_shipped(folder: Path, first_day: str, references: str = "") -> Path:
    """A checklist of one item in the form of the shipped files."""
    text = (
        f'id = "ours"\ninspection_type = "CB_SELF"\nversion = "1"\ntitle = "本区"\neffective_from = {first_day}\n'
        '[[sections]]\nid = "1"\ntitle = "一"\n[[sections.items]]\nid = "1.1"\ntext = "查"\nhow = "看"\n'
        f'evidence = "照片"\nbasis = "proposal"\ndefault_severity = "minor"\n{references}'
    )
    path = folder / "ours.toml"
    path.write_text(text, "utf8")
    return path


def test_a_file_as_it_is_shipped_is_taken_too(office: Workplace, tmp_path: Path) -> None:
    done = authoring.import_checklist(office, path=as_shipped(tmp_path, "2026-01-01"))
    assert done.taken
    assert (done.proposal.against, done.proposal.difference) == (None, None)


def test_only_the_office_changes_checklists(laptop: Workplace, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        authoring.import_checklist(laptop, path=newer(laptop, tmp_path))
    assert error.value.problem.code == "authoring.not_the_office"


def test_the_offices_own_version_goes_out_with_the_tasks(
    office: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    authoring.import_checklist(office, path=newer(office, tmp_path, rewritten))
    receive(laptop, send(office, tmp_path / "任务.cyb", laptop.device_id))
    used = questions.newest(laptop, InspectionType.CCC_PRODUCER)
    assert (used.version, used.item("1.1").text) == (
        "2026-8",
        "列入目录的产品已取得 CCC 证书，编号经核实有效，与证书附件逐一对过",
    )
    row = next(row for row in authoring.versions(laptop) if row.version == "2026-8")
    assert (row.origin, row.standing) == ("received", "in_use")


def test_a_renamed_item_is_found_by_a_draft_on_the_laptop(
    office: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path / "任务.cyb", laptop.device_id))
    with laptop.read() as session:
        assignment = session.scalars(select(Assignment.id)).one()
    visit = inspecting.start(laptop, duties=DUTIES, assignment_id=assignment).id
    inspecting.answer(laptop, inspection_id=visit, item="6.4", verdict=Verdict.NONCONFORMING)
    inspecting.write_note(laptop, inspection_id=visit, item="6.4", note="台账缺三页")

    def renamed(edited: Edited) -> None:
        row = edited.row("6.4")
        edited.put(row, "编号", "6.8")
        edited.put(row, "原编号", "6.4")
        edited.put(row, "内容", "换了一个说法，与从前没有几个字相同")

    assert authoring.import_checklist(office, path=newer(office, tmp_path, renamed)).taken
    receive(laptop, send(office, tmp_path / "新清单.cyb", laptop.device_id))

    (draft,) = moving.drafts_for(laptop, checklist_id=CCC.id, version="2026-8")
    assert [(each.before, each.after, each.answered) for each in draft.of(Fate.MOVED)] == [
        ("6.4", "6.8", True)
    ]
    moving.move_drafts(laptop, checklist_id=CCC.id, version="2026-8", inspection_ids=[visit])
    sheet = sheets.sheet(laptop, inspection_id=visit)
    row = next(row for section in sheet.sections for row in section.items if row.number == "6.8")
    assert (row.verdict, row.note) == (Verdict.NONCONFORMING, "台账缺三页")


def test_the_form_for_phones_is_written(office: Workplace, tmp_path: Path) -> None:
    out = tmp_path / "手机.xlsx"
    problems = authoring.export_xlsform(office, checklist_id=CCC.id, version=CCC.version, out=out)
    assert {each.code for each in problems} == {"authoring.phone_check"}
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["survey", "choices", "settings"]
    assert book["settings"]["A2"].value == CCC.title
    from pyxform.xls2xform import convert

    assert "<h:title>" in convert(out, validate=False).xform
