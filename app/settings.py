"""Operator settings: ``settings.toml`` in the home, typed; unknown keys are reported, not dropped."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path

from app.errors import Place, Problem

FILE = "settings.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an office may set.

    ``count_fines_only``, ``count_decided_cases``: switches of specs/statistics.md.
    ``reconsideration`` and ``court``: the authorities an order names for remedies.
    ``number_rules``: the rule of each form's document numbers, by form (app/forms/numbers.py);
    ``office_mark`` and ``device_mark`` are what ``{office}`` and ``{device}`` stand for in them.
    ``extra_holidays`` / ``extra_workdays``: days the official calendar does not know yet.
    ``small_fine_yuan``: up to this amount (元) a fine is shown for three months; set by the province, 0
    while nobody entered it.
    ``scanner_folder`` and ``camera_folder`` are watched for new evidence while a visit is open;
    ``camera_program`` is started for taking photos, empty for the system's own.
    """

    idle_minutes: int = 5
    theme: str = "system"
    contact: str = ""
    contact_phone: str = ""
    reconsideration: str = ""
    court: str = ""
    order_number_prefix: str = ""
    office_mark: str = ""
    device_mark: str = ""
    number_rules: dict[str, str] = field(default_factory=dict)
    count_fines_only: bool = False
    count_decided_cases: bool = False
    small_fine_yuan: int = 0
    scanner_folder: str = ""
    camera_folder: str = ""
    camera_program: str = ""
    extra_holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()
    unknown: dict[str, object] = field(default_factory=dict)


def load(home: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """Settings of a home, with a problem for each key that is unknown or of the wrong type."""
    path = home / FILE
    if not path.is_file():
        return Settings(), ()
    try:
        raw = tomllib.loads(path.read_text("utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Settings(), (Problem("settings.not_toml", Place(file=FILE), {"reason": str(error)}),)
    return _typed(raw)


def _typed(raw: dict[str, object]) -> tuple[Settings, tuple[Problem, ...]]:
    defaults = Settings()
    known = {item.name for item in fields(Settings)} - {"unknown"}
    good: dict[str, object] = {}
    problems = []
    for key, value in raw.items():
        if key not in known:
            problems.append(Problem("settings.unknown_key", Place(file=FILE), {"key": key}))
            continue
        typed = tuple(value) if isinstance(value, list) else value
        if type(typed) is not type(getattr(defaults, key)):
            problems.append(Problem("settings.wrong_type", Place(file=FILE), {"key": key}))
            continue
        good[key] = typed
    unknown = {key: value for key, value in raw.items() if key not in known}
    return replace(defaults, unknown=unknown, **good), tuple(problems)  # type: ignore[arg-type]


def written(settings: Settings) -> str:
    """The file that says what differs from the defaults; unknown keys stay."""
    defaults = Settings()
    named = {item.name: getattr(settings, item.name) for item in fields(Settings) if item.name != "unknown"}
    told = {name: value for name, value in named.items() if value != getattr(defaults, name)}
    lines = [
        f"{toml_value(key)} = {toml_value(value)}" for key, value in {**told, **settings.unknown}.items()
    ]
    return "".join(f"{line}\n" for line in lines)


def toml_value(value: object) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # JSON leaves DEL as it is, TOML does not allow it.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case dict():
            pairs = (f"{toml_value(str(key))} = {toml_value(each)}" for key, each in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list() | tuple():
            return "[" + ", ".join(toml_value(each) for each in value) + "]"
        case date():
            return value.isoformat()
    return str(value)
