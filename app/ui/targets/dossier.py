"""What is known about one organization: task, certificates with their date, earlier visits, open orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.clock import local_date
from app.errors import BadInput
from app.services import enforcing, registering, targets, visits
from app.services.enforcing import OrderRow
from app.services.registering import CertificateRow, OrganizationDetail
from app.services.scopes import DONE
from app.services.targets import TargetRow
from app.services.visits import InspectionRow
from app.services.workplace import Workplace
from app.ui.blocks import Block, Part
from app.ui.tokens import Tone
from app.ui.visit.aside import NOT_KEPT, registry_heading
from app.ui.widgets import day_text
from app.vocabulary import CertificateStatus
from app.wording import joined, label

CERTIFICATES_SHOWN: Final = 12
VISITS_SHOWN: Final = 6

FLAGS: Final[dict[str, tuple[str, Tone]]] = {
    "certificate_suspended": ("有暂停证书", "attention"),
    "certificate_ended": ("有失效证书", "attention"),
    "order_open": ("有未闭环责改", "attention"),
    "code_bad": ("代码有误", "attention"),
    "in_conflict": ("填写不一致", "bad"),
    "cancelled": ("已撤回", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """The facts of one organization on one day."""

    today: date
    detail: OrganizationDetail
    visits: tuple[InspectionRow, ...]
    orders: tuple[OrderRow, ...]
    tasks: tuple[TargetRow, ...]

    @property
    def day(self) -> date:
        """The day that its certificates are judged for."""
        return self.detail.on or self.today


def dossier(place: Workplace, organization_id: str, target: TargetRow | None = None) -> Dossier | None:
    """Gather the dossier; ``None`` when the registry no longer has the organization.

    Of a target that is done the certificates are as they were on the day of its inspection.
    """
    try:
        detail = registering.organization_detail(place, organization_id, on=_inspected_on(place, target))
    except BadInput:
        return None
    ids = visits.inspection_ids(place, organization_id=organization_id)
    orders = tuple(row for row in enforcing.order_rows(place) if row.inspection_id in ids)
    tasks = targets.assignment_rows(place, targets.assignment_ids(place, organization_id=organization_id))
    return Dossier(place.today(), detail, visits.inspection_rows(place, ids), orders, tasks)


def _inspected_on(place: Workplace, target: TargetRow | None) -> date | None:
    if target is None or target.inspection_id is None or target.status not in DONE:
        return None
    rows = visits.inspection_rows(place, (target.inspection_id,))
    return local_date(rows[0].started_at) if rows else None


def blocks(found: Dossier, target: TargetRow | None) -> tuple[Block, ...]:
    """The dossier in words: of ``target``, of the registry with every task that is not done."""
    said = [_subject(found)]
    said += [_task(each, found.today) for each in ((target,) if target is not None else found.tasks)]
    said.append(_certificates(found))
    if found.orders:
        said.append(Block("未闭环的责令改正", tuple(_orders(found.orders))))
    said.append(Block("以往检查", tuple(_visits(found.visits))))
    return tuple(said)


def _subject(found: Dossier) -> Block:
    row = found.detail.row
    people = joined("names", (found.detail.legal_representative, row.contact, row.phone))
    lines: list[Part] = [("text", row.name)]
    lines += [("soft", text) for text in (row.credit_code, row.address, people) if text]
    if row.code_state == "bad":
        lines.append(("chip", ("统一社会信用代码校验位不对", "attention")))
    if row.risk:
        lines.append(("soft", f"风险等级 {row.risk}"))
    return Block("企业", tuple(lines))


def _task(target: TargetRow, today: date) -> Block:
    lines: list[Part] = [("text", label("inspection_type", target.inspection_type))]
    if target.due_on is not None:
        lines.append(("text", f"本局期限 {day_text(target.due_on, weekday=True)}"))
    if target.superior_due_on is not None:
        lines.append(("soft", f"上级期限 {day_text(target.superior_due_on, weekday=True)}"))
    if target.document:
        lines.append(("soft", f"依据 {target.document}"))
    lines.append(("soft", f"检查人员 {joined('names', target.officers)}"))
    left = days_left(target, today)
    if left is not None and left[1] != "neutral":
        lines.append(("chip", left))
    lines += [("chip", FLAGS[flag]) for flag in target.flags if flag in FLAGS]
    return Block("任务", tuple(lines))


def days_left(target: TargetRow, today: date) -> tuple[str, Tone] | None:
    """How the nearer deadline stands, for a target that is not done yet."""
    due = target.due_on or target.superior_due_on
    if due is None or target.status in DONE:
        return None
    left = (due - today).days
    if left < 0:
        return (f"已逾期 {-left} 天", "bad")
    if left == 0:
        return ("今天到期", "bad")
    return (f"还有 {left} 天", "attention" if left <= 7 else "neutral")


def _certificates(found: Dossier) -> Block:
    held = sorted(
        found.detail.certificates, key=lambda row: (row.status is CertificateStatus.VALID, row.number)
    )
    heading = registry_heading([row.as_of for row in held if row.as_of is not None], found.detail.on)
    told: list[Part] = [] if found.detail.kept else [("soft", NOT_KEPT)]
    if not held:
        return Block(heading, (*told, ("soft", "名录里没有这家企业的证书")))
    counts = Counter(row.status for row in held)
    lines: list[Part] = [
        *told,
        ("soft", joined("names", (f"{label('certificate_status', key)} {n}" for key, n in counts.items()))),
    ]
    for row in held[:CERTIFICATES_SHOWN]:
        lines += _certificate(row, found.day)
    if len(held) > CERTIFICATES_SHOWN:
        lines.append(("soft", f"另有 {len(held) - CERTIFICATES_SHOWN} 张有效证书，按证书号搜索"))
    return Block(heading, tuple(lines))


def _certificate(row: CertificateRow, today: date) -> Iterator[Part]:
    yield ("text", f"{row.number} {row.product or row.project}".strip())
    status = label("certificate_status", row.status)
    if row.status is CertificateStatus.SUSPENDED:
        until = row.suspended_to.isoformat() if row.suspended_to else "未定"
        yield ("chip", (f"{status}至 {until}", "attention"))
    elif row.expires_on is not None and row.expires_on < today:
        yield ("chip", (f"{row.expires_on.isoformat()} 到期", "attention"))
    elif row.status is CertificateStatus.VALID:
        yield ("soft", f"{status}至 {row.expires_on.isoformat()}" if row.expires_on else status)
    else:
        yield ("chip", (status, "attention"))


def _orders(orders: Sequence[OrderRow]) -> Iterator[Part]:
    for row in orders:
        yield ("text", f"{row.number or '未编号'} {label('order_status', row.status)}")
        if row.due_on is not None:
            yield (
                "chip",
                (f"期限 {day_text(row.due_on, weekday=True)}", "bad" if row.overdue else "neutral"),
            )


def _visits(rows: Sequence[InspectionRow]) -> Iterator[Part]:
    for row in rows[:VISITS_SHOWN]:
        day = local_date(row.started_at).isoformat()
        status = label("inspection_status", row.status)
        yield ("text", f"{day} {label('inspection_type', row.inspection_type)}")
        yield ("soft", f"{status} · 问题 {row.findings} 个 · {row.officers}")
    if len(rows) > VISITS_SHOWN:
        yield ("soft", f"另有 {len(rows) - VISITS_SHOWN} 次，见检查列表")
    if not rows:
        yield ("soft", "本机没有这家企业的检查记录")
