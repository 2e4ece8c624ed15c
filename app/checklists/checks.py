"""Checks that compute: from what was entered, a hint beside the item; pure, and never an answer.

A hint names a word of ``resources/wording/labels.toml`` (``[check]``), the values it used and what it
suggests: conforming, nonconforming, or nothing where it cannot tell. Sources of the rules: domain.md
§2.4 (sign-in within two hours, within five kilometres), §2.6 (organic balance), §5.4 (shapes).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from app.checklists.schema import Check, MeasureKind
from app.vocabulary import CertificateStatus, Verdict

Values = Mapping[str, str]
"""What was entered, as stored, by the name of a rule's input."""

Limits = Mapping[str, Decimal]
Calendar = Callable[[date, date], tuple[int, bool]]
"""Working days after the first day up to the second, and whether that is certain."""

BAD, GOOD = Verdict.NONCONFORMING, Verdict.CONFORMING
EARTH = 6371.0088
"""Mean radius of the earth in kilometres."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What a check found: word of the sentence, suggested verdict (``None``: cannot tell), its numbers."""

    word: str
    verdict: Verdict | None
    values: Mapping[str, str]


def _hint(word: str, verdict: Verdict | None, **values: object) -> Hint:
    return Hint(word, verdict, {name: _written(value) for name, value in values.items()})


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


# ---- certificates and numbers


def certificate_valid_on(values: Values, _limits: Limits, _calendar: Calendar) -> Hint:
    """Whether a certificate stood on a day of production or sale.

    A suspension without an end goes on; from the day it ended on, a certificate is none any more.
    """
    day, until = values["day"], values.get("valid_to", "")
    if "valid_from" in values and day < values["valid_from"]:
        return _hint("certificate_not_yet", BAD, day=day, since=values["valid_from"])
    if until and day > until:
        return _hint("certificate_expired", BAD, day=day, until=until)
    if "ended_on" in values and day >= values["ended_on"]:
        return _hint("certificate_ended", BAD, day=day, since=values["ended_on"])
    if "suspended_from" in values and values["suspended_from"] <= day <= values.get("suspended_to", day):
        return _hint("certificate_suspended", BAD, day=day, since=values["suspended_from"])
    status = values.get("status", "")
    dated = "ended_on" in values or "suspended_from" in values
    if status not in {"", CertificateStatus.VALID} and not dated:
        return _hint("certificate_status_open", None, day=day)
    if not until:
        return _hint("certificate_end_open", None, day=day)
    return _hint("certificate_valid", GOOD, day=day, until=until)


_CCC = re.compile(r"[12]\d{15}")
_DECLARATION = re.compile(r"\d{16,18}")
_ORGANIC_CODE = re.compile(r"\d{17}")
_ORGANIC_CERTIFICATE = re.compile(r"(\d{3,4}|F\d{2}|[89]\d{3})OP\d{7}(-\d+)?")
_APPROVAL = re.compile(r"CNCA-RF?-\d{4}-\d{2,4}")


def ccc_number_shape(values: Values, _limits: Limits, _calendar: Calendar) -> Hint:
    """Whether CCC numbers have their usual 16 digits; declarations may look otherwise (domain.md §5.4)."""
    numbers = _numbers(values["number"])
    odd = [each for each in numbers if not _CCC.fullmatch(each)]
    if odd and all(_DECLARATION.fullmatch(each) for each in odd):
        return _hint("ccc_number_declaration", None, number=odd[0])
    return _shape("ccc_number", numbers, odd)


def organic_code_shape(values: Values, _limits: Limits, _calendar: Calendar) -> Hint:
    """Whether organic codes have 17 digits; their first ones are not read (domain.md §5.4)."""
    return _shaped("organic_code", _ORGANIC_CODE, values)


def organic_certificate_shape(values: Values, _limits: Limits, _calendar: Calendar) -> Hint:
    """Whether numbers of organic certificates have the shape that the system gives them."""
    return _shaped("organic_certificate", _ORGANIC_CERTIFICATE, values)


def approval_number_shape(values: Values, _limits: Limits, _calendar: Calendar) -> Hint:
    """Whether approval numbers of certification bodies have their usual shape."""
    return _shaped("approval_number", _APPROVAL, values)


def _numbers(text: str) -> list[str]:
    """The numbers in a text, whatever stands between them."""
    return [found.strip("-_") for found in re.findall(r"[\w-]+", text.upper())]


def _shaped(name: str, shape: re.Pattern[str], values: Values) -> Hint:
    numbers = _numbers(values["number"])
    return _shape(name, numbers, [each for each in numbers if not shape.fullmatch(each)])


def _shape(name: str, numbers: list[str], odd: list[str]) -> Hint:
    if odd or not numbers:
        return _hint(f"{name}_odd", BAD, number=odd[0] if odd else "", odd=len(odd), count=len(numbers))
    return _hint(f"{name}_fits", GOOD, count=len(numbers))


# ---- quantities


