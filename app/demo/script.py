"""What the people of the demonstration are called and write, from ``resources/examples/visits.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from app.files import resource
from app.services.workplace import Owner
from app.settings import Settings
from app.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Script:
    """The texts, typed. Numbers and texts carry placeholders."""

    unit: str
    office: Owner
    laptop: Owner
    approval_by: str
    approval_number: str
    notice_number: str
    settings: Settings
    numbers: dict[str, str]
    citations: dict[str, str]
    lines: dict[str, str]
    choices: dict[str, list[str]]

    def number(self, kind: str, number: int) -> str:
        """The document number of the ``number``-th paper of a kind."""
        return self.numbers[kind].format(number=number)


@cache
def script() -> Script:
    """The script, read once."""
    data = tomllib.loads(resource("examples", "visits.toml").read_text("utf8"))
    texts = data["texts"]
    return Script(
        unit=data["unit"],
        office=Owner(Role.SUPERVISOR, **data["office"]),
        laptop=Owner(Role.INSPECTOR, **data["laptop"]),
        approval_by=data["duties"]["approval_by"],
        approval_number=data["duties"]["approval_number"],
        notice_number=data["duties"]["notice_number"],
        settings=Settings(**data["settings"]),
        numbers=data["numbers"],
        citations=data["citations"],
        lines={key: text for key, text in texts.items() if isinstance(text, str)},
        choices={key: text for key, text in texts.items() if isinstance(text, list)},
    )
