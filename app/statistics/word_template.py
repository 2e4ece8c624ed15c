"""Word templates (.docx) with placeholders and loops: checked first with located problems, then filled.

A template is Word's own file. ``{{ name }}`` stands for a value, ``{% for row in list %}`` …
``{% endfor %}`` repeats what is between; ``{%tr … %}`` repeats table rows and ``{%p … %}`` whole
paragraphs (docxtpl's marks). Nothing else may be said: no calls, no statements but loops and
conditions, so that a template from elsewhere can do no more than lay out what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import LxmlError

from app.errors import BadInput, Place, Problem
from app.files import explained
from app.intake.archives import Archive
from app.statistics.sheet import clean
from app.wording import label

Columns = Mapping[str, None]
Schema = Mapping[str, Columns | None]

TAG = re.compile(r"\{\{(?P<value>.*?)\}\}|\{%(?P<statement>.*?)%\}|\{#.*?#\}", re.DOTALL)
LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}")
FOR = re.compile(r"for\s+(?P<name>\w+)\s+in\s+(?P<listed>.+)", re.DOTALL)
SCOPE_MARK = re.compile(r"^(?:tr|tc|p|r)\s+")
OPENING, CLOSING = {"for": "endfor", "if": "endif"}, {"endfor": "for", "endif": "if"}
ALLOWED = (
    *(nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const),
    *(nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.CondExpr),
)
"""What an expression may be made of: names, comparisons and conditions; no calls, filters or sums."""
LOOP = {"index": None, "first": None, "last": None, "length": None}
"""What a loop knows of itself (``loop.index``)."""


@dataclass(slots=True)
class _Block:
    """A loop or condition that was begun, where, and what its row holds."""

    word: str
    where: Place
    name: str = ""
    columns: Columns | None = None


@dataclass(slots=True)
class _Check:
    """Walks a template's marks in the order in which they are read."""

    file: str
    schema: Schema
    problems: list[Problem] = field(default_factory=list)
    open: list[_Block] = field(default_factory=list)

    def paragraph(self, text: str, where: Place) -> None:
        """Check every mark of one paragraph."""
        for found in TAG.finditer(text):
            if found["value"] is not None:
                self._expression(SCOPE_MARK.sub("", found["value"].lstrip()), where)
            elif found["statement"] is not None:
                self._statement(
                    SCOPE_MARK.sub("", found["statement"].strip().strip("-").lstrip()).strip(), where
                )
        if loose := LOOSE.search(TAG.sub("", text)):
            self._tell("loose_mark", where, mark=loose[0])

    def end(self) -> None:
        """Tell what was begun and never ended."""
        for block in self.open:
            self._tell("never_ended", block.where, mark=block.word, ending=OPENING[block.word])
        self.open.clear()

    def _statement(self, text: str, where: Place) -> None:
        word = text.split(maxsplit=1)[0] if text else ""
        if word == "for" and (found := FOR.fullmatch(text)):
            listed = self._resolved(found["listed"].strip())
            if listed is None:
                self._tell("no_list", where, name=found["listed"].strip())
            self.open.append(_Block("for", where, found["name"], listed or {}))
        elif word == "if":
            self._expression(text.removeprefix("if"), where)
            self.open.append(_Block("if", where))
        elif word in {"elif", "else"} and self.open:
            self._expression(text.removeprefix("elif") if word == "elif" else "", where)
        elif word in CLOSING:
            self._close(word, where)
        else:
            self._tell("unknown_statement", where, statement=text)

    def _close(self, word: str, where: Place) -> None:
        if self.open and self.open[-1].word == CLOSING[word]:
            self.open.pop()
        else:
            self._tell("nothing_to_end", where, ending=word, mark=CLOSING[word])

    def _expression(self, text: str, where: Place) -> None:
        if not text.strip():
            return
        try:
            tree = _environment().parse("{{ " + text + " }}")
        except TemplateError as error:
            self._tell("not_readable_mark", where, mark=text.strip(), reason=error.message or "")
            return
        if not all(isinstance(each, ALLOWED) for each in _inside(tree)):
            self._tell("unknown_statement", where, statement=text.strip())
            return
        for name in _names(tree):
            if not self._known(name):
                self._tell("unknown_placeholder", where, name=name)

    def _known(self, name: str) -> bool:
        first, _, rest = name.partition(".")
        if first == "loop":
            return any(block.word == "for" for block in self.open) and (not rest or rest in LOOP)
        columns = self._row(first)
        if columns is not None:
            return not rest or rest in columns or not columns
        return first in self.schema and not rest

    def _row(self, name: str) -> Columns | None:
        return next((block.columns for block in reversed(self.open) if block.name == name), None)

    def _resolved(self, name: str) -> Columns | None:
        return self.schema.get(name)

    def _tell(self, code: str, where: Place, **values: str | int) -> None:
        row = label("template_spot", "row").format(number=where.row) if where.row else ""
        spot = f"{where.sheet or ''}{row}"
        self.problems.append(Problem(f"template.{code}", where, {"spot": spot, **values}))


