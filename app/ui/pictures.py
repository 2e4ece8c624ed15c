"""Opens a home, shows each screen of its role with data, and saves what is seen.

Every screen is pictured in the light, in the dark, and at 125 % scaling: ``inspector-visit.png``,
``inspector-visit-dark.png``, ``inspector-visit-125.png``. Nothing is stored. The clock stands at the
home's last change, so that a home pictured years later still shows what was due then.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QCursor, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.errors import EnvironmentFault, Place
from app.ui.application import create_home, open_home
from app.ui.jobs import Jobs
from app.ui.theme import Theme, speak_chinese
from app.ui.tokens import Mode
from app.ui.unlock import NAME, UnlockWindow
from app.vocabulary import InspectionStatus, Role

if TYPE_CHECKING:
    from app.services.visits import InspectionRow
    from app.services.workplace import Workplace

SIZE: Final = (1366, 768)
QUIET: Final = 0.1
"""Seconds without running work after which a screen counts as settled."""
TURNS: Final = 10
"""Turns of the loop without running work, as well."""
PATIENCE: Final = 15.0
UNSAID: Final = "This plugin does not support propagateSizeHints()"
"""What Qt says of every window without a display; it is no news to anyone who takes pictures."""

Arguments = dict[str, object]
"""What a screen is asked to show."""

EVIDENCE: Final = "evidence"
"""No section of its own: the evidence of a visit, where the visit offers it."""

CELLS: Final = ("nonconforming", "ordered_enterprises", "inspected", "cases", "officers")
"""Columns of the first table in which a chosen cell tells most, the best first."""


@dataclass(frozen=True, slots=True)
class Look:
    """One way to show every screen."""

    suffix: str
    mode: Mode
    scale: float = 1.0
    size: tuple[int, int] = SIZE


LOOKS: Final = (Look("", "light"), Look("-125", "light", 1.25), Look("-dark", "dark"))


def looks_of(theme: str, size: tuple[int, int] | None) -> Sequence[Look]:
    """The usual ways to show a screen, or the one that is asked for."""
    if not theme and size is None:
        return LOOKS
    modes: dict[str, Mode] = {each: each for each in ("light", "dark", "contrast", "contrast-dark")}
    mode = modes.get(theme, "light")
    return (Look(f"-{mode}", mode, size=size or SIZE),)


def take(home: Path, passphrase: str, out: Path, looks: Sequence[Look] = LOOKS) -> list[Path]:
    """Take every picture into ``out``; makes the application where there is none."""
    former = qInstallMessageHandler(_say)
    try:
        return _taken(home, passphrase, out, looks)
    finally:
        qInstallMessageHandler(former)


def _say(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if message != UNSAID:
        sys.stderr.write(f"{message}\n")


def _taken(home: Path, passphrase: str, out: Path, looks: Sequence[Look]) -> list[Path]:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    speak_chinese(app)
    theme, jobs = Theme.install(app, "light"), Jobs()
    out.mkdir(parents=True, exist_ok=True)
    with open_home(home, passphrase) as opened:
        place = _as_of_last_change(opened)
        role = str(place.owner.role)
        unlock = UnlockWindow(home, jobs, open_home, create_home)
        made = [_saved(unlock, jobs, theme, look, out / f"{role}-unlock", home=home) for look in looks]
        unlock.hide()
        try:
            made += _screens(place, jobs, theme, out, looks)
        finally:
            jobs.shutdown()
    return made


def _as_of_last_change(place: Workplace) -> Workplace:
    from app.services.trail import last_stored

    moment = last_stored(place)
    return place if moment is None else replace(place, clock=partial(_standing, moment))


def _standing(moment: datetime) -> datetime:
    return moment


def _screens(place: Workplace, jobs: Jobs, theme: Theme, out: Path, looks: Sequence[Look]) -> Iterator[Path]:
    from app.ui.dialog_pictures import opened, take_step
    from app.ui.screens import Desk, screens_for, status_of
    from app.ui.shell import Shell

    desk = Desk(place, jobs, theme)
    specs = screens_for(desk)
    shell = Shell(NAME, (place.owner.office, place.owner.name), specs, lambda: status_of(desk))
    wanted = shown(place)
    # Look by look, because another theme means painting every screen anew.
    for look in looks:
        for spec in specs:
            shell.open(spec.key, **wanted.get(spec.key, {}))
            yield _saved(shell, jobs, theme, look, out / f"{place.owner.role}-{spec.key}", home=place.home)
        if EVIDENCE in wanted:
            shell.open("visit", **wanted[EVIDENCE])
            if take_step(shell, "show_photos"):
                yield _saved(
                    shell, jobs, theme, look, out / f"{place.owner.role}-{EVIDENCE}", home=place.home
                )
        for name, dialog in opened(shell, desk, settle):
            yield _dialog_saved(dialog, look, out / f"{place.owner.role}-dialog-{name}")
        locked = UnlockWindow(place.home, jobs, open_home, create_home, locked=True)
        yield _saved(locked, jobs, theme, look, out / f"{place.owner.role}-locked", home=place.home)
        locked.hide()
        locked.deleteLater()
    shell.hide()
    shell.deleteLater()


def shown(place: Workplace) -> dict[str, Arguments]:
    """What each screen is asked to show: records that have something to tell."""
    from app.services.visits import inspection_ids, inspection_rows

    rows = inspection_rows(place, inspection_ids(place))
    if not rows:
        return {}
    most = _most_told(rows)
    told: Arguments = {"inspection_id": most.id}
    if place.owner.role is Role.INSPECTOR:
        return {"enforcement": told, "printing": told, "visit": _visit(place, rows), EVIDENCE: told}
    dossier: Arguments = {"organization_id": most.organization_id}
    return {"enforcement": told, "printing": told, "registry": dossier, "tables": _cell(place)}


def _most_told(rows: Sequence[InspectionRow]) -> InspectionRow:
    """The finished visit with most findings, a standing one where none is finished."""
    done = {InspectionStatus.FINALISED, InspectionStatus.APPROVED}
    return max(rows, key=lambda row: (row.status in done, row.findings, row.photos, row.id))


def _visit(place: Workplace, rows: Sequence[InspectionRow]) -> Arguments:
    """A visit under way, else the one with most findings, at an item that was found wrong."""
    from app.services import sheets

    running = [row for row in rows if row.status is InspectionStatus.IN_PROGRESS]
    chosen = max(running, key=lambda row: row.findings) if running else _most_told(rows)
    sheet = sheets.sheet(place, inspection_id=chosen.id)
    wrong = [row.item for row in sheet.findings if row.item]
    named: Arguments = {"inspection_id": chosen.id}
    return named | {"item": wrong[-1]} if wrong else named


def _cell(place: Workplace) -> Arguments:
    """A cell of the first table with a number worth asking about."""
    from app.services import reporting

    first = reporting.table_rows(place)[0].id
    named: Arguments = {"table": first}
    table = reporting.table(place, table=first)
    rows = sorted(table.rows, key=lambda row: row.total)
    for column in CELLS:
        for row in rows:
            cell = table.cells[row.key].get(column)
            if cell is not None and cell.amount:
                return named | {"row": row.key, "column": column}
    return named


def _saved(window: QWidget, jobs: Jobs, theme: Theme, look: Look, stem: Path, *, home: Path) -> Path:
    """Save the window in one look, once nothing moves in it any more."""
    theme.set_mode(look.mode)
    width, height = look.size
    window.resize(round(width / look.scale), round(height / look.scale))
    window.show()
    QCursor.setPos(width, height)  # nothing is pictured as under the pointer
    settle(jobs)
    _leave_out(window, home)
    path = stem.with_name(f"{stem.name}{look.suffix}.png")
    if not _picture(window, look).save(str(path)):
        raise EnvironmentFault("disk.failed", Place(file=str(path)), reason="PNG")
    return path


def _dialog_saved(dialog: QWidget, look: Look, stem: Path) -> Path:
    """Save a dialog as large as it opened."""
    path = stem.with_name(f"{stem.name}{look.suffix}.png")
    size = (round(dialog.width() * look.scale), round(dialog.height() * look.scale))
    if not _picture(dialog, replace(look, size=size)).save(str(path)):
        raise EnvironmentFault("disk.failed", Place(file=str(path)), reason="PNG")
    return path


def _leave_out(window: QWidget, home: Path) -> None:
    """Nobody who looks at a picture needs to know where on this machine the home lies."""
    for label in window.findChildren(QLabel):
        if str(home) in label.text():
            label.setText(label.text().replace(str(home), home.name))


def _picture(window: QWidget, look: Look) -> QPixmap:
    """What a screen shows in a look, with as many dots as the system's own scaling has it."""
    dots = window.devicePixelRatio()
    picture = QPixmap(round(look.size[0] * dots), round(look.size[1] * dots))
    picture.setDevicePixelRatio(look.scale * dots)
    window.render(picture)
    return picture


def settle(jobs: Jobs) -> None:
    """Run the event loop until no job has run for a while."""
    now = time.monotonic()
    quiet_since, end, turns = now, now + PATIENCE, 0
    # On a busy machine one turn may take longer than the pause, and leave a layout for the next.
    while (now - quiet_since < QUIET or turns < TURNS) and now < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        now, turns = time.monotonic(), turns + 1
        if jobs.is_busy():
            quiet_since, turns = now, 0
