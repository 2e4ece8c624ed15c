"""What the list of a visit shows, worked out from its sheet: lines, chips, counts, ways to what is missing.

Pure functions; the widgets of this folder only draw what is said here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from app.clock import LOCAL, local_date
from app.services.clockwatch import StepBack
from app.services.sheet_rows import CertificateRow, GroupRow, ItemRow, MissingItem, SectionRow, Sheet
from app.ui.tokens import Tone
from app.vocabulary import CertificateStatus, Verdict
from app.wording import label

BASICS: Final = "@basics"
CLOSING: Final = "@closing"
GROUP: Final = "@group:"
"""Begins the key of the card above a repeated section's instances; behind it the section's id."""
INSTANCE: Final = "@instance:"
"""Begins the key of an instance's own card; behind it the instance's key."""
BASICS_TITLE: Final = "基本情况"
CLOSING_TITLE: Final = "检查情况与签名"

VERDICTS: Final = tuple(Verdict)
"""Answers in the order of their keys 1 to 4."""

BASIC_FIELDS: Final = (
    "task_source", "approval_number", "approval_by", "credentials_shown", "rights_told",
    "place", "production_status", "product_class",
)  # fmt: skip
CLOSING_FIELDS: Final = ("situation", "opinion")
FIELD_NAMES: Final = {
    "place": "检查地点", "production_status": "生产状态", "product_class": "主要产品大类",
    "subject_representative": "法定代表人", "subject_phone": "联系电话", "task_source": "任务来源",
    "approval_number": "检查审批编号", "approval_by": "检查审批人", "approval_on": "审批日期",
    "notice_number": "检查通知书号", "credentials_shown": "已向当事人出示执法证件",
    "rights_told": "已告知权利义务和申请回避的权利", "party_present": "当事人或见证人在场",
    "previous_rectification": "上次整改", "situation": "检查情况", "opinion": "处理意见", "recorder": "记录人",
}  # fmt: skip
"""What the fields of the header are called, on their cards and where a step is named."""
_AT_THE_END: Final = frozenset({"previous_rectification", "situation", "opinion", "recorder"})

Chip = tuple[str, Tone]


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of the column at the left."""

    key: str
    title: str
    done: int
    total: int


def clock_text(moment: datetime) -> str:
    """A moment as the hour of the day where the work is done."""
    return moment.astimezone(LOCAL).strftime("%H:%M:%S")


def behind_text(step: StepBack) -> tuple[str, str]:
    """What is said about a clock that stands before what is already stored, and what to do."""
    was, now = (moment.astimezone(LOCAL).strftime("%m-%d %H:%M") for moment in (step.was, step.now))
    said = f"设备时钟倒退：已存的记录到 {was}，现在显示 {now}"
    return said, "先校准系统时间再记起止时间；每一步照常存盘，倒退已记入日志。"


def line_keys(sheet: Sheet, query: str = "") -> tuple[str, ...]:
    """Keys of the cards in order; with a query only the items that say it."""
    if query.strip():
        items = (row for section in sheet.sections for row in section.items)
        return tuple(row.id for row in items if _says(row, query.split()))
    return (BASICS, *_section_keys(sheet), CLOSING)


def _section_keys(sheet: Sheet) -> Iterator[str]:
    begun = set()
    for section in sheet.sections:
        if section.group is not None and section.group.section not in begun:
            begun.add(section.group.section)
            yield GROUP + section.group.section
        if section.instance is not None:
            yield INSTANCE + section.instance.key
        yield from (row.id for row in section.items)


def group_of(sheet: Sheet, key: str) -> GroupRow | None:
    """The repeated section that a card belongs to, if it does to one."""
    home = section_of(sheet, key)
    return next((each.group for each in sheet.sections if each.id == home), None)


def section_row(sheet: Sheet, key: str) -> SectionRow | None:
    """The section of an instance's card."""
    wanted = key.removeprefix(INSTANCE)
    return next((each for each in sheet.sections if each.instance and each.instance.key == wanted), None)


def header_card(field: str) -> str:
    """The card that a field of the header stands on."""
    return CLOSING if field in _AT_THE_END else BASICS


