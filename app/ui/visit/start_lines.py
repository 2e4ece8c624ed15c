"""What stands beside the start of a visit, in words: who was there this year, and what the start needs.

Pure functions; :mod:`app.ui.visit.start_aside` draws what is said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.services.clockwatch import StepBack
from app.services.coverage import By, Coverage, Overlap, VisitKnown
from app.services.team import OFFICERS_NEEDED
from app.ui.visit.lines import behind_text
from app.ui.widgets import day_text
from app.wording import joined, label

_BY: Final[dict[By, str]] = {"above": "上级", "other_office": "其他单位", "other_team": "本单位另一组"}


@dataclass(frozen=True, slots=True)
class Given:
    """What is filled in so far."""

    officers: int = 0
    kind: bool = True
    source: bool = False
    number: bool = False
    approver: bool = False
    notice: bool = False
    shown: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class StartLine:
    """One condition of the start: its words, whether it holds, and the name of its field.

    ``needed`` ones the visit cannot begin without; others may follow until it is finished, and the
    notice (``advised``) is only asked for.
    """

    text: str
    holds: bool
    field: str
    needed: bool = False
    advised: bool = False


def start_lines(given: Given) -> tuple[StartLine, ...]:
    """The conditions of the start in the order of the form."""
    return (
        *(() if given.kind else (StartLine("检查类型", False, "inspection_type", needed=True),)),
        StartLine(
            "检查人员两名以上，有执法证号", given.officers >= OFFICERS_NEEDED, "officer_1", needed=True
        ),
        StartLine("任务来源", given.source, "task_source", needed=True),
        StartLine("检查审批编号", given.number, "approval_number"),
        StartLine("检查审批人", given.approver, "approval_by"),
        StartLine("检查通知书", given.notice, "notice_number", advised=True),
        StartLine("已出示执法证件", given.shown, "credentials_shown"),
        StartLine("已告知权利义务", given.told, "rights_told"),
    )


def state_text(line: StartLine) -> str:
    """The state of a condition in a word."""
    if line.holds:
        return "已具备"
    return "缺，不能开始" if line.needed else ("可以没有" if line.advised else "缺，完成前补")


def count_text(found: Coverage) -> str:
    """How often the enterprise was inspected this year, as far as is known here."""
    if not found.visits:
        return f"{found.year} 年没有检查过"
    offices = {each.office for each in found.visits if each.office}
    by = f"，{len(offices)} 个单位" if len(offices) > 1 else ""
    return f"{found.year} 年已检查 {len(found.visits)} 次{by}"


def visit_text(visit: VisitKnown) -> tuple[str, str]:
    """A visit in two lines: when, what and how it stands; who."""
    day = day_text(visit.on) if visit.on is not None else "日期不详"
    when = f"{day} 到期" if visit.planned else day
    kind, status = (
        label("inspection_type", visit.inspection_type),
        label("inspection_status", visit.status),
    )
    who = joined("names", visit.officers)
    above = "（上级）" if visit.above else ""
    return f"{when} · {kind} · {status}", " · ".join(
        part for part in (f"{visit.office}{above}", who, visit.document) if part
    )


def warnings(found: Coverage | None, behind: StepBack | None) -> Iterator[tuple[str, str]]:
    """What is to be weighed before the start: a sentence and what to do; none of it refuses."""
    if behind is not None:
        yield behind_text(behind)
    if found is None or not found.overlaps:
        return
    first = found.overlaps[0]
    more = f"。另有 {len(found.overlaps) - 1} 项" if len(found.overlaps) > 1 else ""
    yield f"{_overlap_text(first)}{more}", "能合并的合并，能用其结果的不重复检查；确需检查的照常开始。"


def _overlap_text(overlap: Overlap) -> str:
    visit = overlap.visit
    day = f" {visit.on:%m-%d} " if visit.on is not None else ""
    named = overlap.by != "other_team" and visit.office
    whose = f"{_BY[overlap.by]} {visit.office}" if named else _BY[overlap.by]
    who = f"：{joined('names', visit.officers)}" if visit.officers else ""
    done = f"已分派同一内容，{day.strip()} 到期" if visit.planned else f"{day}已检查同一内容"
    return f"{whose}{done}{who}"
