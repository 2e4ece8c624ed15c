"""Wrong passphrases slow down: durable, by the clock, forgotten after the right one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import attempts, bootstrap, vault
from app.errors import EnvironmentFault
from tests.conftest import FakeClock

NOW = datetime(2026, 8, 12, 1, 30, tzinfo=UTC)


def after(home: Path, tries: int) -> int:
    for _ in range(tries):
        attempts.failed(home, NOW)
    return attempts.wait(home, NOW)


@pytest.mark.parametrize("tries,seconds", [(0, 0), (2, 0), (3, 5), (4, 10), (6, 40), (11, 900), (40, 900)])
def test_each_further_try_waits_twice_as_long_up_to_a_limit(tmp_path: Path, tries: int, seconds: int):
    assert after(tmp_path, tries) == seconds


def test_the_wait_runs_down_and_every_started_second_counts(tmp_path: Path):
    after(tmp_path, 4)
    assert attempts.wait(tmp_path, NOW + timedelta(seconds=3, milliseconds=500)) == 7
    assert attempts.wait(tmp_path, NOW + timedelta(seconds=10)) == 0


def test_a_clock_that_went_back_neither_shortens_nor_prolongs_it(tmp_path: Path):
    after(tmp_path, 4)
    back = NOW - timedelta(days=30)
    assert attempts.wait(tmp_path, back) == 10
    assert attempts.wait(tmp_path, back + timedelta(seconds=10)) == 0


def test_the_right_one_forgets(tmp_path: Path):
    after(tmp_path, 5)
    attempts.succeeded(tmp_path)
    assert attempts.wait(tmp_path, NOW) == 0
    attempts.succeeded(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"failed": "x", "at": 1}', '{"failed": 9}', "\0\0"])
def test_a_damaged_note_bars_nobody(tmp_path: Path, text: str):
    (tmp_path / attempts.FILE).write_text(text)
    assert attempts.wait(tmp_path, NOW) == 0


def test_a_home_counts_wrong_passphrases_and_does_not_even_try_while_it_waits(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []

    def unlock(home: Path, passphrase: str) -> vault.Vault:
        asked.append(passphrase)
        code = "vault.wrong_passphrase" if passphrase == "guess" else "vault.damaged"
        raise EnvironmentFault(code)

    monkeypatch.setattr(vault, "unlock", unlock)

    def code(passphrase: str) -> str:
        with pytest.raises(EnvironmentFault) as caught:
            bootstrap.unlock(tmp_path, passphrase, clock=clock)
        return caught.value.problem.code

    assert [code("other") for _ in range(4)] == ["vault.damaged"] * 4
    assert [code("guess") for _ in range(4)] == ["vault.wrong_passphrase"] * 3 + ["vault.wait"]
    assert len(asked) == 7
    clock.move(seconds=5)
    assert code("guess") == "vault.wrong_passphrase"
    assert attempts.wait(tmp_path, clock()) == 10
