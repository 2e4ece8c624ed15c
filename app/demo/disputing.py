"""Two people who write differently about the same visits: one dispute stays open, one is decided."""

from __future__ import annotations

from collections.abc import Sequence

from app.demo.acting import Visited
from app.demo.couple import Couple
from app.demo.diary import PlayedClock
from app.demo.script import Script
from app.services import correcting, resolving
from app.services.resolving import THEIRS
from app.services.sheets import sheet
from app.services.workplace import Workplace

ENOUGH = 6
"""Fewer visits are left alone: a dispute keeps its visit out of the tables."""


def disagree(couple: Couple, script: Script, clock: PlayedClock, visited: Sequence[Visited]) -> bool:
    """Let laptop and office correct the last visits differently; whether there were enough of them."""
    if len(visited) < ENOUGH:
        return False
    *former, decided = visited[ENOUGH // 2 :]
    disputed = next((each for each in reversed(former) if each.orders), former[-1])
    for place, whose in ((couple.office, "office"), (couple.laptop, "laptop")):
        clock.pass_minutes(25)
        _correct(place, script, whose, disputed, "situation")
        if findings := sheet(place, inspection_id=disputed.inspection_id).findings:
            _correct(place, script, whose, disputed, f"findings/{findings[0].key}/description")
        _correct(place, script, whose, decided, "place")
    clock.pass_minutes(25)
    couple.to_office()
    resolving.resolve(
        couple.office, kind="inspection", record_id=decided.inspection_id, path="place", take=THEIRS,
        reason=script.lines["decided_because"],
    )  # fmt: skip
    clock.pass_minutes(5)
    couple.to_laptop()
    return True


def _correct(place: Workplace, script: Script, whose: str, visited: Visited, path: str) -> None:
    """Write what ``whose`` side has to add to one text."""
    told = sheet(place, inspection_id=visited.inspection_id)
    field = path.rpartition("/")[2]
    former = told.findings[0].description if "/" in path else str(getattr(told.header, field))
    correcting.correct(
        place, inspection_id=visited.inspection_id, path=path,
        value=script.lines[f"{whose}_{field}"].format(former=former.rstrip("。")),
        reason=script.lines[f"{whose}_because"],
    )  # fmt: skip
