"""The demonstration: a year of two devices, from the registry to the official tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from random import Random

from app.clock import LOCAL
from app.demo import papers, sample, scanning
from app.demo.acting import Inspector, Occasion, Visited
from app.demo.clerk import LATER, ON_THE_SPOT, Clerk
from app.demo.couple import Couple
from app.demo.diary import Diary, PlayedClock, working_days
from app.demo.disputing import disagree
from app.demo.faults import Course
from app.demo.following import Aftermath
from app.demo.sample import Sample
from app.demo.script import Script, script
from app.errors import BadInput, Place
from app.planning.workdays import add_days
from app.services import assigning, inspecting, planning, registering, visits
from app.services.targets import TargetRow
from app.services.upkeep import status
from app.vocabulary import (
    InspectionStatus,
    InspectionType,
    ProductionStatus,
    SignatureState,
)

PASSPHRASE = "chayan-demo"  # noqa: S105 - printed, for looking around in made-up homes

START = datetime(2026, 1, 12, 9, tzinfo=LOCAL)
FIRST_VISIT, LAST_VISIT, END = date(2026, 2, 26), date(2026, 10, 13), date(2026, 11, 20)
HALF_TIME = date(2026, 6, 30)

VISITS = 30
SETTLED_AFTER = 55
"""Days after a visit by which what follows from it has happened."""

SHARES = {
    InspectionType.CCC_PRODUCER: 12,
    InspectionType.ORGANIC_ORG: 7,
    InspectionType.SELENIUM_ORG: 5,
    InspectionType.MS_ORG: 14,
}
"""How many targets of each type are handed out, where there are so many."""

FAULTS = (0, 1, 0, 2, 0, 1, 0, 3, 0, 1)
CASES: dict[int, Course] = {3: "decided", 7: "decided", 13: "judicial", 17: "dropped", 23: "authority"}
UNUSUAL = {5: ProductionStatus.STOPPED, 12: ProductionStatus.MOVED, 16: ProductionStatus.STOPPED}
PARTIES = {
    2: SignatureState.ABSENT,
    3: SignatureState.REFUSED,
    12: SignatureState.ABSENT,
    21: SignatureState.REFUSED,
}
"""Nothing is found where production is unusual or nobody is there: no order could be handed over."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a demonstration left: files relative to its folder, tables by name, the passphrase."""

    files: list[str]
    statistics: dict[str, object]
    passphrase: str


