"""The only place that builds things: folders → lock → log → settings → vault → store → workplace.

The order matters. The lock comes before anything is read, so that two programs never meet in one
home; the log before whatever may fail; the vault before the store, which it has the key of.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app import attempts, settings, vault
from app.clock import Clock, utc_now
from app.errors import BadInput, ChayanError, EnvironmentFault, Place
from app.files import InstanceLock, explained, make_folder
from app.models.base import derived_id
from app.models.journal import HomeFact
from app.models.people import Device, Person
from app.models.store import FILE as STORE_FILE
from app.models.store import Author, open_store
from app.services.staging import sweep
from app.services.workplace import Owner, Workplace
from app.vocabulary import Role

log = logging.getLogger("chayan")


@dataclass(frozen=True, slots=True)
class OpenHome:
    """A workplace with the lock that guards its home; close it when the work is over."""

    place: Workplace
    lock: InstanceLock

    def close(self) -> None:
        """Close the store, then give the home back."""
        self.place.store.close()
        self.lock.release()

    def __enter__(self) -> Workplace:
        return self.place

    def __exit__(self, *_: object) -> None:
        self.close()


def create_home(
    home: Path, passphrase: str, owner: Owner, *, recovery: str | None = None, clock: Clock = utc_now
) -> OpenHome:
    """Make a home for ``owner``: vault, store and evidence; an existing home is refused.

    The vault gets its name last, so a killed creation leaves no home, and the next one begins anew.
    """
    if owner.role is Role.INSPECTOR and not owner.credential.strip():
        raise BadInput("home.no_credential")
    if not owner.name.strip() or not owner.office.strip():
        raise BadInput("home.no_name")
    if vault.exists(home):
        raise EnvironmentFault("vault.exists", Place(file=str(home)))
    make_folder(home)
    lock = InstanceLock(home)
    with ExitStack() as failed:
        lock.acquire()
        failed.callback(lock.release)
        _clear(home)
        with _cleared_on_failure(home), ExitStack() as unfinished:
            place = _workplace(home, vault.create(home, passphrase, recovery), owner, clock)
            unfinished.callback(place.store.close)
            _introduce(place)
            vault.settle(home)
            unfinished.pop_all()
        failed.pop_all()
    return OpenHome(place, lock)


@contextmanager
def _cleared_on_failure(home: Path) -> Iterator[None]:
    try:
        yield
    except ChayanError:
        with suppress(EnvironmentFault):
            _clear(home)
        raise


def _clear(home: Path) -> None:
    """Remove what a creation that was killed or failed has left; a store of unknown keys stays."""
    if vault.exists(home):
        raise EnvironmentFault("vault.exists", Place(file=str(home)))
    if not (home / vault.NEW_FILE).exists():
        if (home / STORE_FILE).exists():
            raise EnvironmentFault("home.store_without_vault", Place(file=str(home)))
        return
    with explained(home):
        # The mark that the rest is worthless goes last.
        for name in (
            *(STORE_FILE + end for end in ("", "-wal", "-shm")),
            vault.RECOVERY_FILE,
            vault.NEW_FILE,
        ):
            (home / name).unlink(missing_ok=True)


def open_home(home: Path, passphrase: str, *, clock: Clock = utc_now) -> OpenHome:
    """Open an existing home with its passphrase."""
    if not vault.exists(home):
        raise EnvironmentFault("vault.missing", Place(file=str(home)))
    lock = InstanceLock(home)
    with ExitStack() as failed:
        lock.acquire()
        failed.callback(lock.release)
        start_log(home)
        _require_store(home)
        place = _workplace(home, unlock(home, passphrase, clock=clock), None, clock)
        failed.callback(place.store.close)
        # What a killed import left is finished or forgotten before anybody looks.
        sweep(place)
        failed.pop_all()
    return OpenHome(place, lock)


def unlock(home: Path, passphrase: str, *, clock: Clock = utc_now) -> vault.Vault:
    """Open the vault; wrong tries are counted, and after some of them the next one has to wait."""
    seconds = attempts.wait(home, clock())
    if seconds:
        raise EnvironmentFault("vault.wait", Place(file=str(home)), seconds=seconds)
    try:
        opened = vault.unlock(home, passphrase)
    except EnvironmentFault as error:
        if error.problem.code == "vault.wrong_passphrase":
            attempts.failed(home, clock())
        raise
    attempts.succeeded(home)
    return opened


def _require_store(home: Path) -> None:
    """Opening must not make an empty store in the place of one that has gone astray."""
    path = home / STORE_FILE
    with explained(path):
        if not path.exists() or path.stat().st_size == 0:
            raise EnvironmentFault("store.missing", Place(file=str(path)))


def _workplace(home: Path, opened: vault.Vault, owner: Owner | None, clock: Clock) -> Workplace:
    with explained(home / settings.FILE):
        options, problems = settings.load(home)
    for problem in problems:
        log.warning("%s %s", problem.code, problem.values)
    store = open_store(home, opened.database_key)
    if owner is None:
        with store.read() as session:
            facts = {name: _fact.value for name in _OWNER if (_fact := session.get(HomeFact, name))}
        if len(facts) < len(_OWNER):
            store.close()
            raise EnvironmentFault("home.unfinished", Place(file=str(home)))
        owner = Owner(Role(facts["role"]), facts["office"], facts["name"], facts["credential"])
    return Workplace(home, opened, store, owner, options, clock)


_OWNER = ("role", "office", "name", "credential")


def _introduce(place: Workplace) -> None:
    """Write down whose home this is, its person, and its own device as enrolled."""
    owner, public = place.owner, place.vault.public
    author = Author(owner.credential or owner.name, public.device_id)
    with place.store.write("home.create", author, place.clock) as work:
        for name in _OWNER:
            work.session.add(HomeFact(name=name, value=str(getattr(owner, name))))
        work.session.add(
            Device(
                id=public.device_id,
                name=owner.name,
                credential=owner.credential,
                role=owner.role,
                office=owner.office,
                recipient=public.recipient,
                verify_key=public.verify_key,
                fingerprint=public.fingerprint,
                enrolled_at=place.now(),
                own=True,
                office_device=owner.role is Role.SUPERVISOR,
            )
        )
        if owner.credential:
            work.session.add(
                Person(
                    id=derived_id("person", owner.credential), name=owner.name,
                    credential=owner.credential, office=owner.office, role=owner.role,
                )
            )  # fmt: skip
        work.commit()


def start_log(home: Path) -> None:
    """Log to ``home/log/chayan.log`` (1 MB, five old ones); started once in a process."""
    if any(isinstance(handler, RotatingFileHandler) for handler in log.handlers):
        return
    folder = make_folder(home / "log")
    with explained(folder):
        handler = RotatingFileHandler(folder / "chayan.log", maxBytes=1 << 20, backupCount=5, encoding="utf8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
