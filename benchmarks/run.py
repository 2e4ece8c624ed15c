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
    "tables": ["--inspections", "5000", "--organizations", "2000", "--repeat", "2"],
    "papers": ["--papers", "10"],
    "scans": ["--pages", "16", "--dpi", "200"],
    "window": ["--organizations", "2000", "--inspections", "20"],
    "sync": ["--inspections", "20", "--photos", "64", "--large", "192", "--small", "50", "--repeat", "1"],
    "merge": ["--all", "4000", "--changed", "1000"],
}

TITLES = {
    "startup": "Start to the first painted window",
    "intake": "Taking in a registry",
    "answer": "One durable answer",
    "sync": "A package out and in",
    "tables": "All official tables of a year",
    "merge": "Taking in what both sides changed",
    "papers": "Two hundred papers at once",
    "scans": "Scanned papers that find their record",
    "window": "The window of a full vault",
}

FLOORS = {
    "startup": "a bare PySide6 window with one label",
    "intake": "calamine plus raw `executemany` into the same engine, tables and indexes, checking nothing",
    "answer": "the same two rows and a commit through the driver alone, under the same pragmas",
    "sync": (
        "one SHA-256 and one age encryption of each photo out, one age decryption and one SHA-256 in, every file "
        "written and synced"
    ),
    "merge": "`rebase` of pygeodiff on plain SQLite files with the same columns and rows, without history or encryption",
    "papers": "reportlab alone setting as many characters on as many pages: no record, no layout, no frames, no code",
    "scans": "PDFium alone rendering the same pages at the size they are looked at; processor time on one core",
    "window": "none; the longest time that the event loop was not served, against 100 ms",
    "tables": "the driver alone reading the same columns of the same rows once, decoding nothing",
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
    plain = found["floor_out_seconds"] + found["floor_in_seconds"]
    return [
        (
            f"{found['records']:.0f} inspections with {found['bytes'] / 1e6:,.0f} MB: out {found['export_seconds']:.2f} s, "
            f"in {found['import_seconds']:.2f} s, together {ours:.2f} s; floor {found['floor_out_seconds']:.2f} s and "
            f"{found['floor_in_seconds']:.2f} s, together {plain:.2f} s. Files on {found['disk']}."
        ),
        (
            "Only ours reads the package back before it counts as written (decrypted and hashed once more: "
            f"{found['reading_back_seconds']:.2f} s by itself) and keeps evidence encrypted in both homes (opened and "
            f"sealed: {found['vault_seconds']:.2f} s by itself). Hashing and sealing run beside age on a second core, "
            "the floor uses one."
        ),
        f"The same package again: {found['again_ratio']:.1%} of the first import (goal 5 %).",
        (
            "One visit changed afterwards and handed over: a package of "
            f"{found['update_bytes'] / 1e3:.1f} kB, no photo goes twice."
        ),
        (
            f"Peak memory {found['peak_mb']:.0f} MB with {found['bytes'] / 1e6:,.0f} MB, "
            f"{found['large_peak_mb']:.0f} MB with {found['large_bytes'] / 1e6:,.0f} MB (goal 300 MB); "
            f"{found['large_peak_before_mb']:.0f} MB before either began. The large one: out "
            f"{found['large_export_seconds']:.1f} s, in {found['large_import_seconds']:.1f} s."
        ),
        (
            f"{found['small']:,.0f} small packages: {found['small_seconds']:.1f} s, {found['linear_ratio']:.2f} × ten times "
            "the first tenth of them (goal: linear, 1.2 ×)."
        ),
    ]


def merge_words(found: Result) -> list[str]:
    lines = [
        (
            f"{found['changed']:,.0f} of {found['all']:,.0f} inspections changed on both sides, every tenth in the same "
            f"column: {found['seconds']:.2f} s, {found['merged']:,.0f} merged, {found['conflicts']:,.0f} in conflict; peak "
            f"memory {found['peak_mb']:.0f} MB, {found['peak_before_mb']:.0f} MB of it before the import began."
        ),
        (
            f"Of that, signatures: {found['checking_seconds']:.2f} s to check {found['changed']:,.0f}, "
            f"{found['signing_seconds']:.2f} s to make as many for what was changed here."
        ),
        f"Of that, decrypting the package: {found['decrypting_seconds']:.2f} s.",
    ]
    rest = f"What remains is reading, merging and writing: {found['merging_seconds']:.2f} s"
    if "peer_seconds" not in found:
        return [*lines, f"{rest}. The peer was not measured: it is not installed (`pip install pygeodiff`)."]
    return [
        *lines,
        (
            f"{rest}; the peer's rebase {found['peer_seconds']:.2f} s, of which {found['peer_sender_seconds']:.2f} s compare "
            "the sender's files. Ours also keeps every side's signed revision and writes to an encrypted store."
        ),
    ]


def tables_words(found: Result) -> list[str]:
    return [
        (
            f"{found['inspections']:,.0f} inspections of {found['organizations']:,.0f} organizations with their officers, "
            f"findings, orders, cases and certificates: all tables in {found['seconds']:.2f} s; floor {found['floor_seconds']:.2f} s."
        ),
        (
            f"Counting holds {found['own_mb']:.1f} MB at most; with a tenth of the inspections of the same organizations "
            f"{found['small_own_mb']:.1f} MB: {found['growth_mb']:+.1f} MB (goal: flat, at most "
            f"{found['growth_goal_mb']:+.1f} MB). With the store's page cache, which never grows beyond 64 MB, "
            f"{found['peak_mb']:.0f} MB and {found['small_peak_mb']:.0f} MB."
        ),
    ]


def papers_words(found: Result) -> list[str]:
    return [
        (
            f"{found['papers']:,.0f} interview records, {found['pages']:,.0f} pages, each of another visit, in one file of "
            f"{found['bytes'] / 1e6:.1f} MB and with progress after each: {found['seconds']:.1f} s "
            f"({found['seconds'] / found['pages'] * 1000:.0f} ms a page); floor {found['floor_seconds']:.2f} s."
        ),
        (
            f"At most {found['held_mb']:.0f} MB above what the program holds before; with {found['small_papers']:,.0f} papers "
            f"{found['small_held_mb']:.0f} MB. The goal is ours: nobody asked for a figure."
        ),
    ]


def scans_words(found: Result) -> list[str]:
    rows = [
        f"| {each['dpi']} | {each['pages']} | {each['bytes'] / 1e6:.0f} MB | {each['pages'] / each['floor_seconds']:.1f} | "
        f"{each['pages'] / each['reading_seconds']:.1f} | {each['pages'] / each['seconds']:.1f} | {each['placed']} |"
        for each in found["runs"]
    ]
    head = [
        "",
        "| dpi | pages | file | floor, pages/s | read, pages/s | taken in, pages/s | found their record |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    return [
        "Real forms printed, rasterised, turned by quarters, askew up to 3°, with noise and JPEG, in one PDF:\n"
        + "\n".join([*head, *rows, ""]),
        (
            f"Peak memory {found['peak_mb']:.0f} MB, {found['peak_before_mb']:.0f} MB of it before the first page. The goal "
            "is ours: nobody asked for a figure."
        ),
    ]


def window_words(found: Result) -> list[str]:
    stalls = sorted(found["stalls_ms"].items(), key=lambda row: -row[1])
    waits = [f"| {name} | {took:.0f} ms |" for name, took in found["waits_ms"].items()]
    lines = [f"| {name} | {took:.0f} ms |" for name, took in stalls]
    head = ["", "| step | |", "|---|--:|"]
    return [
        (
            f"{found['organizations']:,.0f} organizations, {found['inspections']:,.0f} inspections, a checklist of "
            f"{found['items']:,.0f} items; every step by its keys in the real window, painted offscreen."
        ),
        "What a person waits for, median of the repeated steps:\n" + "\n".join([*head, *waits, ""]),
        "The longest stall in each step:\n" + "\n".join([*head, *lines]),
    ]


WORDS: dict[str, Callable[[Result], list[str]]] = {
    "startup": startup_words,
    "intake": intake_words,
    "answer": answer_words,
    "sync": sync_words,
    "merge": merge_words,
    "tables": tables_words,
    "papers": papers_words,
    "scans": scans_words,
    "window": window_words,
}


def machine() -> str:
    """What the figures were measured on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("PySide6-Essentials", "SQLAlchemy", "sqlcipher3")
    )
    return f"{platform.system()} {platform.machine()}, {cores} cores, CPython {platform.python_version()}, {versions}"


def ratio_of(found: Result) -> str:
    return f"{found['ratio']:.2f} ×" if "ratio" in found else "not measured"


def verdict_on(found: Result) -> str:
    """Met, or which of several goals was missed."""
    which = found.get("missed", "")
    return "met" if found["met"] else f"missed: {which}" if which else "missed"


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
        f"| {TITLES[name]} | {ratio_of(found)} | {found['goal']:.1f} × | {verdict_on(found)} |"
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
