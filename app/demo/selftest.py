"""The test of an installation: the main job in a temporary folder, step by step, without Qt."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random
from time import perf_counter

from app.clock import LOCAL
from app.demo import papers, sample
from app.demo.acting import Inspector, Occasion, Visited
from app.demo.couple import Couple
from app.demo.diary import PlayedClock
from app.demo.script import script
from app.errors import Bug, ChayanError, Problem
from app.services import assigning, planning, registering, reporting, upkeep
from app.vocabulary import InspectionType

PASSPHRASE = "selftest-only"  # noqa: S105 - of a home that is gone when the test ends

DAY = datetime(2026, 8, 12, 9, tzinfo=LOCAL)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was done, and how long it took."""

    name: str
    seconds: float
    ok: bool


@dataclass(frozen=True, slots=True)
class Tested:
    """The steps in order; the last one is the one that failed, if any did."""

    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether every step was done."""
        return all(step.ok for step in self.steps)


def selftest(*, tell: Tell) -> Tested:
    """Do the main job once; a step that fails ends the test and is named."""
    steps: list[Step] = []
    with tempfile.TemporaryDirectory(prefix="chayan-selftest-", ignore_cleanup_errors=True) as folder:
        trial = _Trial(Path(folder))
        try:
            for name, deed in trial.deeds():
                started = perf_counter()
                problems = _attempt(deed)
                steps.append(Step(name, round(perf_counter() - started, 3), not problems))
                tell(f"{name}: {'failed' if problems else 'ok'}")
                if problems:
                    return Tested(tuple(steps), problems)
        finally:
            trial.close()
    return Tested(tuple(steps), ())


def _attempt(deed: Callable[[], None]) -> tuple[Problem, ...]:
    try:
        deed()
    except ChayanError as error:
        return (error.problem,)
    return ()


@dataclass(slots=True)
class _Trial:
    """One office, one laptop, one visit."""

    folder: Path
    clock: PlayedClock = field(default_factory=lambda: PlayedClock(DAY))
    couple: Couple | None = None
    visited: Visited | None = None

    def deeds(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        """The steps by name, in order."""
        return (
            ("vault", self.vault), ("import", self.take_in), ("enrol", self.enrol), ("assign", self.assign),
            ("task_package", self.hand_out), ("inspect", self.inspect), ("print", self.print_forms),
            ("export", self.hand_in), ("table", self.count), ("verify", self.verify),
        )  # fmt: skip

    def vault(self) -> None:
        """Two homes."""
        self.couple = Couple.create(self.folder, PASSPHRASE, script(), self.clock)

    def take_in(self) -> None:
        """Every layout of the sample registry, people, plan."""
        files = sample.lay_out(self.folder / "registry", organizations=None, seed=1)
        for path in files.registry:
            registering.import_registry(self._both.office, path=path)
        registering.import_people(self._both.office, path=files.people)
        planning.import_plan(self._both.office, path=files.plan)

    def enrol(self) -> None:
        """Both sides show the same fingerprint."""
        self._both.enrol()

    def assign(self) -> None:
        """One target of the first task, for two officers."""
        office = self._both.office
        (plan,) = planning.plan_rows(office)
        task = next(
            row
            for row in planning.task_rows(office, plan_id=plan.id)
            if row.inspection_type is InspectionType.CCC_PRODUCER
        )
        candidates = assigning.candidate_ids(office, plan_id=plan.id, task_key=task.key)
        own = script().laptop.credential
        team = [own, next(row.credential for row in registering.people_rows(office) if row.credential != own)]
        assigning.assign(
            office, plan_id=plan.id, task_key=task.key, organization_ids=candidates[:1], officers=team,
            lead=own, device_id=self._both.laptop.device_id,
        )  # fmt: skip

    def hand_out(self) -> None:
        """The task package reaches the laptop."""
        self._both.to_laptop()

    def inspect(self) -> None:
        """A visit with a finding and an order."""
        laptop = self._both.laptop
        (target,) = assigning.assignment_rows(laptop, assigning.assignment_ids(laptop))
        inspector = Inspector(laptop, script(), self.clock, Random(1))
        self.visited = inspector.visit(target, 1, Occasion(faults=1))

    def print_forms(self) -> None:
        """Every form of the visit, and as a blank, as a PDF."""
        made = papers.print_forms(self._both.laptop, [self._visit], self.folder / "forms")
        if not made or any(not path.read_bytes().startswith(b"%PDF") for path in made):
            raise Bug("demo.no_pdf")

    def hand_in(self) -> None:
        """The package comes back to the office."""
        self._both.to_office()

    def count(self) -> None:
        """The visit is in the table, and the table becomes a workbook."""
        office = self._both.office
        exported = reporting.export_table(
            office, table="ccc-annex1", out=self.folder / "ccc-annex1.xlsx",
            period_from=date(2026, 1, 1), period_to=date(2026, 12, 31),
        )  # fmt: skip
        if exported.table.cells["total"]["inspected"].value != 1:
            raise Bug("demo.not_counted")

    def verify(self) -> None:
        """Both homes are whole."""
        for place in (self._both.office, self._both.laptop):
            for problem in upkeep.verify(place).problems:
                raise Bug(problem.code, problem.where, **problem.values)

    def close(self) -> None:
        """Close what was opened."""
        if self.couple is not None:
            self.couple.close()

    @property
    def _both(self) -> Couple:
        assert self.couple is not None
        return self.couple

    @property
    def _visit(self) -> Visited:
        assert self.visited is not None
        return self.visited
