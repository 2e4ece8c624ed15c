"""The result of an examination on paper: what was looked at, when, on which device, and what was met."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache

from sqlalchemy import func, select

from app import __version__
from app.clock import local_date
from app.errors import Problem
from app.files import resource
from app.forms.catalog import read_form
from app.forms.render import render
from app.forms.schema import Form
from app.models.journal import JournalEntry
from app.services import integrity, upkeep
from app.services.file_names import file_name_of
from app.services.issuing import PrintedForm
from app.services.practising import is_practice
from app.services.upkeep import Findings
from app.services.workplace import Workplace
from app.wording import joined, label, labels, sentence

Data = dict[str, object]

FILE = "verification.toml"


@cache
def health_form() -> Form:
    """Its description; it belongs to no record and so is none of the forms that are offered."""
    return read_form(resource("forms", "home", FILE).read_bytes(), FILE)


def health_paper(place: Workplace, *, findings: Findings) -> PrintedForm:
    """The paper of an examination that was made on this device."""
    form, out = health_form(), io.BytesIO()
    done = render(form, health_data(place, findings), out)
    day = local_date(findings.examined_at).isoformat()
    return PrintedForm(out.getvalue(), done.pages, "", file_name_of(f"{form.title}-{day}.pdf"))


def health_data(place: Workplace, findings: Findings) -> Data:
    """Everything its form reads."""
    owner, counts = place.owner, upkeep.status(place).counts
    amounts = _amounts(place)
    met = dict(zip(findings.checked, findings.met, strict=True))
    return {
        "office": {"name": owner.office},
        "device": {
            "id": place.device_id,
            "fingerprint": place.vault.public.fingerprint,
            "owner": owner.name,
            "role": owner.role,
            "version": __version__,
        },
        "examined_at": findings.examined_at,
        "examined_by": owner.name,
        "sound": "yes" if findings.ok else "no",
        "faults": len(findings.problems) or None,
        "notes": len(findings.remarks) or None,
        "contents": joined(
            "names", (text.format(count=counts[name]) for name, text in labels("health_contents").items())
        ),
        "checks": [
            {"name": name, "amount": amounts.get(name), "result": _result(some)} for name, some in met.items()
        ],
        "findings": [row for name, some in met.items() for row in _rows(name, some)],
        "practice": is_practice(place),
    }


def _amounts(place: Workplace) -> dict[str, str]:
    """How much each check looked at; files are counted as they lie on the disk, named by records or not."""
    with place.read() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar() or 0
        entries = session.scalar(select(func.count()).select_from(JournalEntry)) or 0
    files = sum(1 for _ in place.evidence.names())
    return {
        "store": label("health", "pages").format(count=pages),
        "journal": label("health", "entries").format(count=entries),
        "evidence": label("health", "files").format(count=files),
        "former": label("health", "files").format(count=len(integrity.former(place))),
        "orphans": label("health", "files").format(count=files),
        "data": joined(
            "names",
            (label("health_data", name).format(count=some) for name, some in integrity.data_counts().items()),
        ),
    }


def _result(met: tuple[Problem, ...]) -> str:
    return label("health", "met").format(count=len(met)) if met else label("health", "sound")


def _rows(check: str, met: tuple[Problem, ...]) -> Iterator[Data]:
    for problem in met:
        said = sentence(problem)
        kind = "remark" if problem.taken else "fault"
        yield {"check": check, "kind": kind, "message": said.message, "remedy": said.remedy}
