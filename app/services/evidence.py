"""Photos and other files: original bytes taken in and hashed, previews made on the side; signatures."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from PIL import Image, ImageOps
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import BadInput, ChayanError, Place, Problem
from app.files import explained, sha256_of, shown_name
from app.forms import preview as pdf_pages
from app.models.base import new_id
from app.models.enforcement import FollowUp
from app.models.inspection import Evidence, Inspection, Signature
from app.services.evidence_files import PDF, Examined, examine, readable
from app.services.inspecting import open_inspection
from app.services.workplace import Changes, Workplace
from app.vocabulary import SignatureState

MAX_FILE: Final = 512 << 20
"""Bytes of a picture or scan, which is held in memory while it is encrypted."""

SMALL_MEDIA: Final = 20 << 20
"""Up to this size video and sound are kept in the vault like pictures: a spoken note, half a minute of
film. What is larger stays where it is and the record holds its hash (docs/decisions/0012)."""

ORDER: Final = (
    Evidence.taken_at,
    Evidence.original_key.is_not(None),
    Evidence.captured_at,
    Evidence.file_name,
    Evidence.key,
)
"""As it came in; what came in one go as it was taken."""

Report = Callable[[int, int], None]


def _unheard(_done: int, _total: int) -> None: ...


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    """Keys of what was taken in, and a problem for each file that was refused."""

    keys: tuple[str, ...]
    problems: tuple[Problem, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence as listed."""

    key: str
    sha256: str
    file_name: str
    media_type: str
    size: int
    captured_at: datetime | None
    taken_at: datetime
    taken_by: str
    item: str
    finding_key: str | None
    follow_up_key: str | None
    caption: str
    rotation: int
    located: str
    original_key: str | None
    outside_sha256: str
    kept_at: str

    @property
    def digest(self) -> str:
        """SHA-256 of the file, wherever it lies."""
        return self.sha256 or self.outside_sha256

    @property
    def pictured(self) -> bool:
        """Whether :func:`preview` can show it."""
        return bool(self.sha256) and (self.media_type.startswith("image/") or self.media_type == PDF)


