"""Provisions as they stand beside an item and on paper."""

from __future__ import annotations

from collections.abc import Iterable

from app.law.library import library
from app.law.provision import Provision
from app.services.sheet_rows import CitedProvision


def cited(ids: Iterable[str]) -> tuple[CitedProvision, ...]:
    """The provisions of ``ids`` as shown; an unknown id is shown as it is and needs confirmation."""
    return tuple(_cited(each, library().get(each)) for each in ids)


def _cited(provision_id: str, found: Provision | None) -> CitedProvision:
    if found is None:
        return CitedProvision(provision_id, provision_id, "", "", "unverified", needs_confirmation=True)
    return CitedProvision(
        provision_id,
        library().cite(provision_id),
        found.duty,
        found.penalty,
        found.confidence,
        found.needs_confirmation,
    )
