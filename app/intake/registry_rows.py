"""Rows of a bound sheet, one after the other, into registry rows and problems.

Left out silently: blank rows, the templates' own header rows, signature and total rows. Left out
with a problem: a row that names no organization, and a certificate number met before. A row
without certificate number still brings its organization in.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from app.intake import fields
from app.intake.cells import Cell, column_index
from app.intake.fields import Faults, is_formula, is_number, text_of
from app.intake.identifiers import number_fits_scheme, scheme_of_number
from app.intake.layout import Binding, Columns
from app.intake.records import CertificateFields, OrganizationFields, RegistryRow
from app.intake.words import words
from app.vocabulary import ProductClass, Scheme

# Header rows that a template can still have below the last recognised one (type, length, note, …).
_TEMPLATE_ROWS = 7
_ORGANIZATION_TEXTS = (
    "name", "contact_line", "region", "region_name", "address", "legal_representative", "contact",
    "phone", "risk",
)  # fmt: skip
_CERTIFICATE_TEXTS = ("project", "product", "standard", "body_name", "body_approval")
_LONG_TEXTS = frozenset({"contact_line", "address", "product", "standard", "credit_code"})
_LIMITS = {"number": 120, "risk": 8}
_LIMIT = 400
"""What the store's columns hold (:mod:`app.models.registry`); a code is judged once its spaces are gone."""

_CERTIFICATE_DAYS = ("suspended_from", "suspended_to", "issued_on", "expires_on", "first_issued_on")


@dataclass(slots=True)
class Seen:
    """What one file has already brought, over all its sheets."""

    _rows: dict[tuple[str, str], tuple[str | None, int, int]] = field(default_factory=dict)
    _numbers: dict[str, tuple[str | None, int]] = field(default_factory=dict)

    def earlier(self, taken: RegistryRow) -> tuple[int, bool]:
        """First row with the same organization and number (0 if none), and whether it said the same."""
        organization = taken.organization
        said = hash((organization, taken.certificate))
        key = (organization.name or organization.credit_code, _number(taken))
        sheet, first, before = self._rows.setdefault(key, (taken.sheet, taken.row, said))
        return (0, True) if first == taken.row and sheet == taken.sheet else (first, before == said)

    def elsewhere(self, taken: RegistryRow) -> int:
        """First row that gave the same certificate number to another organization, 0 if none."""
        if taken.certificate is None:
            return 0
        here = (taken.sheet, taken.row)
        first = self._numbers.setdefault(taken.certificate.number, here)
        return 0 if first == here else first[1]


