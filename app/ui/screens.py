"""Which screens each role has, in the order of the rail. The only list of them.

Screens are imported by their factories, so that a screen costs nothing before it is opened. An
entry is ``ScreenSpec(key, text, icon, factory)``; ``factory`` takes nothing and gives the screen,
built from ``desk``: the workplace, the jobs and the theme.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ui.dropping import PACKAGES, SCANS
from app.ui.screen import Lead, Screen, ScreenSpec, Status

if TYPE_CHECKING:
    from app.services.workplace import Workplace
    from app.ui.jobs import Jobs
    from app.ui.theme import Theme
    from app.ui.widgets.drafts import Keeping


@dataclass(frozen=True, slots=True)
class Desk:
    """What a screen works with."""

    place: Workplace
    jobs: Jobs
    theme: Theme
    keeping: Keeping | None = None
    """What outlives the program beside the records; without it nothing does."""


def screens_for(desk: Desk) -> Sequence[ScreenSpec]:
    """The screens of the role that this home belongs to."""
    return supervisor_screens(desk) if desk.place.owner.role == "supervisor" else inspector_screens(desk)


def inspector_screens(desk: Desk) -> Sequence[ScreenSpec]:
    """今日, 检查对象, 检查, 问题与处置, 打印, 扫描件, 交接, 冲突; 设置 at the foot (specs/screens.md 1-8, 12)."""
    return [
        ScreenSpec("today", "今日", "today", lambda: _today(desk)),
        ScreenSpec("targets", "检查对象", "targets", lambda: _targets(desk)),
        ScreenSpec("visit", "检查", "inspection", lambda: _visit(desk)),
        ScreenSpec("enforcement", "问题与处置", "findings", lambda: _enforcement(desk)),
        ScreenSpec("printing", "打印", "print", lambda: _printing(desk)),
        _scans_spec(desk),
        ScreenSpec("handover", "交接", "handover", lambda: _handover(desk), takes=PACKAGES),
        ScreenSpec(
            "conflicts", "冲突", "conflict", lambda: _conflicts(desk), count=lambda: conflicts_of(desk)
        ),
        ScreenSpec("settings", "设置", "settings", lambda: _settings(desk), foot=True),
        ScreenSpec("checklists", "检查清单", "inspection", lambda: _checklists(desk), listed=False),
    ]


def _today(desk: Desk) -> Screen:
    from app.ui.today.screen import TodayScreen

    return TodayScreen(desk)


def _targets(desk: Desk) -> Screen:
    from app.ui.targets.screen import TargetsScreen

    return TargetsScreen(desk)


def _visit(desk: Desk) -> Screen:
    from app.ui.visit.screen import VisitScreen

    return VisitScreen(desk)


def _enforcement(desk: Desk) -> Screen:
    from app.ui.enforcement.screen import EnforcementScreen

    return EnforcementScreen(desk)


def _printing(desk: Desk) -> Screen:
    from app.ui.paper.screen import PrintingScreen

    return PrintingScreen(desk)


def _scans_spec(desk: Desk) -> ScreenSpec:
    """扫描件, with the number of pages that wait."""
    return ScreenSpec(
        "scans", "扫描件", "scanner", lambda: _scans(desk), count=lambda: _waiting_pages(desk), takes=SCANS
    )


def _scans(desk: Desk) -> Screen:
    from app.ui.scans.screen import ScansScreen

    return ScansScreen(desk)


def _waiting_pages(desk: Desk) -> int:
    from app.services.scan_rows import tray_count

    return tray_count(desk.place)


def _handover(desk: Desk) -> Screen:
    from app.ui.handover.screen import HandoverScreen

    return HandoverScreen(desk)


def _devices(desk: Desk) -> Screen:
    from app.ui.handover.devices import DevicesScreen

    return DevicesScreen(desk)


def _inbox(desk: Desk) -> Screen:
    from app.ui.inbox.screen import InboxScreen

    return InboxScreen(desk)


def _conflicts(desk: Desk) -> Screen:
    from app.ui.conflicts.screen import ConflictsScreen

    return ConflictsScreen(desk)


def _review(desk: Desk) -> Screen:
    from app.ui.inbox.review import ReviewScreen

    return ReviewScreen(desk)


def supervisor_screens(desk: Desk) -> Sequence[ScreenSpec]:
    """名录, 任务分派, 收件, 统计; 设置 at the foot (specs/screens.md 9-16)."""
    return [
        ScreenSpec("registry", "名录", "registry", lambda: _registry(desk)),
        ScreenSpec("planning", "任务分派", "plan", lambda: _planning(desk)),
        ScreenSpec("handover", "设备与下发", "key", lambda: _devices(desk)),
        ScreenSpec("inbox", "收件", "inbox", lambda: _inbox(desk), takes=PACKAGES),
        ScreenSpec(
            "conflicts", "冲突", "conflict", lambda: _conflicts(desk), count=lambda: conflicts_of(desk)
        ),
        ScreenSpec("review", "审核", "review", lambda: _review(desk)),
        ScreenSpec("enforcement", "问题与处置", "findings", lambda: _enforcement(desk)),
        ScreenSpec("printing", "打印", "print", lambda: _printing(desk)),
        _scans_spec(desk),
        ScreenSpec("tables", "统计", "statistics", lambda: _tables(desk)),
        ScreenSpec("settings", "设置", "settings", lambda: _settings(desk), foot=True),
        ScreenSpec("checklists", "检查清单", "inspection", lambda: _checklists(desk), listed=False),
        ScreenSpec("reports", "报告材料", "statistics", lambda: _reports(desk), listed=False),
    ]


def _registry(desk: Desk) -> Screen:
    from app.ui.registry.screen import RegistryScreen

    return RegistryScreen(desk)


def _planning(desk: Desk) -> Screen:
    from app.ui.planning.screen import PlanningScreen

    return PlanningScreen(desk)


def _tables(desk: Desk) -> Screen:
    from app.ui.tables.screen import TablesScreen

    return TablesScreen(desk)


def _settings(desk: Desk) -> Screen:
    from app.ui.settings.screen import SettingsScreen

    return SettingsScreen(desk)


def _reports(desk: Desk) -> Screen:
    from app.ui.tables.reports import ReportsScreen

    return ReportsScreen(desk)


def _checklists(desk: Desk) -> Screen:
    from app.ui.checklists.screen import ChecklistsScreen

    return ChecklistsScreen(desk)


def conflicts_of(desk: Desk) -> int:
    """How many records wait for a decision."""
    from app.services.disputes import conflict_count

    return conflict_count(desk.place)


def status_of(desk: Desk, lead: Lead | None = None) -> Status:
    """The status line of a home: what is durable at the left, the state of the program at the right."""
    from app.clock import LOCAL
    from app.services.trail import last_stored

    minutes = desk.place.settings.idle_minutes
    away = f"空闲 {minutes} 分钟后锁定" if minutes > 0 else "不自动锁定"
    moment = last_stored(desk.place)
    stored = f"全部已存 {moment.astimezone(LOCAL):%H:%M:%S}" if moment else "每一步都已存盘"
    return Status((stored, *_annual(desk)), ("离线可用", away, "锁定 Ctrl+L"), lead)


def _annual(desk: Desk) -> Iterator[str]:
    """That the year's report is due, on every screen of a supervisor, since none of them is 今日."""
    from app.services.annual import days_left

    left = days_left(desk.place)
    if left is not None:
        yield f"年度报告{f'剩 {left} 天' if left >= 0 else f'已逾期 {-left} 天'}（统计 → 报告材料）"
