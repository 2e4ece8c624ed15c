"""The rows of a record's history, and what was written as people read it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from app.services.naming import reading_order
from app.services.paper_names import NO_PAPERS, Papers
from app.sync.history import CORRECTIONS, Kind, Step
from app.sync.revision import Nothing, Written
from app.sync.shapes import Value, moment
from app.sync.view import Claim


@dataclass(frozen=True, slots=True)
class DeviceName:
    """What a device is called: its owner, its fingerprint, its office."""

    name: str
    fingerprint: str = ""
    office: str = ""


Devices = Mapping[str, DeviceName]
"""What every known device is called, by its id."""


def device_name(devices: Devices, device: str) -> DeviceName:
    """What a device is called; one that is not known by its id."""
    return devices.get(device) or DeviceName(device)


class Standing(StrEnum):
    """Whether an entry is part of the record as it is shown here; ``aside`` is another office's entry."""

    SEALED = "sealed"
    ASIDE = "aside"
    HELD = "held"
    UNSEALED = "unsealed"


@dataclass(frozen=True, slots=True)
class Rival:
    """What somebody else wrote at the same place without knowing of this; ``None``: removed or cleared."""

    value: Value
    author: str
    credential: str
    device: str
    made_at: datetime
    revision: str


@dataclass(frozen=True, slots=True)
class HistoryChange:
    """One path: what its author saw there (several values in a conflict) and what he wrote.

    ``None`` stands for removed or cleared; ``former`` is empty where nothing stood.
    """

    path: str
    former: tuple[Value, ...]
    value: Value
    rivals: tuple[Rival, ...] = ()
    papers: Papers = field(default=NO_PAPERS, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A line of an inspection's corrections, as it stands on the record sheet."""

    path: str
    former: str
    value: str
    reason: str
    by: str
    at: datetime | None
    papers: Papers = field(default=NO_PAPERS, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Came:
    """The package that a revision came with: its file, whose, and when it was taken in."""

    package_id: str
    file_name: str
    sender: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Went:
    """A package that took a revision to a peer; ``answered_at`` is the receipt's, where one came."""

    package_id: str
    file_name: str
    peer: str
    sent_at: datetime
    confirmed: bool
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one hand wrote at one moment. ``made_at`` is ``None`` for what was not sealed yet.

    ``missing`` are the revisions that a held one waits for; ``joined`` the lines brought together.
    """

    revisions: tuple[str, ...]
    kind: Kind
    standing: Standing
    author: str
    credential: str
    device_id: str
    device: str
    fingerprint: str
    office: str
    made_at: datetime | None
    reason: str
    joined: int
    changes: tuple[HistoryChange, ...]
    corrections: tuple[Corrected, ...] = ()
    came: Came | None = None
    went: tuple[Went, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether somebody wrote otherwise at one of its places meanwhile."""
        return any(change.rivals for change in self.changes)


def sorted_out(
    kind: str, steps: Sequence[Step], devices: Devices, papers: Papers
) -> tuple[tuple[HistoryChange, ...], tuple[Corrected, ...]]:
    """Changes as people read them, and apart from them the lines of the corrections."""
    corrections, left = _corrections(steps, papers)
    written = {step.path.rpartition("/")[0] for step in left if step.path.count("/") == 2}
    changes = [
        HistoryChange(
            step.path,
            tuple(_plain(value) for value in step.former),
            _plain(step.value),
            tuple(_rival(claim, devices) for claim in step.rivals),
            papers,
        )
        for step in left
        # That a part is there is said by its fields.
        if not (step.value is True and step.path in written)
    ]
    return tuple(sorted(changes, key=lambda change: reading_order(kind, change.path))), corrections


def _path(step: Step) -> str:
    return step.path


def _corrections(steps: Sequence[Step], papers: Papers) -> tuple[tuple[Corrected, ...], list[Step]]:
    lines: list[Corrected] = []
    left: list[Step] = []
    for key, group in groupby(sorted(steps, key=_path), _correction_key):
        members = list(group)
        said = {step.path.rpartition("/")[2]: step.value for step in members}
        line = _corrected(said, papers) if key else None
        if line is None:
            left += members
        else:
            lines.append(line)
    return tuple(lines), left


def _corrected(said: Mapping[str, Written], papers: Papers) -> Corrected | None:
    """A line of the corrections; ``None`` for the part of one that was written by itself."""
    text = {name: value for name, value in said.items() if isinstance(value, str)}
    if "path" not in text:
        return None
    return Corrected(
        path=text["path"],
        former=text.get("former", ""),
        value=text.get("value", ""),
        reason=text.get("reason", ""),
        by=text.get("corrected_by", ""),
        at=moment(text["corrected_at"]) if "corrected_at" in text else None,
        papers=papers,
    )


def _correction_key(step: Step) -> str:
    return step.path.split("/")[1] if step.path.startswith(CORRECTIONS) else ""


def _rival(claim: Claim, devices: Devices) -> Rival:
    return Rival(
        value=_plain(claim.value),
        author=claim.author,
        credential=claim.credential,
        device=device_name(devices, claim.device).name,
        made_at=moment(claim.made_at),
        revision=claim.revision,
    )


def _plain(value: Written) -> Value:
    return None if isinstance(value, Nothing) else value
