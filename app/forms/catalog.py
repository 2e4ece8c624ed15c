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
from app.forms.schema import Block, Cell, Form, Grid, GridRow, Heading, Table, Text
from app.forms.template import formats, paths, words

_OWN_KEYS = frozenset(("index", "signed"))
"""Keys that printing itself supplies: the number of a row, signatures sorted by party."""


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
    """What a description of the right shape may still have wrong: keys, formats, columns."""
    place = Place(file=name)
    for key in sorted(keys_of(form) - form.fields.keys()):
        yield Problem("forms.undeclared_field", place, {"key": key})
    for block in form.blocks:
        for template, _ in _templates(block):
            for word in formats(template):
                if word not in words("format") and not wording.labels(word):
                    yield Problem("forms.unknown_format", place, {"format": word})
        if isinstance(block, Grid) and any(_width(row) != len(block.columns) for row in block.rows):
            yield Problem("forms.bad_columns", place, {"columns": len(block.columns)})


def _width(row: GridRow) -> int:
    return sum(cell.span for cell in row.cells) + bool(row.group)


def keys_of(form: Form) -> set[str]:
    """Every key of the record that the form reads; a key of a list's rows is written ``list.key``."""
    keys = {form.record}
    for block in form.blocks:
        keys.update(key for key in _conditions(block) if key)
        for template, rows in _templates(block):
            keys.update(re.sub(r"^item\b", rows or "item", path) for path in paths(template))
            keys.update((rows,) if rows else ())
    return {key for key in keys if key.partition(".")[0] not in _OWN_KEYS}


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


def _text_and_list(part: Text | Cell) -> Iterator[tuple[str, str]]:
    yield (part.text, "")
    if part.each is not None:
        yield (part.each.text, part.each.rows)


def _conditions(block: Block) -> Iterator[str]:
    if not isinstance(block, Heading):
        yield block.when
    if isinstance(block, Grid):
        for row in block.rows:
            yield row.when
            yield "signatures" if any(cell.sign for cell in row.cells) else ""
