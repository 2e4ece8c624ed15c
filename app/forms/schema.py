"""What a form description may say; the data files under ``resources/forms`` are read into this.

Lengths are millimetres, type sizes points. Texts are templates, see :mod:`app.forms.template`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.vocabulary import Confidence

Align = Literal["left", "center", "right", "justify"]


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """One key of the record that the form prints, and how sure its place on the form is."""

    meaning: str
    confidence: Confidence = Confidence.VERIFIED


class Each(Struct, frozen=True, forbid_unknown_fields=True):
    """A text for every row of a list (``{item.…}``, ``{index}``), put one after the other."""

    rows: str
    text: str
    join: str = "\n"
    lead: str = ""


class Sign(Struct, frozen=True, forbid_unknown_fields=True):
    """Room for the signatures of one party, with their title and number of places.

    ``recipient`` and ``receipt_witness`` sign for a document that was served; who signed the record
    of the visit has not signed for that.
    """

    party: Literal["party", "officer", "witness", "recipient", "receipt_witness"]
    title: str
    places: int = 1
    dated: bool = True


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    """One cell of a grid: a printed label, or a text, a list, signatures."""

    label: str = ""
    text: str = ""
    each: Each | None = None
    sign: Sign | None = None
    span: int = 1
    align: Align = "left"


class GridRow(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of cells.

    ``flow`` lets it continue on the next page, ``blank`` is its height on a form to be filled in
    by hand, ``stretch`` is its share of the room left over on a form of one page.
    """

    cells: tuple[Cell, ...]
    group: str = ""
    height: float = 9
    blank: float = 0
    flow: bool = False
    stretch: int = 0
    keep: bool = False
    when: str = ""


class Heading(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="heading"):
    """The issuing office, the title (``otherwise`` when the record has none) and the number."""

    text: str
    otherwise: str = ""
    office: str = ""
    number: str = ""


class Text(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="text"):
    """A paragraph without borders; ``keep`` never lets it start a page alone."""

    text: str = ""
    each: Each | None = None
    align: Align = "justify"
    size: float = 0
    bold: bool = False
    space: float = 0
    keep: bool = False
    when: str = ""


class Grid(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="grid"):
    """Label and value cells on common columns (widths are shares of the page's)."""

    columns: tuple[float, ...]
    rows: tuple[GridRow, ...]
    size: float = 0
    space: float = 0
    when: str = ""


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a repeated table."""

    title: str
    text: str
    width: float
    align: Align = "left"


class Table(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="table"):
    """A row for every member of a list, under a head that every page repeats."""

    rows: str
    columns: tuple[Column, ...]
    section: str = ""
    title: str = ""
    size: float = 0
    space: float = 0
    height: float = 9
    blank_rows: int = 0
    blank_height: float = 14
    when: str = ""


Block = Heading | Text | Grid | Table


class Margins(Struct, frozen=True, forbid_unknown_fields=True):
    """White around the body; the footer with page number and code lies in the bottom margin."""

    top: float = 22
    right: float = 20
    bottom: float = 30
    left: float = 22


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """A printable form; ``record`` is the key whose value the code on the paper carries."""

    id: str
    title: str
    version: str
    source: str
    fields: dict[str, Field]
    blocks: tuple[Block, ...]
    record: str = "inspection.id"
    landscape: bool = False
    size: float = 10.5
    margins: Margins = Margins()

    @property
    def unverified_fields(self) -> tuple[str, ...]:
        """Keys whose place on the form was not checked against the official original."""
        return tuple(key for key, field in self.fields.items() if field.confidence is not Confidence.VERIFIED)
