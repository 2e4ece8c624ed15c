"""What the printed history of a record says; keys as ``resources/forms/record-history.toml`` names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.clock import LOCAL
from app.services.chronicle import HistoryEntry, Standing, Told, read_history
from app.services.chronicle_lines import change_lines, kind_text, reason_text
from app.services.workplace import Workplace
from app.sync.canonical import canonical, digest
from app.sync.documents import read_document
from app.sync.ledger import view_of
from app.wording import joined, label

_LINES, _WIDTH = 10, 42
"""Lines of changes in one row of the table, and characters in a line: more go into further rows, so that
no row leaves half a page free."""

_SHORT = 8

Data = dict[str, object]


def history_data(place: Workplace, *, kind: str, record_id: str) -> Data:
    """Everything the form of a record's history reads."""
    with place.read() as session:
        found = read_history(session, place, kind, record_id)
        document = read_document(session, kind, record_id)
        conflicts = view_of(session, kind, record_id).conflicts
    sealed = [entry for entry in found.entries if entry.standing is Standing.SEALED]
    said = document or {}
    return {
        "office": {"name": said.get("office") or place.owner.office},
        "record": {
            "id": record_id,
            "kind": kind,
            "title": found.title,
            "number": said.get("number") if kind == "inspection" else None,
            "state": _state(found, len(conflicts)),
            "revisions": sum(len(entry.revisions) for entry in sealed),
        },
        "fingerprint": digest(canonical(document)) if document is not None else None,
        "history": [row for entry in found.entries for row in _rows(entry, place.owner.office)],
        "handovers": list(_handovers(found.entries)),
        "draft": False,
    }


def _state(found: Told, conflicts: int) -> str:
    held, aside = (
        sum(entry.standing is standing for entry in found.entries)
        for standing in (Standing.HELD, Standing.ASIDE)
    )
    parts = [_say("conflicts", count=conflicts) if conflicts else _say("settled")]
    parts += [_say("held", count=held)] if held else []
    parts += [_say("aside", count=aside)] if aside else []
    if any(entry.standing is Standing.UNSEALED for entry in found.entries):
        parts.append(_say("unsealed"))
    return joined("clauses", parts)


def _rows(entry: HistoryEntry, own: str) -> Iterator[Data]:
    lines = list(change_lines(entry))
    if entry.came:
        lines.append(_say("came", file=entry.came.file_name))
    for number, some in enumerate(_portions(lines)):
        yield {
            "at": entry.made_at,
            "kind": kind_text(entry),
            "again": _say("again") if number else None,
            "author": entry.author,
            "credential": entry.credential,
            "device": entry.device,
            "fingerprint": entry.fingerprint,
            "office": entry.office if entry.office != own else None,
            "changes": "\n".join(some),
            "reason": reason_text(entry) if not number else None,
            "revision": joined("names", (name[:_SHORT] for name in entry.revisions)),
        }


def _portions(lines: Sequence[str]) -> list[list[str]]:
    """The lines in portions of about the height that a row should have; never none."""
    portions: list[list[str]] = [[]]
    left = _LINES
    for line in lines:
        height = -(-len(line) // _WIDTH)
        if height > left and portions[-1]:
            portions.append([])
            left = _LINES
        portions[-1].append(line)
        left -= height
    return portions


def _handovers(entries: Sequence[HistoryEntry]) -> Iterator[Data]:
    """Every package that brought or took entries of the record, with how many."""
    came = [(each.taken_at, each.file_name, each.sender) for entry in entries if (each := entry.came)]
    for key in sorted(set(came)):
        yield _handover("way_in", key, came.count(key), "")
    went = [
        ((each.sent_at, each.file_name, each.peer), _answer(each.answered_at, confirmed=each.confirmed))
        for entry in entries
        for each in entry.went
    ]
    for row in sorted(set(went)):
        yield _handover("way_out", row[0], went.count(row), row[1])


def _handover(way: str, key: tuple[datetime, str, str], count: int, answer: str) -> Data:
    at, file_name, peer = key
    return {
        "way": _say(way), "file": file_name, "peer": peer, "at": at, "count": count, "answer": answer,
    }  # fmt: skip


def _answer(answered_at: datetime | None, *, confirmed: bool) -> str:
    if not confirmed:
        return _say("no_answer")
    return (
        _say("answered", at=f"{answered_at.astimezone(LOCAL):%Y-%m-%d %H:%M}")
        if answered_at
        else _say("known")
    )


def _say(word: str, **values: object) -> str:
    return label("history_paper", word).format(**values)
