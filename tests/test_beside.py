"""Work beside the caller: in its order, within its bound, and over when the block is left."""

import threading
import time

import pytest

from app.beside import MOST, Beside


def test_results_come_in_the_order_of_the_beginning():
    def slowly(number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        return number

    with Beside[int]() as beside:
        for number in range(5):
            beside.begin(1, slowly, number)
        assert [beside.take() for _ in range(5)] == [0, 1, 2, 3, 4]
        assert not beside


def test_it_is_full_at_its_bound_and_a_larger_piece_goes_alone():
    with Beside[None]() as beside:
        assert not beside.full(2 * MOST)
        beside.begin(MOST - 1, time.sleep, 0)
        assert not beside.full(1)
        assert beside.full(2)
        beside.take()
        assert not beside.full(2 * MOST)


def test_the_first_failure_is_told_and_what_follows_is_not_begun():
    done: list[int] = []
    gate = threading.Event()

    def work(number: int) -> None:
        if number == 0:
            raise ValueError("the first")
        gate.wait(5)
        done.append(number)

    def twenty() -> None:
        with Beside[None]() as beside:
            for number in range(20):
                beside.begin(1, work, number)
            # Those under way end when the rest is given up already.
            threading.Timer(0.5, gate.set).start()
            beside.take()

    with pytest.raises(ValueError, match="the first"):
        twenty()
    assert len(done) < 5


def test_nothing_runs_when_the_block_is_left():
    ended: list[bool] = []

    def slowly() -> None:
        time.sleep(0.05)
        ended.append(True)

    with Beside[None]() as beside:
        beside.begin(1, slowly)
        time.sleep(0.02)
    assert ended == [True]
