"""What became of files that were taken in, in words: packages, volumes, receipts and each record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.services.merging import Fate, Imported, RecordOutcome
from app.services.workplace import Changes
from app.sync.volumes import SUFFIX as VOLUME_SUFFIX
from app.ui.blocks import Block, Part
from app.ui.handover.lines import FATES
from app.ui.tokens import Tone
from app.vocabulary import Role
from app.wording import sentence

REVIEW: Final = "sync.under_review"
LATE: Final = "sync.late_hand"
LACKING: Final = "sync.volumes_missing"
CANCELLED: Final = "sync.cancelled"
_PROBLEM_WORDS: Final[dict[str, tuple[str, Tone]]] = {
    REVIEW: ("待查", "attention"),
    LACKING: ("缺卷", "attention"),
    CANCELLED: ("已停止", "attention"),
}
_FATE_TONES: Final[dict[Fate, Tone]] = {
    Fate.CONFLICT: "attention",
    Fate.HELD: "attention",
    Fate.REFUSED: "bad",
}
_FATE_SIGNS: Final = {
    Fate.ACCEPTED: "✓",
    Fate.ALREADY: "✓",
    Fate.MERGED: "✓",
    Fate.CONFLICT: "≠",
    Fate.HELD: "？",
    Fate.REFUSED: "✗",
}
Key = tuple[str, str]
Led = tuple[str, dict[str, object]]
"""A screen and what it is asked for."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Files that were taken in: what became of each, where it lies, and what its records are called."""

    done: tuple[Imported, ...] = ()
    paths: tuple[Path | None, ...] = ()
    titles: Mapping[Key, str] | None = None

    def changes(self) -> Changes:
        """What all of them together changed."""
        kinds = frozenset[str]().union(*(each.changes.kinds for each in self.done))
        ids = frozenset[str]().union(*(each.changes.ids for each in self.done))
        return Changes(kinds, ids)

    def with_one(self, place: int, other: Arrived) -> Arrived:
        """The same with what a second look at one file brought."""
        done, paths = list(self.done), list(self.paths)
        done[place : place + 1] = other.done
        paths[place : place + 1] = other.paths
        return replace(
            self, done=tuple(done), paths=tuple(paths), titles={**(self.titles or {}), **(other.titles or {})}
        )


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record of a package as it is listed."""

    outcome: RecordOutcome
    title: str


def record_lines(arrived: Arrived, place: int) -> tuple[RecordLine, ...]:
    """The records of one package, those that need somebody first."""
    titles = arrived.titles or {}
    order = [Fate.REFUSED, Fate.CONFLICT, Fate.HELD, Fate.MERGED, Fate.ACCEPTED, Fate.ALREADY]
    found = [
        RecordLine(each, titles.get((each.kind, each.record_id), "") or f"编号 {each.record_id[:8]}")
        for each in arrived.done[place].records
    ]
    return tuple(
        sorted(found, key=lambda line: (order.index(line.outcome.fate), line.outcome.kind, line.title))
    )


def record_keys(rows: Sequence[RecordLine]) -> list[str]:
    """The keys of their lines; of a record of which some was refused and some taken the refusal has its own."""
    names = [f"{row.outcome.kind}:{row.outcome.record_id}" for row in rows]
    return [name if name not in names[at + 1 :] else f"{name}:{at}" for at, name in enumerate(names)]


def fate_text(line: RecordLine) -> str:
    """What became of a record, with its sign."""
    return f"{_FATE_SIGNS[line.outcome.fate]} {FATES[line.outcome.fate]}"


def fate_tone(line: RecordLine) -> Tone | None:
    """The colour of that word."""
    return _FATE_TONES.get(line.outcome.fate)


def why_text(line: RecordLine) -> str:
    """Why a record was not taken as it came, or what it waits for."""
    outcome = line.outcome
    if outcome.problem is not None:
        words = sentence(outcome.problem)
        return f"{words.message}；{words.remedy}"
    if outcome.fate is Fate.HELD:
        return f"缺前面的修订 {len(outcome.missing)} 条；那个包到了会自己接上"
    if outcome.fate is Fate.CONFLICT:
        return "两人填写不一致，两个值都留着"
    return "两边的改动合到了一起" if outcome.fate is Fate.MERGED else ""


def record_blocks(line: RecordLine) -> tuple[Block, ...]:
    """The chosen record in full where there is anything to say about it."""
    why = why_text(line)
    if not why:
        return ()
    tone = fate_tone(line) or "good"
    return (Block(line.title, (("chip", (fate_text(line), tone)), ("text", why))),)


def leads_to(role: Role, line: RecordLine) -> Led | None:
    """The screen that shows a record, and what it is asked for; ``None`` where there is nothing to show."""
    outcome = line.outcome
    if outcome.fate is Fate.CONFLICT:
        return "conflicts", {"kind": outcome.kind, "record_id": outcome.record_id}
    if outcome.fate in {Fate.HELD, Fate.REFUSED}:
        return None
    return screen_of(role, (outcome.kind, outcome.record_id), line.title)


def screen_of(role: Role, key: Key, title: str) -> Led | None:
    """Where a record of one's own is shown."""
    kind, record_id = key
    office = role is Role.SUPERVISOR
    if kind == "inspection":
        return "review" if office else "visit", {"inspection_id": record_id}
    if kind == "organization" and office:
        return "registry", {"organization_id": record_id}
    if kind in {"assignment", "organization"} and not office:
        return "targets", {"query": title}
    return None


