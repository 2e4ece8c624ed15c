"""Conflicts decided by a person: one signed revision with every head as parent, and its reason.

A decision travels like any other revision, so every store ends with it. Of an inspection it is
also a correction, and so stands on the printed history page. It can be reopened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Boolean, Integer, func, select
from sqlalchemy.orm import Session

from app.errors import BadInput
from app.models.base import new_id
from app.models.bounds import require_text
from app.models.people import Device
from app.models.revisions import Revision as StoredRevision
from app.models.store import Work
from app.services import derived
from app.services.paper_names import NO_PAPERS, Papers, papers_in
from app.services.peers import require_ours
from app.services.sealing import seal_records, signed
from app.services.titles import titles_in
from app.services.workplace import Changes, Workplace
from app.sync.decisions import Decision, decisions, first_writer
from app.sync.documents import lacking, write_documents
from app.sync.ledger import add_revisions, note_states, revisions_of
from app.sync.revision import GONE, Nothing, Sealed, Written
from app.sync.rights import may_write
from app.sync.shapes import RECORD_KINDS, TIME_FORMAT, Shape, Value
from app.sync.view import Claim, View, view

OURS, THEIRS, REMOVED = "ours", "theirs", "removed"
BY_REVISION = "@"
"""``@`` and the beginning of a revision's id takes the value that this revision wrote."""

_TRUTH = {"true": True, "false": False}
_REASONED = b'"reason":'
"""What the bytes of a revision with a reason hold."""
_LONGEST_REASON = 2000
_SHORTEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Exactly:
    """A value to be taken as it stands, whatever word it looks like; an empty text clears the path."""

    value: Value


@dataclass(frozen=True, slots=True)
class Resolved:
    """A decision that was written: what stands there now, and what is still open in the record."""

    revision: str
    value: Value
    open_paths: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision as people read it; ``None`` stands for removed or cleared."""

    path: str
    value: Value
    rejected: tuple[Value, ...]
    reason: str
    author: str
    credential: str
    device: str
    made_at: str
    revision: str
    open: bool
    papers: Papers = field(default=NO_PAPERS, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A record that something was decided about: which paths, the last one when (as times travel)."""

    kind: str
    record_id: str
    title: str
    paths: tuple[str, ...]
    decided_at: str


def may_decide(place: Workplace, kind: str) -> bool:
    """Whether the owner's role may decide about records of ``kind``."""
    return may_write(place.owner.role, kind)


def resolve(
    place: Workplace, *, kind: str, record_id: str, path: str, take: Value | Exactly, reason: str
) -> Resolved:
    """Decide one disputed path.

    ``take``: ``ours`` (what this device wrote), ``theirs`` (what the others wrote, when they agree),
    ``removed``, ``@`` with a revision's id (or at least its first eight digits), or the value itself;
    :class:`Exactly` for a value that somebody typed.
    """
    said = _reason(reason)
    with place.write("conflict.resolve") as work:
        known = _known(work, place, kind, record_id)
        seen = view(known)
        if path not in seen.conflicts:
            raise BadInput("resolving.no_conflict", path=path)
        claims = [(claim, first_writer(claim, path, known).device) for claim in seen.values[path]]
        value = _chosen(place, RECORD_KINDS[kind], claims, path, take)
        changes = {path: value}
        if "corrections" in RECORD_KINDS[kind].parts:
            changes |= _corrections(place, path, seen.values[path], value, reason=said)
        made = signed(place, kind, record_id, changes, heads=seen.heads, reason=said)
        left = _take_in(work, kind, record_id, known, [made])
        work.detail.update(kind=kind, record=record_id, path=path, reason=said, revision=made.id)
        work.commit()
    return Resolved(made.id, _plain(value), left.conflicts, Changes.of(kind, record_id))


def reopen(place: Workplace, *, kind: str, record_id: str, path: str, reason: str) -> Changes:
    """Put the values that a path was last decided from beside each other again; nobody's is lost.

    The record is in conflict again, as before the decision, until somebody decides anew.
    """
    said = _reason(reason)
    with place.write("conflict.reopen") as work:
        known = _known(work, place, kind, record_id)
        seen = view(known)
        past = [each for each in decisions(known) if each.path == path]
        if not past or path in seen.conflicts:
            raise BadInput("resolving.not_decided", path=path)
        # One revision for each value, all on the same heads: beside each other they are the conflict again.
        values = {claim.sign: claim.value for claim in past[-1].rivals}
        made = [
            signed(place, kind, record_id, {path: value}, heads=seen.heads, reason=said)
            for value in values.values()
        ]
        _take_in(work, kind, record_id, known, made)
        work.detail.update(kind=kind, record=record_id, path=path, reason=said)
        work.commit()
    return Changes.of(kind, record_id)


def decision_rows(place: Workplace, *, kind: str, record_id: str) -> tuple[DecisionRow, ...]:
    """What people decided about a record, the first decision first; ``open`` when it is disputed again."""
    _require_kind(kind)
    with place.read() as session:
        names = {device.id: device.name for device in session.scalars(select(Device))}
        known = revisions_of(session, kind, [record_id]).get(record_id, [])
        papers = papers_in(session, place, kind, record_id)
    disputed = frozenset(view(known).conflicts)
    return tuple(replace(_row(each, names, disputed), papers=papers) for each in decisions(known))


def decided_rows(place: Workplace) -> tuple[DecidedRow, ...]:
    """Every record that something was decided about, the latest decision first."""
    with place.read() as session:
        # Only what has a reason is opened: a store holds a hundred times as many revisions as decisions.
        reasoned = select(StoredRevision.record_kind, StoredRevision.record_id).where(
            func.instr(StoredRevision.body, _REASONED) > 0
        )
        ids: dict[str, list[str]] = {}
        for kind, record_id in sorted({(kind, record_id) for kind, record_id in session.execute(reasoned)}):
            ids.setdefault(kind, []).append(record_id)
        found = [row for kind, some in ids.items() for row in _decided(session, kind, some)]
    return tuple(sorted(found, key=lambda row: (row.decided_at, row.record_id), reverse=True))


