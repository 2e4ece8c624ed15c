"""What a reviewer should look at in a finished inspection. Hints, not verdicts; pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from app.clock import LOCAL
from app.services.enforcing import OrderRow
from app.services.evidence import EvidenceRow
from app.services.sheet_rows import ItemRow, Sheet
from app.ui.blocks import Block, Part
from app.ui.handover.lines import moment_text
from app.vocabulary import SignatureState, Verdict
from app.wording import label

QUICK: Final = timedelta(minutes=20)
LONG: Final = timedelta(days=2)
EARLY, LATE = 7, 20


def hints(sheet: Sheet, photos: tuple[EvidenceRow, ...]) -> tuple[str, ...]:
    """Each unusual thing in one short sentence."""
    return tuple(_hints(sheet, photos))


def _hints(sheet: Sheet, photos: tuple[EvidenceRow, ...]) -> Iterator[str]:
    header = sheet.header
    if header.in_conflict:
        yield "有两人填写不一致，定下之前不能审核通过"
    if header.finished_at is not None:
        lasted = header.finished_at - header.started_at
        if lasted < QUICK:
            yield f"全程只有 {int(lasted.total_seconds() // 60)} 分钟"
        if lasted > LONG:
            yield f"从开始到结束隔了 {lasted.days} 天"
    hour = header.started_at.astimezone(LOCAL).hour
    if not EARLY <= hour < LATE:
        yield f"开始时间在 {hour} 时"
    if not photos:
        yield "没有一张照片"
    bare = [row.id for row in _items(sheet) if row.verdict is Verdict.NONCONFORMING and not row.photos]
    if bare and photos:
        yield f"不符合项没有照片：{'、'.join(bare)}"
    skipped = [row.id for row in _items(sheet) if row.verdict is Verdict.NOT_CHECKED]
    if skipped:
        yield f"未查 {len(skipped)} 项：{'、'.join(skipped[:8])}"
    unsigned = [row for row in sheet.signatures if row.state is not SignatureState.SIGNED]
    for row in unsigned:
        yield f"{row.name}{label('signature_state', row.state)}：{row.reason}"
    if sheet.year.total > 1:
        yield f"今年对这家检查了 {sheet.year.total} 次"


def _items(sheet: Sheet) -> Iterator[ItemRow]:
    for section in sheet.sections:
        yield from section.items


def blocks(sheet: Sheet, photos: tuple[EvidenceRow, ...], orders: tuple[OrderRow, ...]) -> tuple[Block, ...]:
    """The inspection in short: what to look at, how it went, what was found and done."""
    looks = hints(sheet, photos)
    noticed: tuple[Part, ...] = tuple(("text", text) for text in looks) or (("chip", ("没有异常", "good")),)
    return (
        Block("看一看", noticed),
        Block("经过", tuple(_course(sheet, photos))),
        Block(f"问题 {len(sheet.findings)}", tuple(_findings(sheet, orders)) or (("soft", "没有发现问题"),)),
        Block("检查情况", (("text", sheet.header.situation), ("soft", f"处理意见：{sheet.header.opinion}"))),
    )


def _course(sheet: Sheet, photos: tuple[EvidenceRow, ...]) -> Iterator[Part]:
    header = sheet.header
    end = moment_text(header.finished_at) if header.finished_at else "未结束"
    yield "text", f"{moment_text(header.started_at)} 至 {end}"
    yield "text", "检查人员 " + "、".join(f"{name} {credential}" for credential, name in sheet.officers)
    verdicts = [row.verdict for row in _items(sheet)]
    counted = "，".join(f"{label('verdict', each)} {verdicts.count(each)}" for each in Verdict)
    yield "soft", f"{header.checklist_title}：{counted}"
    yield "soft", f"照片 {len(photos)} 张 · {label('production_status', header.production_status)}"


def _findings(sheet: Sheet, orders: tuple[OrderRow, ...]) -> Iterator[Part]:
    numbers = {row.key: row.number or label("order_status", row.status) for row in orders}
    for row in sheet.findings:
        yield "text", f"{row.number} {row.description}".strip()
        paper = f" · 通知书 {numbers[row.order_key]}" if row.order_key in numbers else ""
        yield "soft", f"{label('severity', row.severity)} · {label('disposition', row.disposition)}{paper}"
