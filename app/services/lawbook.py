"""The law an office works with: what ships with the program and the supplements it took in.

Supplements lie in ``home/law`` as they were written. They came from a file that a supervisor took
in, or with a task package, which the office's device signed. Each holds from its day on, so that an
earlier inspection keeps the law it was made under.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from app.clock import local_date
from app.errors import BadInput, Place, Problem
from app.files import explained, make_folder, write_atomically
from app.law.library import Library, library
from app.law.provision import Provision, Standing
from app.law.supplement import Supplement, in_force_on, read_supplement, supplemented
from app.models.inspection import Inspection
from app.services.workplace import Changes, Workplace
from app.vocabulary import Role

FOLDER = "law"
LARGEST = 8 << 20


@dataclass(frozen=True, slots=True)
class LawImport:
    """What became of a file: nothing of it is in use when there are problems.

    ``replaced`` are the ids of provisions that say something else now, ``added`` the new ones.
    """

    supplement: Supplement | None
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    changes: Changes = Changes()


@dataclass(frozen=True, slots=True)
class LawRow:
    """A provision written out, and how its version stands on the day that was asked for.

    ``applies`` tells whether it is what held for its matter on that day, as far as is known.
    """

    provision: Provision
    citation: str
    standing: Standing
    applies: bool


def law_on(place: Workplace, day: date) -> Library:
    """The provisions and time limits as they were known for a day."""
    folder = place.home / FOLDER
    return _law_on(folder, folder.stat().st_mtime_ns, day) if folder.is_dir() else library()


def law_of(place: Workplace, inspection: Inspection) -> Library:
    """The law of the day an inspection began."""
    return law_on(place, local_date(inspection.started_at))


@lru_cache(maxsize=64)
def _law_on(folder: Path, changed: int, day: date) -> Library:
    return supplemented(library(), in_force_on(_read(folder, changed), day))


@lru_cache(maxsize=4)
def _read(folder: Path, _changed: int) -> tuple[Supplement, ...]:
    read = [read_supplement(path, library()) for path in sorted(folder.glob("*.toml"))]
    good = [found for found, problems in read if found is not None and not problems]
    # One may build on another: those that only make sense together are read again over the good ones.
    base = supplemented(library(), good)
    again = (read_supplement(path, base) for path in sorted(folder.glob("*.toml")))
    return tuple(found for found, problems in again if found is not None and not problems)


def supplements(place: Workplace) -> tuple[Supplement, ...]:
    """Every supplement of this home, oldest version first."""
    folder = place.home / FOLDER
    return _read(folder, folder.stat().st_mtime_ns) if folder.is_dir() else ()


def known(place: Workplace) -> Library:
    """Everything that is known here, for whatever day."""
    return law_on(place, date.max)


def supplement_path(place: Workplace, name: str) -> Path:
    """Where the supplement ``id@version`` lies."""
    return make_folder(place.home / FOLDER) / f"{name}.toml"


def import_law(place: Workplace, *, path: Path) -> LawImport:
    """Take a supplement into use; only an office does. Faulty ones are refused with located problems.

    A version that is here already must say the same: what inspections rest on is not changed unseen.
    """
    if place.owner.role is not Role.SUPERVISOR:
        raise BadInput("law.not_the_office")
    with explained(path):
        if path.stat().st_size > LARGEST:
            raise BadInput("law.too_large", Place(file=path.name))
        content = path.read_bytes()
    base = known(place)
    found, problems = read_supplement(content, base, path.name)
    if found is None or problems:
        return LawImport(found, problems=problems)
    target = supplement_path(place, found.name)
    if target.is_file() and target.read_bytes() != content:
        raise BadInput("law.same_version", Place(file=path.name), name=found.name)
    replaced = tuple(each.id for each in found.library if each.id in base and base.get(each.id) != each)
    added = tuple(each.id for each in found.library if base.get(each.id) is None)
    with place.write("law.import") as work:
        write_atomically(target, content)
        work.detail.update(supplement=found.name, added=len(added), replaced=len(replaced))
        work.commit()
    return LawImport(found, added, replaced, changes=Changes.of("law", found.name))


def provisions(
    place: Workplace, *, on: date | None = None, query: str = "", every: bool = False
) -> tuple[LawRow, ...]:
    """The provisions that apply on a day (today), or may; with ``every`` the older and newer versions too.

    ``query`` is looked for in id, citation, duty and penalty.
    """
    day = on or place.today()
    law = law_on(place, day)
    wanted = query.strip().casefold()
    rows = (_row(law, each, day) for each in law if not wanted or wanted in _text(law, each))
    return tuple(row for row in rows if every or row.applies)


def matter(place: Workplace, *, provision_id: str, on: date | None = None) -> tuple[LawRow, ...]:
    """A provision in all versions that are known, the oldest first, as they stand on a day (today).

    An act is judged by what applied when it was done (行政处罚法). Raises ``law.unknown_provision``.
    """
    day = on or place.today()
    law = law_on(place, day)
    found = law.versions(provision_id)
    if not found:
        raise BadInput("law.unknown_provision", id=provision_id)
    held = {each.id for each in law.on_day(provision_id, day)}
    rows = (_row(law, each, day) for each in found)
    return tuple(replace(row, applies=row.provision.id in held) for row in rows)


def _row(law: Library, provision: Provision, day: date) -> LawRow:
    standing = provision.document.standing(day)
    applies = standing in {Standing.IN_FORCE, Standing.NOT_KNOWN}
    return LawRow(provision, law.cite(provision.id), standing, applies)


def _text(law: Library, provision: Provision) -> str:
    words = (provision.id, law.cite(provision.id), provision.duty, provision.penalty)
    return " ".join(words).casefold()
