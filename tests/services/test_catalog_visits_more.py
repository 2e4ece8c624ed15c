"""Whole visits by the shipped checklists for witness checks, bodies, organic sales, Shanghai Brand and
self-inspections: instances, values, what is computed from them, finished, printed and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pypdfium2
import pytest

from app.checklists.loader import catalog
from app.checklists.repeats import split
from app.models.base import new_id
from app.models.people import Person
from app.models.registry import Certificate, Organization
from app.services import evidence, inspecting, instances, issuing, reporting
from app.services.sheet_rows import HintRow, ItemRow
from app.services.workplace import Workplace
from app.statistics.loader import load_tables
from app.statistics.table import Table
from app.vocabulary import CertificateStatus, InspectionStatus, InspectionType, Scheme, Verdict
from tests.services.conftest import DUTIES, Visit, jpeg

YES, NO = Verdict.CONFORMING, Verdict.NONCONFORMING
Kind = InspectionType


@dataclass(frozen=True)
class Story:
    """One visit: its instances (section → name and fields), its values by item and measure, and for each
    computed check a value that spoils it, with what the hint then says."""

    instances: Mapping[str, Mapping[str, Mapping[str, str]]]
    values: Mapping[str, str]
    spoiled: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)


STORIES = {
    Kind.MS_WITNESS: Story(
        {
            "3": {
                "周立强": {"number": "2024Q1001", "role": "组长", "employment": "专职", "planned": "2", "present": "2"},
                "胡敏": {"role": "技术专家", "employment": "兼职", "planned": "1", "present": "1.5"},
            },
        },
        {
            "1.1.number": "R0123002026000871", "1.1.first": "2026-8-11", "1.1.from_time": "8:30",
            "1.1.last": "2026-8-12", "1.1.to_time": "17:30", "1.2.stage": "监督", "1.2.days": "3", "1.2.remote": "0",
            "2.1": "2026-8-12", "2.1.began": "9:30", "2.1.ended": "12:00", "2.2.planned": "2", "2.2.present": "2",
            "2.4.planned": "3", "2.4.found": "3.5", "2.5": "9:00", "2.6": "17:00", "2.7.missed": "0", "2.9": "2",
            "3.5.signed_in": "10:59", "3.5.signed_out": "18:40",
            "4.1.site": "27.80110, 114.38320", "4.1.signed": "27.83, 114.38320", "4.2.signed": "27.80110,114.3900",
            "4.3": "3", "4.4": "1", "6.4": "CNCA-R-2002-001", "7.2": "11.5",
        },
        {
            # value, whose hint, what it then says
            "2.1.ended": ("17:31", "2.1", "2026-08-12 09:30 至 17:31 不在审核计划时限内"),
            "2.4.found": ("2.5", "2.4", "比计划 3 人日少 0.5"),
            "3.5.signed_in": ("11:01", "3.5", "签到晚于首次会议开始 121 分钟，超过 120 分钟"),
            "3.5.signed_out": ("19:01", "3.5", "签退晚于末次会议结束 121 分钟"),
            # a twentieth of a degree of latitude is 5.56 km
            "4.1.signed": ("27.85110,114.38320", "4.1", "两地相距 5.56 公里，超过 5 公里"),
            "4.2.signed": ("27.75110,114.38320", "4.2", "超过 5 公里"),
            "6.4": ("CNCA-2002-1", "6.4", "不合认证机构批准号的写法"),
        },
    ),
    Kind.MS_CB: Story(
        {
            "4": {
                "宜春袁州电器有限公司": {"number": "03521Q11029R0S", "from_day": "2026-3-2", "to_day": "2026-3-4"},
                "丰城陶瓷有限公司": {"number": "03522E10877R0M", "from_day": "2026-4-7", "to_day": "2026-4-8"},
            },
        },
        {
            "1.1": "CNCA-R-2002-001", "1.2.issued": "812", "1.2.outside": "0", "1.3": "500", "2.6.sampled": "5",
            "3.1": "12", "3.2.sampled": "12", "3.2.missing": "0", "3.3.sampled": "12", "3.3.missing": "1",
            "3.4.sampled": "20", "3.4.unregistered": "0", "4.3.planned": "4", "4.3.found": "4",
            "4.10.decider": "万里", "4.10.decided_on": "2026-4-20", "4.11": "2026-4-22", "4.12": "11",
            "5.1.due": "90", "5.1.open": "0", "6.1.sampled": "2",
        },
        {
            "1.1": ("CNCA-R-22", "1.1", "不合认证机构批准号的写法"),
            "4.3.found": ("2.5", "4.3", "比计划 4 人日少 1.5"),
        },
    ),
    Kind.ORGANIC_SALES: Story(
        {
            "2": {
                "有机大米 5kg": {"platform": "某平台 · 赣西粮油旗舰店", "address": "100012345", "seen_on": "2026-8-12",
                               "seen_at": "10:15"},
            },
            "3": {
                "有机大米": {"batch": "20260301", "made_on": "2026-3-1", "number": "001OP2612345", "maker": "靖安米业"},
                "有机茶油": {"made_on": "2026-5-6", "number": "001OP2612346"},
            },
        },
        {
            "1.1": "914403001922038216", "1.2": "宜春市袁州区工业园12号仓库", "1.3": "1", "1.4.sold": "2",
            "2.1": "“有机大米”“ORGANIC RICE”", "2.2": "001OP2612345", "2.3.valid_from": "2026-1-10",
            "2.3.valid_to": "2027-1-9", "2.3.status": "有效", "3.4": "12345678901234567 12345678901234568",
            "3.4.untrue": "0", "3.5.valid_from": "2026-1-10", "3.5.valid_to": "2027-1-9", "3.6.certified": "1000",
            "3.6.opening": "0", "3.6.sold": "600.5", "3.6.stock": "399.5", "5.1": "2", "6.3.sold": "12345.50",
        },
        {
            "2.2": ("OP2612345", "2.2", "不合有机产品认证证书编号的写法"),
            "2.3.valid_to": ("2026-8-11", "2.3", "2026-08-12 已过证书有效期"),
            "3.number": ("12345", "3.3", "不合有机产品认证证书编号的写法"),
            "3.4": ("12345678901234567 1234", "3.4", "2 个有机码中有 1 个不是 17 位数字，如 1234"),
            "3.5.suspended_from": ("2026-2-1", "3.5", "处于证书暂停期"),
            "3.6.sold": ("700", "3.6", "销售与结存合计 1099.5，超过可供数量 1000，多出 99.5"),
        },
    ),
    Kind.SH_BRAND: Story(
        {"4": {"噪声": {"promised": "不大于 55 dB(A)", "product": "A-1"}, "首次修复率": {"promised": "不低于 98%"}}},
        {
            "1.2": "2026-8-12", "1.5": "2026-7-1", "2.3.seen": "6", "2.3.outside": "0", "3.1": "8", "3.5.failed": "0",
            "3.6": "2", "4.1": "53 dB(A)", "6.1.last": "2026-3-3", "6.1.people": "2",
        },
        {"1.expires_on": ("2026-8-11", "1.2", "2026-08-12 已过证书有效期")},
    ),
    Kind.CB_SELF: Story(
        {
            "8": {
                "上高纺织厂": {"number": "03521Q11029R0S", "problem": "两年没有管理评审"},
                "樟树包装有限公司": {"number": "03521Q11030R0S", "region": "樟树市", "problem": "搬迁没有变更"},
            },
        },
        {
            "1.1.management_systems": "310", "1.1.ccc": "40", "1.2": "120", "1.3": "2", "1.4": "1", "1.5": "1",
            "1.6": "0", "1.7": "2", "1.8": "一家正在整改", "2.1": "1", "6.1.checked": "12", "9.4": "3",
            "9.3.due_on": "2026-8-31", "9.3.received_on": "2026-8-12",
        },
    ),
}  # fmt: skip


def begun(place: Workplace, kind: InspectionType) -> Visit:
    """A visit of a type to an organization with one certificate of no scheme of ours."""
    organization = new_id()
    with place.write("test.begun") as work:
        work.session.add_all(
            [
                Organization(id=organization, name="中衡认证中心有限公司", credit_code="914403001922038216",
                             code_state="ok", address="袁州区工业园 12 号", legal_representative="王伟"),
                Certificate(organization_id=organization, number="SHB2024001", scheme=Scheme.OTHER, product="吸尘器",
                            status=CertificateStatus.VALID, expires_on=date(2026, 12, 31),
                            issued_on=date(2024, 1, 1)),
                Person(id=new_id(), name="易晓燕", credential="赣C36090002"),
            ]
        )  # fmt: skip
        work.commit()
    started = inspecting.start(
        place, duties=DUTIES, organization_id=organization, inspection_type=kind,
        officers=("赣C36090001", "赣C36090002"),
    )  # fmt: skip
    return Visit(place, started.id)


def items(visit: Visit) -> list[ItemRow]:
    """Every item that is asked."""
    return [row for section in visit.sheet().sections for row in section.items]


def asked(visit: Visit) -> set[str]:
    """Sections, as the checklist names them, with at least one item that is asked."""
    return {split(section.id)[0] for section in visit.sheet().sections if section.items}


def enter(visit: Visit, name: str, text: str) -> None:
    """Enter a value under its name; of a repeated section, for every instance."""
    where = {"inspection_id": visit.id}
    for section in visit.sheet().sections:
        base, key = split(section.id)
        if key and section.instance and name in {f"{base}.{row.entry.id}" for row in section.instance.fields}:
            field = name.rpartition(".")[2]
            instances.set_field(visit.place, **where, key=key, field=field, value=text)
        for row in section.items:
            item = split(row.id)[0]
            if name == item or name in {f"{item}.{each.entry.id}" for each in row.measures}:
                measure = name[len(item) + 1 :]
                inspecting.set_value(visit.place, **where, item=row.id, value=text, measure=measure)


def hints(visit: Visit, item: str) -> list[HintRow]:
    """The hints beside an item, of every instance that has one."""
    return [row.hint for row in items(visit) if split(row.id)[0] == item and row.hint is not None]


def fill(visit: Visit, story: Story) -> None:
    """Add the instances, enter the values, answer what is asked as conforming, with its photos."""
    where = {"inspection_id": visit.id}
    for name, text in story.values.items():
        enter(visit, name, text)
    for section, named in story.instances.items():
        for name, fields in named.items():
            instances.add_instance(visit.place, **where, section=section, label=name, fields=fields)
    for name, text in story.values.items():
        enter(visit, name, text)
    while unanswered := [row for row in items(visit) if row.verdict is None]:
        for row in unanswered:
            inspecting.answer(visit.place, **where, item=row.id, verdict=YES)
            for number in range(row.photos_required):
                evidence.add_photo_bytes(visit.place, **where, data=jpeg(), file_name=f"{row.id}-{number}.jpg",
                                         link=evidence.Link(item=row.id))  # fmt: skip


def finish(visit: Visit) -> None:
    """Head, signatures, seal; nothing is missing before."""
    visit.fill_header()
    visit.sign_all()
    assert visit.sheet().missing == ()
    inspecting.finish(visit.place, inspection_id=visit.id)


def printed(pdf: bytes) -> str:
    """The words of a PDF without blanks."""
    with pypdfium2.PdfDocument(pdf) as paper:
        return "".join("".join(page.get_textpage().get_text_range() for page in paper).split())


@pytest.mark.parametrize("kind", STORIES)
def test_a_visit_is_computed_finished_and_printed(laptop: Workplace, kind: InspectionType) -> None:
    story, visit = STORIES[kind], begun(laptop, kind)
    fill(visit, story)
    for name, (value, item, said) in story.spoiled.items():
        before = hints(visit, item)
        assert before, item
        assert {hint.verdict for hint in before} == {YES}, before
        enter(visit, name, value)
        after = hints(visit, item)
        assert {(hint.verdict, hint.doubted) for hint in after} == {(NO, True)}, name
        assert all(said in hint.text for hint in after), after
        enter(visit, name, _fair(story, name))
    assert visit.sheet().doubts == ()
    finish(visit)
    assert visit.sheet().header.status is InspectionStatus.FINALISED
    text = printed(issuing.print_form(laptop, form="checklist", inspection_id=visit.id).pdf)
    for section in story.instances.values():
        for name in section:
            assert "".join(name.split()) in text, name


def _fair(story: Story, name: str) -> str:
    """What was there before a value was spoiled; nothing where there was nothing."""
    fields = [fields for named in story.instances.values() for fields in named.values()]
    first = next((each[name.partition(".")[2]] for each in fields if name.partition(".")[2] in each), "")
    usual = {"1.expires_on": "2026-12-31"}.get(name, first)
    return story.values.get(name, usual)


@pytest.mark.parametrize("kind", STORIES)
def test_every_computed_check_is_spoiled_once(kind: InspectionType) -> None:
    [found] = [each for each in catalog().values() if each.inspection_type is kind]
    computed = {item.id for item in found.items() if item.check is not None}
    per_person = {"3.4"} if kind is Kind.MS_WITNESS else set()
    assert {item for _, item, _ in STORIES[kind].spoiled.values()} == computed - per_person


def test_a_shorter_stay_of_one_member_shows_beside_that_member_alone(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.MS_WITNESS)
    for name, planned, present in (("周立强", "2", "2"), ("胡敏", "2", "0.5")):
        instances.add_instance(
            laptop, inspection_id=visit.id, section="3", label=name,
            fields={"planned": planned, "present": present},
        )  # fmt: skip
    assert [(hint.verdict, hint.text) for hint in hints(visit, "3.4")] == [
        (YES, "现场核实 2 人日，不少于计划 2 人日"),
        (NO, "现场核实 0.5 人日，比计划 2 人日少 1.5"),
    ]


def test_where_nobody_came_to_audit_nobody_is_asked_about(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.MS_WITNESS)
    assert asked(visit) == {"1", "2", "4", "6", "7"}
    inspecting.answer(laptop, inspection_id=visit.id, item="2.1", verdict=NO)
    enter(visit, "2.2.present", "0")
    assert asked(visit) == {"1", "2", "7"}
    assert "instances_missing" not in {each.code for each in visit.sheet().missing}
    # somebody came, though not as planned
    enter(visit, "2.2.present", "1")
    assert "instances_missing" in {each.code for each in visit.sheet().missing}


def test_an_audit_without_sign_in_and_one_from_afar(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.MS_WITNESS)
    inspecting.answer(laptop, inspection_id=visit.id, item="2.9", verdict=Verdict.NOT_APPLICABLE)
    enter(visit, "1.2.remote", "0.5")
    instances.add_instance(laptop, inspection_id=visit.id, section="3", label="周立强")
    assert asked(visit) == {"1", "2", "3", "5", "6", "7"}
    assert "3.5" not in {split(row.id)[0] for row in items(visit)}


def test_a_shop_without_pages_is_not_asked_about_platforms(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.ORGANIC_SALES)
    enter(visit, "1.3", "0")
    assert asked(visit) == {"1", "6"}
    enter(visit, "1.3", "3")
    assert asked(visit) == {"1", "4", "5", "6"}
    assert {each.subject for each in visit.sheet().missing if each.code == "instances_missing"} == {
        "抽查的链接"
    }
    assert [row.id for row in items(visit) if row.id.startswith("5.")] == ["5.1"]


def test_a_brand_certificate_of_the_registry_stands_there_from_the_start(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.SH_BRAND)
    section = visit.sheet().sections[0]
    assert section.instance is not None
    assert {row.entry.id: row.value for row in section.instance.fields} == {
        "number": "SHB2024001", "product": "吸尘器", "body_name": "", "issued_on": "2024-01-01",
        "expires_on": "2026-12-31", "status": "有效",
    }  # fmt: skip


def test_fewer_than_ten_of_the_staff_cannot_conform(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.MS_CB)
    enter(visit, "3.1", "9")
    inspecting.answer(laptop, inspection_id=visit.id, item="3.1", verdict=YES)
    assert ("measure_contradicts", "3.1") in {(each.code, each.item) for each in visit.sheet().missing}


# ---- what the tables count


def counted(place: Workplace, table: str) -> Table:
    """A table of the whole year."""
    year = {"period_from": date(2026, 1, 1), "period_to": date(2026, 12, 31)}
    return reporting.table(place, table=table, **year)


@pytest.mark.parametrize("table", ["ms-annex2", "zhejiang-annex1"])
def test_tables_name_items_that_are_asked(table: str) -> None:
    asked_of = {each.inspection_type: each for each in catalog().values()}
    found = load_tables()[0][table]
    only = found.inspection_types[0] if len(found.inspection_types) == 1 else Kind.MS_WITNESS
    for column in found.columns:
        for name in column.items:
            kind, _, item = name.rpartition("/")
            listing = asked_of[Kind(kind) if kind else only]
            whole = listing.item(item)
            if whole is None:
                base, _, measure = item.rpartition(".")
                whole = listing.item(base)
                assert whole is not None, name
                assert measure in {each.id for each in whole.measures}, name
            elif found.id == "zhejiang-annex1":
                assert whole.measure is not None, name


def test_a_self_inspection_is_a_line_of_its_table(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.CB_SELF)
    fill(visit, STORIES[Kind.CB_SELF])
    finish(visit)
    lines = reporting.table_document(counted(laptop, "zhejiang-annex1"))["rows"]
    assert isinstance(lines, dict)
    [line] = [each for key, each in lines.items() if key != "total"]
    assert line == {
        "name": "中衡认证中心有限公司", "certified_ms": 310, "certified_ccc": 40, "checked": 120,
        "with_problems": 2, "rectified": 1, "suspended": 1, "withdrawn": 0, "helped": 2,
        "remarks": "一家正在整改",
    }  # fmt: skip


def test_a_witness_check_counts_with_what_one_member_lacked(laptop: Workplace) -> None:
    visit = begun(laptop, Kind.MS_WITNESS)
    fill(visit, STORIES[Kind.MS_WITNESS])
    [late, _] = [row.id for row in items(visit) if split(row.id)[0] == "3.5"]
    inspecting.answer(laptop, inspection_id=visit.id, item=late, verdict=NO)
    inspecting.write_note(laptop, inspection_id=visit.id, item=late, note="午后才签到")
    finish(visit)
    rows = reporting.table_document(counted(laptop, "ms-annex2"))["rows"]
    assert isinstance(rows, dict)
    total = rows["total"]
    assert {key: total[key] for key in ("witnessed", "no_sign_in", "too_short", "off_plan")} == {
        "witnessed": 1, "no_sign_in": 1, "too_short": 0, "off_plan": 0,
    }  # fmt: skip
