"""Run every benchmark and write what they found to ``docs/benchmarks.md``.

    python benchmarks/run.py [--quick]

Each benchmark measures its own floor or peer in the same run; ratios travel from machine to machine
better than seconds do. The exit code tells whether every goal was met.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"

Result = dict[str, float]

QUICK = {
    "startup": ["--repeat", "3", "--targets", "1000"],
    "intake": ["--rows", "4000", "--repeat", "1"],
    "answer": ["--answers", "60"],
    "sync": ["--inspections", "20", "--photos", "64", "--records", "1000", "--small", "50"],
}

TITLES = {
    "startup": "Start to the first painted window",
    "intake": "Taking in a registry",
    "answer": "One durable answer",
    "sync": "A package out and in",
}

FLOORS = {
    "startup": "a bare PySide6 window with one label",
    "intake": "calamine plus raw `executemany` into the same engine, tables and indexes, checking nothing",
    "answer": "the same two rows and a commit through the driver alone, under the same pragmas",
    "sync": (
        "the age and SHA-256 that the rules ask for on the same bytes (out: decrypt the stored photo, hash, encrypt, "
        "decrypt what was written, hash; in: decrypt, hash, encrypt to the vault), every file written and synced"
    ),
}


def run(name: str, arguments: list[str]) -> Result:
    """One benchmark in its own process."""
    command = [sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *arguments]
    print(f"{name} …", file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: Result = json.loads(done.stdout)
    return found


def startup_words(found: Result) -> list[str]:
    return [
        (
            f"{found['seconds'] * 1000:.0f} ms from the start of the process to the painted unlock window; "
            f"floor {found['floor_seconds'] * 1000:.0f} ms."
        ),
        (
            f"Then, from the passphrase: {found['unlock_seconds']:.2f} s to the open program (age's scrypt makes "
            "guessing slow and so takes most of it; the libraries are read meanwhile), and "
            f"{found['list_seconds']:.2f} s more to the painted list of {found['targets']:,} targets. Whole way "
            f"{found['start_to_list_seconds']:.2f} s."
        ),
    ]


def intake_words(found: Result) -> list[str]:
    return [
        f"{found['rows']:,} rows in {found['seconds']:.2f} s; floor {found['floor_seconds']:.2f} s.",
        f"Peak memory {found['peak_mb']:.0f} MB (goal {found['peak_goal_mb']:.0f} MB).",
    ]


def answer_words(found: Result) -> list[str]:
    return [
        (
            f"{found['ms']:.2f} ms (95 of 100 within {found['p95_ms']:.2f} ms); floor {found['floor_ms']:.2f} ms, "
            f"{found['answers']:.0f} answers in turns, the fastest quarter of each."
        ),
        (f"Against a commit of the answer's row alone, without a journal: {found['one_row_ratio']:.2f} ×."),
    ]


def sync_words(found: Result) -> list[str]:
    ours = found["export_seconds"] + found["import_seconds"]
    return [
        (
            f"{found['records']:.0f} inspections with {found['bytes'] / 1e6:.0f} MB: out {found['export_seconds']:.1f} s, "
            f"in {found['import_seconds']:.1f} s; floor {found['floor_out_seconds']:.1f} s and "
            f"{found['floor_in_seconds']:.1f} s. One hash and one age there and back alone: "
            f"{found['plain_seconds']:.1f} s, of which {ours:.1f} s are {found['plain_ratio']:.1f} ×."
        ),
        f"The same package again: {found['again_ratio']:.1%} of the first import (goal 5 %).",
        f"Peak memory {found['peak_mb']:.0f} MB (goal 300 MB), unlocking the vaults included.",
        (
            f"{found['merge_records']:,.0f} records changed on both sides merged in {found['merge_seconds']:.2f} s; checking "
            f"their signatures alone takes {found['signature_seconds']:.2f} s. No peer was measured."
        ),
        (
            f"{found['small']:,.0f} small packages: {found['small_seconds']:.1f} s, {found['linear_ratio']:.2f} × ten times "
            "the first tenth of them."
        ),
    ]


WORDS: dict[str, Callable[[Result], list[str]]] = {
    "startup": startup_words,
    "intake": intake_words,
    "answer": answer_words,
    "sync": sync_words,
}


def machine() -> str:
    """What the figures were measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3")
    )
    return f"{platform.system()} {platform.machine()}, {cores} cores, CPython {platform.python_version()}, {versions}"


def report(results: dict[str, Result]) -> str:
    """The page."""
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Each claim is a ratio to a floor that was measured in the same run on the",
        "same machine; seconds are given for orientation only.",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}.",
        "",
        "| | ratio | goal | |",
        "|---|--:|--:|---|",
    ]
    lines += [
        f"| {TITLES[name]} | {found['ratio']:.2f} × | {found['goal']:.1f} × | {'met' if found['met'] else 'missed'} |"
        for name, found in results.items()
    ]
    for name, found in results.items():
        lines += ["", f"## {TITLES[name]}", "", f"Floor: {FLOORS[name]}.", ""]
        lines += [f"- {line}" for line in WORDS[name](found)]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small inputs; writes no page")
    options = parser.parse_args()
    results = {name: run(name, QUICK[name] if options.quick else []) for name in TITLES}
    page = report(results)
    print(page)
    if not options.quick:
        REPORT.write_text(page, "utf8")
    return 0 if all(found["met"] for found in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