def instance_name(row: SectionRow | None) -> str:
    """What people call an instance: 证书 2, and its own name where it has one."""
    if row is None or row.instance is None or row.group is None:
        return ""
    number = f"{label('repeat_subject', row.group.of)} {row.instance.number}"
    return f"{number}（{row.instance.label}）" if row.instance.label else number


def _says(row: ItemRow, words: Sequence[str]) -> bool:
    text = f"{row.number} {row.text} {row.how} {row.evidence_wanted} {row.note}".lower()
    return all(word.lower() in text for word in words)


def section_of(sheet: Sheet, key: str) -> str:
    """The section a card belongs to."""
    if key in {BASICS, CLOSING}:
        return key
    for section in sheet.sections:
        if any(row.id == key for row in section.items):
            return section.id
        if section.instance is not None and key == INSTANCE + section.instance.key:
            return section.id
        if section.group is not None and key == GROUP + section.group.section:
            return section.id
    return ""


def progress(sheet: Sheet) -> tuple[Progress, ...]:
    """The sections with their progress, the two of the header at both ends."""
    lacking = {missing.code for missing in sheet.missing}
    basics = [name for name in BASIC_FIELDS if name != "product_class" or _asks_class(sheet)]
    signers = sum(row.there for row in sheet.team) + 1
    unsigned = sum(missing.code in {"officer_signature", "party_signature"} for missing in sheet.missing)
    written = sum(name not in lacking for name in CLOSING_FIELDS)
    return (
        Progress(BASICS, BASICS_TITLE, sum(name not in lacking for name in basics), len(basics)),
        *(Progress(each.id, each.title, each.done, each.total) for each in sheet.sections),
        Progress(CLOSING, CLOSING_TITLE, written + signers - unsigned, len(CLOSING_FIELDS) + signers),
    )


def _asks_class(sheet: Sheet) -> bool:
    return sheet.header.inspection_type == "CCC_PRODUCER"


def first_of(sheet: Sheet, section: str) -> str:
    """The card to go to when a section is chosen: its first unfinished item, else its first."""
    found: SectionRow | None = next((each for each in sheet.sections if each.id == section), None)
    if found is None:
        return section
    open_items = [row.id for row in found.items if row.verdict is None]
    if not found.items:
        return GROUP + found.group.section if found.group is not None else section
    return open_items[0] if open_items else found.items[0].id


def tally(sheet: Sheet) -> Chip:
    """The foot of the sections: required answers still open, and nonconformities."""
    open_items = sum(missing.code == "unanswered" for missing in sheet.missing)
    bad = sum(row.verdict is Verdict.NONCONFORMING for section in sheet.sections for row in section.items)
    return (f"必答未答 {open_items} · 不符合 {bad}", "attention" if open_items else "good")


def item_count(sheet: Sheet) -> int:
    """How many items are asked now."""
    return sum(section.total for section in sheet.sections)


def chips(row: ItemRow, finding_number: int) -> tuple[Chip, ...]:
    """The states of an item in short words."""
    return tuple(_chips(row, finding_number))


def _chips(row: ItemRow, finding_number: int) -> Iterator[Chip]:
    if row.starred:
        yield ("带星条款", "neutral")
    if row.finding_key is not None:
        yield (f"已生成问题 {finding_number}{'：' if row.finding else ''}{row.finding}", "bad")
    if row.photos:
        yield (f"照片 {row.photos}", "neutral")
    if row.note:
        yield ("备注", "neutral")
    if row.verdict is not None and row.answered_at is not None:
        yield (f"已存 {clock_text(row.answered_at)}", "good")
    yield from _wanting(row)


def _wanting(row: ItemRow) -> Iterator[Chip]:
    reasons = [reason for reason in row.reasons if reason not in {"unanswered", "photo_missing"}]
    for reason in reasons:
        yield (label("missing_reason", reason), "attention")
    if row.photos < row.photos_required and row.verdict in {None, *VERDICTS[:2]}:
        tone: Tone = "neutral" if row.verdict is None else "attention"
        yield (f"需要照片 {row.photos_required - row.photos}", tone)


