"""Filters of the list of organizations: each choice lists as many as its count says."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import get_args

import pytest

from app.models.planning import Assignment
from app.models.registry import Certificate, Organization
from app.services.deadlines import Deadline
from app.services.registering import RegistryFilters, organization_ids, registry_filter_counts
from app.vocabulary import CertificateStatus, Scheme
from tests.services.conftest import add_target

S, V = CertificateStatus.SUSPENDED, CertificateStatus.VALID
#        name   region    risk days left  certificates
ROWS = (
    ("甲厂", "360902", "C", -1, ((Scheme.CCC, V), (Scheme.ORGANIC, S))),
    ("乙厂", "360902", "", 0, ((Scheme.CCC, S),)),
    ("丙厂", "360981", "C", 31, ((Scheme.CCC, V), (Scheme.CCC, S))),
    ("丁厂", "360981", "B", None, ((Scheme.MANAGEMENT_SYSTEM, V),)),
    ("戊茶业", "361100", "", None, ()),
)  # fmt: skip


@pytest.fixture
def stocked(laptop):
    """Five organizations; the first three are targets, the last two have none."""
    for name, region, risk, left, held in ROWS:
        with laptop.write("test.registry") as work:
            if left is None:
                key = f"{name}-id"
                work.session.add(Organization(id=key, name=name))
                work.session.flush()
            else:
                key = None
            work.commit()
        target = None if left is None else add_target(laptop, name)
        with laptop.write("test.facts") as work:
            if target is not None:
                assignment = work.session.get(Assignment, target)
                assignment.due_on, assignment.superior_due_on = laptop.today() + timedelta(days=left), None
                key = assignment.organization_id
                for old in work.session.query(Certificate).filter_by(organization_id=key):
                    work.session.delete(old)
                work.session.flush()
            organization = work.session.get(Organization, key)
            organization.region, organization.risk = region, risk
            for number, (scheme, status) in enumerate(held):
                work.session.add(
                    Certificate(organization_id=key, number=f"{name}{number}", scheme=scheme, status=status)
                )
            work.commit()
    return laptop


def listed(place, query="", **filters) -> int:
    return len(organization_ids(place, query=query, filters=RegistryFilters(**filters)))


CHOSEN = [
    dict(zip(("scheme", "status", "deadline", "risk", "region"), values, strict=True))
    for values in product(
        (None, Scheme.CCC), (None, S), (None, "overdue", "none"), (None, "C"), ("", "360900")
    )
]


@pytest.mark.parametrize("query", ["", "厂"])
def test_a_count_is_what_the_choice_would_list(stocked, query):
    for chosen in CHOSEN:
        counts_are_kept(stocked, chosen, query)


def counts_are_kept(stocked, chosen, query):
    """Each other choice of each filter lists as many as its count says."""
    counts = registry_filter_counts(stocked, query=query, filters=RegistryFilters(**chosen))
    for scheme in Scheme:
        assert counts.by_scheme.get(scheme, 0) == listed(stocked, query, **chosen | {"scheme": scheme})
    for status in CertificateStatus:
        assert counts.by_status.get(status, 0) == listed(stocked, query, **chosen | {"status": status})
    for deadline in get_args(Deadline):
        assert counts.by_deadline.get(deadline, 0) == listed(
            stocked, query, **chosen | {"deadline": deadline}
        )
    for risk in ("", "B", "C"):
        assert counts.by_risk.get(risk, 0) == listed(stocked, query, **chosen | {"risk": risk})
    for region in ("360902", "360981", "361100"):
        assert counts.by_region.get(region, 0) == listed(stocked, query, **chosen | {"region": region})


def test_the_filters_find_what_they_say(stocked):
    """By hand, so that list and counts cannot be wrong together."""
    counts = registry_filter_counts(stocked, filters=RegistryFilters())
    assert counts.by_scheme == {Scheme.CCC: 3, Scheme.ORGANIC: 1, Scheme.MANAGEMENT_SYSTEM: 1}
    assert counts.by_status == {V: 3, S: 3}
    assert counts.by_deadline == {"overdue": 1, "week": 1, "later": 1, "none": 2}
    assert counts.by_risk == {"C": 2, "B": 1, "": 2}
    assert counts.by_region == {"360902": 2, "360981": 2, "361100": 1}
    assert listed(stocked, scheme=Scheme.CCC, status=S) == 2, (
        "one certificate with both, not two with one each"
    )
