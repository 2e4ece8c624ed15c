"""Writes the rows of one registry file into the open write scope, in bulk and batch by batch."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.errors import Place, Problem
from app.intake.reading import RegistryFile
from app.intake.records import Batch, RegistryRow
from app.models.base import fresh_id
from app.models.registry import Certificate, CertificationBody, Organization, RegistryHistory
from app.services.pinyin import initials
from app.services.registry_index import OrganizationIndex
from app.services.registry_merge import (
    CERTIFICATE_FIELDS,
    ORGANIZATION_FIELDS,
    certificate_values,
    merge_certificate,
    merge_organization,
    new_certificate,
    organization_values,
)
from app.services.registry_shelf import Counts, Shelf, Source

_CHUNK = 500
_BODY_NAME, _BODY_APPROVAL = CERTIFICATE_FIELDS.index("body_name"), CERTIFICATE_FIELDS.index("body_approval")
_IDENTITY = tuple(ORGANIZATION_FIELDS.index(name) for name in ("name", "credit_code", "code_state"))


class RegistryWriter:
    """State of one import: who is who, and what became of them."""

    def __init__(self, session: Session, file: RegistryFile, source: Source) -> None:
        self._session = session
        self._file = file
        self._source = source
        self._dossier_on = source.as_of if file.dossiers else None
        self._index = OrganizationIndex.of(session)
        self._organizations: Shelf[str] = Shelf(
            _table(Organization),
            ("id",),
            ORGANIZATION_FIELDS,
            lambda values: {"initials": initials(str(values[0]))},
        )
        self._certificates: Shelf[tuple[str, str]] = Shelf(
            _table(Certificate), ("organization_id", "number"), CERTIFICATE_FIELDS
        )
        self._bodies: dict[str, str] = {}
        self._nameless: list[RegistryRow] = []
        self.rows = 0

    def take(self, batch: Batch) -> None:
        """Write one batch; rows with a code but no name wait until the whole file is known."""
        found: list[tuple[RegistryRow, str, bool]] = []
        for row in batch.rows:
            if not row.organization.name:
                self._nameless.append(row)
            elif key := self._index.find(row.organization):
                found.append((row, key, True))
            else:
                found.append((row, self._new_organization(row), False))
        self._write(found)

    def finish(self) -> tuple[Problem, ...]:
        """Write what waited; the problems that only the whole file and the store can show."""
        found: list[tuple[RegistryRow, str, bool]] = []
        lost: list[Problem] = []
        for row in self._nameless:
            key = self._index.find(row.organization)
            if key and self._is_due(row, key):
                found.append((row, key, True))
            else:
                where = Place(self._file.file_name, row.sheet, row.row)
                value = row.organization.credit_code
                lost.append(Problem("intake.unknown_organization", where, {"value": value}))
        self._write(found)
        self._write_bodies()
        counted = self._organizations.left_out + self._certificates.left_out
        file = Place(self._file.file_name)
        left = (
            Problem(f"intake.{word}", file, {"count": count}, taken=True) for word, count in counted.items()
        )
        return (*lost, *left)

    def _is_due(self, row: RegistryRow, key: str) -> bool:
        """Whether a nameless row may go in: not when its file was heard before the name was known."""
        number = row.certificate.number if row.certificate else ""
        stored = self._session.get(Certificate, (key, number)) if self._source.known else None
        return not self._source.known or stored is not None

    def counts(self) -> tuple[Counts, Counts]:
        """What became of the organizations and of the certificates."""
        return self._organizations.counts(), self._certificates.counts()

    def _new_organization(self, row: RegistryRow) -> str:
        said = row.organization
        key = self._index.new_key(said)
        self._index.add(key, said.name, said.credit_code, said.code_state)
        values = organization_values(said, self._dossier_on)
        self._organizations.add(key, values, self._source, row.row)
        return key

    def _write(self, found: Sequence[tuple[RegistryRow, str, bool]]) -> None:
        """Merge and write rows of (row, organization, whether that was known before the row)."""
        self._load(list({key: None for _, key, known in found if known and key not in self._organizations}))
        for row, key, known in found:
            if known:
                self._take_organization(row, key)
            if row.certificate:
                self._take_certificate(row, (key, row.certificate.number))
        self.rows += len(found)
        self._note_bodies()
        self._flush()

    def _take_organization(self, row: RegistryRow, key: str) -> None:
        said = organization_values(row.organization, self._dossier_on)
        if self._organizations.take(key, said, self._source, row.row, merge_organization):
            name, code, state = (str(self._organizations.values(key)[index]) for index in _IDENTITY)
            self._index.add(key, name, code, state)

    def _take_certificate(self, row: RegistryRow, key: tuple[str, str]) -> None:
        assert row.certificate is not None
        said = certificate_values(row.certificate)
        if key in self._certificates:
            self._certificates.take(key, said, self._source, row.row, merge_certificate)
        else:
            values = new_certificate(said, self._file.implied_status)
            self._certificates.add(key, values, self._source, row.row)

    def _load(self, keys: Sequence[str]) -> None:
        """Put stored organizations and their certificates on the shelves."""
        for start in range(0, len(keys), _CHUNK):
            some = keys[start : start + _CHUNK]
            wanted = select(*self._organizations.columns()).where(Organization.id.in_(some))
            for row in self._session.execute(wanted):
                self._organizations.load(row[0], row)
            wanted = select(*self._certificates.columns()).where(Certificate.organization_id.in_(some))
            for row in self._session.execute(wanted):
                self._certificates.load((row[0], row[1]), row)

    def _flush(self) -> None:
        self._organizations.flush(self._session)
        self._certificates.flush(self._session)
        history = [*self._organizations.history, *self._certificates.history]
        if history:
            self._session.connection().execute(_table(RegistryHistory).insert(), history)
            self._organizations.history.clear()
            self._certificates.history.clear()

    def _note_bodies(self) -> None:
        for values in self._certificates.all_values():
            if name := str(values[_BODY_NAME]):
                self._bodies[name] = self._bodies.get(name) or str(values[_BODY_APPROVAL])

    def _write_bodies(self) -> None:
        """Certification bodies named by the certificates; an approval number is filled in once known."""
        found = self._session.scalars(select(CertificationBody).order_by(CertificationBody.id)).all()
        stored, keys = {body.name: body for body in found}, {body.id for body in found}
        for name, approval in self._bodies.items():
            if name not in stored:
                key = fresh_id("certification_body", name, keys)
                self._session.add(CertificationBody(id=key, name=name, approval=approval))
            elif approval and not stored[name].approval:
                stored[name].approval = approval


def _table(model: type[Organization | Certificate | RegistryHistory]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
