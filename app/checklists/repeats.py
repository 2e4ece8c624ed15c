"""Sections that are gone through once for each instance, written out as sections of their own; pure.

``4.1`` of a repeated section becomes ``4.1@<key>`` for each instance, and what its conditions and
checks say about items of the same section is rewritten. Everything else only ever sees the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from app.checklists.schema import COPY, Check, Checklist, Item, Section

_REFERENCE = re.compile(r'\b(item|measure)\(\s*"([^"]*)"\s*\)')


@dataclass(frozen=True, slots=True)
class Instance:
    """One certificate, product, file …: its key (letters and digits), its section, what it is called."""

    key: str
    section: str
    label: str = ""


def split(item_id: str) -> tuple[str, str]:
    """An item's (or section's) id as the checklist has it, and the key of its instance or nothing."""
    base, _, key = item_id.partition(COPY)
    return base, key


def copy_of(item_id: str, key: str) -> str:
    """The id that an item or a section has for an instance."""
    return f"{item_id}{COPY}{key}"


def expand(checklist: Checklist, instances: Iterable[Instance]) -> Checklist:
    """The checklist with one section for each instance, in their order.

    A repeated section without instances stays, without items. Instances of other sections are left out.
    """
    if all(section.repeat is None for section in checklist.sections):
        return checklist
    of_section: dict[str, list[Instance]] = {}
    for each in instances:
        of_section.setdefault(each.section, []).append(each)
    sections = (copy for each in checklist.sections for copy in _copies(each, of_section.get(each.id, ())))
    return replace(checklist, sections=tuple(sections))


def _copies(section: Section, instances: Iterable[Instance]) -> Iterator[Section]:
    if section.repeat is None:
        yield section
        return
    none = True
    for number, each in enumerate(instances, 1):
        none = False
        yield _copy(section, each, number)
    if none:
        yield replace(section, items=())


def _copy(section: Section, instance: Instance, number: int) -> Section:
    assert section.repeat is not None
    title = instance.label.strip() or f"{section.repeat.title or section.title} {number}"
    own = _own_names(section)
    return replace(
        section,
        id=copy_of(section.id, instance.key),
        title=title,
        items=tuple(_item(item, instance.key, number, own) for item in section.items),
    )


def _own_names(section: Section) -> Mapping[str, str]:
    """What may be referred to in a section → what the instance's key is put behind."""
    names = {item.id: item.id for item in section.items}
    names |= {f"{item.id}.{entry.id}": item.id for item in section.items for entry in item.measures}
    fields = section.repeat.fields if section.repeat is not None else ()
    return names | {f"{section.id}.{field.id}": section.id for field in fields}


def _item(item: Item, key: str, number: int, own: Mapping[str, str]) -> Item:
    condition = item.condition
    if condition is not None:
        condition = _REFERENCE.sub(partial(_rewritten, key=key, own=own), condition)
    return replace(
        item,
        id=copy_of(item.id, key),
        number=f"{item.shown}-{number}",
        condition=condition,
        check=None if item.check is None else _check(item.check, key, own),
    )


def _rewritten(found: re.Match[str], key: str, own: Mapping[str, str]) -> str:
    return f'{found[1]}("{renamed(found[2], key, own)}")'


def renamed(name: str, key: str, own: Mapping[str, str]) -> str:
    """``4.1.produced`` → ``4.1@key.produced``; the name itself when it belongs to another section."""
    base = own.get(name)
    return name if base is None else copy_of(base, key) + name[len(base) :]


def _check(check: Check, key: str, own: Mapping[str, str]) -> Check:
    return replace(check, inputs={name: renamed(source, key, own) for name, source in check.inputs.items()})
