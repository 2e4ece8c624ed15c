"""An inspector at work: one visit from its start to the seal, with what he meets drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from app.checklists.schema import Measure
from app.demo.citations import as_read
from app.demo.diary import PlayedClock
from app.demo.faults import Course, Fault, chosen, lapsed, usual
from app.demo.pictures import photo, signature
from app.demo.script import Script
from app.services import casework, enforcing, evidence, findings, inspecting, numbering, registering
from app.services.casework import Lead
from app.services.enforcing import OrderTerms
from app.services.evidence import Link
from app.services.findings import FindingValues
from app.services.inspecting import Duties
from app.services.sheet_rows import ItemRow, Sheet
from app.services.sheets import sheet
from app.services.targets import TargetRow
from app.services.workplace import Workplace
from app.vocabulary import (
    DeliveryMethod,
    Disposition,
    InspectionType,
    ProductClass,
    ProductionStatus,
    SignatureState,
    TaskSource,
    Verdict,
)
from app.wording import joined

ORDERED = {Disposition.RECTIFY_AT_ONCE: True, Disposition.RECTIFY_BY_DATE: False}
"""Dispositions that need an order, and whether it is at once."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is met on a visit, apart from chance.

    ``case`` is the course of the case that it leads to; ``ordered``: every fault is to be mended by a date.
    """

    faults: int = 0
    case: Course = ""
    ordered: bool = False
    production: ProductionStatus = ProductionStatus.NORMAL
    party: SignatureState = SignatureState.SIGNED


@dataclass(frozen=True, slots=True)
class Visited:
    """A finished visit and what hangs on it.

    ``fault`` and ``facts`` are those of its case; ``lapsed``: a certificate was no longer valid.
    """

    inspection_id: str
    subject: str
    inspection_type: InspectionType
    orders: tuple[str, ...]
    case: str | None
    body: str
    product: str
    facts: str
    fault: Fault | None = None
    lapsed: bool = False


class Inspector:
    """Plays the owner of a laptop. Decisions are drawn from ``random``; time passes as he works."""

    def __init__(self, place: Workplace, script: Script, clock: PlayedClock, random: Random) -> None:
        self.place = place
        self.script = script
        self.clock = clock
        self.random = random
        self._kind = InspectionType.CCC_PRODUCER
        self._faults: dict[str, Fault] = {}

    def begin(self, target: TargetRow, number: int, occasion: Occasion) -> str:
        """Arrive: show credentials, tell rights, note what kind of day it is."""
        duties = Duties(
            task_source=TaskSource.DOUBLE_RANDOM if number % 3 else TaskSource.SPECIAL,
            approval_number=self.script.approval_number.format(number=number),
            approval_by=self.script.approval_by,
            approval_on=self.clock.today,
            notice_number=self.script.notice_number.format(number=number),
            credentials_shown=True,
            rights_told=True,
            party_present=occasion.party is not SignatureState.ABSENT,
        )
        started = inspecting.start(self.place, assignment_id=target.assignment_id, duties=duties)
        inspecting.set_header(
            self.place,
            inspection_id=started.id,
            number=self.script.number("inspection", number),
            place=target.address or target.name,
            production_status=occasion.production,
            product_class=self._product_class(target),
            situation=self._pick(self._met(occasion)),
            previous_rectification=self._pick("previous"),
        )
        self._kind = target.inspection_type
        held = self._sheet(started.id).certificates
        self._faults = {
            **lapsed(self._kind, held, self.clock.today),
            **chosen(self._kind, occasion.faults, occasion.case, self.random),
        }
        return started.id

    @staticmethod
    def _met(occasion: Occasion) -> str:
        """Which of the texts tells what was seen."""
        if occasion.production is not ProductionStatus.NORMAL:
            return f"situations_{occasion.production}"
        return "situations_alone" if occasion.party is SignatureState.ABSENT else "situations"

    def visit(self, target: TargetRow, number: int, occasion: Occasion, *, issue: bool = True) -> Visited:
        """One whole visit; without ``issue`` its orders stay drafts."""
        inspection_id = self.begin(target, number, occasion)
        self.answer_all(inspection_id)
        self._general_photo(inspection_id, target.name, number)
        case = self._settle_findings(inspection_id, target, occasion)
        orders = self._order(inspection_id)
        handled = 3 if self._sheet(inspection_id).findings else 0
        opinion = self.script.choices["opinions"][2 if case else 1 if orders else handled]
        inspecting.set_header(self.place, inspection_id=inspection_id, opinion=opinion)
        self._signatures(inspection_id, occasion)
        inspecting.finish(self.place, inspection_id=inspection_id)
        if issue:
            self._serve(inspection_id, orders, occasion)
        shown = self._sheet(inspection_id)
        held = next((each for each in shown.certificates if each.in_scheme), None)
        fault = next((each for each in self._faults.values() if each.course), None)
        wanted = {fault.item} if fault else self._faults.keys()
        told = [each.description for each in shown.findings if each.item in wanted]
        return Visited(
            inspection_id, target.name, target.inspection_type, orders, case,
            body=held.body_name if held else "", product=held.product if held else "",
            facts=joined("clauses", told), fault=fault,
            lapsed=any(each.lapsed for each in self._faults.values()),
        )  # fmt: skip

    def answer_all(self, inspection_id: str, limit: int | None = None) -> None:
        """Answer every item, and those that the answers make appear."""
        open_items = self._unanswered(inspection_id)
        done = 0
        while open_items:
            for item in open_items:
                if limit is not None and done >= limit:
                    return
                self._answer(inspection_id, item)
                done += 1
            open_items = self._unanswered(inspection_id)

    def _unanswered(self, inspection_id: str) -> list[ItemRow]:
        sections = self._sheet(inspection_id).sections
        return [item for section in sections for item in section.items if item.verdict is None]

    def _answer(self, inspection_id: str, item: ItemRow) -> None:
        fault = self._faults.get(item.id)
        self.clock.pass_minutes(self.random.randint(1, 3))
        skipped = fault is None and item.allow_not_applicable and self.random.random() < 0.08
        verdict = Verdict.NOT_APPLICABLE if skipped else Verdict.CONFORMING
        note = self._pick("not_applicable_notes" if skipped else "conforming_notes")
        if fault is not None:
            verdict, note = Verdict.NONCONFORMING, fault.told(self.clock.today, self.random)
        if note:
            inspecting.write_note(self.place, inspection_id=inspection_id, item=item.id, note=note)
        value = self._value(item.id, item.measure) if item.measure is not None and not skipped else None
        if value is not None:
            inspecting.set_value(self.place, inspection_id=inspection_id, item=item.id, value=value)
        inspecting.answer(self.place, inspection_id=inspection_id, item=item.id, verdict=verdict)
        wanted = item.photos_required if verdict is not Verdict.NOT_APPLICABLE else 0
        for number in range(max(wanted, int(fault is not None))):
            self._photo(inspection_id, f"{item.id}-{number + 1}", Link(item=item.id))

    def _value(self, item: str, measure: Measure) -> str | None:
        """A value that conforms: a usual one, or between the limits; none where there are none and none is asked."""
        known = usual(self._kind, item)
        if known is None and not measure.required and measure.maximum is None:
            return None
        low, high = (Decimal(str(each)) for each in known or (measure.minimum or 0, measure.maximum or 100))
        value = low + (high - low) * self.random.randint(20, 80) / 100
        return str(value.quantize(Decimal(1).scaleb(-measure.decimals)))

    def _settle_findings(self, inspection_id: str, target: TargetRow, occasion: Occasion) -> str | None:
        """Choose what is done about each finding; a case where the day brings one."""
        shown = self._sheet(inspection_id)
        usual = {item.finding_key: item.dispositions for each in shown.sections for item in each.items}
        case = None
        for finding in shown.findings:
            offered = usual.get(finding.key, ())
            fault = self._faults.get(finding.item)
            lead = fault is not None and bool(fault.course)
            settled = Disposition.CASE_LEAD if lead else self._disposition(offered)
            if fault is not None and fault.lapsed:
                told = Disposition.NOTIFY_BODY
                settled = told if told in offered else Disposition.ON_SITE_GUIDANCE
            elif occasion.ordered:
                settled = Disposition.RECTIFY_BY_DATE
            values = FindingValues(disposition=settled)
            findings.update_finding(self.place, inspection_id=inspection_id, key=finding.key, values=values)
            if fault is not None and fault.course:
                facts = self.script.lines["lead_facts"].format(facts=finding.description, subject=target.name)
                begun = Lead(fault.cause, facts)
                noted = casework.note_lead(self.place, inspection_id=inspection_id, lead=begun)
                case = noted.key
        return case

    def _disposition(self, offered: tuple[Disposition, ...]) -> Disposition:
        mild = [each for each in offered if each is not Disposition.CASE_LEAD]
        ordered = [each for each in mild if each in ORDERED]
        return self.random.choice(ordered or mild or [Disposition.RECTIFY_BY_DATE])

    def _order(self, inspection_id: str) -> tuple[str, ...]:
        """An order for what is mended at once, and one for what has a date."""
        keys = []
        for disposition, at_once in ORDERED.items():
            found = [each for each in self._sheet(inspection_id).findings if each.disposition is disposition]
            if found:
                terms = OrderTerms(
                    requirements=self.script.lines["requirements"],
                    at_once=at_once,
                    working_days=None if at_once else self.random.choice((10, 15, 20)),
                    confirmed_by=self.place.owner.name,
                )
                drafted = enforcing.draft_order(
                    self.place,
                    inspection_id=inspection_id,
                    finding_keys=[each.key for each in found],
                    terms=terms,
                )
                keys.append(drafted.key)
        return tuple(keys)

    def _serve(self, inspection_id: str, orders: tuple[str, ...], occasion: Occasion) -> None:
        """Issue and deliver on the spot; who refuses to sign does not take an order either."""
        refused = occasion.party is SignatureState.REFUSED
        receiver = self.script.lines["left" if refused else "received_by"]
        method = DeliveryMethod.LEFT_WITH_WITNESS if refused else DeliveryMethod.DIRECT
        self._write_citations(inspection_id)
        for key in orders:
            number = numbering.propose(self.place, form=numbering.ORDER_FORM)
            enforcing.issue_order(self.place, inspection_id=inspection_id, key=key, number=number)
            enforcing.deliver_order(
                self.place, inspection_id=inspection_id, key=key, on=self.clock.today,
                method=method, received_by=receiver.format(name=self._pick("party_names")),
            )  # fmt: skip

    def _write_citations(self, inspection_id: str) -> None:
        """Before an order goes out, cite what he has read to its article in place of what he has not."""
        for order in enforcing.order_rows(self.place, inspection_id=inspection_id):
            written = {
                name: as_read(getattr(order, name), self.script.citations[name]) for name in order.lacking
            }
            if written:
                enforcing.cite_order(self.place, inspection_id=inspection_id, key=order.key, **written)

    def _signatures(self, inspection_id: str, occasion: Occasion) -> None:
        self.clock.pass_minutes(5)
        for credential, name in self._sheet(inspection_id).officers:
            evidence.sign(
                self.place, inspection_id=inspection_id, party=f"officer:{credential}", name=name,
                image=signature(self.random, name),
            )  # fmt: skip
        name = self._pick("party_names")
        if occasion.party is SignatureState.SIGNED:
            image = signature(self.random, name)
            evidence.sign(self.place, inspection_id=inspection_id, party="party", name=name, image=image)
            return
        refused = occasion.party is SignatureState.REFUSED
        evidence.refuse(
            self.place, inspection_id=inspection_id, party="party", name=name, state=occasion.party,
            reason=self.script.lines["refusal" if refused else "absence"],
            witness=self.script.lines["witness"].format(name=self._pick("party_names")),
        )  # fmt: skip

    def _general_photo(self, inspection_id: str, name: str, number: int) -> None:
        added = self._photo(inspection_id, "0", Link(), upright=number % 4 == 0)
        caption = self.script.lines["caption"].format(name=name, number=number)
        evidence.describe(self.place, inspection_id=inspection_id, key=added, caption=caption)

    def _photo(self, inspection_id: str, words: str, link: Link, *, upright: bool = False) -> str:
        data = photo(self.random, words, self.clock(), upright=upright)
        added = evidence.add_photo_bytes(
            self.place, inspection_id=inspection_id, data=data, file_name=f"IMG_{words}.jpg", link=link
        )
        return added.keys[0]

    def _product_class(self, target: TargetRow) -> ProductClass | None:
        if target.inspection_type is not InspectionType.CCC_PRODUCER:
            return None
        held = registering.organization_detail(
            self.place, organization_id=target.organization_id
        ).certificates
        return next((each.product_class for each in held if each.product_class), ProductClass.OTHER)

    def _pick(self, choice: str) -> str:
        return self.random.choice(self.script.choices[choice])

    def _sheet(self, inspection_id: str) -> Sheet:
        return sheet(self.place, inspection_id=inspection_id)