def hint_line(row: ItemRow) -> Chip | None:
    """What a computed check says, in one line with its tone; it proposes and never answers."""
    hint = row.hint
    if hint is None:
        return None
    if hint.doubted:
        return (f"核算：{hint.text}；与判定不一致，请再核对", "attention")
    if hint.verdict is None:
        return (f"核算：{hint.text}", "neutral")
    tone: Tone = "good" if hint.verdict is Verdict.CONFORMING else "attention"
    return (f"核算：{hint.text}；倾向{label('verdict', hint.verdict)}", tone)


def result_lines(sheet: Sheet) -> tuple[str, ...]:
    """The conclusion by the checklist's rules and the score by the office's table, where there are any."""
    found = []
    if sheet.conclusion is not None:
        result, open_items = sheet.conclusion.result, sheet.conclusion.open_items
        left = f"（尚有 {open_items} 项必答未判定或者未查）" if open_items else ""
        found.append(f"按清单规则：{label('conclusion', result) if result else '未定'}{left}")
    if sheet.score is not None:
        found.append(f"评分 {sheet.score.earned} / {sheet.score.possible}（{sheet.score.source}）")
    return tuple(found)


def finding_number(sheet: Sheet, key: str | None) -> int:
    """The number of a finding as people call it, from 1; 0 for none."""
    return next((number for number, row in enumerate(sheet.findings, start=1) if row.key == key), 0)


def suspended_on(row: CertificateRow, day: date) -> bool:
    """Whether a certificate was suspended on ``day``; an open window lasts on."""
    if row.status is not CertificateStatus.SUSPENDED:
        return False
    begun = row.suspended_from is None or row.suspended_from <= day
    return begun and (row.suspended_to is None or day <= row.suspended_to)


def certificate_chip(row: CertificateRow, day: date) -> Chip | None:
    """What has to be said about a certificate on the day of the visit."""
    if suspended_on(row, day):
        return ("检查日处于暂停期", "attention")
    if row.status in {CertificateStatus.WITHDRAWN, CertificateStatus.CANCELLED}:
        return (f"证书已{label('certificate_status', row.status)}", "bad")
    past = row.expires_on is not None and row.expires_on < day
    if row.status is CertificateStatus.EXPIRED or past:
        return ("检查日已过有效期", "attention")
    return None


def visit_day(sheet: Sheet) -> date:
    """The local day the visit began."""
    return local_date(sheet.header.started_at)


Way = Literal["field", "item", "note", "value", "photo", "finding", "sign", "enforcement", "group", "none"]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where something missing is put right: a way, the card it is on, and the field or finding."""

    way: Way
    card: str = ""
    detail: str = ""


_ITEM_WAYS: Final[dict[str, Way]] = {
    "note_missing": "note",
    "measure_missing": "value",
    "measure_contradicts": "value",
    "photo_missing": "photo",
}


def destination(missing: MissingItem) -> Destination:
    """The way to put ``missing`` right."""
    code = str(missing.code)
    if code in {"order", "case_lead"}:
        return Destination("enforcement", missing.item or "", code)
    if code == "finding_description":
        return Destination("finding", missing.item or CLOSING, missing.subject)
    if code in {"officer_signature", "party_signature"}:
        return Destination("sign", CLOSING, missing.subject)
    if code == "witness":
        return Destination("sign", CLOSING, "witness")
    if code == "instances_missing":
        return Destination("group", "", missing.subject)
    if missing.item is not None:
        return Destination(_ITEM_WAYS.get(code, "item"), missing.item)
    if code in CLOSING_FIELDS:
        return Destination("field", CLOSING, code)
    if code in BASIC_FIELDS or code == "notice_number":
        return Destination("field", BASICS, code)
    return Destination("none", BASICS)


def missing_text(missing: MissingItem) -> str:
    """One line of the list of what is missing."""
    words = label("missing", missing.code)
    if missing.code == "finding_description":
        return f"{words}（{missing.number}）" if missing.number else words
    parts = [missing.number, words, missing.subject]
    return " · ".join(part for part in parts if part)
