"""Dossiers of organizations (建档), and the regions that the registry knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select

from app.errors import BadInput
from app.models.registry import Organization
from app.services.workplace import Changes, Workplace

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region with the number of its organizations."""

    code: str
    name: str
    organizations: int


def open_dossiers(place: Workplace, *, ids: Sequence[str] | None = None, on: date) -> Changes:
    """Note that the dossiers of ``ids`` (without: of all) were made on a day; a known day stays.

    应建 and 已建 of the official tables are counted from it (specs/statistics.md, 附件1).
    """
    if on > place.today():
        raise BadInput("registry.dossier_in_future", on=on.isoformat())
    with place.write("dossier.open") as work:
        opened: list[str] = []
        for query in _lacking(ids):
            for organization in work.session.scalars(query):
                organization.dossier_on = on
                opened.append(organization.id)
        if opened:
            work.commit()
    return Changes.of("organization", *opened) if opened else Changes()


def _lacking(ids: Sequence[str] | None) -> Iterator[Select[Organization]]:
    """Queries for the organizations without a dossier, so many ids in each as one query can name."""
    lacking = select(Organization).where(Organization.dossier_on.is_(None))
    if ids is None:
        yield lacking
        return
    for start in range(0, len(ids), _CHUNK):
        yield lacking.where(Organization.id.in_(ids[start : start + _CHUNK]))


def region_rows(place: Workplace) -> tuple[RegionRow, ...]:
    """Regions by their code, each under the name that most of its organizations give it."""
    query = (
        select(Organization.region, Organization.region_name, func.count())
        .where(Organization.region != "")
        .group_by(Organization.region, Organization.region_name)
        .order_by(Organization.region, func.count().desc())
    )
    found: dict[str, RegionRow] = {}
    with place.read() as session:
        for code, name, count in session.execute(query):
            known = found.get(code)
            found[code] = (
                RegionRow(code, known.name or name, known.organizations + count)
                if known
                else (RegionRow(code, name, count))
            )
    return tuple(found.values())
