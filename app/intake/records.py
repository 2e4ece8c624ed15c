"""What one row of a registry file says, as frozen values.

An empty text or ``None`` means "not said": it never erases what is already known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.errors import Problem
from app.vocabulary import CertificateStatus, ProductClass, Scheme


@dataclass(frozen=True, slots=True)
class OrganizationFields:
    """An organization as the row names it; ``code_state`` is ``ok``, ``old``, ``bad`` or empty."""

    name: str
    credit_code: str = ""
    code_state: str = ""
    region: str = ""
    region_name: str = ""
    address: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    employees: int | None = None
    risk: str = ""


@dataclass(frozen=True, slots=True)
class CertificateFields:
    """A certificate as the row gives it; its organization stands beside it in the row.

    ``status`` is ``None`` where the layout has no status column; ``UNKNOWN`` is a word or code
    that means nothing here.
    """

    number: str
    scheme: Scheme
    project: str = ""
    product: str = ""
    product_class: ProductClass | None = None
    standard: str = ""
    body_name: str = ""
    body_approval: str = ""
    status: CertificateStatus | None = None
    status_reason: str = ""
    suspended_from: date | None = None
    suspended_to: date | None = None
    ended_on: date | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    first_issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """One row taken, with where it stood."""

    sheet: str | None
    row: int
    organization: OrganizationFields
    certificate: CertificateFields | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows and the problems found on the way to them."""

    rows: tuple[RegistryRow, ...]
    problems: tuple[Problem, ...]
