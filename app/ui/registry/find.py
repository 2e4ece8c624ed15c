"""What the list of organizations is asked for, and what is found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.services import registering
from app.services.registering import OrganizationRow, RegionRow, RegistryCounts, RegistryFilters
from app.services.workplace import Workplace
from app.ui.searching import Found
from app.ui.tokens import Tone
from app.ui.widgets import Column, day_text
from app.vocabulary import CertificateStatus, Scheme
from app.wording import joined, label


@dataclass(frozen=True, slots=True)
class Asked:
    """A search with its filters and order."""

    query: str = ""
    scheme: Scheme | None = None
    status: CertificateStatus | None = None
    region: str = ""
    order: str = "name"

    @property
    def narrowed(self) -> bool:
        """Whether anything leaves organizations out."""
        return bool(self.query or self.scheme or self.status or self.region)

    def saying(self, query: str) -> Asked:
        """The same list with other words."""
        return replace(self, query=query)


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much the registry holds, for the filters and the line under the title."""

    counts: RegistryCounts
    regions: tuple[RegionRow, ...]
    people: int


def find(place: Workplace, asked: Asked) -> Found[Asked]:
    """Search; runs in the store's thread."""
    filters = RegistryFilters(asked.scheme, asked.status, region=asked.region)
    return Found(
        asked, registering.organization_ids(place, query=asked.query, filters=filters, order=asked.order)
    )


def holdings(place: Workplace) -> Holdings:
    """Count everything; runs in the store's thread."""
    return Holdings(
        registering.registry_counts(place),
        registering.region_rows(place),
        len(registering.people_rows(place)),
    )


def holdings_text(found: Holdings) -> str:
    """The registry in one line."""
    counts = found.counts
    parts = [f"企业 {counts.organizations:,}", f"证书 {counts.certificates:,}", f"执法人员 {found.people:,}"]
    if counts.newest_as_of is not None:
        parts.append(f"数据截至 {day_text(counts.newest_as_of)}")
    return " · ".join(parts)


_SHORT: Final = "认证"


def schemes_text(row: OrganizationRow) -> str:
    """The schemes of an organization in few words."""
    return joined("names", (label("scheme", scheme).removesuffix(_SHORT) for scheme in row.schemes))


def standing_text(row: OrganizationRow) -> str:
    """The status of an organization's certificates, each once."""
    return joined("names", (label("certificate_status", status) for status in row.statuses))


def standing_tone(row: OrganizationRow) -> Tone | None:
    """Marked as soon as one certificate is not valid."""
    return None if set(row.statuses) <= {CertificateStatus.VALID} else "attention"


def _code_tone(row: OrganizationRow) -> Tone | None:
    return "attention" if row.code_state in {"bad", "old"} else None


COLUMNS: Final = (
    Column[OrganizationRow]("企业", "name", 0, sort="name"),
    Column[OrganizationRow]("统一社会信用代码", "credit_code", 23, tone=_code_tone),
    Column[OrganizationRow]("地区", "region_name", 8, sort="region"),
    Column[OrganizationRow]("认证类别", schemes_text, 14),
    Column[OrganizationRow]("证书", "certificates", 5, "center"),
    Column[OrganizationRow]("状态", standing_text, 12, tone=standing_tone),
    Column[OrganizationRow]("最早到期", lambda row: day_text(row.next_expiry), 11),
)
LEFT_TO_THE_DOSSIER: Final = {2: 900, 3: 1060, 6: 1240}
"""Columns, and the width of the screen below which only the dossier says them."""
