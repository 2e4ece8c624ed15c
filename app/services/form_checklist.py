"""What a checklist gives to its form: answered in a visit, or its questions with room to write by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.checklists.schema import Checklist, Item, Measure, MeasureKind, Section
from app.forms.phrases import words
from app.law.library import Library
from app.services.citing import cited, marked
from app.services.sheet_rows import (
    CitedProvision,
    ConclusionRow,
    FindingRow,
    GroupRow,
    ItemRow,
    SectionRow,
    Sheet,
)
from app.vocabulary import InspectionStatus, InspectionType, Verdict
from app.wording import joined, label, labels

Data = dict[str, object]

_FINISHED: Final = frozenset({InspectionStatus.FINALISED, InspectionStatus.APPROVED})

_SHORT, _LONG = 4, 10
"""Characters of a line to write a number, or a text, on."""

_COLUMN: Final = 19
"""Characters across the form's column of values; what is longer has its room below its label."""


def answered_checklist(shown: Sheet, orders: Mapping[str, str] | None = None) -> Data:
    """A visit's checklist as answered; an instance's section is told from its name and fields.

    ``orders``: the numbers of its orders by their keys, told behind what was ordered.
    """
    done = shown.header.status in _FINISHED
    rows = [row for section in shown.sections for row in _section_rows(section, done=done)]
    return {
        "title": shown.header.checklist_title,
        "version": shown.header.checklist_version,
        "items": rows,
        "starred": _any(rows, "star"),
        "unverified": _any(rows, "unverified"),
        "concludes": "yes" if shown.conclusion else None,
        "conclusion": shown.conclusion.result if shown.conclusion else None,
        "conclusion_open": _conclusion_open(shown.conclusion),
        "conclusion_title": _conclusion_title(shown.header.inspection_type),
        "matters": list(_matters(shown, orders or {})),
    }


def _matters(shown: Sheet, orders: Mapping[str, str]) -> Iterator[Data]:
    """The checklist's parts as matters of a random inspection: whether looked at, what was found and ordered.

    The instances of a repeated part are one matter. Parts of which nothing is asked are left out; what was
    found beside the checklist is a matter of its own.
    """
    parts: dict[str, list[ItemRow]] = {}
    for section in shown.sections:
        title = section.group.title if section.group else section.title
        parts.setdefault(title, []).extend(section.items)
    left = [row for row in shown.findings if row.confirmed]
    for title, items in parts.items():
        asked = {row.id for row in items}
        findings = [row for row in left if row.item in asked]
        left = [row for row in left if row.item not in asked]
        if items:
            looked = any(row.verdict is not None for row in items)
            yield {
                **_told(title, findings, orders),
                "checked": "yes" if looked else "no",
                "found": joined("clauses", (row.description for row in findings)) or _clean(items),
            }
    if left:
        yield _told(label("paper_outcome", "beside"), left, orders)


def _told(name: str, findings: Sequence[FindingRow], orders: Mapping[str, str]) -> Data:
    return {
        "name": name,
        "checked": "yes",
        "found": joined("clauses", (row.description for row in findings)),
        "handled": joined("names", dict.fromkeys(_handled(row, orders) for row in findings)),
    }


def _clean(items: Iterable[ItemRow]) -> str:
    """What is written where everything was looked at and nothing was found."""
    good = all(row.verdict not in {None, Verdict.NONCONFORMING} for row in items)
    return label("paper_outcome", "clean") if good else ""


def _handled(row: FindingRow, orders: Mapping[str, str]) -> str:
    told = label("disposition", row.disposition)
    number = orders.get(row.order_key or "")
    return label("paper_outcome", "ordered").format(disposition=told, number=number) if number else told


def blank_checklist(law: Library, checklist: Checklist) -> Data:
    """A checklist's questions, with room for its values and for what is noted about each instance.

    A repeated section stands there as often as it is wanted at least, and once at the least.
    """
    rows = [
        _asked(item, law, heading)
        for section in checklist.sections
        for heading in _blank_headings(section)
        for item in section.items
    ]
    return {
        "title": checklist.title,
        "version": checklist.version,
        "items": rows,
        "starred": _any(rows, "star"),
        "unverified": _any(rows, "unverified"),
        "concludes": "yes" if checklist.conclusion else None,
        "conclusion_title": _conclusion_title(checklist.inspection_type),
    }


def _conclusion_title(inspection_type: InspectionType) -> str:
    """What the conclusion is one of: by an official table where the type has one."""
    own = labels("conclusion_title")
    return own.get(inspection_type, own["usual"])


