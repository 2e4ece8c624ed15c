"""What killed exports of this home left behind where they wrote; the next export there removes it.

A package or volume that has no name yet lies beside its place under a name of its own. Of volumes some
may have their names already: the store was told of the set before the first of them got one, and
forgets it in the commit that writes the package down. Only such a set is removed, and only when some of
it is missing: of any other the rest may be on another stick.
"""

from __future__ import annotations

from collections.abc import Iterable
from glob import escape
from pathlib import Path

from sqlalchemy import delete, select

from app.errors import BadInput, Place
from app.files import explained
from app.models.journal import HomeFact
from app.models.store import Work
from app.services.workplace import Workplace
from app.sync import volumes, writer
from app.sync.package import SUFFIX

OUTBOX = "outbox"
"""The home's folder in which a package lies whole until it is split."""

_NAMING = "volumes."
"""Facts with this beginning and a package's id hold the digest its volumes carry."""

_NUMBER = "[0-9]" * 3


def prefix(place: Workplace) -> str:
    """How the names begin that this device gives its packages."""
    return f"chayan-{place.device_id[:8]}"


def require_free(target: Path, *, split: bool) -> None:
    """Refuse a file that is there: it may be the package that nobody has collected yet, or anything."""
    there = _named_volumes(target) if split else [target]
    if there and (there[0].exists() or there[0].is_symlink()):
        raise BadInput("sync.target_exists", Place(file=str(there[0])))


def begin_naming(place: Workplace, package_id: str, digest: str) -> None:
    """Volumes of a package get their names from now on."""
    with place.write("package.split") as work:
        work.session.add(HomeFact(name=f"{_NAMING}{package_id}", value=digest))
        work.commit()


def end_naming(work: Work, package_id: str) -> None:
    """All volumes of a package have their names, and it is written down."""
    work.session.execute(delete(HomeFact).where(HomeFact.name == f"{_NAMING}{package_id}"))


def tidy(place: Workplace, out: Path) -> None:
    """Remove what killed exports of this home left in the outbox and where the next one goes.

    ``out`` is a folder, or the file that is to be written.
    """
    folder = out if out.is_dir() else out.parent
    outbox = place.home / OUTBOX
    with explained(outbox):
        for left in outbox.iterdir() if outbox.is_dir() else ():
            left.unlink()
    with explained(folder):
        for left in (*_unnamed(place, out, folder), *_unfinished(place, folder)):
            left.unlink(missing_ok=True)


def _unnamed(place: Workplace, out: Path, folder: Path) -> list[Path]:
    found = [
        left
        for suffix in (SUFFIX, volumes.SUFFIX)
        for left in folder.glob(f".{prefix(place)}-*{suffix}.part")
    ]
    if out != folder:
        pieces = volumes.temporary_for(out.with_name(f"{escape(out.stem)}.{_NUMBER}{volumes.SUFFIX}"))
        found += [writer.temporary_for(out), *folder.glob(pieces.name)]
    return found


def _named_volumes(target: Path) -> list[Path]:
    return sorted(target.parent.glob(f"{escape(target.stem)}.{_NUMBER}{volumes.SUFFIX}"))


def _unfinished(place: Workplace, folder: Path) -> Iterable[Path]:
    """The volumes of packages that were never written down, where some of a set are missing."""
    with place.read() as session:
        begun = set(session.scalars(select(HomeFact.value).where(HomeFact.name.startswith(_NAMING))))
    sets: dict[str, list[volumes.Volume]] = {}
    for path in folder.glob(f"*{volumes.SUFFIX}") if begun else ():
        try:
            volume = volumes.read_header(path)
        except BadInput:
            continue
        if volume.header.package in begun:
            sets.setdefault(volume.header.package, []).append(volume)
    return [each.path for found in sets.values() if not _whole(found) for each in found]


def _whole(found: list[volumes.Volume]) -> bool:
    return len({each.header.number for each in found}) == found[0].header.count
