"""What a registry row changes in what is stored: pure, on tuples of values.

An empty text or ``None`` says nothing and erases nothing. A blank is always filled. A stored value
is replaced only by data at least as new as its own (``as_of``); older data that says otherwise is
counted and left out. What belongs to a certificate's status goes when the status changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.intake.records import CertificateFields, OrganizationFields
from app.vocabulary import CertificateStatus

Values = tuple[object, ...]

ORGANIZATION_FIELDS = (
    "name", "credit_code", "code_state", "region", "region_name", "address", "legal_representative",
    "contact", "phone", "employees", "risk", "dossier_on",
)  # fmt: skip
CERTIFICATE_FIELDS = (
    "scheme", "project", "product", "product_class", "standard", "body_name", "body_approval", "status",
    "status_reason", "suspended_from", "suspended_to", "ended_on", "issued_on", "expires_on",
    "first_issued_on",
)  # fmt: skip

_CODE, _CODE_STATE = ORGANIZATION_FIELDS.index("credit_code"), ORGANIZATION_FIELDS.index("code_state")
_DOSSIER = ORGANIZATION_FIELDS.index("dossier_on")
_STATUS = CERTIFICATE_FIELDS.index("status")
_OF_STATUS = tuple(
    CERTIFICATE_FIELDS.index(name) for name in ("status_reason", "suspended_from", "suspended_to", "ended_on")
)
_STATE_RANK = {"": 0, "bad": 1, "old": 2, "ok": 3}


@dataclass(frozen=True, slots=True)
class Merged:
    """The values to store, which fields gave way to new ones, and how many older values were left out."""

    values: Values
    replaced: tuple[int, ...] = ()
    older: int = 0


def organization_values(fields: OrganizationFields, dossier_on: date | None = None) -> Values:
    """The values of a row's organization in the order of ``ORGANIZATION_FIELDS``."""
    return (
        fields.name, fields.credit_code, fields.code_state, fields.region, fields.region_name,
        fields.address, fields.legal_representative, fields.contact, fields.phone, fields.employees,
        fields.risk, dossier_on,
    )  # fmt: skip


def certificate_values(fields: CertificateFields) -> Values:
    """The values of a row's certificate in the order of ``CERTIFICATE_FIELDS``."""
    return (
        fields.scheme, fields.project, fields.product, fields.product_class, fields.standard,
        fields.body_name, fields.body_approval, fields.status, fields.status_reason,
        fields.suspended_from, fields.suspended_to, fields.ended_on, fields.issued_on,
        fields.expires_on, fields.first_issued_on,
    )  # fmt: skip


def new_certificate(values: Values, implied: CertificateStatus | None) -> Values:
    """Values of a certificate never seen before: its status is what being listed implies, else unknown."""
    if values[_STATUS] is not None:
        return values
    return (*values[:_STATUS], implied or CertificateStatus.UNKNOWN, *values[_STATUS + 1 :])


def may_replace(stored: date | None, incoming: date) -> bool:
    """Whether data of the day ``incoming`` may replace what is stored."""
    return stored is None or incoming >= stored


def merge_organization(stored: Values, said: Values, *, newer: bool) -> Merged:
    """``stored`` with what a row says; a code gives way only to one at least as good, a dossier's day never."""
    if stored[_DOSSIER]:
        said = (*said[:_DOSSIER], None)
    if _STATE_RANK[str(said[_CODE_STATE])] < _STATE_RANK[str(stored[_CODE_STATE])]:
        said = (*said[:_CODE], "", "", *said[_CODE_STATE + 1 :])
    better = _STATE_RANK[str(said[_CODE_STATE])] > _STATE_RANK[str(stored[_CODE_STATE])]
    return _merge(stored, said, newer=newer, always=(_CODE, _CODE_STATE) if better else ())


def merge_certificate(stored: Values, said: Values, *, newer: bool) -> Merged:
    """``stored`` with what a row says; reason and window of a former status do not outlive it."""
    status = said[_STATUS]
    if newer and status is not None and status != stored[_STATUS]:
        cleared = list(stored)
        for index in _OF_STATUS:
            cleared[index] = said[index]
        merged = _merge(tuple(cleared), said, newer=True, always=())
        gone = (i for i in _OF_STATUS if stored[i] not in ("", None) and stored[i] != said[i])
        return Merged(merged.values, (*merged.replaced, *gone))
    if status is not None and status != stored[_STATUS]:
        # An older word about the status: its reason and window are about that status too.
        said = tuple(None if index in _OF_STATUS else value for index, value in enumerate(said))
    return _merge(stored, said, newer=newer, always=())


def _merge(stored: Values, said: Values, *, newer: bool, always: Sequence[int]) -> Merged:
    if said == stored:
        return Merged(stored)
    values = list(stored)
    replaced: list[int] = []
    older = 0
    for index, (old, new) in enumerate(zip(stored, said, strict=True)):
        if new is None or new in ("", old):
            continue
        if old is None or old == "":
            values[index] = new
        elif newer or index in always:
            values[index] = new
            replaced.append(index)
        else:
            older += 1
    return Merged(tuple(values), tuple(replaced), older)
