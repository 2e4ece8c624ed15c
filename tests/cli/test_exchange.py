"""Two homes at the command line that disagree: shown, decided with a reason, told by exit codes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app import bootstrap
from app.clock import LOCAL
from app.services.merging import import_packages
from app.vocabulary import InspectionStatus
from tests.cli.conftest import PASSPHRASE
from tests.services.parcels import VISIT, edit, introduce, make_task, make_visit, send


@pytest.fixture
def disputed(office_home: Path, laptop_home: Path, tmp_path: Path) -> Path:
    """The office and a laptop wrote different values to two fields."""
    with (
        bootstrap.open_home(office_home, PASSPHRASE) as office,
        bootstrap.open_home(laptop_home, PASSPHRASE) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        make_task(office, laptop.device_id)
        make_visit(laptop)
        import_packages(office, paths=[send(laptop, tmp_path)])
        for place, word in ((office, "三号车间"), (laptop, "二号车间")):
            edit(place, "place", word)
            edit(place, "opinion", word)
        import_packages(office, paths=[send(laptop, tmp_path)])
    return office_home


def test_a_conflict_is_shown_decided_and_reopened(console, disputed) -> None:
    assert console("conflict", "list", "--json").code == 5
    shown = console("conflict", "show", VISIT, "--json")
    assert shown.code == 5
    (place,) = [field for field in shown.document["conflict"] if field["path"] == "place"]
    assert place["former"] == "一号车间"
    assert {"value", "author", "credential", "device", "made_at", "ours"} <= place["values"][0].keys()
    told = console("conflict", "show", VISIT).out
    assert "一号车间" in told
    assert "检查地点" in told, "a field is called as people call it, beside the path that --path takes"

    vague = console("conflict", "resolve", VISIT, "--take", "ours", "--reason", "核对", "--json")
    assert (vague.code, vague.document["problems"][0]["code"]) == (3, "resolving.which_path")
    resolve = ("conflict", "resolve", VISIT, "--path")
    silent = console(*resolve, "place", "--take", "ours", "--reason", " ", "--json")
    assert (silent.code, silent.document["problems"][0]["code"]) == (3, "resolving.no_reason")
    assert console("conflict", "resolve", VISIT, "--take", "ours").code == 2

    first = console(*resolve, "place", "--take", "四号车间", "--reason", "照片", "--json")
    assert (first.code, first.document["value"], first.document["open"]) == (5, "四号车间", ["opinion"])
    last = console("conflict", "resolve", VISIT, "--take", "theirs", "--reason", "在场", "--json")
    assert (last.code, last.document["path"], last.document["value"]) == (0, "opinion", "二号车间")
    decided = console("conflict", "show", VISIT, "--json")
    assert decided.code == 0
    assert [each["reason"] for each in decided.document["decisions"]] == ["照片", "在场"]
    assert "照片" in console("conflict", "show", VISIT).out

    again = console("conflict", "reopen", VISIT, "--path", "place", "--reason", "新证据", "--json")
    assert again.code == 5
    assert console("conflict", "list", "--json").code == 5


def test_conflicts_are_counted_and_told_in_the_time_of_the_place(console, disputed) -> None:
    assert "1 条记录有冲突，共 2 处" in console("conflict", "list").out
    assert "有冲突的记录 1 条" in console("status").out
    (place,) = [
        field
        for field in console("conflict", "show", VISIT, "--json").document["conflict"]
        if field["path"] == "place"
    ]
    told = console("conflict", "show", VISIT).out
    for value in place["values"]:
        at = datetime.fromisoformat(value["made_at"]).astimezone(LOCAL)
        assert f"{at:%Y-%m-%d %H:%M:%S}" in told
        assert value["made_at"] not in told
    console("conflict", "resolve", VISIT, "--path", "place", "--take", "ours", "--reason", "照片")
    (decision,) = console("conflict", "show", VISIT, "--json").document["decisions"]
    at = datetime.fromisoformat(decision["made_at"]).astimezone(LOCAL)
    assert f"{at:%Y-%m-%d %H:%M:%S}" in console("conflict", "show", VISIT).out


def test_an_export_over_a_file_is_refused(console, laptop_home, tmp_path) -> None:
    report = tmp_path / "report.docx"
    report.write_bytes(b"somebody's work")
    done = console("package", "export", report, "--home", laptop_home, "--json")
    assert (done.code, done.document["problems"][0]["code"]) == (3, "sync.target_exists")
    assert report.read_bytes() == b"somebody's work"


def test_receipts_are_taken_in_and_listed(console, office_home, laptop_home, tmp_path) -> None:
    with (
        bootstrap.open_home(office_home, PASSPHRASE) as office,
        bootstrap.open_home(laptop_home, PASSPHRASE) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        make_visit(laptop)
        device = laptop.device_id
    at_laptop = ("--home", laptop_home, "--json")
    exported = console("package", "export", tmp_path, *at_laptop).document
    sent = console("package", "receipts", *at_laptop)
    assert (sent.code, [row["mark"] for row in sent.document["receipts"]]) == (0, ["sent"])
    (done,) = console("package", "import", exported["file"], "--json").document["packages"]
    taken = console("package", "import", done["receipt"], *at_laptop)
    assert (taken.code, taken.document["packages"][0]["answered"]) == (0, 1)
    assert [row["mark"] for row in console("package", "receipts", *at_laptop).document["receipts"]] == [
        "confirmed"
    ]
    assert "已收到" in console("package", "receipts", "--home", laptop_home).out

    late = console("package", "export", tmp_path, "--whole", *at_laptop).document["file"]
    revoked = console("device", "revoke", device, "--json")
    assert (revoked.code, revoked.document["doubtful"]) == (0, [])
    under_review = console("package", "import", late, "--json")
    assert under_review.code == 3
    assert under_review.document["packages"][0]["problem"]["code"] == "sync.under_review"
    assert console("package", "import", late, "--admit", device, "--json").code == 0
    earlier = console("device", "revoke", device, "--since", "2020-01-01", "--json")
    assert (earlier.code, len(earlier.document["doubtful"])) == (5, 1)


def test_what_waits_is_listed_with_the_missing_package(console, office_home, laptop_home, tmp_path) -> None:
    with (
        bootstrap.open_home(office_home, PASSPHRASE) as office,
        bootstrap.open_home(laptop_home, PASSPHRASE) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        make_visit(laptop)
        first = send(laptop, tmp_path)
        edit(laptop, "opinion", "补充")
        second = send(laptop, tmp_path)
    assert console("package", "held", "--json").document == {"held": []}
    taken = console("package", "import", second, "--json")
    (record,) = taken.document["packages"][0]["records"]
    assert (taken.code, record["problem"]["code"]) == (5, "sync.waiting_package")
    assert "彭建华 1" in record["problem"]["message"]
    assert "没有收到的包：彭建华 1" in console("package", "import", second).out
    listed = console("package", "held", "--json")
    (row,) = listed.document["held"]
    assert (listed.code, row["record_id"], row["lost"][0]["numbers"]) == (5, VISIT, [1])
    assert "彭建华 1" in row["problem"]["message"]
    assert "没有收到的包：彭建华 1" in console("package", "held").out
    assert console("package", "import", first, "--json").code == 0
    assert console("package", "held", "--json").code == 0


def test_one_package_goes_to_several_devices(console, office_home, laptop_home, tmp_path) -> None:
    """A laptop hands in an unfinished visit and gives it to whoever else is named."""
    with (
        bootstrap.open_home(office_home, PASSPHRASE) as office,
        bootstrap.open_home(laptop_home, PASSPHRASE) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        make_visit(laptop, status=InspectionStatus.IN_PROGRESS)
        device, ours = office.device_id, laptop.device_id
    export = ("package", "export", tmp_path, "--home", laptop_home, "--json")
    assert console(*export).document["problems"][0]["code"] == "sync.nothing_to_send"
    own = console(*export, "--drafts", "--to", "office", "--to", ours)
    assert (own.code, own.document["problems"][0]["code"]) == (3, "sync.own_device")
    made = console(*export, "--drafts", "--to", "OFFICE", "--to", device)
    assert (made.code, made.document["recipients"], made.document["records"]) == (0, [device], 1)
    told = console("package", "inspect", made.document["file"], "--json").document
    assert (told["recipients"], told["sequence"], told["kinds"]) == ([device], 1, {"inspection": 1})