def _inside(tree: nodes.Node) -> Iterator[nodes.Node]:
    for each in tree.iter_child_nodes():
        yield each
        yield from _inside(each)


def _names(tree: nodes.Node) -> Iterator[str]:
    """Every name of an expression with what is asked of it: ``row.column``."""
    inside = {id(each.node) for each in tree.find_all(nodes.Getattr)}
    for each in tree.find_all(nodes.Getattr):
        if isinstance(each.node, nodes.Name):
            yield f"{each.node.name}.{each.attr}"
        else:
            yield "." + each.attr
    yield from (each.name for each in tree.find_all(nodes.Name) if id(each) not in inside)


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def template_problems(path: Path, schema: Schema) -> tuple[Problem, ...]:
    """What is wrong in a template, each with the paragraph or table row it stands in."""
    document = _opened(path)
    check = _Check(path.name, schema)
    for texts in _stories(document, path.name):
        for where, text in texts:
            check.paragraph(text, where)
        check.end()
    return tuple(check.problems)


def filled(path: Path, schema: Schema, values: Mapping[str, object]) -> bytes:
    """A template with its placeholders filled; refused while anything in it is wrong."""
    if problems := template_problems(path, schema):
        first = problems[0]
        raise BadInput(first.code, first.where, **first.values)
    template = DocxTemplate(path)
    try:
        template.render(_clean(dict(values)), _environment(), autoescape=True)
        target = BytesIO()
        template.save(target)
    except (TemplateError, LxmlError, ValueError, KeyError) as error:
        raise BadInput("template.not_filled", Place(file=path.name), reason=str(error)) from error
    return target.getvalue()


def _clean(value: object) -> object:
    """Texts without the control characters that a document cannot hold."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    return value


def _opened(path: Path) -> DocumentType:
    with explained(path):
        if not path.is_file():
            raise BadInput("template.not_there", Place(file=path.name))
        try:
            with Archive(path) as archive:
                archive.check_content()
            with path.open("rb") as source:
                return Document(source)
        except (BadZipFile, PackageNotFoundError, LxmlError, KeyError, ValueError) as error:
            raise BadInput("template.no_document", Place(file=path.name)) from error


def _stories(document: DocumentType, file: str) -> Iterator[Iterator[tuple[Place, str]]]:
    """The texts that are filled each for itself: the body, and each header and footer."""
    yield _walked(document, file, _spot("paragraph"))
    for section in document.sections:
        for name in ("header", "footer"):
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                yield _walked(part, file, _spot(name))


def _spot(name: str) -> Callable[[int], str]:
    return lambda number: label("template_spot", name).format(number=number)


def _walked(part: Any, file: str, spot: Callable[[int], str]) -> Iterator[tuple[Place, str]]:
    """Paragraphs and cells in the order of the page, with where they stand."""
    paragraphs = tables = 0
    for block in part.iter_inner_content():
        if isinstance(block, Paragraph):
            paragraphs += 1
            yield Place(file=file, sheet=spot(paragraphs)), block.text
        elif isinstance(block, Table):
            tables += 1
            yield from _cells(block, file, label("template_spot", "table").format(number=tables))


def _cells(table: Table, file: str, spot: str) -> Iterator[tuple[Place, str]]:
    for number, row in enumerate(table.rows, 1):
        seen: set[int] = set()
        for cell in row.cells:
            if id(cell._tc) not in seen:  # merged cells come once for each column
                seen.add(id(cell._tc))
                where = Place(file=file, sheet=spot, row=number)
                yield from ((where, cast(str, each.text)) for each in cell.paragraphs)
