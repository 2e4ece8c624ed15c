"""The registry as a workbook: one row for each certificate, every cell text.

The headings are those of the layout ``registry-export``, so the list can be read back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from sqlalchemy import select

from app.files import atomic_file
from app.intake.layout import named_layout
from app.models.registry import Certificate, Organization
from app.services.registry_shelf import as_text
from app.services.workplace import Workplace
from app.vocabulary import CertificateStatus, Scheme
from app.wording import label

_LAYOUT = "registry-export"
_PAGE = 2000
_WIDTH = 18
# Excel's own limit; control characters would make the workbook unreadable.
_LONGEST = 32_767
_FORBIDDEN = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


@dataclass(frozen=True, slots=True)
class RegistryExport:
    """What was written."""

    path: Path
    organizations: int
    rows: int


def export_registry(place: Workplace, *, path: Path) -> RegistryExport:
    """Write every organization with its certificates to ``path`` (.xlsx), whole or not at all."""
    headings = named_layout(_LAYOUT).headings
    owners: set[str] = set()
    rows = 0
    with atomic_file(path) as out:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(out, options)
        page = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        page.set_column(0, len(headings) - 1, _WIDTH, text)
        page.freeze_panes(1, 1)
        page.write_row(0, 0, list(headings.values()), book.add_format({"bold": True, "num_format": "@"}))
        for rows, (owner, values) in enumerate(_records(place), 1):
            owners.add(owner)
            for column, field in enumerate(headings):
                if value := values.get(field, ""):
                    page.write_string(rows, column, value.translate(_FORBIDDEN)[:_LONGEST], text)
        book.close()
    return RegistryExport(path, len(owners), rows)


def _records(place: Workplace) -> Iterator[tuple[str, dict[str, str]]]:
    """Organization id and field → text for each row, by region and name."""
    query = (
        select(Organization, Certificate)
        .outerjoin(Certificate, Certificate.organization_id == Organization.id)
        .order_by(Organization.region, Organization.name, Organization.id, Certificate.number)
        .execution_options(yield_per=_PAGE)
    )
    with place.read() as session:
        for organization, certificate in session.execute(query):
            values = _texts(organization)
            if certificate is not None:
                values.update(_texts(certificate))
                values.update(_worded(certificate))
            yield organization.id, values


def _texts(row: Organization | Certificate) -> dict[str, str]:
    return {column.key: as_text(getattr(row, column.key)) for column in row.__table__.columns}


def _worded(certificate: Certificate) -> dict[str, str]:
    """The columns that the list writes in words, or under the heading of the certificate's status."""
    status = certificate.status
    scheme = label("scheme", certificate.scheme)
    if certificate.scheme is Scheme.CCC and certificate.product_class:
        scheme = label("product_class", certificate.product_class)
    ended = status in (CertificateStatus.WITHDRAWN, CertificateStatus.CANCELLED)
    return {
        "status": label("certificate_status", status),
        "project": certificate.project or scheme,
        f"{status}_reason": certificate.status_reason,
        f"{status}_on": as_text(certificate.ended_on) if ended else "",
    }
