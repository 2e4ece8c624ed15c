"""What the records of a visit say on the screen, and which step comes next. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.law.citation import lacks_article
from app.services.casework import CaseRow, NotificationRow, case_causes
from app.services.due import Due, DueKind
from app.services.enforcing import FollowUpRow, OrderRow
from app.services.matters import PROMISE_AN_ORDER, MatterRow
from app.services.sheet_rows import FindingRow, Sheet
from app.ui.enforcement.money import yuan
from app.ui.tokens import Tone
from app.ui.widgets import day_text
from app.vocabulary import CaseStatus, FollowUpResult, OrderStatus, Severity, SubjectKind
from app.wording import joined, label

Chip = tuple[str, Tone]
UNCERTAIN: Final = "节假日数据不全"

StepName = Literal["draft", "issue", "deliver", "follow_up", "escalate", "verify", "file", "decide", "close"]


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next natural step, on which record (a finding's step is about all of them)."""

    name: StepName
    key: str = ""

    @property
    def text(self) -> str:
        """The step as its button names it."""
        return STEP_TEXTS[self.name]


STEP_TEXTS: Final[dict[StepName, str]] = {
    "draft": "拟责令改正通知书",
    "issue": "出具通知书",
    "deliver": "登记送达",
    "follow_up": "登记复查",
    "escalate": "转为案件线索",
    "verify": "登记核查",
    "file": "立案",
    "decide": "登记处罚决定",
    "close": "结案",
}

_AFTER_ORDER: Final[dict[OrderStatus, StepName]] = {
    OrderStatus.DRAFTED: "issue",
    OrderStatus.ISSUED: "deliver",
    OrderStatus.DELIVERED: "follow_up",
    OrderStatus.EXTENDED: "follow_up",
}
_AFTER_CASE: Final[dict[CaseStatus, StepName]] = {
    CaseStatus.NOTED: "verify",
    CaseStatus.VERIFIED: "file",
    CaseStatus.FILED: "decide",
    CaseStatus.DECIDED: "close",
}
_SEVERITY_TONES: Final[dict[Severity, Tone]] = {
    Severity.MINOR: "neutral",
    Severity.MAJOR: "attention",
    Severity.CRITICAL: "bad",
}


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything the chosen visit left behind."""

    sheet: Sheet
    orders: tuple[OrderRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    cases: tuple[CaseRow, ...]
    notices: tuple[NotificationRow, ...]


def next_step(papers: Papers) -> NextStep | None:
    """The most natural thing to do now: orders promised, then orders and cases in their order."""
    if any(promises_order(row) for row in papers.sheet.findings):
        return NextStep("draft")
    orders = (step for row in papers.orders if (step := order_step(row, papers.cases)))
    cases = (step for row in papers.cases if (step := case_step(row)))
    return next(orders, None) or next(cases, None)


def facts_of(findings: Iterable[FindingRow]) -> str:
    """What was found, as one text."""
    return joined("clauses", (row.description.strip().rstrip("。；") for row in findings))


def promises_order(row: FindingRow) -> bool:
    """Whether a finding's disposition asks for an order that is not drafted yet."""
    return row.confirmed and row.order_key is None and row.disposition in PROMISE_AN_ORDER


def order_step(row: OrderRow, cases: Iterable[CaseRow]) -> NextStep | None:
    """What an order waits for; one that was not obeyed waits for its lead."""
    name = _AFTER_ORDER.get(row.status)
    if row.status is OrderStatus.ESCALATED and all(each.order_key != row.key for each in cases):
        name = "escalate"
    return None if name is None else NextStep(name, row.key)


def case_step(row: CaseRow) -> NextStep | None:
    """What a lead or case waits for."""
    name = _AFTER_CASE.get(row.status)
    return None if name is None else NextStep(name, row.key)


def left_text(row: MatterRow | OrderRow | Due) -> str:
    """How long a deadline lasts, in working days."""
    left = row.working_days_left
    if row.overdue:
        # A day off before today leaves no working day between; it is overdue all the same.
        return f"逾期 {-left} 工作日" if left else "已逾期"
    if left is None:
        return ""
    return "今天到期" if left == 0 else f"剩 {left} 工作日"


def left_tone(row: MatterRow | OrderRow | Due) -> Tone:
    """How pressing a deadline is."""
    if row.overdue:
        return "bad"
    return "attention" if row.working_days_left is not None and row.working_days_left <= 3 else "neutral"


_DUE_STEPS: Final[dict[DueKind, str]] = {
    "order": "责令改正",
    "follow_up": "复查",
    "lead": "线索核查",
    "case": "办案",
    "target": "检查",
}


def due_step(row: Due) -> str:
    """What is due, in a word."""
    return _DUE_STEPS[row.kind]


def due_left(row: Due) -> str:
    """How long it lasts; with a doubt where the calendar does not reach."""
    return f"{left_text(row)}{'' if row.certain else '？'}"


def card_of(row: Due) -> str:
    """The card that a deadline is about."""
    return f"{'order' if row.kind in {'order', 'follow_up'} else 'case'}:{row.key}"


def matter_text(row: MatterRow) -> str:
    """The short word about a visit in the list: its deadline, or what it waits for."""
    if row.due_on is not None:
        return left_text(row)
    if row.unordered:
        return f"待责令 {row.unordered}"
    if row.open_orders:
        return f"通知书 {row.open_orders}"
    return f"案件 {row.open_cases}" if row.open_cases else "已了结"


def matter_tone(row: MatterRow) -> Tone | None:
    """The colour of that word."""
    if row.due_on is not None:
        return left_tone(row)
    if row.unordered:
        return "attention"
    return None if row.is_open else "neutral"


