"""Sections, instances and items of a visit's sheet, its conclusion and its score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.checklists import rules
from app.checklists.conclusions import conclude
from app.checklists.repeats import split
from app.checklists.schema import Item, Section
from app.checklists.scoring import Scoring, score
from app.law.duties import offered
from app.models.inspection import Finding
from app.services.citing import cited
from app.services.gathering import Gathered
from app.services.hinting import Hinting
from app.services.sheet_rows import (
    CitedProvision,
    ConclusionRow,
    EntryRow,
    GroupRow,
    InstanceRow,
    ItemRow,
    LastTime,
    ScoreRow,
    SectionRow,
)
from app.vocabulary import SCHEME_OF, RepeatSubject


@dataclass(frozen=True)
class Beside:
    """What the rows of items are made from."""

    gathered: Gathered
    last: Mapping[str, LastTime]
    hinting: Hinting
    scoring: Scoring | None
    written: dict[tuple[str, ...], tuple[CitedProvision, ...]] = field(default_factory=dict)
    """Provisions written out so far; items of instances cite the same ones."""

    def cited(self, references: tuple[str, ...]) -> tuple[CitedProvision, ...]:
        """The provisions of references as they stand beside an item."""
        if references not in self.written:
            self.written[references] = cited(self.gathered.law, references)
        return self.written[references]


def section_rows(beside: Beside) -> Iterable[SectionRow]:
    """The sections that are asked, a repeated one for each of its instances."""
    gathered = beside.gathered
    answered, facts = gathered.answered, gathered.facts
    done = {each.section_id: each.done for each in rules.progress(gathered.questions, answered, facts)}
    findings = {row.item: row for row in gathered.findings if row.item}
    groups = dict(_groups(gathered))
    asked = rules.standing(gathered.questions, answered, facts)
    numbers = Counter[str]()
    for section, items in rules.visible_sections(gathered.questions, answered, facts):
        base, key = split(section.id)
        group = groups.get(base)
        numbers[base] += bool(key)
        if section.id not in asked or not (items or group):
            continue
        rows = tuple(_item_row(item, beside, findings.get(item.id)) for item in items)
        instance = _instance_row(section, key, numbers[base], gathered) if key else None
        yield SectionRow(section.id, section.title, done[section.id], len(rows), rows, group, instance)


def _groups(gathered: Gathered) -> Iterable[tuple[str, GroupRow]]:
    counts = Counter(each.section for each in gathered.instances)
    for section in gathered.questions.sections:
        base, repeat = split(section.id)[0], section.repeat
        if repeat is None:
            continue
        title = repeat.title or section.title
        left = _left_out(gathered, base) if repeat.of is RepeatSubject.CERTIFICATE else 0
        yield base, GroupRow(base, title, repeat.of, repeat.minimum, repeat.maximum, counts[base], left)


def _left_out(gathered: Gathered, section: str) -> int:
    """Certificates of the scheme that none of a section's instances is called after."""
    named = {each.label for each in gathered.instances if each.section == section}
    scheme = SCHEME_OF[gathered.inspection.inspection_type]
    return sum(row.scheme is scheme and row.number not in named for row in gathered.certificates)


def _instance_row(section: Section, key: str, number: int, gathered: Gathered) -> InstanceRow:
    label = next((each.label for each in gathered.instances if each.key == key), "")
    fields = section.repeat.fields if section.repeat is not None else ()
    rows = (EntryRow(entry, gathered.measurements.get(f"{section.id}.{entry.id}", "")) for entry in fields)
    return InstanceRow(key, number, label, tuple(rows))


def conclusion_row(gathered: Gathered) -> ConclusionRow | None:
    """The result by the checklist's rules, when it has any."""
    found = conclude(gathered.questions, gathered.answered, gathered.facts)
    return None if found is None else ConclusionRow(found.result, found.open_items)


def score_row(gathered: Gathered, scoring: Scoring | None) -> ScoreRow | None:
    """The score by the office's table, when there is one."""
    if scoring is None:
        return None
    found = score(scoring, gathered.questions, gathered.answered, gathered.facts)
    return ScoreRow(f"{found.earned:f}", f"{found.possible:f}", scoring.source)


def _item_row(item: Item, beside: Beside, finding: Finding | None) -> ItemRow:
    gathered = beside.gathered
    row = gathered.answers.get(item.id)
    answered = gathered.answered.get(item.id, rules.NOTHING)
    points = beside.scoring.items.get(split(item.id)[0]) if beside.scoring is not None else None
    return ItemRow(
        id=item.id,
        number=item.shown,
        text=item.text,
        how=item.how,
        evidence_wanted=item.evidence,
        photos_required=item.photos_required,
        required=item.required,
        allow_not_applicable=item.allow_not_applicable,
        measure=item.measure,
        measures=tuple(EntryRow(entry, answered.entered.get(entry.id, "")) for entry in item.measures),
        hint=beside.hinting.row(item),
        starred=item.starred,
        points="" if points is None else f"{points.points:f}",
        scoring_rule="" if points is None else points.rule,
        dispositions=offered(
            gathered.law, item.references, item.dispositions, gathered.inspection.inspection_type
        ),
        references=beside.cited(item.references),
        penalties=beside.cited(item.penalty_references),
        verdict=answered.verdict,
        note=answered.note,
        value=row.value if row else "",
        photos=gathered.photos[item.id],
        answered_at=row.answered_at if row else None,
        finding_key=finding.key if finding else None,
        finding=finding.description if finding else "",
        last_time=beside.last.get(item.id),
        reasons=tuple(rules.reasons(item, answered)),
    )
