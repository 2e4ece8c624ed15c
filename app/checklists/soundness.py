"""What is wrong with a checklist beyond its single fields: ids, limits, repeats, checks, conclusion.

Whatever cannot be relied on is taken out, so that the rest can be worked with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.checklists import entries
from app.checklists.checks import problems_of
from app.checklists.conditions import parse
from app.checklists.schema import Checklist, ConclusionRule, Item, Measure, MeasureKind, Section
from app.errors import BadInput

_GOOD_ID = re.compile(r'[^@/%"\s]{1,40}')
_GOOD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
STARRED, ALL = "*", "all"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, of which section or item, with the values of its sentence."""

    code: str
    owner: str
    values: Mapping[str, str | int] = field(default_factory=dict)


def faults(checklist: Checklist) -> tuple[Checklist, tuple[Fault, ...]]:
    """The checklist without what is wrong in it, and every fault."""
    found: list[Fault] = [*_bad_ids(checklist), *_bad_limits(checklist), *_into_repeats(checklist)]
    sections = tuple(_without_bad_checks(section, checklist, found) for section in checklist.sections)
    rules = tuple(rule for rule in checklist.conclusion if not _note(found, _bad_rule(rule, checklist)))
    return replace(checklist, sections=sections, conclusion=rules), tuple(found)


def _note(found: list[Fault], new: Iterable[Fault]) -> bool:
    before = len(found)
    found.extend(new)
    return len(found) > before


def groups(checklist: Checklist) -> dict[str, frozenset[str]]:
    """What rules of a conclusion may speak of: starred, all, each section and each item; their items.

    Of an expanded checklist, a repeated section and its items stand for all their instances.
    """
    of: dict[str, set[str]] = {STARRED: set(), ALL: set()}
    for section in checklist.sections:
        for item in section.items:
            names = {ALL, section.id.partition("@")[0], item.id.partition("@")[0]}
            for name in names | ({STARRED} if item.starred else set()):
                of.setdefault(name, set()).add(item.id)
    return {name: frozenset(items) for name, items in of.items()}


def _bad_ids(checklist: Checklist) -> Iterator[Fault]:
    for section in checklist.sections:
        if not _GOOD_ID.fullmatch(section.id):
            yield Fault("checklist.bad_id", section.id, {"id": section.id[:40]})
        yield from _bad_former(section)
        if section.repeat is not None:
            yield from _bad_names(section.id, [entry.id for entry in section.repeat.fields])
            if section.repeat.minimum > section.repeat.maximum:
                yield Fault("checklist.bad_limits", section.id)
        for item in section.items:
            if item.id.strip() and not _GOOD_ID.fullmatch(item.id):
                yield Fault("checklist.bad_id", item.id, {"id": item.id[:40]})
            yield from _bad_former(item)
            yield from _bad_names(item.id, [entry.id for entry in item.measures])


def _bad_former(each: Section | Item) -> Iterator[Fault]:
    for former in each.formerly:
        if not _GOOD_ID.fullmatch(former):
            yield Fault("checklist.bad_former", each.id, {"id": former[:40]})


def _bad_names(owner: str, names: list[str]) -> Iterator[Fault]:
    for name, count in Counter(names).items():
        if not _GOOD_NAME.fullmatch(name):
            yield Fault("checklist.bad_id", owner, {"id": name[:40]})
        if count > 1:
            yield Fault("checklist.duplicate_measure", owner, {"id": name})


def _bad_limits(checklist: Checklist) -> Iterator[Fault]:
    for owner, measure in _all_measures(checklist):
        known = [limit for limit in (measure.minimum, measure.maximum) if limit is not None]
        texts = [limit for limit in (measure.earliest, measure.latest) if limit]
        if known != sorted(known) or texts != sorted(texts) or not _limits_fit(measure):
            yield Fault("checklist.bad_limits", owner)


def _limits_fit(measure: Measure) -> bool:
    """Whether a measure has only limits of its kind, written as they are stored."""
    if measure.kind in {MeasureKind.DATE, MeasureKind.TIME}:
        try:
            texts = (measure.earliest, measure.latest)
            return all(entries.stored(measure, text) == text for text in texts) and (
                measure.minimum is None and measure.maximum is None
            )
        except BadInput:
            return False
    numeric = measure.kind is MeasureKind.NUMBER
    bare = measure.minimum is None and measure.maximum is None
    return not (measure.earliest or measure.latest) and (numeric or bare)


def _all_measures(checklist: Checklist) -> Iterator[tuple[str, Measure]]:
    for section in checklist.sections:
        if section.repeat is not None:
            yield from ((section.id, entry) for entry in section.repeat.fields)
        for item in section.items:
            yield from ((item.id, each) for each in (item.measure, *item.measures) if each is not None)


def kinds(section: Section, checklist: Checklist) -> dict[str, MeasureKind]:
    """What checks of a section's items may refer to, and of what kind it is.

    Of a repeated section only its own items know, since others cannot tell which instance is meant.
    """
    found: dict[str, MeasureKind] = {}
    for each in checklist.sections:
        if each.repeat is not None and each.id != section.id:
            continue
        if each.repeat is not None:
            found |= {f"{each.id}.{entry.id}": entry.kind for entry in each.repeat.fields}
        for item in each.items:
            found |= {f"{item.id}.{entry.id}": entry.kind for entry in item.measures}
            if item.measure is not None:
                found[item.id] = item.measure.kind
    return found


def _without_bad_checks(section: Section, checklist: Checklist, found: list[Fault]) -> Section:
    if all(item.check is None for item in section.items):
        return section
    known = kinds(section, checklist)
    items = []
    for item in section.items:
        told = [] if item.check is None else list(problems_of(item.check, known))
        new = [
            Fault(code, item.id, {"word": word, "rule": item.check.rule if item.check else ""})
            for code, word in told
        ]
        items.append(replace(item, check=None) if _note(found, new) else item)
    return replace(section, items=tuple(items))


def _into_repeats(checklist: Checklist) -> Iterator[Fault]:
    """Conditions that look at items of a repeated section from outside, where no instance is meant."""
    home = {item.id: section.id for section in checklist.sections if section.repeat for item in section.items}
    for section in checklist.sections:
        for owner, text in _conditions(section):
            condition = parse(text)
            for reference in sorted(condition.items | condition.measures):
                base = reference if reference in home else reference.rpartition(".")[0]
                outside = home.get(base, section.id) != section.id or (owner == section.id and base in home)
                if outside:
                    yield Fault("checklist.condition_into_repeat", owner, {"reference": reference})


def _conditions(section: Section) -> Iterator[tuple[str, str]]:
    if section.condition is not None:
        yield section.id, section.condition
    yield from ((item.id, item.condition) for item in section.items if item.condition is not None)


def _bad_rule(rule: ConclusionRule, checklist: Checklist) -> Iterator[Fault]:
    if rule.when is None:
        return
    try:
        condition = parse(rule.when)
    except BadInput as error:
        yield Fault(error.problem.code, "conclusion", error.problem.values)
        return
    known = groups(checklist)
    stars = bool(known[STARRED])
    for group in sorted(condition.groups):
        if group not in known or (group == STARRED and not stars):
            yield Fault("checklist.unknown_group", "conclusion", {"group": group})
    for name in sorted((condition.items | condition.measures) - known.keys()):
        yield Fault("checklist.unknown_item", "conclusion", {"reference": name})