def balance(values: Values, limits: Limits, _calendar: Calendar) -> Hint:
    """Organic production against what was sold, certified for sale and coded (domain.md §2.6).

    Quantities are in one unit; ``codes`` counts codes, each for ``per_code`` of that unit. Nobody can
    sell, certify or code more than was produced and in stock, apart from ``tolerance`` percent.
    """
    known = {name: Decimal(text) for name, text in values.items()}
    there = known["produced"] + known.get("opening", Decimal(0))
    most = there * (1 + limits["tolerance"] / 100)
    out = known["sold"] + known.get("closing", Decimal(0))
    numbers: dict[str, object] = {"there": there, "sold": known["sold"], "out": out}
    if out > most:
        return _hint("balance_sold", BAD, **numbers, over=out - there)
    if "certified" in known and known["certified"] > most:
        return _hint("balance_certified", BAD, **numbers, certified=known["certified"])
    if "codes" not in known:
        return _hint("balance_holds", GOOD, **numbers)
    numbers["codes"] = known["codes"]
    if "per_code" not in known:
        return _hint("balance_codes_open", None, **numbers)
    numbers["coded"] = coded = known["codes"] * known["per_code"]
    if coded > most:
        return _hint("balance_codes", BAD, **numbers, over=coded - there)
    return _hint("balance_all_holds", GOOD, **numbers)


def audit_person_days(values: Values, limits: Limits, _calendar: Calendar) -> Hint:
    """Person-days of an audit as found on the spot against those of the reported plan."""
    planned, found = Decimal(values["planned"]), Decimal(values["found"])
    short = planned - found
    verdict = BAD if short > limits["tolerance"] else GOOD
    word = "person_days_short" if verdict is BAD else "person_days_hold"
    return _hint(word, verdict, planned=planned, found=found, short=max(short, Decimal(0)))


# ---- times and places


def witness_window(values: Values, _limits: Limits, _calendar: Calendar) -> Hint:
    """Whether an audit was witnessed inside the times of its plan; without times, on its days."""
    day = values["day"]
    opens = _moment(values["from_day"], values.get("from_time", "00:00"))
    closes = _moment(values["to_day"], values.get("to_time", "23:59"))
    began = _moment(day, values["began"]) if "began" in values else None
    ended = _moment(day, values["ended"]) if "ended" in values else None
    days = values["from_day"] <= day <= values["to_day"]
    inside = days and (began is None or opens <= began) and (ended is None or ended <= closes)
    said = {"day": day, "began": values.get("began", ""), "ended": values.get("ended", "")}
    plan = {"opens": opens.isoformat(" ", "minutes"), "closes": closes.isoformat(" ", "minutes")}
    return _hint("window_inside" if inside else "window_outside", GOOD if inside else BAD, **said, **plan)


def _moment(day: str, clock: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))


def sign_in_within(values: Values, limits: Limits, _calendar: Calendar) -> Hint:
    """Signing in at most two hours after the opening meeting began, out after the closing one ended.

    Times of one day; signing out before the end is not spoken of in the rule, so nothing is suggested.
    """
    most = int(limits["hours"] * 60)
    late = _minutes(values["signed_in"]) - _minutes(values["opening"])
    if late > most:
        return _hint("sign_in_late", BAD, late=late, most=most)
    if "signed_out" not in values or "closing" not in values:
        return _hint("sign_in_holds", GOOD, late=max(late, 0), most=most)
    after = _minutes(values["signed_out"]) - _minutes(values["closing"])
    if after < 0:
        return _hint("sign_out_early", None, early=-after)
    word, verdict = ("sign_out_late", BAD) if after > most else ("sign_both_hold", GOOD)
    return _hint(word, verdict, late=max(late, 0), after=after, most=most)


def _minutes(clock: str) -> int:
    read = time.fromisoformat(clock)
    return read.hour * 60 + read.minute


def within_distance(values: Values, limits: Limits, _calendar: Calendar) -> Hint:
    """Whether two places lie within five kilometres of each other."""
    away = kilometres(position(values["from"]), position(values["to"]))
    most = limits["kilometres"]
    verdict = GOOD if away <= float(most) else BAD
    return _hint(
        "distance_near" if verdict is GOOD else "distance_far", verdict, away=f"{away:.2f}", most=most
    )


def position(text: str) -> tuple[float, float]:
    """Latitude and longitude in degrees from ``28.1,114.4``."""
    latitude, _, longitude = text.partition(",")
    return float(latitude), float(longitude)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two positions by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, each)) for each in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def working_days_within(values: Values, limits: Limits, calendar: Calendar) -> Hint:
    """Whether something was done within a number of working days after another day."""
    start, end, most = values["start"], values["end"], limits["days"]
    count, certain = calendar(date.fromisoformat(start), date.fromisoformat(end))
    said: dict[str, object] = {"start": start, "end": end, "count": count, "most": most}
    if count < 0 or end < start:
        return _hint("days_reversed", None, **said)
    if not certain:
        return _hint("days_guessed", None, **said)
    late = count > most
    return _hint("days_late" if late else "days_hold", BAD if late else GOOD, **said)


