"""Handing over and taking in, against one SHA-256 and one age encryption of the same bytes there and back.

    python benchmarks/sync.py [--inspections N] [--photos MB] [--large MB] [--small N] [--repeat N]

One package of N inspections with photos goes out of one home and into another. The floor is what a
careful person would do to the same photos by hand: hash and age-encrypt each to the receiver, then
age-decrypt and hash each, every file written and synced. Ours also opens each photo out of one home's
store and seals it into the other's, and reads the package back before it counts as written; what that
costs by itself is measured on the same bytes.

Then the same package comes again; one visit is changed and handed over; a package of ``--large``
megabytes shows that memory stays flat; many small packages are compared with a tenth of them. Each
part runs in its own process, so that the peak of its memory is its own. Ours and the floor take turns
and the quickest round of each counts. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

GOAL, AGAIN_GOAL, MEMORY_GOAL_MB, LINEAR_GOAL = 1.3, 0.05, 300, 1.2
MIB = 1 << 20
HEADER = {
    "organization_id": "2" * 32,
    "inspection_type": "CCC_PRODUCER",
    "checklist_id": "ccc",
    "checklist_version": "1",
    "status": "finalised",
    "subject_name": "某厂",
    "started_at": "2026-08-12T01:30:00.000000Z",
}
EVIDENCE = {
    "evidence/e/file_name": "1.jpg",
    "evidence/e/media_type": "image/jpeg",
    "evidence/e/size": 9,
    "evidence/e/taken_at": "2026-08-12T01:30:00.000000Z",
}


def stage(folder: Path):
    from tests.torture.stage import make_stage

    return make_stage(folder)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def forget_peak() -> None:
    """Start the peak of memory anew: opening a vault (scrypt) takes 128 MB by design and gives it back."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")


def memory_mb() -> float:
    """The peak since it was forgotten."""
    if sys.platform == "linux":
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def file_system(folder: Path) -> str:
    """What kind of file system ``folder`` lies on, e.g. ``ext4``."""
    mounts = Path("/proc/mounts")
    found = [line.split()[1:3] for line in mounts.read_text().splitlines()] if mounts.exists() else []
    here = [(point, kind) for point, kind in found if folder.resolve().is_relative_to(point)]
    return max(here, key=lambda each: len(each[0]))[1] if here else "unknown"


