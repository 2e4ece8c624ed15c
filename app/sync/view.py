"""The record as a pure function of its revisions (docs/architecture.md, *Records and what travels*).

For each path the writes count that no descendant's write has replaced. One value, or several
equal ones: that is the value. Several different ones: a conflict, and all are kept. Because only
the set of revisions matters, every order of arrival ends in the same view.

A write to a part's column also says that the part is there; hence a removal against a concurrent
edit of the same part is a conflict on the part's presence.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

import msgspec

from app.sync.revision import GONE, Revision, Sealed, Written


class Claim(msgspec.Struct, frozen=True, gc=False):
    """One surviving write: what, by which revision, whose, where and when."""

    value: Written
    revision: str
    author: str
    credential: str
    device: str
    made_at: str

    @property
    def sign(self) -> tuple[type, Written]:
        """Equal for equal values; tells ``True`` from ``1``."""
        return type(self.value), self.value


@dataclass(frozen=True, slots=True)
class View:
    """Where a record stands: surviving claims by path, heads, and the paths in conflict."""

    values: dict[str, tuple[Claim, ...]]
    heads: tuple[str, ...]
    conflicts: tuple[str, ...]

    def shown(self, path: str) -> Written:
        """What the rows hold at ``path``: in a conflict, until it is decided, the latest claim."""
        return _shown(self.values.get(path, ()))

    def document(self) -> dict[str, Written]:
        """The document the rows show: values of the root and of the parts that are there."""
        shown = {path: _shown(claims) for path, claims in self.values.items()}
        return {
            path: value
            for path, value in shown.items()
            if value is not GONE and (path.count("/") < 2 or shown.get(part_of(path)) is True)
        }


def _shown(claims: tuple[Claim, ...]) -> Written:
    if len(claims) == 1:
        return claims[0].value
    return GONE if not claims else max(claims, key=_age).value


def _age(claim: Claim) -> tuple[str, str]:
    return claim.made_at, claim.revision


EMPTY = View({}, (), ())
"""The view of a record that was never sealed."""


def part_of(path: str) -> str:
    """The presence path of the part that a column's path lies in."""
    return path.rpartition("/")[0]


def writes_of(revision: Revision) -> dict[str, Written]:
    """Its changes, and the presence of every part it wrote to."""
    implied: dict[str, Written] = {part_of(path): True for path in revision.set if path.count("/") == 2}
    return implied | revision.changes if implied else revision.changes


def view(revisions: Iterable[Sealed]) -> View:
    """The view of one record's revisions, given in any order; parents outside the set are ignored."""
    known = {sealed.id: sealed.revision for sealed in revisions}
    if line := _in_line(known):
        return _latest(line, known)
    order = in_order(known)
    place = {name: number for number, name in enumerate(order)}
    older = ancestors(order, known, place)
    written: dict[str, dict[int, Written]] = {}
    for number, name in enumerate(order):
        for path, value in writes_of(known[name]).items():
            written.setdefault(path, {})[number] = value
    values = {path: _claims(order, known, written[path], older) for path in sorted(written)}
    parents = {parent for revision in known.values() for parent in revision.parents}
    return View(values, tuple(sorted(known.keys() - parents)), _conflicts(values))


def advanced(seen: View, one: Sealed, past: Container[str]) -> View:
    """What :func:`view` finds once ``one`` joins those of ``seen``; ``past`` are all that it descends from.

    None of the others may descend from it.
    """
    known, values = {one.id: one.revision}, dict(seen.values)
    for path, value in writes_of(one.revision).items():
        claim = _claim(one.id, known, value)
        beside = [former for former in values.get(path, ()) if former.revision not in past]
        values[path] = tuple(sorted([*beside, claim], key=_name)) if beside else (claim,)
    if len(values) > len(seen.values):
        values = dict(sorted(values.items()))
    heads = (name for name in seen.heads if name not in past)
    return View(values, tuple(sorted((*heads, one.id))), _conflicts(values))


def _conflicts(values: dict[str, tuple[Claim, ...]]) -> tuple[str, ...]:
    return tuple([path for path, claims in values.items() if len(claims) > 1 and _disputed(path, values)])


