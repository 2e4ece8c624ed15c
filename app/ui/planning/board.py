"""What the planning screen shows, worked out from the services: plans, tasks, what is still missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.services import enrolment, planning, registering, targets
from app.services.assigning import SMALLEST_TEAM
from app.services.enrolment import DeviceRow
from app.services.planning import PlanRow, TaskRow
from app.services.registering import OrganizationRow, PersonView, RegionRow
from app.services.targets import TargetRow
from app.services.workplace import Workplace
from app.ui.searching import Found
from app.ui.targets.dossier import FLAGS
from app.ui.tokens import Tone
from app.ui.widgets import Column, day_text
from app.vocabulary import InspectionStatus, Role
from app.wording import joined, label

SOON: Final = 14
"""Days before a deadline from which open targets ask for attention."""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything but the lists of organizations."""

    today: date
    plans: tuple[PlanRow, ...]
    plan_id: str
    tasks: tuple[TaskRow, ...]
    people: tuple[PersonView, ...]
    devices: tuple[DeviceRow, ...]
    regions: tuple[RegionRow, ...]

    @property
    def plan(self) -> PlanRow | None:
        """The chosen plan."""
        return next((plan for plan in self.plans if plan.id == self.plan_id), None)

    def task(self, key: str | None) -> TaskRow | None:
        """A task of the plan."""
        return next((task for task in self.tasks if task.key == key), None)


