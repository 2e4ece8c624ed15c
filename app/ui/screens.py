"""Which screens each role has, in the order of the rail. The only list of them.

Screens are imported by their factories, so that a screen costs nothing before it is opened. An
entry is ``ScreenSpec(key, text, icon, factory)``; ``factory`` takes nothing and gives the screen,
built from ``desk``: the workplace, the jobs and the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ui.screen import Screen, ScreenSpec, Status

if TYPE_CHECKING:
    from app.services.workplace import Workplace
    from app.ui.jobs import Jobs
    from app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Desk:
    """What a screen works with."""

    place: Workplace
    jobs: Jobs
    theme: Theme


def screens_for(desk: Desk) -> Sequence[ScreenSpec]:
    """The screens of the role that this home belongs to."""
    return supervisor_screens(desk) if desk.place.owner.role == "supervisor" else inspector_screens(desk)


def inspector_screens(desk: Desk) -> Sequence[ScreenSpec]:
    """今日, 检查对象, 检查, 问题与处置, 打印, 交接; 设置 at the foot (specs/screens.md 1-8)."""
    return [
        ScreenSpec("visit", "检查", "inspection", lambda: _visit(desk)),
    ]


def _visit(desk: Desk) -> Screen:
    from app.ui.visit.screen import VisitScreen

    return VisitScreen(desk)


def supervisor_screens(_desk: Desk) -> Sequence[ScreenSpec]:
    """看板, 名录库, 计划与抽查, 收件, 冲突, 审核, 统计报表; 设置 at the foot (specs/screens.md 9-16)."""
    return []


def status_of(desk: Desk) -> Status:
    """The status line of a home: what is durable at the left, the state of the program at the right."""
    minutes = desk.place.settings.idle_minutes
    away = f"空闲 {minutes} 分钟后锁定" if minutes > 0 else "不自动锁定"
    return Status(("每一步都已存盘",), ("离线可用", away, "锁定 Ctrl+L"))
