"""导出日历: asks for a place, writes the deadlines beside the window, says what went out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.services.calendar import CalendarWritten, export_calendar
from app.ui.screen import Screen, ScreenAction

if TYPE_CHECKING:
    from app.ui.chooser import Chooser
    from app.ui.screens import Desk

KIND = "日历 (*.ics)"


def calendar_action(trigger: Callable[[], object]) -> ScreenAction:
    """The step in the title bar."""
    hint = "把期限写成日历文件，导入手机或电脑的日历；再导入一次就更新"
    return ScreenAction("导出日历", trigger, "Ctrl+Shift+K", name="export_calendar", hint=hint)


def ask_calendar(screen: Screen, desk: Desk, chooser: Chooser) -> None:
    """Write the calendar where the person wants it."""
    place = desk.place
    suggested = f"认证查验期限-{place.today():%Y%m%d}.ics"
    path = chooser.target(screen, "导出日历", suggested, KIND)
    if path is None:
        return
    if path.suffix.lower() != ".ics":
        path = path.with_name(f"{path.name}.ics")
    job = partial(export_calendar, place, out=path)
    desk.jobs.run(job, partial(_tell, screen), screen.problem_found.emit, screen)


def _tell(screen: Screen, done: CalendarWritten) -> None:
    overdue = f"，其中逾期 {done.overdue} 个" if done.overdue else ""
    gone = f"；已了结的 {done.cancelled} 个会从日历里取消" if done.cancelled else ""
    screen.notice_given.emit(f"已导出 {done.events} 个期限{overdue}{gone}：{done.file.name}")
