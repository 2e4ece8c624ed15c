"""The year's report: near its day supervisors are told what is missing; inspectors are not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.errors import BadInput
from app.services import agenda, planning, sending
from app.services.annual import annual_report, days_left
from app.services.workplace import Workplace
from app.ui.today.lines import annual_line
from app.vocabulary import InspectionType
from tests.conftest import FakeClock
from tests.statistics.small_year import small_year

GONE = {"unfinished": ("l2", "l3"), "in_conflict": ("l1",)}


def test_what_is_missing_is_counted_and_named(office: Workplace) -> None:
    small_year().write(office)
    plan = planning.add_plan(office, title="2026 年计划", year=2026).id
    planning.add_task(
        office, plan_id=plan, title="有机全覆盖", inspection_type=InspectionType.ORGANIC_ORG, required_count=2
    )
    missing = {each.what: each for each in annual_report(office).missing}
    assert {what: missing[what].names for what in GONE} == GONE
    # every finished visit that began this year but v09, which is approved; v01 began at midnight of 1 January
    assert missing["unapproved"].count == 14
    assert (missing["gaps"].count, missing["gaps"].names) == (2, ("有机全覆盖",))
    assert "unsent" not in missing  # nothing was sent the year before


def test_a_table_sent_last_year_is_owed_again(office: Workplace) -> None:
    days = {"period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31)}
    sending.send(office, table="organic-annex3", **days)
    (missing,) = annual_report(office).missing
    assert (missing.what, missing.names) == ("unsent", ("有机产品认证监督检查情况统计表",))
    sending.send(office, table="organic-annex3", period_from=date(2026, 1, 1), period_to=date(2026, 8, 1))
    assert annual_report(office).missing == ()


@pytest.mark.parametrize(
    "today,shown,left",
    [
        (datetime(2026, 10, 1, 4, tzinfo=UTC), False, 61),
        (datetime(2026, 10, 2, 4, tzinfo=UTC), True, 60),
        (datetime(2026, 12, 1, 4, tzinfo=UTC), True, 0),
        (datetime(2026, 12, 3, 4, tzinfo=UTC), True, -2),
    ],
)
def test_it_is_shown_from_sixty_days_before_the_first_of_december(
    office: Workplace, clock: FakeClock, today: datetime, shown: bool, left: int
) -> None:
    small_year().write(office)
    clock.moment = today
    assert annual_report(office).days_left == left
    found = agenda.agenda(office).annual
    assert (found is not None) == shown
    if found is not None:
        line = annual_line(found)
        assert line.chip == ((f"剩 {left} 天", "attention") if left >= 0 else ("逾期 2 天", "bad"))
        assert "冲突未裁定 1" in line.words


def test_inspectors_are_not_asked_for_it_and_a_full_year_asks_nothing(
    laptop: Workplace, office: Workplace, clock: FakeClock
) -> None:
    clock.moment = datetime(2026, 11, 21, 4, tzinfo=UTC)
    small_year().write(laptop)
    assert agenda.agenda(laptop).annual is None
    assert agenda.agenda(office).annual is None


def test_an_office_may_be_asked_earlier(office: Workplace) -> None:
    own = office.home / "templates" / "annual.toml"
    own.parent.mkdir()
    own.write_text("month = 11\nday = 20\n", "utf8")
    assert annual_report(office).due_on == date(2026, 11, 20)
    own.write_text("month = 13\n", "utf8")
    with pytest.raises(BadInput, match=r"lists\.not_readable"):
        annual_report(office)


def test_the_file_says_where_the_day_comes_from() -> None:
    text = (Path(__file__).resolve().parents[2] / "resources/documents/annual.toml").read_text("utf8")
    assert "国市监认证〔2019〕102号" in text


def test_the_days_left_are_told_to_supervisors_alone_and_survive_a_faulty_day(
    office: Workplace, laptop: Workplace, clock: FakeClock
) -> None:
    clock.moment = datetime(2026, 11, 21, 4, tzinfo=UTC)
    assert (days_left(office), days_left(laptop)) == (10, None)
    own = office.home / "templates" / "annual.toml"
    own.parent.mkdir()
    own.write_text("month = 13\n", "utf8")
    assert days_left(office) == 10
    clock.moment = datetime(2026, 9, 1, 4, tzinfo=UTC)
    assert days_left(office) is None
