"""The practice home: made at once, marked for good, closed to every exchange, gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from app.bootstrap import OpenHome
from app.demo import practice
from app.errors import BadInput
from app.models.journal import HomeFact
from app.services import assigning, enrolment, handover, inspecting, issuing, merging
from app.services.inspecting import Duties
from app.services.workplace import Workplace
from app.vocabulary import InspectionType, TaskSource
from tests.conftest import INSTALLED, FakeClock


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenHome, list[tuple[int, int]]]]:
    """A practice home, and how its making told of itself."""
    home = practice.practice_home(tmp_path_factory.mktemp("desk") / "数据")
    told: list[tuple[int, int]] = []
    opened = practice.open_practice(
        home, progress=lambda done, total: told.append((done, total)), clock=FakeClock(INSTALLED)
    )
    yield opened, told
    opened.close()


def test_it_is_ready_with_targets_and_photos(made: tuple[OpenHome, list[tuple[int, int]]]) -> None:
    place, told = made[0].place, made[1]
    assert place.home.name == "数据-practice"
    assert [done for done, _ in told] == list(range(practice.STEPS + 1))
    rows = assigning.assignment_rows(place, assigning.assignment_ids(place))
    assert len(rows) == 3
    assert {row.inspection_type for row in rows} == {InspectionType.SELENIUM_ORG}
    assert all(len(row.officers) == 2 and row.due_on and row.due_on > place.today() for row in rows)
    assert len(list((place.home / practice.PHOTOS).glob("*.jpg"))) == 3
    assert not list(place.home.parent.glob("*-building"))


def test_nothing_leaves_it_or_comes_in(made: tuple[OpenHome, list[tuple[int, int]]], tmp_path: Path) -> None:
    place = made[0].place
    refused = [
        lambda: handover.export_package(place, out=tmp_path),
        lambda: enrolment.make_request(place, out=tmp_path),
        lambda: enrolment.accept(place, path=tmp_path / "x.cyenr"),
        lambda: merging.import_packages(place, paths=[tmp_path]),
    ]
    for each in refused:
        with pytest.raises(BadInput, match=r"practice\.stays_here"):
            each()
    assert list(tmp_path.iterdir()) == []


def test_what_it_prints_says_so(made: tuple[OpenHome, list[tuple[int, int]]]) -> None:
    place = made[0].place
    target = assigning.assignment_ids(place)[0]
    duties = Duties(TaskSource.DOUBLE_RANDOM, credentials_shown=True, rights_told=True)
    visit = inspecting.start(place, assignment_id=target, duties=duties).id
    printed = issuing.print_form(place, form="inspection-record", inspection_id=visit)
    with pypdfium2.PdfDocument(printed.pdf) as paper:
        pages = [page.get_textpage().get_text_range() for page in paper]
    assert all("练习" in page for page in pages)
    assert printed.fingerprint == issuing.record_fingerprint(place, inspection_id=visit)


def test_a_real_home_is_neither_opened_as_practice_nor_wiped(laptop: Workplace) -> None:
    with laptop.read() as session:
        assert session.get(HomeFact, "practice") is None
    for refused in (
        lambda: practice.wipe(laptop.home),
        lambda: practice.open_practice(laptop.home, progress=print),
    ):
        with pytest.raises(BadInput, match=r"practice\.real_home"):
            refused()
    assert (laptop.home / "store.db").is_file()
