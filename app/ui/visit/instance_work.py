"""Steps on the instances of a visit's repeated sections, each remembered whole for the way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.errors import ChayanError
from app.services import instances
from app.services.instances import Content
from app.services.sheet_rows import SectionRow
from app.services.step_rows import Rows, columns, instance_rows, without_instance
from app.services.workplace import Changes
from app.ui.visit.lines import GROUP, INSTANCE, instance_name, section_row

if TYPE_CHECKING:
    from app.ui.visit.work import VisitWork


class InstanceWork:
    """Adds, names, fills in, orders and removes instances of the visit under work."""

    def __init__(self, work: VisitWork) -> None:
        self._work = work

    def add(self, section: str) -> str | None:
        """Add one more instance of a repeated section; returns its key."""
        made: list[str] = []

        def step() -> Changes:
            added = instances.add_instance(
                self._work.place, inspection_id=self._work.inspection_id, section=section
            )
            made.append(added.key)
            return added.changes

        def read() -> Rows:
            return self._rows(made[0]) if made else ()

        groups = (each.group for each in (self._work.sheet.sections if self._work.sheet else ()))
        title = next((each.title for each in groups if each is not None and each.section == section), "")
        error = self._work.rows_step(f"{title}添加一份", "", step, read, group=GROUP + section)
        return made[0] if self._work.told(error) else None

    def name(self, key: str, label: str) -> bool:
        """Call an instance otherwise."""
        step = partial(
            instances.rename_instance,
            self._work.place,
            inspection_id=self._work.inspection_id,
            key=key,
            label=label,
        )
        read = partial(self._name_row, key)
        return self._work.told(self._step("改名", key, step, read, typing=f"name:{key}"))

    def set_field(self, key: str, field: str, text: str) -> ChayanError | None:
        """Fill in a field of an instance; the error is for the field itself."""
        step = partial(
            instances.set_field,
            self._work.place,
            inspection_id=self._work.inspection_id,
            key=key,
            field=field,
            value=text,
        )
        row = self._section(key)
        known = row.instance.fields if row and row.instance else ()
        name = next((each.entry.label for each in known if each.entry.id == field), "")
        read = partial(self._field_row, key, field)
        return self._step(name, key, step, read, typing=f"field:{key}:{field}")

    def order(self, keys: Sequence[str], moved: str) -> bool:
        """Bring the instances of a section into another order, for the sake of one that ``moved``."""
        step = partial(
            instances.order_instances, self._work.place, inspection_id=self._work.inspection_id, keys=keys
        )
        return self._work.told(self._step("上移", moved, step, partial(self._order_rows, keys)))

    def content_of(self, key: str) -> Content:
        """What would go with an instance."""
        return instances.content_of(self._work.place, inspection_id=self._work.inspection_id, key=key)

    def remove(self, key: str) -> bool:
        """Remove an instance with all that hangs on it; the way back brings all of it."""
        before = self._rows(key)

        def step() -> Changes:
            return instances.remove_instance(
                self._work.place, inspection_id=self._work.inspection_id, key=key, confirmed=True
            )

        def read() -> Rows:
            return before if self._section(key) is not None else without_instance(before)

        return self._work.told(self._step("移除", key, step, read))

    def _step(
        self, name: str, key: str, step: Callable[[], Changes], read: Callable[[], Rows], typing: str = ""
    ) -> ChayanError | None:
        row = self._section(key)
        group = GROUP + row.group.section if row and row.group else ""
        called = f"{instance_name(row)} {name}"
        return self._work.rows_step(called, INSTANCE + key, step, read, group=group, typing=typing)

    def _section(self, key: str) -> SectionRow | None:
        return section_row(self._work.sheet, INSTANCE + key) if self._work.sheet else None

    def _rows(self, key: str) -> Rows:
        return instance_rows(self._work.place, inspection_id=self._work.inspection_id, key=key)

    def _name_row(self, key: str) -> Rows:
        row = self._section(key)
        return (columns("instances", key, label=row.instance.label),) if row and row.instance else ()

    def _field_row(self, key: str, field: str) -> Rows:
        row = self._section(key)
        if row is None or row.instance is None:
            return ()
        value = next((each.value for each in row.instance.fields if each.entry.id == field), "")
        return (columns("measurements", f"{row.id}.{field}", value=value),)

    def _order_rows(self, keys: Sequence[str]) -> Rows:
        numbers = {
            each.instance.key: each.instance.number
            for each in (self._work.sheet.sections if self._work.sheet else ())
            if each.instance is not None
        }
        return tuple(columns("instances", key, sequence=numbers.get(key, 0)) for key in sorted(keys))
