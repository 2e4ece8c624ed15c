"""Work done beside the caller: hashing, encrypting and syncing, whose C code lets other threads run.

What is under way is bounded in bytes, so memory stays flat however much passes through. Results come
in the order in which the work was begun, and so does the first failure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, Self, TypeVar

T = TypeVar("T")

MOST = 32 << 20
"""Bytes that may be under way; a larger piece goes alone."""

_THREADS = 2


class Beside(Generic[T]):
    """Pieces of work under way in a few threads; none runs any more when the block is left."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, "beside")
        self._under_way: deque[tuple[int, Future[T]]] = deque()
        self._held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def __len__(self) -> int:
        return len(self._under_way)

    def full(self, size: int) -> bool:
        """Whether a result must be taken before a piece of ``size`` bytes may begin."""
        return bool(self._under_way) and self._held + size > MOST

    def begin(self, size: int, work: Callable[..., T], *arguments: object) -> None:
        """Begin one piece of work on ``size`` bytes."""
        self._held += size
        self._under_way.append((size, self._pool.submit(work, *arguments)))

    def take(self) -> T:
        """The result of the piece that was begun first; raises what it raised."""
        size, done = self._under_way.popleft()
        self._held -= size
        return done.result()
