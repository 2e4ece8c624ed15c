"""Taking registries and people in, and looking into what they brought.

Each verb has its own module; screens and commands find them all here.
"""

from __future__ import annotations

from app.services.registry_dossiers import RegionRow, open_dossiers, region_rows
from app.services.registry_export import RegistryExport, export_registry
from app.services.registry_filters import RegistryFilterCounts, RegistryFilters, registry_filter_counts
from app.services.registry_import import RegistryImport, import_registry
from app.services.registry_people import PeopleImport, PersonView, import_people, people_rows
from app.services.registry_queries import (
    CertificateRow,
    HistoryRow,
    OrganizationDetail,
    OrganizationRow,
    RegistryCounts,
    SourceRow,
    organization_detail,
    organization_ids,
    organization_rows,
    registry_counts,
)
from app.services.registry_shelf import Counts

__all__ = [
    "CertificateRow",
    "Counts",
    "HistoryRow",
    "OrganizationDetail",
    "OrganizationRow",
    "PeopleImport",
    "PersonView",
    "RegionRow",
    "RegistryCounts",
    "RegistryExport",
    "RegistryFilterCounts",
    "RegistryFilters",
    "RegistryImport",
    "SourceRow",
    "export_registry",
    "import_people",
    "import_registry",
    "open_dossiers",
    "organization_detail",
    "organization_ids",
    "organization_rows",
    "people_rows",
    "region_rows",
    "registry_counts",
    "registry_filter_counts",
]
