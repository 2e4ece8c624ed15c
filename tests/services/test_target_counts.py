"""Filters of targets: each stretch of days holds what its count says, whatever else is chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from app.models.planning import Assignment
from app.models.registry import Organization
from app.services.deadlines import Deadline, stretch
from app.services.target_counts import Filters, assignment_counts
from app.services.targets import assignment_ids
from tests.services.conftest import add_target

LEFT = (-400, -1, 0, 1, 7, 8, 30, 31, 900, None)
"""Days that are left, on both sides of every edge; ``None`` for no deadline."""


@pytest.fixture
def targets(laptop):
    """One target for each of ``LEFT``, every second one with a risk, in two districts of one city."""
    made = {}
    for number, left in enumerate(LEFT):
        key = add_target(laptop, f"企业{number}")
        with laptop.write("test.due") as work:
            due = None if left is None else laptop.today() + timedelta(days=left)
            target = work.session.get(Assignment, key)
            # Whose day it is does not matter: the nearer office's counts, else the superior one.
            target.due_on, target.superior_due_on = (due, None) if number % 2 else (None, due)
            organization = work.session.get(Organization, target.organization_id)
            organization.risk = "C" if number % 2 else ""
            organization.region = "360902" if number < 5 else "360981"
            work.commit()
        made[key] = stretch(due, laptop.today())
    return made


def test_sql_and_counts_agree_on_every_stretch(laptop, targets):
    counts = assignment_counts(laptop, filters=Filters())
    for wanted in get_args(Deadline):
        found = assignment_ids(laptop, deadline=wanted)
        assert set(found) == {key for key, where in targets.items() if where == wanted}
        assert len(found) == counts.by_deadline[wanted] >= 1


def test_a_count_is_what_the_choice_would_list(laptop, targets):
    filters = Filters(deadline="overdue", risk="C", region="360902")
    counts = assignment_counts(laptop, filters=filters)
    for deadline, number in counts.by_deadline.items():
        assert number == len(assignment_ids(laptop, deadline=deadline, risk="C", region="360902"))
    for risk in ("", "C"):
        assert counts.by_risk[risk] == len(
            assignment_ids(laptop, deadline="overdue", risk=risk, region="360902")
        )
    for region in ("360902", "360981"):
        assert counts.by_region[region] == len(
            assignment_ids(laptop, deadline="overdue", risk="C", region=region)
        )
    assert sum(assignment_counts(laptop, filters=Filters(region="360900")).by_risk.values()) == len(targets)
    assert counts.by_state["done"] == 0