@dataclass(frozen=True, slots=True)
class Link:
    """What a piece of evidence belongs to."""

    item: str = ""
    finding_key: str | None = None
    follow_up_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file that was looked through, not yet in the record; its bytes are in the vault or stay outside."""

    name: str
    size: int
    found: Examined
    sha256: str = ""
    outside_sha256: str = ""
    kept_at: str = ""


def add_photos(
    place: Workplace,
    *,
    inspection_id: str,
    paths: Sequence[Path],
    link: Link | None = None,
    clear: bool = False,
    report: Report = _unheard,
    cancelled: Callable[[], bool] = _never,
) -> EvidenceAdded:
    """Take files in, each durable by itself; a broken or foreign one is a problem and the rest goes in.

    ``clear`` deletes a file afterwards when its bytes lie in the vault and read back the same, so that no
    unencrypted copy stays in a camera's folder.
    """
    link = link or Link()
    keys: list[str] = []
    problems: list[Problem] = []
    _require_open(place, inspection_id, link)
    for number, path in enumerate(paths):
        report(number, len(paths))
        if cancelled():
            break
        try:
            taken = _take_file(place, path)
        except ChayanError as error:
            problems.append(error.problem)
        else:
            keys.append(_record(place, inspection_id, taken, link))
            problems += _clear(place, path, taken) if clear else []
    report(len(paths), len(paths))
    return EvidenceAdded(tuple(keys), tuple(problems), Changes.of("inspection", inspection_id))


def add_photo_bytes(
    place: Workplace, *, inspection_id: str, data: bytes, file_name: str, link: Link | None = None
) -> EvidenceAdded:
    """Take pasted bytes in."""
    link = link or Link()
    _require_open(place, inspection_id, link)
    taken = _take(place, io.BytesIO(data), file_name, len(data))
    key = _record(place, inspection_id, taken, link)
    return EvidenceAdded((key,), (), Changes.of("inspection", inspection_id))


def _require_open(place: Workplace, inspection_id: str, link: Link) -> None:
    """Ask before bytes are stored: what the record cannot take should not lie in the vault."""
    with place.read() as session:
        _open_for(session, inspection_id, link)


def _clear(place: Workplace, path: Path, taken: _Taken) -> list[Problem]:
    """Delete a file that is safe in the vault; what changed meanwhile, or cannot be deleted, stays and is told."""
    if not taken.sha256:
        return []
    try:
        with explained(path), path.open("rb") as source:
            same = sha256_of(source) == taken.sha256
        if same and len(place.evidence.read(taken.sha256)) == taken.size:
            with explained(path):
                path.unlink()
    except ChayanError as error:
        return [error.problem]
    return []


def _take_file(place: Workplace, path: Path) -> _Taken:
    with explained(path), path.open("rb") as source:
        return _take(place, source, shown_name(path), path.stat().st_size, path)


def _take(place: Workplace, source: IO[bytes], name: str, size: int, path: Path | None = None) -> _Taken:
    """Look the file through before it is stored: it must open, and whole."""
    if size == 0:
        raise BadInput("evidence.empty", Place(file=name))
    found = examine(source, name, size) if size <= MAX_FILE else _examine_large(source, name, size)
    source.seek(0)
    if found.media_type.startswith(("video/", "audio/")) and size > SMALL_MEDIA and path is not None:
        return _Taken(name, size, found, outside_sha256=sha256_of(source), kept_at=str(path.absolute()))
    sha256, stored = place.evidence.put(source, size)
    return _Taken(name, stored, found, sha256=sha256)


def _examine_large(source: IO[bytes], name: str, size: int) -> Examined:
    """Only video and sound may be this large, since they stay where they are."""
    try:
        found = examine(source, name, size)
    except BadInput as error:
        cut = error.problem.code == "evidence.cut_short"
        raise error if cut else BadInput("evidence.too_large", Place(file=name)) from error
    if not found.media_type.startswith(("video/", "audio/")):
        raise BadInput("evidence.too_large", Place(file=name))
    return found


def _record(place: Workplace, inspection_id: str, taken: _Taken, link: Link) -> str:
    with place.write("evidence.add") as work:
        _open_for(work.session, inspection_id, link)
        row = Evidence(
            inspection_id=inspection_id,
            key=new_id(),
            sha256=taken.sha256,
            file_name=taken.name,
            media_type=taken.found.media_type,
            size=taken.size,
            captured_at=taken.found.captured_at,
            taken_at=place.now(),
            taken_by=place.owner.name,
            item=link.item,
            finding_key=link.finding_key,
            follow_up_key=link.follow_up_key,
            located=taken.found.located,
            outside_sha256=taken.outside_sha256,
            kept_at=taken.kept_at,
        )
        work.session.add(row)
        key = row.key  # the commit lets go of the row
        work.commit()
    return key


def _open_for(session: Session, inspection_id: str, link: Link) -> None:
    """A sealed inspection takes only what a follow-up brings."""
    if link.follow_up_key is None:
        open_inspection(session, inspection_id)
    elif session.get(Inspection, inspection_id) is None:
        raise BadInput("inspecting.unknown_inspection", id=inspection_id)
    elif session.get(FollowUp, (inspection_id, link.follow_up_key)) is None:
        raise BadInput("evidence.unknown_follow_up", key=link.follow_up_key)


def describe(
    place: Workplace,
    *,
    inspection_id: str,
    key: str,
    caption: str | None = None,
    link: Link | None = None,
    rotation: int | None = None,
) -> Changes:
    """Caption, link or turn a piece of evidence; its bytes stay as they are."""
    with _described(place, inspection_id, (key,)) as (row,):
        if caption is not None:
            row.caption = caption
        if link is not None:
            row.item, row.finding_key, row.follow_up_key = link.item, link.finding_key, link.follow_up_key
        if rotation is not None:
            row.rotation = rotation % 360
    return Changes.of("inspection", inspection_id)


def describe_all(
    place: Workplace,
    *,
    inspection_id: str,
    keys: Collection[str],
    caption: str | None = None,
    item: str | None = None,
    turn: int = 0,
    kept_at: str | None = None,
) -> Changes:
    """The same words, item or turn (degrees, clockwise) for several pieces, in one step.

    ``kept_at`` says anew where a file outside the vault lies.
    """
    with _described(place, inspection_id, keys) as found:
        for row in found:
            row.caption = row.caption if caption is None else caption
            row.item = row.item if item is None else item
            row.rotation = (row.rotation + turn) % 360
            if kept_at is not None and row.outside_sha256:
                row.kept_at = kept_at
    return Changes.of("inspection", inspection_id)


@contextmanager
def _described(place: Workplace, inspection_id: str, keys: Collection[str]) -> Iterator[list[Evidence]]:
    with place.write("evidence.describe") as work:
        open_inspection(work.session, inspection_id)
        yield [row_of(work.session, inspection_id, key) for key in keys]
        work.commit()


def row_of(session: Session, inspection_id: str, key: str) -> Evidence:
    """One piece of evidence of an inspection."""
    row = session.get(Evidence, (inspection_id, key))
    if row is None:
        raise BadInput("evidence.unknown", key=key)
    return row


def rows(place: Workplace, *, inspection_id: str, item: str | None = None) -> tuple[EvidenceRow, ...]:
    """Evidence of an inspection (of one item), oldest first."""
    wanted = select(Evidence).where(Evidence.inspection_id == inspection_id)
    if item is not None:
        wanted = wanted.where(Evidence.item == item)
    with place.read() as session:
        found = session.scalars(wanted.order_by(*ORDER))
        return tuple(listed(row) for row in found)


def listed(row: Evidence) -> EvidenceRow:
    """A piece of evidence as listed."""
    return EvidenceRow(**{name: getattr(row, name) for name in EvidenceRow.__slots__})


def original(place: Workplace, *, sha256: str) -> bytes:
    """The bytes as they were taken in."""
    return place.evidence.read(sha256)


def preview(place: Workplace, *, sha256: str, box: int, rotation: int = 0) -> bytes:
    """A JPEG that fits ``box`` × ``box`` pixels, upright as the camera meant it (EXIF orientation).

    Of a PDF it is the first page. Kept nowhere: a preview on the disk would be the picture unencrypted.
    """
    data = original(place, sha256=sha256)
    with readable(sha256):
        shown = _page(data, box) if data.startswith(b"%PDF-") else _upright(data, box)
        shown = shown.rotate(-rotation, expand=True)
        shown.thumbnail((box, box))
        out = io.BytesIO()
        shown.convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


def _upright(data: bytes, box: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as image:
        # draft lets the JPEG decoder skip most of a 12-megapixel picture
        image.draft("RGB", (box * 2, box * 2))
        return ImageOps.exif_transpose(image)


def _page(data: bytes, box: int) -> Image.Image:
    width, height = pdf_pages.page_sizes(data)[0]
    page = pdf_pages.page_image(data, 0, box / max(width, height, 1.0))
    return Image.frombytes("RGBA", (page.width, page.height), page.rgba)


def sign(place: Workplace, *, inspection_id: str, party: str, name: str, image: bytes) -> Changes:
    """Keep a drawn signature (PNG). ``party``: ``party``, ``witness`` or ``officer:<credential>``."""
    if not name.strip():
        raise BadInput("evidence.no_name")
    examine(io.BytesIO(image), party, len(image))
    sha256 = place.evidence.put_bytes(image)
    return _sign(place, inspection_id, party, name=name.strip(), state=SignatureState.SIGNED, image=sha256)


def refuse(
    place: Workplace,
    *,
    inspection_id: str,
    party: str,
    name: str,
    state: SignatureState,
    reason: str,
    witness: str = "",
) -> Changes:
    """Note a refusal or absence; the reason is required, a witness is named where there is one."""
    if state is SignatureState.SIGNED or not reason.strip():
        raise BadInput("evidence.no_reason")
    return _sign(
        place, inspection_id, party,
        name=name.strip(), state=state, reason=reason.strip(), witness=witness.strip(),
    )  # fmt: skip


def _sign(place: Workplace, inspection_id: str, party: str, **values: object) -> Changes:
    if party not in {"party", "witness"} and not party.startswith("officer:"):
        raise BadInput("evidence.unknown_party", party=party)
    with place.write("evidence.sign") as work:
        open_inspection(work.session, inspection_id)
        # A row of its own each time: nothing of a refusal may stay beside a signature, nor the other way.
        former = work.session.get(Signature, (inspection_id, party))
        if former is not None:
            work.session.delete(former)
            work.session.flush()
        work.session.add(Signature(inspection_id=inspection_id, party=party, signed_at=place.now(), **values))
        work.commit()
    return Changes.of("inspection", inspection_id)
