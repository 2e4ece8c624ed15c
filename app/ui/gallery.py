"""Pictures of the real screens on a home: ``python -m app.ui.gallery HOME OUT``.

The screens are opened as the rail opens them and grabbed at the size of a field laptop; nothing is
typed or stored. The passphrase comes from the environment. The demonstration runs this in a process
of its own, offscreen.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.application import create_home, open_home
from app.ui.jobs import Jobs
from app.ui.theme import Theme, speak_chinese
from app.ui.unlock import NAME, UnlockWindow
from app.vocabulary import InspectionStatus

if TYPE_CHECKING:
    from app.services.workplace import Workplace
    from app.ui.shell import Shell

SIZE: Final = (1366, 768)
QUIET: Final = 0.35
"""Seconds without running work after which a screen counts as settled."""

PATIENCE: Final = 15.0

Shot = tuple[str, str, dict[str, object]]
"""Name of the picture, key of the screen, what the screen is asked to show."""


def take(home: Path, passphrase: str, out: Path) -> list[Path]:
    """Take every picture into ``out``; needs the program's one ``QApplication``."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    out.mkdir(parents=True, exist_ok=True)
    theme, jobs = Theme.install(app, "light"), Jobs()
    made = [_picture(UnlockWindow(home, jobs, open_home, create_home), jobs, out / "unlock.png")]
    with open_home(home, passphrase) as place:
        shell = _shell(place, jobs, theme)
        shell.resize(*SIZE)
        shell.show()
        for name, key, arguments in _shots(place, shell):
            shell.open(key, **arguments)
            made.append(_picture(shell, jobs, out / f"{name}.png"))
        theme.set_mode("dark")
        made.append(_picture(shell, jobs, out / "dark.png"))
        jobs.shutdown()
        shell.deleteLater()
    return made


def _shell(place: Workplace, jobs: Jobs, theme: Theme) -> Shell:
    from app.ui.screens import Desk, screens_for, status_of
    from app.ui.shell import Shell

    desk = Desk(place, jobs, theme)
    return Shell(NAME, (place.owner.office, place.owner.name), screens_for(desk), lambda: status_of(desk))


def _shots(place: Workplace, shell: Shell) -> Iterator[Shot]:
    """Every screen of the rail; a visit under way and a finished one where the home has them."""
    from app.services.visits import inspection_ids

    for number, key in enumerate(shell.keys(), 1):
        yield f"{number:02d}-{key}", key, {}
    if "visit" in shell.keys():  # noqa: SIM118 - a method of the shell, no dictionary
        for status in (InspectionStatus.FINALISED, InspectionStatus.IN_PROGRESS):
            for found in inspection_ids(place, status=status)[:1]:
                yield f"visit-{status}", "visit", {"inspection_id": found}


def _picture(widget: QWidget, jobs: Jobs, path: Path) -> Path:
    """Grab a window once nothing moves in it any more."""
    widget.resize(*SIZE)
    widget.show()
    settle(jobs)
    if not widget.grab().save(str(path)):
        raise OSError(f"not written: {path}")
    return path


def settle(jobs: Jobs) -> None:
    """Run the event loop until no job has run for a while."""
    now = time.monotonic()
    quiet_since, end = now, now + PATIENCE
    while now - quiet_since < QUIET and now < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        now = time.monotonic()
        if jobs.is_busy():
            quiet_since = now


def main(arguments: Sequence[str]) -> int:
    """Take the pictures of ``HOME`` into ``OUT``."""
    home, out = map(Path, arguments)
    app = QApplication(sys.argv[:1])
    speak_chinese(app)
    take(home, os.environ["CHAYAN_PASSPHRASE"], out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
