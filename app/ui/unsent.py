"""How much changed here since the last package, counted beside the window record by record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from app.clock import LOCAL
from app.services.outbox import ToExport, to_export
from app.ui.pauses import pause
from app.ui.screen import Lead

if TYPE_CHECKING:
    from app.services.workplace import Changes, Workplace
    from app.ui.jobs import Jobs

LATE: Final = 1200
"""Milliseconds after a change until it is counted: who answers item after item is not kept company by a count."""
EVERYTHING: Final = None


class Unsent(QObject):
    """The inspections that no package holds as they stand; ``changed`` when there are others or more.

    One answer marks its inspection, a package marks all; what is marked is looked up in the store's
    thread after a pause, so that a key never waits for it.
    """

    changed = Signal()

    def __init__(self, place: Workplace, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place, self._jobs = place, jobs
        self._found: ToExport | None = None
        self._marked: set[str] = set()
        self._all = True
        self._looking: QObject | None = None
        self._timer = pause(self, LATE, self._look)

    def hear(self, changes: Changes | None) -> None:
        """Something was stored."""
        if changes is None or changes.concern("package", "device"):
            self._all = True
        elif changes.concern("inspection"):
            self._marked |= changes.ids
        else:
            return
        if not self._timer.isActive():
            self._timer.start()

    def lead(self) -> Lead | None:
        """The line at the foot of the window; nothing while all is in some package."""
        found = self._found
        if found is None or not found.ids:
            return None
        running = f"（在办 {len(found.under_way)} 份）" if found.under_way else ""
        last = f"{found.last.astimezone(LOCAL):%Y-%m-%d %H:%M}" if found.last else "还没有导出过"
        hint = f"上次导出：{last}；未完成的检查完成后才交给单位。点击去交接"
        return Lead(f"未导出 {len(found.ids)} 份{running}", "handover", hint)

    def _look(self) -> None:
        if self._looking is not None:
            self._timer.start()
            return
        ids = EVERYTHING if self._all else frozenset(self._marked)
        self._marked, self._all = set(), False
        # An owner for each, for a job stays tied to its owner as long as that lives.
        self._looking = QObject(self)
        work = partial(to_export, self._place, ids)
        self._jobs.run(work, partial(self._came, ids), partial(self._failed, ids), self._looking)

    def _came(self, ids: frozenset[str] | None, found: ToExport) -> None:
        self._rest()
        known = self._found
        if ids is not EVERYTHING and known is not None:
            under_way = (known.under_way - ids) | found.under_way
            found = ToExport((known.ids - ids) | found.ids, under_way, found.last)
        self._found = found
        if found != known:
            self.changed.emit()

    def _failed(self, ids: frozenset[str] | None, _error: object) -> None:
        """A count is no reason to disturb anybody; the next change looks again."""
        self._rest()
        if ids is EVERYTHING:
            self._all = True
        else:
            self._marked |= ids

    def _rest(self) -> None:
        if self._looking is not None:
            self._looking.deleteLater()
            self._looking = None
