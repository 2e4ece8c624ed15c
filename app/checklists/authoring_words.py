"""The words of the workbook in which an office edits a checklist, read from ``authoring.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.checklists.checks import RULES
from app.files import catalog
from app.wording import labels


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the characters it shows, the kinds of row that use it, its list of words."""

    key: str
    heading: str
    width: int
    rows: tuple[str, ...]
    choices: str = ""


@dataclass(frozen=True, slots=True)
class AuthoringWords:
    """Everything ``authoring.toml`` says, typed. ``flags`` is what means yes or no, in lower case."""

    sheets: Mapping[str, str]
    kinds: Mapping[str, str]
    yes: str
    no: str
    flags: Mapping[str, bool]
    guide: tuple[str, ...]
    columns: tuple[Column, ...]
    phone: Mapping[str, str]

    def column(self, key: str) -> Column:
        """The column of a key."""
        return next(each for each in self.columns if each.key == key)


@cache
def authoring_words() -> AuthoringWords:
    """The words, parsed at first use."""
    data = tomllib.loads(catalog("checklists", "authoring.toml").read_text("utf8"))
    yes, no, also = data["flags"]["yes"], data["flags"]["no"], data["flags"]["also"]
    flags = dict.fromkeys([yes, *also["yes"]], True) | dict.fromkeys([no, *also["no"]], False)
    columns = tuple(Column(**{**each, "rows": tuple(each["rows"])}) for each in data["columns"])
    return AuthoringWords(
        data["sheets"], data["kinds"], yes, no, flags, tuple(data["guide"]["lines"]), columns, data["phone"]
    )


def choices(name: str) -> dict[str, str]:
    """The words of a list with what stands for each in the workbook, in their order."""
    words = authoring_words()
    if name == "kind":
        return dict(words.kinds)
    if name == "flag":
        return {"yes": words.yes, "no": words.no}
    return {rule: rule for rule in RULES} if name == "rule" else labels(name)


LISTS = (
    "kind", "flag", "inspection_type", "checklist_basis", "severity", "disposition", "measure_kind",
    "repeat_subject", "conclusion", "rule",
)  # fmt: skip
"""Every list of words that a cell may be chosen from, as the sheet of words shows them."""
