"""The conditions of a visit as a list: what its beginning needs, and what its end (domain.md §1.3, §4.2).

Worked out from the sheet; :mod:`app.services.finishing` decides what is missing, here each of it finds
the condition it belongs to, so that those that hold can be seen too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.services.sheet_rows import MissingItem, Sheet, SignatureRow
from app.vocabulary import SignatureState
from app.wording import joined, label

Phase = Literal["start", "finish"]

_CODES: Final[tuple[tuple[Phase, str, tuple[str, ...]], ...]] = (
    ("start", "officers", ("officers", "officers_throughout")),
    ("start", "credentials", ("credentials_shown",)),
    ("start", "rights", ("rights_told",)),
    ("start", "source", ("task_source",)),
    ("start", "approval", ("approval_number", "approval_by")),
    ("finish", "settled", ("conflict",)),
    ("finish", "basics", ("place", "production_status", "product_class")),
    ("finish", "answers", ()),
    ("finish", "findings", ("finding_description",)),
    ("finish", "dispositions", ("order", "case_lead")),
    ("finish", "account", ("situation", "opinion")),
    ("finish", "officer_signatures", ("officer_signature",)),
    ("finish", "party_signature", ("party_signature",)),
)
"""Conditions in their order with the codes that break them; ``answers`` takes every other code."""

_NAMED: Final = frozenset(code for _, _, codes in _CODES for code in codes)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a visit; ``detail`` is what fulfils it, or what is known so far.

    ``advised`` ones are told and never stand in the way: their ``lacking`` is empty of what must be.
    """

    code: str
    phase: Phase
    lacking: tuple[MissingItem, ...]
    detail: str = ""
    advised: bool = False

    @property
    def holds(self) -> bool:
        """Whether nothing is lacking."""
        return not self.lacking


def conditions(sheet: Sheet) -> tuple[Condition, ...]:
    """Every condition of one visit, those of the beginning first."""
    found: list[Condition] = []
    for phase, code, codes in _CODES:
        lacking = tuple(each for each in sheet.missing if _belongs(each, code, codes))
        found.append(Condition(code, phase, lacking, _detail(sheet, code)))
        found += _advised_after(sheet, code)
    return tuple(found)


def _belongs(missing: MissingItem, code: str, codes: tuple[str, ...]) -> bool:
    return missing.code in codes or (code == "answers" and missing.code not in _NAMED)


def _advised_after(sheet: Sheet, code: str) -> Iterator[Condition]:
    """What the law asks for where it can be had: the notice, and a witness where the party did not sign."""
    if code == "approval":
        number = sheet.header.notice_number
        lacking = () if number else (MissingItem("notice_number"),)
        yield Condition("notice", "start", lacking, number, advised=True)
    party = _signed(sheet, "party") if code == "party_signature" else None
    if party is not None and party.state is not SignatureState.SIGNED:
        witness = party.witness or next(_names(sheet, "witness"), "")
        lacking = () if witness else (MissingItem("witness"),)
        yield Condition("witness", "finish", lacking, witness, advised=True)


def _detail(sheet: Sheet, code: str) -> str:
    teller = _DETAILS.get(code)
    return "" if teller is None else teller(sheet)


def _officers(sheet: Sheet) -> str:
    return joined("names", (f"{row.called} {row.credential}" for row in sheet.team))


def _approval(sheet: Sheet) -> str:
    header = sheet.header
    return " ".join(part for part in (header.approval_number, header.approval_by) if part)


def _answers(sheet: Sheet) -> str:
    done, total = (sum(getattr(each, name) for each in sheet.sections) for name in ("done", "total"))
    return f"{done}/{total}"


def _signers(sheet: Sheet) -> str:
    names = [name for credential, name in sheet.officers if _signed(sheet, f"officer:{credential}")]
    return joined("names", names)


def _party(sheet: Sheet) -> str:
    row = _signed(sheet, "party")
    if row is None:
        return ""
    return " ".join(part for part in (row.name, label("signature_state", row.state), row.reason) if part)


def _signed(sheet: Sheet, party: str) -> SignatureRow | None:
    return next((row for row in sheet.signatures if row.party == party), None)


def _names(sheet: Sheet, party: str) -> Iterator[str]:
    return (row.name for row in sheet.signatures if row.party == party and row.name)


_DETAILS: Final[dict[str, Callable[[Sheet], str]]] = {
    "officers": _officers,
    "source": lambda sheet: label("task_source", sheet.header.task_source),
    "approval": _approval,
    "answers": _answers,
    "findings": lambda sheet: str(len(sheet.findings)),
    "officer_signatures": _signers,
    "party_signature": _party,
}
