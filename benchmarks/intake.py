"""38,000 rows taken in, against the floor: calamine plus raw ``executemany`` into the same engine.

    python benchmarks/intake.py [--rows N] [--repeat N]

The floor reads the same workbook and writes the same two tables with the same indexes, pragmas and
keys in one transaction, and checks nothing. Each side runs in its own process, so that the peak of
its memory is its own; the best of a few runs counts. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.intake.identifiers import credit_check_digit

GOAL = 2.5
MEMORY_GOAL_MB = 300
HEADER = [
    "序号",
    "认证项目/产品类别",
    "证书编号",
    "证书状态",
    "证书到期日期",
    "获证组织名称/生产企业",
    "统一社会信用代码",
    "发证机构",
]
PROJECTS = ["质量管理体系认证", "环境管理体系认证", "职业健康安全管理体系认证"]
CHARACTERS = "华鑫瑞泰康源恒盛宏达永嘉和信安绿禾丰田沃硒谷明月山润泉晟垚犇喆祎芃烨筱"


def make_workbook(path: Path, rows: int) -> None:
    """A certificate list of ``rows`` rows over two thirds as many organizations."""
    import xlsxwriter

    rng = random.Random(7)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADER)
    owners = [_organization(rng, number) for number in range(rows * 2 // 3)]
    for number in range(1, rows + 1):
        name, code = owners[number % len(owners)]
        expires = f"{rng.randint(2026, 2029)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
        certificate = f"{number:06d}26Q{rng.randint(0, 99999):05d}R0S"
        body = f"认证机构{rng.randint(1, 20)}有限公司"
        row = [number, rng.choice(PROJECTS), certificate, "有效", expires, name, code, body]
        page.write_row(number, 0, row)
    book.close()


def _organization(rng: random.Random, number: int) -> tuple[str, str]:
    head = "91000000" + "".join(rng.choice("0123456789ABCDEFGH") for _ in range(9))
    name = "".join(rng.choices(CHARACTERS, k=4)) + f"{number}机械制造有限公司"
    return name, head + credit_check_digit(head)


def floor(workbook: Path, home: Path) -> float:
    """Seconds for reading with calamine and writing raw rows."""
    from python_calamine import CalamineWorkbook

    from app.models.all import Base
    from app.models.store import open_store

    store = open_store(home, os.urandom(32))
    tables = [Base.metadata.tables[name] for name in ("organizations", "certificates")]
    statements = []
    for table in tables:
        names = [column.name for column in table.columns]
        marks = ",".join("?" * len(names))
        statements.append((names, f"INSERT INTO {table.name} ({','.join(names)}) VALUES ({marks})"))
    started = time.perf_counter()
    rows = list(CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).iter_rows())[1:]
    owners = {row[6]: (uuid.uuid4().hex, row[5]) for row in rows}
    blank = {"employees": None, "dossier_on": None, "product_class": None} | dict.fromkeys(
        ("suspended_from", "suspended_to", "ended_on", "issued_on", "first_issued_on"), None
    )
    organizations = [
        {
            "id": key,
            "name": name,
            "credit_code": code,
            "code_state": "ok",
            "as_of": "2026-11-01",
            "source_row": 1,
        }
        for code, (key, name) in owners.items()
    ]
    certificates = [
        {
            "organization_id": owners[row[6]][0],
            "number": row[2],
            "scheme": "management_system",
            "status": "valid",
        }
        | {
            "project": "A01",
            "expires_on": row[4],
            "body_name": row[7],
            "as_of": "2026-11-01",
            "source_row": 1,
        }
        for row in rows
    ]
    connection = store.engine.raw_connection()
    connection.execute("BEGIN IMMEDIATE")
    for (names, statement), records in zip(statements, (organizations, certificates), strict=True):
        connection.executemany(
            statement, [[record.get(name, blank.get(name, "")) for name in names] for record in records]
        )
    connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    store.close()
    return seconds


def ours(workbook: Path, home: Path) -> float:
    """Seconds for the import that people use."""
    from app import bootstrap
    from app.services.registering import import_registry
    from app.services.workplace import Owner
    from app.vocabulary import Role

    owner = Owner(Role.SUPERVISOR, "office", "name", "credential")
    with bootstrap.create_home(home, "benchmark", owner) as place:
        _forget_peak()
        started = time.perf_counter()
        result = import_registry(place, path=workbook)
        seconds = time.perf_counter() - started
    assert not result.problems, result.problems[:3]
    return seconds


def _measured(side: str, workbook: Path) -> dict[str, float]:
    """One side in its own process: seconds and peak memory."""
    command = [sys.executable, __file__, "--side", side, "--workbook", str(workbook)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def _run_side(side: str, workbook: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        seconds = {"floor": floor, "ours": ours}[side](workbook, home)
    print(json.dumps({"seconds": seconds, "peak_mb": _peak_mb()}))


def _forget_peak() -> None:
    """Start the peak of memory anew: opening the vault (scrypt) takes 256 MB by design and gives it back."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    if sys.platform == "linux":
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=38_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--side", choices=["floor", "ours"])
    parser.add_argument("--workbook", type=Path)
    options = parser.parse_args()
    if options.side:
        _run_side(options.side, options.workbook)
        return
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "registry.xlsx"
        make_workbook(workbook, options.rows)
        runs = {
            side: [_measured(side, workbook) for _ in range(options.repeat)] for side in ("floor", "ours")
        }
    best = {side: min(run["seconds"] for run in found) for side, found in runs.items()}
    ratio = best["ours"] / best["floor"]
    report = {
        "benchmark": "intake",
        "rows": options.rows,
        "floor_seconds": round(best["floor"], 3),
        "seconds": round(best["ours"], 3),
        "ratio": round(ratio, 2),
        "goal": GOAL,
        "peak_mb": round(max(run["peak_mb"] for run in runs["ours"])),
        "peak_goal_mb": MEMORY_GOAL_MB,
        "met": ratio <= GOAL and max(run["peak_mb"] for run in runs["ours"]) <= MEMORY_GOAL_MB,
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
