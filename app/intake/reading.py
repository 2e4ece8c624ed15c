"""Opens a registry file and reads it in batches: the door of this package.

>>> file = open_registry(path)
>>> for batch in file.batches():
...     batch.rows, batch.problems
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.errors import BadInput, Place, Problem
from app.files import explained, sha256_of, shown_name
from app.intake.cells import Grid
from app.intake.dates import day_within
from app.intake.layout import Binding, Layout, bind, layouts, named_layout, unrecognised
from app.intake.records import Batch, RegistryRow
from app.intake.registry_rows import RowReader, Seen
from app.intake.words import words
from app.intake.workbooks import open_grids
from app.vocabulary import CertificateStatus

HEADER_ROWS = 7
"""Rows above the data in the upload templates (domain.md section 10)."""


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """A registry file whose layout is known; rows are read when asked for.

    ``as_of`` is the day the file says its data are from. ``total`` counts the rows that
    :meth:`batches` will pass, blank ones and headers included, for a progress bar.
    ``implied_status`` is what being listed says about a certificate not yet known; ``dossiers`` that
    being listed means to have a dossier.
    """

    file_name: str
    layout: str
    sha256: str
    as_of: date | None
    total: int
    implied_status: CertificateStatus | None
    dossiers: bool
    bindings: tuple[Binding, ...]
    skipped: tuple[Problem, ...]

    def batches(self, size: int = 1000) -> Iterator[Batch]:
        """The rows in order, ``size`` rows of the file at a time, each batch with its problems."""
        seen = Seen()
        problems = self.skipped
        for binding in self.bindings:
            reader = RowReader(binding, self.file_name, seen)
            results = reader.rows()
            while taken := _next(results, size):
                yield Batch(tuple(row for row in taken if row is not None), problems + reader.faults.drain())
                problems = ()


def _next(results: Iterator[RegistryRow | None], size: int) -> list[RegistryRow | None]:
    taken = []
    for result in results:
        taken.append(result)
        if len(taken) == size:
            break
    return taken


def open_registry(path: Path, layout: str | None = None) -> RegistryFile:
    """Recognise ``path`` by its content, or read it in the named layout.

    Raises ``BadInput`` when nothing can be begun with the file.
    """
    candidates = (named_layout(layout),) if layout else layouts("registry")
    grids = open_grids(path)
    bindings = _bound_sheets(grids, candidates)
    if not bindings:
        if layout:
            raise BadInput("intake.layout_mismatch", Place(file=path.name), layout=layout)
        raise unrecognised(path.name)
    with explained(path.name), path.open("rb") as source:
        digest = sha256_of(source)
    first = bindings[0].layout
    return RegistryFile(
        file_name=shown_name(path),
        layout=first.name,
        sha256=digest,
        as_of=_as_of(bindings),
        total=sum(binding.grid.total for binding in bindings),
        implied_status=first.implied_status,
        dossiers=first.dossiers,
        bindings=bindings,
        skipped=_skipped(path.name, grids, bindings),
    )


def _bound_sheets(grids: Sequence[Grid], candidates: Sequence[Layout]) -> tuple[Binding, ...]:
    """Every sheet that holds the file's list; the first recognised sheet decides which list that is."""
    bindings: list[Binding] = []
    for grid in grids:
        binding = bind(grid, candidates)
        if binding:
            candidates = (binding.layout,)
            bindings.append(binding)
    return tuple(bindings)


def _skipped(file: str, grids: Sequence[Grid], bindings: Sequence[Binding]) -> tuple[Problem, ...]:
    """Sheets that hold something and were not read; a template's other sheets may be headers only."""
    read = {id(binding.grid) for binding in bindings}
    headers = HEADER_ROWS if any(binding.layout.template for binding in bindings) else 0
    return tuple(
        Problem("intake.sheet_not_read", Place(file, grid.sheet), {"rows": grid.total})
        for grid in grids
        if grid.total > headers and id(grid) not in read
    )


def _as_of(bindings: Sequence[Binding]) -> date | None:
    for binding in bindings:
        for cell in binding.title_cells:
            if (match := words().as_of.search(cell)) and (day := day_within(match[1])):
                return day
    return None
