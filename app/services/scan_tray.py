"""The tray: pages that found no record are given to one by hand, taken back, turned, tried again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import BadInput, Problem
from app.forms.codes import read_code
from app.models.base import new_id
from app.models.inspection import Correction
from app.models.scans import Scan, TrayPage
from app.services.form_shelf import forms_of
from app.services.inspecting import settled_inspection
from app.services.scan_places import Finder, Found
from app.services.scan_rows import Copy, TrayRow, as_tray_row, copies_of, tray_rows
from app.services.scanning import changes_of, scan_of
from app.services.workplace import Changes, Workplace
from app.sync.ledger import stored_of
from app.sync.shapes import escape
from app.wording import joined

_PAGE = ("sha256", "source", "source_page", "file_name", "media_type", "size", "rotation")
_MOST = 999
_SHORT = 16
_MAY_COME = ("scans.unknown_record", "scans.unknown_form", "scans.unknown_copy", "scans.in_conflict")
"""Reasons that a package or a decision may take away."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a page is put by hand: the paper (empty for none of them) and its page, 0 where unknown."""

    inspection_id: str
    form: str = ""
    copy_key: str = ""
    page: int = 0
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """The key that a page has where it lies now: in the record, or in the tray."""

    key: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Retried:
    """Pages that found their record when they were tried again, by its name; how many still wait."""

    placed: tuple[tuple[str, str], ...]
    waiting: int
    changes: Changes


def assign(place: Workplace, *, page: str, to: Wanted) -> Moved:
    """Give a page of the tray to a record."""
    _require_sound(place, to)
    with place.write("scans.assign") as work:
        row = _tray_page(work.session, page)
        visit = settled_inspection(work.session, to.inspection_id)
        found = Found(visit.id, visit.subject_name, _copy(place, to), to.page, to.pages)
        key = new_id()
        work.session.add(scan_of(place, key, _bytes_of(row), found, by_hand=True))
        work.session.delete(row)
        work.commit()
    return Moved(key, changes_of([to.inspection_id]))


def _require_sound(place: Workplace, to: Wanted) -> None:
    if not (0 <= to.page <= to.pages <= _MOST) or (to.page == 0) != (to.pages == 0):
        raise BadInput("scans.bad_page")
    if not to.form:
        return
    copies = copies_of(place, inspection_id=to.inspection_id)
    if not any((each.form, each.key) == (to.form, to.copy_key) for each in copies):
        known = forms_of(place).get(to.form)
        if known is None:
            raise BadInput("scans.unknown_form", form=to.form)
        raise BadInput("scans.unknown_copy" if to.copy_key else "scans.wrong_form", title=known.title)


def _copy(place: Workplace, to: Wanted) -> Copy:
    copies = copies_of(place, inspection_id=to.inspection_id) if to.form else ()
    return next(
        (each for each in copies if (each.form, each.key) == (to.form, to.copy_key)), Copy("", "", "")
    )


def take_back(place: Workplace, *, inspection_id: str, key: str, reason: str = "") -> Moved:
    """Take a page out of a record, back into the tray: the undo of an assignment, by hand or by its code.

    What a sealed revision names goes only with a ``reason``, which the record keeps among its corrections.
    """
    with place.write("scans.take_back") as work:
        settled_inspection(work.session, inspection_id)
        row = _scan(work.session, inspection_id, key)
        if key in _sealed(work.session, inspection_id, [key]):
            if not reason.strip():
                raise BadInput("scans.reason_missing")
            work.session.add(_correction(place, row, reason.strip()))
        page = new_id()
        work.session.add(
            TrayPage(
                id=page, **_bytes_of(row), code="", reason="scans.taken_back", detail=place.owner.name,
                taken_at=place.now(), taken_by=place.owner.name,
            )
        )  # fmt: skip
        work.session.delete(row)
        work.commit()
    return Moved(page, changes_of([inspection_id]))


