"""Where the papers of a batch go: one file, or a folder of files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.errors import BadInput, Place
from app.files import write_atomically
from app.forms.paper import Paper as Sheets
from app.forms.render import draw
from app.forms.schema import Form
from app.services.file_names import fitted_name, free_path
from app.services.form_data import Data

Progress = Callable[[int, int], None]
T = TypeVar("T")


class Target:
    """Where papers go; counts them and their pages."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.papers = self.pages = 0

    def add(self, form: Form, data: Data | None, name: str) -> None:
        """Take one more paper in."""
        raise NotImplementedError

    def close(self) -> None:
        """Write what was not written yet."""

    def stopped(self) -> BadInput:
        """What is told when somebody stopped it."""
        return BadInput("sync.cancelled", Place(file=self.out.name))


class OneFile(Target):
    """All papers behind each other in one file."""

    def __init__(self, out: Path) -> None:
        super().__init__(out)
        self._buffer = io.BytesIO()
        self._sheets = Sheets(self._buffer, title=out.stem, wide=False)

    def add(self, form: Form, data: Data | None, _name: str) -> None:
        """Draw the paper behind the others."""
        self.pages += draw(self._sheets, form, data)
        self.papers += 1

    def close(self) -> None:
        """Write the file whole."""
        self._sheets.close()
        write_atomically(self.out, self._buffer.getvalue())


class Folder(Target):
    """Each paper as a file, numbered in their order."""

    def add(self, form: Form, data: Data | None, name: str) -> None:
        """Write the paper at once."""
        self.out.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        sheets = Sheets(buffer, title=form.title, wide=form.landscape)
        self.pages += draw(sheets, form, data)
        sheets.close()
        self.papers += 1
        # A folder may hold the papers of an earlier batch.
        file = free_path(self.out / fitted_name(f"{self.papers:03}", name, form.title))
        write_atomically(file, buffer.getvalue())

    def stopped(self) -> BadInput:
        """Finished papers stay."""
        if not self.papers:
            return super().stopped()
        return BadInput("batches.stopped", Place(file=self.out.name), count=self.papers)


@dataclass(slots=True)
class Steps:
    """Tells how far the work is, and stops it when somebody said so."""

    total: int
    target: Target
    progress: Progress | None
    cancelled: Callable[[], bool] | None
    done: int = 0

    def over(self, members: Iterable[T]) -> Iterator[T]:
        """Each paper, and after it what was done."""
        for each in members:
            if self.cancelled is not None and self.cancelled():
                raise self.target.stopped()
            yield each
            self.done += 1
            if self.progress is not None:
                self.progress(self.done, self.total)
