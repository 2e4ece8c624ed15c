"""The lines of the checklists screen: problems of a file, differences, what a move means for a visit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, overload

from app.checklists.scoring import Points
from app.checklists.transition import Fate, Step, Transition
from app.errors import Problem
from app.services.authoring import Proposal, VersionRow
from app.services.moving import DraftRow, MovedItem
from app.services.scoring import ScoringProposal
from app.ui.tokens import Tone
from app.ui.widgets import Column, day_text
from app.wording import label, sentence

CHANGED: Final = (Fate.REWORDED, Fate.MOVED, Fate.NEW, Fate.DROPPED)
_TONES: Final[dict[Fate, Tone]] = {Fate.NEW: "attention", Fate.DROPPED: "attention"}


@dataclass(frozen=True, slots=True)
class TellLine:
    """One line below the list: what kind, where, what, and what besides. ``draft`` names its visit."""

    kind: str
    where: str
    text: str
    more: str = ""
    tone: Tone | None = None
    draft: str = ""

    @property
    def whole(self) -> str:
        """Everything it says, for the line below the list."""
        return "。".join(part for part in (self.text, self.more) if part)


def _standing_tone(row: VersionRow) -> Tone | None:
    return "good" if row.standing == "in_use" else None


VERSIONS: Final = (
    Column[VersionRow]("清单", "title", 0),
    Column[VersionRow]("版本", "version", 11),
    Column[VersionRow]("施行日期", lambda row: day_text(row.effective_from), 13),
    Column[VersionRow]("条目", "items", 7, "right"),
    Column[VersionRow]("来历", lambda row: label("checklist_origin", row.origin), 12),
    Column[VersionRow](
        "现状", lambda row: label("checklist_standing", row.standing), 11, tone=_standing_tone
    ),
    Column[VersionRow]("在查", lambda row: row.drafts or "", 7, "right"),
)

LINES: Final = (
    Column[TellLine]("", "kind", 13, tone=lambda line: line.tone),
    Column[TellLine]("位置", "where", 22),
    Column[TellLine]("内容", "text", 0),
    Column[TellLine]("说明", "more", 0),
)


def problem_lines(problems: Iterable[Problem]) -> Iterator[TellLine]:
    """Each problem with its cell as Excel shows it and how to mend it."""
    for each in problems:
        said, where = sentence(each), each.where
        cell = f"{where.column or ''}{where.row or ''}"
        place = " ".join(part for part in (where.sheet, cell) if part)
        kind: tuple[str, Tone] = ("提示", "attention") if each.taken else ("问题", "bad")
        yield TellLine(kind[0], place, said.message, said.remedy, kind[1])


def score_lines(found: ScoringProposal) -> Iterator[TellLine]:
    """Each item whose points or rule change, with what they were."""
    for each in found.changes:
        kind: tuple[str, Tone | None] = (
            ("新增", None)
            if each.before is None
            else ("去掉", "attention")
            if each.after is None
            else ("改变", None)
        )
        text = _points_text(each.after) if each.after is not None else "不再计分"
        former = f"原为：{_points_text(each.before)}" if each.before is not None else ""
        yield TellLine(kind[0], each.number, f"{text}　{each.text}", former, kind[1])


def _points_text(points: Points) -> str:
    return f"{points.points:f} 分" + (f"（{points.rule}）" if points.rule else "")


def scoring_text(name: str, found: ScoringProposal) -> str:
    """What a scoring table holds and would change, in one line."""
    faulty = sum(not each.taken for each in found.problems)
    parts = [
        f"评分表 {name}：{found.items} 条可用，共 {found.total:f} 分",
        f"{faulty} 行不能用" if faulty else "",
        f"代替 {found.former}" if found.former else "",
        f"有 {len(found.changes)} 条变动" if found.changes else "与现在的一样",
    ]
    return "；".join(part for part in parts if part)


def difference_lines(way: Transition) -> Iterator[TellLine]:
    """Each item that is not the same in both versions."""
    for step in way.steps:
        if step.fate in CHANGED:
            yield _step_line(step)


def _step_line(step: Step) -> TellLine:
    item = step.after or step.before
    assert item is not None
    numbers = [each.shown for each in (step.before, step.after) if each is not None]
    former = f"原为：{step.before.text}" if step.words_changed and step.before is not None else ""
    kind = label("item_fate", step.fate)
    return TellLine(kind, " → ".join(dict.fromkeys(numbers)), item.text, former, _TONES.get(step.fate))


class DraftLines(Sequence[TellLine]):
    """Each visit under way, and below it the items that would change; made when they are looked at.

    Hundreds of visits with hundreds of items each are a hundred thousand lines, of which a person sees a
    few.
    """

    def __init__(self, drafts: Sequence[DraftRow]) -> None:
        self._drafts = drafts
        self._ends = list(accumulate(1 + _changes(row) for row in drafts))

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> TellLine: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[TellLine]: ...
    def __getitem__(self, place: int | slice) -> TellLine | Sequence[TellLine]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        number = bisect_right(self._ends, place)
        row, first = self._drafts[number], self._ends[number - 1] if number else 0
        return _head(row) if place == first else _item_line(row, row.of(*CHANGED)[place - first - 1])


def _changes(row: DraftRow) -> int:
    return sum(each.fate in CHANGED for each in row.items)


def _head(row: DraftRow) -> TellLine:
    told = "，".join(f"{label('item_fate', fate)} {len(row.of(fate))}" for fate in Fate if row.of(fate))
    return TellLine("在查", f"现用 {row.version} 版", row.subject_name, told, "good", row.inspection_id)


def _item_line(row: DraftRow, each: MovedItem) -> TellLine:
    numbers = " → ".join(part for part in dict.fromkeys((each.before, each.after)) if part)
    return TellLine(
        label("item_fate", each.fate), numbers, each.text, _answered(each.fate, answered=each.answered),
        _TONES.get(each.fate), row.inspection_id,
    )  # fmt: skip


def _answered(fate: Fate, *, answered: bool) -> str:
    if fate is Fate.NEW:
        return "以前在这一版答过，答案取回" if answered else "换用后要补答"
    if fate is Fate.DROPPED:
        return "已有答案，另存在记录里，换回时取回" if answered else ""
    return "已有答案，跟着走" if answered else ""


def proposal_text(proposal: Proposal) -> str:
    """What was read of a file, and how much of it differs."""
    read = proposal.read
    if read.checklist is None:
        return "没有读出清单"
    count = sum(1 for _ in read.checklist.items())
    said = f"{read.checklist.title} {read.checklist.version} 版：可用条目 {count} 条"
    if read.left_out:
        said += f"，漏收 {read.left_out} 行"
    if proposal.known:
        return f"{said}；这一版已经在用，内容相同"
    if proposal.against is None:
        return f"{said}；是新的清单"
    if proposal.difference is None:
        return f"{said}；问题改好后再导入"
    changed = "，".join(
        f"{label('item_fate', fate)} {proposal.difference.count(fate)}"
        for fate in Fate
        if proposal.difference.count(fate)
    )
    return f"{said}；与 {proposal.against.version} 版相比：{changed}"
