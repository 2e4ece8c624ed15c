"""The entries of forms about an organization or a plan (推荐表, 计划表), which no record holds.

They are asked for when such a form is printed. What was entered is kept on this device for the next time
(:mod:`app.services.savepoints`), so that the window, the command line and a batch print the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from app.errors import BadInput
from app.forms.entries import stored
from app.services import form_registry, savepoints
from app.services.form_data import Data
from app.services.form_shelf import form_of
from app.services.form_values import OUT, PLACE, FilledEntry, cell_key, fill_in, printed
from app.services.practising import is_practice
from app.services.workplace import Changes, Workplace

Values = Mapping[str, str]

_PREFIX = "asked:"


def typed_values(place: Workplace, *, form: str, record_id: str) -> dict[str, str]:
    """What was entered on this device, by key (``entry`` or ``entry.row.column``)."""
    name = _name(form, record_id)
    found = (each for each in savepoints.kept(place, prefix=name) if each.name == name)
    return {key: str(text) for each in found for key, text in each.value.items()}


def entered_about(place: Workplace, *, form: str) -> frozenset[str]:
    """The records for which something was entered in a form."""
    prefix = _name(form, "")
    return frozenset(each.name.removeprefix(prefix) for each in savepoints.kept(place, prefix=prefix))


def asked_entries(place: Workplace, *, form: str, record_id: str) -> tuple[FilledEntry, ...]:
    """The entries of a form with what the record gives and what was entered."""
    return _filled(place, form, record_id, None)[0]


def asked_data(place: Workplace, *, form: str, record_id: str, values: Values | None = None) -> Data:
    """Everything that one copy of a form about an organization or a plan reads."""
    filled, data = _filled(place, form, record_id, values)
    return {**data, "practice": is_practice(place), "paper": printed(filled)}


def enter(place: Workplace, *, form: str, record_id: str, key: str, text: str) -> Changes:
    """Keep one value; ``papers.unknown_field`` for what the form does not ask, ``forms.bad_…`` for faults."""
    name, column = key.partition(".")[0], key.rpartition(".")[2]
    found = form_of(place, form).entry(name)
    if found is not None and found.kind == "rows":
        found = next((each for each in found.columns if each.id == column), None)
    if found is None:
        raise BadInput("papers.unknown_field", field=key)
    return _keep(place, form, record_id, {key: stored(found, text)})


def add_row(place: Workplace, *, form: str, record_id: str, entry: str) -> str:
    """Add a row at the end; its key."""
    values = typed_values(place, form=form, record_id=record_id)
    made = {key.split(".")[1] for key in values if key.startswith(f"{entry}.")}
    row = next(name for number in count(1) if (name := f"r{number}") not in made)
    there = [each for each in asked_entries(place, form=form, record_id=record_id) if each.entry.id == entry]
    if not there or there[0].entry.kind != "rows":
        raise BadInput("papers.unknown_field", field=entry)
    _keep(place, form, record_id, {cell_key(entry, row, PLACE): str(len(there[0].rows) + 1)})
    return row


def remove_row(place: Workplace, *, form: str, record_id: str, entry: str, row: str) -> Changes:
    """Take a row out with everything in it; a prefilled one stays out."""
    values = typed_values(place, form=form, record_id=record_id)
    left = {key: text for key, text in values.items() if not key.startswith(f"{entry}.{row}.")}
    return _write(place, form, record_id, {**left, cell_key(entry, row, PLACE): OUT})


def order_rows(place: Workplace, *, form: str, record_id: str, entry: str, rows: Sequence[str]) -> Changes:
    """Bring rows into an order."""
    places = {cell_key(entry, row, PLACE): str(number) for number, row in enumerate(rows, 1)}
    return _keep(place, form, record_id, places)


def _filled(
    place: Workplace, form: str, record_id: str, values: Values | None
) -> tuple[tuple[FilledEntry, ...], Data]:
    found = form_of(place, form)
    with place.read() as session:
        data = form_registry.registry_data(place, session, found.about, record_id)
    given = typed_values(place, form=form, record_id=record_id) if values is None else values
    return fill_in(found, given, data), data


def _keep(place: Workplace, form: str, record_id: str, more: Values) -> Changes:
    return _write(place, form, record_id, {**typed_values(place, form=form, record_id=record_id), **more})


def _write(place: Workplace, form: str, record_id: str, values: Values) -> Changes:
    savepoints.keep(place, values={_name(form, record_id): dict(values) or None})
    return Changes()


def _name(form: str, record_id: str) -> str:
    return f"{_PREFIX}{form}/{record_id}"
