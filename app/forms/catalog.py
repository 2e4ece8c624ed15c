"""The forms there are: descriptions read from data, checked, by identifier.

An office may put its own description in a folder; one with the same ``id`` takes the place of the
shipped one. A description that cannot be read is a located problem, never a crash.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from app.errors import BadInput, ChayanError, Place, Problem
from app.files import resource
from app.forms.schema import Block, Each, Form, Grid, Heading, Table, Text
from app.forms.template import paths

_OWN_KEYS = frozenset(("index", "signed"))
"""Keys that printing itself supplies: the number of a row, signatures sorted by party."""


@cache
def forms() -> dict[str, Form]:
    """The shipped forms by identifier."""
    found, problems = read_folder(resource("forms"))
    if problems:
        raise BadInput(problems[0].code, problems[0].where, **problems[0].values)
    return found


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
    """Read one description; ``forms.bad_description`` or ``forms.undeclared_field`` if it is wrong."""
    try:
        form = msgspec.convert(tomllib.loads(source.decode("utf8")), Form)
    except (ValueError, msgspec.ValidationError) as error:
        raise BadInput("forms.bad_description", Place(file=name), reason=str(error)) from error
    undeclared = sorted(keys_of(form) - form.fields.keys())
    if undeclared:
        raise BadInput("forms.undeclared_field", Place(file=name), key=undeclared[0])
    return form


def keys_of(form: Form) -> set[str]:
    """Every key of the record that the form reads, rows of lists written ``list.key``."""
    keys = {key for block in form.blocks for key in _keys(block)} | {form.record}
    return {key for key in keys if key.partition(".")[0] not in _OWN_KEYS}


def _keys(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            for text in (block.text, block.office, block.number):
                yield from paths(text)
        case Text():
            yield from _texts(block.text, block.each, block.when)
        case Grid():
            yield from _texts("", None, block.when)
            for row in block.rows:
                yield from _texts("", None, row.when)
                for cell in row.cells:
                    yield from _texts(cell.text, cell.each, "signatures" if cell.sign else "")
        case Table():
            yield from _texts("", None, block.when)
            columns = "".join(column.text for column in block.columns)
            yield from _texts("", Each(block.rows, columns + block.section), "")
            yield from paths(block.title)


def _texts(text: str, each: Each | None, when: str) -> Iterator[str]:
    yield from paths(text)
    if when:
        yield when
    if each is not None:
        yield each.rows
        for path in paths(each.text):
            yield path.replace("item.", f"{each.rows}.", 1) if path.startswith("item.") else path
