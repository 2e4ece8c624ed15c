"""A checklist as an XLSForm, the workbook that forms for phones are made from; pure.

Sections become groups and repeated ones repeats, conditions relevance, limits constraints. What a
phone cannot do is a problem: the form is made all the same and says less there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from app.checklists.authoring_words import authoring_words
from app.checklists.schema import Checklist, Entry, Item, Measure, MeasureKind, Section
from app.checklists.xpath import CERTIFICATES, PRODUCTION, Untranslatable, translated
from app.errors import Place, Problem
from app.vocabulary import Verdict
from app.wording import labels

Row = dict[str, str]

LABEL, HINT, MESSAGE = "label", "hint", "constraint_message"
VERDICTS, STRICT = "verdict", "verdict_strict"
_TYPES = {
    MeasureKind.DATE: "date", MeasureKind.TIME: "time", MeasureKind.TEXT: "text",
    MeasureKind.CODE: "text", MeasureKind.PLACE: "geopoint",
}  # fmt: skip
_PLAIN = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class XlsForm:
    """The three sheets as rows by heading, and what could not be said on a phone."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: Row
    problems: tuple[Problem, ...] = ()


def xlsform(checklist: Checklist) -> XlsForm:
    """The form of a checklist."""
    writer = _Writer(checklist)
    body = [row for section in checklist.sections for row in writer.section(section)]
    survey = [*_visit(), *writer.facts(), _end("group"), *body]
    writer.left_out()
    settings = {
        "form_title": checklist.title, "form_id": checklist.id, "version": checklist.version,
        "default_language": authoring_words().phone["language"],
    }  # fmt: skip
    return XlsForm(
        tuple(map(_spoken, survey)),
        tuple(map(_spoken, _choices())),
        settings,
        tuple(writer.problems),
    )


def _spoken(row: Row) -> Row:
    """A row whose texts say which language they are in."""
    language = authoring_words().phone["language"]
    return {f"{key}::{language}" if key in {LABEL, HINT, MESSAGE} else key: text for key, text in row.items()}


def _visit() -> Iterator[Row]:
    words = authoring_words().phone
    yield {"type": "begin_group", "name": "visit", LABEL: words["visit"]}
    yield {"type": "text", "name": "subject", LABEL: words["subject"], "required": "yes"}
    yield {"type": "date", "name": "day", LABEL: words["day"], "required": "yes"}
    yield {"type": "text", "name": "officers", LABEL: words["officers"], "required": "yes"}


def _end(kind: str) -> Row:
    return {"type": f"end_{kind}"}


def _choices() -> Iterator[Row]:
    for name, words in (
        (VERDICTS, labels("verdict")),
        (STRICT, {word: text for word, text in labels("verdict").items() if word != Verdict.NOT_APPLICABLE}),
        (PRODUCTION, labels("production_status")),
        (CERTIFICATES, labels("certificate_status")),
    ):
        yield from ({"list_name": name, "name": word, LABEL: text} for word, text in words.items())


