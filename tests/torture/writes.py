"""Every n-th write, sync or rename fails, in Python and in the store's engine alike.

Runs in a process of its own under a preloaded library (see ``failing.c``):
``python -m tests.torture.writes STAGE.json FOLDER STRIDE`` prints one JSON document.
"""

from __future__ import annotations

import ctypes
import errno
import json
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from app.errors import ChayanError, EnvironmentFault
from app.services import handover, merging
from tests.services.parcels import send
from tests.torture.kills import holds
from tests.torture.stage import Stage, faults

ROOT = Path(__file__).resolve().parents[2]
REASONS = {
    "disk full once": (errno.ENOSPC, 0),
    "disk full for good": (errno.ENOSPC, 1),
    "I/O error": (errno.EIO, 0),
}
MOST = 5000


@dataclass
class Tally:
    """How many operations failed, what was told, and what was wrong afterwards."""

    failed: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def compiled(folder: Path) -> Path:
    """The library, built by the system's C compiler."""
    library = folder / "failing.so"
    source = Path(__file__).with_name("failing.c")
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


class Failing:
    """The preloaded library."""

    def __init__(self) -> None:
        loaded = ctypes.CDLL(None)
        self.arm, self.disarm = loaded.failing_arm, loaded.failing_disarm
        self.disarm.restype = ctypes.c_long


def run(stage: Stage, folder: Path, stride: int) -> Tally:
    """Let every ``stride``-th operation of an import and of an export fail, for each reason."""
    tally, failing = Tally(), Failing()
    (folder / "packages").mkdir(parents=True)
    with stage.opened("laptop", stage.fresh("laptop", folder / "sender")) as laptop:
        package = send(laptop, folder / "packages")
    for reason, (error, stay) in REASONS.items():
        for kind in ("import", "export"):
            for number in range(1, MOST, stride):
                scene = folder / "scene"
                shutil.rmtree(scene, ignore_errors=True)
                scene.mkdir()
                attempt = _import if kind == "import" else _export
                done = attempt(
                    stage, scene, package, tally, partial(failing.arm, number, error, stay), failing.disarm
                )
                if done < number:
                    break
                key = f"{kind}: {reason}"
                tally.failed[key] = tally.failed.get(key, 0) + 1
    return tally


def _import(stage, scene, package, tally, arm, disarm) -> int:
    stick = scene / "stick"
    stick.mkdir()
    path = Path(shutil.copy(package, stick))
    home = stage.fresh("office", scene)
    with stage.opened("office", home) as office:
        arm()
        try:
            (done,) = merging.import_packages(office, paths=[path])
            code = done.problem.code if done.problem else "done"
        except EnvironmentFault as fault:
            code = fault.problem.code
        finally:
            count = disarm()
    tally.codes[code] = tally.codes.get(code, 0) + 1
    with stage.opened("office", home) as office:
        there = holds(office)
        tally.faults += [f"import {count}: {each}" for each in faults(office)]
        if there not in {(0, 0), (1, 2)}:
            tally.faults.append(f"import {count}: half of it, {there}")
        (again,) = merging.import_packages(office, paths=[path])
        if again.problem or holds(office) != (1, 2):
            tally.faults.append(f"import {count}: the next one, {again}")
        tally.faults += [f"import {count} after the next: {each}" for each in faults(office)]
    tally.faults += [f"import {count}: {left.name} on the stick" for left in stick.glob(".*")]
    return count


def _export(stage, scene, _package, tally, arm, disarm) -> int:
    stick = scene / "stick"
    stick.mkdir()
    home = stage.fresh("laptop", scene)
    with stage.opened("laptop", home) as laptop:
        arm()
        try:
            handover.export_package(laptop, out=stick)
            code = "done"
        except ChayanError as error:
            code = error.problem.code
        finally:
            count = disarm()
    tally.codes[code] = tally.codes.get(code, 0) + 1
    with (
        stage.opened("laptop", home) as laptop,
        stage.opened("office", stage.fresh("office", scene)) as office,
    ):
        tally.faults += [f"export {count}: {each}" for each in faults(laptop)]
        for done in merging.import_packages(office, paths=sorted(stick.glob("*.cyb"))):
            if done.problem:
                tally.faults.append(f"export {count}: half a package, {done}")
        again = handover.export_package(laptop, out=stick, whole=True)
        merging.import_packages(office, paths=[again.path])
        if holds(office) != (1, 2):
            tally.faults.append(f"export {count}: the next one")
    tally.faults += [f"export {count}: {left.name} on the stick" for left in stick.glob(".*")]
    return count


def main() -> None:
    told, folder, stride = sys.argv[1:]
    kept = json.loads(Path(told).read_text("utf8"))
    secrets = {
        name: (one, bytes.fromhex(two), bytes.fromhex(three))
        for name, (one, two, three) in kept["secrets"].items()
    }
    print(json.dumps(asdict(run(Stage(Path(kept["folder"]), secrets), Path(folder), int(stride)))))


if __name__ == "__main__":
    main()
