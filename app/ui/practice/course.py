"""The course of a practice visit: its steps, and which of them the store says are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.services import enforcing, issuing, savepoints, sheets, visits
from app.ui.visit.lines import BASICS, destination
from app.vocabulary import InspectionStatus

if TYPE_CHECKING:
    from app.services.sheet_rows import Sheet
    from app.services.workplace import Workplace

SAVEPOINT: Final = "practice"
"""Where it is kept that the paper was seen; nothing else of the course is kept, it is all in the records."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One step: its name, and what to do with which keys."""

    key: str
    name: str
    how: str


LESSONS: Final = (
    Lesson(
        "start",
        "开始检查",
        "Ctrl+2 检查对象，Enter 打开第一家；选任务来源，勾选已出示证件、已告知权利义务，Ctrl+Enter",
    ),
    Lesson(
        "basics", "基本情况", "在第一张卡片上按 Enter，填检查地点和生产状态（Tab 到下一格），Esc 回到检查项"
    ),
    Lesson(
        "answers",
        "逐项判定",
        "↓ 到检查项：1 符合、2 不符合、3 不适用；标着“数值”的先按 V 填数，标着“照片”的先按 P 选一张练习照片",
    ),
    Lesson("finding", "写清问题", "/ 找到一项（如 6.2），按 2 判不符合，N 写看到的事实，Esc 结束"),
    Lesson("order", "责令改正", "在这一项上按 F，Ctrl+D 去处置；按三次 Ctrl+Enter：拟定、发出、送达"),
    Lesson(
        "account",
        "检查情况",
        "Ctrl+O 回到检查，停在最后一张卡片；Enter，填检查情况和处理意见，Esc",
    ),
    Lesson(
        "signatures",
        "签名",
        "Ctrl+G：在格子里签名，Ctrl+Enter 存下，接着下一人；当事人不签的选“拒绝签名”，写明理由和见证人",
    ),
    Lesson("finish", "完成检查", "Ctrl+Enter；还缺的会逐条列在右边，Enter 去补"),
    Lesson("print", "打印记录", "Ctrl+P，看右边印出来的检查记录表；纸上印着“练习”"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is done of the course, and how far the answers are.

    ``visit`` is the visit it is about, ``fingerprint`` what its papers carry once it is finished.
    """

    done: frozenset[str] = frozenset()
    visit: str = ""
    fingerprint: str = ""
    answered: int = 0
    asked: int = 0

    @property
    def next(self) -> Lesson | None:
        """The first lesson that is not done; ``None`` when all are."""
        return next((each for each in LESSONS if each.key not in self.done), None)


def standing(place: Workplace) -> Standing:
    """What the records say of the newest visit in this home."""
    ids = visits.inspection_ids(place)
    if not ids:
        return Standing()
    sheet = sheets.sheet(place, inspection_id=ids[0])
    seen = any(each.value.get("printed") == ids[0] for each in savepoints.kept(place, prefix=SAVEPOINT))
    items = [item for section in sheet.sections for item in section.items]
    delivered = [
        row.delivered_on is not None
        for row in enforcing.order_rows(place, open_only=False, inspection_id=ids[0])
    ]
    done = _done(sheet, orders_delivered=all(delivered), seen=seen)
    return Standing(
        done,
        ids[0],
        issuing.record_fingerprint(place, inspection_id=ids[0]) if "finish" in done else "",
        sum(item.verdict is not None for item in items),
        len(items),
    )


def _done(sheet: Sheet, *, orders_delivered: bool, seen: bool) -> frozenset[str]:
    if sheet.header.status is not InspectionStatus.IN_PROGRESS:
        return frozenset(each.key for each in LESSONS if each.key != "print" or seen)
    codes = {missing.code for missing in sheet.missing}
    ways = {(to.way, to.card) for to in map(destination, sheet.missing)}
    held = {
        "start": True,
        "basics": ("field", BASICS) not in ways,
        "answers": not {way for way, _ in ways} & {"item", "value", "photo", "note", "group"},
        "finding": bool(sheet.findings) and "finding_description" not in codes,
        "order": bool(sheet.findings) and not codes & {"order", "case_lead"} and orders_delivered,
        "account": not codes & {"situation", "opinion"},
        "signatures": not any(way == "sign" for way, _ in ways),
    }
    return frozenset(key for key, holds in held.items() if holds)


def note_printed(place: Workplace, visit: str) -> None:
    """Keep that the paper of a visit was seen."""
    savepoints.keep(place, values={SAVEPOINT: {"printed": visit}})
