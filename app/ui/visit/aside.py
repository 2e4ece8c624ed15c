"""The column at the right of a visit: how to check, the law, last time, the certificates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from app.services.coverage import InYear
from app.services.sheet_rows import CertificateRow, CitedProvision, ItemRow, Sheet
from app.ui.blocks import Block, ChipText, Part
from app.ui.visit.lines import certificate_chip, visit_day
from app.wording import joined, label, labels

CERTIFICATES_SHOWN: Final = 5
KEYS: Final = "1–4 判定  N 备注  V 数值  P 照片  F 问题  M 条件  / 搜索  Ctrl+Z 撤销"
KEYS_REPEATED: Final = f"{KEYS}  A 添加一份"
KEYS_SEALED: Final = "/ 搜索  Ctrl+E 照片  Ctrl+R 更正  Ctrl+P 打印"


def item_blocks(sheet: Sheet, row: ItemRow) -> tuple[Block, ...]:
    """What is said beside an item."""
    how: list[Part] = [("text", row.how)]
    if row.evidence_wanted:
        how.append(("soft", f"取证：{row.evidence_wanted}"))
    return (
        Block("怎么查", tuple(how)),
        *_scoring(row),
        Block("依据", tuple(_law(row))),
        Block("上次检查", tuple(_last_time(row))),
        certificate_block(sheet),
    )


def _scoring(row: ItemRow) -> Iterator[Block]:
    if row.points:
        rule: list[Part] = [("soft", row.scoring_rule)] if row.scoring_rule else []
        yield Block("评分", (("text", f"符合得 {row.points} 分"), *rule))


def _law(row: ItemRow) -> Iterator[Part]:
    for each in row.references:
        yield ("text", each.text)
        if each.duty:
            yield ("soft", each.duty)
        yield ("chip", _confidence(each))
    if not row.references:
        yield ("soft", "本项没有直接对应的条文")
    for each in row.penalties:
        if each.penalty:
            yield ("soft", f"罚则：{each.text} {each.penalty}")
        if each.needs_confirmation:
            yield ("chip", _confidence(each))


def _confidence(provision: CitedProvision) -> ChipText:
    words = label("confidence", provision.confidence)
    return (words, "attention" if provision.needs_confirmation else "good")


def _last_time(row: ItemRow) -> Iterator[Part]:
    if row.last_time is None:
        yield ("soft", "没有本项的上次检查记录")
        return
    yield ("text", f"{row.last_time.on.isoformat()} 本项：{label('verdict', row.last_time.verdict)}")
    if row.last_time.note:
        yield ("soft", row.last_time.note)


NOT_KEPT: Final = "这台设备没有检查当日的名录，按现在的名录判断当日状态"


def registry_heading(dates: Sequence[date], on: date | None) -> str:
    """What certificates are of: the day of a finished visit, and the oldest date of their data."""
    said = [] if on is None else [f"检查日 {on.isoformat()}"]
    said += [f"名录数据截至 {min(dates).isoformat()}"] if dates else []
    return f"证书（{'，'.join(said)}）" if said else "证书"


def certificate_block(sheet: Sheet) -> Block:
    """The certificates of the scheme, with the day their data is of."""
    held = [row for row in sheet.certificates if row.in_scheme]
    heading = registry_heading([row.as_of for row in held if row.as_of is not None], sheet.registry_on)
    told: tuple[Part, ...] = () if sheet.registry_kept else (("soft", NOT_KEPT),)
    if not held:
        return Block(heading, (*told, ("soft", "名录里没有这家企业的本类证书")))
    day = visit_day(sheet)
    # What has to be said comes first, so that the cut never hides it.
    ordered = sorted(held, key=lambda row: (certificate_chip(row, day) is None, row.number))
    parts = [*told]
    parts += [part for row in ordered[:CERTIFICATES_SHOWN] for part in _certificate(row, day)]
    if len(held) > CERTIFICATES_SHOWN:
        parts.append(("soft", f"另有 {len(held) - CERTIFICATES_SHOWN} 张，见检查对象"))
    return Block(heading, tuple(parts))


def _certificate(row: CertificateRow, day: date) -> Iterator[Part]:
    yield ("text", f"{row.number} {row.product}".strip())
    status = label("certificate_status", row.status)
    if row.suspended_from is not None:
        until = row.suspended_to.isoformat() if row.suspended_to else "未定"
        yield ("soft", f"{status} {row.suspended_from.isoformat()} 至 {until}")
    else:
        until_text = f"，有效期至 {row.expires_on.isoformat()}" if row.expires_on else ""
        yield ("soft", f"{status}{until_text}")
    chip = certificate_chip(row, day)
    if chip is not None:
        yield ("chip", chip)


def year_text(year: InYear) -> str:
    """Which visit of the year this is, and from where that is known."""
    known = f"本机 {year.nth - year.told} 次、单位随任务告知 {year.told} 次" if year.told else "按本机的记录"
    return f"本年第 {year.nth} 次检查该企业（{known}）"


def header_blocks(sheet: Sheet) -> tuple[Block, ...]:
    """What is said beside the header cards."""
    header = sheet.header
    subject = (header.subject_name, header.subject_code, header.subject_address)
    counts = (
        f"{text} {number}"
        for word, text in labels("verdict").items()
        if (number := sum(row.verdict == word for section in sheet.sections for row in section.items))
    )
    return (
        Block("检查对象", tuple(("text", text) for text in subject if text)),
        Block(
            "到目前为止",
            (
                ("text", joined("names", counts) or "还没有判定"),
                ("soft", f"问题 {len(sheet.findings)} 个"),
                ("soft", year_text(sheet.year)),
            ),
        ),
        certificate_block(sheet),
    )
