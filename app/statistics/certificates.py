"""Whether a certificate counts on a day: 获证企业 = 应建 (specs/statistics.md, 附件1).

A certificate counts when it was issued by that day and was then valid or suspended. The registry
gives one word as of one day, often later than the day asked for, so its dates decide first: a
withdrawal, cancellation or expiry after the day had not happened yet and takes nothing away.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from app.models.registry import Certificate
from app.vocabulary import CertificateStatus


class CertificateDates(NamedTuple):
    """What the registry says of a certificate's life."""

    status: CertificateStatus
    issued_on: date | None
    expires_on: date | None
    ended_on: date | None


def dates_of(certificate: Certificate) -> CertificateDates:
    """The life of a certificate as it is stored."""
    return CertificateDates(
        certificate.status, certificate.issued_on, certificate.expires_on, certificate.ended_on
    )


class Holding(StrEnum):
    """How a certificate stands on a day."""

    COUNTS = "counts"
    DOES_NOT = "does_not"
    NOT_KNOWN = "not_known"


def holding_on(certificate: CertificateDates, day: date) -> Holding:
    """How a certificate stands on ``day``; both its first and its last day of validity count.

    A day of issue or expiry that the registry does not give excludes nothing. A certificate that has
    ended on an unknown day is taken as ended; one whose status is unknown is for a person to settle.
    """
    if certificate.issued_on is not None and certificate.issued_on > day:
        return Holding.DOES_NOT
    if certificate.expires_on is not None and certificate.expires_on < day:
        return Holding.DOES_NOT
    match certificate.status:
        case CertificateStatus.VALID | CertificateStatus.SUSPENDED:
            return Holding.COUNTS
        case CertificateStatus.WITHDRAWN | CertificateStatus.CANCELLED:
            still = certificate.ended_on is not None and certificate.ended_on > day
            return Holding.COUNTS if still else Holding.DOES_NOT
        case CertificateStatus.EXPIRED:
            return Holding.COUNTS if certificate.expires_on is not None else Holding.DOES_NOT
        case CertificateStatus.UNKNOWN:
            return Holding.NOT_KNOWN
