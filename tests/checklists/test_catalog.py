"""The shipped checklists: complete, answerable, and resting on provisions that exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest

from app.checklists.checks import RULES
from app.checklists.loader import (
    catalog,
    catalog_on,
    checklist,
    checklist_bytes,
    load_catalog,
    load_checklist,
    shipped,
)
from app.checklists.rules import visible_items
from app.checklists.schema import Checklist
from app.errors import BadInput
from app.files import catalog as data_file
from app.law.library import Library, library
from app.law.provision import Document, Entry, provision_of
from app.vocabulary import Confidence, Disposition, InspectionType
from app.wording import sentence

FIRST = ("ccc-producer", "organic-org", "selenium-org", "ms-org")
"""What the first program shipped; what came later has tests of its own."""

CHECKLISTS = sorted((catalog()[name] for name in FIRST), key=lambda found: found.id)
ids = pytest.mark.parametrize("found", CHECKLISTS, ids=lambda found: found.id)
every = pytest.mark.parametrize("found", shipped(), ids=lambda found: f"{found.id}@{found.version}")


def test_all_load_without_a_problem_against_the_law_library():
    loaded, problems = load_catalog(known_provisions=library())
    assert problems == ()
    assert {found.id for found in loaded} >= set(FIRST)
    types = {found.id: found.inspection_type for found in loaded}
    assert types == {name: InspectionType(name.upper().replace("-", "_")) for name in types}


def test_a_file_has_the_name_of_its_checklist():
    for path in sorted(data_file("checklists", "catalog").glob("*.toml")):
        found, _ = load_checklist(path)
        assert found is not None
        newest = catalog()[found.id]
        assert path.stem == (found.id if found == newest else f"{found.id}@{found.version}")


SENT = {
    "ccc-producer": "38d175215664750dfe1c8ff4968e12665ab48a38a7a37222b40b8e03e30a3a87",
    "ms-org": "56d3b01ec6e8884632480051b7644dc1307574d5c3af1ca299db7aa80700da46",
    "organic-org": "d3b2ad379f7c6105c4b85b21ab8ab9973185e1675392d846e483ef8778b62eb9",
    "selenium-org": "914f60fa4af0968d7d022ed02d625b6804bb6528daf7f5682701e5881ee8e8e1",
}


@pytest.mark.parametrize("checklist_id", SENT)
def test_a_first_version_travels_in_the_bytes_that_the_first_program_sent(checklist_id):
    assert sha256(checklist_bytes(checklist(checklist_id, "2026-1"))).hexdigest() == SENT[checklist_id]


@pytest.mark.parametrize(
    "day, version",
    [(date(2026, 1, 1), "2026-1"), (date(2026, 7, 31), "2026-1"), (date(2026, 8, 1), "2026-2")],
)
def test_the_version_in_force_on_a_day(day, version):
    assert {catalog_on(day)[name].version for name in FIRST} == {version}
    assert catalog_on(date(2025, 12, 31)).keys() & set(FIRST) == set()


MENDED = {
    # What each version from 21 November 2026 asks beside the one before, and for which items it cites other law.
    "ccc-exemption": ("", "2.3 2.6 2.7 2.10 2.19 3.1 4.2"),
    "ccc-lab": ("", "5.3"),
    "ms-cb": ("4.16 4.17", "1.6 2.4 3.5 5.4 6.1 6.2 6.5"),
    "ms-org": ("3.6", ""),
    "ms-witness": ("7.5", ""),
    "organic-sales": ("", "2.1"),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_mended_version_stands_beside_the_one_before_from_its_day(name):
    before, now = catalog_on(date(2026, 11, 20))[name], catalog_on(date(2026, 11, 21))[name]
    assert before != now
    former = {item.id: item for item in before.items()}
    further = [item.id for item in now.items() if item.id not in former]
    cited = [item.id for item in now.items() if item.id in former and item != former[item.id]]
    assert (" ".join(further), " ".join(cited)) == MENDED[name]
    for item in cited:
        assert replace(now.item(item), references=()) == replace(former[item], references=()), item


def test_the_named_causes_of_penalties_are_asked_about():
    assert "第一阶段" in catalog()["ms-cb"].item("4.16").text
    for name, item in (("ms-cb", "4.17"), ("ms-witness", "7.5"), ("ms-org", "3.6")):
        assert "再认证" in catalog()[name].item(item).text


@pytest.mark.parametrize("name", FIRST)
def test_a_new_version_keeps_the_numbers_of_the_items_before(name):
    former = {item.id: item.text for item in checklist(name, "2026-1").items()}
    now = {item.id: item.text for item in checklist(name, "2026-2").items()}
    assert former.items() <= now.items()


def test_what_computes_in_the_new_versions():
    rules = {
        (name, item.id): item.check.rule
        for name in FIRST
        for item in catalog()[name].items()
        if item.check is not None
    }
    assert rules == {
        ("ccc-producer", "10.1"): "certificate_valid_on",
        ("ccc-producer", "10.2"): "ccc_number_shape",
        ("organic-org", "5.4"): "balance",
        ("organic-org", "8.1"): "certificate_valid_on",
        ("organic-org", "8.2"): "organic_certificate_shape",
        ("organic-org", "8.3"): "organic_code_shape",
        ("selenium-org", "5.3"): "balance",
        ("ms-org", "2.4"): "audit_person_days",
    }


@ids
def test_every_item_can_be_worked_with(found):
    items = list(found.items())
    assert 25 <= sum(len(section.items) for section in found.sections if section.repeat is None) <= 40
    later = {"ms-org": ("2026-3", date(2026, 11, 21))}
    since = later.get(found.id, ("2026-2", date(2026, 8, 1)))
    assert (found.version, found.effective_from) == since
    for item in items:
        assert item.text.strip()
        assert item.how.strip()
        assert item.evidence.strip()
        assert item.references, item.id
        assert item.dispositions, item.id


def last_day(found: Checklist) -> date:
    """The last day of a version: the one before the next version, or no end."""
    later = [each.effective_from for each in shipped() if each.id == found.id]
    following = [day for day in later if day > found.effective_from]
    return min(following) - timedelta(1) if following else date.max


def not_in_force(found: Checklist, law: Library, until: date) -> list[str]:
    """What a checklist cites that is unknown, not made public yet when it begins, or repealed before it ends."""
    cited = {each for item in found.items() for each in (*item.references, *item.penalty_references)}
    days = (found.effective_from, until)
    return sorted(each for each in cited if not all(law.in_force(each, day) for day in days))


@every
def test_every_cited_provision_is_in_force_on_every_day_of_the_checklist_and_can_be_written_out(found):
    assert not_in_force(found, library(), last_day(found)) == []
    for item in found.items():
        assert item.references, item.id
        for reference in (*item.references, *item.penalty_references):
            assert library().cite(reference).startswith("《")


CITING = """
id = "trial"
version = "2026-8"
title = "试用"
inspection_type = "CCC_PRODUCER"
effective_from = 2026-08-01
source = "自拟"