def photos(count: int, megabytes: int) -> list[bytes]:
    """``count`` photos of ``megabytes`` MiB together, or a little more."""
    chance = random.Random(9)
    size = -(-megabytes * MIB // count)
    return [chance.randbytes(size) for _ in range(count)]


def make_visits(place, count: int, megabytes: int) -> list[str]:
    """Finished inspections with a photo each; their ids."""
    from app.models.base import new_id
    from tests.services.parcels import make_visit

    chance, size = random.Random(9), -(-megabytes * MIB // count)
    made = [new_id() for _ in range(count)]
    for each in made:
        make_visit(place, each, photo=chance.randbytes(size))
    return made


def package(folder: Path, inspections: int, megabytes: int, repeat: int) -> dict[str, float]:
    """A large package out and in, the same again, a small change, and the floor: the quickest of each."""
    homes = stage(folder)
    with homes.opened("laptop", folder / "laptop") as laptop:
        visits = make_visits(laptop, inspections, megabytes)
    rounds = [
        over_and_in(homes, folder, visits[0]) | floor(folder / "floor", inspections, megabytes)
        for _ in range(repeat)
    ]
    found = {name: min(each[name] for each in rounds) for name in rounds[0]}
    return found | {"peak_mb": max(each["peak_mb"] for each in rounds), "disk": file_system(folder)}


def over_and_in(homes, folder: Path, changed: str) -> dict[str, float]:
    """One export and import between copies of the homes."""
    from app.services import handover, merging
    from tests.services.parcels import edit

    out, copies = folder / "out", folder / "copies"
    for each in (out, copies):
        shutil.rmtree(each, ignore_errors=True)
        each.mkdir()
    office_home, laptop_home = (
        Path(shutil.copytree(folder / name, copies / name)) for name in ("office", "laptop")
    )
    os.sync()
    with homes.opened("office", office_home) as office, homes.opened("laptop", laptop_home) as laptop:
        made, done = [], []
        forget_peak()
        before = memory_mb()
        export = timed(lambda: made.append(handover.export_package(laptop, out=out)))
        taken = timed(lambda: done.extend(merging.import_packages(office, paths=[made[0].path])))
        peak = memory_mb()
        again = timed(lambda: done.extend(merging.import_packages(office, paths=[made[0].path])))
        edit(laptop, "place", "二号车间", changed)
        update = handover.export_package(laptop, out=out)
        vault = timed(lambda: reseal(laptop, office))
    assert [each.problem for each in done] == [None, None], done
    assert (done[0].accepted, done[1].already, update.blobs) == (made[0].records, made[0].records, 0), done
    return {
        "bytes": made[0].bytes, "records": made[0].records, "export_seconds": export, "import_seconds": taken,
        "again_seconds": again, "update_bytes": update.bytes, "vault_seconds": vault, "peak_mb": peak,
        "peak_before_mb": before,
    }  # fmt: skip


def reseal(laptop, office) -> None:
    """What evidence at rest costs a package: opened in one home, sealed for the other."""
    for name in laptop.evidence.names():
        office.evidence.sealed(name, laptop.evidence.read(name))


def floor(folder: Path, inspections: int, megabytes: int) -> dict[str, float]:
    """Seconds for the photos by hand, out and in, and for the reading back that ours does besides."""
    import pyrage

    shutil.rmtree(folder, ignore_errors=True)
    for name in ("photos", "out", "in"):
        (folder / name).mkdir(parents=True)
    for number, data in enumerate(photos(inspections, megabytes)):
        (folder / "photos" / str(number)).write_bytes(data)
    os.sync()
    key = pyrage.x25519.Identity.generate()
    names = [str(number) for number in range(inspections)]

    def written(path: Path, work: Callable[[io.BufferedWriter], object]) -> None:
        with path.open("wb", MIB) as file:
            work(file)
            file.flush()
            os.fsync(file.fileno())

    def opened(name: str) -> memoryview:
        plain = io.BytesIO()
        with (folder / "out" / name).open("rb") as source:
            pyrage.decrypt_io(source, plain, [key])
        hashlib.sha256(plain.getbuffer()).digest()
        return plain.getbuffer()

    def go_out() -> None:
        for name in names:
            data = (folder / "photos" / name).read_bytes()
            hashlib.sha256(data).digest()
            written(
                folder / "out" / name,
                lambda file, data=data: pyrage.encrypt_io(io.BytesIO(data), file, [key.to_public()]),
            )

    def come_in() -> None:
        for name in names:
            data = opened(name)
            written(folder / "in" / name, lambda file, data=data: file.write(data))

    found = {"floor_out_seconds": timed(go_out), "floor_in_seconds": timed(come_in)}
    found["reading_back_seconds"] = timed(lambda: [opened(name) for name in names])
    shutil.rmtree(folder)
    return found


def large(folder: Path, inspections: int, megabytes: int, _repeat: int) -> dict[str, float]:
    """A package so large that whatever grew with its size would show."""
    homes = stage(folder)
    with homes.opened("laptop", folder / "laptop") as laptop:
        visits = make_visits(laptop, inspections, megabytes)
    found = over_and_in(homes, folder, visits[0])
    return {f"large_{name}": value for name, value in found.items()}


def small(folder: Path, count: int, _megabytes: int, _repeat: int) -> dict[str, float]:
    """Many packages of one inspection each, against a tenth of them."""
    from app.models.base import new_id
    from app.services import merging
    from tests.services.forge import forge, in_a_row, revision

    homes = stage(folder)
    with (
        homes.opened("office", folder / "office") as office,
        homes.opened("laptop", folder / "laptop") as laptop,
    ):
        paths, numbered = [], in_a_row(office)
        for number in range(count):
            photo = b"photo %d" % number
            name = hashlib.sha256(photo).hexdigest()
            evidence = {"evidence/e/sha256": name, **EVIDENCE}
            one = revision(laptop, "inspection", new_id(), {**HEADER, **evidence})
            path = folder / f"{number}.cyb"
            paths.append(forge(laptop, office, path, [one], blobs={name: photo}, change=numbered))
        tenth = timed(lambda: merging.import_packages(office, paths=paths[: count // 10]))
        rest = timed(lambda: merging.import_packages(office, paths=paths[count // 10 :]))
    return {"small": count, "small_tenth_seconds": tenth, "small_seconds": tenth + rest}


PARTS = {"package": package, "large": large, "small": small}


def in_a_process(name: str, *sizes: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--part", name, *map(str, sizes)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    if sys.argv[1:2] == ["--part"]:
        with tempfile.TemporaryDirectory(prefix="chayan-bench-") as folder:
            print(json.dumps(PARTS[sys.argv[2]](Path(folder), *map(int, sys.argv[3:]))))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inspections", type=int, default=200)
    parser.add_argument("--photos", type=int, default=1024, help="megabytes")
    parser.add_argument("--large", type=int, default=3072, help="megabytes")
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    found = in_a_process("package", options.inspections, options.photos, options.repeat)
    # As many more visits as megabytes: the photos are of the same size.
    visits = options.inspections * options.large // options.photos
    found |= in_a_process("large", visits, options.large, 1)
    found |= in_a_process("small", options.small, 0, 1)
    ours = found["export_seconds"] + found["import_seconds"]
    found["ratio"] = ours / (found["floor_out_seconds"] + found["floor_in_seconds"])
    found["goal"] = GOAL
    found["again_ratio"] = found["again_seconds"] / found["import_seconds"]
    found["linear_ratio"] = found["small_seconds"] / (10 * found["small_tenth_seconds"])
    goals = {
        "time": found["ratio"] <= GOAL,
        "the same again": found["again_ratio"] <= AGAIN_GOAL,
        "memory": max(found["peak_mb"], found["large_peak_mb"]) <= MEMORY_GOAL_MB,
        "small packages": found["linear_ratio"] <= LINEAR_GOAL,
    }
    found["missed"] = ", ".join(name for name, reached in goals.items() if not reached)
    found["met"] = all(goals.values())
    print(json.dumps(found))


if __name__ == "__main__":
    main()
