"""A practice home: made-up targets for one visit, in a folder of its own, in a few seconds.

It lies beside the real home, has a passphrase that everybody may know, and says of itself in its store
that it is for practice: nothing travels from it or to it, and what it prints says so.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from app import bootstrap, vault
from app.bootstrap import OpenHome
from app.clock import Clock, utc_now
from app.demo import sample
from app.demo.couple import Couple
from app.demo.pictures import photo
from app.demo.script import Script, script
from app.errors import BadInput, Place
from app.files import explained, make_folder, write_atomically
from app.services import assigning, planning, practising, registering
from app.services.workplace import Workplace
from app.vocabulary import InspectionType

PASSPHRASE: Final = "lianxi-2026"  # noqa: S105 - shown on the screen: a practice home holds nothing real
MARK: Final = "practice"
"""The file that tells a practice home before it is opened."""
PHOTOS: Final = "photos"
STEPS: Final = 5
"""How many steps :func:`open_practice` counts while it makes a home."""

_SUFFIX: Final = "-practice"
_SEED: Final = 11
_ORGANIZATIONS: Final = 40
_TARGETS: Final = 3
_DAYS: Final = 20
_PICTURES: Final = 3

Progress = Callable[[int, int], None]


def practice_home(home: Path) -> Path:
    """The folder of the practice home that belongs to a real one."""
    return home.with_name(f"{home.name}{_SUFFIX}")


def is_practice(home: Path) -> bool:
    """Whether a folder is a practice home; asks the disk only."""
    return (home / MARK).is_file()


def open_practice(home: Path, *, progress: Progress, clock: Clock = utc_now) -> OpenHome:
    """Open the practice home, and make it first where there is none; a real home is refused."""
    if vault.exists(home) and not is_practice(home):
        raise BadInput("practice.real_home", Place(file=str(home)))
    if not vault.exists(home):
        _make(home, progress, clock)
    opened = bootstrap.open_home(home, PASSPHRASE, clock=clock)
    progress(STEPS, STEPS)
    return opened


def wipe(home: Path) -> None:
    """Remove a closed practice home with everything in it; a real one is refused."""
    if not is_practice(home):
        raise BadInput("practice.real_home", Place(file=str(home)))
    _leave_log(home)
    with explained(home):
        shutil.rmtree(home)


def _make(home: Path, progress: Progress, clock: Clock) -> None:
    """Two homes below a folder for building; the laptop's becomes the practice home when it is whole."""
    building = home.with_name(f"{home.name}-building")
    if building.exists():
        shutil.rmtree(building)
    make_folder(building)
    progress(0, STEPS)
    words, random = script(), Random(_SEED)
    with Couple.create(building, PASSPHRASE, words, clock) as couple:
        progress(1, STEPS)
        files = sample.lay_out(building / "registry", organizations=_ORGANIZATIONS, seed=_SEED)
        for path in files.registry:
            registering.import_registry(couple.office, path=path)
        registering.import_people(couple.office, path=files.people)
        progress(2, STEPS)
        couple.enrol()
        _assign(couple, words, couple.office.today())
        couple.to_laptop()
        progress(3, STEPS)
        practising.mark(couple.laptop)
        _lay_out_photos(couple.laptop, random)
    progress(4, STEPS)
    _settle(building, home)


def _assign(couple: Couple, words: Script, today: date) -> None:
    """One task of this year with some targets for the owner of the laptop and one colleague."""
    office = couple.office
    title, document = words.lines["practice_task"], words.lines["practice_document"]
    plan = planning.add_plan(office, title=words.lines["practice_plan"], year=today.year, document=document)
    task = planning.add_task(
        office, plan_id=plan.id, title=title, inspection_type=InspectionType.SELENIUM_ORG,
        required_count=_TARGETS, own_deadline=today + timedelta(_DAYS), document=document,
    )  # fmt: skip
    own = words.laptop.credential
    others = sorted(
        row.credential
        for row in registering.people_rows(office)
        if row.credential not in {own, words.office.credential}
    )
    chosen = assigning.candidate_ids(office, plan_id=plan.id, task_key=task.key)[:_TARGETS]
    assigning.assign(
        office, plan_id=plan.id, task_key=task.key, organization_ids=chosen, officers=[own, others[0]],
        lead=own, device_id=couple.laptop.device_id,
    )  # fmt: skip


def _lay_out_photos(place: Workplace, random: Random) -> None:
    """Pictures to be taken in where a real visit has a camera."""
    folder = make_folder(place.home / PHOTOS)
    for number in range(1, _PICTURES + 1):
        data = photo(random, script().lines["practice_photo"].format(number=number), place.now())
        write_atomically(folder / f"{number}.jpg", data)


def _settle(building: Path, home: Path) -> None:
    """The mark first, then the name: a killed making leaves only the folder for building."""
    made = building / "laptop"
    write_atomically(made / MARK, b"")
    with explained(home):
        if home.exists():
            shutil.rmtree(home)
        made.replace(home)
    with suppress(OSError):
        shutil.rmtree(building)


def _leave_log(home: Path) -> None:
    """Close the log that lies in a home, since an open file cannot be removed everywhere."""
    log = logging.getLogger("chayan")
    for handler in list(log.handlers):
        if isinstance(handler, logging.FileHandler) and Path(handler.baseFilename).is_relative_to(
            home.resolve()
        ):
            log.removeHandler(handler)
            handler.close()
