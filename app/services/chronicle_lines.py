"""A history in lines of text, the same on paper and on the command line. Pure.

The words stand in ``labels.toml`` (``history_line``, ``history_kind``, ``history_standing``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.clock import LOCAL
from app.services.chronicle_rows import Corrected, HistoryChange, HistoryEntry, Rival, Standing
from app.services.naming import field_text, part_text, path_text, value_text
from app.sync.history import Kind
from app.wording import joined, label


def change_lines(entry: HistoryEntry) -> tuple[str, ...]:
    """What an entry changed, a line for each place; new parts with all their fields in one line."""
    lines: list[str] = []
    for part, group in groupby(entry.changes, new_part):
        members = list(group)
        if part:
            lines.append(_say("part", part=part, fields=fields_text(members)))
        else:
            lines += [_line(entry.kind, each) for each in members]
    lines += [corrected_line(each) for each in further_corrections(entry)]
    return (*lines, *_open_ends(entry))


def reason_text(entry: HistoryEntry) -> str:
    """Why it was done, with what was done where somebody decided or put something to the question again."""
    words = {Kind.DECISION: "reason_decision", Kind.REOPENING: "reason_reopening"}
    if entry.reason and entry.kind in words:
        return _say(words[entry.kind], reason=entry.reason)
    return entry.reason


def kind_text(entry: HistoryEntry) -> str:
    """What kind of entry it is; what is not part of the record says so instead."""
    if entry.standing is Standing.SEALED:
        return label("history_kind", entry.kind)
    return label("history_standing", entry.standing)


def former_text(change: HistoryChange) -> str:
    """What stood there before, every value of a conflict beside the others."""
    return _say("between").join(value_text(change.path, value, change.papers) for value in change.former)


def rival_text(change: HistoryChange, rival: Rival) -> str:
    """Who else wrote what at the same place, or removed the part it lies in."""
    if rival.value is None and change.path.count("/") == 2:
        return _say("rival_removed", author=rival.author)
    value = value_text(change.path, rival.value, change.papers)
    return _say("rival", author=rival.author, value=value)


def new_part(change: HistoryChange) -> str:
    """The part that a change adds to; empty for every change of what stood there."""
    alone = change.former or change.rivals or change.value is None
    return part_text(change.path, change.papers) if change.path.count("/") == 2 and not alone else ""


def fields_text(members: Sequence[HistoryChange]) -> str:
    """The fields of one new part with their values."""
    fields = (
        _say(
            "field",
            field=field_text(each.path, each.papers),
            value=value_text(each.path, each.value, each.papers),
        )
        for each in members
    )
    return joined("clauses", fields)


def further_corrections(entry: HistoryEntry) -> list[Corrected]:
    """Lines of the corrections that no change of the entry says already."""
    told = {change.path for change in entry.changes}
    return [each for each in entry.corrections if each.path not in told]


def _line(kind: Kind, change: HistoryChange) -> str:
    where = path_text(change.path, change.papers)
    value = value_text(change.path, change.value, change.papers)
    if change.former:
        line = _say("change", where=where, former=former_text(change), value=value)
    else:
        line = _say("written", where=where, value=value)
    if change.rivals:
        rivals = joined("clauses", (rival_text(change, each) for each in change.rivals))
        return _say("disputed", line=line, rivals=rivals)
    if kind is Kind.REOPENING:
        return _say("reopened", line=_say("written", where=where, value=value))
    return _say("decided", line=line) if kind is Kind.DECISION and len(change.former) > 1 else line


def corrected_line(row: Corrected) -> str:
    """A line of the corrections by itself, with who corrected it, when and why."""
    line = _say(
        "change", where=path_text(row.path, row.papers),
        former=value_text(row.path, row.former, row.papers),
        value=value_text(row.path, row.value, row.papers),
    )  # fmt: skip
    at = f"{row.at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if row.at else ""
    return _say("correction", line=line, reason=row.reason, by=row.by, at=at)


def _open_ends(entry: HistoryEntry) -> Iterator[str]:
    if entry.standing is Standing.ASIDE:
        yield _say("aside", office=entry.office)
    elif entry.standing is Standing.HELD:
        yield _say("waiting", count=len(entry.missing))
    elif entry.standing is Standing.UNSEALED:
        yield _say("unsealed")


def _say(word: str, **values: object) -> str:
    return label("history_line", word).format(**values)
