"""Provisions as they stand beside an item and on paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.law.citation import lacks_article, without_article
from app.law.duties import duties_of, parties, penalties_of
from app.law.library import Library
from app.law.provision import Provision
from app.models.enforcement import RectificationOrder
from app.models.inspection import Finding, Inspection
from app.services.lawbook import law_on
from app.services.sheet_rows import CitedProvision
from app.services.workplace import Workplace
from app.wording import label


def cited(law: Library, ids: Iterable[str]) -> tuple[CitedProvision, ...]:
    """The provisions of ``ids`` as shown.

    An unknown id is shown as it is; it needs confirmation, and its article has to be written.
    """
    return tuple(_cited(law, each, law.get(each)) for each in ids)


def cited_at(place: Workplace, moment: datetime, ids: Iterable[str]) -> tuple[CitedProvision, ...]:
    """The provisions of ``ids``, each once, as the law was known at a moment."""
    return cited(law_on(place, local_date(moment)), dict.fromkeys(ids))


def marked(provision: CitedProvision) -> str:
    """A provision on paper, behind it the mark that it was not compared with the official text.

    What lacks its article says so itself.
    """
    doubted = provision.needs_confirmation and not lacks_article(provision.text)
    return provision.text + label("paper_checklist", "mark") * doubted


def unconfirmed(place: Workplace, session: Session, order: RectificationOrder) -> tuple[CitedProvision, ...]:
    """The 待核对 provisions behind an order that nobody confirmed by name; such an order stays a draft on paper.

    It was drafted here only with a name, but it may have come from elsewhere.
    """
    inspection = session.get(Inspection, order.inspection_id)
    if order.confirmed_by or inspection is None:
        return ()
    wanted = select(Finding.provision, Finding.penalty).where(
        Finding.inspection_id == order.inspection_id, Finding.order_key == order.key
    )
    rows = session.execute(wanted).all()
    law = law_on(place, local_date(inspection.started_at))
    bound = parties(inspection.inspection_type, order.subject_kind)
    duties = duties_of(law, (each for row in rows for each in row.provision.split()), bound)
    penalties = penalties_of(law, (each for row in rows for each in row.penalty.split()), bound)
    return tuple(each for each in cited(law, dict.fromkeys((*duties, *penalties))) if each.needs_confirmation)


def unwritten(violated: str, basis: str) -> dict[str, str]:
    """Which of an order's two citations still lack an article, by their names, with their texts.

    A name behind 待核对 provisions says that somebody compared them; what prints is the text itself.
    """
    return {name: text for name, text in (("violated", violated), ("basis", basis)) if lacks_article(text)}


def wanting(violated: str, basis: str) -> dict[str, str]:
    """Which of an order's two citations somebody has to write before it is issued: empty ones too."""
    empty = {name: "" for name, text in (("violated", violated), ("basis", basis)) if not text.strip()}
    return empty | unwritten(violated, basis)


def _cited(law: Library, provision_id: str, found: Provision | None) -> CitedProvision:
    if found is None:
        text = without_article(provision_id)
        return CitedProvision(provision_id, text, "", "", "unverified", needs_confirmation=True)
    return CitedProvision(
        provision_id,
        law.cite(provision_id),
        found.duty,
        found.penalty,
        found.confidence,
        found.needs_confirmation,
    )
