"""What an order cites: the addressee's own duties as violated, and what the order rests on.

Whose duties count depends on whom the order is directed at. Powers of the office, notices and the duties
of other parties stay beside the checklist's items; an order never says that somebody violated them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.checklists.schema import COPY
from app.errors import BadInput, Place
from app.law.duties import duties_of, parties, penalties_of
from app.law.library import Library
from app.models.inspection import Finding, Inspection
from app.services.citing import cited
from app.services.lawbook import law_of
from app.services.sheet_rows import CitedProvision
from app.services.workplace import Workplace
from app.vocabulary import SubjectKind
from app.wording import label


@dataclass(frozen=True, slots=True)
class OrderLaw:
    """What an order says was ``violated`` and its ``basis``, as provisions."""

    violated: tuple[CitedProvision, ...]
    basis: tuple[CitedProvision, ...]

    @property
    def doubtful(self) -> tuple[CitedProvision, ...]:
        """Those that somebody has to compare with the official text, each once."""
        asked = (each for each in (*self.violated, *self.basis) if each.needs_confirmation)
        return tuple({each.id: each for each in asked}.values())


def order_law(
    law: Library, inspection: Inspection, findings: Iterable[Finding], addressee: SubjectKind
) -> OrderLaw:
    """What an order over findings cites; without a penalty it rests on what orders may rest on."""
    found = list(findings)
    bound = parties(inspection.inspection_type, addressee)
    duties = duties_of(law, _ids(each.provision for each in found), bound)
    penalties = penalties_of(law, _ids(each.penalty for each in found), bound)
    return OrderLaw(cited(law, duties), cited(law, penalties or law.order_grounds()))


def law_of_draft(
    place: Workplace, *, inspection_id: str, finding_keys: Sequence[str], addressee: SubjectKind
) -> OrderLaw:
    """What an order that is still to be drafted would cite."""
    with place.read() as session:
        inspection = session.get(Inspection, inspection_id)
        if inspection is None:
            raise BadInput("inspecting.unknown_inspection", id=inspection_id)
        found = [session.get(Finding, (inspection_id, key)) for key in finding_keys]
        known = [each for each in found if each is not None]
        return order_law(law_of(place, inspection), inspection, known, addressee)


def usual_basis(place: Workplace, session: Session, inspection_id: str) -> tuple[CitedProvision, ...]:
    """What an order without a basis of its own rests on."""
    law = law_of(place, session.get_one(Inspection, inspection_id))
    return cited(law, law.order_grounds())


def require_own_breach(findings: Iterable[Finding], addressee: SubjectKind) -> None:
    """Nobody is ordered to mend what is another party's breach."""
    for finding in findings:
        if finding.against not in (SubjectKind.ORGANIZATION, addressee):
            where = Place(column="subject_kind")
            whose, party = (label("subject_kind", each) for each in (finding.against, addressee))
            item = finding.item.partition(COPY)[0] or finding.description
            raise BadInput("enforcing.others_breach", where, item=item, whose=whose, party=party)


def _ids(written: Iterable[str]) -> list[str]:
    return [each for some in written for each in some.split()]
