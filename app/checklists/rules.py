"""Which items are asked, what is still missing, how far each section is; pure and deterministic.

Items are judged in order and a condition sees only the answers of items that are asked, so an old
answer to a question that disappeared never makes another one appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.checklists.conditions import Facts, Scope, parse
from app.checklists.schema import Checklist, Item, Measure, Section
from app.errors import BadInput
from app.vocabulary import Verdict

JUDGED = (Verdict.CONFORMING, Verdict.NONCONFORMING)


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known about one item: verdict, note, measured value, number of photos."""

    verdict: Verdict | None = None
    note: str = ""
    value: Decimal | None = None
    photos: int = 0


Answers = Mapping[str, Answered]
NOTHING = Answered()
_WRITTEN = re.compile(r"[-+]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})")


class Reason(StrEnum):
    """Why an item stands in the way of finishing (``missing_reason``)."""

    UNANSWERED = "unanswered"
    NOT_APPLICABLE_REFUSED = "not_applicable_refused"
    NOTE_MISSING = "note_missing"
    MEASURE_MISSING = "measure_missing"
    MEASURE_CONTRADICTS = "measure_contradicts"
    PHOTO_MISSING = "photo_missing"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing still to be done before the checklist is complete."""

    item_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How many of the items that are asked in a section are settled."""

    section_id: str
    done: int
    total: int


def visible_sections(
    checklist: Checklist, answers: Answers, facts: Facts
) -> tuple[tuple[Section, tuple[Item, ...]], ...]:
    """Every section with those of its items that are asked."""
    scope = Scope(facts)
    return tuple((section, tuple(_asked(section, answers, scope))) for section in checklist.sections)


def _asked(section: Section, answers: Answers, scope: Scope) -> Iterator[Item]:
    if not _holds(section.condition, scope):
        return
    for item in section.items:
        if _holds(item.condition, scope):
            _remember(item, answers.get(item.id, NOTHING), scope)
            yield item


def _holds(condition: str | None, scope: Scope) -> bool:
    return condition is None or parse(condition).holds(scope)


def _remember(item: Item, answer: Answered, scope: Scope) -> None:
    if answer.verdict is not None:
        scope.verdicts[item.id] = answer.verdict
    if item.measure is not None and (value := _number(answer.value)) is not None:
        scope.values[item.id] = value


def _number(value: Decimal | None) -> Decimal | None:
    """The value when it can be compared; a package may carry NaN, which compares with nothing."""
    return value if value is not None and value.is_finite() else None


def visible_items(checklist: Checklist, answers: Answers, facts: Facts) -> tuple[Item, ...]:
    """The items that are asked, in order."""
    return tuple(item for _, items in visible_sections(checklist, answers, facts) for item in items)


def missing(checklist: Checklist, answers: Answers, facts: Facts) -> tuple[Missing, ...]:
    """Everything that keeps the checklist from being complete, in the order of its items."""
    return tuple(
        Missing(item.id, reason)
        for item in visible_items(checklist, answers, facts)
        for reason in reasons(item, answers.get(item.id, NOTHING))
    )


def reasons(item: Item, answer: Answered) -> tuple[Reason, ...]:
    """What one item lacks; an optional item lacks nothing until it is answered."""
    if answer.verdict is None:
        return (Reason.UNANSWERED,) if item.required else ()
    return tuple(_lacks(item, answer, answer.verdict))


def _lacks(item: Item, answer: Answered, verdict: Verdict) -> Iterator[Reason]:
    if verdict is Verdict.NOT_APPLICABLE and not item.allow_not_applicable:
        yield Reason.NOT_APPLICABLE_REFUSED
    left_out = verdict is Verdict.NOT_CHECKED and item.required
    if (verdict is Verdict.NONCONFORMING or left_out) and not answer.note.strip():
        yield Reason.NOTE_MISSING
    if verdict not in JUDGED:
        return
    if item.measure is not None and item.measure.required and _number(answer.value) is None:
        yield Reason.MEASURE_MISSING
    if verdict is Verdict.CONFORMING and measure_verdict(item, answer.value) is Verdict.NONCONFORMING:
        yield Reason.MEASURE_CONTRADICTS
    if answer.photos < item.photos_required:
        yield Reason.PHOTO_MISSING


def progress(checklist: Checklist, answers: Answers, facts: Facts) -> tuple[SectionProgress, ...]:
    """Settled and asked items of every section; a hidden section has none."""
    return tuple(
        SectionProgress(section.id, sum(_settled(item, answers) for item in items), len(items))
        for section, items in visible_sections(checklist, answers, facts)
    )


def _settled(item: Item, answers: Answers) -> bool:
    answer = answers.get(item.id, NOTHING)
    return answer.verdict is not None and not reasons(item, answer)


def measure_verdict(item: Item, value: Decimal | None) -> Verdict | None:
    """What a measured value says by itself; nothing without a value or without limits."""
    measure, value = item.measure, _number(value)
    if measure is None or value is None or (measure.minimum is None and measure.maximum is None):
        return None
    low = measure.minimum is not None and value < measure.minimum
    high = measure.maximum is not None and value > measure.maximum
    return Verdict.NONCONFORMING if low or high else Verdict.CONFORMING


def measured(measure: Measure, text: str) -> Decimal:
    """Read a typed value; refuses what is no number or has more decimals than the measure."""
    # Decimal itself would also take 1_0, 1e999999 and NaN, which nobody could read on paper.
    value = Decimal(text.strip()) if _WRITTEN.fullmatch(text.strip()) else Decimal("NaN")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > measure.decimals:
        raise BadInput("checklist.bad_value", value=text, label=measure.label, decimals=measure.decimals)
    return value
