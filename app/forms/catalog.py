"""The forms there are: descriptions read from data, checked, by identifier.

An office may put its own description in a folder; one with the same ``id`` takes the place of the
shipped one. A description that cannot be read is a located problem, never a crash.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from app import wording
from app.errors import BadInput, ChayanError, Place, Problem
from app.files import resource
from app.forms.entries import NAME, RESERVED, Entry
from app.forms.grids import places
from app.forms.phrases import words
from app.forms.schema import Block, Cell, Form, Grid, Heading, Photos, Sign, Table, Text
from app.forms.template import conditions, formats, paths

_OWN_KEYS = frozenset(("index", "signed", "blank", "paper"))
"""Keys that printing itself supplies (the number of a row, signatures sorted by party) and entries."""


@cache
def forms() -> dict[str, Form]:
    """The shipped forms by identifier."""
    found, problems = read_folder(resource("forms"))
    if problems:
        raise BadInput(problems[0].code, problems[0].where, **problems[0].values)
    return found


def forms_with(folder: Path) -> tuple[dict[str, Form], list[Problem]]:
    """The shipped forms with those of an office's ``folder`` in their place, and its problems."""
    own, problems = read_folder(folder)
    return {**forms(), **own}, problems


def read_folder(folder: Path) -> tuple[dict[str, Form], list[Problem]]:
    """The forms described in ``folder`` and the problems of the files that could not be read."""
    found: dict[str, Form] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == "words.toml":
            continue
        try:
            form = read_form(path.read_bytes(), path.name)
        except ChayanError as error:
            problems.append(error.problem)
        else:
            found[form.id] = form
    return found, problems


def read_form(source: bytes, name: str) -> Form:
    """Read one description; a ``forms.…`` problem tells what is wrong with it."""
    try:
        form = msgspec.convert(tomllib.loads(source.decode("utf8")), Form)
    except (ValueError, msgspec.ValidationError) as error:
        raise BadInput("forms.bad_description", Place(file=name), reason=str(error)) from error
    for problem in faults(form, name):
        raise BadInput(problem.code, problem.where, **problem.values)
    return form


def faults(form: Form, name: str) -> Iterator[Problem]:
    """What a description of the right shape may still have wrong: keys, formats, columns, entries."""
    place = Place(file=name)
    for key in sorted(keys_of(form) - form.fields.keys()):
        yield Problem("forms.undeclared_field", place, {"key": key})
    for block in _blocks(form):
        for template, _ in _templates(block):
            for word in formats(template):
                if word != "boxes" and word not in words("format") and not wording.labels(word):
                    yield Problem("forms.unknown_format", place, {"format": word})
        if isinstance(block, Grid) and None in places(block):
            yield Problem("forms.bad_columns", place, {"columns": len(block.columns)})
    for code, key in _entry_faults(form):
        yield Problem(code, place, {"key": key})


def _entry_faults(form: Form) -> Iterator[tuple[str, str]]:
    known = {"paper", *(f"paper.{name}" for name in RESERVED)}
    for entry in form.entries:
        yield from _shape_faults(entry, known)
        known.add(f"paper.{entry.id}")
        for column in entry.columns:
            yield from _shape_faults(column, known, within=f"{entry.id}.")
            known.add(f"paper.{entry.id}.{column.id}")
    for key in sorted(paper_keys(form) - known):
        yield "forms.undeclared_entry", key


def _shape_faults(entry: Entry, known: set[str], within: str = "") -> Iterator[tuple[str, str]]:
    if not NAME.fullmatch(entry.id) or f"paper.{within}{entry.id}" in known:
        yield "forms.bad_entry_id", entry.id
    rows_in_rows = bool(within) and entry.kind == "rows"
    if (
        rows_in_rows
        or bool(entry.words) != (entry.kind == "choice")
        or (bool(entry.columns) != (entry.kind == "rows"))
    ):
        yield "forms.bad_entry", entry.id


def keys_of(form: Form) -> set[str]:
    """Every key of the record that the form prints; a key of a list's rows is written ``list.key``."""
    return {key for key in _all_keys(form) if key.partition(".")[0] not in _OWN_KEYS}


def paper_keys(form: Form) -> set[str]:
    """Every key of the paper itself that the form prints or asks in a condition."""
    asked = {key for entry in form.entries for key in conditions(entry.when)}
    return {key for key in (*_all_keys(form), *asked) if key.partition(".")[0] == "paper"}


def _all_keys(form: Form) -> set[str]:
    keys = {form.record, *paths(form.continued), *conditions(form.offered)}
    for block in _blocks(form):
        keys.update(_conditions(block))
        for template, rows in _templates(block):
            keys.update(re.sub(r"^item\b", rows or "item", path) for path in paths(template))
            keys.update((rows,) if rows else ())
    return keys


def _blocks(form: Form) -> Iterator[Block]:
    yield from form.blocks
    if form.each_page is not None:
        yield form.each_page


def _templates(block: Block) -> Iterator[tuple[str, str]]:
    """Every template of the block with the list whose rows fill it, if it is for rows."""
    match block:
        case Heading():
            yield from ((text, "") for text in (block.text, block.office, block.number))
        case Text():
            yield from _text_and_list(block)
        case Grid():
            for row in block.rows:
                for cell in row.cells:
                    yield from _text_and_list(cell)
                    yield (cell.sign.title if cell.sign else "", "")
        case Table():
            yield (block.title, "")
            for text in (block.section, *(column.text for column in block.columns)):
                yield (text, block.rows)
            yield from ((f"{{{key}}}", block.rows) for key in conditions(block.section_only))
        case Photos():
            yield (block.caption, block.rows)
            yield from (("{item.image}{item.rotation}", block.rows),)


def _text_and_list(part: Text | Cell) -> Iterator[tuple[str, str]]:
    yield (part.text, "")
    if part.each is not None:
        yield (part.each.text, part.each.rows)


def _conditions(block: Block) -> Iterator[str]:
    if not isinstance(block, Heading):
        yield from conditions(block.when)
    if isinstance(block, Grid):
        for row in block.rows:
            yield from conditions(row.when)
            yield from (key for cell in row.cells if cell.sign for key in _signing(cell.sign))


def _signing(sign: Sign) -> Iterator[str]:
    if sign.entries:
        yield f"paper.{sign.entries}_state"
    elif sign.party != "hand":
        yield "signatures"
