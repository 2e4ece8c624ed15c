"""文书: the papers that fit a record of the visit, offered by one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from app.forms.schema import About
from app.services import enforcing, issuing, serving
from app.services.issuing import FormRow
from app.ui.slots import calling

if TYPE_CHECKING:
    from app.services.workplace import Workplace

_MOST = 9


@dataclass(frozen=True, slots=True)
class Fitting:
    """A form, and the key of what it is about; ``what`` names it where the card does not."""

    form: FormRow
    subject: str
    what: str = ""

    @property
    def text(self) -> str:
        """What it is called among others."""
        return f"{self.form.title}（{self.what}）" if self.what else self.form.title


def fitting(place: Workplace, inspection_id: str, name: str, key: str) -> tuple[Fitting, ...]:
    """The papers that fit the card ``name`` (``order``, ``case``, ``notice``, else the visit) with that key."""
    return (*_of(place, inspection_id, name, key), *_receipts(place, inspection_id, key))


def _of(place: Workplace, inspection_id: str, name: str, key: str) -> tuple[Fitting, ...]:
    if name == "order":
        papers = _about(place, inspection_id, "order", key)
        follow_ups = enforcing.follow_up_rows(place, inspection_id=inspection_id)
        mine = [row.key for row in follow_ups if row.order_key == key]
        return papers + (_about(place, inspection_id, "follow_up", mine[-1]) if mine else ())
    if name == "case":
        return _about(place, inspection_id, "case", key)
    if name == "notice":
        return _about(place, inspection_id, "notification", key)
    return _about(place, inspection_id, "inspection", "") + _about(place, inspection_id, "evidence", "")


def _receipts(place: Workplace, inspection_id: str, key: str) -> Iterator[Fitting]:
    """A receipt of service for everything that was issued about the card's record."""
    forms = [row for row in issuing.form_rows(place) if row.about == "document"]
    for each in serving.documents_of(place, inspection_id=inspection_id):
        if each.subject == key:
            yield from (Fitting(row, each.key, each.name) for row in forms)


def _about(place: Workplace, inspection_id: str, about: About, key: str) -> tuple[Fitting, ...]:
    rows = issuing.fitting_forms(place, inspection_id=inspection_id, about=about, key=key)
    return tuple(Fitting(row, key) for row in rows)


def offer(
    papers: Sequence[Fitting], chosen: Callable[[Fitting], object], parent: QWidget, at: QWidget | None
) -> QMenu | None:
    """Let one be chosen by its digit or the arrows; a single one is taken at once."""
    if len(papers) == 1:
        chosen(papers[0])
        return None
    menu = QMenu(parent)
    menu.setObjectName("fitting")
    menu.setAccessibleName("文书")
    for number, each in enumerate(papers, 1):
        digit = f"&{number}  " if number <= _MOST else ""
        action = menu.addAction(f"{digit}{each.text}")
        action.triggered.connect(calling(chosen, each))
    menu.aboutToHide.connect(menu.deleteLater)
    beside = at or parent
    menu.popup(beside.mapToGlobal(QPoint(24, min(beside.height(), 48))))
    if papers:
        menu.setActiveAction(menu.actions()[0])
    return menu
