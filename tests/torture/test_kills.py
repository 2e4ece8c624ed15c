"""A killed import or export is all or nothing, leaves nothing behind, and the next one succeeds."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.torture import kills
from tests.torture.stage import Stage

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork, no SIGKILL there")


def told(tally: kills.Tally) -> None:
    for label, count in sorted(tally.kills.items()):
        print(f"{count:6} killed {label}")
    print(
        f"{tally.kills.total():6} killed; {tally.unkilled} had ended; nothing {tally.before}, all {tally.after}"
    )


def test_killed_processes_leave_all_or_nothing(stage: Stage, tmp_path: Path) -> None:
    tally = kills.run(stage, tmp_path, len(list(kills.certain())) + 12)
    told(tally)
    assert {f"{kind} at a rename" for kind in kills.WAYS} <= tally.kills.keys()
    assert tally.faults == []
    assert tally.before
    assert tally.after


@pytest.mark.torture
def test_thousands_of_killed_processes(stage: Stage, tmp_path: Path) -> None:
    tally = kills.run(stage, tmp_path, int(os.environ.get("CHAYAN_KILLS", "2000")))
    told(tally)
    assert tally.faults == []
