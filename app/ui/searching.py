"""Searching a long list: read from the store once, narrowed in memory at every key.

A keystroke shows its rows in the frame that follows it, whatever the store's thread is busy with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, Self, TypeVar

from PySide6.QtCore import QObject

from app.services.search_texts import Searched, SearchTexts
from app.ui.jobs import Failed, Jobs
from app.ui.latest import Latest


class Wish(Protocol):
    """What a list is asked for; equal wishes get equal lists."""

    @property
    def query(self) -> str:
        """The words."""
        ...

    def saying(self, query: str) -> Self:
        """The same list with other words."""
        ...


A = TypeVar("A", bound=Wish)
Source = Callable[[], SearchTexts]
"""Reads what the entries of a list are found by, in the store's thread."""


@dataclass(frozen=True)  # slots would make Found[A](…) fail on Python 3.11
class Found(Generic[A]):
    """Ids in order; ``nothing`` where there would be none in any state either."""

    asked: A
    ids: tuple[str, ...]
    nothing: bool = False


@dataclass(frozen=True)
class _Held(Generic[A]):
    """A list without words, ready to be narrowed."""

    whole: Found[A]
    searched: Searched
    """The whole list."""
    source: Source
    texts: SearchTexts


class Search(Generic[A]):
    """The search of one view: ``find`` reads a list from the store, ``show`` gets what is found.

    ``source`` names the texts of a list. The store is asked until :meth:`prepare` has read them, and
    again after :meth:`forget`; only the newest answer is shown.
    """

    def __init__(
        self,
        jobs: Jobs,
        owner: QObject,
        *,
        find: Callable[[A], Found[A]],
        source: Callable[[A], Source],
        show: Callable[[Found[A]], None],
        failed: Failed,
    ) -> None:
        self._find, self._source, self._show = find, source, show
        self._asking = Latest(jobs, self._answered, failed, owner)
        self._reading = Latest(jobs, self._read, failed, owner)
        self._asked: A | None = None
        self._held: _Held[A] | None = None
        self._last: tuple[str, Searched] | None = None
        self._texts: dict[Source, SearchTexts] = {}
        self._turn = 0

    def ask(self, asked: A) -> None:
        """Show what is found: at once where the list is held, otherwise when the store has answered."""
        self._asked = asked
        held = self._held
        if held is not None and held.whole.asked == asked.saying(""):
            self._asking.drop()
            nothing = held.whole.nothing and not asked.query
            self._show(Found(asked, self._narrowed(held.searched, asked.query).ids, nothing))
        else:
            self._asking.ask(partial(self._find, asked))

    def prepare(self) -> None:
        """Get the list that was asked for ready to be narrowed, beside the window."""
        if self._asked is None:
            return
        whole = self._asked.saying("")
        if self._held is None or self._held.whole.asked != whole:
            source = self._source(whole)
            work = partial(_hold, self._find, whole, source, self._texts.get(source))
            self._reading.ask(partial(_with_turn, self._turn, work))

    def forget(self, *, texts: bool = True) -> None:
        """Something was stored: read the list again, and where ``texts`` what its entries are found by."""
        self._turn += 1
        self._held = self._last = None
        if texts:
            self._texts.clear()

    def _narrowed(self, whole: Searched, query: str) -> Searched:
        """Another letter leaves fewer of those that were found before it."""
        said, among = self._last or ("", whole)
        found = (among if query.startswith(said) else whole).saying(query)
        self._last = (query, found)
        return found

    def _answered(self, found: Found[A]) -> None:
        self._show(found)

    def _read(self, answer: tuple[int, _Held[A]]) -> None:
        turn, held = answer
        if turn == self._turn:
            self._held, self._last = held, None
            self._texts[held.source] = held.texts


def _hold(find: Callable[[A], Found[A]], whole: A, source: Source, texts: SearchTexts | None) -> _Held[A]:
    """Runs in the store's thread."""
    found = find(whole)
    known = texts if texts is not None else source()
    return _Held(found, known.of(found.ids), source, known)


def _with_turn(turn: int, work: Callable[[], _Held[A]]) -> tuple[int, _Held[A]]:
    return turn, work()
