"""Steps of a visit in words for a file, and whether what a step left behind still stands.

A list of steps that was kept over a restart may lack its last moments, and a package may have come in
since: such a step must not be taken back from under what stands there now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from sqlalchemy import Date, select
from sqlalchemy.orm import Session

from app.models.base import Base, UtcTime, Word
from app.models.inspection import Inspection
from app.services.step_rows import HEADER, PARTS, RowState
from app.services.stepping import FindingState, ItemState, Standing
from app.services.workplace import Workplace
from app.sync.shapes import Value, moment, plain
from app.vocabulary import Disposition, Severity, SubjectKind, Verdict

Path = tuple[str, str, str]
"""Part of the record, key there, column; an empty column means that the row is there at all."""

_UNSAID: Final[Mapping[tuple[str, str], Value]] = {
    ("answers", "verdict"): None,
    ("answers", "note"): "",
    ("answers", "value"): "",
    ("measurements", "value"): "",
}
"""What columns say while nobody has written their row."""

_ABSENT: Final = "\0"


def told(standing: Standing) -> dict[str, object]:
    """How something stood, as plain JSON values."""
    rows = [[each.part, each.key, [[name, plain(it)] for name, it in each.values]] for each in standing.rows]
    return {
        "item": None if standing.item is None else asdict(standing.item),
        "finding": None if standing.finding is None else asdict(standing.finding),
        "rows": rows,
    }


def standing_from(state: Mapping[str, Any]) -> Standing:
    """What :func:`told` was told; raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
    item, finding = state["item"], state["finding"]
    return Standing(
        None if item is None else _item(dict(item)),
        None if finding is None else _finding(dict(finding)),
        tuple(_row(part, key, values) for part, key, values in state["rows"]),
    )


def _item(values: dict[str, Any]) -> ItemState:
    verdict = values.pop("verdict")
    measures = tuple((str(name), str(value)) for name, value in values.pop("measures"))
    return ItemState(**values, verdict=None if verdict is None else Verdict(verdict), measures=measures)


def _finding(values: dict[str, Any]) -> FindingState:
    words = {"severity": Severity(values["severity"]), "disposition": Disposition(values["disposition"])}
    words |= {"against": SubjectKind(values.get("against", SubjectKind.ORGANIZATION))}
    return FindingState(**{**values, **words})


def _row(part: str, key: str, values: Sequence[Sequence[Any]]) -> RowState:
    table = (Inspection if part == HEADER else PARTS[part]).__table__
    return RowState(part, key, tuple((name, _stored(table.columns[name].type, it)) for name, it in values))


def _stored(kind: object, value: Any) -> object:
    if not isinstance(value, str):
        return value
    if isinstance(kind, UtcTime):
        return moment(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return kind.words(value) if isinstance(kind, Word) else value


def still_standing(
    place: Workplace, *, inspection_id: str, steps: Sequence[tuple[Standing, Standing]]
) -> tuple[bool, ...]:
    """For each step, the newest first: whether what it changed is as it left it.

    A step is how something stood before and after. What a newer one changed again is not asked of an older.
    """
    changes = [_changed(before, after) for before, after in steps]
    parts = {part for each in changes for part, _, _ in each}
    with place.read() as session:
        rows = _rows_of(session, inspection_id, parts)
        seen: set[Path] = set()
        found = []
        for each in changes:
            holds = all(_is_in(seen, path) or _now(rows, path) == value for path, value in each.items())
            if holds:
                seen |= each.keys()
            found.append(holds)
    return tuple(found)


def _is_in(seen: set[Path], path: Path) -> bool:
    """Whether a newer step wrote there, or made or took away the whole row."""
    part, key, _ = path
    return path in seen or (part, key, "") in seen


def _changed(before: Standing, after: Standing) -> dict[Path, Value]:
    """What a step left where it changed something; of a row that it took away only that it is gone."""
    former, left = dict(_values(before)), dict(_values(after))
    gone = {path for path in former if path not in left}
    changed = {path: value for path, value in left.items() if former.get(path, _ABSENT) != value}
    return changed | {path: None for path in gone if not path[2]}


def _values(standing: Standing) -> list[tuple[Path, Value]]:
    found: list[tuple[Path, Value]] = []
    if (item := standing.item) is not None:
        found += [
            (("answers", item.item, name), plain(getattr(item, name)))
            for name in ("verdict", "note", "value")
        ]
        found += [(("measurements", f"{item.item}.{name}", "value"), value) for name, value in item.measures]
    if (finding := standing.finding) is not None:
        found.append((("findings", finding.key, ""), True))
        words = {name: value for name, value in asdict(finding).items() if name != "key"}
        found += [(("findings", finding.key, name), plain(value)) for name, value in words.items()]
    for row in standing.rows:
        found.append(((row.part, row.key, ""), True))
        found += [((row.part, row.key, name), plain(value)) for name, value in row.values]
    return found


def _rows_of(session: Session, inspection_id: str, parts: set[str]) -> dict[tuple[str, str], Base]:
    """Every row of the touched parts by its part and key."""
    found: dict[tuple[str, str], Base] = {}
    for part in parts - {HEADER}:
        kind = PARTS[part]
        rows = session.scalars(select(kind).where(kind.inspection_id == inspection_id))
        found.update({(part, _key(row)): row for row in rows})
    header = session.get(Inspection, inspection_id)
    if header is not None:
        found[HEADER, ""] = header
    return found


def _key(row: Base) -> str:
    return str(getattr(row, "item" if row.__tablename__ == "answers" else "key"))


def _now(rows: Mapping[tuple[str, str], Base], path: Path) -> Value:
    part, key, name = path
    row = rows.get((part, key))
    if not name:
        return None if row is None else True
    if row is None:
        return _UNSAID.get((part, name), _ABSENT)
    return plain(getattr(row, name))
