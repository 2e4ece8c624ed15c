"""A full or failing disk at any write changes nothing, or everything, and says so in a sentence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.wording import known_codes
from tests.torture import writes
from tests.torture.stage import Stage

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None, reason="needs a C compiler and LD_PRELOAD"
)


def failed(stage: Stage, folder: Path, stride: int) -> dict[str, dict[str, int]]:
    told = folder / "stage.json"
    secrets = {name: (one, two.hex(), three.hex()) for name, (one, two, three) in stage.secrets.items()}
    told.write_text(json.dumps({"folder": str(stage.folder), "secrets": secrets}), "utf8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.writes", told, folder / "work", str(stride)],
        env={**os.environ, "LD_PRELOAD": str(writes.compiled(folder))},
        capture_output=True, text=True, check=False, cwd=writes.ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    tally = json.loads(done.stdout)
    print(tally["failed"], tally["codes"])
    assert tally["faults"] == []
    assert set(tally["codes"]) - {"done"} <= known_codes("disk") | {
        f"store.{each}" for each in ("io_error", "cannot_open")
    }
    return tally


def test_a_failing_write_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    tally = failed(stage, tmp_path, 29)
    assert len(tally["failed"]) == len(writes.REASONS) * 2


@pytest.mark.torture
def test_every_write_failing_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    failed(stage, tmp_path, 1)
