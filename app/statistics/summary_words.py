"""A work summary in words: what stands for each placeholder of its template.

The placeholders' names and every word are data (``resources/documents/work-summary.toml``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from app.files import resource
from app.statistics.summary import CaseStory, Facts, Figure, ProblemLine, Story, TypeLine
from app.wording import label

MONEY = frozenset({"fines", "confiscated", "goods_value", "money"})

Row = dict[str, object]
Schema = Mapping[str, Mapping[str, None] | None]
"""Placeholders by their names: ``None`` for a value, the columns for a list."""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """How far a task of the plan is, against its quota and its two deadlines.

    ``records`` are the ids of the inspections that count for it.
    """

    key: str
    title: str
    inspection_type: str
    required: int
    done: int
    remaining: int
    own_deadline: date | None
    superior_deadline: date | None
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a summary tells: whose, of which plan, the facts, those of the year before, the tasks."""

    unit: str
    made_on: date
    facts: Facts
    former: Facts
    tasks: tuple[TaskLine, ...] = ()
    plan_id: str = ""
    plan: str = ""
    document: str = ""
    contact: str = ""
    contact_phone: str = ""


@cache
def data() -> dict[str, Any]:
    """The data file as it is."""
    return tomllib.loads(resource("documents", "work-summary.toml").read_text("utf8"))


def word(key: str, **values: object) -> str:
    """A word with its values filled in."""
    text: str = data()["words"][key].format_map(values)
    return text


@cache
def schema() -> Schema:
    """What a template may name."""
    values: dict[str, Mapping[str, None] | None] = {each["name"]: None for each in data()["fields"].values()}
    for each in data()["lists"].values():
        values[each["name"]] = {column["name"]: None for column in each["fields"].values()}
    return values


def spoken(summary: Summary) -> dict[str, object]:
    """The values of every placeholder, by the names that templates use."""
    fields, lists = data()["fields"], data()["lists"]
    told: dict[str, object] = {fields[key]["name"]: value for key, value in _values(summary).items()}
    for key, rows in _lists(summary).items():
        columns = lists[key]["fields"]
        told[lists[key]["name"]] = [
            {columns[column]["name"]: value for column, value in row.items()} for row in rows
        ]
    return told


def _values(summary: Summary) -> Row:
    facts = summary.facts
    return {
        "unit": summary.unit,
        "title": _title(summary),
        "plan": summary.plan,
        "document": summary.document,
        "year": facts.period.last.year,
        "first": day_text(facts.period.first),
        "last": day_text(facts.period.last),
        "made_on": day_text(summary.made_on),
        "contact": summary.contact,
        "contact_phone": summary.contact_phone,
        **{key: _amount(key, figure.value) for key, figure in facts.figures.items()},
        "money": _amount("money", _money(facts)),
        "severities": word("comma").join(
            word("severity", label=label("severity", each.severity), count=each.findings.value)
            for each in facts.severities
        ),
        "left_out": word("semicolon").join(
            word("left_out", label=label("left_out", each.reason), count=each.inspections.value)
            for each in facts.left_out
        ),
        "former_known": summary.former.known,
    }


def _title(summary: Summary) -> str:
    if summary.plan:
        endings = (each for each in data()["title"]["without"] if summary.plan.endswith(each))
        return word("title_plan", plan=summary.plan.removesuffix(next(endings, "")))
    return word("title_year", year=summary.facts.period.last.year)


def day_text(day: date | None) -> str:
    """A day as official papers write it."""
    return word("day", year=day.year, month=day.month, day=day.day) if day else word("no_day")


def _money(facts: Facts) -> int:
    return facts.figures["fines"].value + facts.figures["confiscated"].value


def _amount(key: str, value: int) -> int | str:
    """A count as it is; 分 as 万元 with two decimals, rounded half up."""
    return f"{(value + 5_000) // 10_000 / 100:.2f}" if key in MONEY else value


