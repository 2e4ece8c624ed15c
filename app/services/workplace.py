"""The workplace: everything a use case needs, built once by :mod:`app.bootstrap`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app.clock import Clock, local_date, utc_now
from app.models.store import Author, Store, Work
from app.settings import Settings
from app.vault import EvidenceStore, Vault
from app.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose home this is."""

    role: Role
    office: str
    name: str
    credential: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a use case changed: kinds of record (``inspection``) and their ids.

    One broadcast carries it; each view asks :meth:`concern`.
    """

    kinds: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kind: str, *ids: str) -> Changes:
        """Changes of one kind."""
        return cls(frozenset({kind}), frozenset(ids))

    def concern(self, *kinds: str) -> bool:
        """Whether any of ``kinds`` changed."""
        return not self.kinds.isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class Workplace:
    """An opened home. Use cases take it first.

    Of everything here only the settings may become others while it is open (:meth:`use`).
    """

    home: Path
    vault: Vault
    store: Store
    owner: Owner
    settings: Settings = field(default_factory=Settings)
    clock: Clock = utc_now

    def use(self, settings: Settings) -> None:
        """Go by other settings from now on, in whichever thread; what was begun before ends as it began."""
        object.__setattr__(self, "settings", settings)

    @property
    def evidence(self) -> EvidenceStore:
        """The store of original bytes."""
        return self.vault.evidence

    @property
    def device_id(self) -> str:
        """This device's identifier."""
        return self.vault.device_id

    def now(self) -> datetime:
        """The present moment (UTC)."""
        return self.clock()

    def today(self) -> date:
        """The present local date."""
        return local_date(self.clock())

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A read scope of the store."""
        with self.store.read() as session:
            yield session

    @contextmanager
    def write(self, action: str) -> Iterator[Work]:
        """A write scope in the owner's name; rolls back unless committed."""
        author = Author(self.owner.credential or self.owner.name, self.device_id)
        with self.store.write(action, author, self.clock) as work:
            yield work