@dataclass(slots=True)
class _Writer:
    """Gives every question a name that a form may use, and notes what is lost."""

    checklist: Checklist
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for section in self.checklist.sections:
            self._name(f"section:{section.id}", f"s_{section.id}")
            for item in section.items:
                self._name(item.id, f"i_{item.id}")
                if item.measure is not None:
                    self._name(f"measure:{item.id}", f"m_{item.id}")
                for entry in item.measures:
                    self._name(f"measure:{item.id}.{entry.id}", f"m_{item.id}_{entry.id}")

    def _name(self, key: str, wanted: str) -> None:
        plain = _PLAIN.sub("_", wanted)
        taken, name, number = set(self.names.values()), plain, 2
        while name in taken:
            name, number = f"{plain}_x{number}", number + 1
        self.names[key] = name

    def facts(self) -> Iterator[Row]:
        """The questions about facts that conditions ask for."""
        words = authoring_words().phone
        if PRODUCTION in self.asked:
            yield {"type": f"select_one {PRODUCTION}", "name": PRODUCTION, LABEL: words["production"]}
        if CERTIFICATES in self.asked:
            kind = f"select_multiple {CERTIFICATES}"
            yield {"type": kind, "name": CERTIFICATES, LABEL: words["certificates"]}

    def section(self, section: Section) -> Iterator[Row]:
        """A group with its items; of a repeated section a repeat."""
        name = self.names[f"section:{section.id}"]
        relevant = self._relevant(section.condition, section.id, section.title)
        yield {"type": "begin_group", "name": name, LABEL: section.title, **relevant}
        if section.repeat is not None:
            title = section.repeat.title or section.title
            yield {"type": "begin_repeat", "name": f"{name}_each", LABEL: title}
            words = authoring_words().phone
            yield {"type": "text", "name": f"{name}_label", LABEL: words["instance"]}
            for entry in section.repeat.fields:
                yield from self._value(entry, f"{name}_{entry.id}", "", None)
        for item in section.items:
            yield from self._item(item)
        if section.repeat is not None:
            if section.repeat.minimum or section.repeat.maximum < 99:
                self._lose("authoring.phone_instances", section.id, title=section.title)
            yield _end("repeat")
        yield _end("group")

    def _item(self, item: Item) -> Iterator[Row]:
        words, name = authoring_words().phone, self.names[item.id]
        number = (words["starred"] if item.starred else "") + item.shown
        choice = VERDICTS if item.allow_not_applicable else STRICT
        relevant = self._relevant(item.condition, item.id, item.shown)
        yield {
            "type": f"select_one {choice}",
            "name": name,
            LABEL: words["item"].format(number=number, text=item.text),
            HINT: "\n".join(
                (words["how"].format(how=item.how), words["evidence"].format(evidence=item.evidence))
            ),
            "required": "yes" if item.required else "",
            **relevant,
        }
        verdict = f"${{{name}}}"
        judged = f"{verdict} = '{Verdict.CONFORMING}' or {verdict} = '{Verdict.NONCONFORMING}'"
        for key, measure in _measures(item):
            for row in self._value(measure, self.names[key], item.shown, verdict):
                yield {**row, "relevant": judged}
        for n in range(1, item.photos_required + 1):
            text = words["photo"].format(number=item.shown, n=n)
            yield {
                "type": "image", "name": f"{name}_photo_{n}", LABEL: text, "required": "yes", "relevant": judged,
            }  # fmt: skip
        unlooked = f" or {verdict} = '{Verdict.NOT_CHECKED}'" if item.required else ""
        yield {
            "type": "text",
            "name": f"{name}_note",
            LABEL: words["note"].format(number=item.shown),
            HINT: words["note_hint"],
            "required": f"{verdict} = '{Verdict.NONCONFORMING}'{unlooked}",
            "relevant": f"{verdict} != ''",
        }
        if item.check is not None:
            self._lose("authoring.phone_check", item.id, number=item.shown, rule=item.check.rule)

    def _value(self, measure: Measure, name: str, number: str, verdict: str | None) -> Iterator[Row]:
        """The question for a value. Beyond its limits it can be entered, but not as conforming."""
        words = authoring_words().phone
        label = (
            words["unit"].format(label=measure.label, unit=measure.unit) if measure.unit else measure.label
        )
        row = {
            "type": _type(measure),
            "name": name,
            LABEL: words["value"].format(number=number, label=label).strip(),
            "required": "yes" if measure.required and verdict is not None else "",
        }
        limits = " and ".join(_limits(measure))
        if limits and verdict is not None:
            row["constraint"] = f"({limits}) or {verdict} != '{Verdict.CONFORMING}'"
            row[MESSAGE] = words["beyond"]
        elif measure.kind is MeasureKind.NUMBER and measure.decimals:
            row["constraint"] = f"regex(string(.), '^-?[0-9]+(\\.[0-9]{{1,{measure.decimals}}})?$')"
            row[MESSAGE] = words["decimals"].format(decimals=measure.decimals)
        yield row

    def _relevant(self, condition: str | None, owner: str, shown: str) -> Row:
        if condition is None:
            return {}
        try:
            found = translated(condition, self.names)
        except Untranslatable as error:
            self._lose(
                "authoring.phone_condition", owner, number=shown, condition=condition, at=str(error) or "…"
            )
            return {}
        self.asked |= found.asks
        return {"relevant": found.xpath}

    def left_out(self) -> None:
        """Note what belongs to the checklist as a whole and is not computed on a phone."""
        if self.checklist.conclusion:
            self._lose("authoring.phone_conclusion", self.checklist.id)

    def _lose(self, code: str, owner: str, **values: str | int) -> None:
        self.problems.append(Problem(code, Place(column=owner), values, taken=True))


def _measures(item: Item) -> Iterator[tuple[str, Measure | Entry]]:
    if item.measure is not None:
        yield f"measure:{item.id}", item.measure
    yield from ((f"measure:{item.id}.{entry.id}", entry) for entry in item.measures)


def _type(measure: Measure) -> str:
    if measure.kind is MeasureKind.NUMBER:
        return "decimal" if measure.decimals else "integer"
    return _TYPES[measure.kind]


def _limits(measure: Measure) -> Iterable[str]:
    """What a value within the limits fulfils."""
    if measure.kind is MeasureKind.NUMBER:
        numbers: Mapping[str, Decimal | None] = {">=": measure.minimum, "<=": measure.maximum}
        return [f". {sign} {limit:f}" for sign, limit in numbers.items() if limit is not None]
    texts = {">=": measure.earliest, "<=": measure.latest}
    if measure.kind is MeasureKind.DATE:
        return [f". {sign} date('{limit}')" for sign, limit in texts.items() if limit]
    clock = "number(translate(substr(string(.), 0, 5), ':', ''))"
    return [f"{clock} {sign} {int(limit.replace(':', ''))}" for sign, limit in texts.items() if limit]
