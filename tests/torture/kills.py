"""Processes that are killed: at every named step, at every file operation, and at random moments.

Each attempt is a process of its own (a fork) that opens a fresh copy of a home, works, and dies by
SIGKILL. Then the home is opened again and everything is examined.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from app.errors import BadInput
from app.models.revisions import Package, Revision
from app.services import enrolment, handover, merging
from app.services.workplace import Workplace
from tests.services.parcels import VISIT, send
from tests.torture.stage import Stage, faults

IMPORT_STEPS = ("staged", "applied", "committed", "settled")
EXPORT_STEPS = ("sealed", "written", "split", "noted")
VOLUME = 64_000
"""Bytes of a volume; the package takes three, each of which gets its name by itself."""

_RENAME = frozenset({"os.rename"})
_WATCHED = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"})

Work = Callable[[Workplace, Callable[[str], None]], object]


@dataclass(frozen=True)
class Way:
    """One way to write a package: into a folder or a named file, whole or in volumes."""

    name: str = ""
    split: int | None = None

    @property
    def renames(self) -> int:
        """How many files get their name."""
        return 1 if self.split is None else 4

    def out(self, stick: Path) -> Path:
        """What the export is told."""
        return stick / self.name if self.name else stick

    def there(self, stick: Path) -> list[Path]:
        """The packages and volumes that a person sees on the stick."""
        seen = (each for each in stick.glob("*.cy?") if not each.name.startswith("."))
        return sorted(seen)


WAYS = {
    "export": Way(),
    "split export": Way(split=VOLUME),
    "named export": Way(name="交办公室.cyb"),
    "named split export": Way(name="交办公室[1].cyb", split=VOLUME),
}


def die() -> None:
    """End this process the hard way."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Tally:
    """How many processes were killed where, and what was wrong afterwards."""

    kills: Counter[str] = field(default_factory=Counter)
    unkilled: int = 0
    before: int = 0
    after: int = 0
    faults: list[str] = field(default_factory=list)