def _conclusion_open(conclusion: ConclusionRow | None) -> str:
    if conclusion is None or conclusion.result is not None:
        return ""
    return label("paper_checklist", "conclusion_open").format(count=conclusion.open_items)


def written_out(provisions: Iterable[CitedProvision]) -> str:
    """Provisions as one text, behind each the mark that it was not compared with the official text."""
    return joined("clauses", (marked(each) for each in provisions))


def _marked(text: str, *, unverified: bool) -> str:
    return text + label("paper_checklist", "mark") if unverified else text


def _open(how: str) -> bool:
    """Whether an item's own explanation says that something of it still has to be checked."""
    return label("paper_checklist", "unverified") in how


def _any(rows: Iterable[Data], key: str) -> str | None:
    return "yes" if any(row.get(key) for row in rows) else None


def _section_rows(section: SectionRow, *, done: bool) -> Iterator[Data]:
    """The items of a section; of a repeated one that was gone through for nothing, the word for that."""
    if section.group is not None and section.instance is None:
        word = _nothing(section.group, done=done)
        yield {"section": section.title, "none": word, "text": word}
    heading = _heading(section)
    yield from (_answered(row, heading) for row in section.items)


def _nothing(group: GroupRow, *, done: bool) -> str:
    """None at all, or none of what the registry knows; as long as the visit goes on, nothing entered yet."""
    word = "unfilled" if not done else "left_out" if group.left_out else "none"
    return label("paper_checklist", word).format(count=group.left_out)


def _answered(row: ItemRow, section: str) -> Data:
    values = [(row.measure, row.value)] if row.measure else []
    values += [(each.entry, each.value) for each in row.measures]
    measured = joined("clauses", (_measured(*each) for each in values))
    alone = len(values) == 1 and not row.measures
    return {
        "id": row.number,
        "star": _star(row.starred),
        "section": section,
        "none": None,
        "text": _marked(row.text, unverified=_open(row.how)),
        "unverified": _doubtful(row.how, (*row.references, *row.penalties)),
        "verdict": row.verdict,
        "note": row.note,
        "values": measured,
        "value": values[0][1] if alone else measured,
        "unit": values[0][0].unit if alone else "",
        "basis": written_out(row.references),
        "penalty": written_out(row.penalties),
    }


def _asked(item: Item, law: Library, section: str) -> Data:
    own = [item.measure] if item.measure else []
    references, penalties = cited(law, item.references), cited(law, item.penalty_references)
    return {
        "id": item.shown,
        "star": _star(item.starred),
        "section": section,
        "text": _marked(item.text, unverified=_open(item.how)),
        "unverified": _doubtful(item.how, (*references, *penalties)),
        "values": "\n".join(_row_room(each) for each in (*own, *item.measures)),
        "basis": written_out(references),
        "penalty": written_out(penalties),
    }


def _doubtful(how: str, provisions: Iterable[CitedProvision]) -> bool:
    return _open(how) or any(each.needs_confirmation for each in provisions)


def _heading(section: SectionRow) -> str:
    """A section's title on paper."""
    if section.instance is None or section.group is None:
        return section.title
    noted = (_measured(each.entry, each.value) for each in section.instance.fields)
    title = f"{section.group.title} {section.instance.number}"
    return joined("clauses", (f"{title} {section.instance.label}".rstrip(), *noted))


def _blank_headings(section: Section) -> Iterator[str]:
    repeat = section.repeat
    if repeat is None:
        yield section.title
        return
    line = words("furniture")["line"]
    for number in range(1, max(repeat.minimum, 1) + 1):
        told = {
            "title": repeat.title or section.title,
            "number": number if repeat.minimum > 1 else line,
            "line": line * _LONG,
        }
        named = label("paper_checklist", "instance").format(**told)
        yield joined("clauses", (named, *(_room(each) for each in repeat.fields)))


def _row_room(measure: Measure) -> str:
    """The same in a row of the form, where a long label stands above its room."""
    text = _room(measure)
    return text if len(text) <= _COLUMN else text.replace(measure.label, f"{measure.label}\n", 1)


def _room(measure: Measure) -> str:
    """A value's label with room to write it, its unit behind."""
    count = _SHORT if measure.kind is MeasureKind.NUMBER else _LONG
    room = words("room").get(measure.kind) or words("furniture")["line"] * count
    return label("paper_checklist", "room").format(label=measure.label, room=room, unit=measure.unit)


def _measured(measure: Measure, value: str) -> str:
    return f"{measure.label} {value} {measure.unit}".rstrip() if value else ""


def _star(starred: bool) -> str:
    return label("paper_checklist", "star") if starred else ""