def rehearse(
    out: Path,
    *,
    organizations: int | None = None,
    seed: int = 7,
    visits: int = VISITS,
    screens: bool = True,
    tell: Tell,
) -> Rehearsed:
    """Play the year into the empty folder ``out``."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput("demo.not_empty", Place(file=str(out)))
    out.mkdir(parents=True, exist_ok=True)
    clock = PlayedClock(START)
    files = sample.lay_out(out / "registry", organizations=organizations, seed=seed)
    with Couple.create(out, PASSPHRASE, script(), clock) as couple:
        year = _Year(couple, clock, Random(seed), script(), tell)
        year.prepare(files)
        year.live(visits)
        statistics = year.leave(out)
    if screens:
        papers.take_screenshots([out / "office", out / "laptop"], PASSPHRASE, out / "screens", tell)
    return Rehearsed(_listed(out), statistics, PASSPHRASE)


def _listed(out: Path) -> list[str]:
    """Everything but the insides of the two homes."""
    found = (path.relative_to(out) for path in sorted(out.rglob("*")) if path.is_file())
    return [path.as_posix() for path in found if path.parts[0] not in {"office", "laptop"}]


@dataclass(slots=True)
class _Year:
    """The course of the demonstration."""

    couple: Couple
    clock: PlayedClock
    random: Random
    script: Script
    tell: Tell
    visited: list[Visited] = field(default_factory=list)

    def prepare(self, files: Sample) -> None:
        """January: registry, people, plan; enrolment; targets handed out."""
        office = self.couple.office
        for path in files.registry:
            done = registering.import_registry(office, path=path)
            self.tell(f"registry {path.name}: {done.organizations.added} organizations added")
        registering.import_people(office, path=files.people)
        plan = planning.import_plan(office, path=files.plan)
        self.tell(f"enrolled, both sides show {self.couple.enrol()}")
        for task in planning.task_rows(office, plan_id=plan.plan_id):
            self._assign(plan.plan_id, task.key, SHARES[task.inspection_type])
        made = self.couple.to_laptop()
        self.tell(f"task package: {made.records} records, {made.bytes >> 10} KiB")

    def _assign(self, plan_id: str, task_key: str, wanted: int) -> None:
        office = self.couple.office
        candidates = assigning.candidate_ids(office, plan_id=plan_id, task_key=task_key)
        chosen = self.random.sample(candidates, min(wanted, len(candidates)))
        own = self.script.laptop.credential
        others = [
            row.credential
            for row in registering.people_rows(office)
            if row.credential not in {own, self.script.office.credential}
        ]
        for number, organization in enumerate(chosen):
            partners = self.random.sample(sorted(others), 2 if number % 5 == 0 else 1)
            assigning.assign(
                office, plan_id=plan_id, task_key=task_key, organization_ids=[organization],
                officers=[own, *partners], lead=own, device_id=self.couple.laptop.device_id,
            )  # fmt: skip

    def live(self, wanted: int) -> None:
        """The visits and what follows them, day by day; packages at half time and at the end."""
        diary = Diary(self.clock, END)
        inspector = Inspector(self.couple.laptop, self.script, self.clock, self.random)
        aftermath = Aftermath(self.couple.laptop, self.script, diary, self.clock, self.random)
        clerk = Clerk(self.couple.laptop, self.clock)
        ids = assigning.assignment_ids(self.couple.laptop, order="due")
        targets = self._in_turn(assigning.assignment_rows(self.couple.laptop, ids))
        days = self.random.sample(working_days(FIRST_VISIT, LAST_VISIT), min(wanted, len(targets)))
        for number, (on, target) in enumerate(zip(sorted(days), targets, strict=False), 1):

            def go(target: TargetRow = target, number: int = number) -> None:
                visited = inspector.visit(target, number, _occasion(number))
                self.visited.append(visited)
                clerk.write_up(visited, ON_THE_SPOT)
                aftermath.follow(visited)
                written_up = min(add_days(self.clock.today, SETTLED_AFTER).on, END)
                diary.enter(written_up, partial(clerk.write_up, visited, LATER))
                self.tell(f"visit {number}: {self.clock.today} {target.name}")

            diary.enter(on, go)
        diary.enter(HALF_TIME, self._hand_in)
        diary.enter(END, self._hand_in)
        diary.live()
        if disagree(self.couple, self.script, self.clock, self.visited):
            self.tell("two visits written differently: one is decided, one waits")
        if targets[wanted:]:
            self._leave_one_open(inspector, targets[wanted], wanted + 1)
        for target in targets[wanted + 1 : wanted + 2]:
            self._leave_one_unsent(inspector, target, wanted + 2)

    def _in_turn(self, targets: tuple[TargetRow, ...]) -> list[TargetRow]:
        """Targets so that the first thirty hold every type, in an order that ids do not decide."""
        kept = sorted(targets, key=lambda row: (row.due_on or END, row.credit_code, row.name))
        surplus = [row for row in kept if row.inspection_type is InspectionType.MS_ORG][7:]
        return [row for row in kept if row not in surplus] + surplus

    def _hand_in(self) -> None:
        made = self.couple.to_office()
        self.tell(
            f"package to the office: {made.records} records, {made.blobs} pictures, {made.bytes >> 10} KiB"
        )
        office = self.couple.office
        for row_id in visits.inspection_ids(office, status=InspectionStatus.FINALISED)[::2]:
            remark = self.script.lines["review_remark"]
            inspecting.review(office, inspection_id=row_id, approve=True, remark=remark)

    def _leave_one_open(self, inspector: Inspector, target: TargetRow, number: int) -> None:
        """A visit under way, for who looks around on the laptop."""
        inspection_id = inspector.begin(target, number, Occasion(faults=2))
        inspector.answer_all(inspection_id, limit=14)

    def _leave_one_unsent(self, inspector: Inspector, target: TargetRow, number: int) -> None:
        """A finished visit that waits for its package, with an order to be issued and its papers scanned."""
        visited = inspector.visit(target, number, Occasion(faults=2, ordered=True), issue=False)
        lines, laptop = self.script.lines, self.couple.laptop
        stray = lines["stray_page"].format(name=target.name, day=self.clock.today.isoformat())
        folder = self.couple.exchange.parent / "scans"
        done = scanning.scan(
            laptop, inspection_id=visited.inspection_id, name=lines["scan_name"], stray=stray, folder=folder,
            random=self.random,
        )  # fmt: skip
        self.tell(f"scans: {done.count('placed')} pages with their record, {done.count('aside')} put aside")

    def leave(self, out: Path) -> dict[str, object]:
        """Print forms, count tables, write the summary; returns the tables."""
        office = self.couple.office
        with_orders = [each for each in self.visited if each.orders][:2]
        plain_ones = [each for each in self.visited if not each.orders][:1]
        forms = papers.print_forms(office, with_orders + plain_ones, out / "forms")
        forms += papers.print_papers(office, self.visited, out / "forms")
        workbooks, statistics = papers.write_tables(office, out / "tables", self.script.unit)
        papers.write_reports(office, out / "reports")
        found = status(office)
        content = {"counts": found.counts, "inspections": found.inspections, "statistics": statistics}
        papers.write_summary(out / "summary.json", content)
        self.tell(f"{len(forms)} forms, {len(workbooks)} tables")
        return statistics


def _occasion(number: int) -> Occasion:
    """What the ``number``-th visit meets."""
    case = CASES.get(number, "")
    return Occasion(
        faults=max(FAULTS[number % len(FAULTS)], int(bool(case))),
        case=case,
        production=UNUSUAL.get(number, ProductionStatus.NORMAL),
        party=PARTIES.get(number, SignatureState.SIGNED),
    )
