"""Real packages of two offices and their laptops, in any order and any number of times: one end.

The packages are made once, by people at work on four devices; among them are some that say what
their authors have no right to say. Each example imports them into a fresh copy of a home.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.models.inspection import Inspection
from app.models.planning import Plan
from app.models.registry import Organization
from app.models.revisions import HeldRevision, RecordState
from app.models.revisions import Revision as StoredRevision
from app.services import merging, sealing
from app.services.workplace import Workplace
from app.sync.documents import read_documents
from app.sync.revision import Written
from app.sync.shapes import RECORD_KINDS
from tests.conftest import FakeClock
from tests.services.forge import forge, revision
from tests.services.parcels import ORG, PLAN, VISIT, receive, send
from tests.torture.stage import START, Stage

NAMES = ("city", "office", "laptop", "second")
CITY_PLAN = "a" * 32


@dataclass(frozen=True)
class Post:
    """Homes as they stand before the packages come, and the packages that go to each."""

    stage: Stage
    homes: Path
    letters: dict[str, list[Path]]

    @contextmanager
    def receiver(self, name: str, folder: Path) -> Iterator[Workplace]:
        """A fresh copy of a home."""
        home = Path(shutil.copytree(self.homes / name, folder / name))
        try:
            with self.stage.opened(name, home, FakeClock(START)) as place:
                yield place
        finally:
            shutil.rmtree(home)


def say(home: Workplace, model: type[Inspection | Organization], record_id: str, **values: object) -> None:
    """Change a record and seal it."""
    with home.write("test") as work:
        found = work.session.get(model, record_id)
        assert found is not None
        for name, value in values.items():
            setattr(found, name, value)
        sealing.seal(work, home, model.__record__, record_id)
        work.commit()


@pytest.fixture(scope="module")
def post(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Post:
    """Everybody knows everybody and has the visit; then all write, and hand on what they wrote."""
    folder = tmp_path_factory.mktemp("post")
    letters: dict[str, list[Path]] = {name: [] for name in NAMES}
    with ExitStack() as stack:
        at = {
            name: stack.enter_context(stage.opened(name, stage.fresh(name, folder), FakeClock(START)))
            for name in NAMES
        }
        for one, other in (("laptop", "office"), ("laptop", "second"), ("office", "city")):
            receive(at[other], send(at[one], folder, at[other].device_id))
        plan = _city_plan(at["city"])
        say(at["city"], Organization, ORG, address="city")
        homes = folder / "before"
        for name in NAMES:
            shutil.copytree(folder / name, homes / name)

        def hand(one: str, other: str) -> None:
            out = folder / f"{one}-{other}-{len(letters[other])}"
            out.mkdir()
            letters[other].append(
                send(at[one], out, at[other].device_id, whole=bool(len(letters[other]) % 2))
            )

        for number in range(2):
            for name in NAMES:
                say(at[name], Inspection, VISIT, place=f"{name} {number}", opinion="同一句")
            say(at["office"], Organization, ORG, address=f"office {number}")
            for one, other in (
                ("laptop", "office"), ("second", "office"), ("second", "laptop"), ("laptop", "city"),
                ("office", "city"), ("city", "office"), ("office", "laptop"),
            ):  # fmt: skip
                hand(one, other)
            for name in NAMES:
                merging.import_packages(at[name], paths=letters[name][:number])
        letters["city"] += _without_right(at, plan, folder)
    return Post(stage, homes, letters)


def _city_plan(city: Workplace) -> str:
    with city.write("test") as work:
        work.session.add(Plan(id=CITY_PLAN, title="市局计划", year=2026))
        made = sealing.seal(work, city, "plan", CITY_PLAN)
        work.commit()
    assert made is not None
    return made


def _without_right(at: dict[str, Workplace], plan: str, folder: Path) -> list[Path]:
    """To the city: plans that are not the county's to change, and visits that are not whole."""
    county, second = at["office"], at["second"]
    wrong: tuple[tuple[Workplace, str, str, dict[str, Written], tuple[str, ...]], ...] = (
        (county, "plan", CITY_PLAN, {"title": "县局改的"}, (plan,)),
        (county, "plan", CITY_PLAN, {"title": "县局另立", "year": 2026}, ()),
        (second, "inspection", VISIT, {"place": "没有头"}, ()),
        (second, "plan", PLAN, {"title": "检查员改的"}, ()),
    )
    found = []
    for number, (author, kind, record, changes, parents) in enumerate(wrong):
        path = folder / f"wrong-{number}.cyb"
        found.append(forge(author, at["city"], path, [revision(author, kind, record, changes, *parents)]))
    return found


def everything(place: Workplace) -> dict[str, object]:
    """Documents, where each record stands, and every revision that is here or waits."""
    with place.read() as session:
        found: dict[str, object] = {
            kind: read_documents(session, kind, session.scalars(select(shape.root.root)).all())
            for kind, shape in RECORD_KINDS.items()
        }
        states = select(
            RecordState.record_kind, RecordState.record_id, RecordState.heads, RecordState.conflicts
        )
        found["states"] = sorted(map(tuple, session.execute(states)))
        found["here"] = sorted(session.scalars(select(StoredRevision.id)))
        found["waiting"] = sorted(session.scalars(select(HeldRevision.id)))
    return found


_ENDS: dict[str, dict[str, object]] = {}


def in_any_order(post: Post, folder: Path, examples: int) -> None:
    """Import a receiver's packages in some order, some of them twice; the end is always the same."""
    ends: dict[str, dict[str, object]] = {}

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=examples < 20,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data(), name=st.sampled_from(("city", "office", "laptop")))
    def holds(data: st.DataObject, name: str) -> None:
        numbers = range(len(post.letters[name]))
        turns = data.draw(st.permutations(numbers))
        again = data.draw(st.lists(st.sampled_from(numbers), max_size=3))
        with post.receiver(name, folder) as place:
            for number in (*again, *turns):
                (done,) = merging.import_packages(place, paths=[post.letters[name][number]])
                assert done.problem is None
            end = everything(place)
        assert end["waiting"] == []
        assert ends.setdefault(name, end) == end

    holds()


def test_any_order_ends_the_same(post: Post, tmp_path: Path) -> None:
    in_any_order(post, tmp_path, 8)


@pytest.mark.torture
def test_any_order_ends_the_same_for_long(post: Post, tmp_path: Path) -> None:
    in_any_order(post, tmp_path, int(os.environ.get("CHAYAN_EXAMPLES", "300")))


def test_the_end_is_what_each_office_must_show(post: Post, tmp_path: Path) -> None:
    """The city its own registry and plan, the county its own; of the visit everybody the same dispute."""
    shown = {}
    for name in ("city", "office", "laptop"):
        with post.receiver(name, tmp_path) as place:
            merging.import_packages(place, paths=post.letters[name])
            end = everything(place)
            organizations, plans, visits = (end[kind] for kind in ("organization", "plan", "inspection"))
            assert isinstance(organizations, dict)
            assert isinstance(plans, dict)
            assert isinstance(visits, dict)
            shown[name] = (
                organizations[ORG].get("address", ""),
                [row.paths for row in merging.conflict_rows(place)],
            )
            if name == "city":
                assert plans[CITY_PLAN]["title"] == "市局计划"
            assert visits[VISIT]["opinion"] == "同一句"
    assert shown["city"] == ("city", [("place",)])
    assert shown["laptop"] == ("office 1", [("place",)])
    # Nobody hands an office its own registry back.
    assert shown["office"] == ("", [("place",)])
