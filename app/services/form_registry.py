"""What an organization or a plan gives to its forms, by the names that form descriptions bind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.forms.schema import About
from app.models.planning import Plan, PlanTask
from app.models.registry import Certificate, Organization
from app.services.form_data import Data, columns
from app.services.workplace import Workplace
from app.statistics.certificates import Holding, dates_of, holding_on
from app.sync.canonical import canonical, digest
from app.sync.documents import read_document
from app.wording import joined, label


def registry_data(place: Workplace, session: Session, about: About, record_id: str) -> Data:
    """Everything that a form about an organization or a plan reads."""
    if about == "plan":
        found = _plan(session, record_id)
    elif about == "organization":
        found = _organization(session, record_id, place.today())
    else:
        raise BadInput("issuing.needs_visit")
    document = read_document(session, about, record_id)
    return {
        **found,
        "office": {"name": place.owner.office},
        "fingerprint": digest(canonical(document)),
        "draft": False,
    }


def title_of(data: Data, about: About) -> str:
    """What the record is called in a file's name."""
    record = data[about]
    assert isinstance(record, dict)
    return str(record["title" if about == "plan" else "name"])


def _organization(session: Session, record_id: str, today: date) -> Data:
    """The dossier; of the certificates those that hold today: a withdrawn one recommends nobody."""
    row = session.get(Organization, record_id)
    if row is None:
        raise BadInput("issuing.unknown_record", id=record_id)
    wanted = select(Certificate).where(Certificate.organization_id == record_id)
    certificates = [
        each
        for each in session.scalars(wanted.order_by(Certificate.number))
        if holding_on(dates_of(each), today) is Holding.COUNTS
    ]
    told = columns(row, "id", "name", "credit_code", "address", "legal_representative", "contact", "phone")
    schemes = dict.fromkeys(label("scheme", each.scheme) for each in certificates)
    return {
        "organization": {
            **told,
            "region": row.region_name or row.region,
            "products": joined("names", dict.fromkeys(each.product for each in certificates)),
            "schemes": joined("names", schemes),
        },
        "certificates": [
            columns(each, "number", "product", "body_name", "body_approval", "status", "expires_on")
            for each in certificates
        ],
    }


def _plan(session: Session, record_id: str) -> Data:
    row = session.get(Plan, record_id)
    if row is None:
        raise BadInput("issuing.unknown_record", id=record_id)
    wanted = select(PlanTask).where(PlanTask.plan_id == record_id)
    tasks = session.scalars(wanted.order_by(PlanTask.sequence, PlanTask.key))
    told = columns(row, "id", "title", "document", "year", "starts_on", "ends_on")
    return {"plan": {**told, "tasks": list(_tasks(tasks.all()))}}


def _tasks(rows: Sequence[PlanTask]) -> Iterator[Data]:
    for number, row in enumerate(rows, 1):
        share = row.required_permille
        yield {
            **columns(row, "title", "scope", "document"),
            "number": number,
            "type": row.inspection_type,
            "required": row.required_count if share is None else f"{share / 10:g}%",
            "due_on": row.own_deadline or row.superior_deadline,
        }
