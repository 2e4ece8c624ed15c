"""The facts conditions may ask for, and how they follow from what was met on the spot."""

from __future__ import annotations

from collections.abc import Iterable

from app.vocabulary import CertificateStatus, ProductionStatus

IDLE = "production.idle"
NOT_VALID = "certificate.not_valid"
NO_CERTIFICATE = "certificate.none"

_ENDED = (CertificateStatus.WITHDRAWN, CertificateStatus.CANCELLED, CertificateStatus.EXPIRED)

KNOWN_FACTS = frozenset(
    {
        *(f"production.{status}" for status in ProductionStatus),
        *(f"certificate.{status}" for status in CertificateStatus),
        IDLE,
        NOT_VALID,
        NO_CERTIFICATE,
    }
)


def facts_of(
    production: ProductionStatus | None, certificates: Iterable[CertificateStatus]
) -> dict[str, bool | str]:
    """Facts of one visit.

    ``certificate.suspended`` and its like hold when any certificate of the scheme has that status;
    ``certificate.not_valid`` when one is suspended, withdrawn, cancelled or expired;
    ``production.idle`` when the status was entered and is not normal production.
    """
    met = frozenset(certificates)
    facts: dict[str, bool | str] = dict.fromkeys(sorted(KNOWN_FACTS), False)
    facts.update({f"certificate.{status}": True for status in met})
    facts[NO_CERTIFICATE] = not met
    facts[NOT_VALID] = bool(met & {CertificateStatus.SUSPENDED, *_ENDED})
    if production is not None:
        facts[f"production.{production}"] = True
        facts[IDLE] = production is not ProductionStatus.NORMAL
    return facts
