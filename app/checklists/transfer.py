"""Under which names what was entered for one version of a checklist stands in another; pure.

What has no counterpart is put aside under ``<item>%<version>``, a name that no item can have, and
comes back under its own name when the visit returns to that version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.checklists.entries import stored
from app.checklists.schema import COPY, Checklist, Item, Measure
from app.checklists.transition import Transition
from app.errors import BadInput

ASIDE = "%"


@dataclass(frozen=True)
class Transfer:
    """The names of one visit's entries on their way from ``before`` to ``after``."""

    before: Checklist
    after: Checklist
    way: Transition

    def item(self, name: str) -> str:
        """The name of an item's answer, with the key of its instance behind as before."""
        base, copy, key = name.partition(COPY)
        return self._named(base, self.way.items, self._items, self._old_items) + copy + key

    def section(self, name: str) -> str:
        """The id of an instance's section."""
        return self._named(name, self.way.sections, self._repeated, self._old_repeated)

    def measurement(self, name: str, value: str) -> str:
        """The name of a further value of an item, or of a field of an instance.

        A value that cannot be read as what the other version wants is put aside.
        """
        owner, measure, of_section = self._owner(name)
        base, copy, key = owner.partition(COPY)
        now = self.section(base) if of_section else self.item(base)
        if ASIDE not in now and not _readable(self._wanted(now, measure, of_section=of_section), value):
            now = aside(base, self.before.version) if ASIDE not in base else base
        return f"{now}{copy}{key}.{measure}"

    def fits(self, name: str, value: str) -> bool:
        """Whether an item's own value can be read in the other version; ``name`` is the one it has there."""
        found = self._items.get(name.partition(COPY)[0])
        return found is None or _readable(found.measure, value)

    def _named(
        self, base: str, pairs: Mapping[str, str], there: Mapping[str, object], known: Mapping[str, object]
    ) -> str:
        origin, mark, version = base.partition(ASIDE)
        if mark:
            return origin if version == self.after.version and origin in there else base
        if base in pairs:
            return pairs[base]
        return aside(base, self.before.version) if base in known else base

    def _owner(self, name: str) -> tuple[str, str, bool]:
        """Owner and measure of a stored name, and whether the owner is a section."""
        owner, _, measure = name.rpartition(".")
        if COPY not in owner:
            return owner, measure, False
        base = owner.partition(COPY)[0].partition(ASIDE)[0]
        fields = self._fields(self.before, base) | self._fields(self.after, base)
        return owner, measure, measure in fields

    @staticmethod
    def _fields(checklist: Checklist, section_id: str) -> set[str]:
        return {
            entry.id
            for section in checklist.sections
            if section.id == section_id and section.repeat is not None
            for entry in section.repeat.fields
        }

    def _wanted(self, owner: str, measure: str, *, of_section: bool) -> Measure | None:
        if of_section:
            for section in self.after.sections:
                if section.id == owner and section.repeat is not None:
                    return next((each for each in section.repeat.fields if each.id == measure), None)
            return None
        item = self._items.get(owner)
        if item is None:
            return None
        return next((each for each in item.measures if each.id == measure), None)

    @cached_property
    def _items(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.after.items()}

    @cached_property
    def _old_items(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.before.items()}

    @cached_property
    def _repeated(self) -> Mapping[str, object]:
        return {section.id: section for section in self.after.sections if section.repeat is not None}

    @cached_property
    def _old_repeated(self) -> Mapping[str, object]:
        return {section.id: section for section in self.before.sections if section.repeat is not None}


def aside(base: str, version: str) -> str:
    """The name under which something of a version is put aside."""
    return f"{base}{ASIDE}{version}"


def _readable(measure: Measure | None, value: str) -> bool:
    if measure is None:
        return not value
    try:
        return stored(measure, value) == value
    except BadInput:
        return False
