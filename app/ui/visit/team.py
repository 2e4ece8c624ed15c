"""检查人员变动: who leaves and who joins during a visit, when and why; a mistake is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from app.clock import LOCAL
from app.services import team_changes
from app.services.registry_people import PersonView
from app.services.sheet_rows import Sheet
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.steps import ChoiceBox, Step, StepDialog
from app.ui.widgets import MomentField

_BACK: Final = "back:"


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
    at = MomentField(place.now(), dialog)
    reason = QLineEdit(dialog)
    dialog.add("离开", leaving, "leaving", "离开的人仍在记录里，写明时间")
    dialog.add("加入", joining, "joining", "在场的检查人员任何时候不少于两名")
    began = f"{sheet.header.started_at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
    dialog.add("时间", at, "at", f"检查从 {began} 开始")
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
            at=moment_of(place, sheet.header.started_at, at.moment()),
            reason=reason.text(),
        )

    dialog.prepare = prepare
    return dialog


def moment_of(place: Workplace, began: datetime, minute: datetime) -> datetime:
    """The moment that a minute means, which is all that people write down.

    The minute that is now counts as now, so that nothing lies before what happened in it; the one in
    which the visit began as its beginning.
    """
    now = place.now()
    if minute == _minute(now):
        return now
    return began if minute == _minute(began) else minute


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
