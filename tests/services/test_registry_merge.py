from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.pinyin import initials
from app.services.registry_merge import (
    CERTIFICATE_FIELDS,
    ORGANIZATION_FIELDS,
    may_replace,
    merge_certificate,
    merge_organization,
    new_certificate,
)
from app.vocabulary import CertificateStatus, Scheme

texts = st.sampled_from(["", "a", "b"])
days = st.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)])
organizations = st.tuples(
    texts,
    texts,
    st.sampled_from(["", "bad", "old", "ok"]),
    *[texts] * 6,
    st.sampled_from([None, 5, 7]),
    texts,
    days,
)
statuses = st.sampled_from([None, *CertificateStatus])
certificates = st.tuples(
    st.sampled_from(list(Scheme)), texts, texts, st.none(), texts, texts, texts, statuses, texts, *[days] * 6
)
# A stored certificate always has a status.
kept = certificates.filter(lambda values: values[STATUS] is not None)
STATUS = CERTIFICATE_FIELDS.index("status")
CODE = {ORGANIZATION_FIELDS.index("credit_code"), ORGANIZATION_FIELDS.index("code_state")}
OF_STATUS = {
    CERTIFICATE_FIELDS.index(n) for n in ("status_reason", "suspended_from", "suspended_to", "ended_on")
}


def test_the_samples_have_every_field():
    assert len(ORGANIZATION_FIELDS) == 12
    assert len(CERTIFICATE_FIELDS) == 15


@given(organizations, organizations, st.booleans())
def test_merging_twice_is_merging_once(stored, said, newer):
    once = merge_organization(stored, said, newer=newer).values
    assert merge_organization(once, said, newer=newer).values == once


@given(kept, certificates, st.booleans())
def test_the_same_holds_for_certificates(stored, said, newer):
    once = merge_certificate(stored, said, newer=newer).values
    again = merge_certificate(once, said, newer=newer)
    assert (again.values, again.replaced) == (once, ())


@given(organizations, organizations, st.booleans())
def test_what_is_not_said_erases_nothing(stored, said, newer):
    merged = merge_organization(stored, said, newer=newer).values
    for index, (old, new, now) in enumerate(zip(stored, said, merged, strict=True)):
        if index in CODE:
            continue
        if new in ("", None):
            assert now == old
        elif old in ("", None):
            assert now == new


@given(organizations, organizations)
def test_older_data_replaces_nothing_but_a_lesser_code(stored, said):
    merged = merge_organization(stored, said, newer=False)
    assert set(merged.replaced) <= CODE
    for index, (old, now) in enumerate(zip(stored, merged.values, strict=True)):
        assert index in CODE or old in ("", None) or now == old


@given(organizations, organizations, st.booleans())
def test_a_code_never_gets_worse(stored, said, newer):
    rank = ["", "bad", "old", "ok"].index
    state = ORGANIZATION_FIELDS.index("code_state")
    assert rank(merge_organization(stored, said, newer=newer).values[state]) >= rank(stored[state])


@given(kept, certificates)
def test_older_data_replaces_nothing_of_a_certificate(stored, said):
    merged = merge_certificate(stored, said, newer=False)
    assert merged.replaced == ()
    assert all(old in ("", None) or now == old for old, now in zip(stored, merged.values, strict=True))


@given(kept, certificates)
def test_a_new_status_brings_its_own_reason_and_window(stored, said):
    merged = merge_certificate(stored, said, newer=True)
    if said[STATUS] not in (None, stored[STATUS]):
        for index in OF_STATUS:
            assert merged.values[index] == said[index]
            if stored[index] not in ("", None, said[index]):
                assert index in merged.replaced


@pytest.mark.parametrize(
    "status, implied, stored",
    [
        (None, None, CertificateStatus.UNKNOWN),
        (None, CertificateStatus.VALID, CertificateStatus.VALID),
        (CertificateStatus.EXPIRED, CertificateStatus.VALID, CertificateStatus.EXPIRED),
    ],
)
def test_a_certificate_always_gets_a_status(status, implied, stored):
    values = (Scheme.SELENIUM, *[""] * 6, status, *[None] * 7)
    assert new_certificate(values, implied)[STATUS] is stored


@pytest.mark.parametrize(
    "stored, incoming, may",
    [(None, 1, True), (1, 1, True), (1, 2, True), (2, 1, False)],
)
def test_only_data_at_least_as_new_replaces(stored, incoming, may):
    day = {None: None, 1: date(2026, 1, 1), 2: date(2026, 6, 30)}
    assert may_replace(day[stored], day[incoming]) is may


@pytest.mark.parametrize(
    "name, letters",
    [
        ("宜春袁州华鑫电器有限公司", "ycyzhxdqyxgs"),
        ("𬭎䶮", "hy"),
        ("A1（集团）", "a1jt"),
        ("ABC-厂 2", "abcc2"),
        ("\U0002ffff", ""),
        ("", ""),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters


@given(st.text(max_size=12))
def test_initials_are_plain_lower_case(name):
    found = initials(name)
    assert found == found.lower()
    assert len(found) <= len(name)
