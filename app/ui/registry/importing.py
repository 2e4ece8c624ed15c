"""Taking files in, one after the other beside the window, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.errors import ChayanError
from app.services import registering
from app.services.registering import PeopleImport, RegistryImport
from app.services.workplace import Changes
from app.ui.jobs import Ticket
from app.ui.registry import outcome
from app.ui.registry.outcome import Outcome

if TYPE_CHECKING:
    from app.ui.screens import Desk


class Importer(QObject):
    """Works through a list of files; cancelling stops the running file and leaves out the rest.

    ``begun(text, ticket)`` tells of each file, ``stored`` what changed, ``finished`` all outcomes.
    """

    begun = Signal(str, object)
    stored = Signal(object)
    finished = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._waiting: list[Path] = []
        self._outcomes: list[Outcome] = []
        self._take: Callable[[Path], None] = self._take_registry
        self.running = False

    def import_registries(self, paths: Sequence[Path]) -> None:
        """Take registry files in."""
        self._start(paths, self._take_registry)

    def import_people(self, paths: Sequence[Path]) -> None:
        """Take lists of inspectors in."""
        self._start(paths, self._take_people)

    def _start(self, paths: Sequence[Path], take: Callable[[Path], None]) -> None:
        if self.running or not paths:
            return
        self.running = True
        self._waiting, self._outcomes, self._take = list(paths), [], take
        self._next()

    def _next(self) -> None:
        if self._waiting:
            self._take(self._waiting.pop(0))
            return
        self.running = False
        self.finished.emit(tuple(self._outcomes))

    def _take_registry(self, path: Path) -> None:
        ticket = Ticket(self._desk.jobs)
        work = partial(
            registering.import_registry,
            self._desk.place,
            path=path,
            progress=ticket.report,
            cancelled=ticket.is_cancelled,
        )
        done, failed = partial(self._registry_taken, path), partial(self._failed, path)
        self._desk.jobs.run(work, done, failed, self, ticket=ticket)
        self.begun.emit(f"正在导入 {path.name}", ticket)

    def _registry_taken(self, path: Path, result: RegistryImport) -> None:
        if result.cancelled:
            self._waiting.clear()
        self._keep(outcome.of_registry(path, result), result.changes)

    def _take_people(self, path: Path) -> None:
        work = partial(registering.import_people, self._desk.place, path=path)
        done, failed = partial(self._people_taken, path), partial(self._failed, path)
        ticket = self._desk.jobs.run(work, done, failed, self)
        self.begun.emit(f"正在导入 {path.name}", ticket)

    def _people_taken(self, path: Path, result: PeopleImport) -> None:
        self._keep(outcome.of_people(path, result), result.changes)

    def _failed(self, path: Path, error: ChayanError) -> None:
        self._keep(outcome.of_failure(path, error), Changes())

    def _keep(self, what: Outcome, changes: Changes) -> None:
        self._outcomes.append(what)
        if changes.kinds:
            self.stored.emit(changes)
        self._next()
