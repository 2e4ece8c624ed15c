"""Savepoints on their way to the store: where the work stands, and the newest state of open forms.

Writing goes through a lane of its own: a long import does not stop the window, and a long reading does
not hold up what was typed meanwhile. What a killed program loses is what came in the last fraction of a
second, or while another wrote to the store.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from app.services import savepoints
from app.services.savepoints import Value
from app.ui.pauses import pause

if TYPE_CHECKING:
    from app.services.workplace import Workplace
    from app.ui.jobs import Jobs
    from app.ui.shell import Shell

LATE: Final = 300
"""A changed state is handed to the store this many milliseconds later at most."""
LOOK_EVERY: Final = 400
AGE: Final = timedelta(days=30)
"""What nobody came back to for so long is forgotten."""
PLACE: Final = "place"


class Keeper(QObject):
    """Holds the newest state of each name and hands it to the store; ``None`` forgets a name."""

    def __init__(self, place: Workplace, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place, self._jobs = place, jobs
        found = savepoints.kept(place)
        self._known: dict[str, Value] = {each.name: each.value for each in found}
        self._waiting: dict[str, Value | None] = {}
        self._under_way: dict[str, Value | None] = {}
        self._late = pause(self, LATE, self.flush)
        for each in found:
            if place.now() - each.at > AGE:
                self.keep(each.name, None)

    def kept(self, name: str) -> Value | None:
        """The newest state of ``name``."""
        return self._known.get(name)

    def names(self, prefix: str) -> list[str]:
        """Every kept name that begins with ``prefix``."""
        return [name for name in self._known if name.startswith(prefix)]

    def keep(self, name: str, value: Value | None) -> None:
        """Keep another state of ``name``; the same one again costs nothing."""
        if self._known.get(name) == value:
            return
        if value is None:
            del self._known[name]
        else:
            self._known[name] = value
        self._waiting[name] = value
        if not self._late.isActive():
            self._late.start()

    def flush(self) -> None:
        """Hand what waits to a thread; while one state is on its way the next one waits."""
        if self._under_way or not self._waiting:
            return
        self._under_way, self._waiting = self._waiting, {}
        # An owner for each, for a job stays tied to its owner as long as that lives.
        owner = QObject(self)
        work = partial(savepoints.keep, self._place, values=dict(self._under_way))
        done, failed = partial(self._written, owner), partial(self._not_written, owner)
        self._jobs.run(work, done, failed, owner, lane="savepoints")

    def end(self) -> None:
        """Write what is left here and now; call it when the jobs have stopped."""
        self._late.stop()
        left = {**self._under_way, **self._waiting}
        self._under_way, self._waiting = {}, {}
        if left:
            savepoints.keep(self._place, values=left)

    def _written(self, owner: QObject, _nothing: object = None) -> None:
        owner.deleteLater()
        self._under_way = {}
        if self._waiting:
            self._late.start()

    def _not_written(self, owner: QObject, _error: object) -> None:
        """Try again with the next state; answers and notes say themselves when the disk is full."""
        owner.deleteLater()
        self._waiting = {**self._under_way, **self._waiting}
        self._under_way = {}


class PlaceKeeper(QObject):
    """Follows where somebody is: screen, record, item; and leads back there."""

    def __init__(self, shell: Shell, keeper: Keeper, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shell, self._keeper = shell, keeper
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin to follow."""
        self._timer.start()

    def stop(self) -> None:
        """Follow no longer, while the work is locked or the program ends."""
        self._timer.stop()

    def look(self) -> None:
        """Keep the place as it is now."""
        screen = self._shell.current()
        if screen is not None:
            where = {"screen": self._shell.current_key(), "arguments": screen.where()}
            self._keeper.keep(PLACE, where)

    def go_back(self) -> None:
        """Open the screen and the record of last time, where this role still has them."""
        kept = self._keeper.kept(PLACE) or {}
        key, arguments = kept.get("screen"), kept.get("arguments")
        if isinstance(key, str) and self._shell.has(key):
            self._shell.open(key, **(arguments if isinstance(arguments, dict) else {}))
