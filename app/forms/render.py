"""A form and a record become a PDF.

``render(form, data, out)`` takes a plain nested mapping. Every key may be missing: its place stays
free to be filled in by hand. Texts are ``str``, numbers ``int``, days ``date``, moments aware
``datetime`` (printed in China's time), images PNG bytes, coded words the values of
:mod:`app.vocabulary`. The keys a form reads, with their meaning, are ``[fields]`` in its file:

==================  ==================================================================================
``office``          ``name``
``organization``    ``name``, ``legal_representative``, ``phone``, ``credit_code``, ``address``
``inspection``      ``id``, ``number``, ``started_at``, ``finished_at``, ``place``, ``category`` (task
                    source), ``type``, ``product_class``, ``production_status``, ``status``,
                    ``previous_rectification``, ``situation``, ``opinion``
``officers``        list of ``name``, ``credential``
``recorder``        name of who keeps the record
``checklist``       ``title``, ``version``, ``items``: list of ``id``, ``section``, ``text``,
                    ``verdict``, ``note``, ``value``, ``unit``, ``basis``, ``penalty``
``findings``        list of ``description``, ``item``, ``provision``, ``disposition`` (word or list)
``order``           ``number``, ``issued_on``, ``facts``, ``violated``, ``basis``, ``kind``
                    (``at_once`` or ``by_date``), ``due_on``, ``requirements``, ``reconsideration``,
                    ``court``, ``contact``, ``contact_phone``
``signatures``      list of ``party`` (``party``, ``officer``, ``witness``; on a served document
                    ``recipient``, ``receipt_witness``), ``name``, ``state``, ``reason``, ``witness``,
                    ``image``, ``signed_at``
``corrections``     list of ``at``, ``by``, ``field``, ``before``, ``after``, ``reason``
``fingerprint``     hash of the record; printed short, and whole in the code
``draft``           true for a draft and for a record in conflict: a watermark says so
``blank``           true for a paper to be filled in by hand: generous heights; ``None`` for ``data``
                    means the same and nothing filled in
==================  ==================================================================================
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from app.forms.compose import Sheet, compose
from app.forms.fonts import Style, width
from app.forms.pagination import paginate
from app.forms.paper import MM, Paper
from app.forms.phrases import words
from app.forms.pieces import Piece
from app.forms.schema import Form
from app.forms.signatures import signed_by
from app.forms.template import Scope, fill, lookup

_FOOT, _SMALL = Style(size=9), Style(size=7)
_CODE = 18 * MM


@dataclass(frozen=True, slots=True)
class Printed:
    """What was written: number of pages and SHA-256 of the file."""

    pages: int
    fingerprint: str


def render(form: Form, data: Mapping[str, object] | None, out: BinaryIO) -> Printed:
    """Write ``form`` filled from ``data`` to ``out``; the same data gives the same bytes."""
    scope: Scope = {"blank": True} if data is None else {**data, "signed": signed_by(data)}
    buffer = io.BytesIO()
    paper = Paper(buffer, title=form.title, wide=form.landscape)
    margins = form.margins
    sheet = Sheet(
        margins.left * MM,
        paper.width - (margins.left + margins.right) * MM,
        Style(form.size),
        blank=lookup(scope, "blank") is True,
    )
    room = paper.height - (margins.top + margins.bottom) * MM
    pages = paginate(compose(form, scope, sheet), room, form.title)
    for number, page in enumerate(pages, 1):
        _draw_page(paper, form, scope, page, (number, len(pages)))
    paper.close()
    written = buffer.getvalue()
    out.write(written)
    return Printed(len(pages), hashlib.sha256(written).hexdigest())


def _draw_page(paper: Paper, form: Form, scope: Scope, page: list[Piece], position: tuple[int, int]) -> None:
    paper.start_page()
    if lookup(scope, "draft") is True:
        paper.watermark(words("furniture")["draft"])
    y = form.margins.top * MM
    for piece in page:
        piece.draw(paper, y)
        y += piece.height
    _draw_foot(paper, form, scope, position)
    paper.end_page()


def _draw_foot(paper: Paper, form: Form, scope: Scope, position: tuple[int, int]) -> None:
    top = paper.height - form.margins.bottom * MM + 5 * MM
    number = fill(words("furniture")["page"], {"page": position[0], "pages": position[1]})
    paper.text((paper.width - width(number, _FOOT)) / 2, top + 6 * MM, number, _FOOT)
    record, fingerprint = lookup(scope, form.record), lookup(scope, "fingerprint")
    if record is None or fingerprint is None:
        return
    texts = {"id": str(record), "short": short(str(fingerprint))}
    for line, name in enumerate(("record", "fingerprint")):
        paper.text(
            form.margins.left * MM, top + (6 + 3.5 * line) * MM, fill(words("furniture")[name], texts), _SMALL
        )
    left = paper.width - form.margins.right * MM - _CODE
    paper.code(payload(str(record), str(fingerprint)), left, top, _CODE)


def payload(record: str, fingerprint: str) -> str:
    """What the code on the paper says, so that a scan finds its record."""
    return f"chayan:{record}:{fingerprint}"


def short(fingerprint: str) -> str:
    """The first sixteen digits in groups of four, to be compared by eye."""
    return " ".join(fingerprint[start : start + 4].upper() for start in range(0, 16, 4)).strip()