def board(place: Workplace, plan_id: str = "") -> Board:
    """Read it for one plan, the newest one where that is gone; runs in the store's thread."""
    plans = planning.plan_rows(place)
    known = {plan.id for plan in plans}
    chosen = plan_id if plan_id in known else next((plan.id for plan in plans), "")
    devices = (row for row in enrolment.device_rows(place) if row.revoked_at is None and not row.own)
    return Board(
        today=place.today(),
        plans=plans,
        plan_id=chosen,
        tasks=planning.task_rows(place, plan_id=chosen) if chosen else (),
        people=tuple(row for row in registering.people_rows(place) if row.credential),
        devices=tuple(row for row in devices if row.role is Role.INSPECTOR),
        regions=registering.region_rows(place),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which organizations of a task are asked for."""

    plan_id: str
    task_key: str
    assigned: bool = False
    query: str = ""
    region: str = ""

    def saying(self, query: str) -> Asked:
        """The same list with other words."""
        return replace(self, query=query)


def look_up(place: Workplace, asked: Asked) -> Found[Asked]:
    """Organizations that can be handed out, or assignments that were; runs in the store's thread."""
    if not asked.assigned:
        ids = targets.candidate_ids(
            place, plan_id=asked.plan_id, task_key=asked.task_key, query=asked.query, region=asked.region
        )
        return Found(asked, ids)
    ids = targets.assignment_ids(
        place, plan_id=asked.plan_id, task_key=asked.task_key, query=asked.query, region=asked.region,
        state="all", order="name",
    )  # fmt: skip
    return Found(asked, ids)


@dataclass(frozen=True, slots=True)
class Team:
    """Who is chosen to go, and with which device."""

    officers: tuple[str, ...] = ()
    lead: str = ""
    device_id: str = ""


def missing(found: Board, task: TaskRow | None, selected: int, team: Team) -> tuple[str, ...]:
    """What still has to be chosen before anything can be handed out, a sentence each."""
    said = []
    if not found.plans:
        said.append("先导入计划文件（Ctrl+I），或新建一个计划（Ctrl+N）")
    elif task is None:
        said.append("先选一项任务；没有任务时按 Ctrl+T 新增")
    elif not selected:
        said.append("在左边选企业：Shift 或 Ctrl 多选，Ctrl+A 全选")
    if len(found.people) < SMALLEST_TEAM:
        said.append("人员名单不足两人，到“名录”导入执法人员")
    elif len(team.officers) < SMALLEST_TEAM:
        said.append(
            f"检查组还差 {SMALLEST_TEAM - len(team.officers)} 人，执法检查不得少于 {SMALLEST_TEAM} 人"
        )
    elif team.lead not in team.officers:
        said.append("指定一名组长")
    if not found.devices:
        said.append("还没有登记检查用的设备，到“设备与下发”登记")
    elif not team.device_id:
        said.append("选一台设备")
    return tuple(said)


def progress_text(plan: PlanRow | None) -> str:
    """How far a plan is done."""
    if plan is None:
        return ""
    left = max(0, plan.required - plan.done)
    return f"任务 {plan.tasks} 项 · 应查 {plan.required:,} · 已查 {plan.done:,} · 剩余 {left:,}"


def plan_text(plan: PlanRow) -> str:
    """A plan as it is offered for choosing."""
    return plan.title if str(plan.year) in plan.title else f"{plan.year} 年 {plan.title}"


def task_columns(today: Callable[[], date]) -> tuple[Column[TaskRow], ...]:
    """Columns of the tasks; deadlines are coloured by what ``today`` is when they are painted."""

    def tone(row: TaskRow, due: date | None) -> Tone | None:
        if due is None or not row.remaining:
            return None
        left = (due - today()).days
        return "bad" if left < 0 else "attention" if left <= SOON else None

    return (
        Column[TaskRow]("任务", "title", 0),
        Column[TaskRow]("检查类型", lambda row: label("inspection_type", row.inspection_type), 17),
        Column[TaskRow]("范围内", lambda row: f"{row.base:,}", 7, "center"),
        Column[TaskRow]("应查", lambda row: f"{row.required:,}", 6, "center"),
        Column[TaskRow]("已派", lambda row: f"{row.assigned:,}", 6, "center"),
        Column[TaskRow]("已查", lambda row: f"{row.done:,}", 6, "center"),
        Column[TaskRow]("剩余", lambda row: f"{row.remaining:,}", 6, "center",
                        tone=lambda row: "attention" if row.remaining else "good"),
        Column[TaskRow]("本局期限", lambda row: day_text(row.own_deadline, weekday=True), 15,
                        tone=lambda row: tone(row, row.own_deadline)),
        Column[TaskRow]("上级期限", lambda row: day_text(row.superior_deadline, weekday=True), 15,
                        tone=lambda row: tone(row, row.superior_deadline)),
        Column[TaskRow]("依据", "document", 25),
    )  # fmt: skip


def _flags(row: TargetRow) -> str:
    return joined("names", (FLAGS[flag][0] for flag in row.flags if flag in FLAGS))


def _status_tone(row: TargetRow) -> Tone | None:
    tones: dict[InspectionStatus, Tone] = {
        InspectionStatus.IN_PROGRESS: "accent",
        InspectionStatus.RETURNED: "attention",
        InspectionStatus.FINALISED: "good",
        InspectionStatus.APPROVED: "good",
    }
    return tones.get(row.status)


CANDIDATE_COLUMNS: Final = (
    Column[OrganizationRow]("企业", "name", 0),
    Column[OrganizationRow]("统一社会信用代码", "credit_code", 23),
    Column[OrganizationRow]("地区", "region_name", 8),
    Column[OrganizationRow]("证书", "certificates", 5, "center"),
    Column[OrganizationRow]("风险", "risk", 5, "center"),
)
ASSIGNED_COLUMNS: Final = (
    Column[TargetRow]("企业", "name", 0),
    Column[TargetRow]("检查组", lambda row: joined("names", row.officers), 18),
    Column[TargetRow]("状态", lambda row: label("inspection_status", row.status), 8, tone=_status_tone),
    Column[TargetRow]("期限", lambda row: day_text(row.due_on or row.superior_due_on), 11),
    Column[TargetRow]("注意", _flags, 12, tone=lambda row: "attention" if row.flags else None),
)
