"""Lines of today, worked out from the agenda: what, until when, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.clock import LOCAL
from app.services.agenda import Agenda
from app.services.annual import AnnualReport
from app.services.due import Due, DueKind
from app.services.targets import TargetRow
from app.services.visits import InspectionRow
from app.ui.deadlines import deadlines_text
from app.ui.enforcement.lines import card_of
from app.ui.targets.dossier import days_left
from app.ui.tokens import Tone
from app.ui.widgets import day_text
from app.wording import joined, label

SOON: Final = 3
"""So many working days before its end a period is pointed out."""
OLD_DATA_DAYS: Final = 30
"""From this age on the certificate data is pointed out: statuses change every month."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do: title, words under it, a chip, and the screen with its arguments."""

    title: str
    words: str
    chip: tuple[str, Tone] | None
    screen: str
    arguments: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a heading; ``empty`` is said where there are none."""

    heading: str
    lines: tuple[Line, ...]
    empty: str = ""
    more: str = ""
    targets: bool = False


def groups(agenda: Agenda) -> tuple[Group, ...]:
    """The cards of today, the targets last; a card without lines only where its being empty tells."""
    waiting = tuple(_target(row, agenda.today) for row in agenda.next_targets)
    hidden = agenda.open_targets - len(waiting)
    more = f"另有 {hidden} 家，见检查对象" if hidden > 0 else ""
    later = f"另有 {agenda.hidden_due} 项，见问题与处置" if agenda.hidden_due else ""
    found = [
        Group("进行中的检查", tuple(map(_running, agenda.running))),
        Group("退回补正", tuple(map(_returned, agenda.returned))),
        Group("年度报告", tuple(_annual(agenda))),
        Group("处置期限", tuple(map(_due, agenda.due)), "没有未到期或逾期的处置", later),
        Group("下一家", tuple(map(_next, agenda.next_targets[:1], waiting)), targets=True),
        Group("其他待检查", waiting[1:], "" if waiting else "没有待检查的对象", more, targets=True),
    ]
    return tuple(group for group in found if group.lines or group.empty or group.more)


def _next(row: TargetRow, line: Line) -> Line:
    """The next visit says where to go, too."""
    return replace(line, words="\n".join(part for part in (line.words, row.address) if part))


def _running(row: InspectionRow) -> Line:
    began = row.started_at.astimezone(LOCAL).strftime("%m-%d %H:%M")
    words = f"{label('inspection_type', row.inspection_type)} · {began} 开始 · 问题 {row.findings} 个"
    chip: tuple[str, Tone] = ("填写不一致", "bad") if row.in_conflict else ("检查中", "accent")
    return Line(row.subject_name, words, chip, "visit", {"inspection_id": row.id})


def _returned(row: InspectionRow) -> Line:
    words = f"{label('inspection_type', row.inspection_type)} · {row.officers}"
    return Line(row.subject_name, words, ("已退回", "attention"), "visit", {"inspection_id": row.id})


def _target(row: TargetRow, today: date) -> Line:
    kind = label("inspection_type", row.inspection_type)
    words = "\n".join(part for part in (kind, deadlines_text(row.due_on, row.superior_due_on)) if part)
    arguments = {"assignment_id": row.assignment_id}
    return Line(row.name, words, days_left(row, today), "visit", arguments)


def _annual(agenda: Agenda) -> Iterator[Line]:
    if agenda.annual is not None:
        yield annual_line(agenda.annual)


def annual_line(report: AnnualReport) -> Line:
    """What the year's report lacks, until when."""
    left = report.days_left
    chip: tuple[str, Tone] = (f"剩 {left} 天", "attention") if left >= 0 else (f"逾期 {-left} 天", "bad")
    lacking = joined(
        "names", (f"{label('annual_missing', each.what)} {each.count}" for each in report.missing)
    )
    title = f"{report.year} 年度报告 · 期限 {day_text(report.due_on, weekday=True)}"
    return Line(title, lacking or "需要的都齐了", chip, "reports", {})


_DUE_WORDS: Final[dict[DueKind, str]] = {
    "order": "责令改正",
    "follow_up": "复查",
    "lead": "线索核查",
    "case": "办案期限",
    "target": "检查",
}


def due_words(row: Due) -> str:
    """What is due: the step, the number of its paper, the day."""
    step = " · ".join(part for part in (_DUE_WORDS[row.kind], row.number) if part)
    return f"{step}\n期限 {day_text(row.on, weekday=True)}"


def due_chip(row: Due) -> tuple[str, Tone]:
    """How many working days are left, or passed."""
    left = row.working_days_left
    doubt = "" if row.certain else "（推算）"
    if row.overdue:
        return (f"逾期 {-left} 个工作日{doubt}" if left else "已逾期", "bad")
    if left == 0:
        return ("今天到期", "attention")
    return (f"剩 {left} 个工作日{doubt}", "attention" if left <= SOON else "neutral")


def due_arguments(row: Due) -> dict[str, object]:
    """Where 问题与处置 shows it."""
    return {"inspection_id": row.record, "card": card_of(row)}


def _due(row: Due) -> Line:
    return Line(row.organization, due_words(row), due_chip(row), "enforcement", due_arguments(row))


def counted_text(agenda: Agenda) -> tuple[str, Tone] | None:
    """How much is overdue and due today, targets included."""
    said = [f"逾期 {agenda.overdue}"] if agenda.overdue else []
    said += [f"今天到期 {agenda.due_today}"] if agenda.due_today else []
    return (" · ".join(said), "bad" if agenda.overdue else "attention") if said else None


def unsent_text(agenda: Agenda) -> tuple[str, Tone]:
    """What was not handed over yet."""
    if agenda.unsent:
        return (f"{agenda.unsent} 条记录没有交接", "attention")
    return ("记录都已交接", "good")


def data_text(agenda: Agenda) -> tuple[str, Tone]:
    """How old the certificate data is."""
    if agenda.data_as_of is None:
        return ("没有名录数据", "attention")
    age = (agenda.today - agenda.data_as_of).days
    words = f"名录数据截至 {agenda.data_as_of.isoformat()}"
    if age > OLD_DATA_DAYS:
        return (f"{words}，已 {age} 天", "attention")
    return (words, "neutral")


def is_empty(agenda: Agenda) -> bool:
    """Whether this device has no work at all yet."""
    return not (agenda.open_targets or agenda.running or agenda.returned or agenda.due or agenda.unsent)
