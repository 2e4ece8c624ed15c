"""All official tables of a year, against one raw pass over the same rows.

    python benchmarks/tables.py [--inspections N] [--organizations N] [--repeat N]

The floor reads, through the driver alone and in the same run, the same columns of the same rows that
the tables are counted from, each once: headers with their organization's code and state, officers,
findings, entered values, orders with their follow-ups, cases, notices, certificates, tasks. The tables
are counted one after the other and dropped, as an export of all of them would. The sides take turns and
the fastest of each counts. Memory is the peak of a process that only counts, beside one that counts a
tenth of the inspections of the same organizations; once as an office has it, once without the store's
page cache, which is bounded and shows what counting itself holds. The goal is that this does not grow
with the inspections: by no more than a tenth, or a few MB where that is less. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Table as StoreTable
from sqlalchemy import insert

from app import bootstrap
from app.models.enforcement import Case, FollowUp, Notification, RectificationOrder
from app.models.inspection import Answer, Finding, Inspection, InspectionOfficer
from app.models.registry import Certificate, Organization
from app.models.revisions import RecordState
from app.services import reporting
from app.services.workplace import Owner, Workplace
from app.vocabulary import InspectionType, ProductClass, ProductionStatus, Role, Scheme

GOAL = 3.0
ORGANIZATIONS = 38_000
"""The registry, whatever the number of inspections: the size the house is built for."""
GROWTH, FEW_MB = 0.1, 4.0
"""What counting may hold more for ten times the inspections: this share of what it holds, or so much."""
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
SCHEMES = {
    InspectionType.CCC_PRODUCER: Scheme.CCC,
    InspectionType.ORGANIC_ORG: Scheme.ORGANIC,
    InspectionType.SELENIUM_ORG: Scheme.SELENIUM,
    InspectionType.MS_ORG: Scheme.MANAGEMENT_SYSTEM,
    InspectionType.MS_WITNESS: Scheme.MANAGEMENT_SYSTEM,
    InspectionType.CB_SELF: Scheme.OTHER,
}
SHARES = (40, 20, 10, 22, 7, 1)
PHRASE = "correct horse battery"
SMALL_CACHE = "PRAGMA cache_size=-1024"
START = "2025-12-31T16:00:00.000000Z"
END = "2026-12-31T16:00:00.000000Z"

PASSES = (
    f"""SELECT i.id, i.organization_id, i.inspection_type, i.status, i.product_class, i.production_status,
        i.finalised_at, i.started_at, o.credit_code, s.in_conflict
        FROM inspections i LEFT JOIN organizations o ON o.id = i.organization_id
        LEFT JOIN record_states s ON s.record_kind = 'inspection' AND s.record_id = i.id
        WHERE i.finalised_at >= '{START}' AND i.finalised_at < '{END}'
        ORDER BY i.finalised_at, i.id""",
    f"""SELECT p.inspection_id, p.credential FROM inspection_officers p
        JOIN inspections i ON i.id = p.inspection_id WHERE p.officer AND p.credential != ''
        AND i.finalised_at >= '{START}' AND i.finalised_at < '{END}'""",
    f"""SELECT f.inspection_id, f.key, f.item, f.against FROM findings f
        JOIN inspections i ON i.id = f.inspection_id WHERE f.confirmed
        AND i.finalised_at >= '{START}' AND i.finalised_at < '{END}'""",
    f"""SELECT a.inspection_id, a.item, a.value FROM answers a JOIN inspections i ON i.id = a.inspection_id
        WHERE a.item IN ('1.2') AND i.inspection_type IN ('MS_WITNESS', 'CB_SELF') AND i.finalised_at >= '{START}' AND i.finalised_at < '{END}'""",
    "SELECT inspection_id, order_key FROM follow_ups WHERE result = 'passed' AND done_on <= '2026-12-31'",
    """SELECT p.inspection_id, p.key, p.subject_kind, p.subject_name, p.subject_code, i.subject_name,
       i.subject_code FROM orders p JOIN inspections i ON i.id = p.inspection_id
       WHERE p.issued_on BETWEEN '2026-01-01' AND '2026-12-31'""",
    """SELECT p.inspection_id, p.key, p.cause, p.subject_kind, p.subject_name, p.subject_code, p.referral,
       p.filed_on, p.decided_on, p.referred_on, p.goods_value, p.confiscated, p.fine, i.subject_name,
       i.subject_code FROM cases p JOIN inspections i ON i.id = p.inspection_id""",
    "SELECT inspection_id, key, kind, body_name, body_approval, sent_on FROM notifications",
    """SELECT o.id, o.credit_code, o.dossier_on, c.number, c.scheme, c.product_class, c.status, c.issued_on,
       c.expires_on, c.ended_on, c.as_of FROM organizations o
       JOIN certificates c ON c.organization_id = o.id ORDER BY o.id, c.number""",
)


def key_of(number: int) -> str:
    """An id of the usual length."""
    return f"{number:032x}"


class Year:
    """The rows of a year, by table."""

    def __init__(self, inspections: int, organizations: int) -> None:
        self.inspections, self.organizations = inspections, organizations
        self.chance = random.Random(7)
        self.kinds = self.chance.choices(list(SCHEMES), SHARES, k=self.organizations)

    def write(self, place: Workplace) -> None:
        """All rows, past the mapper."""
        parts: dict[StoreTable, list[dict[str, object]]] = {}
        for row_of, row in (*self._registry(), *self._visits()):
            parts.setdefault(row_of, []).append(row)
        with place.write("benchmark.fill") as work:
            for table, rows in parts.items():
                names = sorted({name for row in rows for name in row})
                work.session.execute(insert(table), [{name: row.get(name) for name in names} for row in rows])
            work.commit()

    def _registry(self) -> Iterator[tuple[StoreTable, dict[str, object]]]:
        for number, kind in enumerate(self.kinds):
            code = f"9136{number:014d}" if number % 100 else ""
            yield Organization.__table__, _row(
                Organization, id=key_of(number), name=f"宜春第{number}工厂", credit_code=code,
                dossier_on=date(2026, 2, 1) if number % 3 else None,
            )  # fmt: skip
            classes = list(ProductClass) if kind is InspectionType.CCC_PRODUCER else [None]
            for each in range(1 + number % 2):
                yield Certificate.__table__, _row(
                    Certificate, organization_id=key_of(number), number=f"C{number}-{each}",
                    scheme=SCHEMES[kind], product_class=classes[number % len(classes)], status="valid",
                    issued_on=date(2024, 1, 1), expires_on=date(2029, 1, 1), as_of=date(2026, 12, 1),
                )  # fmt: skip

    def _visits(self) -> Iterator[tuple[StoreTable, dict[str, object]]]:
        classes, states = list(ProductClass), list(ProductionStatus)
        begin = datetime(2026, 1, 1, 2, tzinfo=UTC)
        for number in range(self.inspections):
            owner = self.chance.randrange(self.organizations)
            kind = self.kinds[owner]
            at = begin + timedelta(minutes=self.chance.randrange(364 * 24 * 60))
            visit = key_of(1_000_000_000 + number)
            subject = {"subject_name": f"宜春第{owner}工厂", "subject_code": f"9136{owner:014d}"}
            yield Inspection.__table__, _row(
                Inspection, id=visit, organization_id=key_of(owner), inspection_type=kind, checklist_id="c",
                checklist_version="1", status="finalised", started_at=at, finalised_at=at,
                product_class=classes[owner % len(classes)] if kind is InspectionType.CCC_PRODUCER else None,
                production_status=states[number % len(states)], **subject,
            )  # fmt: skip
            yield RecordState.__table__, {
                "record_kind": "inspection", "record_id": visit, "heads": "[]", "conflicts": "[]",
                "in_conflict": number % 500 == 0,
            }  # fmt: skip
            for officer in range(2 + number % 2):
                yield InspectionOfficer.__table__, _row(
                    InspectionOfficer, inspection_id=visit, credential=f"赣C{(owner + officer) % 300:08d}",
                    name="彭建华", officer=True,
                )  # fmt: skip
            yield from self._consequences(visit, number, at.date(), subject)

    def _consequences(
        self, visit: str, number: int, day: date, subject: dict[str, str]
    ) -> Iterator[tuple[StoreTable, dict[str, object]]]:
        if number % 3 == 0:
            yield Finding.__table__, _row(
                Finding, inspection_id=visit, key="f1", item="2.4", severity="major",
                disposition="rectify_by_date", against="organization", confirmed=True,
                noted_at=datetime(2026, 1, 1, tzinfo=UTC),
            )  # fmt: skip
        if number % 4 == 0:
            yield Answer.__table__, _row(Answer, inspection_id=visit, item="1.2", value=str(number))
        if number % 5 == 0:
            order = {"inspection_id": visit, "key": "o1", "subject_kind": "organization", **subject}
            yield (
                RectificationOrder.__table__,
                _row(
                    RectificationOrder, status="issued", at_once=False, drafted_on=day, issued_on=day, **order
                ),
            )
            if number % 10:
                yield (
                    FollowUp.__table__,
                    _row(
                        FollowUp, inspection_id=visit, key="u1", order_key="o1", done_on=day, result="passed"
                    ),
                )
        if number % 20 == 0:
            case = {"inspection_id": visit, "key": "k1", "subject_kind": "organization", **subject}
            yield Case.__table__, _row(
                Case, status="decided", cause=str(2 + number // 20 % 18), noted_on=day, filed_on=day,
                decided_on=day, fine=number, confiscated=100, goods_value=5000, **case,
            )  # fmt: skip
            yield Notification.__table__, _row(
                Notification, inspection_id=visit, key="n1", kind="certification_body",
                body_name=f"第{number % 30}认证中心", body_approval=f"CNCA-R-2010-{number % 30:03d}", sent_on=day,
            )  # fmt: skip


def _row(mapped: type, **values: object) -> dict[str, object]:
    """Values with what the mapper would put where nothing is said."""
    columns = mapped.__table__.columns
    empty = {each.key: each.default.arg for each in columns if each.default and each.default.is_scalar}
    texts = {each.key: "" for each in columns if not each.nullable and each.type.python_type is str}
    return {**texts, **empty, **values}


def floor(connection: sqlcipher.Connection) -> float:
    """Seconds that reading every row once takes."""
    begun = time.perf_counter()
    for statement in PASSES:
        for _ in connection.execute(statement):
            pass
    return time.perf_counter() - begun


def counted(place: Workplace) -> float:
    """Seconds that counting all tables takes, each dropped before the next."""
    begun = time.perf_counter()
    for table in reporting.tables(place, period_from=FIRST, period_to=LAST):
        assert table.columns
    return time.perf_counter() - begun


def opened(home: Path) -> Iterator[Workplace]:
    with bootstrap.open_home(home, PHRASE, clock=lambda: datetime(2026, 12, 31, 8, tzinfo=UTC)) as place:
        yield place


def peak_of(home: Path, *, cached: bool = True) -> float:
    """Peak memory in MB of a process that counts all tables of a home."""
    command = [sys.executable, __file__, "--count", str(home), *([] if cached else ["--uncached"])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


def count_and_tell(home: Path, *, cached: bool) -> None:
    """Count all tables of a home and print the most memory that this took, in MB.

    Unlocking a vault takes more than that for a moment: it is given back first, and what is held now is
    asked for again and again while counting goes on beside.
    """
    for place in opened(home):
        if not cached:
            with place.read() as session:
                session.connection().exec_driver_sql(SMALL_CACHE)
        gc.collect()
        _give_back()
        before = _held()
        with Watch() as watch:
            counted(place)
        print(json.dumps(watch.most - before))


class Watch(threading.Thread):
    """Looks every few milliseconds at what this process holds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self._over = _held(), threading.Event()

    def run(self) -> None:
        """Look until it is over."""
        while not self._over.wait(0.004):
            self.most = max(self.most, _held())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def _give_back() -> None:
    """Hand memory that is free back to the system, where the C library can; else it hides what comes after."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _held() -> float:
    """Memory of this process now, in MB; its peak where the system does not tell."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text("ascii").split()[1]) * resource.getpagesize() / (1 << 20)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def made(folder: Path, inspections: int, organizations: int) -> Path:
    """A home with a year of that many inspections."""
    home = folder / f"home{inspections}"
    owner = Owner(Role.SUPERVISOR, "宜春市市场监督管理局", "黎国平", "赣C36090100")
    with bootstrap.create_home(home, PHRASE, owner):
        pass
    for place in opened(home):
        Year(inspections, organizations).write(place)
    return home