def _lists(summary: Summary) -> dict[str, list[Row]]:
    facts = summary.facts
    visits = {line.inspection_type: line.visits.value for line in facts.types}
    return {
        "types": [_type(line) for line in facts.types],
        "problems": [
            _problem(number, line, visits[line.inspection_type])
            for number, line in enumerate(facts.problems, 1)
        ],
        "stories": [_story(number, story) for number, story in enumerate(facts.stories)],
        "compared": list(_compared(facts, summary.former)),
        "tasks": [_task(number, line, summary.made_on) for number, line in enumerate(summary.tasks, 1)],
    }


def _type(line: TypeLine) -> Row:
    numbers = {key: getattr(line, key) for key in ("visits", "subjects", "officers", "nonconforming")}
    kind = label("inspection_type", line.inspection_type)
    return {"type": kind, **{key: figure.value for key, figure in numbers.items()}}


def _problem(number: int, line: ProblemLine, visits: int) -> Row:
    return {
        "number": number,
        "type": label("inspection_type", line.inspection_type),
        "item": line.item,
        "text": line.title or line.item,
        "count": line.found.value,
        "share": f"{line.found.value / visits:.0%}",
    }


def _story(number: int, story: Story) -> Row:
    return {
        "number": word("numerals")[number],
        "subject": story.subject_name,
        "type": label("inspection_type", story.inspection_type),
        "on": day_text(story.inspected_on),
        "facts": story.facts.strip().rstrip(word("stops")),
        "outcome": _outcome(story.case) if story.case else _without_case(story.orders),
    }


def _without_case(orders: tuple[str, ...]) -> str:
    if not orders:
        return word("nothing_followed")
    return word("ordered", numbers=word("comma").join(orders))


def _outcome(case: CaseStory) -> str:
    said = [word("filed", on=day_text(case.filed_on)) + _number(case.number)]
    if case.decided_on:
        said.append(word("decided", on=day_text(case.decided_on)) + _number(case.decision_number))
        said += [
            word(key, amount=yuan(getattr(case, key)))
            for key in ("fine", "confiscated")
            if getattr(case, key)
        ]
    if case.referral:
        said.append(word("referral", to=label("referral", case.referral)))
    if not (case.decided_on or case.referral):
        said.append(word("under_way"))
    return word("comma").join(said)


def _number(number: str) -> str:
    return word("number", number=number) if number else ""


def yuan(fen: int) -> str:
    """分 as 元, without needless decimals."""
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"


def _compared(now: Facts, former: Facts) -> Iterator[Row]:
    """Each number beside the year before; a year that nothing is known of has no numbers."""
    for key, what in data()["compared"].items():
        ours, theirs = _of(now, key), _of(former, key)
        yield {
            "what": what,
            "now": _amount(key, ours),
            "former": _amount(key, theirs) if former.known else word("unknown"),
            "change": _change(key, ours, theirs) if former.known else word("unknown"),
        }


def _of(facts: Facts, key: str) -> int:
    return _money(facts) if key == "money" else facts.figures.get(key, Figure()).value


def _change(key: str, now: int, former: int) -> str:
    if now == former:
        return word("same")
    change = word("more" if now > former else "less", count=_amount(key, abs(now - former)))
    if not former:
        return word("new", change=change)
    return word("with_share", change=change, share=f"{(now - former) / former:+.1%}")


def _task(number: int, line: TaskLine, today: date) -> Row:
    return {
        "number": number,
        "task": line.title,
        "type": label("inspection_type", line.inspection_type),
        "required": line.required,
        "done": line.done,
        "gap": line.remaining,
        "own": _short(line.own_deadline),
        "superior": _short(line.superior_deadline),
        "standing": word(standing(line, today)),
    }


def _short(day: date | None) -> str:
    return day.isoformat() if day else word("no_day")


def standing(line: TaskLine, today: date) -> str:
    """Whether a task is done, open, or late: past its own deadline, or past the superior's too."""
    if not line.remaining:
        return "done"
    if line.superior_deadline and line.superior_deadline < today:
        return "late_superior"
    return "late_own" if line.own_deadline and line.own_deadline < today else "open"
