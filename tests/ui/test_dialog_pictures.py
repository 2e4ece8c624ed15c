"""Dialogs are opened with a home's own records to be pictured, one at a time; nothing is stored by it."""

from __future__ import annotations

from sqlalchemy import func, select

from app.models.journal import JournalEntry
from app.services import enforcing
from app.services.enforcing import OrderTerms
from app.services.workplace import Workplace
from app.ui.dialog_pictures import opened
from app.ui.jobs import Jobs
from app.ui.pictures import settle
from app.ui.screens import screens_for
from app.ui.shell import Shell
from tests.ui.desks import desk_of, found_visit


def entries(place: Workplace) -> int:
    with place.read() as session:
        return session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def test_each_dialog_of_a_visit_with_a_draft_order_is_opened_and_closed(laptop: Workplace, jobs: Jobs, show):
    visit = found_visit(laptop)
    [finding] = visit.sheet().findings
    terms = OrderTerms(requirements="停止销售", at_once=True, confirmed_by="彭建华")
    enforcing.draft_order(laptop, inspection_id=visit.id, finding_keys=[finding.key], terms=terms)
    desk = desk_of(laptop, jobs)
    shell = show(Shell("认证查验", ("局", "人"), screens_for(desk)))
    before = entries(laptop)
    names, titles = [], []
    for name, dialog in opened(shell, desk, settle):
        assert dialog.isVisible()
        names.append(name)
        titles.append(dialog.windowTitle())
    assert names == ["change-team", "sign", "order-issue", "order-cite", "batch"]
    assert titles[0] == "检查人员变动"
    assert len(set(titles)) == len(titles)
    assert entries(laptop) == before
