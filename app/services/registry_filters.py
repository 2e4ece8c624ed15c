"""Filters of the list of organizations: what each choice leaves, and how many each other choice would list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)

from app.models.inspection import Inspection
from app.models.planning import Assignment
from app.models.registry import Certificate, Organization
from app.services.deadlines import Deadline, due_in, nearest_due, stretch
from app.services.scopes import DONE, covering, region_is
from app.services.workplace import Workplace
from app.vocabulary import CertificateStatus, Role, Scheme


@dataclass(frozen=True, slots=True)
class RegistryFilters:
    """What the list is narrowed to; ``None`` and an empty region narrow nothing.

    ``scheme`` and ``status`` together ask for one certificate that has both. ``deadline`` is about the
    nearest day of the targets of an organization that are not done; ``risk`` is a level as the
    registry says it, the empty one asks for those without any.
    """

    scheme: Scheme | None = None
    status: CertificateStatus | None = None
    deadline: Deadline | None = None
    risk: str | None = None
    region: str = ""


ALL: Final = RegistryFilters()


@dataclass(frozen=True, slots=True)
class RegistryFilterCounts:
    """How many organizations there are under each choice; ``regions`` names the codes of ``by_region``."""

    by_scheme: Mapping[Scheme, int]
    by_status: Mapping[CertificateStatus, int]
    by_deadline: Mapping[Deadline, int]
    by_risk: Mapping[str, int]
    by_region: Mapping[str, int]
    regions: Mapping[str, str]


def says(word: str) -> ColumnElement[bool]:
    """Condition: name, code, address, certificate number or pinyin initials contain ``word``."""
    return or_(
        Organization.name.contains(word, autoescape=True),
        Organization.credit_code.contains(word.upper(), autoescape=True),
        Organization.address.contains(word, autoescape=True),
        Organization.initials.contains(word.lower(), autoescape=True),
        Organization.id.in_(
            select(Certificate.organization_id).where(
                Certificate.number.contains(word.upper(), autoescape=True)
            )
        ),
    )


def narrowing(place: Workplace, filters: RegistryFilters) -> Iterator[ColumnElement[bool]]:
    """Conditions on organizations that leave what ``filters`` ask for."""
    if filters.region:
        yield region_is(filters.region)
    if filters.scheme or filters.status:
        yield Organization.id.in_(_holders(filters.scheme, filters.status))
    if filters.risk is not None:
        yield Organization.risk == filters.risk
    if filters.deadline is not None:
        due = _due(place).subquery()
        if filters.deadline == "none":
            yield Organization.id.not_in(select(due.c.organization_id).where(due.c.due.is_not(None)))
        else:
            within = due_in(filters.deadline, place.today(), due.c.due)
            yield Organization.id.in_(select(due.c.organization_id).where(within))


def _holders(scheme: Scheme | None, status: CertificateStatus | None) -> Select[str]:
    # Not a correlated EXISTS: for each organization that would walk the whole index on the scheme.
    held = select(Certificate.organization_id)
    if scheme:
        held = held.where(Certificate.scheme == scheme)
    return held.where(Certificate.status == status) if status else held


def _due(place: Workplace) -> Select[str, Any]:
    """The nearest day of each organization's targets that are not done; a laptop looks at its own."""
    done = exists().where(Inspection.assignment_id == Assignment.id, Inspection.status.in_(DONE))
    open_ones = [Assignment.cancelled_at.is_(None), ~done]
    if place.owner.role is Role.INSPECTOR:
        open_ones.append(Assignment.device_id == place.device_id)
    day = func.min(nearest_due()).label("due")
    return select(Assignment.organization_id, day).where(*open_ones).group_by(Assignment.organization_id)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Organizations that risk, region and deadline do not tell apart."""

    risk: str
    region: str
    region_name: str
    deadline: Deadline
    number: int


def registry_filter_counts(
    place: Workplace, *, query: str = "", filters: RegistryFilters
) -> RegistryFilterCounts:
    """How many organizations a list would hold with one filter set otherwise and the others as they are."""
    kinds: list[_Kind] = []
    schemes: dict[Scheme, int] = {}
    statuses: dict[CertificateStatus, int] = {}
    today = place.today()
    with place.read() as session:
        for what, word, region, name, due, number in session.execute(_counting(place, query, filters)):
            if what == "scheme":
                schemes[Scheme(word)] = number
            elif what == "status":
                statuses[CertificateStatus(word)] = number
            else:
                kinds.append(_Kind(word, region, name, stretch(due, today), number))
    deadlines: Counter[Deadline] = Counter()
    risks: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    names = {kind.region: kind.region_name or kind.region for kind in kinds if kind.region}
    for kind in kinds:
        at_risk = filters.risk in {None, kind.risk}
        inside = kind.region.startswith(covering(filters.region))
        in_time = filters.deadline in {None, kind.deadline}
        if at_risk and inside:
            deadlines[kind.deadline] += kind.number
        if in_time and inside:
            risks[kind.risk] += kind.number
        if in_time and at_risk:
            regions.update({code: kind.number for code in names if kind.region.startswith(covering(code))})
    return RegistryFilterCounts(schemes, statuses, deadlines, risks, regions, names)


def _counting(place: Workplace, query: str, filters: RegistryFilters) -> CompoundSelect[*tuple[Any, ...]]:
    """One statement for all counts, so that the words of ``query`` are looked for once."""
    due = _due(place).subquery()
    matched = (
        select(
            Organization.id, Organization.risk, Organization.region, Organization.region_name,
            type_coerce(due.c.due, Date).label("due"),
        )
        .outerjoin(due, due.c.organization_id == Organization.id)
        .where(*(says(word) for word in query.split()))
        .cte("matched")
    )  # fmt: skip
    told = (matched.c.risk, matched.c.region, matched.c.region_name, matched.c.due)
    kinds = select(literal("kind"), *told, func.count()).group_by(*told)
    if filters.scheme or filters.status:
        kinds = kinds.where(matched.c.id.in_(_holders(filters.scheme, filters.status)))
    left = list(_left(matched.c, filters, place.today()))

    def held(what: str, column: Any, *certificates: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        number = func.count(Certificate.organization_id.distinct())
        chosen = select(literal(what), type_coerce(column, String), literal(""), literal(""), null(), number)
        of_them = chosen.join(matched, matched.c.id == Certificate.organization_id)
        return of_them.where(*left, *certificates).group_by(column)

    with_status = [Certificate.status == filters.status] if filters.status else []
    with_scheme = [Certificate.scheme == filters.scheme] if filters.scheme else []
    return union_all(
        kinds,
        held("scheme", Certificate.scheme, *with_status),
        held("status", Certificate.status, *with_scheme),
    )


def _left(matched: Any, filters: RegistryFilters, today: date) -> Iterator[ColumnElement[bool]]:
    if filters.risk is not None:
        yield matched.risk == filters.risk
    if filters.region:
        yield matched.region.startswith(covering(filters.region), autoescape=True)
    if filters.deadline is not None:
        yield due_in(filters.deadline, today, matched.due)
