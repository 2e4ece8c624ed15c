"""Work beside the window: results in the main thread, errors where they belong, nothing after death."""

from __future__ import annotations

import sys
import threading
from functools import partial

import pytest
from PySide6.QtCore import SIGNAL, QObject

from app.errors import Bug, ChayanError, EnvironmentFault
from app.ui.jobs import Jobs, Ticket


class Desk(QObject):
    """Collects what came back, with the thread it came in."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[object] = []
        self.errors: list[ChayanError] = []
        self.threads: set[int] = set()

    def take(self, result: object) -> None:
        self.threads.add(threading.get_ident())
        self.results.append(result)

    def hear(self, error: ChayanError) -> None:
        self.errors.append(error)


@pytest.fixture
def desk(qapp) -> Desk:
    return Desk()


def fail(error: Exception) -> object:
    raise error


def test_results_come_back_in_order_and_in_the_main_thread(jobs: Jobs, desk: Desk, qtbot):
    for number in range(50):
        jobs.run(partial(pow, number, 2), desk.take, desk.hear, desk)
    qtbot.waitUntil(lambda: len(desk.results) == 50)
    assert desk.results == [number**2 for number in range(50)]
    assert desk.threads == {threading.main_thread().ident}


def test_store_work_runs_in_one_thread(jobs: Jobs, desk: Desk, qtbot):
    for _ in range(20):
        jobs.run(threading.get_ident, desk.take, desk.hear, desk)
    qtbot.waitUntil(lambda: len(desk.results) == 20)
    assert len(set(desk.results)) == 1
    assert set(desk.results) != {threading.main_thread().ident}


def test_a_fault_of_the_world_reaches_failed(jobs: Jobs, desk: Desk, qtbot):
    fault = EnvironmentFault("disk.full")
    jobs.run(partial(fail, fault), desk.take, desk.hear, desk)
    qtbot.waitUntil(lambda: bool(desk.errors))
    assert desk.errors == [fault]
    assert desk.results == []


def test_a_fault_that_nobody_waits_for_is_not_lost(jobs: Jobs, desk: Desk, qtbot):
    with qtbot.waitSignal(jobs.failed_unheard) as heard:
        jobs.run(partial(fail, EnvironmentFault("disk.full")), desk.take, None, desk)
    assert heard.args[0].problem.code == "disk.full"


@pytest.mark.parametrize("error", [ValueError("ours"), Bug("x.y")])
def test_a_bug_reaches_the_crash_path_and_frees_the_screen(
    jobs: Jobs, desk: Desk, qtbot, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    caught: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, value, _trace: caught.append(value))
    jobs.run(partial(fail, error), desk.take, desk.hear, desk)
    qtbot.waitUntil(lambda: bool(desk.errors))
    assert caught == [error]
    assert [heard.problem.code for heard in desk.errors] == ["ui.bug"]


def test_jobs_that_are_over_leave_nothing_behind(jobs: Jobs, desk: Desk, qtbot):
    tied: list[int] = []
    for count in (1, 50):
        for _ in range(count):
            jobs.run(partial(pow, 2, 2), desk.take, desk.hear, desk)
            jobs.run(partial(fail, EnvironmentFault("disk.full")), desk.take, desk.hear, desk)
        qtbot.waitUntil(lambda: not jobs.is_busy())
        tied.append(desk.receivers(SIGNAL("destroyed(QObject*)")))
    assert (len(desk.results), len(desk.errors)) == (51, 51)
    assert tied[0] == tied[1]
    qtbot.waitUntil(lambda: not jobs.findChildren(Ticket))


def test_work_may_report_after_nobody_waits_for_it_any_more(jobs: Jobs, desk: Desk, qtbot):
    gate, ended = threading.Event(), threading.Event()
    owner, ticket = QObject(), Ticket(jobs)

    def work() -> None:
        gate.wait()
        ticket.report(1, 1)
        ended.set()

    jobs.run(work, desk.take, desk.hear, owner, ticket=ticket)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    with qtbot.waitSignal(jobs.busy_changed):
        gate.set()
    assert ended.is_set()
    qtbot.waitUntil(lambda: not jobs.findChildren(Ticket))


def test_nothing_is_delivered_to_an_owner_that_is_gone(jobs: Jobs, desk: Desk, qtbot):
    gate = threading.Event()
    owner = QObject()
    ticket = jobs.run(gate.wait, desk.take, desk.hear, owner)
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    assert ticket.is_cancelled()
    with qtbot.waitSignal(jobs.busy_changed):
        gate.set()
    assert desk.results == []


def test_progress_is_told_and_the_wish_to_stop_is_heard(jobs: Jobs, desk: Desk, qtbot):
    begun = threading.Event()

    def work() -> str:
        ticket.report(1, 10)
        begun.set()
        while not ticket.is_cancelled():
            begun.wait(0.001)
        ticket.report(10, 10)
        return "stopped"

    ticket = Ticket(jobs)
    told: list[tuple[int, int]] = []
    ticket.progressed.connect(lambda done, total: told.append((done, total)))
    jobs.run(work, desk.take, desk.hear, desk, ticket=ticket)
    qtbot.waitUntil(begun.is_set)
    ticket.cancel()
    qtbot.waitUntil(lambda: desk.results == ["stopped"])
    assert told == [(1, 10), (10, 10)]


def test_reports_that_come_too_fast_are_dropped_but_never_the_last(qapp):
    ticket = Ticket()
    told: list[int] = []
    ticket.progressed.connect(lambda done, _total: told.append(done))
    for done in range(1, 10_001):
        ticket.report(done, 10_000)
    assert told[-1] == 10_000
    assert len(told) < 1000


def test_ending_waits_for_the_work(qapp, desk: Desk):
    jobs = Jobs()
    finished: list[int] = []
    jobs.run(partial(finished.append, 1), desk.take, None, desk)
    jobs.shutdown()
    assert finished == [1]


def test_after_the_end_nothing_is_begun(jobs: Jobs, desk: Desk):
    jobs.shutdown()
    assert jobs.run(partial(desk.take, "late"), desk.take, desk.hear, desk).is_cancelled()
    assert not jobs.is_busy()
    assert desk.results == []
