"""Rectification orders: drafted from findings, issued, delivered, followed up, closed.

Orders live on after the visit is sealed; each step is one durable change and the record is sealed
again when it is handed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import local_date
from app.errors import BadInput, Place
from app.models.base import new_id
from app.models.enforcement import FollowUp, RectificationOrder
from app.models.inspection import Finding, Inspection
from app.models.lifecycle import may_follow
from app.planning.workdays import ExtraDays, working_days_between
from app.services.citing import wanting
from app.services.days import require_done
from app.services.disputes import require_settled
from app.services.inspecting import settled_inspection
from app.services.lawbook import law_of
from app.services.numbering import require_free
from app.services.order_law import order_law, require_own_breach, usual_basis
from app.services.order_terms import counted_from, due_from, first_due
from app.services.workplace import Changes, Workplace
from app.vocabulary import DeliveryMethod, FollowUpResult, OrderStatus, SubjectKind
from app.wording import joined, label

_OPEN = frozenset({OrderStatus.DRAFTED, OrderStatus.ISSUED, OrderStatus.DELIVERED, OrderStatus.EXTENDED})


@dataclass(frozen=True, slots=True)
class Drafted:
    """The new order's (or case's) key."""

    key: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What an order says. Exactly one of: at once, a number of working days, a date.

    ``violated`` and ``basis`` are the citations as the inspector checked them against the official
    text; empty ones are written out from the findings' provisions.
    """

    requirements: str
    at_once: bool = False
    working_days: int | None = None
    due_on: date | None = None
    subject_kind: SubjectKind = SubjectKind.ORGANIZATION
    subject_name: str = ""
    subject_code: str = ""
    confirmed_by: str = ""
    violated: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as listed. ``working_days_left`` is negative when it is overdue.

    ``counted_from`` is the day that its working days run from, where its deadline is such a count.
    ``lacking`` names those of its citations (``violated``, ``basis``) that are empty or still want an article.
    """

    inspection_id: str
    key: str
    organization: str
    number: str
    status: OrderStatus
    subject_kind: SubjectKind
    subject_name: str
    at_once: bool
    working_days: int | None
    due_on: date | None
    counted_from: date | None
    requirements: str
    facts: str
    violated: str
    basis: str
    confirmed_by: str
    issued_on: date | None
    delivered_on: date | None
    closed_on: date | None
    overdue: bool
    working_days_left: int | None
    certain: bool
    lacking: tuple[str, ...]


def extra_days(place: Workplace) -> ExtraDays:
    """The holidays and working days that the office entered."""
    options = place.settings
    return ExtraDays(frozenset(options.extra_holidays), frozenset(options.extra_workdays))


def draft_order(
    place: Workplace, *, inspection_id: str, finding_keys: Sequence[str], terms: OrderTerms
) -> Drafted:
    """Draft an order over findings of one inspection.

    Facts are the findings' descriptions; of their provisions the addressee's own duties are written out as
    violated. Another party's breach is refused (``enforcing.others_breach``). Provisions marked
    待核对 need ``confirmed_by``: the inspector confirms them by name before the order goes on paper.
    """
    with place.write("enforcing.draft") as work:
        inspection = settled_inspection(work.session, inspection_id)
        findings = _findings(work.session, inspection_id, finding_keys)
        key = new_id()
        order = _order_of(place, inspection, findings, terms)
        order.key = key
        for finding in findings:
            finding.order_key = key
        work.session.add(order)
        work.commit()
    return Drafted(key, Changes.of("inspection", inspection_id))


def _findings(session: Session, inspection_id: str, keys: Sequence[str]) -> list[Finding]:
    if not keys:
        raise BadInput("enforcing.no_findings")
    keys = list(dict.fromkeys(keys))
    found = [session.get(Finding, (inspection_id, key)) for key in keys]
    for key, finding in zip(keys, found, strict=True):
        if finding is None or not finding.confirmed:
            raise BadInput("inspecting.unknown_finding", key=key)
        if finding.order_key is not None:
            raise BadInput("enforcing.already_ordered", item=finding.item or key)
    return [finding for finding in found if finding is not None]


def _order_of(
    place: Workplace, inspection: Inspection, findings: list[Finding], terms: OrderTerms
) -> RectificationOrder:
    if not terms.requirements.strip():
        raise BadInput("enforcing.no_requirements")
    require_own_breach(findings, terms.subject_kind)
    rests = order_law(law_of(place, inspection), inspection, findings, terms.subject_kind)
    if rests.doubtful and not terms.confirmed_by.strip():
        raise BadInput("enforcing.unconfirmed_provision", provision=rests.doubtful[0].text)
    return RectificationOrder(
        inspection_id=inspection.id,
        status=OrderStatus.DRAFTED,
        subject_kind=terms.subject_kind,
        subject_name=terms.subject_name.strip() or inspection.subject_name,
        subject_code=terms.subject_code.strip() or _own_code(inspection, terms),
        at_once=terms.at_once,
        working_days=terms.working_days,
        due_on=_first_due(place, terms),
        facts=joined("clauses", (finding.description for finding in findings)),
        violated=terms.violated.strip() or joined("clauses", (each.text for each in rests.violated)),
        basis=terms.basis.strip() or joined("clauses", (each.text for each in rests.basis)),
        requirements=terms.requirements.strip(),
        confirmed_by=terms.confirmed_by.strip(),
        drafted_on=place.today(),
    )


def _own_code(inspection: Inspection, terms: OrderTerms) -> str:
    return inspection.subject_code if terms.subject_kind is SubjectKind.ORGANIZATION else ""


def _first_due(place: Workplace, terms: OrderTerms) -> date | None:
    return first_due(
        place.today(), extra_days(place), at_once=terms.at_once, days=terms.working_days, on=terms.due_on
    )


def cite_order(
    place: Workplace, *, inspection_id: str, key: str, violated: str = "", basis: str = ""
) -> Changes:
    """Write the citations of a drafted order as they are to be printed; an empty one stays as it is."""
    with place.write("enforcing.cite") as work:
        order = _order(work.session, inspection_id, key)
        _require_step(order, OrderStatus.ISSUED)
        for name, text in _citations(violated, basis).items():
            setattr(order, name, text)
        work.commit()
    return Changes.of("inspection", inspection_id)


def _citations(violated: str, basis: str) -> dict[str, str]:
    said = {"violated": violated.strip(), "basis": basis.strip()}
    return {name: text for name, text in said.items() if text}


def issue_order(
    place: Workplace,
    *,
    inspection_id: str,
    key: str,
    number: str,
    issued_on: date | None = None,
    violated: str = "",
    basis: str = "",
) -> Changes:
    """Issue a drafted order under its document number, with its citations as they are written now.

    A deadline in working days runs from the day of issue and is counted again here.
    ``enforcing.no_article`` (its column is ``violated`` or ``basis``) as long as a provision is cited
    whose article nobody has written, ``enforcing.no_citation`` where nothing is cited; until then the order
    prints as a draft.
    """
    if not number.strip():
        raise BadInput("enforcing.no_number")
    values = {
        "number": number.strip(),
        "issued_on": issued_on or place.today(),
        "issued_by": place.owner.name,
        **_citations(violated, basis),
    }
    return _step(place, inspection_id, key, OrderStatus.ISSUED, values)


def deliver_order(
    place: Workplace, *, inspection_id: str, key: str, on: date, method: DeliveryMethod, received_by: str
) -> Changes:
    """Note the service of an issued order: how, when, and who took it."""
    if not received_by.strip():
        raise BadInput("enforcing.no_receiver")
    values = {"delivered_on": on, "delivery": method, "received_by": received_by.strip()}
    return _step(place, inspection_id, key, OrderStatus.DELIVERED, values)


def _step(
    place: Workplace, inspection_id: str, key: str, step: OrderStatus, values: dict[str, Any]
) -> Changes:
    with place.write(f"enforcing.{step}") as work:
        order = _order(work.session, inspection_id, key)
        _require_step(order, step)
        require_done(place, day=values.get("issued_on") or values.get("delivered_on"))
        _require_after(order.issued_on, values.get("delivered_on"))
        if number := str(values.get("number", "")):
            office = work.session.get_one(Inspection, inspection_id).office
            require_free(work.session, number, office=office, but=(inspection_id, key))
            _require_after(_began(work.session, inspection_id), values["issued_on"])
            values["due_on"] = due_from(values["issued_on"], order, extra_days(place))
            _require_after(values["issued_on"], values["due_on"])
        order.status = step
        for name, value in values.items():
            setattr(order, name, value)
        if step is OrderStatus.ISSUED:
            usual = usual_basis(place, work.session, inspection_id)
            order.basis = order.basis.strip() or joined("clauses", (each.text for each in usual))
            _require_citations(order)
        work.commit()
    return Changes.of("inspection", inspection_id)


def _require_citations(order: RectificationOrder) -> None:
    """A final order says what was violated and what it rests on, and names the article of whatever it cites."""
    for name, text in wanting(order.violated, order.basis).items():
        part, code = label("order_citation", name), "no_article" if text else "no_citation"
        raise BadInput(f"enforcing.{code}", Place(column=name), part=part, text=text, key=order.key)


def _order(session: Session, inspection_id: str, key: str) -> RectificationOrder:
    found = session.get(RectificationOrder, (inspection_id, key))
    if found is None:
        raise BadInput("enforcing.unknown_order", key=key)
    require_settled(session, "inspection", inspection_id)
    return found


def _began(session: Session, inspection_id: str) -> date:
    return local_date(session.get_one(Inspection, inspection_id).started_at)


def _require_after(earlier: date | None, later: date | None, column: str = "on") -> None:
    """An order is issued on or after its visit, then delivered, then followed up, none before the other."""
    if earlier is not None and later is not None and later < earlier:
        where = Place(column=column)
        raise BadInput("enforcing.too_early", where, on=later.isoformat(), earlier=earlier.isoformat())


def _require_step(order: RectificationOrder, step: OrderStatus) -> None:
    if not may_follow(order.status, step):
        now, then = (label("order_status", each) for each in (order.status, step))
        raise BadInput("enforcing.wrong_step", now=now, then=then)


_AFTER = {
    FollowUpResult.PASSED: OrderStatus.CLOSED,
    FollowUpResult.FAILED: OrderStatus.ESCALATED,
    FollowUpResult.EXTENDED: OrderStatus.EXTENDED,
}


def follow_up(
    place: Workplace,
    *,
    inspection_id: str,
    order_key: str,
    on: date,
    result: FollowUpResult,
    note: str,
    new_due_on: date | None = None,
) -> Drafted:
    """Record a re-inspection: passed closes the order, failed escalates it, extended moves its date."""
    if (result is FollowUpResult.EXTENDED) != (new_due_on is not None):
        raise BadInput("enforcing.extension_date")
    if result is not FollowUpResult.PASSED and not note.strip():
        raise BadInput("enforcing.follow_up_note")
    with place.write("enforcing.follow_up") as work:
        order = _order(work.session, inspection_id, order_key)
        _require_step(order, OrderStatus.FOLLOWED_UP)
        require_done(place, day=on)
        _require_after(order.delivered_on, on)
        _require_after(on, new_due_on, "new_due_on")
        order.status = _AFTER[result]
        order.due_on = new_due_on or order.due_on
        order.closed_on = on if result is FollowUpResult.PASSED else None
        key = new_id()
        work.session.add(
            FollowUp(
                inspection_id=inspection_id, key=key, order_key=order_key, done_on=on,
                done_by=place.owner.name, result=result, note=note.strip(), new_due_on=new_due_on,
            )
        )  # fmt: skip
        work.commit()
    return Drafted(key, Changes.of("inspection", inspection_id))


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """A re-inspection as listed."""

    key: str
    order_key: str
    done_on: date
    done_by: str
    result: FollowUpResult
    note: str
    new_due_on: date | None


def follow_up_rows(place: Workplace, *, inspection_id: str) -> tuple[FollowUpRow, ...]:
    """Re-inspections of one inspection's orders, oldest first."""
    wanted = select(FollowUp).where(FollowUp.inspection_id == inspection_id).order_by(FollowUp.done_on)
    with place.read() as session:
        return tuple(
            FollowUpRow(**{name: getattr(row, name) for name in FollowUpRow.__slots__})
            for row in session.scalars(wanted)
        )


