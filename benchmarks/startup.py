"""From the start of the process to the first painted window, and to the list of 10,000 targets.

    python benchmarks/startup.py [--repeat N] [--targets N]

The floor is a bare PySide6 window with one label in the same session of Qt. Both are painted in a
process of their own; time runs from before the process is started until its first paint is over.
Then the passphrase is handed in as if it had been typed, and time runs on until the list of targets
is painted with its rows. Sides take turns, and the end of each side's fastest quarter counts. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

GOAL = 1.8
PASSPHRASE = "benchmark"

BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

class Window(QWidget):
    def paintEvent(self, event):
        QTimer.singleShot(0, self.tell)

    def tell(self):
        print(time.monotonic(), flush=True)
        app.quit()

app = QApplication(sys.argv)
window = Window()
QLabel("认证查验", window)
window.resize(1366, 768)
window.show()
app.exec()
"""

OURS = """
import sys, time
from app.__main__ import home_for_window
home = home_for_window(["--home", sys.argv[1]])
from app.ui import application
from PySide6.QtCore import QEvent, QObject, QTimer

class Window(application.UnlockWindow):
    told = False

    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.told:
            self.told = True
            QTimer.singleShot(0, painted)

class Rows(QObject):
    def eventFilter(self, viewport, event):
        if event.type() == QEvent.Type.Paint and viewport.parent().model().rowCount():
            viewport.removeEventFilter(self)
            QTimer.singleShot(0, leave)
        return False

def painted():
    print(time.monotonic(), flush=True)
    if sys.argv[2] == "window":
        application.QApplication.quit()
        return
    session = application.QApplication.instance().findChild(application.Session)
    session.unlock.passphrase_page.submitted.emit(sys.argv[3])
    look(session)

def look(session):
    if session.shell is None or session.unlock is not None:
        QTimer.singleShot(2, lambda: look(session))
        return
    print(time.monotonic(), flush=True)
    session.shell.open("targets")
    viewport = session.shell.current().table.viewport()
    viewport.installEventFilter(rows)
    viewport.update()

def leave():
    print(time.monotonic(), flush=True)
    application.QApplication.quit()

rows = Rows()
application.UnlockWindow = Window
application.run(home)
"""


def moments(script: str, *arguments: str) -> list[float]:
    """Seconds from the start of a process to each moment that it told."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # A program that was started once has its bytecode, whatever this shell wants written.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if not os.environ.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, env=environment, timeout=120, check=True,
    )  # fmt: skip
    return [float(line) - started for line in done.stdout.split()]


def make_home(folder: Path, targets: int) -> Path:
    """An inspector's home with ``targets`` assigned targets."""
    from app import bootstrap
    from app.demo.sample import lay_out
    from app.demo.script import script
    from app.services import assigning, planning, registering

    files = lay_out(folder / "registry", organizations=targets, seed=1)
    with bootstrap.create_home(folder / "home", PASSPHRASE, script().laptop) as place:
        for path in files.registry:
            registering.import_registry(place, path=path)
        registering.import_people(place, path=files.people)
        plan = planning.import_plan(place, path=files.plan).plan_id
        team = [row.credential for row in registering.people_rows(place)][:2]
        for task in planning.task_rows(place, plan_id=plan):
            found = assigning.candidate_ids(place, plan_id=plan, task_key=task.key)
            assigning.assign(
                place, plan_id=plan, task_key=task.key, organization_ids=found, officers=team, lead=team[0],
                device_id=place.device_id,
            )  # fmt: skip
        assert len(assigning.assignment_ids(place)) == targets
    return folder / "home"


def measure(folder: Path, repeat: int, targets: int) -> dict[str, object]:
    home = make_home(folder, targets)
    moments(BARE)
    moments(OURS, str(home), "window", PASSPHRASE)
    windows = [(moments(BARE)[0], moments(OURS, str(home), "window", PASSPHRASE)[0]) for _ in range(repeat)]
    lists = [moments(OURS, str(home), "list", PASSPHRASE) for _ in range(max(3, repeat // 3))]
    floor, ours = (statistics.quantiles(side, n=4)[0] for side in zip(*windows, strict=True))
    window, unlocked, usable = min(lists, key=lambda run: run[-1])
    ratio = ours / floor
    return {
        "benchmark": "startup",
        "targets": targets,
        "floor_seconds": round(floor, 3),
        "seconds": round(ours, 3),
        "ratio": round(ratio, 2),
        "goal": GOAL,
        "met": ratio <= GOAL,
        "unlock_seconds": round(unlocked - window, 3),
        "list_seconds": round(usable - unlocked, 3),
        "start_to_list_seconds": round(usable, 3),
        "start_to_list_ratio": round(usable / floor, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--targets", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options.repeat, options.targets), indent=1))


if __name__ == "__main__":
    main()
