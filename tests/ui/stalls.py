"""What the main thread worked at a stretch, by what was being done.

Wall time would tell of the machine; the processor time of the main thread nearly does not. What is left of
the machine in it (others use its caches and the other half of its core) is measured by a piece of work that
is always the same. A timer beats; between two beats nothing else of the window was served.
"""

from __future__ import annotations

import time
from statistics import median

from PySide6.QtCore import Qt, QTimer

BEAT = 4
"""Milliseconds between beats; shorter stretches are not told apart."""
WORK = 20_000


class Stalls:
    """``longest`` has the longest stretch in seconds by name, ``by_kind`` by the kind of step and the screen."""

    def __init__(self) -> None:
        self.longest: dict[str, float] = {}
        self.by_kind: dict[str, float] = {}
        self._same_work: list[float] = []
        self._name = self._kind = ""
        self._since, self._so_far = time.thread_time(), 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self.beat)

    def start(self) -> None:
        """Begin to watch."""
        self._name = self._kind = ""
        self._so_far = 0.0
        self.go_on()
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()

    def begin(self, name: str, kind: str) -> None:
        """Until another step begins it is this that is done; the stretch of the former one is over."""
        self._keep(self._so_far)
        self._name, self._kind = name, kind
        self._so_far = 0.0
        self.go_on()

    def beat(self) -> None:
        """End a stretch: the loop was served."""
        self.pause()
        self._keep(self._so_far)
        self._so_far = 0.0
        self.go_on()

    def pause(self) -> None:
        """What follows is the test's own work and does not count."""
        self._so_far = time.thread_time() - self._since

    def go_on(self) -> None:
        """The test's own work is done; the stretch before it goes on."""
        self._since = time.thread_time() - self._so_far

    def _keep(self, took: float) -> None:
        if self._name:
            self.longest[self._name] = max(took, self.longest.get(self._name, 0.0))
            self.by_kind[self._kind] = max(took, self.by_kind.get(self._kind, 0.0))

    def measure(self) -> None:
        """Do the work that is always the same; call it now and then, outside every stretch."""
        began = time.thread_time()
        sum(hash(str(number)) & 1 for number in range(WORK))
        self._same_work.append(time.thread_time() - began)

    def slowness(self) -> float:
        """How much slower this machine was than at its best in this run, in the middle."""
        return median(self._same_work) / min(self._same_work) if self._same_work else 1.0

    def over(self, limit: float) -> dict[str, float]:
        """What took longer than so many seconds would be at the best of this machine."""
        return {name: took for name, took in self.longest.items() if took > limit * self.slowness()}

    def table(self, rows: int = 40) -> str:
        """The longest stretches by kind of step, and the longest single steps."""
        lines = [f"the machine was {self.slowness():.1f} times slower than at its best"]
        for found in (self.by_kind, self.longest):
            worst = sorted(found.items(), key=lambda row: -row[1])[:rows]
            lines += [f"{took * 1000:7.0f} ms  {name}" for name, took in worst] + [""]
        return "\n".join(lines)
