"""Signing a paper page by page on the screen, where its form wants it (现场笔录, 询问笔录).

Each signature is stored with its page: the paper's key, the page's number, and what the page said. Where
the page says something else by now the signature does not count: it is not printed and asked for again.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.errors import BadInput
from app.forms.render import foot_grows, page_digests
from app.forms.schema import Form
from app.models.inspection import Inspection
from app.models.papers import PageSignature, Paper
from app.services import issuing, papers
from app.services.evidence_files import examine
from app.services.form_data import Data
from app.services.form_shelf import form_of
from app.services.page_signatures import page_signature_data, page_signatures
from app.services.team import team_rows
from app.services.workplace import Changes, Workplace
from app.vocabulary import PaperStatus, SignatureState
from app.wording import joined

PARTIES: Final = ("party", "witness", "officer")


@dataclass(frozen=True, slots=True)
class PageLine:
    """Where a signature goes: the line of a party on a page (from 1), ``digest`` is the page's as it was seen."""

    inspection_id: str
    paper: str
    page: int
    digest: str
    party: str


@dataclass(frozen=True, slots=True)
class PageSigner:
    """Who signs each page: ``party``, ``witness`` or ``officer:<credential>``, with the name as known.

    A witness, and an officer who left during the visit, may sign and are never waited for (``waits``).
    """

    party: str
    name: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A signature on a page; ``stands`` is false where the page says something else by now."""

    page: int
    party: str
    name: str
    state: SignatureState
    reason: str
    witness: str
    signed_at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class PagesToSign:
    """A paper as it is signed: the PDF, the digest of each page in order, who signs, what was signed."""

    title: str
    pdf: bytes
    digests: tuple[str, ...]
    signers: tuple[PageSigner, ...]
    signed: tuple[SignedPage, ...]

    def of(self, page: int, party: str) -> SignedPage | None:
        """The signature of a party on a page (from 1) that still stands."""
        return next(
            (row for row in self.signed if (row.page, row.party) == (page, party) and row.stands), None
        )

    def open(self, page: int) -> tuple[PageSigner, ...]:
        """Who has still to sign a page."""
        return tuple(each for each in self.signers if not each.waits and self.of(page, each.party) is None)


def signed_by_page(form: Form) -> tuple[str, ...]:
    """The parties that sign each page of a form, in the order of the form; none for other forms."""
    rows = form.each_page.rows if form.each_page is not None else ()
    return tuple(cell.sign.page for row in rows for cell in row.cells if cell.sign and cell.sign.page)


def pages_to_sign(place: Workplace, *, inspection_id: str, paper: str) -> PagesToSign:
    """The pages as they are now; ``papers.sign_missing`` while something required is not filled in."""
    shown = papers.paper_sheet(place, inspection_id=inspection_id, paper=paper)
    _require_signable(shown.row.status, shown.row.number or shown.row.key)
    if not signed_by_page(shown.form):
        raise BadInput("papers.not_by_page", title=shown.form.title)
    if shown.missing:
        fields = joined("names", (each.label for each in shown.missing.values()))
        raise BadInput("papers.sign_missing", fields=fields)
    printed = issuing.print_form(place, form=shown.form.id, inspection_id=inspection_id, paper=paper)
    with place.read() as session:
        digests = page_digests(shown.form, _data(place, session, shown.form, inspection_id, paper))
        signed = tuple(_signed(session, inspection_id, paper, digests))
        signers = tuple(_signers(session, shown.form, inspection_id))
    return PagesToSign(shown.form.title, printed.pdf, digests, signers, signed)


def sign_page(place: Workplace, *, line: PageLine, name: str, image: bytes) -> Changes:
    """Keep the signature (PNG) that was drawn on a page."""
    if not name.strip():
        raise BadInput("evidence.no_name")
    examine(io.BytesIO(image), line.party, len(image))
    sha256 = place.evidence.put_bytes(image)
    given = {"name": name.strip(), "state": SignatureState.SIGNED, "image": sha256}
    return _store(place, line, given)


def refuse_page(
    place: Workplace, *, line: PageLine, name: str, state: SignatureState, reason: str, witness: str = ""
) -> Changes:
    """Note that somebody refused to sign a page or was not there; it has to fit into the page's foot."""
    if state is SignatureState.SIGNED or not reason.strip():
        raise BadInput("evidence.no_reason")
    told = {"reason": reason.strip(), "witness": witness.strip()}
    return _store(place, line, {"name": name.strip(), "state": state, **told})


def _store(place: Workplace, line: PageLine, given: Mapping[str, object]) -> Changes:
    if line.party.partition(":")[0] not in PARTIES:
        raise BadInput("evidence.unknown_party", party=line.party)
    with place.write("papers.sign_page") as work:
        _require_seen(place, work.session, line, given)
        where = (line.inspection_id, f"{line.paper}.{line.page}.{line.party}")
        former = work.session.get(PageSignature, where)
        if former is not None:
            work.session.delete(former)
            work.session.flush()
        work.session.add(
            PageSignature(
                inspection_id=where[0], key=where[1], page_digest=line.digest, signed_at=place.now(), **given
            )
        )
        work.commit()
    return Changes.of("inspection", line.inspection_id)


def _require_seen(place: Workplace, session: Session, line: PageLine, given: Mapping[str, object]) -> None:
    """The page still says what the signer saw, and what is given fits into its foot."""
    found = session.get(Paper, (line.inspection_id, line.paper))
    if found is None:
        raise BadInput("papers.unknown", key=line.paper)
    _require_signable(found.status, found.number or found.key)
    form = form_of(place, found.form)
    data = _data(place, session, form, line.inspection_id, line.paper)
    digests = page_digests(form, data)
    if not 1 <= line.page <= len(digests) or digests[line.page - 1] != line.digest:
        raise BadInput("papers.page_changed", page=line.page)
    # Signing again takes the place of what stood there.
    key = f"{line.paper}.{line.page}.{line.party}"
    stored = page_signature_data(place, page_signatures(session, line.inspection_id, line.paper), but=key)
    added = {"party": line.party.partition(":")[0], "page_digest": line.digest, "signed_at": place.now()}
    if foot_grows(form, {**data, **stored}, {**given, **added, "image": None}):
        raise BadInput("papers.page_full", page=line.page)


def _require_signable(status: PaperStatus, number: str) -> None:
    if status is PaperStatus.VOIDED:
        raise BadInput("papers.sign_void", number=number)


def _data(place: Workplace, session: Session, form: Form, inspection_id: str, paper: str) -> Data:
    base = issuing.visit_base(place, session, inspection_id)
    return issuing.form_data(place, session, form, base, paper=paper)


def _signed(session: Session, inspection_id: str, paper: str, digests: Sequence[str]) -> Iterator[SignedPage]:
    for row in page_signatures(session, inspection_id, paper):
        page, _, party = row.key.removeprefix(f"{paper}.").partition(".")
        number = int(page)
        stands = 1 <= number <= len(digests) and digests[number - 1] == row.page_digest
        yield SignedPage(number, party, row.name, row.state, row.reason, row.witness, row.signed_at, stands)


def _signers(session: Session, form: Form, inspection_id: str) -> Iterator[PageSigner]:
    parties = signed_by_page(form)
    if "officer" in parties:
        for row in team_rows(session, inspection_id):
            yield PageSigner(f"officer:{row.credential}", row.name, waits=not row.there)
    if "party" in parties:
        visit = session.get_one(Inspection, inspection_id)
        yield PageSigner("party", visit.subject_representative)
    if "witness" in parties:
        yield PageSigner("witness", "", waits=True)
