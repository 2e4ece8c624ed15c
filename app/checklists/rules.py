"""Which items are asked, what is still missing, how far each section is; pure and deterministic.

Items are judged in order and a condition sees only the answers of items that are asked, so an old
answer to a question that disappeared never makes another one appear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from app.checklists.conditions import Facts, Scope, parse
from app.checklists.entries import number, out_of_limits
from app.checklists.repeats import split
from app.checklists.schema import COPY, Checklist, Item, Measure, MeasureKind, Section
from app.vocabulary import Verdict

JUDGED = (Verdict.CONFORMING, Verdict.NONCONFORMING)


@dataclass(frozen=True, slots=True)
class Answered:
    """What is known about one item: verdict, note, measured value, number of photos.

    ``value`` is the number of its measure; ``entered`` what was entered otherwise, as stored, by the
    id of the further measure (an empty id for a measure that is no number).
    """

    verdict: Verdict | None = None
    note: str = ""
    value: Decimal | None = None
    photos: int = 0
    entered: Mapping[str, str] = field(default_factory=dict)

    def text(self, measure: Measure, entry_id: str = "") -> str:
        """What was entered for a measure, empty when nothing readable was."""
        if not entry_id and measure.kind is MeasureKind.NUMBER:
            return "" if _number(self.value) is None else f"{self.value:f}"
        text = self.entered.get(entry_id, "").strip()
        return "" if measure.kind is MeasureKind.NUMBER and number(text) is None else text


Answers = Mapping[str, Answered]
NOTHING = Answered()


class Reason(StrEnum):
    """Why an item stands in the way of finishing (``missing_reason``)."""

    UNANSWERED = "unanswered"
    NOT_APPLICABLE_REFUSED = "not_applicable_refused"
    NOTE_MISSING = "note_missing"
    MEASURE_MISSING = "measure_missing"
    MEASURE_CONTRADICTS = "measure_contradicts"
    PHOTO_MISSING = "photo_missing"
    INSTANCES_MISSING = "instances_missing"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing still to be done before the checklist is complete.

    ``subject`` names what of the item is meant: a measure, or the section that lacks instances (then
    there is no item).
    """

    item_id: str
    reason: Reason
    subject: str = ""


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
    for entry in item.measures:
        if entry.kind is MeasureKind.NUMBER and (text := answer.text(entry, entry.id)):
            scope.values[f"{item.id}.{entry.id}"] = Decimal(text)


def _number(value: Decimal | None) -> Decimal | None:
    """The value when it can be compared; a package may carry NaN, which compares with nothing."""
    return value if value is not None and value.is_finite() else None


def visible_items(checklist: Checklist, answers: Answers, facts: Facts) -> tuple[Item, ...]:
    """The items that are asked, in order."""
    return tuple(item for _, items in visible_sections(checklist, answers, facts) for item in items)


def missing(checklist: Checklist, answers: Answers, facts: Facts) -> tuple[Missing, ...]:
    """Everything that keeps the checklist from being complete, in the order of its items."""
    return (
        *_too_few(checklist, answers, facts),
        *(
            lacking
            for item in visible_items(checklist, answers, facts)
            for lacking in _missing_of(item, answers.get(item.id, NOTHING))
        ),
    )


def standing(checklist: Checklist, answers: Answers, facts: Facts) -> frozenset[str]:
    """Ids of the sections whose condition holds, whether or not they have items."""
    scope = Scope(facts)
    held = set()
    for section in checklist.sections:
        if _holds(section.condition, scope):
            held.add(section.id)
            for _ in _asked(section, answers, scope):
                pass
    return frozenset(held)


def _too_few(checklist: Checklist, answers: Answers, facts: Facts) -> Iterator[Missing]:
    """Repeated sections that are asked and have fewer instances than they want."""
    held = standing(checklist, answers, facts)
    there = Counter(split(section.id)[0] for section in checklist.sections if COPY in section.id)
    repeats = {
        split(section.id)[0]: (section.repeat, section.title)
        for section in checklist.sections
        if section.repeat is not None and section.id in held
    }
    for base, (repeat, title) in repeats.items():
        if there[base] < repeat.minimum:
            yield Missing("", Reason.INSTANCES_MISSING, repeat.title or title)


def _missing_of(item: Item, answer: Answered) -> Iterator[Missing]:
    """What one item lacks, one line for each value of it that is missing."""
    for reason in reasons(item, answer):
        if reason is Reason.MEASURE_MISSING:
            yield from (Missing(item.id, reason, name) for name in _unmeasured(item, answer))
        else:
            yield Missing(item.id, reason)


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
    if any(True for _ in _unmeasured(item, answer)):
        yield Reason.MEASURE_MISSING
    if verdict is Verdict.CONFORMING and entered_verdict(item, answer) is Verdict.NONCONFORMING:
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


def _measures(item: Item) -> Iterator[tuple[str, Measure]]:
    """Every measure of an item with the id its value is entered under."""
    if item.measure is not None:
        yield "", item.measure
    for entry in item.measures:
        yield entry.id, entry


def _unmeasured(item: Item, answer: Answered) -> Iterator[str]:
    """Labels of the values that are wanted and not there."""
    for entry_id, measure in _measures(item):
        if measure.required and not answer.text(measure, entry_id):
            yield measure.label if item.measures else ""


def entered_verdict(item: Item, answer: Answered) -> Verdict | None:
    """What the values of an item say by themselves; nothing where no entered one has limits."""
    if item.measure is None and not item.measures:
        return None
    said = [
        out_of_limits(measure, text)
        for entry_id, measure in _measures(item)
        if (text := answer.text(measure, entry_id))
    ]
    known = [each for each in said if each is not None]
    return None if not known else Verdict.NONCONFORMING if any(known) else Verdict.CONFORMING
