"""One durable answer through the service, against a raw SQLCipher commit under the same pragmas.

    python benchmarks/answer.py [--answers N]

All write to stores of the same shape on the same disk. The floor writes the two rows that an answer
leaves behind, the answer and its journal entry, and commits; the service also checks the item and
the status, adjusts the finding and chains the entry to the one before. A second floor writes the
answer's row alone, as a program without a journal would. The sides take turns, so that a slow moment
of the disk meets all, and the end of each side's fastest quarter counts: what else the machine is
doing would make them look alike. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sqlcipher3.dbapi2 as sqlcipher

from app import bootstrap
from app.models.store import Store, open_store
from app.services import inspecting, registering
from app.services.inspecting import Duties
from app.services.sheets import sheet
from app.services.workplace import Owner, Workplace
from app.vocabulary import InspectionType, Role, TaskSource, Verdict

GOAL = 3.0
DETAIL = json.dumps(
    {
        "changes": [
            {
                "changed": "answers",
                "key": ["i" * 32, "1.1"],
                "values": {
                    "verdict": "conforming",
                    "answered_at": "2026-08-12T01:30:00+00:00",
                    "answered_by": "A1",
                },
            }
        ]
    }
)
PEOPLE = "姓名,执法证号\n甲,A1\n乙,A2\n"
ORGANIZATIONS = "企业名称,统一社会信用代码\n宜春华鑫电器有限公司,\n"


def visit(place: Workplace, folder: Path) -> str:
    """A visit under way."""
    (folder / "people.csv").write_text(PEOPLE, "utf8")
    (folder / "organizations.csv").write_text(ORGANIZATIONS, "utf8")
    registering.import_people(place, path=folder / "people.csv")
    registering.import_registry(place, path=folder / "organizations.csv")
    (organization,) = registering.organization_ids(place)
    started = inspecting.start(
        place,
        duties=Duties(TaskSource.DAILY),
        organization_id=organization,
        inspection_type=InspectionType.CCC_PRODUCER,
        officers=["A1", "A2"],
    )
    return started.id


def answers(place: Workplace, inspection_id: str) -> Iterator[Callable[[], object]]:
    """Answers to one item after the other, now 符合, now 不适用."""
    items = [
        item.id for section in sheet(place, inspection_id=inspection_id).sections for item in section.items
    ]
    for verdict in cycle((Verdict.CONFORMING, Verdict.NOT_APPLICABLE)):
        for item in items:
            yield lambda item=item, verdict=verdict: inspecting.answer(
                place, inspection_id=inspection_id, item=item, verdict=verdict
            )


def raw_commits(store: Store, *, journal: bool) -> Iterator[Callable[[], object]]:
    """The least that makes a verdict durable: its row, its journal entry if any, and one commit."""
    connection = store.engine.raw_connection()
    connection.execute("PRAGMA foreign_keys=OFF")
    for number in range(40):
        connection.execute(
            "INSERT OR IGNORE INTO answers (inspection_id, item, verdict, note, value, answered_by) "
            "VALUES ('visit', ?, NULL, '', '', '')",
            (str(number),),
        )

    def commit(number: int, verdict: str) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "UPDATE answers SET verdict = ? WHERE inspection_id = 'visit' AND item = ?",
            (verdict, str(number)),
        )
        if journal:
            enter(connection)
        connection.execute("COMMIT")

    def enter(connection: sqlcipher.Connection) -> None:
        connection.execute(
            "INSERT INTO journal (at, actor, device_id, action, detail, previous, digest) "
            "VALUES (?, 'A1', ?, 'inspecting.answer', ?, ?, ?)",
            ("2026-08-12T01:30:00.000000Z", "d" * 32, DETAIL, "0" * 64, "0" * 64),
        )

    for verdict in cycle(("conforming", "not_applicable")):
        for number in range(40):
            yield lambda number=number, verdict=verdict: commit(number, verdict)


def timed(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def measure(folder: Path, count: int) -> dict[str, object]:
    """Both, in turns."""
    owner = Owner(Role.INSPECTOR, "office", "甲", "A1")
    floors = []
    for name in ("two-rows", "one-row"):
        (folder / name).mkdir()
        floors.append(open_store(folder / name, os.urandom(32)))
    with bootstrap.create_home(folder / "home", "benchmark", owner) as place:
        ours = answers(place, visit(place, folder))
        sides = (raw_commits(floors[0], journal=True), ours, raw_commits(floors[1], journal=False))
        times = [tuple(timed(next(side)) for side in sides) for _ in range(20 + count)][20:]
    for store in floors:
        store.close()
    floor_time, our_time, one_row = (statistics.quantiles(side, n=4)[0] for side in zip(*times, strict=True))
    ratio = our_time / floor_time
    return {
        "benchmark": "answer",
        "answers": count,
        "floor_ms": round(floor_time * 1000, 2),
        "ms": round(our_time * 1000, 2),
        "p95_ms": round(statistics.quantiles([ours for _, ours, _ in times], n=20)[-1] * 1000, 2),
        "ratio": round(ratio, 2),
        "one_row_ratio": round(our_time / one_row, 2),
        "goal": GOAL,
        "met": ratio <= GOAL,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=300)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options.answers), indent=1))


if __name__ == "__main__":
    main()
