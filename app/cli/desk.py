"""What every command works with: the home, its passphrase, and progress for who watches."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import typer

from app.cli.report import Exit
from app.cli.words import say
from app.errors import EnvironmentFault

if TYPE_CHECKING:
    from app.services.workplace import Workplace

PASSPHRASE = "CHAYAN_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a command works; kept in Typer's context."""

    home: Path

    @contextmanager
    def opened(self) -> Iterator[Workplace]:
        """The home, open while the body runs."""
        from app import bootstrap

        with bootstrap.open_home(self.home, passphrase()) as place:
            yield place


def desk(context: typer.Context) -> Desk:
    """The desk that the program put into the context."""
    found = context.obj
    assert isinstance(found, Desk)
    return found


def passphrase(*, fresh: bool = False) -> str:
    """From the environment, or asked for on a terminal (twice when it is a new one)."""
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise EnvironmentFault("cli.no_passphrase")
    typed = getpass(say("ask_passphrase"))
    if fresh and getpass(say("ask_again")) != typed:
        raise EnvironmentFault("cli.passphrases_differ")
    return typed


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A bar on stderr when a person watches there, otherwise silence."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Ctrl+C as a wish: the first lets the work stop cleanly, the second ends the program as a kill would.

    A file that is half written inside the encryption could not be tidied up by an exception.
    """
    pressed = 0

    def press(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            os._exit(Exit.INTERRUPTED)
        tell(say("stopping"))

    former = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed > 0
    finally:
        # Once it stops there is nothing left to hurry, and the answer is still to be printed.
        signal.signal(signal.SIGINT, signal.SIG_IGN if pressed else former)


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def tell(line: str) -> None:
    """A line about what is going on, on stderr."""
    print(line, file=sys.stderr, flush=True)
