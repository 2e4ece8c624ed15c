"""The two lists of targets: what was handed to this device, and the whole registry for leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from app.services import questions, registering, target_counts, targets
from app.services.deadlines import Deadline
from app.services.registering import OrganizationRow, RegistryFilters
from app.services.target_counts import Filters, TargetCounts
from app.services.targets import Order, State, TargetRow
from app.services.workplace import Workplace
from app.ui.registry.find import standing_text, standing_tone
from app.ui.searching import Found
from app.ui.targets.dossier import FLAGS, days_left
from app.ui.tokens import Tone
from app.ui.widgets import Column, day_text
from app.vocabulary import SCHEME_OF, CertificateStatus, InspectionStatus, InspectionType
from app.wording import joined, label

STATES: Final[Mapping[State, str]] = {"open": "未完成", "done": "已完成", "all": "全部"}
DEADLINES: Final[Mapping[Deadline, str]] = {
    "overdue": "已逾期", "week": "7 天内到期", "month": "30 天内到期", "later": "30 天以后", "none": "没有期限",
}  # fmt: skip
NO_RISK: Final = "-"
"""The word for organizations without a level; the empty one stands for every level."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; ``standing`` narrows the registry by the status of certificates."""

    query: str = ""
    filters: Filters = field(default_factory=Filters)
    order: Order = "due"
    registry: bool = False
    standing: CertificateStatus | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but how far a target is leaves some out."""
        return bool(self.query or self.standing) or self.filters != Filters(state=self.filters.state)

    def saying(self, query: str) -> Asked:
        """The same list with other words."""
        return replace(self, query=query)

    def of_registry(self) -> RegistryFilters:
        """The filters as the registry knows them."""
        kind = self.filters.inspection_type
        scheme = SCHEME_OF[kind] if kind else None
        filters = self.filters
        return RegistryFilters(scheme, self.standing, filters.deadline, filters.risk, filters.region)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there would be under each other choice of a filter."""

    asked: Asked
    found: TargetCounts
    by_standing: Mapping[CertificateStatus, int] = field(default_factory=dict)


def find(place: Workplace, asked: Asked) -> Found[Asked]:
    """Search; runs in the store's thread."""
    filters = asked.filters
    if asked.registry:
        return Found(
            asked, registering.organization_ids(place, query=asked.query, filters=asked.of_registry())
        )
    ids = targets.assignment_ids(
        place,
        query=asked.query,
        inspection_type=filters.inspection_type,
        state=filters.state,
        order=asked.order,
        region=filters.region,
        deadline=filters.deadline,
        risk=filters.risk,
    )
    return Found(asked, ids, not ids and not targets.assignment_ids(place, query=asked.query, state="all"))


def count(place: Workplace, asked: Asked) -> Counts:
    """Count under each filter; runs in the store's thread, after the list is shown."""
    if asked.registry:
        held = registering.registry_filter_counts(place, query=asked.query, filters=asked.of_registry())
        kinds = map(InspectionType, questions.offered(place))
        by_type = {kind: held.by_scheme.get(SCHEME_OF[kind], 0) for kind in kinds}
        found = TargetCounts({}, by_type, held.by_deadline, held.by_risk, held.by_region, held.regions)
        return Counts(asked, found, held.by_status)
    return Counts(asked, target_counts.assignment_counts(place, query=asked.query, filters=asked.filters))


def why_text(row: TargetRow, today: date) -> str:
    """Until when: this office's day with its weekday, and the day of the office above; years only when other."""
    parts = []
    if row.due_on is not None:
        parts.append(_short(day_text(row.due_on, weekday=True), row.due_on, today))
    if row.superior_due_on is not None:
        parts.append(f"上级 {_short(day_text(row.superior_due_on), row.superior_due_on, today)}")
    return " · ".join(parts)


def _short(text: str, day: date, today: date) -> str:
    return text[len("2026-") :] if day.year == today.year else text


def flags_text(row: TargetRow) -> str:
    """What has to be known before going there."""
    return joined("names", (FLAGS[flag][0] for flag in row.flags if flag in FLAGS))


def _flags_tone(row: TargetRow) -> Tone | None:
    return "attention" if row.flags else None


def _status_tone(row: TargetRow) -> Tone | None:
    tones: dict[InspectionStatus, Tone] = {
        InspectionStatus.IN_PROGRESS: "accent",
        InspectionStatus.RETURNED: "attention",
        InspectionStatus.FINALISED: "good",
        InspectionStatus.APPROVED: "good",
    }
    return tones.get(row.status)


def target_columns(today: Callable[[], date]) -> tuple[Column[TargetRow], ...]:
    """Columns of the assigned targets; deadlines go by what ``today`` is when they are painted."""

    def due_tone(row: TargetRow) -> Tone | None:
        left = days_left(row, today())
        return left[1] if left is not None and left[1] != "neutral" else None

    return (
        Column[TargetRow]("企业", "name", 0, sort="name"),
        Column[TargetRow]("检查类型", lambda row: label("inspection_type", row.inspection_type), 17),
        Column[TargetRow]("期限", lambda row: why_text(row, today()), 22, tone=due_tone, sort="due"),
        Column[TargetRow]("依据", "document", 17),
        Column[TargetRow]("状态", lambda row: label("inspection_status", row.status), 8, tone=_status_tone),
        Column[TargetRow]("注意", flags_text, 13, tone=_flags_tone),
    )


LEFT_TO_THE_DOSSIER: Final = {1: 960, 3: 1040}
"""Columns of the targets, and the width of the screen below which only the dossier says them."""


ORGANIZATION_COLUMNS: Final = (
    Column[OrganizationRow]("企业", "name", 0),
    Column[OrganizationRow]("统一社会信用代码", "credit_code", 23),
    Column[OrganizationRow]("地区", "region_name", 10),
    Column[OrganizationRow]("证书", "certificates", 6, align="center"),
    Column[OrganizationRow]("证书状态", standing_text, 12, tone=standing_tone),
)