def needs_reason(place: Workplace, *, inspection_id: str, key: str) -> bool:
    """Whether a page was sealed before, so that others may have seen it."""
    with place.read() as session:
        return bool(_sealed(session, inspection_id, [key]))


def discard(place: Workplace, *, page: str) -> TrayRow:
    """Throw a page of the tray away; :func:`restore` wants what is returned. The vault keeps its bytes."""
    with place.write("scans.discard") as work:
        row = _tray_page(work.session, page)
        kept = as_tray_row(row)
        work.session.delete(row)
        work.commit()
    return kept


def restore(place: Workplace, *, row: TrayRow) -> Changes:
    """Lay a page that was thrown away into the tray again."""
    with place.write("scans.restore") as work:
        if work.session.get(TrayPage, row.id) is None:
            work.session.add(TrayPage(**{name: getattr(row, name) for name in TrayRow.__slots__}))
        work.commit()
    return changes_of(())


def turn(place: Workplace, *, key: str, rotation: int, inspection_id: str = "") -> Changes:
    """Turn a page of the tray, or of a record, to ``rotation`` degrees clockwise; its bytes stay."""
    with place.write("scans.turn") as work:
        row: Scan | TrayPage
        if inspection_id:
            settled_inspection(work.session, inspection_id)
            row = _scan(work.session, inspection_id, key)
        else:
            row = _tray_page(work.session, key)
        row.rotation = rotation // 90 * 90 % 360
        work.commit()
    return changes_of([inspection_id])


def retry(place: Workplace) -> Retried:
    """Try again what has a code: its record may have come in, or its conflict been decided."""
    finder = Finder(place)
    placed = [
        (row.id, found.inspection_id, found.subject_name)
        for row in tray_rows(place)
        if (found := _found_now(finder, row)) is not None and _place(place, row.id, found)
    ]
    waiting = len(tray_rows(place))
    names = tuple((key, name) for key, _, name in placed)
    return Retried(names, waiting, changes_of(inspection_id for _, inspection_id, _ in placed))


def _found_now(finder: Finder, row: TrayRow) -> Found | None:
    code = read_code(row.code) if row.reason in _MAY_COME else None
    found = finder.find(code) if code is not None else None
    return None if isinstance(found, Problem) else found


def _place(place: Workplace, page: str, found: Found) -> bool:
    with place.write("scans.place") as work:
        row = _tray_page(work.session, page)
        work.session.add(scan_of(place, new_id(), _bytes_of(row), found, by_hand=False))
        work.session.delete(row)
        work.commit()
    return True


def _bytes_of(row: Scan | TrayPage) -> dict[str, object]:
    return {name: getattr(row, name) for name in _PAGE}


def _sealed(session: Session, inspection_id: str, keys: Collection[str]) -> frozenset[str]:
    """Which of these a sealed revision names."""
    found = stored_of(session, "inspection", [inspection_id]).get(inspection_id, [])
    steps = {path.split("/")[1] for each in found for path in each.revision.set if path.startswith("scans/")}
    return frozenset(key for key in keys if escape(key) in steps)


def _correction(place: Workplace, row: Scan, reason: str) -> Correction:
    return Correction(
        inspection_id=row.inspection_id,
        key=new_id(),
        path=f"scans/{row.key}/file_name",
        former=joined("clauses", (row.file_name, f"SHA-256 {row.sha256[:_SHORT].upper()}")),
        value="",
        reason=reason,
        corrected_by=place.owner.name,
        corrected_at=place.now(),
    )


def _tray_page(session: Session, page: str) -> TrayPage:
    found = session.get(TrayPage, page)
    if found is None:
        raise BadInput("scans.unknown_page", id=page)
    return found


def _scan(session: Session, inspection_id: str, key: str) -> Scan:
    found = session.get(Scan, (inspection_id, key))
    if found is None:
        raise BadInput("scans.unknown_scan", key=key)
    return found
