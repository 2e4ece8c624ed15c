"""The commands on real homes: what they take in, write out and say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app import bootstrap
from app.files import resource
from tests.cli.conftest import PASSPHRASE
from tests.statistics.small_year import small_year

EXAMPLES = resource("examples")
HEADINGS = "企业名称,统一社会信用代码,所在地区,地址"
GOOD = "宜春华鑫电器有限公司,91000000ABCDEFGHIJ,袁州区,城南镇 1 号"


def registry_csv(folder: Path, *rows: str) -> Path:
    path = folder / "企业名单.csv"
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", "utf8")
    return path


def test_init_makes_a_home_once(console, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CHAYAN_PASSPHRASE", "correct horse battery")
    arguments = (
        "init",
        "--role",
        "inspector",
        "--office",
        "袁州区局",
        "--name",
        "彭建华",
        "--credential",
        "赣C1",
    )
    first = console(*arguments, "--home", tmp_path / "张三", "--json")
    again = console(*arguments, "--home", tmp_path / "张三", "--json")
    assert first.code == 0
    assert {"device", "fingerprint"} <= first.document.keys()
    assert (again.code, again.document["problems"][0]["code"]) == (4, "vault.exists")


def test_an_inspector_needs_a_credential(console, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("CHAYAN_PASSPHRASE", "correct horse battery")
    said = console(
        "init", "--role", "inspector", "--office", "局", "--name", "名", "--home", tmp_path / "h", "--json"
    )
    assert (said.code, said.document["problems"][0]["code"]) == (3, "home.no_credential")


def test_good_rows_go_in_and_bad_ones_are_listed(console, office_home, tmp_path) -> None:
    path = registry_csv(tmp_path, GOOD, ",,袁州区,无名企业的地址")
    said = console("registry", "import", path, "--json")
    assert said.code == 3
    assert said.document["organizations"] == {"added": 1, "updated": 0, "unchanged": 0}
    bad = [each for each in said.document["problems"] if not each["taken"]]
    assert [(each["where"]["file"], each["where"]["row"]) for each in bad] == [("企业名单.csv", 3)]
    again = console("registry", "import", path, "--json")
    assert again.document["organizations"] == {"added": 0, "updated": 0, "unchanged": 1}


def test_a_file_of_no_known_layout_does_not_stop_the_others(console, office_home, tmp_path) -> None:
    unknown = tmp_path / "notes.csv"
    unknown.write_text("a,b\n1,2\n", "utf8")
    said = console("registry", "import", unknown, registry_csv(tmp_path, GOOD), "--json")
    assert said.code == 3
    assert said.document["organizations"]["added"] == 1
    assert "intake.unrecognised" in [each["code"] for each in said.document["problems"]]


def test_a_dry_run_writes_nothing(console, office_home, tmp_path) -> None:
    said = console("registry", "import", registry_csv(tmp_path, GOOD), "--dry-run", "--json")
    assert said.document["organizations"]["added"] == 1
    assert console("registry", "list", "--json").document["total"] == 0


def test_the_registry_is_listed_shown_and_exported(console, office_home, tmp_path) -> None:
    console("registry", "import", EXAMPLES / "registry" / "ccc-certificates.xlsx")
    listed = console("registry", "list", "--query", "玩具", "--limit", "2", "--json").document
    assert listed["total"] > len(listed["organizations"]) == 2
    organization = listed["organizations"][0]["id"]
    shown = console("registry", "show", organization, "--json").document
    assert shown["row"]["id"] == organization
    assert shown["certificates"]
    exported = console("registry", "export", tmp_path / "out.xlsx", "--json").document
    page = load_workbook(tmp_path / "out.xlsx").active
    assert page.max_row == exported["rows"] + 1


def test_an_unknown_organization_is_a_problem(console, office_home) -> None:
    assert console("registry", "show", "nowhere", "--json").code == 3


def prepared(console) -> tuple[str, str]:
    """The sample registry, people and plan; the plan and its first task (CCC)."""
    console("registry", "import", EXAMPLES / "registry" / "ccc-certificates.xlsx")
    console("people", "import", EXAMPLES / "people.xlsx")
    plan = console("plan", "import", EXAMPLES / "plan.xlsx", "--json").document["plan"]
    tasks = console("plan", "progress", plan, "--json").document["tasks"]
    return plan, next(task["task"] for task in tasks if task["inspection_type"] == "CCC_PRODUCER")


def test_plans_say_required_done_remaining_and_both_deadlines(console, office_home) -> None:
    plan, task = prepared(console)
    tasks = {row["task"]: row for row in console("plan", "progress", "--json").document["tasks"]}
    row = tasks[task]
    assert (row["required"], row["done"], row["remaining"]) == (12, 0, 12)
    assert (row["deadline"], row["superior_deadline"]) == ("2026-08-19", "2026-08-31")
    assert [each["id"] for each in console("plan", "list", "--json").document["plans"]] == [plan]


def test_targets_go_to_a_laptop_and_its_answer_comes_back(
    console, office_home, laptop_home, tmp_path
) -> None:
    plan, task = prepared(console)
    asked = console("device", "request", tmp_path / "laptop.cyreq", "--home", laptop_home, "--json").document
    enrolled = console("device", "enrol", tmp_path / "laptop.cyreq", "--json").document
    accepted = console("device", "accept", enrolled["file"], "--home", laptop_home, "--json").document
    assert asked["fingerprint"] == enrolled["fingerprint"] == accepted["fingerprint"]

    team = ("--officer", "赣C36090001", "--officer", "赣C36090002", "--device", asked["device"])
    assigned = console("assign", plan, task, *team, "--count", "3", "--json").document
    assert (len(assigned["assignments"]), assigned["skipped"]) == (3, [])
    assert console("status", "--json").document["unexported"]["records"] == 3

    exported = console("package", "export", tmp_path, "--to", asked["device"], "--json")
    assert exported.code == 0
    assert exported.document["records"] > 3
    package = exported.document["file"]
    described = console("package", "inspect", package, "--home", laptop_home, "--json").document
    assert described["signature"] == "good"
    taken = console("package", "import", package, "--home", laptop_home, "--json")
    (fate,) = taken.document["packages"]
    assert taken.code == 0
    assert {"accepted", "already", "held", "merged", "conflicts", "refused", "receipt"} <= fate.keys()
    assert (fate["accepted"], fate["refused"]) == (exported.document["records"], 0)
    assert console("status", "--home", laptop_home, "--json").document["counts"]["assignments"] == 3
    assert Path(fate["receipt"]).is_file()


def test_one_bad_package_does_not_stop_the_others(console, office_home, tmp_path) -> None:
    (tmp_path / "broken.cyb").write_bytes(b"no package")
    said = console("package", "import", tmp_path, "--json")
    assert said.code == 3
    assert [Path(each["file"]).name for each in said.document["packages"]] == ["broken.cyb"]
    assert said.document["problems"]


def test_an_assignment_needs_two_officers(console, office_home) -> None:
    plan, task = prepared(console)
    said = console("assign", plan, task, "--officer", "赣C36090001", "--device", "x", "--json")
    assert (said.code, said.document["problems"][0]["code"]) == (3, "assigning.too_few_officers")


def test_a_device_is_revoked(console, office_home, laptop_home, tmp_path) -> None:
    console("device", "request", tmp_path / "l.cyreq", "--home", laptop_home)
    device = console("device", "enrol", tmp_path / "l.cyreq", "--json").document["device"]
    assert console("device", "revoke", device).code == 0
    rows = {row["device_id"]: row for row in console("device", "list", "--json").document["devices"]}
    assert rows[device]["revoked_at"] is not None


@pytest.mark.parametrize("form", ["inspection-record", "checklist", "rectification-order"])
def test_blank_forms_are_printed_without_a_home(console, tmp_path, form) -> None:
    said = console("form", "print", "--blank", "--form", form, "-o", tmp_path / "blank.pdf", "--json")
    assert said.code == 0
    assert said.document["pages"] >= 1
    assert (tmp_path / "blank.pdf").read_bytes().startswith(b"%PDF")


def test_a_table_is_shown_exported_and_explained(console, office_home, tmp_path) -> None:
    prepared(console)
    period = ("--from", "2026-01-01", "--to", date(2026, 11, 20))
    shown = console("statistics", "show", "ccc-annex1", *period, "--unit", "宜春市局", "--json").document
    assert (shown["from"], shown["to"], shown["unit"]) == ("2026-01-01", "2026-11-20", "宜春市局")
    certified = shown["rows"]["total"]["certified"]
    assert {"checks", "rows"} <= shown.keys()
    explained = console(
        "statistics", "explain", "ccc-annex1", "total", "certified", *period, "--json"
    ).document
    assert len(explained["records"]) == certified > 0
    out = tmp_path / "附件1.xlsx"
    assert console("statistics", "export", "ccc-annex1", *period, "-o", out, "--json").code == 0
    assert load_workbook(out).active.merged_cells.ranges
    pages = tmp_path / "附件1.PDF"
    said = console("statistics", "export", "ccc-annex1", *period, "-o", pages, "--json").document
    other = tmp_path / "附件1.docx"
    assert console("statistics", "export", "ccc-annex1", *period, "-o", other).code == 2
    assert not other.exists()
    assert (said["pages"], said["rows"], said["draft"]) == (1, shown["rows"], False)
    assert pages.read_bytes().startswith(b"%PDF")


def test_money_behind_a_cell_is_told_in_yuan(console, office_home) -> None:
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        small_year().write(place)
    period = ("--from", "2026-01-01", "--to", "2026-07-31")
    told = console("statistics", "explain", "ccc-annex1", "fire", "penalties", *period)
    assert "12345.40 元" in told.out
    behind = ("statistics", "explain", "ccc-annex1", "fire")
    told = console(*behind, "penalties", *period, "--json").document
    assert (told["amount_unit"], told["records"][0]["amount"]) == ("分", 1_234_540)
    assert console(*behind, "officers", *period, "--json").document["amount_unit"] == ""
    assert "元" not in console(*behind, "officers", *period).out


def test_money_in_a_table_is_told_in_wan_as_the_screen_does(console, office_home) -> None:
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        small_year().write(place)
    told = console("statistics", "show", "ccc-annex1", "--from", "2026-01-01", "--to", "2026-07-31").out
    money = [line.split()[-2:] for line in told.splitlines() if line.endswith("(万元)")]
    # 12,345.40 yuan of fire products; most rows have none.
    assert ["1.23", "(万元)"] in money
    assert ["0", "(万元)"] in money
    assert not any(amount.startswith("0.0") for amount, _ in money)


def test_a_file_that_is_no_document_is_not_loaded(console, office_home, tmp_path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"record": "nothing"}', "utf8")
    said = console("inspection", "load", path, "--json")
    assert said.code == 3
    assert said.document["loaded"] == []


def test_damage_is_exit_4(console, office_home) -> None:
    folder = office_home / "evidence" / "ab"
    folder.mkdir(parents=True)
    (folder / ("ab" * 32)).write_bytes(b"no evidence")
    said = console("verify", "--json")
    assert said.code == 4
    assert said.document["ok"] is False
    assert "upkeep.evidence_damaged" in [each["code"] for each in said.document["findings"]]


def test_an_examination_is_put_on_paper(console, office_home, tmp_path) -> None:
    said = console("verify", "--print", tmp_path / "体检.pdf", "--json")
    assert (said.code, said.document["ok"]) == (0, True)
    assert said.document["paper"] == str(tmp_path / "体检.pdf")
    assert (tmp_path / "体检.pdf").read_bytes().startswith(b"%PDF")


def test_law_is_listed_by_day_and_supplemented(console, office_home, tmp_path) -> None:
    path = tmp_path / "补充.toml"
    path.write_text(
        '[supplement]\nid = "jx"\nversion = "1"\ntitle = "江西补充"\neffective_from = 2026-06-01\n'
        '[[provisions]]\ndocument = "ccc-rules-2022"\narticle = "54"\nduty = "新的说法"\nconfidence = "verified"\n',
        "utf8",
    )
    done = console("law", "import", path, "--json")
    assert done.code == 0
    assert done.document == {"supplement": "jx@1", "added": [], "replaced": ["ccc-rules-2022/54"]}
    for day, expected in (("2026-05-31", 0), ("2026-06-01", 1)):
        listed = console("law", "list", "--on", day, "--query", "新的说法", "--json").document
        assert len(listed["provisions"]) == expected
    assert listed["provisions"][0]["citation"].startswith("《强制性产品认证管理规定》")
    assert (listed["provisions"][0]["standing"], listed["provisions"][0]["penalty_max_fen"]) == (
        "not_known",
        None,
    )
    path.write_text("[supplement]", "utf8")
    refused = console("law", "import", path, "--json")
    assert refused.code == 3
    assert [each["code"] for each in refused.document["problems"]] == ["law.no_head"]


def test_the_law_of_an_older_day_is_told_with_its_penalty(console, office_home) -> None:
    listed = console("law", "list", "--on", "2024-06-01").out
    assert "lab-supervision-2021/26" in listed
    assert "罚款均不超过 3 万元" in listed
    assert "lab-supervision-2025/27" not in listed
    assert "lab-supervision-2025/27" in console("law", "list", "--on", "2024-06-01", "--all").out
    shown = console("law", "show", "lab-supervision-2025/27", "--on", "2024-06-01")
    assert [line[:2] for line in shown.out.splitlines() if "不适用" not in line and "适用" in line] == [
        "适用"
    ]
    assert "罚款：0 元至 30000 元" in shown.out
    assert "已失效" not in shown.out
    goods = console("law", "show", "accreditation-regulation-2023/66").out
    assert "50000 元至 200000 元；货值不足 10000 元的不超过货值 2 倍" in goods
    unknown = console("law", "show", "nowhere/1")
    assert unknown.code == 3
    assert "law list" in unknown.err


def test_checklists_are_listed_by_day_and_take_points(console, office_home, tmp_path) -> None:
    def versions(day: str) -> set[str]:
        listed = console("checklist", "list", "--on", day, "--json").document["checklists"]
        return {each["version"] for each in listed if each["id"] == "ms-org"}

    assert versions("2026-07-31") == {"2026-1"}
    assert versions("2026-08-01") == {"2026-1", "2026-2"}
    path = tmp_path / "分值.csv"
    path.write_text("条目,分值,规则\n1.1,5,\n2.4,10,少半天扣五分\n", "utf8")
    done = console("checklist", "score", path, "--checklist", "ms-org", "--version", "2026-2", "--json")
    assert (done.code, done.document["items"]) == (0, 2)
    listed = console("checklist", "list", "--on", "2026-08-01", "--json").document["checklists"]
    assert [each["version"] for each in listed if each["scored"]] == ["2026-2"]
    path.write_text("条目,分值,规则\n1.1,5,\n99,1,\n", "utf8")
    part = console("checklist", "score", path, "--checklist", "ms-org", "--version", "2026-2", "--json")
    assert part.code == 3
    assert [each["where"]["row"] for each in part.document["problems"]] == [3, None]


def test_a_table_is_sent_once_and_supplemented_when_data_change(console, office_home, tmp_path) -> None:
    period = ("--from", "2026-01-01", "--to", "2026-12-31")
    assert console("registry", "import", registry_csv(tmp_path, GOOD), "--json").code == 0
    sent = console("statistics", "send", "ccc-annex1", *period, "--json")
    assert sent.code == 0
    key = sent.document["sent"]["id"]
    again = console("statistics", "send", "ccc-annex1", *period, "--json")
    assert (again.code, again.document["problems"][0]["code"]) == (3, "statistics.already_sent")
    assert [each["id"] for each in console("statistics", "sent", "--json").document["sent"]] == [key]
    assert console("statistics", "changes", key, "--json").document["changes"] == []
    nothing = console("statistics", "supplement", key, "--json")
    assert (nothing.code, nothing.document["problems"][0]["code"]) == (3, "statistics.nothing_changed")
    # the first certificates of the registry: what was not reported becomes a number
    prepared(console)
    told = console("statistics", "changes", key, "--json").document["changes"]
    assert {(each["row"], each["column"]) for each in told} >= {
        ("total", "certified"),
        ("total", "dossiers_due"),
    }
    made = console("statistics", "supplement", key, "--json")
    assert (made.code, made.document["sent"]["sequence"]) == (0, 1)
    assert made.document["changes"] == told
    out = tmp_path / "补报.xlsx"
    supplement = made.document["sent"]["id"]
    assert console("statistics", "export-sent", supplement, "-o", out, "--json").code == 0
    assert load_workbook(out).sheetnames[1] == "补报说明"
    pages = tmp_path / "补报.pdf"
    said = console("statistics", "export-sent", supplement, "-o", pages, "--json").document
    assert (said["pages"] > 1, said["sent"]["sequence"]) == (True, 1)
    assert pages.read_bytes().startswith(b"%PDF")


def test_a_layout_goes_out_and_comes_in_as_the_next_version(console, office_home, tmp_path) -> None:
    out = tmp_path / "附件4.xlsx"
    assert console("statistics", "export-layout", "selenium-annex4", "-o", out, "--json").code == 0
    taken = console("statistics", "import-layout", out, "--json")
    assert (taken.code, taken.document["version"]) == (0, 2)
    book = load_workbook(out)
    book["列"]["F2"].value = "guesses"
    book["列"]["A1"].value = "编码"
    book.save(out)
    refused = console("statistics", "import-layout", out, "--json")
    assert (refused.code, refused.document["taken"]) == (3, False)
    assert refused.document["problems"][0]["where"]["sheet"] == "列"
