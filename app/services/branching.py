"""Restored backups: a device whose sequence went back must not use its numbers twice.

It is noticed by a mark outside the store, and by what others still know: a package or receipt of
ours, or a revision in our hand, that this store has never seen. From then on packages carry a new
branch, whose sequence starts at one. Revisions need no branch: their parents say what they knew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.files import explained
from app.models.base import new_id
from app.models.journal import HomeFact
from app.models.revisions import Package
from app.models.store import Work
from app.services.workplace import Workplace
from app.sync.package import Addressed

MARK = "sequence"
_FACT = "branch"


def branch_of(session: Session) -> str:
    """The branch this home writes on; empty as long as it was never restored."""
    fact = session.get(HomeFact, _FACT)
    return "" if fact is None else fact.value


def begin(work: Work) -> None:
    """Write on a new branch from now on."""
    branch = new_id()
    work.session.merge(HomeFact(name=_FACT, value=branch))
    work.session.flush()
    work.detail["branch"] = branch


def begin_once(work: Work, package_id: str) -> bool:
    """Begin a new branch because this package of ours is unknown here; ``False`` when it was met before."""
    name = f"forgotten.{package_id}"
    if work.session.get(HomeFact, name) is not None:
        return False
    work.session.add(HomeFact(name=name, value=package_id))
    begin(work)
    return True


def notice(work: Work, place: Workplace) -> None:
    """Begin a new branch when this store has made fewer packages than its home remembers."""
    if _marked(place.home / MARK) > _made(work.session):
        begin(work)


def remember(place: Workplace) -> None:
    """Write the number of packages that were made beside the store."""
    with place.read() as session:
        made = _made(session)
    path = place.home / MARK
    with explained(path):
        # Not beside and renamed: a torn number is no number, and a killed program leaves no second file.
        path.write_text(str(made), "ascii")


def _made(session: Session) -> int:
    return session.scalar(select(func.count(Package.id.distinct())).where(Package.outgoing)) or 0


def _marked(path: Path) -> int:
    with explained(path):
        text = path.read_text("ascii", errors="replace") if path.is_file() else ""
    return int(text) if text.isdecimal() else 0


def numbering(session: Session, author: str, branch: str, number: Addressed) -> tuple[tuple[int, ...], bool]:
    """Which numbers before a new package never came, and whether its author was restored from a backup.

    That shows in a number used twice, in another package before it than the one that is known here,
    or in a branch that was not seen before.
    """
    came = (~Package.outgoing, Package.peer == author)
    here = (*came, Package.branch == branch)
    numbers = func.count(Package.sequence.distinct()).filter(Package.sequence < number.sequence)
    # Counted in the store: a sender may have made thousands of packages.
    counted = select(Package.branch, numbers.label("earlier")).where(*came).group_by(Package.branch)
    earlier = {row.branch: row.earlier for row in session.execute(counted)}
    near = session.execute(
        select(Package.sequence, Package.digest).where(
            *here, Package.sequence.between(number.sequence - 1, number.sequence)
        )
    ).all()
    before = {digest for sequence, digest in near if sequence < number.sequence}
    restored = (
        any(sequence == number.sequence for sequence, _ in near)
        or bool(before and number.previous not in before)
        or (bool(branch and earlier) and branch not in earlier)
    )
    if earlier.get(branch, 0) == number.sequence - 1:
        return (), restored
    known = set(session.scalars(select(Package.sequence).where(*here)))
    return tuple(each for each in range(1, number.sequence) if each not in known), restored


def told(numbers: Sequence[int]) -> str:
    """Numbers as a person reads them: ``1, 4-7``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("-".join(map(str, run)) for run in runs)
