"""The store: one SQLCipher file, a scope to read and a scope to write.

``read()`` sees one moment and never writes. ``write()`` takes the writer's place at once
(BEGIN IMMEDIATE), rolls back unless ``commit()`` is called, and leaves one journal entry that
chains to the one before. WAL with ``synchronous=FULL``: a commit that returned is on the disk.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, QueuePool, create_engine, event, insert, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.errors import EnvironmentFault, Place
from app.models.all import Base
from app.models.bounds import require_storable
from app.models.journal import JournalEntry, entry_digest, moment
from app.models.stepback import StepBack, keep_step

FILE = "store.db"
SCHEMA_HEAD = "0017"
"""The newest migration; a test holds it equal to the scripts' head."""

GENESIS = "0" * 64

PRAGMAS = (
    "PRAGMA cipher_log_level=NONE",
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cipher_memory_security=OFF",
)


_NEWEST = select(JournalEntry.digest, JournalEntry.at).order_by(JournalEntry.sequence.desc()).limit(1)
_ADD_ENTRY = insert(JournalEntry)


@dataclass(frozen=True, slots=True)
class Author:
    """In whose name a change is made: a credential or name, and the device."""

    actor: str
    device_id: str


@dataclass(slots=True)
class Work:
    """An open write scope. ``detail`` gathers what the journal will say."""

    session: Session
    _author: Author
    _action: str
    _clock: Callable[[], datetime]
    detail: dict[str, object] = field(default_factory=dict)
    changes: list[dict[str, object]] = field(default_factory=list)

    def commit(self) -> None:
        """Flush, append the journal entry and commit; without it the scope rolls back."""
        self.session.flush()
        if self.changes or self.detail:
            self._append_entry()
        self.session.commit()

    def note(self, verb: str, table: str, key: list[str], values: dict[str, object]) -> None:
        """Tell the journal of a row that was written past the mapper (``added``, ``changed``)."""
        self.changes.append({verb: table, "key": key, "values": values})

    def _append_entry(self) -> None:
        # Past the mapper: an inspector waits for this at every answer.
        connection = self.session.connection()
        newest = connection.execute(_NEWEST).first()
        previous, at = newest.digest if newest else GENESIS, self._clock()
        step = StepBack.between(newest.at if newest else None, at)
        if step is not None:
            self.detail["clock_went_back_from"] = step.was
            keep_step(connection, step)
        detail = json.dumps({**self.detail, "changes": self.changes}, ensure_ascii=False, default=_plain)
        actor, device = self._author.actor, self._author.device_id
        digest = entry_digest((previous, moment(at), actor, device, self._action, detail))
        entry = {
            "at": at, "actor": actor, "device_id": device, "action": self._action, "detail": detail,
            "previous": previous, "digest": digest,
        }  # fmt: skip
        connection.execute(_ADD_ENTRY, entry)


class Store:
    """An opened store. One writer at a time in the process, one process for each home."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self.path = path
        self._writers = engine.execution_options(writes=True)
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment; whatever it changed is rolled back."""
        with explained_store(self.path), Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self, action: str, author: Author, clock: Callable[[], datetime]) -> Iterator[Work]:
        """A scope that holds the writer's place until it ends."""
        with (
            self._lock,
            explained_store(self.path),
            Session(self._writers, expire_on_commit=False) as session,
        ):
            work = Work(session, author, action, clock)
            event.listen(session, "before_flush", lambda *_: _note_changes(work))
            yield work

    def close(self) -> None:
        """Return every connection; the write-ahead log is folded into the file."""
        self.engine.dispose()


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    return str(value)


def _note_changes(work: Work) -> None:
    session = work.session
    for row in session.new:
        work.changes.append(_change("added", row, only_modified=False))
    for row in session.dirty:
        if session.is_modified(row):
            work.changes.append(_change("changed", row, only_modified=True))
    for row in session.deleted:
        work.changes.append({"removed": row.__tablename__, "key": inspect(row).identity})


def _change(verb: str, row: Base, *, only_modified: bool) -> dict[str, object]:
    state = inspect(row)
    columns = [attribute.key for attribute in state.mapper.column_attrs]
    if only_modified:
        columns = [name for name in columns if state.attrs[name].history.has_changes()]
    require_storable(row, columns)
    values = {name: getattr(row, name) for name in columns}
    key = [getattr(row, str(column.key)) for column in state.mapper.primary_key]
    return {verb: row.__tablename__, "key": key, "values": {k: v for k, v in values.items() if v is not None}}


@contextmanager
def explained_store(path: Path) -> Iterator[None]:
    """Turn the engine's complaint about the world into a fault with a remedy."""
    try:
        yield
    except DatabaseError as error:
        text = str(error.orig)
        for words, code in _ENGINE_FAULTS:
            if words in text:
                raise EnvironmentFault(_cause(code, path), Place(file=str(path))) from error
        raise


def _cause(code: str, path: Path) -> str:
    """An error of the disk is a full disk when nothing is free: the engine cannot tell for its index."""
    with suppress(OSError):
        if code == "store.io_error" and shutil.disk_usage(path.parent).free < _SHARED_INDEX:
            return "disk.full"
    return code


_SHARED_INDEX = 32 << 10
"""What the engine's index of the write-ahead log takes at least."""


_ENGINE_FAULTS = (
    ("database or disk is full", "disk.full"),
    ("readonly database", "disk.read_only"),
    ("unable to open database", "store.cannot_open"),
    ("disk I/O error", "store.io_error"),
    ("database is locked", "store.locked"),
    ("not a database", "store.wrong_key"),
    ("malformed", "store.damaged"),
)


def make_engine(path: Path, key: bytes) -> Engine:
    """An engine on the SQLCipher file ``path`` with the raw 256-bit ``key``."""

    def connect() -> sqlcipher.Connection:
        connection = sqlcipher.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    engine = create_engine("sqlite://", creator=connect, module=sqlcipher, poolclass=QueuePool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # The driver is in autocommit so that DDL rolls back too; hence the explicit BEGIN.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def open_store(home: Path, key: bytes) -> Store:
    """Open (or make) the store of ``home``: refuse a newer one, back up and migrate an older one."""
    path = home / FILE
    store = Store(make_engine(path, key), path)
    with explained_store(path), ExitStack() as failed:
        failed.callback(store.close)
        _bring_to_head(store)
        failed.pop_all()
    return store


def _bring_to_head(store: Store) -> None:
    stored = stored_version(store.engine)
    if stored == SCHEMA_HEAD:
        return
    if stored is not None and stored > SCHEMA_HEAD:
        raise EnvironmentFault("store.newer", Place(file=str(store.path)), stored=stored, known=SCHEMA_HEAD)
    # Alembic costs a fifth of a second to import: only when there is something to migrate.
    from app.models import migrate

    if stored is not None:
        migrate.back_up(store.engine, store.path, stored)
    migrate.upgrade(store.engine)


def stored_version(engine: Engine) -> str | None:
    """The migration a store stands at; ``None`` for an empty file."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return found
