"""Two offices and two laptops, random work, lost and repeated packages: all end the same, and nothing is lost.

The model knows nothing of revisions' bytes or of the view. It remembers who wrote what, and what
that writer knew; from this alone it says what must stand where, and what must be a conflict. A visit
is one record for all of them; of an enterprise each office shows its own entry, where it has one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.errors import BadInput
from app.models.inspection import Inspection
from app.models.registry import Organization
from app.services import answers, merging, resolving, sealing
from app.services.workplace import Workplace
from app.sync.documents import read_document
from app.sync.ledger import revisions_of, stored_of, view_of
from tests.conftest import FakeClock
from tests.services.parcels import ORG, VISIT, send
from tests.torture.stage import START, Stage

PATHS = ("place", "opinion", "situation")
NAMES = ("city", "office", "laptop", "second")
OFFICES = {"city": "city", "office": "county", "laptop": "county", "second": "county"}
REGISTRARS = ("city", "office")
WAY = (
    ("laptop", "office"),
    ("second", "office"),
    ("office", "city"),
    ("city", "office"),
    ("office", "laptop"),
    ("laptop", "second"),
)
"""Hand-overs after which everybody has everything."""
AT = {"kind": "inspection", "record_id": VISIT}
devices = st.sampled_from(NAMES)
paths = st.sampled_from(PATHS)


@dataclass(frozen=True)
class Event:
    """A sealed write, and the sealed writes that its author knew."""

    revision: str
    values: tuple[tuple[str, str], ...]
    seen: frozenset[str]


def standing(events: Iterable[Event], path: str) -> set[str]:
    """Values at a path that nobody who knew them has replaced."""
    of_path = [event for event in events if path in dict(event.values)]
    replaced = {name for event in of_path for name in event.seen}
    return {dict(event.values)[path] for event in of_path if event.revision not in replaced}


@dataclass(frozen=True)
class Entry:
    """What an office said of the enterprise's address; ``number`` counts everything that was ever said."""

    number: int
    office: str
    address: str


def shown(entries: Iterable[Entry], office: str) -> str | None:
    """The address that a home of ``office`` must show: its own office's last word, else the other's."""
    known = sorted(entries, key=lambda entry: entry.number)
    own = [entry for entry in known if entry.office == office]
    last = own or known
    return last[-1].address if last else None