def _decided(session: Session, kind: str, ids: Sequence[str]) -> Iterator[DecidedRow]:
    titles = titles_in(session, ((kind, each) for each in ids))
    for record_id, known in revisions_of(session, kind, ids).items():
        if made := decisions(known):
            last = max(each.taken.made_at for each in made)
            paths = tuple(dict.fromkeys(each.path for each in made))
            yield DecidedRow(kind, record_id, titles.get((kind, record_id), ""), paths, last)


def _row(made: Decision, names: dict[str, str], disputed: frozenset[str]) -> DecisionRow:
    taken = made.taken
    return DecisionRow(
        path=made.path,
        value=_plain(taken.value),
        rejected=tuple(_plain(value) for value in made.rejected),
        reason=made.reason,
        author=taken.author,
        credential=taken.credential,
        device=names.get(taken.device, taken.device),
        made_at=taken.made_at,
        revision=taken.revision,
        open=made.path in disputed,
    )


def _reason(text: str) -> str:
    found = text.strip()
    if not found:
        raise BadInput("resolving.no_reason")
    if len(found) > _LONGEST_REASON:
        raise BadInput("resolving.long_reason", most=_LONGEST_REASON)
    return found


def _require_kind(kind: str) -> None:
    if kind not in RECORD_KINDS:
        raise BadInput("sync.unknown_kind", kind=kind)


def _known(work: Work, place: Workplace, kind: str, record_id: str) -> list[Sealed]:
    """The record's revisions, with what was changed here and never sealed as the last of them."""
    _require_kind(kind)
    if not may_write(place.owner.role, kind):
        raise BadInput("resolving.no_right", kind=kind)
    seal_records(work, place, kind, [record_id])
    require_ours(work.session, kind, record_id)
    return revisions_of(work.session, kind, [record_id]).get(record_id, [])


def _chosen(
    place: Workplace, shape: Shape, claims: Sequence[tuple[Claim, str]], path: str, take: Value | Exactly
) -> Written:
    """The value that ``take`` stands for, in the form the record's document has it.

    With each claim comes the device that wrote it first: who reopened a decision has written nothing.
    """
    if isinstance(take, Exactly):
        return _fitting(shape, path, take.value)
    if take == OURS:
        return _agreed([claim for claim, device in claims if device == place.device_id], OURS)
    if take == THEIRS:
        return _agreed([claim for claim, device in claims if device != place.device_id], THEIRS)
    if isinstance(take, str) and take.startswith(BY_REVISION):
        name = take.removeprefix(BY_REVISION)
        long_enough = len(name) >= _SHORTEST_NAME
        named = [claim for claim, _ in claims if long_enough and claim.revision.startswith(name)]
        return _agreed(named, take)
    return GONE if take == REMOVED and shape.accepts_removal(path) else _typed(shape, path, take)


def _agreed(claims: Sequence[Claim], take: str) -> Written:
    if len({claim.sign for claim in claims}) != 1:
        raise BadInput("resolving.ambiguous", take=take)
    return claims[0].value


def _typed(shape: Shape, path: str, take: Value) -> Written:
    field = shape.field(path)
    value = take
    if isinstance(take, str) and (field is None or isinstance(field.type, Boolean)):
        value = _TRUTH.get(take, take)
    elif isinstance(take, str) and field is not None and isinstance(field.type, Integer):
        value = int(take) if take.lstrip("-").isdecimal() else take
    return _fitting(shape, path, value)


def _fitting(shape: Shape, path: str, value: Value) -> Written:
    """The value as the document has it; what a column has by default stands in no document."""
    field = shape.field(path)
    if field is not None and value in {"", field.default} and not field.required:
        return GONE
    if not shape.accepts(path, value):
        raise BadInput("resolving.unfit", path=path, value=str(value)[:60])
    if field is not None and isinstance(value, str):
        require_text(field.name, field.type, value)
    return value


def _corrections(
    place: Workplace, path: str, claims: Sequence[Claim], value: Written, *, reason: str
) -> dict[str, Written]:
    """For each value that was not taken a line of the inspection's printed history."""
    written: dict[str, Written] = {}
    rejected = dict.fromkeys(claim.sign for claim in claims if claim.sign != (type(value), value))
    for _, former in rejected:
        at = f"corrections/{new_id()}"
        line: dict[str, Written] = {
            at: True,
            f"{at}/path": path,
            f"{at}/former": _text(former),
            f"{at}/value": _text(value),
            f"{at}/reason": reason,
            f"{at}/corrected_by": place.owner.name,
            f"{at}/corrected_at": place.now().strftime(TIME_FORMAT),
        }
        written |= {key: each for key, each in line.items() if each != ""}
    return written


def _text(value: Written) -> str:
    return "" if value is None or isinstance(value, Nothing) else str(value)


def _plain(value: Written) -> Value:
    return None if isinstance(value, Nothing) else value


def _take_in(work: Work, kind: str, record_id: str, known: list[Sealed], made: list[Sealed]) -> View:
    """Put the new revisions into the set and let the rows follow."""
    seen = view([*known, *made])
    document = seen.document()
    if (path := lacking(kind, document)) is not None:
        raise BadInput("resolving.incomplete", path=path)
    add_revisions(work.session, made)
    write_documents(work.session, kind, {record_id: document})
    note_states(work.session, kind, {record_id: seen})
    derived.refresh(work.session, kind, [record_id])
    return seen
