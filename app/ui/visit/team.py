"""检查人员变动: who leaves and who joins during a visit, when and why; a mistake is taken back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from app.clock import LOCAL
from app.services import team_changes
from app.services.registry_people import PersonView
from app.services.sheet_rows import Sheet
from app.services.team import clock
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.steps import ChoiceBox, Step, StepDialog

_BACK: Final = "back:"
_TIME: Final = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})\s+)?(\d{1,2})[:：](\d{2})")


def team_form(
    place: Workplace, jobs: Jobs, sheet: Sheet, people: Sequence[PersonView], parent: QWidget
) -> StepDialog:
    """The form; ``people`` are those who may join."""
    dialog = StepDialog("检查人员变动", "记入检查记录", jobs, parent)
    inspection_id, team = sheet.header.id, sheet.team
    there = {row.credential: f"{row.name} {row.credential}" for row in team if row.there}
    back = {
        f"{_BACK}{row.credential}": f"撤回记错的变动：{row.called}"
        for row in team
        if row.joined_at is not None or row.left_at is not None
    }
    known = {row.credential for row in team}
    others = {
        each.credential: f"{each.name} {each.credential}"
        for each in people
        if each.credential and each.credential not in known
    }
    leaving = ChoiceBox({"": "没有人离开", **there, **back}, parent=dialog)
    joining = ChoiceBox({"": "没有人加入", **others}, parent=dialog)
    at = QLineEdit(clock(place.now()), dialog)
    reason = QLineEdit(dialog)
    dialog.add("离开", leaving, "leaving", "离开的人仍在记录里，写明时间")
    dialog.add("加入", joining, "joining", "在场的检查人员任何时候不少于两名")
    dialog.add("时间", at, "at", "如 10:30；不是今天的写全 2026-08-12 10:30", partial(_wrong_time, place, at))
    dialog.add("原因", reason, "reason", "如：另有任务")

    def prepare() -> Step:
        word = leaving.word()
        if word.startswith(_BACK):
            credential = word.removeprefix(_BACK)
            return partial(team_changes.take_back, place, inspection_id=inspection_id, credential=credential)
        return partial(
            team_changes.change_team,
            place,
            inspection_id=inspection_id,
            leaving=word,
            joining=joining.word(),
            at=moment_of(place, at.text()),
            reason=reason.text(),
        )

    dialog.prepare = prepare
    return dialog


def moment_of(place: Workplace, text: str) -> datetime | None:
    """A time of today, or of the day written before it; ``None`` for what is none.

    The minute that is now counts as now, so that nothing lies before what happened in it.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    today, now = place.today(), place.now()
    year, month, day, hour, minute = (int(each) if each else 0 for each in found.groups())
    date = (year, month, day) if year else (today.year, today.month, today.day)
    try:
        moment = datetime(*date, hour, minute, tzinfo=LOCAL)
    except ValueError:
        return None
    return now if clock(now) == clock(moment) and moment.date() == today else moment


def _wrong_time(place: Workplace, field: QLineEdit) -> str:
    return "" if moment_of(place, field.text()) is not None else "写成 10:30 这样的时间"