[[sections]]
id = "1"
title = "部分"

[[sections.items]]
id = "1.1"
text = "问"
how = "看"
evidence = "证"
basis = "proposal"
default_severity = "minor"
references = ["{reference}"]
"""


@pytest.mark.parametrize(
    "reference, until, caught",
    [
        ("lab-supervision-2025/15", date.max, False),
        ("lab-supervision-2025/15(2)", date.max, False),
        # repealed before the checklist begins
        ("lab-supervision-2021/14", date.max, True),
        ("accreditation-regulation-2020/67", date(2026, 12, 31), True),
        # an article that the document does not have
        ("lab-supervision-2025/99", date.max, True),
        ("nowhere/1", date.max, True),
    ],
)
def test_a_checklist_that_cites_what_is_not_in_force_is_caught(reference, until, caught):
    found, problems = load_checklist(CITING.format(reference=reference).encode())
    assert (found is not None, problems) == (True, ())
    assert not_in_force(found, library(), until) == ([reference] if caught else [])


@pytest.mark.parametrize(
    "dates, caught",
    [
        ({"effective_from": date(2026, 8, 1)}, False),
        ({"effective_from": date(2026, 8, 2)}, True),
        ({"adopted": date(2026, 8, 2)}, True),
        ({"effective_from": date(2020, 1, 1), "effective_to": date(2026, 12, 31)}, False),
        ({"effective_from": date(2020, 1, 1), "effective_to": date(2026, 12, 30)}, True),
    ],
)
def test_a_version_that_begins_too_late_or_ends_too_early_is_caught(dates, caught):
    found, _ = load_checklist(CITING.format(reference="rules/5").encode())
    entry = Entry("rules", "应当如实记录", Confidence.VERIFIED, article="5")
    law = Library([provision_of(entry, Document("某规定", "某规定", "", "", "", **dates))])
    assert bool(not_in_force(found, law, date(2026, 12, 31))) is caught


def test_every_rule_that_computes_is_used_but_the_one_that_no_checklist_can_ask_for():
    used = {item.check.rule for found in shipped() for item in found.items() if item.check is not None}
    assert RULES.keys() - used == {"working_days_within"}
    # Every limit in working days binds the office itself (leads, seized goods, hearings, publication) and runs
    # after the visit, in 到期; none says by when somebody inspected must have done something.
    bound = {
        basis.partition("/")[0]
        for limit in library().limits()
        if limit.unit == "working_days"
        for basis in limit.basis
    }
    assert bound == {"penalty-procedure-2022", "penalty-disclosure-rules"}


@every
def test_every_question_of_every_checklist_says_what_how_and_by_what(found):
    items = list(found.items())
    texts = [item.text for item in items]
    assert len(items) >= 25
    assert len(set(texts)) == len(texts)
    assert all(item.how.strip() and item.evidence.strip() and item.dispositions for item in items)


@every
def test_every_measured_value_has_a_name(found):
    for item in found.items():
        for each in (item.measure, *item.measures):
            assert each is None or each.label.strip(), item.id


@ids
def test_items_are_numbered_within_their_section(found):
    for section in found.sections:
        assert [item.id for item in section.items] == [
            f"{section.id}.{n}" for n in range(1, len(section.items) + 1)
        ]


@ids
def test_most_items_are_asked_before_anything_is_known(found):
    asked = visible_items(found, {}, {})
    assert len(asked) >= 20


@every
def test_a_checklist_travels_unchanged(found):
    sent = checklist_bytes(found)
    received, problems = load_checklist(sent, library())
    assert (received, problems) == (found, ())
    assert received is not None
    assert checklist_bytes(received) == sent


POINTS = {
    "ccc-producer": (
        "自我声明 型号规格 未出厂、未销售、未使用 OEM/ODM 营业执照 变更备案 命名方式 减少型号 关键元器件 扩展 "
        "标志使用管理制度 存档 包装上的标注 暂停期间 型式试验样品 伪造 冒用 出租、出借 买卖、转让 届满前 台账 "
        "型式试验报告 生产记录 销售记录 车间 成品库 认证机构的其他违法违规 钢化玻璃 档案已建立 风险等级 告诫"
    ),
    "organic-org": (
        "基地环境 缓冲带 土壤 灌溉水 采购记录 使用记录 库房实物 农事记录 平行生产 收获 加工 仓储 销售台账 产量 "
        "销售证 有机码 转换期 有效期 超期 超范围 最小销售包装 禁用物质 中国食品农产品认证信息系统 产品检测 档案 "
        "风险类别 化肥 认证委托人 面积 ORGANIC"
    ),
    "selenium-org": "证书状态 备案 硒含量检测报告 标签标示 外源硒 标志 广告用语 产地 产量 销量 底数 档案 联系方式",
    "ms-org": (
        "证书编号 范围 地址 有效期 状态 cx.cnca.cn 行政许可 CCC 上报计划 审核组 人日 首次会议 末次会议 关键过程 "
        "全部场所 签到 不符合项 付款 内部审核 管理评审 12 个月 停产 搬迁 宣传产品通过认证 超出认证范围 过期 微信 "
        "专业范围 冒名顶替 认证决定 档案 批准范围 远程审核 及时、准确 现场审核时间"
    ),
}


@pytest.mark.parametrize("checklist_id", sorted(POINTS))
def test_the_focus_points_of_the_notices_and_forms_are_all_asked(checklist_id):
    asked = " ".join(f"{item.text} {item.how}" for item in catalog()[checklist_id].items())
    assert [point for point in POINTS[checklist_id].split() if point not in asked] == []


def test_an_uncertified_product_that_never_left_is_admonished_not_fined():
    admonished = catalog()["ccc-producer"].item("1.4")
    assert admonished is not None
    assert admonished.dispositions == (Disposition.ADMONITION,)
    assert library().cite(admonished.references[0]).endswith("第三十七条第二款")


def test_selenium_content_is_recorded_without_invented_limits():
    measures = [item.measure for item in catalog()["selenium-org"].items() if item.measure]
    assert {m.unit for m in measures} >= {"mg/kg"}
    assert all(m.minimum is None and m.maximum is None for m in measures)


@pytest.mark.parametrize("item_id", ["2.1", "2.15", "2.16"])
def test_what_bodies_did_goes_to_the_superior_office(item_id):
    item = catalog()["ms-org"].item(item_id)
    assert item is not None
    assert Disposition.REFER_SUPERIOR in item.dispositions


def test_one_version_by_name():
    assert checklist("ms-org", "2026-3") is catalog()["ms-org"]
    assert checklist("ms-org", "2026-2") is catalog_on(date(2026, 11, 20))["ms-org"]
    assert checklist("ms-org", "2026-1") is catalog_on(date(2026, 7, 31))["ms-org"]
    with pytest.raises(BadInput) as caught:
        checklist("ms-org", "1999-1")
    assert "1999-1" in sentence(caught.value).message


def test_a_newer_version_beside_an_older_one(tmp_path):
    shipped = checklist_bytes(catalog()["ms-org"]).decode()
    older = shipped.replace("2026-3", "2025-1").replace("2026-11-21", "2025-01-01")
    (tmp_path / "a.toml").write_text(shipped, "utf8")
    (tmp_path / "b.toml").write_text(older, "utf8")
    loaded, problems = load_catalog(tmp_path)
    assert problems == ()
    assert [found.version for found in loaded] == ["2025-1", "2026-3"]
