"""Scanned signed papers as listed: the pages of a record, its signed copies with what lacks, the tray."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.forms.schema import ASKED_AT_PRINTING
from app.models.scans import Scan, TrayPage
from app.services.form_shelf import forms_of
from app.services.form_subjects import subject_rows
from app.services.papers import paper_rows
from app.services.workplace import Workplace
from app.wording import joined, label


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One scanned page of a record; ``page`` of ``pages`` are 0 where the page does not say."""

    inspection_id: str
    key: str
    sha256: str
    source: str
    source_page: int
    file_name: str
    media_type: str
    size: int
    form: str
    copy_key: str
    page: int
    pages: int
    fingerprint: str
    outdated: bool
    by_hand: bool
    rotation: int
    scanned_at: datetime
    scanned_by: str


@dataclass(frozen=True, slots=True)
class TrayRow:
    """A page that found no record; ``reason`` is a problem's code, ``detail`` what its sentence names."""

    id: str
    sha256: str
    source: str
    source_page: int
    file_name: str
    media_type: str
    size: int
    code: str
    reason: str
    detail: str
    rotation: int
    taken_at: datetime
    taken_by: str

    @property
    def problem(self) -> Problem:
        """Why it is here."""
        name = _DETAILS.get(self.reason)
        return Problem(self.reason, values={name: self.detail} if name else {})


_DETAILS = {
    "scans.unknown_record": "record",
    "scans.other_record": "title",
    "scans.unknown_form": "form",
    "scans.unknown_copy": "title",
    "scans.taken_back": "by",
}
"""What a reason's sentence calls its detail."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One paper that a visit can have a signed copy of: a form, and the paper or subject it is about."""

    form: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """What is there of one signed paper: its pages and those that lack (none known where it has no code)."""

    copy: Copy
    pages: int
    missing: tuple[int, ...]
    outdated: bool
    scans: tuple[ScanRow, ...]

    @property
    def whole(self) -> bool:
        """Whether every page of it is there."""
        return self.pages > 0 and not self.missing


def scan_rows(place: Workplace, *, inspection_id: str) -> tuple[ScanRow, ...]:
    """The scanned pages of a visit, paper by paper in the order of their pages."""
    wanted = select(Scan).where(Scan.inspection_id == inspection_id)
    order = (Scan.form, Scan.copy_key, Scan.page, Scan.scanned_at, Scan.key)
    with place.read() as session:
        return tuple(as_row(row) for row in session.scalars(wanted.order_by(*order)))


def rows_of(place: Workplace, pages: Iterable[tuple[str, str]]) -> dict[str, ScanRow]:
    """Pages by record and key, as far as they are still there; by key."""
    with place.read() as session:
        found = (session.get(Scan, page) for page in pages)
        return {row.key: as_row(row) for row in found if row is not None}


def as_row(row: Scan) -> ScanRow:
    """A scanned page as listed."""
    return ScanRow(**{name: getattr(row, name) for name in ScanRow.__slots__})


def tray_rows(place: Workplace) -> tuple[TrayRow, ...]:
    """The pages in the tray, those that came first in front."""
    wanted = select(TrayPage).order_by(TrayPage.taken_at, TrayPage.file_name, TrayPage.source_page)
    with place.read() as session:
        return tuple(as_tray_row(row) for row in session.scalars(wanted))


def as_tray_row(row: TrayPage) -> TrayRow:
    """A page of the tray as listed."""
    return TrayRow(**{name: getattr(row, name) for name in TrayRow.__slots__})


def tray_count(place: Workplace) -> int:
    """How many pages wait in the tray."""
    with place.read() as session:
        return session.scalar(select(func.count()).select_from(TrayPage)) or 0


def copies_of(place: Workplace, *, inspection_id: str) -> tuple[Copy, ...]:
    """Every paper that this visit can have a signed copy of, by title."""
    found: list[Copy] = []
    kept = paper_rows(place, inspection_id=inspection_id)
    for form in forms_of(place).values():
        if form.about in ASKED_AT_PRINTING:
            continue
        papers = [row for row in kept if row.form == form.id]
        found += [Copy(form.id, row.key, _titled(form.title, row.number)) for row in papers]
        subjects = subject_rows(place, inspection_id=inspection_id, about=form.about)
        found += [Copy(form.id, row.key, _titled(form.title, row.title)) for row in subjects]
        if form.about in ("inspection", "evidence", "record"):
            found.append(Copy(form.id, "", form.title))
    return tuple(sorted(found, key=lambda copy: (copy.title, copy.key)))


def signed_copies(place: Workplace, *, inspection_id: str) -> tuple[SignedCopy, ...]:
    """The signed papers of a visit of which at least one page came in."""
    rows = scan_rows(place, inspection_id=inspection_id)
    if not rows:
        return ()
    titles = {(each.form, each.key): each for each in copies_of(place, inspection_id=inspection_id)}
    return tuple(
        _signed(titles.get(which) or _gone(place, *which), tuple(group))
        for which, group in groupby(rows, lambda row: (row.form, row.copy_key))
    )


def signed_copy(place: Workplace, *, inspection_id: str, form: str, key: str = "") -> SignedCopy | None:
    """What is there of one paper; ``None`` when nothing of it was scanned."""
    found = signed_copies(place, inspection_id=inspection_id)
    return next((each for each in found if (each.copy.form, each.copy.key) == (form, key)), None)


def scanned_before(session: Session, source: str) -> dict[int, tuple[str, str]]:
    """The pages of a file that are here already: record and key; ``("", id)`` for those in the tray."""
    placed = session.execute(
        select(Scan.source_page, Scan.inspection_id, Scan.key).where(Scan.source == source)
    )
    found = {page: (inspection_id, key) for page, inspection_id, key in placed}
    waiting = session.execute(select(TrayPage.source_page, TrayPage.id).where(TrayPage.source == source))
    return {**{page: ("", key) for page, key in waiting}, **found}


def _signed(copy: Copy, scans: tuple[ScanRow, ...]) -> SignedCopy:
    pages = max((scan.pages for scan in scans), default=0)
    there = {scan.page for scan in scans}
    missing = tuple(number for number in range(1, pages + 1) if number not in there)
    return SignedCopy(copy, pages, missing, any(_newest(scans)), scans)


def _newest(scans: Iterable[ScanRow]) -> Iterable[bool]:
    """Whether the newest scan of each page is outdated: a page that was scanned anew replaces none, but counts."""
    newest: dict[int, ScanRow] = {}
    for scan in sorted(scans, key=lambda scan: scan.scanned_at):
        newest[scan.page] = scan
    return (scan.outdated for scan in newest.values())


def _titled(title: str, name: str) -> str:
    return joined("clauses", (title, name)) if name else title


def _gone(place: Workplace, form: str, key: str) -> Copy:
    """The title of a paper that is there no more, or that a page did not name."""
    known = forms_of(place).get(form)
    if known is not None:
        return Copy(form, key, known.title)
    return Copy(form, key, form or label("scan", "unnamed"))
