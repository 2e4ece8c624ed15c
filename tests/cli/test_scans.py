"""scan import, list and assign on a real home with a real printed form."""

import pytest
from PIL import Image

from app import bootstrap
from app.services import issuing
from tests.cli.conftest import PASSPHRASE
from tests.forms.papers_seen import Scanner, encoded
from tests.ui.desks import found_visit


@pytest.fixture
def visit(laptop_home, monkeypatch):
    monkeypatch.setenv("CHAYAN_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("CHAYAN_HOME", str(laptop_home))
    with bootstrap.open_home(laptop_home, PASSPHRASE) as place:
        made = found_visit(place)
        pdf = issuing.print_form(place, form="inspection-record", inspection_id=made.id).pdf
    return made.id, pdf


def test_scans_are_read_listed_and_given_by_hand(console, visit, tmp_path):
    record, pdf = visit
    good, blank, bad = (tmp_path / name for name in ("a.jpg", "b.png", "c.pdf"))
    good.write_bytes(Scanner(150, 270).jpeg(pdf))
    blank.write_bytes(encoded(Image.new("L", (620, 877), 240), "PNG"))
    bad.write_bytes(b"%PDF-")
    said = console("scan", "import", good, blank, "--json")
    assert (said.code, said.document["placed"], said.document["aside"]) == (5, 1, 1)
    first, second = said.document["pages"]
    assert (first["record"], first["page"], first["outcome"]) == (record, 1, "placed")
    assert second["reason"] == "scans.no_code"
    again = console("scan", "import", good, bad, "--json")
    assert (again.code, again.document["duplicates"]) == (3, 1)
    assert [each["code"] for each in again.document["problems"]] == ["scans.unreadable"]

    waiting = console("scan", "list", "--json").document["tray"]
    assert [row["file_name"] for row in waiting] == ["b.png"]
    assert "没有读出二维码" in console("scan", "list").out
    page = waiting[0]["id"]
    assert console("scan", "assign", page, record, "--page", "2").code == 2
    given = console("scan", "assign", page, record, "--form", "inspection-record", "--page", "2/3", "--json")
    assert (given.code, given.document["record"]) == (0, record)
    (copy,) = console("scan", "list", record, "--json").document["copies"]
    assert (copy["pages"], copy["missing"]) == (3, [3])
    assert "3" in console("scan", "list", record).out


def test_a_page_that_is_not_there_is_named(console, visit):
    said = console("scan", "assign", "nothing", visit[0], "--json")
    assert (said.code, said.document["problems"][0]["code"]) == (3, "scans.unknown_page")
