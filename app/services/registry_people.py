"""Inspectors: taking a list in, and listing who there is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from app.errors import Problem
from app.intake.people import PersonRow, read_people
from app.models.base import fresh_id
from app.models.people import Person
from app.services.registry_shelf import Counts
from app.services.workplace import Changes, Workplace
from app.vocabulary import Role

_SAID = ("name", "office", "phone")


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as lists show him; ``repeated`` when another entry has the same credential."""

    id: str
    name: str
    credential: str
    office: str
    role: Role
    phone: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class PeopleImport:
    """What a list of people brought."""

    people: Counts
    problems: tuple[Problem, ...]
    changes: Changes


def import_people(place: Workplace, *, path: Path) -> PeopleImport:
    """Take a list of inspectors in; a person is known by his credential, and blanks erase nothing."""
    file = read_people(path)
    with place.write("people.import") as work:
        known = {person.id: person for person in work.session.scalars(select(Person).order_by(Person.id))}
        stored = {person.credential: person for person in known.values()}
        fates: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": []}
        for row in file.rows:
            person = stored.get(row.credential)
            if person is None:
                person = _new(row, fresh_id("person", row.credential, known))
                work.session.add(person)
                fates["added"].append(person.id)
            else:
                fates["updated" if _update(person, row) else "unchanged"].append(person.id)
        if fates["added"] or fates["updated"]:
            work.commit()
    counts = Counts(*(len(fates[fate]) for fate in ("added", "updated", "unchanged")))
    changes = Changes.of("person", *fates["added"], *fates["updated"])
    return PeopleImport(counts, file.problems, changes)


def _new(row: PersonRow, key: str) -> Person:
    return Person(
        id=key,
        name=row.name,
        credential=row.credential,
        office=row.office,
        phone=row.phone,
        role=Role.INSPECTOR,
    )


def _update(person: Person, row: PersonRow) -> bool:
    """Write what the row says differently; whether there was anything."""
    changed = {name: new for name in _SAID if (new := getattr(row, name)) and new != getattr(person, name)}
    for name, value in changed.items():
        setattr(person, name, value)
    return bool(changed)


def people_rows(place: Workplace) -> tuple[PersonView, ...]:
    """Everybody, by office and name."""
    with place.read() as session:
        order = (Person.office, Person.name, Person.credential, Person.id)
        found = session.scalars(select(Person).order_by(*order)).all()
        times = Counter(one.credential for one in found)
        return tuple(
            PersonView(
                one.id, one.name, one.credential, one.office, one.role, one.phone, times[one.credential] > 1
            )
            for one in found
        )
