"""`calendar export`: one document, one file that a parser reads."""

from __future__ import annotations

from pathlib import Path

from icalendar import Calendar

from app import bootstrap
from app.services import planning
from tests.cli.conftest import PASSPHRASE
from tests.services.conftest import add_target


def test_the_deadlines_become_a_calendar(console, office_home: Path, tmp_path: Path) -> None:
    with bootstrap.open_home(office_home, PASSPHRASE) as office:
        add_target(office)
        planning.add_plan(office, title="专项", year=2026)
    out = tmp_path / "期限.ics"
    printed = console("--json", "calendar", "export", "-o", out)
    assert printed.code == 0
    assert printed.document == {"file": str(out), "events": 1, "overdue": 1, "cancelled": 0}
    [event] = Calendar.from_ical(out.read_bytes()).walk("VEVENT")
    assert str(event["SUMMARY"]).startswith("检查到期：")
    said = console("calendar", "export", "-o", out)
    assert "期限 1 个，其中逾期 1 个" in said.out


def test_without_a_file_it_is_wrong_usage(console, office_home: Path) -> None:
    assert console("calendar", "export").code == 2
