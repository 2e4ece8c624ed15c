"""Layouts: which headings make a known list, and which column holds which field.

A layout is a file in ``layouts/``; a table is recognised when one of its first rows carries
the layout's required headings, compared without numbering, width and white space.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from app.errors import BadInput, Place
from app.files import catalog
from app.intake.cells import Cell, Grid
from app.intake.words import words
from app.vocabulary import CertificateStatus, Scheme

HEADER_SEARCH = 30

Columns = dict[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """One known list.

    ``parties`` are the organization's columns, in order of preference; ``headings`` the fields as
    the layout file first spells them, for lists that this program writes itself.
    """

    name: str
    title: str
    kind: str
    scheme: Scheme | None
    template: bool
    requires: tuple[str, ...]
    any_of: tuple[str, ...]
    parties: tuple[dict[str, str], ...]
    columns: dict[str, str]
    extra: dict[str, dict[str, str | int]] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    implied_status: CertificateStatus | None = None
    dossiers: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """A layout found in a sheet: field → column index, and the first row that can be data."""

    layout: Layout
    grid: Grid
    parties: tuple[Columns, ...]
    columns: Columns
    first_data_row: int
    title_cells: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many columns a row must have for every bound column to be there."""
        indexes = [index for party in self.parties for index in party.values()]
        return max([*indexes, *self.columns.values()], default=-1) + 1


@cache
def layouts(kind: str) -> tuple[Layout, ...]:
    """All layouts of one kind, by name."""
    found = (_load(path.read_text("utf8")) for path in sorted(catalog("intake", "layouts").glob("*.toml")))
    return tuple(layout for layout in found if layout.kind == kind)


def named_layout(name: str) -> Layout:
    """The layout of registries called ``name``; raises ``intake.unknown_layout``."""
    known = layouts("registry")
    for layout in known:
        if layout.name == name:
            return layout
    raise BadInput("intake.unknown_layout", name=name, known=", ".join(one.name for one in known))


def heading(text: str) -> str:
    """A heading made comparable: narrow, lower case, without white space and leading number."""
    text = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    number = words().numbering.match(text)
    return text[number.end() :] if number else text


def bind(grid: Grid, candidates: Sequence[Layout]) -> Binding | None:
    """The candidate that explains most headings of ``grid``, or ``None`` when none fits."""
    head = [(number, list(cells)) for number, cells in islice(grid.rows(), HEADER_SEARCH)]
    found = [binding for layout in candidates if (binding := _bind_one(grid, layout, head))]
    return max(found, key=_explained, default=None)


def _explained(binding: Binding) -> int:
    return len(binding.columns) + sum(len(party) for party in binding.parties)


def _bind_one(grid: Grid, layout: Layout, head: list[tuple[int, list[Cell]]]) -> Binding | None:
    parties: tuple[Columns, ...] = ()
    columns: Columns = {}
    last = 0
    for number, cells in head:
        named = _headings(cells)
        row_parties = tuple(_columns(party, named) for party in layout.parties)
        row_columns = _columns(layout.columns, named)
        if _fits(layout, row_parties, row_columns):
            parties, columns, last = row_parties, row_columns, number
        elif last:
            break
    if not last:
        return None
    titles = tuple(
        cell for number, cells in head if number < last for cell in cells if isinstance(cell, str) and cell
    )
    return Binding(layout, grid, parties, columns, last + 1, titles)


def _headings(cells: Iterable[Cell]) -> dict[str, int]:
    named: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if isinstance(cell, str) and cell:
            named.setdefault(heading(cell), index)
    return named


def _columns(aliases: dict[str, str], named: dict[str, int]) -> Columns:
    found: Columns = {}
    for alias, name in aliases.items():
        if alias in named:
            found.setdefault(name, named[alias])
    return found


def _fits(layout: Layout, parties: Sequence[Columns], columns: Columns) -> bool:
    have = set(columns).union(*parties)
    return have.issuperset(layout.requires) and (not layout.any_of or bool(have.intersection(layout.any_of)))


def _load(text: str) -> Layout:
    data = tomllib.loads(text)
    parties = tuple(_aliases(party) for party in data.get("organization", ()))
    columns = data.get("certificate") or data.get("columns") or {}
    spelled = {
        name: names[0]
        for group in (*data.get("organization", ())[:1], columns)
        for name, names in group.items()
    }
    return Layout(
        name=data["name"],
        title=data["title"],
        kind=data["kind"],
        scheme=Scheme(data["scheme"]) if data.get("scheme") else None,
        template=data.get("template", False),
        requires=tuple(data["requires"]),
        any_of=tuple(data.get("any_of", ())),
        parties=parties,
        columns=_aliases(columns),
        headings=spelled,
        implied_status=CertificateStatus(data["implied_status"]) if "implied_status" in data else None,
        dossiers=data.get("dossiers", False),
        extra={key: data[key] for key in ("inspection_types", "quota_words") if key in data},
    )


def _aliases(fields: dict[str, list[str]]) -> dict[str, str]:
    """Comparable heading → field; the order of the file is the order of preference."""
    return {heading(alias): name for name, names in fields.items() for alias in names}


def unrecognised(file: str) -> BadInput:
    """The refusal of a file in which no known list was found."""
    return BadInput("intake.unrecognised", Place(file=file))