# ---- the table


@dataclass(frozen=True, slots=True)
class Rule:
    """A check: what it needs, what it also takes, and its numbers (``None``: the checklist must say)."""

    run: Callable[[Values, Limits, Calendar], Hint]
    needs: Mapping[str, MeasureKind]
    takes: Mapping[str, MeasureKind] = field(default_factory=dict)
    limits: Mapping[str, Decimal | None] = field(default_factory=dict)

    def kind(self, name: str) -> MeasureKind | None:
        """The kind of an input; ``None`` for one the rule does not know."""
        return self.needs.get(name) or self.takes.get(name)


def _of(kind: MeasureKind, names: str) -> dict[str, MeasureKind]:
    return dict.fromkeys(names.split(), kind)


_NUMBER, _DATE, _TIME = MeasureKind.NUMBER, MeasureKind.DATE, MeasureKind.TIME
_CODE = _of(MeasureKind.CODE, "number")

RULES: dict[str, Rule] = {
    "certificate_valid_on": Rule(
        certificate_valid_on,
        _of(_DATE, "day"),
        _of(_DATE, "valid_from valid_to suspended_from suspended_to ended_on") | _of(MeasureKind.TEXT, "status"),
    ),
    "ccc_number_shape": Rule(ccc_number_shape, _CODE),
    "organic_code_shape": Rule(organic_code_shape, _CODE),
    "organic_certificate_shape": Rule(organic_certificate_shape, _CODE),
    "approval_number_shape": Rule(approval_number_shape, _CODE),
    "balance": Rule(
        balance,
        _of(_NUMBER, "produced sold"),
        _of(_NUMBER, "codes per_code certified opening closing"),
        {"tolerance": Decimal(0)},
    ),
    "audit_person_days": Rule(
        audit_person_days, _of(_NUMBER, "planned found"), limits={"tolerance": Decimal(0)}
    ),
    "witness_window": Rule(
        witness_window, _of(_DATE, "day from_day to_day"), _of(_TIME, "began ended from_time to_time")
    ),
    "sign_in_within": Rule(
        sign_in_within, _of(_TIME, "opening signed_in"), _of(_TIME, "closing signed_out"), {"hours": Decimal(2)}
    ),
    "within_distance": Rule(
        within_distance, _of(MeasureKind.PLACE, "from to"), limits={"kilometres": Decimal(5)}
    ),
    "working_days_within": Rule(working_days_within, _of(_DATE, "start end"), limits={"days": None}),
}  # fmt: skip
"""Every rule by its name."""


def hint(check: Check, entered: Mapping[str, str], calendar: Calendar) -> Hint | None:
    """What a check says; nothing while an input it needs is missing or was never of its kind.

    ``entered``: stored text by the names that checks refer to (``4.1.produced``).
    """
    rule = RULES.get(check.rule)
    if rule is None:
        return None
    values = {
        name: text for name, source in check.inputs.items() if (text := entered.get(source, "").strip())
    }
    limits = {name: check.limits.get(name, usual) for name, usual in rule.limits.items()}
    if not rule.needs.keys() <= values.keys() or None in limits.values():
        return None
    try:
        return rule.run(values, {name: each for name, each in limits.items() if each is not None}, calendar)
    except (ValueError, ArithmeticError):
        # A package may carry text that was never checked on the way in.
        return None


def problems_of(check: Check, kinds: Mapping[str, MeasureKind]) -> Iterator[tuple[str, str]]:
    """What is wrong with a check: code and the word it is about; ``kinds`` of all that may be referred to."""
    rule = RULES.get(check.rule)
    if rule is None:
        yield "checklist.unknown_rule", check.rule
        return
    for name, source in sorted(check.inputs.items()):
        wanted = rule.kind(name)
        if wanted is None:
            yield "checklist.unknown_input", name
        elif source not in kinds:
            yield "checklist.unknown_source", source
        elif not _serves(kinds[source], wanted):
            yield "checklist.wrong_kind", source
    yield from (("checklist.input_missing", name) for name in sorted(rule.needs.keys() - check.inputs.keys()))
    yield from (
        ("checklist.unknown_limit", name) for name in sorted(check.limits.keys() - rule.limits.keys())
    )
    yield from _limits_missing(rule, check.limits)


def _limits_missing(rule: Rule, given: Iterable[str]) -> Iterator[tuple[str, str]]:
    open_ones = {name for name, usual in rule.limits.items() if usual is None}
    yield from (("checklist.limit_missing", name) for name in sorted(open_ones - set(given)))


def _serves(kind: MeasureKind, wanted: MeasureKind) -> bool:
    """Numbers of things may have been asked for as text, and status words as codes."""
    words = {MeasureKind.TEXT, MeasureKind.CODE}
    return kind is wanted or {kind, wanted} <= words
