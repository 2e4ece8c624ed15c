"""What the entries of a list are found by, read once: a keystroke then looks through memory and asks no store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import contains
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from app.models.planning import Assignment
from app.models.registry import Certificate, Organization
from app.services.workplace import Workplace

_PART: Final = "\n"
"""Between what an organization is found by: no word that is typed holds it."""
_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
"""As the store compares: the case of Latin letters does not count."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A list in its order, each entry beside what it is found by."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]

    def saying(self, query: str) -> Searched:
        """The entries whose text holds every word of ``query``, in order."""
        ids, texts = self.ids, self.texts
        for word in query.translate(_LOWER).split():
            holds = list(map(contains, texts, repeat(word)))
            ids, texts = tuple(compress(ids, holds)), tuple(compress(texts, holds))
        return Searched(ids, texts)


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """Name, code, address, initials and certificate numbers, by the id of an entry."""

    by_id: Mapping[str, str]

    def of(self, ids: Sequence[str]) -> Searched:
        """A list with its texts."""
        return Searched(tuple(ids), tuple(self.by_id.get(key, "") for key in ids))


def organization_texts(place: Workplace) -> SearchTexts:
    """What each organization is found by: what ``registry_filters.says`` looks for."""
    with place.read() as session:
        return SearchTexts(dict(session.execute(select(Organization.id, _text())).all()))


def assignment_texts(place: Workplace) -> SearchTexts:
    """What each assigned target is found by: what its organization is."""
    wanted = select(Assignment.id, _text()).join(Organization, Organization.id == Assignment.organization_id)
    with place.read() as session:
        return SearchTexts(dict(session.execute(wanted).all()))


def _text() -> ColumnElement[Any]:
    numbers = (
        select(func.aggregate_strings(Certificate.number, _PART))
        .where(Certificate.organization_id == Organization.id)
        .scalar_subquery()
    )
    # Letters are looked for most and stand first: the search of a text ends where it meets them.
    text = Organization.initials.concat("")
    for part in (
        Organization.name,
        Organization.credit_code,
        func.coalesce(numbers, ""),
        Organization.address,
    ):
        text = text.concat(_PART).concat(part)
    return func.lower(text)
