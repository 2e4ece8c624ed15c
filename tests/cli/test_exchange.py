"""Two homes at the command line that disagree: shown, decided with a reason, told by exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.services.merging import import_packages
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
    assert "一号车间" in console("conflict", "show", VISIT).out

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