class Devices(RuleBasedStateMachine):
    """A county's office with two laptops, its city, one visit and one enterprise."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="chayan-"))
        self.clock = FakeClock(START + timedelta(hours=1))
        self.stack = ExitStack()
        self.places: dict[str, Workplace] = {
            name: self.stack.enter_context(
                self.stage.opened(name, self.stage.fresh(name, self.folder), self.clock)
            )
            for name in NAMES
        }
        self.events: dict[str, Event] = {}
        self.known: dict[str, set[str]] = {name: set() for name in NAMES}
        self.entries: dict[str, Entry] = {}
        self.packages: list[tuple[str, str, Path]] = []
        self.receipts: list[tuple[str, Path]] = []
        self.counter = 0

    @initialize()
    def everybody_has_the_visit(self) -> None:
        self._learn("office")
        self.export("laptop", "office")
        self.export("laptop", "second")
        for number in (0, 1):
            self.deliver(number)
        # With it the county introduces its laptops to the city.
        self.export("office", "city")
        self.deliver(2)
        for name in REGISTRARS:
            self.register(name)

    # ---- what people do

    @rule(name=devices, path=paths)
    def write(self, name: str, path: str) -> None:
        """A value of one's own."""
        self.counter += 1
        self._set(name, path, f"第{self.counter}句")

    @rule(name=st.sampled_from(REGISTRARS))
    def register(self, name: str) -> None:
        """An office writes into its registry."""
        self.counter += 1
        self._learn(name)
        with self.places[name].write("test") as work:
            found = work.session.get(Organization, ORG)
            if found is not None:
                found.address = f"{self.counter}号"
                work.commit()

    @rule(one=devices, other=devices, path=paths)
    def agree(self, one: str, other: str, path: str) -> None:
        """Two write the same without knowing of each other: no conflict."""
        self.counter += 1
        for name in {one, other}:
            self._set(name, path, f"同一句{self.counter}")

    @rule(name=devices)
    def seal(self, name: str) -> None:
        with self.places[name].write("test") as work:
            sealing.seal(work, self.places[name], "inspection", VISIT)
            work.commit()
        self._learn(name)

    @rule(one=devices, other=devices, whole=st.booleans())
    def export(self, one: str, other: str, whole: bool = False) -> None:
        if one == other:
            return
        place = self.places[one]
        try:
            path = send(place, self.folder, self.places[other].device_id, whole=whole)
        except BadInput as error:
            if error.problem.code != "sync.nothing_to_send":
                raise
        else:
            self.packages.append((one, other, path))
        self._learn(one)

    @precondition(lambda self: self.packages)
    @rule(number=st.integers(0, 50))
    def deliver(self, number: int) -> None:
        """Any package, however old, however often; others never arrive."""
        sender, receiver, path = self.packages[number % len(self.packages)]
        self._learn(receiver, seal=True)
        (done,) = merging.import_packages(self.places[receiver], paths=[path])
        assert (done.problem, done.refused) == (None, 0)
        self._learn(receiver)
        if done.receipt is not None:
            kept = self.folder / f"{len(self.receipts)}.receipt"
            shutil.copy(done.receipt, kept)
            self.receipts.append((sender, kept))

    @precondition(lambda self: self.receipts)
    @rule(number=st.integers(0, 50))
    def answer(self, number: int) -> None:
        sender, path = self.receipts[number % len(self.receipts)]
        answers.import_receipt(self.places[sender], path)

    @rule(days=st.integers(1, 9))
    def wait(self, days: int) -> None:
        self.clock.move(days=days)

    @rule(name=devices, third=st.booleans(), number=st.integers(0, 5))
    def decide(self, name: str, third: bool, number: int) -> None:
        place = self.places[name]
        self._learn(name, seal=True)
        for field in merging.conflict_detail(place, **AT)[:1]:
            self.counter += 1
            take = f"@{field.values[number % len(field.values)].revision}"
            resolving.resolve(
                place, **AT, path=field.path, take=f"第{self.counter}句" if third else take, reason="核对过"
            )
            self._learn(name)

    @rule(name=devices)
    def reopen(self, name: str) -> None:
        place = self.places[name]
        self._learn(name, seal=True)
        decided = [row for row in resolving.decision_rows(place, **AT) if not row.open]
        for row in decided[-1:]:
            resolving.reopen(place, **AT, path=row.path, reason="有新证据")
            self._learn(name)

    def _set(self, name: str, path: str, value: str) -> None:
        self._learn(name, seal=True)
        place = self.places[name]
        with place.read() as session:
            disputed = bool(view_of(session, "inspection", VISIT).conflicts)
            here = session.get(Inspection, VISIT) is not None
        if here and not disputed:
            with place.write("test") as work:
                found = work.session.get(Inspection, VISIT)
                setattr(found, path, value)
                work.commit()

    def _learn(self, name: str, *, seal: bool = False) -> None:
        """Ask the store which revisions it has now, and give each new one of ours to the model."""
        self.clock.move(seconds=1)
        if seal:
            self.seal(name)
        self._learn_entries(name)
        with self.places[name].read() as session:
            stored = revisions_of(session, "inspection", [VISIT]).get(VISIT, [])
        before = frozenset(self.known[name])
        for each in stored:
            if each.id not in self.events:
                values = tuple(
                    (path, str(each.revision.set[path])) for path in PATHS if path in each.revision.set
                )
                assert each.revision.device == self.places[name].device_id
                self.events[each.id] = Event(each.id, values, before)
        self.known[name] = {each.id for each in stored}
        # A device knows whatever its own writers knew.
        for known in (self.events[each] for each in self.known[name]):
            assert known.seen <= self.known[name]
        self._holds(name)

    def _learn_entries(self, name: str) -> None:
        """The same of the enterprise; and what is shown is what the model says."""
        place = self.places[name]
        with place.write("test") as work:
            if sealing.seal(work, place, "organization", ORG):
                work.commit()
        with place.read() as session:
            stored = stored_of(session, "organization", [ORG]).get(ORG, [])
            document = read_document(session, "organization", ORG)
            assert not view_of(session, "organization", ORG).conflicts
        for each in stored:
            if each.id not in self.entries:
                assert each.revision.device == place.device_id
                address = str(each.revision.set.get("address", ""))
                self.entries[each.id] = Entry(len(self.entries), OFFICES[name], address)
        wanted = shown((self.entries[each.id] for each in stored), OFFICES[name])
        assert (document or {}).get("address", "") == (wanted or "")
        assert wanted is None or document is not None

    def _holds(self, name: str) -> None:
        """The view says exactly what the model says."""
        events = [self.events[each] for each in self.known[name]]
        with self.places[name].read() as session:
            seen = view_of(session, "inspection", VISIT)
            document = read_document(session, "inspection", VISIT) or {}
        for path in PATHS:
            values = standing(events, path)
            assert {str(claim.value) for claim in seen.values.get(path, ())} == values
            assert (path in seen.conflicts) == (len(values) > 1)
            shown = document.get(path)
            unsealed = shown is not None and str(shown) not in {v for e in events for _, v in e.values}
            assert unsealed or not values or shown in values

    def teardown(self) -> None:
        """Everybody hands everything to everybody; then all are the same, and everything is there."""
        try:
            if self.known["laptop"]:
                self._converge()
        finally:
            self.stack.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def _converge(self) -> None:
        for one, other in WAY:
            self.export(one, other, whole=True)
            if self.packages and self.packages[-1][:2] == (one, other):
                self.deliver(len(self.packages) - 1)
        ends = []
        for name in NAMES:
            self._learn(name)
            with self.places[name].read() as session:
                ends.append(
                    (view_of(session, "inspection", VISIT), read_document(session, "inspection", VISIT))
                )
            assert self.known[name] == set(self.events), "nothing is lost"
        assert all(end == ends[0] for end in ends)


def machine(stage: Stage, examples: int, steps: int) -> type[RuleBasedStateMachine]:
    made = type("Machine", (Devices,), {"stage": stage})
    made.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=examples < 10,
        suppress_health_check=list(HealthCheck),
    )
    return made


def test_devices_converge(stage: Stage) -> None:
    machine(stage, 3, 12).TestCase("runTest").runTest()


@pytest.mark.torture
def test_devices_converge_for_long(stage: Stage) -> None:
    machine(stage, int(os.environ.get("CHAYAN_EXAMPLES", "300")), 40).TestCase("runTest").runTest()