def import_tone(done: Imported) -> Tone:
    """How an import went as a whole."""
    if done.problem is not None:
        return _PROBLEM_WORDS.get(done.problem.code, ("", "bad"))[1]
    if done.refused:
        return "bad"
    late = any(each.problem is not None and each.problem.code == LATE for each in done.records)
    return "attention" if done.held or done.conflicts or late else "good"


def import_word(done: Imported) -> str:
    """The same in a word."""
    if done.problem is not None:
        return _PROBLEM_WORDS.get(done.problem.code, ("没有收入", "bad"))[0]
    if done.answered:
        return f"回执 {done.answered} 条"
    return {"bad": "部分拒收", "attention": "待处理", "good": "全部收入"}[import_tone(done)]


def import_summary(done: Sequence[Imported]) -> str:
    """One line about an import of several packages."""
    packages = [each for each in done if not each.answered]
    whole = sum(import_tone(each) == "good" for each in packages)
    accepted = sum(each.accepted + each.merged for each in packages)
    parts = [f"{len(packages)} 个包，{whole} 个全部收入", f"新收 {accepted} 条记录"] if packages else []
    parts += [f"回执 {len(done) - len(packages)} 份"] if len(packages) < len(done) else []
    for name, count in (
        ("冲突", sum(each.conflicts for each in done)),
        ("待补", sum(each.held for each in done)),
        ("拒收", sum(each.refused for each in done)),
    ):
        parts += [f"{name} {count} 条"] if count else []
    for word in ("待查", "缺卷", "已停止", "没有收入"):
        count = sum(each.problem is not None and import_word(each) == word for each in done)
        parts += [f"{count} 个包{word}"] if count else []
    return " · ".join(parts)


def import_blocks(done: Imported, home: Path) -> tuple[Block, ...]:
    """What there is to say about one file: why it was refused, and where its receipt lies."""
    parts: list[Part] = [("chip", (import_word(done), import_tone(done)))]
    if done.answered:
        parts.append(
            (
                "text",
                f"{done.author} 说明了 {done.answered} 条记录收到没有；没收到的会再次列入待交接。逐条见“回执”",
            )
        )
    for problem in (*((done.problem,) if done.problem is not None else ()), *done.remarks):
        words = sentence(problem)
        parts.append(("text", words.message))
        # The remedy of the wording is for the command line; here there is a button for it.
        parts.append(("soft", _REMEDIES.get(problem.code, words.remedy)))
    if done.receipt is not None:
        kept = done.receipt.is_relative_to(home)
        parts += [("text", f"回执 {done.receipt.name}"), ("soft", f"在 {done.receipt.parent}")]
        parts.append(("soft", RECEIPT_KEPT if kept else RECEIPT_BESIDE))
    return (Block(done.file, tuple(parts)),)


_REMEDIES: Final = {
    REVIEW: "问清设备一直在本人手里，再按“查看后收入”看包里有什么",
    LACKING: "次序不限，在别的移动磁盘上也行：接着把缺的各卷导入或拖进来，这几卷已经记住",
}
RECEIPT_BESIDE: Final = "就在包的旁边，连同移动磁盘带回给对方导入，对方才能逐条打勾"
RECEIPT_KEPT: Final = "那个文件夹写不进去，回执留在本机；按“复制回执到”放到能带走的地方"


def located(paths: Sequence[Path], done: Sequence[Imported]) -> tuple[Path | None, ...]:
    """Where the file of each result lies; of several of one name the first goes to the first result."""
    candidates: dict[str, list[Path]] = {}
    for path in paths:
        beside = path.parent.glob(f"*{VOLUME_SUFFIX}") if path.suffix == VOLUME_SUFFIX else ()
        for each in (*sorted(path.iterdir()), path) if path.is_dir() else (path, *sorted(beside)):
            known = candidates.setdefault(each.name, [])
            if each not in known:
                known.append(each)
    return tuple(_first(candidates.get(each.file, [])) for each in done)


def _first(paths: list[Path]) -> Path | None:
    return paths.pop(0) if paths else None


def pieces_to_keep(arrived: Arrived) -> tuple[Path, ...]:
    """Volumes of packages that are not complete, to be joined with those that come later."""
    return tuple(
        path
        for each, path in zip(arrived.done, arrived.paths, strict=True)
        if path is not None and each.problem is not None and each.problem.code == LACKING
    )
