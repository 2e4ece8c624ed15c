"""The words of tables and workbooks that the notices do not give, from ``resources/wording``."""

from __future__ import annotations

import tomllib
from functools import cache

from app.files import resource


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(resource("wording", "statistics.toml").read_text("utf8"))


def word(group: str, key: str, **values: str | int) -> str:
    """A word or sentence with its values filled in."""
    return _words()[group][key].format_map(values)


def words_of(group: str) -> dict[str, str]:
    """All words of a group, in the order of the data file."""
    return dict(_words()[group])
