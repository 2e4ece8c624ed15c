"""From one cell to one field: text, code, number of people, day, status, project.

Each function gives the value to take and says what was wrong through the row's :class:`Faults`;
a wrong value never stops its row. What is done about each fault:

=====================  ============================================================
fault                  the row
=====================  ============================================================
wrong check digit      taken, code kept and marked ``bad``
old nine characters    taken, code kept and marked ``old``
number in a code cell  taken without the code; a certificate number longer than
                       15 digits is lost, so that certificate is left out
formula                the field counts as not said; then as for a missing value
unknown status         taken as ``UNKNOWN``
impossible date        taken without that date
text beyond its limit  the field counts as not said; then as for a missing value
=====================  ============================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from app.errors import Place, Problem
from app.intake.cells import Cell, letters
from app.intake.dates import NotADay, read_day
from app.intake.identifiers import code_state, looks_like_credit_code, normalised_code, normalised_number
from app.intake.words import ProjectWord, cleaned, words
from app.vocabulary import CertificateStatus

# Excel keeps fifteen digits; a longer number has lost its end.
_EXACT_DIGITS = 15
_LONGEST_CODE = 18


class Faults:
    """Collects the problems of one sheet, each with its place as Excel shows it."""

    def __init__(self, file: str, sheet: str | None) -> None:
        self._file = file
        self._sheet = sheet
        self._found: list[Problem] = []

    def add(
        self, code: str, row: int, column: int | None = None, *, taken: bool, **values: str | int
    ) -> None:
        """Note one problem at ``row`` and zero-based ``column``."""
        where = Place(self._file, self._sheet, row, None if column is None else letters(column))
        self._found.append(Problem(code, where, values, taken))

    def __len__(self) -> int:
        return len(self._found)

    def forget_since(self, mark: int) -> None:
        """Drop what was noted after the list was ``mark`` long: its row is left out as a whole."""
        del self._found[mark:]

    def drain(self) -> tuple[Problem, ...]:
        """Everything noted since the last call."""
        found, self._found = tuple(self._found), []
        return found


def text_of(value: Cell) -> str:
    """A cell as text: ends trimmed, whole numbers without a decimal part, placeholders as nothing."""
    if type(value) is str:
        text = value.strip()
        if not text.isalnum():
            text = cleaned(text)
        return "" if len(text) < 5 and text in words().blanks else text
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def is_number(value: Cell) -> bool:
    """Whether a spreadsheet kept the cell as a number, so that a code in it has been damaged."""
    if isinstance(value, str):
        # What is left of a long number once such a sheet has been saved as text: 9.14E+17.
        mantissa, mark, exponent = value.partition("E+")
        return bool(mark) and exponent.isdecimal() and mantissa.replace(".", "", 1).isdecimal()
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_formula(value: Cell) -> bool:
    """Whether a text cell is a formula that was saved as text."""
    return type(value) is str and value[:1] == "="


def credit_code(cells: Sequence[Cell], column: int, row: int, faults: Faults) -> tuple[str, str]:
    """The organization's code and its state (GB 32100-2015; old data holds nine characters)."""
    value = cells[column]
    if is_number(value):
        faults.add("intake.number_in_code", row, column, taken=True, value=text_of(value))
        return "", ""
    code = normalised_code(text_of(value))
    if len(code) > _LONGEST_CODE:
        faults.add("intake.too_long", row, column, taken=True, length=len(code), limit=_LONGEST_CODE)
        return "", ""
    state = code_state(code)
    if state == "old":
        faults.add("intake.old_code", row, column, taken=True, value=code)
    elif state == "bad":
        word = "bad_check_digit" if looks_like_credit_code(code) else "bad_code"
        faults.add(f"intake.{word}", row, column, taken=True, value=code)
    return code, state


def certificate_number(cells: Sequence[Cell], column: int, row: int, faults: Faults) -> str:
    """The certificate's number; empty, with a problem, when it is missing or beyond repair."""
    value = cells[column]
    if is_number(value):
        digits = text_of(value)
        whole = digits.isdecimal() and len(digits) <= _EXACT_DIGITS
        faults.add("intake.number_in_certificate_number", row, column, taken=whole, value=digits)
        return digits if whole else ""
    number = normalised_number(text_of(value))
    if not number:
        faults.add("intake.missing_number", row, column, taken=False)
    return number


def day(cells: Sequence[Cell], column: int, row: int, faults: Faults) -> date | None:
    """The day in a cell, or ``None``; an impossible one is a problem."""
    value = cells[column]
    if not value:
        return None
    try:
        return read_day(value)
    except NotADay:
        faults.add("intake.bad_date", row, column, taken=True, value=text_of(value))
        return None


def status(cells: Sequence[Cell], column: int, row: int, faults: Faults) -> CertificateStatus | None:
    """The registry's word about a certificate; nothing said is ``None``, nonsense is ``UNKNOWN``."""
    word = text_of(cells[column])
    if not word:
        return None
    known = words().status.get(word) or words().status.get(word.zfill(2))
    if known is None:
        faults.add("intake.unknown_status", row, column, taken=True, value=word)
        return CertificateStatus.UNKNOWN
    return known


def project(cells: Sequence[Cell], column: int, row: int, faults: Faults) -> ProjectWord | None:
    """What the project or category column means; an unknown word is a problem."""
    word = text_of(cells[column])
    known = words().projects.get(word)
    if word and known is None:
        faults.add("intake.unknown_project", row, column, taken=True, value=word)
    return known


def headcount(cells: Sequence[Cell], column: int, row: int, faults: Faults) -> int | None:
    """A number of employees."""
    text = text_of(cells[column])
    if not text:
        return None
    if not text.isdecimal() or len(text) > 7:
        faults.add("intake.bad_headcount", row, column, taken=True, value=text)
        return None
    return int(text)


def region(code: str, name: str, address: str) -> tuple[str, str]:
    """Division code and name, each from the other where the table knows it, else from the address."""
    if len(code) != 6 or not code.isdecimal():
        code, name = "", name or code
    if not code and not name and address:
        name = _county_in(address)
    return code or words().region_codes.get(name, ""), name or words().regions.get(code, "")


@lru_cache(maxsize=1 << 12)
def _county_in(address: str) -> str:
    # Provinces and cities (codes ending in 00) are too coarse to file an organization under.
    counties = (name for name, code in words().region_codes.items() if not code.endswith("00"))
    return next((name for name in counties if name in address), "")


def contact_line(line: str) -> tuple[str, str, str]:
    """Address, person and telephone out of one cell that holds all three; what is unclear stays address."""
    parts = line.split()
    phone = person = ""
    if len(parts) > 1 and words().phone.fullmatch(parts[-1]):
        phone = parts.pop()
    if len(parts) > 1 and words().person.fullmatch(parts[-1]):
        person = parts.pop()
    return " ".join(parts), person, phone
