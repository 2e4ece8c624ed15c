"""Provisions as they stand beside an item and on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.clock import local_date
from app.law.library import Library
from app.law.provision import Provision
from app.services.lawbook import law_on
from app.services.sheet_rows import CitedProvision
from app.services.workplace import Workplace


def cited(law: Library, ids: Iterable[str]) -> tuple[CitedProvision, ...]:
    """The provisions of ``ids`` as shown; an unknown id is shown as it is and needs confirmation."""
    return tuple(_cited(law, each, law.get(each)) for each in ids)


def cited_at(place: Workplace, moment: datetime, ids: Iterable[str]) -> tuple[CitedProvision, ...]:
    """The provisions of ``ids``, each once, as the law was known at a moment."""
    return cited(law_on(place, local_date(moment)), dict.fromkeys(ids))


def _cited(law: Library, provision_id: str, found: Provision | None) -> CitedProvision:
    if found is None:
        return CitedProvision(provision_id, provision_id, "", "", "unverified", needs_confirmation=True)
    return CitedProvision(
        provision_id,
        law.cite(provision_id),
        found.duty,
        found.penalty,
        found.confidence,
        found.needs_confirmation,
    )