class Harness:
    """Kills one kind of work over and over."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.folder = stage, folder
        self.tally = Tally()
        shutil.rmtree(folder / "packages", ignore_errors=True)
        (folder / "packages").mkdir(parents=True)
        home = stage.fresh("laptop", folder / "sender")
        with stage.opened("laptop", home) as laptop:
            self.package = send(laptop, folder / "packages")
            known = {row.device_id: row.office for row in enrolment.device_rows(laptop)}
        own = known.pop(laptop.device_id)
        self.receivers = [device for device, office in known.items() if office == own]
        """The office and the other laptop: one package for both."""
        assert len(self.receivers) == 2

    def killed(
        self, name: str, home: Path, work: Work, *, step: str = "", operation: int = 0, rename: int = 0,
        wait: float = 0,
    ) -> bool:  # fmt: skip
        """Do ``work`` in a process that dies at a step, at its n-th file operation or rename, or after ``wait``."""
        child = os.fork()
        if not child:
            self._work_and_die(name, home, work, step, _Countdown(operation or rename, only=bool(rename)))
        if wait:
            time.sleep(wait)
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL

    def _work_and_die(self, name: str, home: Path, work: Work, step: str, count: _Countdown) -> None:
        def at(reached: str) -> None:
            if reached == step:
                die()

        try:
            with self.stage.opened(name, home) as place:
                sys.addaudithook(count)
                work(place, at)
        finally:
            os._exit(0)

    def attempt(self, kind: str, label: str, **how: object) -> bool:
        """One killed process and everything after it; whether it was killed in time."""
        scene = self.folder / "scene"
        shutil.rmtree(scene, ignore_errors=True)
        scene.mkdir()
        killed = self._import(scene, **how) if kind == "import" else self._export(scene, WAYS[kind], **how)
        if killed:
            self.tally.kills[f"{kind} {label}"] += 1
        else:
            self.tally.unkilled += 1
        return killed

    def _import(self, scene: Path, **how: object) -> bool:
        stick = scene / "stick"
        stick.mkdir()
        package = Path(shutil.copy(self.package, stick))
        home = self.stage.fresh("office", scene)

        def work(place: Workplace, at: Callable[[str], None]) -> object:
            return merging.import_packages(place, paths=[package], at=at)

        killed = self.killed("office", home, work, **how)  # type: ignore[arg-type]
        with self.stage.opened("office", home) as office:
            self._note(faults(office))
            there = holds(office)
            self._note([] if there in {(0, 0), (1, 2)} else [f"half an import: {there}"])
            self.tally.after += there[0]
            self.tally.before += 1 - there[0]
            (done,) = merging.import_packages(office, paths=[package])
            expected = (0, 1) if there[0] else (1, 0)
            ok = (
                done.problem is None and (done.accepted, done.already) == expected and holds(office) == (1, 2)
            )
            self._note([*faults(office), *([] if ok else [f"the next import: {done}"])])
        self._note([f"on the stick: {path.name}" for path in stick.glob(".*")])
        return killed

    def _export(self, scene: Path, way: Way, **how: object) -> bool:
        stick = scene / "stick"
        stick.mkdir()
        home = self.stage.fresh("laptop", scene)

        def work(place: Workplace, at: Callable[[str], None]) -> object:
            return handover.export_package(
                place, out=way.out(stick), to=self.receivers, split=way.split, at=at
            )

        killed = self.killed("laptop", home, work, **how)  # type: ignore[arg-type]
        office_home = self.stage.fresh("office", scene)
        with self.stage.opened("laptop", home) as laptop, self.stage.opened("office", office_home) as office:
            # A package that was to be split lies in the home until the next export.
            outbox = {f"left {path.name}" for path in (home / handover.OUTBOX).glob(".*.part")}
            self._note([each for each in faults(laptop) if each not in outbox])
            self._look(way, stick, laptop, office)
            self._again(way, stick, laptop, office)
            self._note([*faults(laptop), *faults(office)])
            self._note([] if holds(office) == (1, 2) else ["the next export brought not everything"])
        self._note([f"on the stick: {path.name}" for path in stick.glob(".*")])
        return killed

    def _look(self, way: Way, stick: Path, laptop: Workplace, office: Workplace) -> None:
        """What is on the stick after the kill: all of a package; where it was not written down, perhaps a piece."""
        written, receivers = _written(laptop)
        if receivers != written * len(self.receivers):
            self._note(["a package was written down for some of its receivers"])
        there = way.there(stick)
        if written and not there:
            self._note(["a package was written down that is not there"])
        for done in merging.import_packages(office, paths=there):
            missing = done.problem is not None and done.problem.code == "sync.volumes_missing"
            whole = done.problem is None and done.accepted + done.already
            self._note([] if whole or (missing and not written) else [f"half a package: {done}"])
        self.tally.after += written
        self.tally.before += 1 - written

    def _again(self, way: Way, stick: Path, laptop: Workplace, office: Workplace) -> None:
        """The next export to the same place: only what is whole stands in its way, or stays beside it."""
        try:
            self._whole(way, stick, laptop)
        except BadInput as error:
            there = way.there(stick)
            good = way.name and error.problem.code == "sync.target_exists"
            whole = len(there) == way.renames - (way.split is not None)
            self._note([] if good and whole else [f"{error}, there: {there}"])
            for path in there:
                path.unlink()
            self._whole(way, stick, laptop)
        for done in merging.import_packages(office, paths=[stick]):
            self._note([] if done.problem is None else [f"after the next export: {done}"])

    def _whole(self, way: Way, stick: Path, laptop: Workplace) -> None:
        handover.export_package(laptop, out=way.out(stick), to=self.receivers, whole=True, split=way.split)

    def _note(self, found: list[str]) -> None:
        self.tally.faults += found


class _Countdown:
    """Kills the process at its n-th operation on a file, or at its n-th rename; never for zero."""

    def __init__(self, left: int, *, only: bool) -> None:
        self._left = left
        self._watched = _RENAME if only else _WATCHED

    def __call__(self, event: str, _arguments: tuple[object, ...]) -> None:
        if event in self._watched:
            self._left -= 1
            if self._left == 0:
                die()


def holds(place: Workplace) -> tuple[int, int]:
    """Whether the visit is here, and how many files of evidence."""
    with place.read() as session:
        wanted = select(func.count()).select_from(Revision).where(Revision.record_id == VISIT)
        return session.scalar(wanted) or 0, len(list(place.evidence.names()))


def _written(place: Workplace) -> tuple[int, int]:
    """How many packages were made, and for how many receivers together."""
    wanted = select(func.count(Package.id.distinct()), func.count()).where(Package.outgoing)
    with place.read() as session:
        made, receivers = session.execute(wanted).one()
        return made, receivers


Plan = tuple[str, str, dict[str, object]]


def certain() -> Iterator[Plan]:
    """Every named step, and every file that is about to get its name."""
    for step in IMPORT_STEPS:
        yield "import", f"at step {step}", {"step": step}
    for kind, way in WAYS.items():
        for step in EXPORT_STEPS:
            yield kind, f"at step {step}", {"step": step}
        for rename in range(1, way.renames + 1):
            yield kind, "at a rename", {"rename": rename}


def plans(chance: random.Random, longest: dict[str, float]) -> Iterator[Plan]:
    """Endless ways to die: the certain ones, every file operation, then random moments."""
    operation = dict.fromkeys(("import", *WAYS), 0)
    while True:
        yield from certain()
        for kind in operation:
            for _ in range(8):
                operation[kind] = operation[kind] % 60 + 1
                yield kind, "at a file operation", {"operation": operation[kind]}
            for _ in range(12):
                yield kind, "at a random moment", {"wait": chance.uniform(0.001, longest[kind])}


def run(stage: Stage, folder: Path, kills: int, seed: int = 11) -> Tally:
    """Kill until ``kills`` processes died in the middle of their work."""
    harness = Harness(stage, folder)
    longest = {kind: _time(harness, kind) for kind in ("import", *WAYS)}
    for kind, label, how in plans(random.Random(seed), longest):
        if harness.tally.kills.total() >= kills:
            return harness.tally
        harness.attempt(kind, label, **how)
    raise AssertionError("unreachable")


def _time(harness: Harness, kind: str) -> float:
    """How long the whole work takes in a process of its own, so that random kills fall inside it."""
    start = time.perf_counter()
    harness.attempt(kind, "", step="never")
    harness.tally = Tally()
    # The attempt spends about half of its time on examining.
    return (time.perf_counter() - start) / 2
