"""Reading the law data and looking things up in it: by id, by document, in force on a day.

An office may replace or add files; whatever is wrong in them is a located problem and the rest is
usable. A provision id is ``document/article``; an item may follow (``ccc-rules-2022/54(2)``), which
finds the article and is written out in the citation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from app.errors import Place, Problem
from app.files import catalog
from app.law.citation import article_words, document_words, is_article, without_item
from app.law.provision import Document, Entry, Provision, Standing, TimeLimit, provision_of

PROVISION_FILES = ("provisions.toml", "further.toml")
DEADLINE_FILE = "deadlines.toml"

T = TypeVar("T", Document, Entry, TimeLimit)


class Library:
    """All provisions and time limits an office works with."""

    def __init__(self, provisions: Iterable[Provision], limits: Iterable[TimeLimit] = ()) -> None:
        self._provisions = {provision.id: provision for provision in provisions}
        self._limits = {limit.id: limit for limit in limits}

    def __contains__(self, provision_id: object) -> bool:
        return isinstance(provision_id, str) and self.get(provision_id) is not None

    def __iter__(self) -> Iterator[Provision]:
        return iter(self._provisions.values())

    def __len__(self) -> int:
        return len(self._provisions)

    def get(self, provision_id: str) -> Provision | None:
        """The provision of an id, whether or not the id goes down to an item."""
        return self._provisions.get(provision_id) or self._provisions.get(without_item(provision_id))

    def in_force(self, id_or_document: str, on: date) -> tuple[Provision, ...]:
        """Provisions of an id or document that apply on a day, or may: see :meth:`Document.standing`."""
        found = [
            provision
            for provision in self
            if id_or_document == provision.document_id or without_item(id_or_document) == provision.id
        ]
        standing = (Standing.IN_FORCE, Standing.NOT_KNOWN)
        return tuple(provision for provision in found if provision.document.standing(on) in standing)

    def cite(self, provision_id: str) -> str:
        """Title, edition and article in words; the id itself when it is unknown."""
        provision = self.get(provision_id)
        if provision is None:
            return provision_id
        notation = provision.article and provision_id.rpartition("/")[2]
        document = provision.document
        return document_words(document.title, document.edition) + (article_words(notation) or provision.place)

    def penalties(self, provision_id: str) -> tuple[Provision, ...]:
        """The provisions that punish a breach of ``provision_id``, itself included when it punishes."""
        provision = self.get(provision_id)
        if provision is None:
            return ()
        named = [found for ref in provision.penalised_by if (found := self.get(ref)) is not None]
        return (provision, *named) if provision.penalty else tuple(named)

    def limits(self) -> tuple[TimeLimit, ...]:
        """Every statutory time limit, in the order of the data."""
        return tuple(self._limits.values())

    def limit(self, limit_id: str) -> TimeLimit | None:
        """One statutory time limit by its id."""
        return self._limits.get(limit_id)


@cache
def library() -> Library:
    """The library that ships with the program, read once."""
    return load_library()[0]


def load_library(path: Path | None = None) -> tuple[Library, tuple[Problem, ...]]:
    """Read the law data in folder ``path`` (the shipped data by default)."""
    folder = path or catalog("law")
    reader = _Reader()
    for name in PROVISION_FILES:
        reader.provisions_of(folder / name)
    reader.limits_of(folder / DEADLINE_FILE)
    reader.check_references()
    return Library(reader.provisions.values(), reader.limits.values()), tuple(reader.problems)


class _Reader:
    """Collects the good part and the problems of one folder of law data."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.provisions: dict[str, Provision] = {}
        self.limits: dict[str, TimeLimit] = {}
        self.problems: list[Problem] = []
        self._places: dict[str, Place] = {}

    def provisions_of(self, path: Path) -> None:
        """Take one file of documents and provisions in."""
        content = self._tables(path)
        documents = content.get("documents", {})
        for key, raw in documents.items() if isinstance(documents, dict) else ():
            if (document := self._converted(raw, Document, path, key)) is not None:
                self.documents[key] = document
        for number, raw in enumerate(_list(content.get("provisions")), start=1):
            if (entry := self._converted(raw, Entry, path, _name(raw, number))) is not None:
                self._add(entry, Place(file=path.name, column=entry.id))

    def limits_of(self, path: Path) -> None:
        """Take the file of time limits in."""
        for number, raw in enumerate(_list(self._tables(path).get("deadlines")), start=1):
            limit = self._converted(raw, TimeLimit, path, _name(raw, number))
            if limit is None:
                continue
            place = Place(file=path.name, column=limit.id)
            if limit.id in self.limits:
                self._report("law.duplicate", place, entry=limit.id)
            else:
                self.limits[limit.id] = limit
                self._places[limit.id] = place

    def check_references(self) -> None:
        """Report references to provisions that are in none of the files."""
        known = Library(self.provisions.values())
        references = [(key, item.penalised_by) for key, item in self.provisions.items()]
        references += [(key, limit.basis) for key, limit in self.limits.items()]
        for key, wanted in references:
            for reference in wanted:
                if reference not in known:
                    self._report("law.unknown_reference", self._places[key], entry=key, reference=reference)

    def _add(self, entry: Entry, place: Place) -> None:
        document = self.documents.get(entry.document)
        if document is None:
            self._report("law.unknown_document", place, entry=entry.id, document=entry.document)
        elif entry.id in self.provisions:
            self._report("law.duplicate", place, entry=entry.id)
        elif not (is_article(entry.article) if entry.article else entry.key and entry.place):
            self._report("law.bad_article", place, entry=entry.id, article=entry.article)
        elif (entry.penalty_min_fen or 0) > (entry.penalty_max_fen or entry.penalty_min_fen or 0):
            self._report("law.bad_range", place, entry=entry.id)
        else:
            self.provisions[entry.id] = provision_of(entry, document)
            self._places[entry.id] = place

    def _tables(self, path: Path) -> dict[str, object]:
        try:
            return tomllib.loads(path.read_text("utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self._report("law.not_readable", Place(file=path.name), reason=str(error))
            return {}

    def _converted(self, raw: object, kind: type[T], path: Path, name: str) -> T | None:
        place = Place(file=path.name, column=name)
        if isinstance(raw, dict):
            for field in sorted(raw.keys() - {field.name for field in fields(kind)}):
                self._report("law.unknown_field", place, entry=name, field=field)
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            self._report("law.bad_entry", place, entry=name, reason=str(error))
            return None

    def _report(self, code: str, place: Place, **values: str | int) -> None:
        self.problems.append(Problem(code, place, values))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _name(raw: object, number: int) -> str:
    """What to call an entry that may not be readable at all."""
    if not isinstance(raw, dict):
        return str(number)
    article = raw.get("article") or raw.get("key")
    return str(raw.get("id") or (f"{raw.get('document')}/{article}" if article else number))