def counts_text(rows: Iterable[MatterRow]) -> str:
    """One line about all of them for the title bar."""
    open_rows = [row for row in rows if row.is_open]
    if not open_rows:
        return "没有未了结的事项"
    overdue = sum(row.overdue for row in open_rows)
    dates = [row.due_on for row in open_rows if row.due_on is not None and not row.overdue]
    parts = [f"{len(open_rows)} 家有未了结事项"]
    parts += [f"逾期 {overdue} 家"] if overdue else []
    parts += [f"最近到期 {day_text(min(dates), weekday=True)}"] if dates else []
    return " · ".join(parts)


def finding_chips(row: FindingRow, orders: Iterable[OrderRow]) -> Iterator[Chip]:
    """Weight, disposition, and where the finding stands."""
    yield label("severity", row.severity), _SEVERITY_TONES[row.severity]
    yield label("disposition", row.disposition), "neutral"
    order = next((each for each in orders if each.key == row.order_key), None)
    if order is not None:
        number = order.number or label("order_status", order.status)
        yield f"已写入通知书 {number}", "good"
    elif promises_order(row):
        yield "待责令", "attention"
    if row.needs_confirmation:
        yield "条款待核对", "attention"


def order_title(row: OrderRow) -> str:
    """The document with its number and addressee."""
    addressee = f" · {row.subject_name}" if row.subject_kind is not SubjectKind.ORGANIZATION else ""
    return f"{row.number or '未编号'}{addressee}"


_ORDER_TONES: Final[dict[OrderStatus, Tone]] = {
    OrderStatus.CLOSED: "good",
    OrderStatus.ESCALATED: "bad",
    OrderStatus.DRAFTED: "attention",
}


def order_chips(row: OrderRow) -> Iterator[Chip]:
    """State and deadline; the weekday is part of a deadline."""
    yield label("order_status", row.status), _ORDER_TONES.get(row.status, "accent")
    if row.lacking and row.status is OrderStatus.DRAFTED:
        unplaced = any(map(lacks_article, (row.violated, row.basis)))
        yield "条款没有写条号" if unplaced else "没有写违反的条款", "attention"
    if row.at_once:
        yield "立即改正", "neutral"
    elif row.due_on is not None:
        yield f"限 {day_text(row.due_on, weekday=True)}", left_tone(row)
    if text := left_text(row):
        yield text, left_tone(row)
    if not row.certain:
        yield UNCERTAIN, "attention"


def order_term(row: OrderRow) -> str:
    """Which day the working days of an order are counted from; empty where its date was set otherwise."""
    if row.counted_from is None:
        return ""
    start, count = day_text(row.counted_from), f"{row.working_days} 个工作日"
    if row.issued_on is None:
        return f"期限 {count}，暂从拟稿日 {start} 起算；出具时从出具日重新起算"
    return f"期限 {count}，从{'出具' if row.counted_from == row.issued_on else '拟稿'}日 {start} 起算"


def order_history(row: OrderRow, follow_ups: Iterable[FollowUpRow]) -> str:
    """What was done about an order, in one line."""
    steps = [(row.issued_on, "出具"), (row.delivered_on, "送达")]
    done = [f"{day_text(on)} {what}" for on, what in steps if on is not None]
    done += [follow_up_text(each) for each in follow_ups if each.order_key == row.key]
    return " · ".join(done)


def follow_up_text(row: FollowUpRow) -> str:
    """A re-inspection in a few words."""
    until = f"至 {day_text(row.new_due_on)}" if row.result is FollowUpResult.EXTENDED else ""
    note = f"（{row.note}）" if row.note else ""
    return f"{day_text(row.done_on)} 复查：{label('follow_up_result', row.result)}{until}{note}"


_CASE_TONES: Final[dict[CaseStatus, Tone]] = {
    CaseStatus.NOTED: "attention",
    CaseStatus.CLOSED: "good",
    CaseStatus.NOT_FILED: "neutral",
}


def case_chips(row: CaseRow) -> Iterator[Chip]:
    """State, money and referral of a lead or case."""
    yield label("case_status", row.status), _CASE_TONES.get(row.status, "accent")
    if row.goods_value is not None:
        yield f"货值 {yuan(row.goods_value)} 元", "neutral"
    if row.fine is not None:
        yield f"罚款 {yuan(row.fine)} 元", "neutral"
    if row.confiscated:
        yield f"没收 {yuan(row.confiscated)} 元", "neutral"
    if row.referred_on is not None:
        yield f"移送 {row.referred_to} {day_text(row.referred_on)}", "attention"


def case_title(row: CaseRow) -> str:
    """Number, cause and party of a case."""
    cause = case_causes().get(row.cause, row.cause)
    return " · ".join(part for part in (row.number, cause, row.subject_name) if part)


def case_history(row: CaseRow) -> str:
    """When a case took its steps."""
    steps: tuple[tuple[date | None, str], ...] = (
        (row.noted_on, "登记线索"),
        (row.filed_on, "立案"),
        (row.decided_on, f"决定 {row.decision_number}".rstrip()),
    )
    return " · ".join(f"{day_text(on)} {what}" for on, what in steps if on is not None)


def notice_title(row: NotificationRow) -> str:
    """Whom a notice went to or is about, with its number."""
    return " · ".join(part for part in (row.body_name, row.number) if part)


def notice_chips(row: NotificationRow) -> Iterator[Chip]:
    """Kind and date of a notice."""
    yield label("notification", row.kind), "accent"
    yield day_text(row.sent_on), "neutral"
