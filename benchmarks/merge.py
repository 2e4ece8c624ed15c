"""Records changed on both sides taken in, against pygeodiff's rebase of the same rows.

    python benchmarks/merge.py [--all N] [--changed N]

The office holds ``--all`` inspections, ``--changed`` of them changed there after they were handed in;
the laptop changed the same ones in another column, and in every tenth also the one that the office
changed, to another value. Ours: one package with as many signed revisions is imported, and the
office's own changes are sealed. The peer: three plain SQLite files with the same columns and rows, and
``GeoDiff.rebase``. Both end with both sides' values in every row; where both wrote one column the peer
keeps one value and writes the other to a file, ours keeps both and shows a conflict.

What only one side does is measured on the same bytes and shown apart: signatures (10,000 checked as
the import checks them, in two threads, and 10,000 made) and the decryption of the package. Each part runs in its own process. Prints one JSON
document; without pygeodiff (``pip install pygeodiff``) the peer's figures are missing.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.sync import HEADER, forget_peak, memory_mb, stage, timed

GOAL = 1.0
OURS, THEIRS, CLASH = "二号车间", "三号车间", 10
PEER = "pygeodiff"
ROUNDS = 3


def ids(count: int) -> list[str]:
    return [f"{number:032x}" for number in range(1, count + 1)]


def ours(folder: Path, everything: int, changed: int) -> dict[str, float]:
    """Seconds for the import, and for what of it is cryptography: the quickest of a few."""
    from app.services import merging
    from tests.services.forge import forge, in_a_row, revision

    homes = stage(folder)
    with (
        homes.opened("office", folder / "office") as office,
        homes.opened("laptop", folder / "laptop") as laptop,
    ):
        first = [revision(laptop, "inspection", each, dict(HEADER)) for each in ids(everything)]
        numbered = in_a_row(office)
        path = forge(laptop, office, folder / "first.cyb", first, change=numbered)
        merging.import_packages(office, paths=[path])
        change_here(office, changed)
        second = [
            revision(laptop, "inspection", made.revision.record, theirs(number), made.id)
            for number, made in enumerate(first[:changed])
        ]
        path = forge(laptop, office, folder / "second.cyb", second, change=numbered)
        keys = laptop.vault.public
    del first
    copies = (Path(shutil.copytree(folder / "office", folder / f"office-{each}")) for each in range(ROUNDS))
    rounds = [one_import(homes, home, path, second, keys) for home in copies]
    return {name: min(each[name] for each in rounds) for name in rounds[0]}


def one_import(homes, home: Path, path: Path, second, keys) -> dict[str, float]:
    from app.services import merging
    from app.vault import verified

    done = []
    with homes.opened("office", home) as office:
        forget_peak()
        before = memory_mb()
        seconds = timed(lambda: done.extend(merging.import_packages(office, paths=[path])))
        found = {"seconds": seconds, "peak_mb": memory_mb(), "peak_before_mb": before}
        found["checking_seconds"] = timed(
            lambda: verified([(keys, one.signature, one.body) for one in second])
        )
        found["signing_seconds"] = timed(lambda: [office.vault.sign(one.body) for one in second])
        found["decrypting_seconds"] = timed(
            lambda: office.vault.decrypt_stream(io.BytesIO(path.read_bytes()), io.BytesIO())
        )
    assert (done[0].problem, done[0].refused) == (None, 0), done[0].problem
    return found | {"merged": done[0].merged, "conflicts": done[0].conflicts}


def theirs(number: int) -> dict[str, str]:
    """What the laptop wrote into the ``number``-th changed record."""
    clash = {"place": THEIRS} if number % CLASH == 0 else {}
    return {"subject_name": "新名厂", **clash}


def change_here(office, changed: int) -> None:
    from sqlalchemy import update

    from app.models.inspection import Inspection

    with office.write("bench") as work:
        mine = update(Inspection).where(Inspection.id.between(ids(1)[0], ids(changed)[-1]))
        work.session.execute(mine.values(place=OURS), execution_options={"synchronize_session": False})
        work.commit()


def peer(folder: Path, everything: int, changed: int) -> dict[str, float]:
    """Seconds for ``GeoDiff.rebase`` of the same rows, and for the part that the sender would do."""
    from pygeodiff import GeoDiff

    base, their, our = (folder / f"{name}.db" for name in ("base", "their", "our"))
    make_table(base, everything)
    for copy in (their, our):
        shutil.copy(base, copy)
    change_table(our, f"UPDATE inspections SET place = '{OURS}' WHERE row <= {changed}")
    change_table(their, f"UPDATE inspections SET subject_name = '新名厂' WHERE row <= {changed}")
    clash = f"row <= {changed} AND (row - 1) % {CLASH} = 0"
    change_table(their, f"UPDATE inspections SET place = '{THEIRS}' WHERE {clash}")
    tool = GeoDiff()
    sender = timed(lambda: tool.create_changeset(str(base), str(their), str(folder / "their.diff")))
    whole = timed(lambda: tool.rebase(str(base), str(their), str(our), str(folder / "conflicts.json")))
    with sqlite3.connect(our) as store:
        [(both,)] = store.execute(
            f"SELECT count(*) FROM inspections WHERE subject_name = '新名厂' AND place IN ('{OURS}', '{THEIRS}')"
        )
    assert both == changed, both
    tool.shutdown()
    return {"peer_seconds": whole, "peer_sender_seconds": sender}


def make_table(path: Path, count: int) -> None:
    """The columns of ``inspections`` that travel, as a program without history would keep them."""
    from app.sync.shapes import RECORD_KINDS

    fields = RECORD_KINDS["inspection"].root.fields
    columns = ", ".join(f'"{name}" TEXT' for name in fields)
    values = [
        HEADER.get(name, "" if field.default is None else field.default) for name, field in fields.items()
    ]
    marks = ", ".join("?" * (len(fields) + 2))
    with sqlite3.connect(path) as store:
        store.execute(f"CREATE TABLE inspections (row INTEGER PRIMARY KEY, id TEXT, {columns})")
        rows = ((number, each, *values) for number, each in enumerate(ids(count), 1))
        store.executemany(f"INSERT INTO inspections VALUES ({marks})", rows)


def change_table(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as store:
        store.execute(statement)


PARTS: dict[str, Callable[[Path, int, int], dict[str, float]]] = {"ours": ours, "peer": peer}


def part(name: str, everything: int, changed: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--part", name, str(everything), str(changed)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    if sys.argv[1:2] == ["--part"]:
        with tempfile.TemporaryDirectory(prefix="chayan-bench-") as folder:
            print(json.dumps(PARTS[sys.argv[2]](Path(folder), *map(int, sys.argv[3:]))))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=int, default=100_000)
    parser.add_argument("--changed", type=int, default=10_000)
    options = parser.parse_args()
    found = {"all": options.all, "changed": options.changed} | part("ours", options.all, options.changed)
    apart = ("checking_seconds", "signing_seconds", "decrypting_seconds")
    found["merging_seconds"] = found["seconds"] - sum(found[name] for name in apart)
    found["goal"] = GOAL
    if find_spec(PEER) is not None:
        found |= min((part("peer", options.all, options.changed) for _ in range(ROUNDS)), key=_peer_seconds)
        found["ratio"] = found["merging_seconds"] / found["peer_seconds"]
    found["met"] = found.get("ratio", GOAL + 1) <= GOAL
    print(json.dumps(found))


def _peer_seconds(found: dict[str, float]) -> float:
    return found["peer_seconds"]


if __name__ == "__main__":
    main()
