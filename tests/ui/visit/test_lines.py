"""What the list of a visit says, worked out from the sheet alone."""

from __future__ import annotations

from datetime import date

import pytest

from app.services.coverage import InYear
from app.services.sheet_rows import CertificateRow, MissingItem
from app.ui.visit.aside import year_text
from app.ui.visit.lines import (
    BASICS,
    CLOSING,
    Destination,
    certificate_chip,
    chips,
    destination,
    first_of,
    line_keys,
    missing_text,
    progress,
    section_of,
    suspended_on,
    tally,
)
from app.vocabulary import CertificateStatus, Verdict


def certificate(status=CertificateStatus.VALID, first=None, last=None, expires=None) -> CertificateRow:
    return CertificateRow(
        "1", "真空吸尘器", "机构", "CNCA-R-2002-001", status, first, last, expires, None, in_scheme=True
    )


@pytest.mark.parametrize(
    "first,last,day,held",
    [
        (date(2026, 8, 24), date(2026, 11, 23), date(2026, 8, 23), False),
        (date(2026, 8, 24), date(2026, 11, 23), date(2026, 8, 24), True),
        (date(2026, 8, 24), date(2026, 11, 23), date(2026, 11, 23), True),
        (date(2026, 8, 24), date(2026, 11, 23), date(2026, 11, 24), False),
        (date(2026, 8, 24), None, date(2030, 1, 1), True),
        (None, None, date(2026, 1, 1), True),
    ],
)
def test_a_suspension_holds_on_both_of_its_ends(first, last, day, held):
    row = certificate(CertificateStatus.SUSPENDED, first, last)
    assert suspended_on(row, day) is held
    assert (certificate_chip(row, day) is not None) is held


def test_a_certificate_past_its_date_is_pointed_out_whatever_the_list_says():
    row = certificate(expires=date(2026, 8, 1))
    assert certificate_chip(row, date(2026, 8, 1)) is None
    assert certificate_chip(row, date(2026, 8, 2)) == ("检查日已过有效期", "attention")


@pytest.mark.parametrize(
    "missing,where",
    [
        (MissingItem("unanswered", "3.1"), Destination("item", "3.1")),
        (MissingItem("note_missing", "3.1"), Destination("note", "3.1")),
        (MissingItem("measure_missing", "3.1"), Destination("value", "3.1")),
        (MissingItem("photo_missing", "3.1"), Destination("photo", "3.1")),
        (MissingItem("finding_description", "3.1", "item:3.1"), Destination("finding", "3.1", "item:3.1")),
        (MissingItem("finding_description", None, "k"), Destination("finding", CLOSING, "k")),
        (MissingItem("order", "3.1", "型号"), Destination("enforcement", "3.1", "order")),
        (MissingItem("party_signature"), Destination("sign", CLOSING)),
        (MissingItem("situation"), Destination("field", CLOSING, "situation")),
        (MissingItem("approval_number"), Destination("field", BASICS, "approval_number")),
        (MissingItem("conflict"), Destination("none", BASICS)),
    ],
)
def test_everything_missing_leads_somewhere(missing, where):
    assert destination(missing) == where
    assert missing_text(missing)


def test_lines_and_progress_follow_the_answers(scene):
    scene.open_visit()
    keys = line_keys(scene.sheet)
    assert (keys[0], keys[-1]) == (BASICS, CLOSING)
    assert line_keys(scene.sheet, "有效期 届满") == ("2.3",)
    assert section_of(scene.sheet, "2.3") == "2"
    rows = {row.key: row for row in progress(scene.sheet)}
    assert (rows[BASICS].done, rows[BASICS].total) == (6, 8)
    scene.screen.work.answer("2.1", Verdict.CONFORMING)
    assert first_of(scene.sheet, "2") == "2.2"
    assert tally(scene.sheet)[0].endswith("不符合 0")
    scene.screen.work.answer("2.1", Verdict.NONCONFORMING)
    row = scene.screen.work.item("2.1")
    assert [text for text, _ in chips(row, 1)] == ["已生成问题 1", "已存 09:30:00", "缺说明"]


def test_a_photo_that_is_wanted_is_asked_for_until_it_is_there(scene):
    scene.open_visit()
    row = scene.screen.work.item("1.1")
    assert ("需要照片 1", "neutral") in chips(row, 0)
    scene.screen.work.answer("1.1", Verdict.CONFORMING)
    assert ("需要照片 1", "attention") in chips(scene.screen.work.item("1.1"), 0)
    scene.screen.work.answer("1.1", Verdict.NOT_CHECKED)
    assert not any("照片" in text for text, _ in chips(scene.screen.work.item("1.1"), 0))


def test_the_number_of_the_visit_says_where_it_is_from():
    assert year_text(InYear(2, 3, 0, 0)) == "本年第 2 次检查该企业（按本机的记录）"
    assert year_text(InYear(3, 4, 2, 2)) == "本年第 3 次检查该企业（本机 1 次、单位随任务告知 2 次）"