def turns(place: Workplace, repeat: int) -> Iterable[tuple[float, float]]:
    """Both sides in turn."""
    with place.store.engine.connect() as held:
        raw = held.connection.driver_connection
        assert raw is not None
        for _ in range(repeat):
            gc.collect()
            yield counted(place), floor(raw)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inspections", type=int, default=100_000)
    parser.add_argument("--organizations", type=int, default=ORGANIZATIONS)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--count", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--uncached", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.count:
        count_and_tell(options.count, cached=not options.uncached)
        return
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        home = made(Path(folder), options.inspections, options.organizations)
        small = made(Path(folder), options.inspections // 10, options.organizations)
        for place in opened(home):
            runs = list(turns(place, options.repeat))
        seconds, floor_seconds = (min(side) for side in zip(*runs, strict=True))
        peak, small_peak = peak_of(home), peak_of(small)
        own, small_own = peak_of(home, cached=False), peak_of(small, cached=False)
    ratio, growth = seconds / floor_seconds, own - small_own
    met = {"time": ratio <= GOAL, "memory": growth <= max(GROWTH * small_own, FEW_MB)}
    found = {
        "inspections": options.inspections,
        "organizations": options.organizations,
        "seconds": seconds,
        "floor_seconds": floor_seconds,
        "ratio": ratio,
        "goal": GOAL,
        "peak_mb": peak,
        "small_peak_mb": small_peak,
        "own_mb": own,
        "small_own_mb": small_own,
        "growth_mb": growth,
        "growth_goal_mb": max(GROWTH * small_own, FEW_MB),
        "met": all(met.values()),
        "missed": ", ".join(name for name, reached in met.items() if not reached),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
