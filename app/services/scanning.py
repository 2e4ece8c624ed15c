"""Scanned signed papers come in: each page goes to its record by its code, the others into the tray.

Every page is on the disk, sealed, before the next is looked at: what was taken in stays when the program
is killed, and the same file dropped again goes on where it stopped. A page is what is kept and travels:
a file may hold papers of several enterprises, and none of them may go out with another's record. The
file's SHA-256 and the page's number stand beside each page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, ChayanError, Problem
from app.files import shown_name
from app.forms.reading import Reading, read_page
from app.forms.scanned import SUFFIXES, Sheet, digest_of_file, open_scan, sheets
from app.models.base import new_id
from app.models.inspection import Inspection
from app.models.scans import Scan, TrayPage
from app.services.form_shelf import forms_of
from app.services.scan_places import Finder, Found
from app.services.scan_rows import SignedCopy, scanned_before, signed_copies
from app.services.workplace import Changes, Workplace

Outcome = Literal["placed", "again", "aside", "duplicate"]
"""Into its record; into it beside an earlier scan of the same page; into the tray; here already."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """What became of one page. ``key`` is its key in the record, or its id in the tray."""

    file: str
    source_page: int
    outcome: Outcome
    sha256: str = ""
    rotation: int = 0
    inspection_id: str = ""
    subject_name: str = ""
    key: str = ""
    title: str = ""
    page: int = 0
    pages: int = 0
    outdated: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """A paper of which pages came in, and others did not."""

    inspection_id: str
    subject_name: str
    copy: SignedCopy


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of all pages; files and pages that could not be read are problems."""

    lines: tuple[PageLine, ...]
    problems: tuple[Problem, ...]
    lacking: tuple[Lacking, ...]
    changes: Changes

    def count(self, *outcomes: Outcome) -> int:
        """How many pages came to one of these ends."""
        return sum(line.outcome in outcomes for line in self.lines)


def _quietly(_done: int, _total: int) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False


def import_scans(
    place: Workplace,
    *,
    paths: Sequence[Path],
    progress: Callable[[int, int], None] = _quietly,
    cancelled: Callable[[], bool] = _never,
) -> Imported:
    """Take files in, or the files of folders; ``progress(done, total)`` counts pages."""
    work = _Import(place, progress, cancelled)
    work.run(list(_files(paths)))
    placed = {line.inspection_id: line.subject_name for line in work.lines if line.outcome != "duplicate"}
    lacking = (
        Lacking(each, name, copy)
        for each, name in placed.items()
        if each
        for copy in signed_copies(place, inspection_id=each)
        if copy.missing
    )
    return Imported(tuple(work.lines), tuple(work.problems), tuple(lacking), changes_of(placed))


def changes_of(inspection_ids: Iterable[str]) -> Changes:
    """The changes of scans that went to these records, and of the tray."""
    return Changes(frozenset({"inspection", "tray"}), frozenset(each for each in inspection_ids if each))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.iterdir() if each.name.lower().endswith(SUFFIXES))
        else:
            yield path


