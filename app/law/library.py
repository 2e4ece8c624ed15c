"""Reading the law data and looking things up in it: by id, by document, in force on a day.

An office may replace or add files; whatever is wrong in them is a located problem and the rest is
usable. A provision id is ``document/article``; an item may follow (``measures/7(2)``), which
finds the article and is written out in the citation.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from app.errors import Place, Problem
from app.files import catalog
from app.law.citation import article_words, document_words, is_article, without_item
from app.law.provision import Document, Entry, Provision, Standing, TimeLimit, provision_of

PROVISION_FILES = ("provisions.toml", "further.toml", "former.toml")
DEADLINE_FILE = "deadlines.toml"

T = TypeVar("T", Document, Entry, TimeLimit)


class Library:
    """All provisions and time limits an office works with."""

    def __init__(self, provisions: Iterable[Provision], limits: Iterable[TimeLimit] = ()) -> None:
        self._provisions = {provision.id: provision for provision in provisions}
        self._limits = {limit.id: limit for limit in limits}

    @property
    def documents(self) -> dict[str, Document]:
        """Every version of a document that a provision here belongs to, by its id."""
        return {provision.document_id: provision.document for provision in self}

    def amended(self, documents: dict[str, Document], further: Library) -> Library:
        """This library with ``further`` put over it; what it says of ``documents`` holds for all their articles."""
        kept = (
            replace(provision, document=documents.get(provision.document_id, provision.document))
            for provision in self
        )
        return Library([*kept, *further], [*self.limits(), *further.limits()])

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

    def versions(self, provision_id: str) -> tuple[Provision, ...]:
        """The provision and those on the same matter in older and newer versions, the oldest first."""
        newest = self.get(provision_id)
        while newest is not None and (later := self.get(newest.became)) is not None and later != newest:
            newest = later
        found = [] if newest is None else [newest]
        for each in found:
            found += [old for old in self if old.became == each.id and old not in found]
        return tuple(reversed(found))

    def on_day(self, provision_id: str, day: date) -> tuple[Provision, ...]:
        """The same matter as it stood on a day, such as that of an older act.

        Where no version is known to have applied, every one that may have; the officer decides.
        """
        standing = [(each, each.document.standing(day)) for each in self.versions(provision_id)]
        sure = tuple(each for each, stands in standing if stands is Standing.IN_FORCE)
        return sure or tuple(each for each, stands in standing if stands is Standing.NOT_KNOWN)

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

    def order_grounds(self) -> tuple[str, ...]:
        """Ids of what an order may rest on where no penalty is cited."""
        return tuple(each.id for each in self if each.grounds == "order")

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
    reader = Reader()
    for name in (*PROVISION_FILES, DEADLINE_FILE):
        reader.take(folder / name)
    reader.check_references()
    return reader.library(), tuple(reader.problems)


class Reader:
    """Collects the good part and the problems of law data, which may build on ``base``."""

    def __init__(self, base: Library | None = None) -> None:
        self.base = base or Library(())
        self.documents: dict[str, Document] = {}
        self.provisions: dict[str, Provision] = {}
        self.limits: dict[str, TimeLimit] = {}
        self.problems: list[Problem] = []
        self._places: dict[str, Place] = {}

    def library(self) -> Library:
        """What was read, without the base."""
        return Library(self.provisions.values(), self.limits.values())

    def take(self, source: Path | bytes, file: str = "") -> dict[str, object]:
        """Take one file of documents, provisions and time limits in; returns what else stands in it.

        ``file`` is what bytes are called in problems.
        """
        file = source.name if isinstance(source, Path) else file
        content = self._tables(source, file)
        documents = content.pop("documents", {})
        for key, raw in documents.items() if isinstance(documents, dict) else ():
            if (document := self._converted(raw, Document, file, key)) is not None:
                self.documents[key] = document
        for number, raw in enumerate(_list(content.pop("provisions", [])), start=1):
            if (entry := self._converted(raw, Entry, file, _name(raw, number))) is not None:
                self._add(entry, Place(file=file, column=entry.id))
        for number, raw in enumerate(_list(content.pop("deadlines", [])), start=1):
            if (limit := self._converted(raw, TimeLimit, file, _name(raw, number))) is not None:
                self._limit(limit, Place(file=file, column=limit.id))
        return content

    def check_references(self) -> None:
        """Report references to provisions that are neither here nor in the base."""
        known = self.base.amended(self.documents, self.library())
        references = [(key, item.penalised_by) for key, item in self.provisions.items()]
        references += [(key, (item.became,)) for key, item in self.provisions.items() if item.became]
        references += [(key, limit.basis) for key, limit in self.limits.items()]
        for key, wanted in references:
            for reference in wanted:
                if reference not in known:
                    self.report("law.unknown_reference", self._places[key], entry=key, reference=reference)

    def _limit(self, limit: TimeLimit, place: Place) -> None:
        if limit.id in self.limits:
            self.report("law.duplicate", place, entry=limit.id)
        else:
            self.limits[limit.id] = limit
            self._places[limit.id] = place

    def _add(self, entry: Entry, place: Place) -> None:
        document = self.documents.get(entry.document) or self.base.documents.get(entry.document)
        if document is None:
            self.report("law.unknown_document", place, entry=entry.id, document=entry.document)
        elif entry.id in self.provisions:
            self.report("law.duplicate", place, entry=entry.id)
        elif not (is_article(entry.article) if entry.article else entry.key and entry.place):
            self.report("law.bad_article", place, entry=entry.id, article=entry.article)
        elif (entry.penalty_min_fen or 0) > (entry.penalty_max_fen or entry.penalty_min_fen or 0):
            self.report("law.bad_range", place, entry=entry.id)
        else:
            self.provisions[entry.id] = provision_of(entry, document)
            self._places[entry.id] = place

    def _tables(self, source: Path | bytes, file: str) -> dict[str, object]:
        try:
            content = source.read_bytes() if isinstance(source, Path) else source
            return tomllib.loads(content.decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.report("law.not_readable", Place(file=file), reason=str(error))
            return {}

    def _converted(self, raw: object, kind: type[T], file: str, name: str) -> T | None:
        place = Place(file=file, column=name)
        if isinstance(raw, dict):
            for field in sorted(raw.keys() - {field.name for field in fields(kind)}):
                self.report("law.unknown_field", place, entry=name, field=field)
        try:
            return msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            self.report("law.bad_entry", place, entry=name, reason=str(error))
            return None

    def report(self, code: str, place: Place, **values: str | int) -> None:
        """Note a problem at a place."""
        self.problems.append(Problem(code, place, values))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _name(raw: object, number: int) -> str:
    """What to call an entry that may not be readable at all."""
    if not isinstance(raw, dict):
        return str(number)
    article = raw.get("article") or raw.get("key")
    return str(raw.get("id") or (f"{raw.get('document')}/{article}" if article else number))
