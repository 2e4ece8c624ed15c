"""A table from 统计 on paper: made beside the window, then looked at and printed as forms are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.errors import ChayanError
from app.services import table_paper
from app.services.table_paper import TablePrinted
from app.ui.chooser import Chooser
from app.ui.paper.preview_dialog import PreviewDialog
from app.ui.printing import ChoosePrinter, choose_printer
from app.ui.screen import Screen
from app.ui.tables.shown import Shown

if TYPE_CHECKING:
    from app.ui.screens import Desk


def print_shown(
    screen: Screen,
    desk: Desk,
    shown: Shown,
    how: tuple[Chooser, ChoosePrinter | None],
    refused: Callable[[ChayanError], None],
) -> None:
    """Show what is shown as pages: as it was sent, or as counted now; a draft where a check forbids more."""
    work = (
        partial(table_paper.print_sent, desk.place, sent=shown.sent.id)
        if shown.sent is not None
        else partial(table_paper.print_counted, desk.place, counted=shown.table, draft=shown.table.blocked)
    )
    desk.jobs.run(work, partial(_preview, screen, desk, how), refused, screen)


def _preview(
    screen: Screen, desk: Desk, how: tuple[Chooser, ChoosePrinter | None], made: TablePrinted
) -> None:
    chooser, ask_printer = how
    dialog = PreviewDialog(desk, made.printed, screen, chooser, ask_printer or choose_printer)
    dialog.noticed.connect(screen.notice_given)
    dialog.show_paper()
