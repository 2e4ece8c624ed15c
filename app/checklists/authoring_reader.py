"""From the rows of an edited workbook to a checklist, every problem with its cell; pure.

What can be read is put together and judged by the loader as any checklist is; what the loader finds
is told at the cell it comes from. The good part is returned beside the problems.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from app.checklists.authoring import FIELDS, Field
from app.checklists.authoring_cells import cell_value
from app.checklists.authoring_places import At, column_of, crossed, letters
from app.checklists.authoring_words import authoring_words
from app.checklists.loader import InForce, load_checklist
from app.checklists.schema import Checklist
from app.errors import Place, Problem
from app.vocabulary import InspectionType

Line = tuple[int, Sequence[str]]
"""A row: its number as Excel shows it and its texts from column A on."""

HEADING_WITHIN = 10
_STAND_IN = {
    "id": "-", "version": "-", "title": "-",
    "inspection_type": next(iter(InspectionType)), "effective_from": "2000-01-01",
}  # fmt: skip
"""A head in place of one with faults, so that whatever else is wrong is told in the same round."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}")


@dataclass(frozen=True, slots=True)
class AuthoringRead:
    """What a workbook holds: the checklist as far as it is good, and every problem.

    ``left_out`` counts the rows that did not go in. The checklist may be taken into use when every
    problem is ``taken``.
    """

    checklist: Checklist | None
    problems: tuple[Problem, ...]
    rows: int = 0
    left_out: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing stands in the way of taking it into use."""
        return self.checklist is not None and all(each.taken for each in self.problems)


def heading_of(lines: Iterator[Line]) -> tuple[int, dict[str, int]] | None:
    """The row of the headings and the place of each known column; nothing when there is none."""
    known = {each.heading: each.key for each in authoring_words().columns}
    for row, cells in lines:
        if row > HEADING_WITHIN:
            return None
        found: dict[str, int] = {}
        for place, text in enumerate(cells):
            if key := known.get("".join(text.split())):
                found.setdefault(key, place)
        if {"kind", "id", "text"} <= found.keys():
            return row, found
    return None


def read_rows(
    lines: Sequence[Line],
    *,
    file: str,
    sheet: str | None = None,
    known_provisions: Container[str] | None = None,
    in_force: InForce | None = None,
    numbers: Collection[tuple[int, int]] = (),
) -> AuthoringRead:
    """The checklist that the rows of a sheet say.

    ``known_provisions`` and ``in_force`` judge what is cited (:func:`load_checklist`); ``numbers`` are the cells (row, place from zero) that the workbook kept as numbers: an id there may
    have lost a final zero.
    """
    heading = heading_of(iter(lines))
    if heading is None:
        return AuthoringRead(None, (Problem("authoring.no_heading", Place(file, sheet)),))
    reader = _Reader(Place(file, sheet), heading[1], numbers)
    reader.check_headings(next(cells for row, cells in lines if row == heading[0]), heading[0])
    for row, cells in lines:
        if row > heading[0] and any(text.strip() for text in cells):
            reader.take(row, cells)
    return reader.finished(known_provisions, in_force)


class _Reader:
    """Collects raw tables row by row, and where each came from."""

    def __init__(
        self, sheet: Place, columns: Mapping[str, int], numbers: Collection[tuple[int, int]]
    ) -> None:
        self.problems: list[Problem] = []
        self._numbers = numbers
        self._sheet, self._columns = sheet, columns
        self._kinds = {text: kind for kind, text in authoring_words().kinds.items()}
        self._head: At | None = None
        self._sections: list[At] = []
        self._rules: list[At] = []
        self._section: At | None = None
        self._item: At | None = None
        self._places: dict[tuple[str, str], At] = {}
        self._values: dict[str, list[At]] = {}
        self._rows = self._left_out = 0
        self._cells: Sequence[str] = ()
        self._refused = False
        self._takers = {
            "checklist": self._head_row, "section": self._section_row, "field": self._field_row,
            "item": self._item_row, "measure": self._measure_row, "conclusion": self._rule_row,
        }  # fmt: skip

    # ---- rows

    def check_headings(self, cells: Sequence[str], row: int) -> None:
        """Tell of headings that nobody knows, whose columns are passed over."""
        known = set(self._columns.values())
        for place, text in enumerate(cells):
            if text.strip() and place not in known:
                where = Place(self._sheet.file, self._sheet.sheet, row, letters(place))
                values: dict[str, str | int] = {"heading": text.strip()[:40]}
                self.problems.append(Problem("authoring.unknown_heading", where, values, taken=True))

    def take(self, row: int, cells: Sequence[str]) -> None:
        """Read one row into what it belongs to; a row that belongs to nothing is left out."""
        self._rows += 1
        self._cells = cells
        word = self._text("kind")
        kind = self._kinds.get(word, word if word in FIELDS else "")
        if not kind:
            self._tell("authoring.unknown_kind", row, "kind", value=word[:40])
            self._left_out += 1
            return
        at = At(row, kind)
        for each in FIELDS[kind]:
            self._read(at, each)
        self._check_unused(at)
        if not self._takers[kind](at):
            self._left_out += 1

    def _head_row(self, at: At) -> bool:
        if self._head is not None:
            self._tell("authoring.second_head", at.row, "kind")
            return False
        self._head = at
        for name, shape in (("id", _NAME), ("version", _VERSION)):
            text = str(at.raw.get(name, ""))
            if not shape.fullmatch(text):
                self._tell("authoring.bad_name", at.row, name, value=text[:40])
        return True

    def _section_row(self, at: At) -> bool:
        at.raw |= {"items": []}
        self._section = self._item = None
        self._refused = not self._named(at, "section")
        if self._refused:
            return False
        self._section = at
        self._sections.append(at)
        return True

    def _item_row(self, at: At) -> bool:
        self._item = None
        if self._section is None:
            self._orphan("authoring.no_section", at)
            return False
        self._refused = not self._named(at, "item")
        if self._refused:
            return False
        self._item = at
        items = self._section.raw["items"]
        assert isinstance(items, list)
        items.append(at.raw)
        return True

    def _named(self, at: At, kind: str) -> bool:
        """Whether a section or an item has an id of its own; remembers where it stands."""
        name = str(at.raw.get("id", ""))
        if not name:
            self._tell("authoring.no_id", at.row, "id")
            return False
        if (first := self._places.get((kind, name))) is not None:
            self._tell("authoring.used_twice", at.row, "id", value=name, first=first.row)
            return False
        self._places[kind, name] = at
        if (at.row, self._columns["id"]) in self._numbers:
            self._tell("authoring.number_as_id", at.row, "id", taken=True, value=name)
        return True

    def _field_row(self, at: At) -> bool:
        repeat = self._section.raw.get("repeat") if self._section is not None else None
        if not isinstance(repeat, dict) or self._item is not None:
            self._orphan("authoring.no_repeat", at)
            return False
        repeat.setdefault("fields", []).append(at.raw)
        self._values.setdefault(str(self._section.raw["id"]) if self._section else "", []).append(at)
        return True

    def _measure_row(self, at: At) -> bool:
        if self._item is None:
            self._orphan("authoring.no_item", at)
            return False
        owner = self._item.raw
        if at.raw.get("id"):
            more = owner.setdefault("measures", [])
            assert isinstance(more, list)
            more.append(at.raw)
        elif "measure" in owner:
            self._tell("authoring.second_measure", at.row, "id")
            return False
        else:
            at.raw.pop("id", None)
            owner["measure"] = at.raw
        self._values.setdefault(str(owner["id"]), []).append(at)
        return True

    def _orphan(self, code: str, at: At) -> None:
        """Tell of a row without its owner, unless the owner was refused and told of itself."""
        if not self._refused:
            self._tell(code, at.row, "kind")

    def _rule_row(self, at: At) -> bool:
        self._section = self._item = None
        self._refused = False
        if "result" not in at.raw:
            return False
        self._rules.append(at)
        return True

    # ---- cells

    def _text(self, column: str) -> str:
        place = self._columns.get(column)
        return self._cells[place].strip() if place is not None and place < len(self._cells) else ""

    def _read(self, at: At, each: Field) -> None:
        if not (text := self._text(each.column)):
            return
        value = cell_value(each, text)
        if isinstance(value, Problem):
            place = Place(self._sheet.file, self._sheet.sheet, at.row, self._letters(each.column))
            self.problems.append(Problem(value.code, place, value.values))
            return
        table, (*outer, name) = at.raw, each.path.split(".")
        for step in outer:
            inner = table.setdefault(step, {})
            assert isinstance(inner, dict)
            table = inner
        table[name] = value

    def _check_unused(self, at: At) -> None:
        """Tell of cells that this kind of row does not use; they are most often in the wrong row."""
        for column in authoring_words().columns:
            if at.kind not in column.rows and self._text(column.key):
                self._tell("authoring.not_used", at.row, column.key, taken=True, heading=column.heading)
        repeat = at.raw.get("repeat")
        if at.kind == "section" and isinstance(repeat, dict) and "of" not in repeat:
            at.raw.pop("repeat")
            self._tell("authoring.no_subject", at.row, "repeat")

    def _tell(self, code: str, row: int, column: str, *, taken: bool = False, **values: str | int) -> None:
        where = Place(self._sheet.file, self._sheet.sheet, row, self._letters(column))
        self.problems.append(Problem(code, where, values, taken))

    # ---- the whole

    def finished(
        self, known_provisions: Container[str] | None, in_force: InForce | None = None
    ) -> AuthoringRead:
        """The checklist with what the loader says about it."""
        if self._head is None:
            self.problems.append(Problem("authoring.no_head", self._sheet))
        incomplete = {id(at.raw) for at in self._incomplete()}
        whole = self._head is not None and id(self._head.raw) not in incomplete
        table = {
            **_STAND_IN,
            **(self._head.raw if self._head is not None else {}),
            "sections": [
                {**at.raw, "items": [item for item in _items(at) if id(item) not in incomplete]}
                for at in self._sections
                if id(at.raw) not in incomplete
            ],
            "conclusion": [at.raw for at in self._rules],
        }
        # A head without its first day says nothing of the law in force; the rows are judged all the same.
        judged = load_checklist(msgspec.json.encode(table), known_provisions, in_force if whole else None)
        found, problems = judged
        gone = {at.raw.get("id") for at in self._places.values() if id(at.raw) in incomplete}
        known = [self._placed(each) for each in problems if not self._follows(each, gone)]
        told = sorted((*self.problems, *known), key=_order)
        return AuthoringRead(found if whole else None, tuple(told), self._rows, self._left_out)

    def _follows(self, problem: Problem, gone: set[object]) -> bool:
        """Whether a problem is there only because a row was left out, which was told of by itself."""
        if problem.code == "checklist.empty":
            return self._left_out > 0
        named = str(problem.values.get("reference", problem.values.get("word", "")))
        return bool(named) and not gone.isdisjoint({named, named.rpartition(".")[0]})

    def _incomplete(self) -> Iterator[At]:
        """Rows that lack what the schema cannot do without; each missing cell is told."""
        heads = [] if self._head is None else [self._head]
        for at in (*heads, *self._places.values()):
            lacking = [each for each in FIELDS[at.kind] if each.path in _NEEDED[at.kind]]
            empty = [each for each in lacking if each.path not in at.raw]
            for each in empty:
                told = any(
                    problem.where.row == at.row and problem.where.column == self._letters(each.column)
                    for problem in self.problems
                )
                if not told:
                    heading = authoring_words().column(each.column).heading
                    self._tell("authoring.empty", at.row, each.column, heading=heading)
            if empty:
                self._left_out += 1
                yield at

    def _letters(self, column: str) -> str | None:
        place = self._columns.get(column)
        return None if place is None else letters(place)

    def _placed(self, problem: Problem) -> Problem:
        """A problem of the loader at the cell that it comes from."""
        word = problem.code.partition(".")[2]
        at = self._source(word, problem.values)
        column = column_of(word, problem.values, at)
        row = None if at is None else at.row
        letter = None if at is None else self._letters(column)
        where = Place(self._sheet.file, self._sheet.sheet, row, letter)
        return Problem(problem.code, where, problem.values, problem.taken)

    def _source(self, word: str, values: Mapping[str, str | int]) -> At | None:
        """The row that a problem of the loader is about."""
        owner = str(values.get("item", ""))
        if word == "unknown_group" or owner == "conclusion":
            said = str(values.get("group", values.get("reference", values.get("condition", ""))))
            return next((at for at in self._rules if said in str(at.raw.get("when", ""))), None)
        inner = self._values.get(owner, [])
        if word == "bad_limits" and (found := next(filter(crossed, inner), None)) is not None:
            return found
        named = [at for at in inner if at.raw.get("id") == values.get("id")]
        if word in {"bad_id", "duplicate_measure"} and named:
            return named[-1]
        return self._places.get(("item", owner)) or self._places.get(("section", owner))


def _items(at: At) -> list[dict[str, object]]:
    items = at.raw["items"]
    assert isinstance(items, list)
    return items


def _order(problem: Problem) -> tuple[int, str]:
    return problem.where.row or 0, problem.where.column or ""


_NEEDED: Mapping[str, frozenset[str]] = {
    "checklist": frozenset({"id", "title", "version", "inspection_type", "effective_from"}),
    "section": frozenset({"title"}),
    "item": frozenset({"text", "how", "evidence", "basis", "default_severity"}),
}
