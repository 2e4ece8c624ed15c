"""A form and a record become a PDF.

``render(form, data, out)`` takes a plain nested mapping. Every key may be missing: its place stays
free to be filled in by hand. ``docs/content.md`` lists all keys; these are the ones of most forms. Texts are ``str``, numbers ``int``, days ``date``, moments aware
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
``paper``           ``number``, ``drafted_on``, ``issued_on``, ``by`` and the form's entries
``fingerprint``     hash of the record; printed short, and whole in the code
``page_signatures`` list of ``party``, ``page_digest`` and what ``signatures`` have: those of each page
``copy``            key of the paper or of what the form is about; the code carries its mark
``draft``           true for a draft and for a record in conflict: a watermark says so
``voided``          true for a paper that was voided: a watermark says so
``practice``        true for made-up records of a practice home: a watermark says so
``blank``           true for a paper to be filled in by hand: generous heights; ``None`` for ``data``
                    means the same and nothing filled in
==================  ==================================================================================
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import msgspec

from app.forms.codes import Code, content_mark, copy_mark
from app.forms.compose import Sheet, compose, compose_grid
from app.forms.entries import Chosen, words_of
from app.forms.fonts import Style, width
from app.forms.pages import page_digest, signed_on_page
from app.forms.pagination import height_of, paginate
from app.forms.paper import MM, Paper
from app.forms.phrases import words
from app.forms.pieces import Piece, Row
from app.forms.schema import Form
from app.forms.signatures import signed_by
from app.forms.template import Scope, fill, lookup

_FOOT, _SMALL = Style(size=9), Style(size=7)
_CONTINUED = Style(size=12, bold=True)
_CLOSING = Style(size=10.5)
_WHITE = 12 * MM
"""White above the signatures of a page from which on it is marked; a line or two are no room to write in."""

_CODE = 20 * MM
"""At 150 dpi a module of the code is two and a half points wide: below that a skew scan does not read."""
_ABOVE_FOOT = 2 * MM
"""White between the text and what stands at the foot of every page."""

_STEP = 0.5
"""Points between one size that is tried and the next."""

_TIGHT = 1.2
"""Line height of what has to stay on one page."""

_HAIR = 0.5
"""Points that two heights may differ by and still be the same."""

_MARKS = ("practice", "draft", "voided")

_OF_THE_HOME = frozenset({"order.contact", "order.contact_phone", "order.reconsideration", "order.court"})
"""What is set where a form is printed; the record is not another one for it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What was written: number of pages and SHA-256 of the file."""

    pages: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class _Laid:
    """A form laid out: what stands on each page, the measures, and the foot as nobody signed it."""

    pages: tuple[Sequence[Piece], ...]
    sheet: Sheet
    foot: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """What every page needs: the form, what fills it, the foot that every page has, the mark of it all."""

    form: Form
    scope: Scope
    foot: tuple[Piece, ...]
    content: str


def render(form: Form, data: Mapping[str, object] | None, out: BinaryIO) -> Printed:
    """Write ``form`` filled from ``data`` to ``out``; the same data gives the same bytes."""
    buffer = io.BytesIO()
    paper = Paper(buffer, title=form.title, wide=form.landscape)
    pages = draw(paper, form, data)
    paper.close()
    written = buffer.getvalue()
    out.write(written)
    return Printed(pages, hashlib.sha256(written).hexdigest())


def draw(paper: Paper, form: Form, data: Mapping[str, object] | None) -> int:
    """Draw one form on ``paper``, after whatever stands there already; returns its pages."""
    scope = _scope(form, data)
    paper.turn(wide=form.landscape)
    laid = _laid(paper, form, scope)
    pages, sheet = laid.pages, laid.sheet
    job = _Job(form, scope, laid.foot, content_of(form, data or {}))
    for number, page in enumerate(pages, 1):
        position = (number, len(pages))
        _draw_page(paper, _signed(job, sheet, page, position), page, position)
    return len(pages)


def _laid(paper: Paper, form: Form, scope: Scope) -> _Laid:
    """The pages of a form; nothing is drawn yet."""
    margins = form.margins
    room = paper.height - (margins.top + margins.bottom) * MM
    sheet = Sheet(
        margins.left * MM,
        paper.width - (margins.left + margins.right) * MM,
        Style(form.size),
        blank=lookup(scope, "blank") is True,
    )
    foot = tuple(compose_grid(form.each_page, scope, sheet)) if form.each_page is not None else ()
    room -= height_of(foot) + (_ABOVE_FOOT if foot else 0.0)
    pages = _fitted(form, scope, replace(sheet, room=room))
    return _Laid(tuple(pages), sheet, foot)


def _signed(job: _Job, sheet: Sheet, page: Sequence[Piece], position: tuple[int, int]) -> _Job:
    """The same with the signatures that were given on this page; they never move what stands above."""
    grid = job.form.each_page
    if grid is None or not lookup(job.scope, "page_signatures"):
        return job
    scope = {**job.scope, "page_signed": signed_on_page(job.scope, page_digest(page, position))}
    return replace(job, foot=tuple(compose_grid(grid, scope, sheet)))


def page_digests(form: Form, data: Mapping[str, object]) -> tuple[str, ...]:
    """What each page says (:func:`app.forms.pages.page_digest`), for those who sign page by page."""
    laid = _laid(Paper(io.BytesIO(), title=form.title, wide=form.landscape), form, _scope(form, data))
    return tuple(page_digest(page, (number, len(laid.pages))) for number, page in enumerate(laid.pages, 1))


def foot_grows(form: Form, data: Mapping[str, object], given: Mapping[str, object]) -> bool:
    """Whether one more signature, refusal or absence (as ``page_signatures`` has them) needs more room.

    It stands on its page beside those that ``data`` has for that page already.
    """
    scope = _scope(form, data)
    laid = _laid(Paper(io.BytesIO(), title=form.title, wide=form.landscape), form, scope)
    if form.each_page is None:
        return False
    signed = signed_on_page(scope, str(given["page_digest"]))
    signed.setdefault(str(given["party"]), []).append({"item": given})
    foot = compose_grid(form.each_page, {**scope, "page_signed": signed}, laid.sheet)
    return height_of(tuple(foot)) > height_of(laid.foot) + _HAIR


def _fitted(form: Form, scope: Scope, sheet: Sheet) -> list[list[Piece]]:
    """The pages; those of a form that may shrink closer and in smaller type where that makes them one."""
    whole = paginate(compose(form, scope, sheet), sheet.room, form.title)
    size = form.size
    while len(whole) > 1 and form.smallest and size >= form.smallest:
        pieces = compose(form, scope, replace(sheet, style=Style(size, spacing=_TIGHT)))
        pages = paginate((_close(piece) for piece in pieces), sheet.room, form.title)
        if len(pages) == 1:
            return pages
        size -= _STEP
    return whole


def _close(piece: Piece) -> Piece:
    """A row no higher than what stands in it; a gap stays."""
    return replace(piece, minimum=0.0) if isinstance(piece, Row) and piece.cells else piece


def _scope(form: Form, data: Mapping[str, object] | None) -> Scope:
    """The data with what printing adds: signatures by party, the words of choices nobody made yet."""
    scope: dict[str, object] = {"blank": True} if data is None else {**data, "signed": signed_by(data)}
    if form.entries:
        given = scope.get("paper")
        empty = {entry.id: Chosen((), words_of(entry)) for entry in form.entries if words_of(entry)}
        scope["paper"] = {**empty, **(given if isinstance(given, Mapping) else {})}
    return scope


def _draw_page(paper: Paper, job: _Job, page: Sequence[Piece], position: tuple[int, int]) -> None:
    paper.start_page()
    # What was made for practice says so before anything else that could be said of it.
    mark = next((mark for mark in _MARKS if lookup(job.scope, mark) is True), None)
    if mark is not None:
        paper.watermark(words("furniture")[mark])
    margins = job.form.margins
    if position[0] > 1 and job.form.continued:
        text = fill(job.form.continued, job.scope)
        left = (paper.width - width(text, _CONTINUED)) / 2
        paper.text(left, max(margins.top * MM - 2 * _CONTINUED.size, 0), text, _CONTINUED)
    end = _stack(paper, page, margins.top * MM)
    foot = paper.height - margins.bottom * MM - height_of(job.foot)
    _close_white(paper, job, position, end, foot)
    _stack(paper, job.foot, foot)
    _draw_foot(paper, job, position)
    paper.end_page()


def _close_white(paper: Paper, job: _Job, position: tuple[int, int], top: float, bottom: float) -> None:
    """Say above the signatures of a page that the white there is meant: nobody writes into it later."""
    by_hand = lookup(job.scope, "blank") is True
    if job.form.each_page is None or by_hand or bottom - top < _WHITE:
        return
    text = words("furniture")["blank_below" if position[0] == position[1] else "blank_rest"]
    paper.text((paper.width - width(text, _CLOSING)) / 2, top + _WHITE / 3, text, _CLOSING)


def _stack(paper: Paper, pieces: Sequence[Piece], y: float) -> float:
    """Draw pieces one below the other; where they end."""
    for piece in pieces:
        piece.draw(paper, y)
        y += piece.height
    return y


def _draw_foot(paper: Paper, job: _Job, position: tuple[int, int]) -> None:
    form, scope = job.form, job.scope
    top = paper.height - form.margins.bottom * MM + 5 * MM
    number = fill(words("furniture")["page"], {"page": position[0], "pages": position[1]})
    paper.text((paper.width - width(number, _FOOT)) / 2, top + 6 * MM, number, _FOOT)
    if form.copies > 1:
        copies = words("furniture")["copies"].format(count=words("count").get(str(form.copies), form.copies))
        paper.text((paper.width - width(copies, _FOOT)) / 2, top + 10 * MM, copies, _FOOT)
    record, fingerprint = lookup(scope, form.record), lookup(scope, "fingerprint")
    if record is None or fingerprint is None:
        return
    texts = {"id": str(record), "short": short(str(fingerprint))}
    for line, name in enumerate(("record", "fingerprint")):
        paper.text(
            form.margins.left * MM, top + (6 + 3.5 * line) * MM, fill(words("furniture")[name], texts), _SMALL
        )
    copy = copy_mark(str(lookup(scope, "copy") or ""))
    code = Code(str(record), str(fingerprint), form.id, *position, copy, job.content)
    paper.code(code.text(), paper.width - form.margins.right * MM - _CODE, top - 1 * MM, _CODE)


def content_of(form: Form, data: Mapping[str, object]) -> str:
    """The mark of everything in ``data`` that ``form`` reads: equal as long as it would print the same."""
    keys = sorted((*form.fields, "draft", "voided", "paper" if form.entries else "draft"))
    keys += ["page_signatures"] if data.get("page_signatures") else []
    read = [(key, lookup(data, key)) for key in keys if key not in _OF_THE_HOME]
    return content_mark(msgspec.json.encode(read, enc_hook=_said, order="deterministic"))


def _said(value: object) -> str:
    # Pictures are fetched when they are drawn; the row that has one names it by its digest.
    return "" if callable(value) else str(value)


def short(fingerprint: str) -> str:
    """The first sixteen digits in groups of four, to be compared by eye."""
    return " ".join(fingerprint[start : start + 4].upper() for start in range(0, 16, 4)).strip()
