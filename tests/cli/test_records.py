"""The history of a record at the command line, in words and as a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.services import merging, resolving
from tests.cli.conftest import PASSPHRASE
from tests.services.parcels import ORG, VISIT, edit, introduce, make_task, make_visit, receive, send


@pytest.fixture
def decided(office_home: Path, laptop_home: Path, tmp_path: Path) -> Path:
    """The office and a laptop wrote different places, and the office decided."""
    with (
        bootstrap.open_home(office_home, PASSPHRASE) as office,
        bootstrap.open_home(laptop_home, PASSPHRASE) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        make_task(office, laptop.device_id)
        make_visit(laptop)
        receive(office, send(laptop, tmp_path))
        for place, word in ((office, "三号车间"), (laptop, "二号车间")):
            edit(place, "place", word)
        merging.import_packages(office, paths=[send(laptop, tmp_path)])
        resolving.resolve(
            office, kind="inspection", record_id=VISIT, path="place", take="theirs", reason="与照片核对"
        )
    return office_home


def test_the_history_is_told_in_words_and_as_a_document(console, decided) -> None:
    said = console("record", "history", VISIT)
    assert said.code == 0
    for words in (
        "宜春市𬭎业电缆厂",
        "首次封存",
        "【两人不一致】检查地点：一号车间 → 二号车间",
        "定下：与照片核对",
    ):
        assert words in said.out
    document = console("record", "history", VISIT, "--json").document
    assert (document["kind"], document["record"]) == ("inspection", VISIT)
    entries = document["entries"]
    assert [entry["kind"] for entry in entries] == ["first", "change", "change", "decision"]
    assert [entry["disputed"] for entry in entries] == [False, True, True, False]
    last = entries[-1]
    assert {"author", "credential", "device", "made_at", "reason", "changes", "lines", "went"} <= last.keys()
    [place] = [change for change in last["changes"] if change["path"] == "place"]
    assert (set(place["former"]), place["value"]) == ({"二号车间", "三号车间"}, "二号车间")


def test_other_kinds_have_one_too_and_strangers_are_refused(console, decided) -> None:
    found = console("record", "history", ORG, "--kind", "organization", "--json")
    assert (found.code, found.document["title"]) == (0, "宜春市𬭎业电缆厂")
    for arguments in (("9" * 32,), (VISIT, "--kind", "nothing")):
        refused = console("record", "history", *arguments, "--json")
        assert (refused.code, refused.document["problems"][0]["code"].partition(".")[0]) == (3, "sync")


def test_the_history_prints_as_a_form(console, decided, tmp_path) -> None:
    out = tmp_path / "履历.pdf"
    forms = console("form", "list", "--json").document["forms"]
    assert "record-history" in {row["id"] for row in forms}
    printed = console("form", "print", VISIT, "--form", "record-history", "-o", out, "--json")
    assert (printed.code, out.read_bytes()[:5]) == (0, b"%PDF-")
    plan = console(
        "form", "print", ORG, "--form", "record-history", "--kind", "organization", "-o", out, "--json"
    )
    assert plan.document["pages"] >= 1
    assert console("form", "print", ORG, "--form", "checklist", "--kind", "organization").code == 2
    blank = console("form", "print", "--blank", "--form", "record-history", "--json")
    assert (blank.code, blank.document["problems"][0]["code"]) == (3, "issuing.no_blank")
