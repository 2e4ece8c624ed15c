"""A visit with everything that papers can be about, and papers with every entry filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pypdfium2

from app.forms.entries import Entry, stored
from app.forms.schema import Form
from app.forms.template import Scope
from app.services import casework, enforcing, evidence, inspecting, papers
from app.services.casework import Lead, Notice
from app.services.enforcing import OrderTerms
from app.services.form_values import PLACE, FilledEntry, FilledRow, cell_key, fill_in
from app.services.workplace import Workplace
from app.vocabulary import DeliveryMethod, FollowUpResult, ReferralKind, Verdict
from tests.services.conftest import DUTIES, Visit, add_target, jpeg

RARE = "𬭎䶮𠅤"
"""Characters that only the last face of the chain has."""


def rich_visit(place: Workplace) -> Visit:
    """A visit with a finding, photos, a served order, its re-inspection, a referred case and a notice."""
    visit = Visit(place, inspecting.start(place, duties=DUTIES, assignment_id=add_target(place)).id)
    here = {"inspection_id": visit.id}
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(place, **here, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(place, **here, item=item, note="电源适配器实物与证书附件不一致")
    visit.fill_header()
    for colour in ("navy", "maroon", "olive", "teal", "gray"):
        evidence.add_photo_bytes(place, **here, data=jpeg(colour, (640, 480)), file_name=f"{colour}.jpg")
    visit.sign_all()
    terms = OrderTerms(requirements=f"补齐台账，核对{RARE}产品", working_days=5, confirmed_by="彭建华")
    finding = visit.sheet().findings[0].key
    order = {**here, "key": enforcing.draft_order(place, **here, finding_keys=[finding], terms=terms).key}
    enforcing.issue_order(place, **order, number="袁市监责改〔2026〕17号")
    served = {"on": place.today(), "method": DeliveryMethod.DIRECT, "received_by": "王伟"}
    enforcing.deliver_order(place, **order, **served)
    enforcing.follow_up(
        place, **here, order_key=order["key"], on=place.today(), result=FollowUpResult.EXTENDED,
        note="供货方延误", new_due_on=date(2026, 9, 10),
    )  # fmt: skip
    lead = casework.note_lead(place, **here, lead=Lead(cause="3", facts="成品库有 40 台未认证")).key
    refer = {"kind": ReferralKind.JUDICIAL, "to": "袁州区公安局", "on": place.today()}
    casework.refer_case(place, **here, key=lead, **refer)
    notice = Notice(
        "中衡认证中心有限公司", "持证组织产品与证书不一致。", place.today(), number="袁函〔2026〕2号"
    )
    casework.notify_body(place, **here, notice=notice)
    return visit


@dataclass(frozen=True)
class Answer:
    """One value put into a paper, and the text by which it is found on the page."""

    path: str
    shown: str


def typed(entry: Entry, path: str, state: str) -> tuple[str, str]:
    """What to type into an entry of its kind, and how that reads on paper without white space."""
    match entry.kind:
        case "date":
            return "2026-08-13", "2026年8月13日"
        case "time":
            return "2026-08-13 09:05", "2026年8月13日09时05分"
        case "number":
            return "3", "3"
        case "money":
            return "1234.5", "1,234.50元"
        case "yes_no":
            return "yes", ""
        case "choice":
            wanted = (state, "other", "left_with_witness", "electronic")
            code = next((each for each in wanted if each in entry.words), next(iter(entry.words)))
            return (" ".join(entry.words) if entry.several else code), ""
    return f"填{path}{RARE}", f"填{path}{RARE}"


def fill_all(visit: Visit, paper: str, *, state: str, long: str = "") -> list[Answer]:
    """Fill in everything that is asked, also what is only asked after something else was; ``long`` goes
    into every entry of several lines."""
    here = {"inspection_id": visit.id, "paper": paper}
    done: dict[str, Answer] = {}
    while waiting := [each for each in _asked(visit, paper) if each.entry.id not in done]:
        for each in waiting:
            entry = each.entry
            done[entry.id] = Answer(entry.id, "")
            if entry.kind != "rows":
                value, text = typed(entry, entry.id, state)
                if long and entry.kind == "lines":
                    value, text = long, long
                papers.set_field(visit.place, **here, name=entry.id, value=value)
                done[entry.id] = Answer(entry.id, text)
                continue
            papers.add_row(visit.place, **here, name=entry.id)
            for row in papers.shown_rows(papers.paper_sheet(visit.place, **here), entry.id):
                done |= _fill_row(visit, paper, entry, row, (state, long))
    return _still_asked(done, _asked(visit, paper))


def _fill_row(
    visit: Visit, paper: str, entry: Entry, row: FilledRow, how: tuple[str, str]
) -> dict[str, Answer]:
    done = {}
    for column in entry.columns:
        path = f"{entry.id}.{row.key}.{column.id}"
        value, text = typed(column, path, how[0])
        if how[1] and column.kind == "lines":
            value, text = how[1], how[1]
        papers.set_field(
            visit.place, inspection_id=visit.id, paper=paper, name=entry.id, value=value, row=row.key,
            column=column.id,
        )  # fmt: skip
        done[path] = Answer(path, text)
    return done


def fill_kept(form: Form, data: Scope, *, state: str, long: str = "") -> tuple[dict[str, str], list[Answer]]:
    """What would be kept when everything that a form asks is filled in, beside the store; as :func:`fill_all`."""
    kept: dict[str, str] = {}
    done: dict[str, Answer] = {}
    while waiting := [
        each for each in fill_in(form, kept, data) if each.wanted and each.entry.id not in done
    ]:
        for each in waiting:
            entry = each.entry
            done[entry.id] = Answer(entry.id, "")
            if entry.kind != "rows":
                done[entry.id] = _keep(kept, entry, entry.id, (state, long))
                continue
            kept[cell_key(entry.id, "added", PLACE)] = str(len(each.rows) + 1)
            for row in ("added", *(row.key for row in each.rows)):
                for column in entry.columns:
                    path = cell_key(entry.id, row, column.id)
                    done[path] = _keep(kept, column, path, (state, long))
    return kept, _still_asked(done, [each for each in fill_in(form, kept, data) if each.wanted])


def _still_asked(done: dict[str, Answer], asked: list[FilledEntry]) -> list[Answer]:
    """Without what a later answer made nobody's business (留置送达 has no 收件人): it is kept and not printed."""
    known = {each.entry.id for each in asked}
    return [each for path, each in done.items() if path.partition(".")[0] in known]


def _keep(kept: dict[str, str], entry: Entry, path: str, how: tuple[str, str]) -> Answer:
    value, text = typed(entry, path, how[0])
    if how[1] and entry.kind == "lines":
        value = text = how[1]
    kept[path] = stored(entry, value)
    return Answer(path, text)


def _asked(visit: Visit, paper: str) -> list[FilledEntry]:
    shown = papers.paper_sheet(visit.place, inspection_id=visit.id, paper=paper)
    return [each for each in shown.entries if each.wanted]


def states_of(form: Form) -> tuple[str, ...]:
    """How the party may behave when it is to sign, by the form's own words."""
    found = next((entry for entry in form.entries if entry.id.endswith("_state")), None)
    return tuple(found.words) if found else ("",)


def pages_of(pdf: bytes) -> list[str]:
    """The text of every page without white space."""
    document = pypdfium2.PdfDocument(pdf)
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts
