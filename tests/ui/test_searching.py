"""The search of a long list: the store is asked once, each key narrows what is held."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.services.search_texts import SearchTexts
from app.ui.jobs import Jobs
from app.ui.searching import Found, Search, Source

NAMES = {"a": "恒电 hd", "b": "恒信 hx", "c": "瑞泰 rt"}


@dataclass(frozen=True)
class Wanted:
    query: str = ""
    backwards: bool = False

    def saying(self, query: str) -> Wanted:
        return replace(self, query=query)


@dataclass
class Shelf:
    """A store that remembers what it was asked for, and in which thread."""

    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))
    lists: list[Wanted] = field(default_factory=list)
    readings: int = 0
    threads: set[int] = field(default_factory=set)
    shown: list[Found[Wanted]] = field(default_factory=list)

    def find(self, asked: Wanted) -> Found[Wanted]:
        self.lists.append(asked)
        self.threads.add(threading.get_ident())
        found = [key for key, name in self.names.items() if asked.query in name]
        return Found(asked, tuple(found[::-1] if asked.backwards else found), nothing=not self.names)

    def texts(self) -> SearchTexts:
        self.readings += 1
        self.threads.add(threading.get_ident())
        return SearchTexts(dict(self.names))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def search(jobs: Jobs, shelf: Shelf) -> Iterator[Search[Wanted]]:
    owner = QObject()
    source: Source = shelf.texts
    yield Search(
        jobs, owner, find=shelf.find, source=lambda _: source, show=shelf.shown.append,
        failed=partial(pytest.fail, "the store refused"),
    )  # fmt: skip
    owner.deleteLater()


@pytest.fixture
def ready(search: Search[Wanted], jobs: Jobs, shelf: Shelf, qtbot) -> Search[Wanted]:
    search.ask(Wanted())
    search.prepare()
    qtbot.waitUntil(lambda: not jobs.is_busy())
    shelf.lists.clear()
    return search


def idle(jobs: Jobs, qtbot) -> None:
    qtbot.waitUntil(lambda: not jobs.is_busy())
    QApplication.processEvents()


def test_a_key_is_answered_at_once_and_asks_no_store(ready: Search[Wanted], shelf: Shelf) -> None:
    for query, ids in (
        ("恒", ("a", "b")),
        ("恒电", ("a",)),
        ("恒", ("a", "b")),
        ("rt", ("c",)),
        ("", tuple("abc")),
    ):
        ready.ask(Wanted(query))
        assert shelf.shown[-1] == Found(Wanted(query), ids)
    assert shelf.lists == []
    assert threading.get_ident() not in shelf.threads


def test_a_key_while_the_store_is_busy_does_not_wait(ready: Search[Wanted], jobs: Jobs, shelf: Shelf, qtbot):
    gate, owner = threading.Event(), QObject()
    jobs.run(lambda: gate.wait(30), lambda _: None, None, owner)
    ready.ask(Wanted("恒"))
    assert shelf.shown[-1].ids == ("a", "b")
    gate.set()
    idle(jobs, qtbot)


def test_before_the_texts_are_read_the_store_searches(search: Search[Wanted], jobs, shelf: Shelf, qtbot):
    search.ask(Wanted("恒"))
    idle(jobs, qtbot)
    assert shelf.lists == [Wanted("恒")]
    assert shelf.shown == [Found(Wanted("恒"), ("a", "b"))]
    assert shelf.readings == 0


def test_another_list_is_read_from_the_store_and_its_texts_are_not(ready, jobs, shelf: Shelf, qtbot):
    ready.ask(Wanted("恒", backwards=True))
    idle(jobs, qtbot)
    assert shelf.shown[-1].ids == ("b", "a")
    ready.prepare()
    idle(jobs, qtbot)
    assert shelf.lists == [Wanted("恒", backwards=True), Wanted("", backwards=True)]
    ready.ask(Wanted("恒电", backwards=True))
    assert shelf.shown[-1].ids == ("a",)
    assert shelf.readings == 1


def test_what_was_stored_is_found_after_it_was_told(ready: Search[Wanted], jobs, shelf: Shelf, qtbot):
    ready.ask(Wanted("恒"))
    shelf.names["d"] = "恒远 hy"
    ready.forget()
    ready.ask(Wanted("恒"))
    idle(jobs, qtbot)
    assert shelf.shown[-1].ids == ("a", "b", "d")
    ready.prepare()
    idle(jobs, qtbot)
    ready.ask(Wanted("hy"))
    assert shelf.shown[-1].ids == ("d",)


def test_a_list_read_before_something_was_stored_is_not_held(search, jobs, shelf: Shelf, qtbot):
    search.ask(Wanted())
    search.prepare()
    search.forget()
    shelf.names["d"] = "恒远 hy"
    idle(jobs, qtbot)
    shelf.lists.clear()
    search.ask(Wanted("恒"))
    idle(jobs, qtbot)
    assert shelf.lists == [Wanted("恒")]
    assert shelf.shown[-1].ids == ("a", "b", "d")


def test_an_answer_that_comes_late_does_not_take_the_place_of_a_newer_one(ready, jobs, shelf: Shelf, qtbot):
    gate, owner = threading.Event(), QObject()
    jobs.run(lambda: gate.wait(30), lambda _: None, None, owner)
    ready.ask(Wanted("恒", backwards=True))
    ready.ask(Wanted("恒"))
    gate.set()
    idle(jobs, qtbot)
    assert shelf.shown[-1] == Found(Wanted("恒"), ("a", "b"))