class _Import:
    """One import under way."""

    def __init__(
        self, place: Workplace, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
    ) -> None:
        self._place, self._progress, self._cancelled = place, progress, cancelled
        self._finder = Finder(place)
        self._done = self._total = 0
        self.lines: list[PageLine] = []
        self.problems: list[Problem] = []

    def run(self, files: Sequence[Path]) -> None:
        counted = [(path, count) for path in files if (count := self._count(path))]
        self._total = sum(count for _, count in counted)
        for path, _ in counted:
            try:
                self._take(path)
            except BadInput as error:
                self.problems.append(error.problem)
            if self._cancelled():
                break
        if self._cancelled() and self._done < self._total:
            self.problems.append(Problem("scans.cancelled", values={"left": self._total - self._done}))

    def _count(self, path: Path) -> int:
        try:
            with open_scan(path) as opened:
                return opened.count
        except ChayanError as error:
            self.problems.append(error.problem)
            return 0

    def _take(self, path: Path) -> None:
        name, source = shown_name(path), digest_of_file(path)
        with self._place.read() as session:
            known = scanned_before(session, source)
        with open_scan(path) as opened:
            for number in sorted(known):
                self.lines.append(self._duplicate(name, number, *known[number]))
            self._done += len(known)
            wanted = (number for number in range(1, opened.count + 1) if number not in known)
            for each in sheets(opened, name, wanted):
                if isinstance(each, Problem):
                    self.problems.append(each)
                else:
                    self.lines.append(self._keep(name, source, each))
                self._done += 1
                self._progress(self._done, self._total)
                if self._cancelled():
                    return

    def _duplicate(self, name: str, number: int, inspection_id: str, key: str) -> PageLine:
        with self._place.read() as session:
            row = session.get(Scan, (inspection_id, key))
            if row is None:
                waiting = session.get_one(TrayPage, key)
                return PageLine(name, number, "duplicate", waiting.sha256, waiting.rotation, key=key)
            visit, form = session.get_one(Inspection, inspection_id), forms_of(self._place).get(row.form)
            return PageLine(
                name, number, "duplicate", row.sha256, row.rotation, inspection_id, visit.subject_name, key,
                form.title if form else "", row.page, row.pages, row.outdated,
            )  # fmt: skip

    def _keep(self, name: str, source: str, sheet: Sheet) -> PageLine:
        reading = read_page(sheet.picture)
        found = self._whose(reading)
        sha256 = self._place.evidence.put_bytes(sheet.data)
        page = {
            "sha256": sha256, "source": source, "source_page": sheet.number, "file_name": name[:_NAME],
            "media_type": sheet.media_type, "size": len(sheet.data), "rotation": reading.rotation,
        }  # fmt: skip
        if isinstance(found, Problem):
            key = put_aside(self._place, page, found, reading.codes[0].text() if reading.codes else "")
            return PageLine(name, sheet.number, "aside", sha256, reading.rotation, key=key, problem=found)
        key, again = put_into(self._place, page, found, by_hand=False)
        return PageLine(
            name, sheet.number, "again" if again else "placed", sha256, reading.rotation,
            found.inspection_id, found.subject_name, key, found.copy.title, found.page, found.pages,
            found.outdated,
        )  # fmt: skip

    def _whose(self, reading: Reading) -> Found | Problem:
        if len(reading.codes) == 1:
            return self._finder.find(reading.codes[0])
        return Problem(_why(reading))


_NAME = 200


def _why(reading: Reading) -> str:
    if reading.codes:
        return "scans.several_codes"
    if reading.damaged:
        return "scans.damaged_code"
    return "scans.foreign_code" if reading.foreign else "scans.no_code"


def put_aside(place: Workplace, page: dict[str, object], why: Problem, code: str) -> str:
    """Lay a page into the tray; returns its id."""
    key = new_id()
    detail = "".join(str(value) for value in why.values.values())
    with place.write("scans.aside") as work:
        work.session.add(
            TrayPage(
                id=key, **page, code=code, reason=why.code, detail=detail, taken_at=place.now(),
                taken_by=place.owner.name,
            )
        )  # fmt: skip
        work.commit()
    return key


def same_page(session: Session, found: Found) -> bool:
    """Whether this page of this paper is in the record already."""
    if not found.page:
        return False
    wanted = select(Scan.key).where(
        Scan.inspection_id == found.inspection_id,
        Scan.form == found.copy.form,
        Scan.copy_key == found.copy.key,
        Scan.page == found.page,
    )
    return session.scalars(wanted).first() is not None


def scan_of(place: Workplace, key: str, page: dict[str, object], found: Found, *, by_hand: bool) -> Scan:
    """The row of a page in its record."""
    return Scan(
        inspection_id=found.inspection_id, key=key, **page, form=found.copy.form, copy_key=found.copy.key,
        page=found.page, pages=found.pages, fingerprint=found.fingerprint, outdated=found.outdated,
        by_hand=by_hand, scanned_at=place.now(), scanned_by=place.owner.name,
    )  # fmt: skip


def put_into(place: Workplace, page: dict[str, object], found: Found, *, by_hand: bool) -> tuple[str, bool]:
    """Put a page into its record; returns its key, and whether the same page was scanned before."""
    key = new_id()
    with place.write("scans.place") as work:
        again = same_page(work.session, found)
        work.session.add(scan_of(place, key, page, found, by_hand=by_hand))
        work.commit()
    return key, again
