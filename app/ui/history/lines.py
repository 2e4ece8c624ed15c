"""What the history says on the screen: the lines of its list, and one entry in blocks. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Final

from app.clock import LOCAL
from app.services.chronicle import HistoryChange, HistoryEntry, Kind, Standing, Told
from app.services.chronicle_lines import (
    corrected_line,
    fields_text,
    former_text,
    further_corrections,
    kind_text,
    new_part,
    reason_text,
    rival_text,
)
from app.services.naming import part_text, path_text, value_text
from app.ui.blocks import Block, Part
from app.ui.tokens import Tone
from app.ui.widgets import day_text
from app.wording import joined, label

NAMES_SHOWN: Final = 3
DISPUTED: Final = "两人不一致"
EMPTY: Final = "（空）"


class Choice(StrEnum):
    """Which entries are listed."""

    ALL = "all"
    CORRECTIONS = "corrections"
    DECISIONS = "decisions"


CHOICES: Final = {Choice.ALL: "全部", Choice.CORRECTIONS: "更正", Choice.DECISIONS: "不一致与定下"}
_SETTLING: Final = frozenset({Kind.DECISION, Kind.REOPENING})


def chosen(entry: HistoryEntry, choice: Choice) -> bool:
    """Whether ``choice`` lists an entry."""
    if choice is Choice.CORRECTIONS:
        return bool(entry.corrections) and entry.kind not in _SETTLING
    return choice is Choice.ALL or entry.disputed or entry.kind in _SETTLING


def summary(told: Told) -> str:
    """How much there is, and what is still open."""
    entries = told.entries
    parts = [f"{label('record_kind', told.kind)} · 履历 {len(entries)} 条"]
    for count, text in (
        (sum(entry.disputed for entry in entries), DISPUTED),
        (sum(entry.kind is Kind.DECISION for entry in entries), "定下"),
        (sum(chosen(entry, Choice.CORRECTIONS) for entry in entries), "更正"),
        (sum(entry.standing is Standing.HELD for entry in entries), "待补"),
        (sum(entry.standing is Standing.ASIDE for entry in entries), "别的单位登记"),
    ):
        parts += [f"{text} {count} 条"] if count else []
    if any(entry.standing is Standing.UNSEALED for entry in entries):
        parts.append("有尚未封存的改动")
    return " · ".join(parts)


def day_of(entry: HistoryEntry) -> str:
    """The heading in the list that an entry stands under."""
    if entry.standing is Standing.UNSEALED:
        return label("history_standing", entry.standing)
    day = day_text(entry.made_at.astimezone(LOCAL).date(), weekday=True) if entry.made_at else ""
    sealed = entry.standing is Standing.SEALED
    return day if sealed else f"{day} · {label('history_standing', entry.standing)}"


def entry_text(entry: HistoryEntry) -> str:
    """An entry in the list: when, what kind, whose, and what it is about."""
    at = f"{entry.made_at.astimezone(LOCAL):%H:%M}" if entry.made_at else ""
    head = "  ".join(part for part in (at, kind_text(entry), entry.author) if part)
    mark = f"【{DISPUTED}】" if entry.disputed else ""
    return f"{head}\n{mark}{_places(entry)}"


def _places(entry: HistoryEntry) -> str:
    names = list(dict.fromkeys(_place_of(each) for each in entry.changes))
    shown = joined("names", names[:NAMES_SHOWN])
    return f"{shown} 等 {len(names)} 处" if len(names) > NAMES_SHOWN else shown or "没有改动"


def _place_of(change: HistoryChange) -> str:
    return part_text(change.path, change.papers) or path_text(change.path, change.papers)


def entry_tone(entry: HistoryEntry) -> Tone | None:
    """How an entry stands out in the list."""
    if entry.disputed or entry.standing in {Standing.HELD, Standing.UNSEALED}:
        return "attention"
    return "accent" if entry.kind in _SETTLING else None


def matches(entry: HistoryEntry, word: str) -> bool:
    """Whether an entry says ``word``: a field, a value, a name, a reason."""
    said = (entry.author, entry.credential, entry.reason, kind_text(entry))
    return not word or any(word in text.lower() for text in said) or any(_changes(entry, word))


def blocks(entry: HistoryEntry, word: str) -> tuple[Block, ...]:
    """One entry: who, where and why; and what changed, of which a search shows only what it found."""
    found = list(_changes(entry, word)) or list(_changes(entry, ""))
    whole = sum(1 for _ in _changes(entry, ""))
    parts = [part for each in found for part in each]
    if len(found) < whole:
        parts.append(("soft", f"另有 {whole - len(found)} 处，清空搜索后可见"))
    return (Block(_heading(entry), tuple(_about(entry))), Block(f"改动 {whole} 处", tuple(parts)))


def _heading(entry: HistoryEntry) -> str:
    return f"{moment_text(entry.made_at)} {kind_text(entry)}".strip()


def moment_text(at: datetime | None) -> str:
    """A moment to the second, where the work is done."""
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}" if at else ""


def _about(entry: HistoryEntry) -> Iterator[Part]:
    yield "text", f"{entry.author}（{entry.credential}）" if entry.credential else entry.author
    yield (
        "soft",
        " · ".join(text for text in (f"设备 {entry.device}", entry.fingerprint, entry.office) if text),
    )
    if entry.reason:
        yield "text", f"理由：{entry.reason}" if entry.kind not in _SETTLING else reason_text(entry)
    if entry.disputed:
        yield "chip", (DISPUTED, "attention")
    if entry.standing is Standing.ASIDE:
        yield "chip", (f"{entry.office}登记，另存备查", "neutral")
    elif entry.standing is Standing.HELD:
        yield "chip", (f"缺前面的修订 {len(entry.missing)} 条，补到以后才并入", "attention")
        yield from (("soft", f"缺 {name}") for name in entry.missing)
    elif entry.standing is Standing.UNSEALED:
        yield "chip", ("还没有封存：没有编号和签名，完成、导出或收件时封存", "attention")
    if entry.joined > 1:
        yield "soft", f"接着 {entry.joined} 路改动写的"
    yield from _travels(entry)


def _travels(entry: HistoryEntry) -> Iterator[Part]:
    if entry.came is not None:
        came = entry.came
        yield "soft", f"收入：{came.file_name}，来自{came.sender}，{moment_text(came.taken_at)}"
    for went in entry.went:
        answer = moment_text(went.answered_at) if went.answered_at else ""
        said = f"已收到 {answer}".rstrip() if went.confirmed else "尚无回执"
        yield "soft", f"送出：{went.file_name}，交{went.peer}，{moment_text(went.sent_at)}，{said}"
    yield from (("soft", f"修订 {name}") for name in entry.revisions)


def _changes(entry: HistoryEntry, word: str) -> Iterator[list[Part]]:
    """The parts of every place that says ``word``."""
    for part, group in groupby(entry.changes, new_part):
        members = list(group)
        if part:
            yield from _if_said([("soft", part), ("text", fields_text(members))], word)
        else:
            for each in members:
                yield from _if_said(list(_change(each, entry.kind)), word)
    for row in further_corrections(entry):
        yield from _if_said([("text", corrected_line(row))], word)


def _if_said(parts: list[Part], word: str) -> Iterator[list[Part]]:
    if not word or any(word in str(part[1]).lower() for part in parts):
        yield parts


def _change(change: HistoryChange, kind: Kind) -> Iterator[Part]:
    where = path_text(change.path, change.papers)
    value = value_text(change.path, change.value, change.papers)
    if not change.rivals and not change.former:
        yield "text", f"{where}：{value}"
        return
    yield "soft", where
    yield "text", value if kind is Kind.REOPENING else f"{former_text(change) or EMPTY} → {value}"
    if change.rivals:
        yield "chip", (DISPUTED, "attention")
    for rival in change.rivals:
        yield "soft", f"{rival_text(change, rival)}（{moment_text(rival.made_at)}）"
