"""What a form description may say; the data files under ``resources/forms`` are read into this.

Lengths are millimetres, type sizes points. Texts are templates, see :mod:`app.forms.template`; every
``when`` is a condition as :func:`app.forms.template.holds` reads it. ``docs/content.md`` tells an
office the same in its own words.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.forms.entries import Entry
from app.vocabulary import Confidence

About = Literal[
    "inspection", "order", "follow_up", "case", "notification", "document", "organization", "plan",
    "evidence", "record",
]  # fmt: skip
"""What one copy of a form is about. ``document`` is whatever of a visit is served on somebody,
``evidence`` its photos, ``record`` a record's history."""

ASKED_AT_PRINTING: frozenset[About] = frozenset({"organization", "plan"})
"""Whose entries are asked when they are printed and stand in the file only: not everybody who prints
these may write the record, and the form leaves the program as soon as it is printed."""

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

    ``party``, ``officer`` and ``witness`` signed the record of the visit. Who signed that has not
    signed for another paper: ``recipient``, ``receipt_witness`` (of a document that was served) and
    ``hand`` (anybody else) always sign on the paper itself. A refusal or an absence there is told by
    entries of the paper: ``entries = "asked"`` reads ``asked_state`` (``signed``, ``refused`` or
    ``absent``), ``asked_name``, ``asked_reason`` and ``asked_witness``. ``page`` names who may sign each
    page on the screen, in what stands at the foot of every page.
    """

    party: Literal["party", "officer", "witness", "recipient", "receipt_witness", "hand"]
    title: str
    entries: str = ""
    places: int = 1
    dated: bool = True
    page: Literal["", "party", "officer", "witness"] = ""


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    """One cell of a grid: a printed label, or a text, a list, signatures.

    It goes over ``span`` columns and ``down`` rows; the rows below leave its columns out.
    """

    label: str = ""
    text: str = ""
    each: Each | None = None
    sign: Sign | None = None
    span: int = 1
    down: int = 1
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
    """A row for every member of a list, under a head that every page repeats.

    Members with the same ``section`` stand under it; those for which ``section_only`` holds are no row.
    """

    rows: str
    columns: tuple[Column, ...]
    section: str = ""
    section_only: str = ""
    title: str = ""
    size: float = 0
    space: float = 0
    height: float = 9
    blank_rows: int = 0
    blank_height: float = 14
    when: str = ""


class Photos(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="photos"):
    """Pictures of a list (``{item.image}``, turned by ``{item.rotation}``) in frames, two abreast.

    Four or six to a page; ``caption`` is printed under each. A blank paper has empty frames.
    """

    rows: str
    caption: str
    per_page: Literal[4, 6] = 4
    size: float = 0
    space: float = 0
    when: str = ""


Block = Heading | Text | Grid | Table | Photos


class Margins(Struct, frozen=True, forbid_unknown_fields=True):
    """White around the body; the footer with page number and code lies in the bottom margin."""

    top: float = 22
    right: float = 20
    bottom: float = 30
    left: float = 22


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """A printable form; ``record`` is the key whose value the code on the paper carries.

    ``entries`` are what nothing else in the record holds. ``number`` is the rule of the document number
    unless the office sets its own (:mod:`app.services.numbering`); empty for a form without number.
    ``offered`` is when the form fits its subject. ``copies``: 一式几份, printed at the foot.
    ``each_page`` stands at the foot of every page, for signatures page by page; ``continued`` is the
    heading of the second and later pages. ``smallest``: the size down to which the type may go so that a
    copy stays on one page; one that needs more than a page even so is printed in ``size``.
    """

    id: str
    title: str
    version: str
    source: str
    fields: dict[str, Field]
    blocks: tuple[Block, ...]
    about: About = "inspection"
    entries: tuple[Entry, ...] = ()
    number: str = ""
    offered: str = ""
    copies: int = 1
    each_page: Grid | None = None
    continued: str = ""
    record: str = "inspection.id"
    landscape: bool = False
    size: float = 10.5
    smallest: float = 0
    margins: Margins = Margins()

    @property
    def unverified_fields(self) -> tuple[str, ...]:
        """Keys and entries whose place on the form was not checked against the official original."""
        fields = (key for key, field in self.fields.items() if field.confidence is not Confidence.VERIFIED)
        entries = (each.id for each in self.entries if each.confidence is not Confidence.VERIFIED)
        return (*fields, *(f"paper.{each}" for each in entries))

    @property
    def kept(self) -> bool:
        """Whether what is entered is kept in the record, as a paper of its own."""
        return bool(self.entries) and self.about not in ASKED_AT_PRINTING

    def entry(self, name: str) -> Entry | None:
        """The entry of that id."""
        return next((each for each in self.entries if each.id == name), None)
