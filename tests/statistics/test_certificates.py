"""Which certificates count on the last day of a period, 31 July 2026."""

from __future__ import annotations

from datetime import date

import pytest

from app.statistics.certificates import CertificateDates, Holding, holding_on
from app.vocabulary import CertificateStatus as Status

DAY = date(2026, 7, 31)
BEFORE, AFTER = date(2026, 7, 30), date(2026, 8, 1)


@pytest.mark.parametrize(
    "status, issued, expires, ended, counts",
    [
        (Status.VALID, DAY, DAY, None, True),
        (Status.VALID, AFTER, None, None, False),
        (Status.VALID, None, BEFORE, None, False),
        (Status.VALID, None, None, None, True),
        (Status.SUSPENDED, BEFORE, AFTER, None, True),
        # the registry's word is newer than the day: what ended later had not ended
        (Status.WITHDRAWN, BEFORE, AFTER, AFTER, True),
        (Status.WITHDRAWN, BEFORE, AFTER, DAY, False),
        (Status.CANCELLED, BEFORE, AFTER, BEFORE, False),
        (Status.CANCELLED, BEFORE, AFTER, AFTER, True),
        (Status.CANCELLED, BEFORE, AFTER, None, False),
        (Status.EXPIRED, BEFORE, DAY, None, True),
        (Status.EXPIRED, BEFORE, BEFORE, None, False),
        (Status.EXPIRED, BEFORE, None, None, False),
    ],
)
def test_a_certificate_counts_by_its_dates_first(
    status: Status, issued: date | None, expires: date | None, ended: date | None, counts: bool
) -> None:
    found = holding_on(CertificateDates(status, issued, expires, ended), DAY)
    assert found is (Holding.COUNTS if counts else Holding.DOES_NOT)


def test_an_unknown_status_is_for_a_person_to_settle() -> None:
    assert holding_on(CertificateDates(Status.UNKNOWN, BEFORE, AFTER, None), DAY) is Holding.NOT_KNOWN
    assert holding_on(CertificateDates(Status.UNKNOWN, AFTER, None, None), DAY) is Holding.DOES_NOT
