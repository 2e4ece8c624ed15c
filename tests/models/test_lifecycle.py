"""Which step may follow which."""

import pytest

from app.models.lifecycle import STEPS, may_follow
from app.vocabulary import CaseStatus, InspectionStatus, OrderStatus

Visit, Order, Lead = InspectionStatus, OrderStatus, CaseStatus


@pytest.mark.parametrize(
    "now, then, allowed",
    [
        (Visit.IN_PROGRESS, Visit.FINALISED, True),
        (Visit.IN_PROGRESS, Visit.APPROVED, False),
        (Visit.FINALISED, Visit.RETURNED, True),
        (Visit.RETURNED, Visit.IN_PROGRESS, True),
        (Visit.APPROVED, Visit.IN_PROGRESS, False),
        (Order.DRAFTED, Order.DELIVERED, False),
        (Order.DELIVERED, Order.FOLLOWED_UP, True),
        (Order.EXTENDED, Order.FOLLOWED_UP, True),
        (Lead.NOTED, Lead.FILED, False),
        (Lead.VERIFIED, Lead.NOT_FILED, True),
        (Lead.DECIDED, Lead.CLOSED, True),
        (Order.FOLLOWED_UP, Lead.CLOSED, False),  # the word is the same, the life is another
    ],
)
def test_steps(now, then, allowed):
    assert may_follow(now, then) is allowed


@pytest.mark.parametrize("words", STEPS)
def test_every_status_can_be_reached_and_nothing_is_its_own_successor(words):
    first = next(iter(words))
    reached, todo = {first}, [first]
    while todo:
        for step in STEPS[words].get(todo.pop(), ()):
            if step not in reached:
                reached.add(step)
                todo.append(step)
    assert reached == set(words)
    assert all(now not in after for now, after in STEPS[words].items())
