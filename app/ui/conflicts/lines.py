"""What stands in dispute, in words: the choices of a field, its part, who wrote what. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.services.disputed_parts import Asked, Part
from app.services.disputes import DisputedField, DisputedValue
from app.services.naming import field_text, steps_of, value_text
from app.services.resolving import REMOVED, DecisionRow, Exactly
from app.sync.shapes import Value, moment
from app.ui.handover.lines import moment_text
from app.wording import label

FORMER, THIRD = "former", "third"
"""Choices beside the rival values: what stood there before, and what somebody types now."""

LONG: Final = 40
"""From so many characters on a value is read as prose and gets room for it."""

REASONS: Final = ("与照片、原始记录核对一致", "以在场检查人员的记录为准", "各处互为补充，合并写全")
"""Usual reasons; a click writes one down, and it can be changed there."""

_NAMING: Final = ("number", "name", "title", "subject_name", "body_name", "caption", "file_name", "product")
_TELLING: Final = ("verdict", "severity", "disposition", "status", "result", "state")


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values that a field may be decided for, and everybody who wrote it.

    ``key`` stays the same while the value does; ``take`` is what the service is told.
    """

    key: str
    value: Value
    take: Value | Exactly
    by: tuple[DisputedValue, ...] = ()
    shown: bool = False

    @property
    def ours(self) -> bool:
        """Whether this device wrote it."""
        return any(each.ours for each in self.by)


def options(field: DisputedField) -> tuple[Option, ...]:
    """The rival values, each once, in the order they were written."""
    by: dict[tuple[type, Value], list[DisputedValue]] = {}
    for each in sorted(field.values, key=lambda each: (each.made_at, each.revision)):
        by.setdefault((type(each.value), each.value), []).append(each)
    return tuple(
        Option(
            f"{kind.__name__}:{value}", value, f"@{who[0].revision}", tuple(who),
            (type(field.shown), field.shown) == (kind, value),
        )
        for (kind, value), who in by.items()
    )  # fmt: skip


def former_option(field: DisputedField, asked: Asked) -> Option | None:
    """What stood there before, where it is none of the rivals and may stand there again."""
    if any(same(each.value, field.former) for each in field.values):
        return None
    if field.former is not None:
        return Option(FORMER, field.former, Exactly(field.former))
    return Option(FORMER, None, REMOVED) if asked.empty or asked.entry == "presence" else None


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same; ``True`` is not 1."""
    return (type(one), one) == (type(other), other)


def shown_text(field: DisputedField, value: Value, asked: Asked) -> str:
    """A value as people write it; a yes or no that was never said is the usual one."""
    if asked.entry == "truth" and value is None:
        value = asked.default
    return value_text(field.path, value, field.papers)


def is_long(texts: Iterable[str]) -> bool:
    """Whether these values are prose."""
    return any(len(text) > LONG or "\n" in text for text in texts)


def about(path: str, part: Part | None) -> str:
    """What the part is that a path lies in: the item's wording, the finding's text, a paper's number."""
    if part is None:
        return ""
    field = steps_of(path)[2]
    item = str(part.values.get("item", ""))
    told = [f"检查项 {item}：{part.wording}".rstrip("：")] if item else [part.wording]
    told += [
        f"{field_text(at)}：{value_text(at, part.values[name])}" for name, at in _prose(path, part, field)
    ]
    told += [" · ".join(_words(path, part, field))]
    return "\n".join(each for each in told if each)


def _prose(path: str, part: Part, field: str) -> list[tuple[str, str]]:
    """What the part says of itself, apart from the field in dispute: its name and its description."""
    named = [name for name in _NAMING if part.values.get(name)][:1]
    described = [name for name in ("description",) if part.values.get(name)]
    return [(name, f"{_part_path(path)}/{name}") for name in named + described if name != field]


def _words(path: str, part: Part, field: str) -> Iterator[str]:
    for name in _TELLING:
        if part.values.get(name) and name != field:
            at = f"{_part_path(path)}/{name}"
            yield f"{field_text(at)}：{value_text(at, part.values[name])}"


def _part_path(path: str) -> str:
    return "/".join(path.split("/")[:2])


def who_text(value: DisputedValue) -> str:
    """Whose a value is, with the number of the credential."""
    return f"{value.author} {value.credential}".strip()


def where_text(value: DisputedValue) -> str:
    """On which device it was written."""
    return "本机" if value.ours else f"设备 {value.device}"


def when_text(value: DisputedValue) -> str:
    """When it was written, by the clock of the place."""
    return moment_text(moment(value.made_at))


def missing(choice: str, problem: str, reason: str) -> str:
    """What is still to be done before a field can be decided; empty when nothing is.

    ``problem`` is what is wrong with the third value.
    """
    lacks = [] if choice else ["选一个值"]
    lacks += [problem] if choice == THIRD and problem else []
    lacks += [] if reason.strip() else ["写理由"]
    return f"还缺：{'、'.join(lacks)}" if lacks else ""


def with_usual(reason: str, usual: str) -> str:
    """A reason after a click on a usual one: it takes an empty one's or another usual one's place."""
    written = reason.strip()
    if not written or written in REASONS:
        return usual
    return written if usual in written else f"{written.rstrip('。；')}；{usual}"


def decided_text(row: DecisionRow) -> str:
    """What was taken."""
    return value_text(row.path, row.value, row.papers)


def rejected_text(row: DecisionRow) -> str:
    """What was not taken, each on a line."""
    return "\n".join(value_text(row.path, value, row.papers) for value in row.rejected)


def decider_text(row: DecisionRow) -> str:
    """Who decided, where and when."""
    who = f"{row.author} {row.credential}".strip()
    return f"{who} · 设备 {row.device} · {moment_text(moment(row.made_at))}"


def last_ones(rows: Sequence[DecisionRow]) -> frozenset[str]:
    """Revisions and paths of the decisions that nobody has decided anew since."""
    latest = {row.path: row.revision for row in rows}
    return frozenset(f"{revision}:{path}" for path, revision in latest.items())


def kind_text(kind: str) -> str:
    """A kind of record as people call it."""
    return label("record_kind", kind)
