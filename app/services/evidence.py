"""Photos and other files: original bytes taken in and hashed, previews made on the side; signatures."""

from __future__ import annotations

import io
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import LOCAL
from app.errors import BadInput, ChayanError, Place, Problem
from app.files import explained, shown_name
from app.models.base import new_id
from app.models.enforcement import FollowUp
from app.models.inspection import Evidence, Inspection, Signature
from app.services.inspecting import open_inspection
from app.services.workplace import Changes, Workplace
from app.vocabulary import InspectionStatus, SignatureState

Image.MAX_IMAGE_PIXELS = 200_000_000
"""A 200-megapixel limit: above any camera, below what a crafted file could ask for."""

MAX_FILE = 512 << 20

_EXIF_TIME = "%Y:%m:%d %H:%M:%S"


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


@dataclass(frozen=True, slots=True)
class Link:
    """What a piece of evidence belongs to."""

    item: str = ""
    finding_key: str | None = None
    follow_up_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    """A file whose bytes are in the evidence store, not yet in the record."""

    name: str
    sha256: str
    size: int
    media_type: str
    captured_at: datetime | None


def add_photos(
    place: Workplace, *, inspection_id: str, paths: Sequence[Path], link: Link | None = None
) -> EvidenceAdded:
    """Take files in; a broken or foreign one is a problem and the rest goes in."""
    taken, problems = [], []
    for path in paths:
        try:
            with explained(path), path.open("rb") as source:
                taken.append(_take(place, source, shown_name(path), path.stat().st_size))
        except ChayanError as error:
            problems.append(error.problem)
    return _record(place, inspection_id, taken, problems, link or Link())


def add_photo_bytes(
    place: Workplace, *, inspection_id: str, data: bytes, file_name: str, link: Link | None = None
) -> EvidenceAdded:
    """Take pasted bytes in."""
    taken = _take(place, io.BytesIO(data), file_name, len(data))
    return _record(place, inspection_id, [taken], [], link or Link())


def _take(place: Workplace, source: IO[bytes], name: str, size: int) -> _Taken:
    """Look at the file before it is stored: it must open as a picture, and whole."""
    if size == 0 or size > MAX_FILE:
        raise BadInput("evidence.empty" if size == 0 else "evidence.too_large", Place(file=name))
    media_type, captured_at = _examine(source, name)
    source.seek(0)
    sha256, stored = place.evidence.put(source, size)
    return _Taken(name, sha256, stored, media_type, captured_at)


def _examine(source: IO[bytes], name: str) -> tuple[str, datetime | None]:
    with _readable(name):
        image = Image.open(source)
        media_type = image.get_format_mimetype() or mimetypes.guess_type(name)[0] or "image/unknown"
        captured_at = _captured_at(image)
        image.load()
    return media_type, captured_at


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """A picture that cannot be opened is refused by sentence."""
    try:
        yield
    except Image.DecompressionBombError as error:
        raise BadInput("evidence.too_large", Place(file=name)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadInput("evidence.broken", Place(file=name)) from error


def _captured_at(image: Image.Image) -> datetime | None:
    """The camera's own time; without an offset it is taken as local."""
    exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
    text = exif.get(ExifTags.Base.DateTimeOriginal)
    if not isinstance(text, str):
        return None
    try:
        return datetime.strptime(text.strip("\0 "), _EXIF_TIME).replace(tzinfo=LOCAL)
    except ValueError:
        return None


def _record(
    place: Workplace, inspection_id: str, taken: list[_Taken], problems: list[Problem], link: Link
) -> EvidenceAdded:
    keys = []
    with place.write("evidence.add") as work:
        _open_for(work.session, inspection_id, link)
        for each in taken:
            keys.append(new_id())
            work.session.add(
                Evidence(
                    inspection_id=inspection_id,
                    key=keys[-1],
                    sha256=each.sha256,
                    file_name=each.name,
                    media_type=each.media_type,
                    size=each.size,
                    captured_at=each.captured_at,
                    taken_at=place.now(),
                    taken_by=place.owner.name,
                    item=link.item,
                    finding_key=link.finding_key,
                    follow_up_key=link.follow_up_key,
                )
            )
        work.commit()
    return EvidenceAdded(tuple(keys), tuple(problems), Changes.of("inspection", inspection_id))


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
    with place.write("evidence.describe") as work:
        open_inspection(work.session, inspection_id)
        row = _row(work.session, inspection_id, key)
        if caption is not None:
            row.caption = caption
        if link is not None:
            row.item, row.finding_key, row.follow_up_key = link.item, link.finding_key, link.follow_up_key
        if rotation is not None:
            row.rotation = rotation % 360
        work.commit()
    return Changes.of("inspection", inspection_id)


def remove(place: Workplace, *, inspection_id: str, key: str) -> Changes:
    """Take a piece of evidence out of an open inspection; the journal keeps its hash."""
    with place.write("evidence.remove") as work:
        open_inspection(work.session, inspection_id)
        work.session.delete(_row(work.session, inspection_id, key))
        work.commit()
    return Changes.of("inspection", inspection_id)


def _row(session: Session, inspection_id: str, key: str) -> Evidence:
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
        found = session.scalars(wanted.order_by(Evidence.taken_at, Evidence.key))
        return tuple(
            EvidenceRow(**{name: getattr(row, name) for name in EvidenceRow.__slots__}) for row in found
        )


def original(place: Workplace, *, sha256: str) -> bytes:
    """The bytes as they were taken in."""
    return place.evidence.read(sha256)


def preview(place: Workplace, *, sha256: str, box: int, rotation: int = 0) -> bytes:
    """A JPEG that fits ``box`` × ``box`` pixels, upright as the camera meant it (EXIF orientation)."""
    with _readable(sha256), Image.open(io.BytesIO(original(place, sha256=sha256))) as image:
        # draft lets the JPEG decoder skip most of a 12-megapixel picture
        image.draft("RGB", (box * 2, box * 2))
        upright = ImageOps.exif_transpose(image).rotate(-rotation, expand=True)
        upright.thumbnail((box, box))
        out = io.BytesIO()
        upright.convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


def sign(place: Workplace, *, inspection_id: str, party: str, name: str, image: bytes) -> Changes:
    """Keep a drawn signature (PNG). ``party``: ``party``, ``witness`` or ``officer:<credential>``."""
    if not name.strip():
        raise BadInput("evidence.no_name")
    _examine(io.BytesIO(image), party)
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
        inspection = open_inspection(work.session, inspection_id)
        assert inspection.status is InspectionStatus.IN_PROGRESS
        former = work.session.get(Signature, (inspection_id, party))
        if former is not None:
            work.session.delete(former)
            work.session.flush()
        work.session.add(Signature(inspection_id=inspection_id, party=party, signed_at=place.now(), **values))
        work.commit()
    return Changes.of("inspection", inspection_id)