def order_rows(
    place: Workplace, *, open_only: bool = True, inspection_id: str | None = None
) -> tuple[OrderRow, ...]:
    """Orders, the most urgent first; overdue is computed against today, never stored."""
    wanted = select(RectificationOrder, Inspection.subject_name).join(
        Inspection, Inspection.id == RectificationOrder.inspection_id
    )
    if open_only:
        wanted = wanted.where(RectificationOrder.status.in_(_OPEN))
    if inspection_id is not None:
        wanted = wanted.where(RectificationOrder.inspection_id == inspection_id)
    with place.read() as session:
        found = [_order_row(place, row, name) for row, name in session.execute(wanted)]
    return tuple(sorted(found, key=lambda row: (row.due_on or date.min, row.organization, row.key)))


def _order_row(place: Workplace, row: RectificationOrder, organization: str) -> OrderRow:
    today = local_date(place.now())
    running = row.status in _OPEN and row.due_on is not None
    left = working_days_between(today, row.due_on, extra_days(place)) if running and row.due_on else None
    computed: dict[str, Any] = {
        "organization": organization,
        "counted_from": counted_from(row, extra_days(place)),
        "overdue": bool(running and row.due_on and row.due_on < today),
        "working_days_left": left.count if left else None,
        "certain": left.certain if left else True,
        "lacking": tuple(wanting(row.violated, row.basis)),
    }
    stored: dict[str, Any] = {name: getattr(row, name) for name in OrderRow.__slots__ if name not in computed}
    return OrderRow(**stored, **computed)
