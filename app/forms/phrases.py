"""Words and patterns that all printed forms share: ``resources/forms/words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from app.files import resource


@cache
def words(table: str) -> Mapping[str, str]:
    """One table of the file."""
    return _all_words()[table]


@cache
def _all_words() -> dict[str, dict[str, str]]:
    return tomllib.loads(resource("forms", "words.toml").read_text("utf8"))
