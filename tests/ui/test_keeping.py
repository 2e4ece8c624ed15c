"""Savepoints reach the store within the second that is promised, whatever else is being read."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from PySide6.QtCore import QObject

from app.services import savepoints
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.keeping import Keeper


@pytest.fixture
def owner(qapp) -> QObject:
    return QObject()


def kept(place: Workplace) -> dict[str, object]:
    return {each.name: each.value for each in savepoints.kept(place)}


def read_for_long(place: Workplace, ended: threading.Event) -> bool:
    """A table of many visits, read in the store's thread."""
    with place.read() as session:
        session.connection()
        return ended.wait(30)


def test_a_long_reading_does_not_hold_up_what_is_kept(laptop: Workplace, jobs: Jobs, owner: QObject, qtbot):
    ended, results = threading.Event(), []
    jobs.run(partial(read_for_long, laptop, ended), results.append, None, owner)
    keeper = Keeper(laptop, jobs, owner)
    try:
        for number in (1, 2):
            keeper.keep("place", {"screen": f"{number}"})
            qtbot.waitUntil(lambda number=number: kept(laptop) == {"place": {"screen": f"{number}"}})
        assert results == []
    finally:
        ended.set()
    qtbot.waitUntil(lambda: results == [True])
