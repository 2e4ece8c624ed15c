"""Whose duty a provision is: what a party can be told to have violated, and whose breach an item asks about.

Beside an item stand the powers of the office, procedure, notices and other parties' duties as well. They
tell the inspector why and how to look; nobody who was inspected breaks them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from app.law.library import Library
from app.law.provision import Provision
from app.vocabulary import Disposition, InspectionType, Obliged, ProvisionKind, SubjectKind

_INSPECTED: Final = {
    InspectionType.MS_CB: frozenset({Obliged.CERTIFICATION_BODY}),
    InspectionType.CB_SELF: frozenset({Obliged.CERTIFICATION_BODY}),
    InspectionType.CCC_LAB: frozenset({Obliged.LABORATORY}),
    InspectionType.CMA_LAB: frozenset({Obliged.LABORATORY}),
    InspectionType.CCC_CIRCULATION: frozenset({Obliged.ENTERPRISE, Obliged.PLATFORM}),
    InspectionType.ORGANIC_SALES: frozenset({Obliged.ENTERPRISE, Obliged.PLATFORM}),
}
"""As what the inspected party is inspected; an enterprise where it is not named."""

_OTHERS: Final = {
    SubjectKind.CERTIFICATION_BODY: frozenset({Obliged.CERTIFICATION_BODY}),
    SubjectKind.DESIGNATED_LABORATORY: frozenset({Obliged.LABORATORY}),
}

_HANDED_UP: Final = frozenset({Disposition.REFER_SUPERIOR, Disposition.REPORT_PROVINCE})
_ABOUT_OTHERS: Final = frozenset({Disposition.NOTIFY_BODY, *_HANDED_UP})
_ORDERS: Final = frozenset({Disposition.RECTIFY_AT_ONCE, Disposition.RECTIFY_BY_DATE})
_ON_THE_SPOT: Final = frozenset({Disposition.ON_SITE_GUIDANCE, Disposition.SAMPLING, *_ORDERS})


def parties(inspection_type: InspectionType, kind: SubjectKind) -> frozenset[Obliged]:
    """As what a party of a visit is bound: the inspected one, or the other that ``kind`` names."""
    return _OTHERS.get(kind) or _INSPECTED.get(inspection_type, frozenset({Obliged.ENTERPRISE}))


def duties_of(law: Library, ids: Iterable[str], bound: Collection[Obliged]) -> tuple[str, ...]:
    """Those of ``ids`` that are duties of a party bound so.

    An id that the library does not know is kept: whoever wrote it knows what it is, and has to confirm it.
    """
    return tuple(each for each in dict.fromkeys(ids) if _is_own(law.get(each), bound))


def _is_own(provision: Provision | None, bound: Collection[Obliged]) -> bool:
    if provision is None:
        return True
    return provision.kind is ProvisionKind.DUTY and provision.concerns(bound)


def penalties_of(law: Library, ids: Iterable[str], bound: Collection[Obliged]) -> tuple[str, ...]:
    """Those of ``ids`` that punish a breach by a party bound so, unknown ones with them."""
    found = ((each, law.get(each)) for each in dict.fromkeys(ids))
    return tuple(each for each, provision in found if provision is None or provision.concerns(bound))


def offered(
    law: Library,
    references: Iterable[str],
    dispositions: Collection[Disposition],
    inspection_type: InspectionType,
) -> tuple[Disposition, ...]:
    """What may be done about an item, the usual first; guidance for an order where it names no duty of the inspected.

    Whoever knows such a duty may still choose an order, and writes it there.
    """
    if duties_of(law, references, parties(inspection_type, SubjectKind.ORGANIZATION)):
        return tuple(dispositions)
    milder = (Disposition.ON_SITE_GUIDANCE if each in _ORDERS else each for each in dispositions)
    return tuple(dict.fromkeys(milder))


def breach_of(
    law: Library,
    references: Iterable[str],
    dispositions: Collection[Disposition],
    inspection_type: InspectionType,
) -> SubjectKind:
    """Whose breach it is when an item with these provisions does not conform.

    Another party's (a certification body's, a laboratory's) where the law that the item cites binds that
    party and the item is handed up, as breaches of bodies are dealt with; the inspected party's otherwise.
    A provision that binds both leaves the item with the inspected one as soon as anything is done there.
    """
    found = [each for each in map(law.get, references) if each is not None and each.binds]
    if _HANDED_UP.isdisjoint(dispositions) or not _ON_THE_SPOT.isdisjoint(dispositions):
        return SubjectKind.ORGANIZATION
    own = parties(inspection_type, SubjectKind.ORGANIZATION)
    if any(each.concerns(own) for each in found) and not _ABOUT_OTHERS.issuperset(dispositions):
        return SubjectKind.ORGANIZATION
    others = (kind for kind, bound in _OTHERS.items() if bound != own)
    return next(
        (kind for kind in others if any(each.concerns(_OTHERS[kind]) for each in found)),
        SubjectKind.ORGANIZATION,
    )
