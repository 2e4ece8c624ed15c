"""The dialogs of a home's role, opened with its own records so that they can be pictured; nothing is stored.

A dialog of which this home has no record is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.services import casework, enforcing, papers, resolving, visits
from app.ui.jobs import Jobs
from app.vocabulary import InspectionStatus, Role

if TYPE_CHECKING:
    from app.services.visits import InspectionRow
    from app.ui.screens import Desk
    from app.ui.shell import Shell

Settle = Callable[[Jobs], None]
PER_PAGE: Final = "on-site-record"
"""A form that is signed page by page."""


def opened(shell: Shell, desk: Desk, settle: Settle) -> Iterator[tuple[str, QWidget]]:
    """Each dialog with its name, open over the screen it belongs to; it is closed when the next one is asked for."""
    rows = visits.inspection_rows(desk.place, visits.inspection_ids(desk.place))
    recipes = _of_inspector if desk.place.owner.role is Role.INSPECTOR else _of_supervisor
    for name in recipes(shell, desk, rows, settle):
        settle(desk.jobs)
        dialog = QApplication.activeModalWidget() or _dialog_of(shell)
        if dialog is not None:
            settle(desk.jobs)
            yield name, dialog
            if isinstance(dialog, QDialog):
                dialog.reject()
            settle(desk.jobs)


def _dialog_of(shell: Shell) -> QDialog | None:
    return next((each for each in shell.findChildren(QDialog) if each.isVisible()), None)


def _of_inspector(shell: Shell, desk: Desk, rows: Sequence[InspectionRow], _settle: Settle) -> Iterator[str]:
    running = [row for row in rows if row.status is InspectionStatus.IN_PROGRESS]
    for row in running[:1]:
        for step in ("change_team", "sign"):
            shell.open("visit", inspection_id=row.id)
            if take_step(shell, step):
                yield step.replace("_", "-")
    yield from _orders(shell, desk, rows)
    yield from _cases(shell, desk, rows)
    yield from _papers(shell, desk, rows)


def _of_supervisor(shell: Shell, desk: Desk, _rows: Sequence[InspectionRow], settle: Settle) -> Iterator[str]:
    from app.ui.conflicts.screen import ConflictsScreen

    shell.open("planning")
    if take_step(shell, "add_task"):
        yield "add-task"
    for row in resolving.decided_rows(desk.place)[:1]:
        shell.open("conflicts", kind=row.kind, record_id=row.record_id)
        settle(desk.jobs)
        screen = shell.current()
        if isinstance(screen, ConflictsScreen):
            screen.reopen(row.paths[0])
        yield "reopen"


def _orders(shell: Shell, desk: Desk, rows: Sequence[InspectionRow]) -> Iterator[str]:
    """A draft that is issued and cited, a follow-up of one that was."""
    found = [
        order
        for row in rows
        for order in enforcing.order_rows(desk.place, open_only=False, inspection_id=row.id)
    ]
    drafts = [order for order in found if not order.number]
    issued = [order for order in found if order.number]
    steps = [(name, drafts) for name in ("issue", "cite")] + [
        (name, issued) for name in ("deliver", "follow_up")
    ]
    for name, orders in steps:
        for order in orders[:1]:
            if _ask(shell, order.inspection_id, name, order.key):
                yield f"order-{name.replace('_', '-')}"


def _cases(shell: Shell, desk: Desk, rows: Sequence[InspectionRow]) -> Iterator[str]:
    """A penalty, its number, and where a case is handed on."""
    cases = [case for row in rows for case in casework.case_rows(desk.place, inspection_id=row.id)]
    for case in cases[:1]:
        for name in ("file", "decide", "number", "refer", "close"):
            if _ask(shell, case.inspection_id, name, case.key):
                yield f"case-{name}"


def _papers(shell: Shell, desk: Desk, rows: Sequence[InspectionRow]) -> Iterator[str]:
    """Many at once, and one that is signed page by page."""
    from app.ui.paper.page_signing import PageSigningDialog

    for row in rows[:1]:
        shell.open("printing", inspection_id=row.id)
        if take_step(shell, "batch"):
            yield "batch"
    kept = [
        paper
        for row in rows
        for paper in papers.paper_rows(desk.place, inspection_id=row.id)
        if paper.form == PER_PAGE
    ]
    for paper in kept[:1]:
        shell.open("printing", inspection_id=paper.inspection_id)
        PageSigningDialog(desk, paper.inspection_id, paper.key, shell.current()).ask()
        yield "page-signing"


def _ask(shell: Shell, inspection_id: str, name: str, key: str) -> bool:
    from app.ui.enforcement.screen import EnforcementScreen

    shell.open("enforcement", inspection_id=inspection_id)
    screen = shell.current()
    if not isinstance(screen, EnforcementScreen):
        return False
    screen.ask(name, key)
    return True


def take_step(shell: Shell, name: str) -> bool:
    """Take a step of the screen in view, where it is offered."""
    screen = shell.current()
    steps = screen.screen_actions() if screen is not None else ()
    found = next((step for step in steps if step.name == name and step.enabled), None)
    if found is not None:
        found.trigger()
    return found is not None
