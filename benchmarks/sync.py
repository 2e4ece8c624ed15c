"""Handing over and taking in, against the cryptography that cannot be left out.

    python benchmarks/sync.py [--inspections N] [--photos MB] [--records N] [--small N]

One package of N inspections with photos goes out and in. The floor is what any program must do to
the same bytes under the same rules: on the way out decrypt the stored photo, hash, encrypt to the
receiver, decrypt what was written and hash it again; on the way in decrypt, hash and encrypt to
the vault, each file written and synced. Then the same package comes again; N records changed on
both sides are merged; and many small packages are compared with a tenth of them. Each part runs in
its own process, so that the peak of its memory is its own. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

GOAL, AGAIN_GOAL, MEMORY_GOAL_MB = 1.3, 0.05, 300
PHOTO = 4 << 20
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


def make_visits(place, count: int, photos: int) -> None:
    """Finished inspections; ``photos`` of them with a file of four megabytes."""
    from app.models.base import new_id
    from tests.services.parcels import make_visit

    chance = random.Random(9)
    for number in range(count):
        size = PHOTO if number < photos else 20_000
        make_visit(place, new_id(), photo=chance.randbytes(size))


def package(folder: Path, inspections: int, megabytes: int) -> dict[str, float]:
    """A large package out and in, the same again, and the floor."""
    from app.services import handover, merging

    homes = stage(folder)
    out = folder / "out"
    out.mkdir()
    with (
        homes.opened("office", folder / "office") as office,
        homes.opened("laptop", folder / "laptop") as laptop,
    ):
        make_visits(laptop, inspections, megabytes * (1 << 20) // PHOTO)
        base = peak_mb()
        made = []
        export = timed(lambda: made.append(handover.export_package(laptop, out=out)))
        taken = timed(lambda: merging.import_packages(office, paths=[made[0].path]))
        again = timed(lambda: merging.import_packages(office, paths=[made[0].path]))
        peak = peak_mb()
        floor_out, floor_in, plain = floor(laptop, office, folder)
    return {
        "bytes": made[0].bytes, "records": made[0].records, "export_seconds": export, "import_seconds": taken,
        "again_seconds": again, "floor_out_seconds": floor_out, "floor_in_seconds": floor_in,
        "plain_seconds": plain, "peak_mb": peak, "peak_before_mb": base,
    }  # fmt: skip


def floor(laptop, office, folder: Path) -> tuple[float, float, float]:
    """Seconds for the cryptography and the files alone; and for one hash and one age there and back."""
    target = folder / "floor"
    target.mkdir()
    names = list(laptop.evidence.names())

    def encrypted(place, data: bytes) -> bytes:
        sink = io.BytesIO()
        place.vault.encrypt_stream(io.BytesIO(data), sink, (place.vault.public.recipient,))
        return sink.getvalue()

    def decrypted(place, data: bytes) -> bytes:
        sink = io.BytesIO()
        place.vault.decrypt_stream(io.BytesIO(data), sink)
        return sink.getvalue()

    def written(path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def go_out() -> None:
        for name in names:
            plain = decrypted(laptop, laptop.evidence.path(name).read_bytes())
            hashlib.sha256(plain).digest()
            written(target / name, encrypted(office, plain))
        for name in names:
            hashlib.sha256(decrypted(office, (target / name).read_bytes())).digest()

    def come_in() -> None:
        for name in names:
            plain = decrypted(office, (target / name).read_bytes())
            hashlib.sha256(plain).digest()
            written(target / f"{name}.in", encrypted(office, plain))

    def once() -> None:
        for name in names:
            plain = decrypted(office, (target / name).read_bytes())
            hashlib.sha256(plain).digest()
            encrypted(office, plain)

    return timed(go_out), timed(come_in), timed(once)


def merge(folder: Path, records: int) -> dict[str, float]:
    """Records that were changed on both sides without knowing of each other, taken in."""
    from sqlalchemy import update

    from app.models.registry import Organization
    from app.services import merging
    from tests.services.forge import forge, revision

    homes = stage(folder)
    with (
        homes.opened("office", folder / "office") as office,
        homes.opened("laptop", folder / "laptop") as laptop,
    ):
        ids = [f"{number:032x}" for number in range(1, records + 1)]
        first = [revision(office, "organization", each, {"name": f"第{each[-6:]}厂"}) for each in ids]
        merging.import_packages(laptop, paths=[forge(office, laptop, folder / "first.cyb", first)])
        with laptop.write("bench") as work:
            work.session.execute(update(Organization).values(phone="0795-1"))
            work.commit()
        second = [
            revision(office, "organization", each, {"address": "袁州区"}, made.id)
            for each, made in zip(ids, first, strict=True)
        ]
        path = forge(office, laptop, folder / "second.cyb", second)
        done = []
        seconds = timed(lambda: done.extend(merging.import_packages(laptop, paths=[path])))
        assert done[0].problem is None, done[0].problem
        check = timed(lambda: [office.vault.public.verify(each.signature, each.body) for each in second])
    return {
        "merge_records": records, "merge_seconds": seconds, "signature_seconds": check,
        "merge_taken": done[0].accepted + done[0].merged, "merge_peak_mb": peak_mb(),
    }  # fmt: skip


def small(folder: Path, count: int) -> dict[str, float]:
    """Many packages of one inspection each, against a tenth of them."""
    from app.models.base import new_id
    from app.services import merging
    from tests.services.forge import forge, revision

    homes = stage(folder)
    with (
        homes.opened("office", folder / "office") as office,
        homes.opened("laptop", folder / "laptop") as laptop,
    ):
        paths = []
        for number in range(count):
            photo = b"photo %d" % number
            name = hashlib.sha256(photo).hexdigest()
            evidence = {"evidence/e/sha256": name, **EVIDENCE}
            one = revision(laptop, "inspection", new_id(), {**HEADER, **evidence})
            paths.append(forge(laptop, office, folder / f"{number}.cyb", [one], blobs={name: photo}))
        tenth = timed(lambda: merging.import_packages(office, paths=paths[: count // 10]))
        rest = timed(lambda: merging.import_packages(office, paths=paths[count // 10 :]))
    return {"small": count, "small_tenth_seconds": tenth, "small_seconds": tenth + rest}


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


PARTS = {"package": package, "merge": merge, "small": small}


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
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--small", type=int, default=1000)
    options = parser.parse_args()
    found = in_a_process("package", options.inspections, options.photos)
    found |= in_a_process("merge", options.records) | in_a_process("small", options.small)
    ours = found["export_seconds"] + found["import_seconds"]
    found["ratio"] = ours / (found["floor_out_seconds"] + found["floor_in_seconds"])
    found["goal"] = GOAL
    found["plain_ratio"] = ours / found["plain_seconds"]
    found["again_ratio"] = found["again_seconds"] / found["import_seconds"]
    found["linear_ratio"] = found["small_seconds"] / (10 * found["small_tenth_seconds"])
    found["met"] = (
        found["ratio"] <= GOAL and found["again_ratio"] <= AGAIN_GOAL and found["peak_mb"] <= MEMORY_GOAL_MB
    )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
