"""The common words and notations of registry files, read once from ``words.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from app.files import catalog
from app.vocabulary import CertificateStatus, ProductClass, Scheme

ZERO_WIDTH = "\u200b\ufeff\u200e\u200f"


@dataclass(frozen=True, slots=True)
class ProjectWord:
    """What one word of a project or category column means."""

    scheme: Scheme
    project: str = ""
    product_class: ProductClass | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Everything ``words.toml`` says, typed."""

    status: dict[str, CertificateStatus]
    projects: dict[str, ProjectWord]
    ccc_categories: dict[str, ProductClass]
    dates: tuple[re.Pattern[str], ...]
    dates_within: tuple[re.Pattern[str], ...]
    as_of: re.Pattern[str]
    footer: re.Pattern[str]
    numbering: re.Pattern[str]
    phone: re.Pattern[str]
    person: re.Pattern[str]
    blanks: frozenset[str]
    template_rows: frozenset[str]
    template_types: frozenset[str]
    regions: dict[str, str]
    region_codes: dict[str, str]


@cache
def words() -> Words:
    """The words, parsed at first use."""
    data = tomllib.loads(catalog("intake", "words.toml").read_text("utf8"))
    patterns, cells, regions = data["patterns"], data["cells"], data["regions"]
    return Words(
        status={word: CertificateStatus(value) for word, value in data["status"].items()},
        projects={word: _project(entry) for word, entry in data["projects"].items()},
        ccc_categories={prefix: ProductClass(value) for prefix, value in data["ccc_categories"].items()},
        dates=tuple(re.compile(notation + patterns["time"]) for notation in patterns["dates"]),
        dates_within=tuple(re.compile(rf"(?<!\d){notation}(?!\d)") for notation in patterns["dates"]),
        as_of=re.compile(patterns["as_of"]),
        footer=re.compile(patterns["footer"]),
        numbering=re.compile(patterns["numbering"]),
        phone=re.compile(patterns["phone"]),
        person=re.compile(patterns["person"]),
        blanks=frozenset(cells["blanks"]),
        template_rows=frozenset(cells["template_rows"]),
        template_types=frozenset(cells["template_types"]),
        regions=dict(regions),
        region_codes={name: code for code, name in regions.items()},
    )


def _project(entry: dict[str, str]) -> ProjectWord:
    product_class = entry.get("product_class")
    return ProjectWord(
        Scheme(entry["scheme"]),
        entry.get("project", ""),
        ProductClass(product_class) if product_class else None,
    )


def cleaned(text: str) -> str:
    """``text`` without white space at its ends: full-width, no-break, line feeds, zero-width too."""
    text = text.strip()
    if text and (text[0] in ZERO_WIDTH or text[-1] in ZERO_WIDTH):
        return cleaned(text.strip(ZERO_WIDTH))
    return text
