"""What the demonstration leaves to look at: forms, tables, a summary, pictures of the screens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import msgspec

from app.demo.acting import Visited
from app.demo.clerk import asked
from app.files import write_atomically
from app.services import (
    crediting,
    entering,
    issuing,
    planning,
    publishing,
    registering,
    reporting,
    summarizing,
)
from app.services import papers as filled
from app.services.workplace import Workplace

PERIODS = {
    "ccc-annex1": (date(2026, 1, 1), date(2026, 11, 20)),
    "organic-annex3": (date(2026, 1, 1), date(2026, 11, 20)),
    "shanghai-annex2": (date(2025, 11, 21), date(2026, 11, 20)),
}

SHOTS_TIMEOUT = 240

_OF_VISIT = ("inspection", "order", "document", "evidence", "record")
_OF_ORDER = ("order", "document")
"""What every visit (with an order) has papers about."""

Tell = Callable[[str], None]


def print_forms(place: Workplace, visits: Iterable[Visited], folder: Path) -> list[Path]:
    """The forms of some visits that nothing is filled in on, an order where there is one; each form blank."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for number, visited in enumerate(visits, 1):
        for row in issuing.form_rows():
            if row.about not in _OF_VISIT or (row.about in _OF_ORDER and not visited.orders):
                continue
            printed = issuing.print_form(place, form=row.id, inspection_id=visited.inspection_id)
            made.append(_saved(folder / f"{number:02d}-{row.id}.pdf", printed.pdf))
    fillable = [row.id for row in issuing.form_rows() if not row.of_history]
    blanks = {name: issuing.print_blank(form=name) for name in fillable}
    return made + [_saved(folder / f"blank-{name}.pdf", blank.pdf) for name, blank in blanks.items()]


def print_papers(place: Workplace, visits: Iterable[Visited], folder: Path) -> list[Path]:
    """Every paper that was filled in, drafts and voided ones too, and the forms that are asked at printing."""
    made: list[Path] = []
    for visited in visits:
        for row in filled.paper_rows(place, inspection_id=visited.inspection_id):
            printed = issuing.print_form(
                place, form=row.form, inspection_id=visited.inspection_id,
                subject_key=row.subject_key or None, paper=row.key,
            )  # fmt: skip
            made.append(_saved(_free(folder, row.form), printed.pdf))
    records = {
        "demonstration-enterprise": registering.organization_ids(place)[0],
        "plan-table": planning.plan_rows(place)[0].id,
    }
    for form, record_id in records.items():
        printed = issuing.print_asked(place, form=form, record_id=record_id, values=asked(form))
        made.append(_saved(_free(folder, form), printed.pdf))
    return made


def _free(folder: Path, form: str) -> Path:
    """The first free name for a filled form."""
    numbers = (folder / f"paper-{form}-{number}.pdf" for number in range(1, 100))
    return next(path for path in numbers if not path.exists())


def write_tables(place: Workplace, folder: Path, unit: str) -> tuple[list[Path], dict[str, object]]:
    """The official tables as workbooks, and as documents by their names."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    documents: dict[str, object] = {}
    for name, (first, last) in PERIODS.items():
        exported = reporting.export_table(
            place, table=name, out=folder / f"{name}.xlsx", period_from=first, period_to=last, unit=unit
        )
        made.append(exported.path)
        documents[name] = _without_ids(reporting.table_document(exported.table))
    return made, documents


def write_reports(place: Workplace, folder: Path) -> list[Path]:
    """The work summary and the lists that go up and out with it, of the newest plan."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = planning.plan_rows(place)[0].id
    return [
        summarizing.write_summary(place, plan_id=plan, out=folder / "work-summary.docx").path,
        publishing.write_public(place, plan_id=plan, out=folder / "public-results.xlsx").path,
        crediting.write_credit(place, plan_id=plan, out=folder / "penalties.xlsx").path,
        entering.write_entries(place, plan_id=plan, out=folder / "entries.xlsx").path,
    ]


def _without_ids(document: dict[str, object]) -> dict[str, object]:
    """The document without the ids of records, which are new in every run."""
    left_out = document["left_out"]
    assert isinstance(left_out, list)
    return {**document, "left_out": [{**each, "records": len(each["records"])} for each in left_out]}


def write_summary(path: Path, content: object) -> Path:
    """What was done, as JSON."""
    encoded = msgspec.json.encode(msgspec.to_builtins(content, enc_hook=str, str_keys=True))
    return _saved(path, msgspec.json.format(encoded, indent=2))


def _saved(path: Path, data: bytes) -> Path:
    write_atomically(path, data)
    return path


def take_screenshots(homes: Sequence[Path], passphrase: str, folder: Path, tell: Tell) -> list[Path]:
    """Pictures of the real screens on each home, side by side, without a display.

    The window is not imported here: where Qt cannot start, the rest of the work stands.
    """
    tell("screens")
    with ThreadPoolExecutor(len(homes)) as pool:
        faults = pool.map(lambda home: _pictures_of(home, passphrase, folder / home.name), homes)
        for fault in faults:
            if fault:
                tell(f"no screenshots: {fault}")
    return sorted(folder.rglob("*.png"))


def _pictures_of(home: Path, passphrase: str, folder: Path) -> str:
    """Take the pictures of one home in a process of its own; returns what went wrong, if anything did."""
    folder.mkdir(parents=True, exist_ok=True)
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CHAYAN_PASSPHRASE": passphrase}
    try:
        done = subprocess.run(  # noqa: S603 - our own program with our own folders
            [*program, GALLERY, str(home.resolve()), str(folder.resolve())],
            env=environment, capture_output=True, text=True, timeout=SHOTS_TIMEOUT, check=False,
            encoding="utf8", errors="replace", cwd=Path(__file__).resolve().parents[2],
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"{home.name} was not done within {SHOTS_TIMEOUT} seconds"
    except OSError as error:
        return str(error)
    return " ".join(done.stderr.split()[-30:]) or str(done.returncode) if done.returncode else ""


GALLERY = "gallery"
"""The word by which ``app.__main__`` is asked for pictures of the screens."""
