"""An office and a laptop that know each other, and what goes back and forth between them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app import bootstrap, settings
from app.bootstrap import OpenHome
from app.clock import Clock
from app.demo.script import Script
from app.errors import Bug
from app.files import make_folder, write_atomically
from app.services import enrolment, handover, merging
from app.services.enrolment import ANSWER_SUFFIX, REQUEST_SUFFIX
from app.services.handover import Exported
from app.services.workplace import Workplace

OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Couple:
    """Both homes, opened; close them with ``with``."""

    office_home: OpenHome
    laptop_home: OpenHome
    exchange: Path

    @classmethod
    def create(cls, folder: Path, passphrase: str, script: Script, clock: Clock) -> Couple:
        """Make both homes below ``folder``, with what the office has set on both."""
        for name in ("office", "laptop"):
            said = settings.written(script.settings).encode()
            write_atomically(make_folder(folder / name) / settings.FILE, said)
        office = bootstrap.create_home(folder / "office", passphrase, script.office, clock=clock)
        laptop = bootstrap.create_home(folder / "laptop", passphrase, script.laptop, clock=clock)
        exchange = folder / "exchange"
        exchange.mkdir()
        return cls(office, laptop, exchange)

    @property
    def office(self) -> Workplace:
        """The supervisor's place."""
        return self.office_home.place

    @property
    def laptop(self) -> Workplace:
        """The inspector's place."""
        return self.laptop_home.place

    def enrol(self) -> str:
        """Request and answer by file; returns the fingerprint that both sides show."""
        request, answer = (self.exchange / f"laptop{suffix}" for suffix in (REQUEST_SUFFIX, ANSWER_SUFFIX))
        asked = enrolment.make_request(self.laptop, out=request)
        enrolled = enrolment.enrol(self.office, request=request, out=answer)
        accepted = enrolment.accept(self.laptop, path=answer)
        if not asked == enrolled.fingerprint == accepted.fingerprint:
            raise Bug("demo.fingerprints_differ")
        return asked

    def to_laptop(self) -> Exported:
        """The office's news, packed and taken in by the laptop."""
        return self._carry(self.office, self.laptop, self.laptop.device_id)

    def to_office(self) -> Exported:
        """The laptop's news, packed and taken in by the office."""
        return self._carry(self.laptop, self.office, OFFICE)

    def _carry(self, sender: Workplace, receiver: Workplace, to: str) -> Exported:
        made = handover.export_package(sender, out=self.exchange, to=to)
        for done in merging.import_packages(receiver, paths=[made.path]):
            if done.problem is not None or done.refused:
                raise Bug("demo.package_refused", file=str(made.path))
        return made

    def close(self) -> None:
        """Close both homes."""
        self.laptop_home.close()
        self.office_home.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
