"""Searching as somebody types: only what is still wanted is done, only the newest answer is shown."""

from __future__ import annotations

import threading
from functools import partial

from PySide6.QtCore import QObject

from app.errors import BadInput, ChayanError
from app.ui.jobs import Jobs
from app.ui.latest import Latest


def test_wishes_in_between_are_passed_over(jobs: Jobs, qtbot):
    gate, begun, shown = threading.Event(), [], []
    owner = QObject()
    latest: Latest[str] = Latest(jobs, shown.append, shown.append, owner)

    def search(word: str) -> str:
        begun.append(word)
        gate.wait(30)
        return word

    for word in ("恒", "恒电", "恒电器"):
        latest.ask(partial(search, word))
    gate.set()
    qtbot.waitUntil(lambda: bool(shown))
    assert begun == ["恒", "恒电器"]
    assert shown == ["恒电器"]


def test_a_fault_of_the_newest_wish_is_told_and_the_next_one_works(jobs: Jobs, qtbot):
    shown: list[str] = []
    failed: list[ChayanError] = []
    owner = QObject()
    latest: Latest[str] = Latest(jobs, shown.append, failed.append, owner)

    def refuse() -> str:
        raise BadInput("ui.gallery_usage")

    latest.ask(refuse)
    qtbot.waitUntil(lambda: bool(failed))
    latest.ask(lambda: "恒电")
    qtbot.waitUntil(lambda: shown == ["恒电"])
