"""Which stored organization a row means: by credit code, else by name, else by the old code in a new one."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.intake.identifiers import body_code
from app.intake.records import OrganizationFields
from app.models.base import fresh_id, new_id
from app.models.registry import Organization


@dataclass(slots=True)
class OrganizationIndex:
    """Keys of every organization, stored or about to be; ids only, no rows."""

    _by_code: dict[str, str] = field(default_factory=dict)
    _by_old_code: dict[str, str] = field(default_factory=dict)
    _by_name: dict[str, str] = field(default_factory=dict)
    _coded: dict[str, str] = field(default_factory=dict)
    _keys: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, session: Session) -> OrganizationIndex:
        """The index of the store as it stands."""
        index = cls()
        columns = (Organization.id, Organization.name, Organization.credit_code, Organization.code_state)
        for key, name, code, state in session.execute(select(*columns).order_by(Organization.id)):
            index.add(key, name, code, state)
        return index

    def add(self, key: str, name: str, code: str, state: str) -> None:
        """Make an organization findable; the first of a name keeps it."""
        self._keys.add(key)
        if name:
            self._by_name.setdefault(name, key)
        if state == "ok":
            self._by_code.setdefault(code, key)
            self._by_old_code.setdefault(body_code(code), key)
            self._coded[key] = code
        elif state == "old":
            self._by_old_code.setdefault(code, key)

    def new_key(self, said: OrganizationFields) -> str:
        """The id of an organization that is new: derived from its code, when that is good.

        An entry whose code was corrected since keeps its id; who bears that code now gets a random one.
        """
        return fresh_id("organization", said.credit_code, self._keys) if said.code_state == "ok" else new_id()

    def find(self, said: OrganizationFields) -> str | None:
        """The organization that a row means, ``None`` when it is a new one.

        Two good codes that differ are two organizations, whatever their names.
        """
        code, state = said.credit_code, said.code_state
        if state == "ok":
            if found := self._by_code.get(code):
                return found
            found = self._by_name.get(said.name) or self._by_old_code.get(body_code(code))
            return found if found and found not in self._coded else None
        if found := self._by_name.get(said.name):
            return found
        return self._by_old_code.get(code) if state == "old" else None