class RowReader:
    """Reads the rows of one bound sheet; state is what was seen and where merged cells reach."""

    def __init__(self, binding: Binding, file: str, seen: Seen) -> None:
        self.faults = Faults(file, binding.grid.sheet)
        self._binding = binding
        self._seen = seen
        self._certificates = bool(binding.layout.columns)
        self._merged = _MergedCells(binding)
        self._formulas = _formula_cells(binding)
        self._first_plain_row = binding.first_data_row + (_TEMPLATE_ROWS if binding.layout.template else 0)
        # What no column is bound to (index -1) reads the empty cell that every row gets at its end.
        self._bound = tuple({*binding.columns.values()}.union(*(party.values() for party in binding.parties)))
        self._number_column = binding.columns.get("number", -1)
        self._limits = _limits(binding)

    def rows(self) -> Iterator[RegistryRow | None]:
        """One result per row of the sheet below the header; ``None`` where nothing was taken."""
        binding, width = self._binding, self._binding.width
        for number, given in binding.grid.rows():
            if number < binding.first_data_row:
                continue
            cells = [*given, ""]
            if len(cells) <= width:
                cells.extend([""] * (width + 1 - len(cells)))
            for column in self._bound:
                if type(cells[column]) is str:
                    text = cells[column] = text_of(cells[column])
                    if len(text) > self._limits[column]:
                        cells[column] = self._too_long(number, column, text)
            yield self._read(number, cells)

    def _too_long(self, row: int, column: int, text: str) -> str:
        """Nothing, for no store could hold it; what was there stands in the problem's file."""
        limit = self._limits[column]
        self.faults.add("intake.too_long", row, column, taken=True, length=len(text), limit=limit)
        return ""

    def _read(self, row: int, cells: list[Cell]) -> RegistryRow | None:
        if self._merged.active:
            self._merged.fill(row, cells)
        party = self._party(cells)
        if row < self._first_plain_row and not words().template_rows.isdisjoint(map(text_of, cells[:2])):
            return None
        named = cells[party.get("name", -1)] and cells[self._number_column]
        if not named and self._is_no_data(cells, party):
            return None
        self._blank_what_is_no_text(row, cells, party)
        if not cells[party.get("name", -1)] and not cells[party.get("credit_code", -1)]:
            self.faults.add("intake.missing_name", row, party.get("name"), taken=False)
            return None
        return self._taken(row, cells, party)

    def _party(self, cells: Sequence[Cell]) -> Columns:
        """The columns of the first party that has a name."""
        parties = self._binding.parties
        return next((party for party in parties if cells[party.get("name", -1)]), parties[0])

    def _is_no_data(self, cells: Sequence[Cell], party: Columns) -> bool:
        """Blank rows, and what stands below a table: signatures, totals, notes."""
        if not any(cells[column] for column in self._bound):
            return True
        first = next(text for cell in cells if (text := text_of(cell)))
        return not cells[party.get("credit_code", -1)] and bool(words().footer.match(first))

    def _blank_what_is_no_text(self, row: int, cells: list[Cell], party: Columns) -> None:
        """Make nothing of a formula where a name or a code belongs, or of a number for a name."""
        for column in (party.get("name", -1), party.get("credit_code", -1), self._number_column):
            if (row, column) in self._formulas or is_formula(cells[column]):
                self.faults.add("intake.formula", row, column, taken=True)
                cells[column] = ""
        name = party.get("name", -1)
        if is_number(cells[name]):
            self.faults.add("intake.number_in_name", row, name, taken=True, value=text_of(cells[name]))
            cells[name] = ""

    def _taken(self, row: int, cells: Sequence[Cell], party: Columns) -> RegistryRow | None:
        mark = len(self.faults)
        organization = self._organization(row, cells, party)
        certificate = self._certificate(row, cells) if self._certificates else None
        taken = RegistryRow(self._binding.grid.sheet, row, organization, certificate)
        if self._certificates and certificate is None:
            return taken
        column = self._binding.columns.get("number", party.get("name"))
        first, same = self._seen.earlier(taken)
        if first:
            self.faults.forget_since(mark)
            word = "repeated_row" if same else "repeated_number"
            self.faults.add(f"intake.{word}", row, column, taken=False, value=_number(taken), first=first)
            return None
        if elsewhere := self._seen.elsewhere(taken):
            self.faults.add(
                "intake.number_elsewhere", row, column, taken=True, value=_number(taken), first=elsewhere
            )
        return taken

    def _organization(self, row: int, cells: Sequence[Cell], party: Columns) -> OrganizationFields:
        said = {name: _text(cells[party[name]]) for name in _ORGANIZATION_TEXTS if name in party}
        line = said.pop("contact_line", "")
        if line:
            said["address"], said["contact"], said["phone"] = fields.contact_line(line)
        code, name = said.pop("region", ""), said.pop("region_name", "")
        region, region_name = fields.region(code, name, said.get("address", ""))
        credit_code, code_state, employees = "", "", None
        if "credit_code" in party:
            credit_code, code_state = fields.credit_code(cells, party["credit_code"], row, self.faults)
        if "employees" in party:
            employees = fields.headcount(cells, party["employees"], row, self.faults)
        return OrganizationFields(
            credit_code=credit_code,
            code_state=code_state,
            region=region,
            region_name=region_name,
            employees=employees,
            **said,
        )

    def _certificate(self, row: int, cells: Sequence[Cell]) -> CertificateFields | None:
        columns, faults = self._binding.columns, self.faults
        number = fields.certificate_number(cells, columns["number"], row, faults)
        if not number:
            return None
        word = fields.project(cells, columns.get("project", -1), row, faults)
        status = fields.status(cells, columns.get("status", -1), row, faults)
        scheme = self._binding.layout.scheme or (word.scheme if word else scheme_of_number(number))
        scheme = scheme or Scheme.OTHER
        if not number_fits_scheme(number, scheme):
            faults.add("intake.odd_certificate_number", row, columns["number"], taken=True, value=number)
        said = {name: _text(cells[columns[name]]) for name in _CERTIFICATE_TEXTS if name in columns}
        days = {
            name: fields.day(cells, columns[name], row, faults)
            for name in _CERTIFICATE_DAYS
            if name in columns
        }
        if word:
            said["project"] = word.project
        return CertificateFields(
            number=number,
            scheme=scheme,
            status=status,
            product_class=(word and word.product_class) or _class_by_number(scheme, number),
            status_reason=text_of(cells[columns.get(f"{status}_reason", -1)]),
            ended_on=fields.day(cells, columns.get(f"{status}_on", -1), row, faults),
            suspended_from=days.get("suspended_from"),
            suspended_to=days.get("suspended_to"),
            issued_on=days.get("issued_on"),
            expires_on=days.get("expires_on"),
            first_issued_on=days.get("first_issued_on"),
            **said,
        )


def _text(value: Cell) -> str:
    """Text of a bound cell, whose white space has gone already."""
    return value if isinstance(value, str) else text_of(value)


def _number(taken: RegistryRow) -> str:
    """What tells this row of an organization from its others; a list of organizations has one each."""
    return taken.certificate.number if taken.certificate else taken.organization.credit_code


def _class_by_number(scheme: Scheme, number: str) -> ProductClass | None:
    """Main product class by the category inside a CCC number: a hint, from the longest known prefix."""
    if scheme is not Scheme.CCC or not number_fits_scheme(number, scheme):
        return None
    known, category = words().ccc_categories, number[6:10]
    return known.get(category) or known.get(category[:2])


def _formula_cells(binding: Binding) -> frozenset[tuple[int, int]]:
    """The sheet's formula cells as (row, zero-based column)."""
    return frozenset((row, column_index(name)) for row, name in binding.grid.formulas)


class _MergedCells:
    """Fills the organization's merged cells downwards: one name beside several certificates."""

    def __init__(self, binding: Binding) -> None:
        wanted = {column for party in binding.parties for column in party.values()}
        self._starts = {
            (column, first): last for column, first, last in binding.grid.merged if column in wanted
        }
        self._open: dict[int, tuple[int, Cell]] = {}
        self.active = bool(self._starts)

    def fill(self, row: int, cells: list[Cell]) -> None:
        """Put the value of a merge into ``cells`` of every row it reaches."""
        for column in range(len(cells)):
            if (column, row) in self._starts:
                self._open[column] = (self._starts[column, row], cells[column])
        for column, (last, value) in self._open.items():
            if row <= last:
                cells[column] = value


def _limits(binding: Binding) -> dict[int, int]:
    """The longest text that each bound column may bring."""
    limits = {-1: 0}
    for name, column in chain(binding.columns.items(), *(party.items() for party in binding.parties)):
        limits[column] = sys.maxsize if name in _LONG_TEXTS else _LIMITS.get(name, _LIMIT)
    return limits
