"""The Chinese of the command line, read from ``resources/wording/cli.toml``."""

from __future__ import annotations

import tomllib
from functools import cache

from app.files import resource


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(resource("wording", "cli.toml").read_text("utf8"))


def helps(command: str) -> str:
    """What a command does, in one line."""
    return _tables()["command"][command]


def hint(option: str) -> str:
    """What an option or argument means."""
    return _tables()["option"][option]


def column(name: str) -> str:
    """Heading of a column of a printed table."""
    return _tables()["column"][name]


def say(key: str, **values: object) -> str:
    """A sentence with its values filled in."""
    return _tables()["sentence"][key].format_map(values)