def _name(claim: Claim) -> str:
    return claim.revision


def _in_line(known: dict[str, Revision]) -> list[str]:
    """All ids in their order when each revision follows the one before; otherwise none."""
    following: dict[str, str] = {}
    for name, revision in known.items():
        parent = revision.parents[0] if revision.parents else ""
        if len(revision.parents) > 1 or following.setdefault(parent, name) != name:
            return []
    order: list[str] = []
    name = following.get("", "")
    while name:
        order.append(name)
        name = following.get(name, "")
    return order if len(order) == len(known) else []


def _latest(line: list[str], known: dict[str, Revision]) -> View:
    """What :func:`view` finds where nobody wrote beside anybody: the last write of each path."""
    last: dict[str, tuple[str, Written]] = {}
    for name in line:
        for path, value in writes_of(known[name]).items():
            last[path] = name, value
    values: dict[str, tuple[Claim, ...]] = {
        path: (_claim(last[path][0], known, last[path][1]),) for path in sorted(last)
    }
    return View(values, (line[-1],), ())


def common_past(revisions: Iterable[Sealed], names: Iterable[str]) -> list[Sealed]:
    """The revisions that every one of ``names`` descends from: what all of their authors knew."""
    by_id = {sealed.id: sealed for sealed in revisions}
    known = {name: sealed.revision for name, sealed in by_id.items()}
    order = in_order(known)
    place = {name: number for number, name in enumerate(order)}
    older = ancestors(order, known, place)
    shared = (1 << len(order)) - 1
    for name in names:
        shared &= older[place[name]]
    return [by_id[name] for number, name in enumerate(order) if shared >> number & 1]


def every_claim(revisions: Iterable[Sealed], path: str) -> list[Claim]:
    """Everything that was ever said about a path, whether or not it still stands."""
    known = {sealed.id: sealed.revision for sealed in revisions}
    written = ((name, writes_of(revision)) for name, revision in known.items())
    return [_claim(name, known, writes[path]) for name, writes in written if path in writes]


def in_order(known: dict[str, Revision]) -> list[str]:
    """Ids with every parent before its children; the same for every order of arrival."""
    waiting = {name: sum(parent in known for parent in known[name].parents) for name in known}
    children: dict[str, list[str]] = {}
    for name, revision in known.items():
        for parent in revision.parents:
            children.setdefault(parent, []).append(name)
    ready = sorted((name for name, count in waiting.items() if not count), reverse=True)
    order = []
    while ready:
        order.append(name := ready.pop())
        for child in sorted(children.get(name, ()), reverse=True):
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return order


def ancestors(order: list[str], known: dict[str, Revision], place: dict[str, int]) -> list[int]:
    """For each revision the bits of those it descends from: whole words at a time, not pairs.

    ``order`` has parents before children, ``place`` says where each stands in it.
    """
    older: list[int] = []
    for name in order:
        bits = 0
        for parent in known[name].parents:
            if (number := place.get(parent)) is not None:
                bits |= older[number] | (1 << number)
        older.append(bits)
    return older


def _claims(
    order: list[str], known: dict[str, Revision], writes: dict[int, Written], older: list[int]
) -> tuple[Claim, ...]:
    """The writes to one path that no later one has replaced, by the names of their revisions."""
    replaced = 0
    if len(writes) > 1:
        for number in writes:
            replaced |= older[number]
    claims = [
        _claim(order[number], known, value) for number, value in writes.items() if not replaced >> number & 1
    ]
    return tuple(sorted(claims, key=_name) if len(claims) > 1 else claims)


def _disputed(path: str, values: dict[str, tuple[Claim, ...]]) -> bool:
    if len({claim.sign for claim in values[path]}) < 2:
        return False
    # What is said about a part counts only while somebody says that the part is there.
    part = values[part_of(path)] if path.count("/") == 2 else ()
    return not part or any(claim.value is True for claim in part)


def _claim(name: str, known: dict[str, Revision], value: Written) -> Claim:
    revision = known[name]
    author = revision.author
    return Claim(value, name, author.name, author.credential, revision.device, revision.made_at)
