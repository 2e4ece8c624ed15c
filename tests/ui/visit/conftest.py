"""A laptop with one target under way in a real window on a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.models.people import Person
from app.models.registry import Certificate, Organization
from app.services import assigning, inspecting, planning
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.screen import ScreenSpec
from app.ui.screens import Desk
from app.ui.shell import Shell
from app.ui.theme import Theme
from app.ui.visit.screen import VisitScreen
from app.vocabulary import CertificateStatus, InspectionType, Scheme, TaskSource

TEAM = ("赣C36090001", "赣C36090002")


@dataclass
class Scene:
    """A window with the visit screen, and hands to work it."""

    place: Workplace
    desk: Desk
    shell: Shell
    assignment: str
    qtbot: object
    photos: list[Path] = field(default_factory=list)

    @property
    def screen(self) -> VisitScreen:
        screen = self.shell.built("visit")
        assert isinstance(screen, VisitScreen)
        return screen

    @property
    def items(self):
        return self.screen.workplace.items

    @property
    def sheet(self):
        assert self.screen.work.sheet is not None
        return self.screen.work.sheet

    def open_visit(self) -> str:
        """Start the visit through the service and open it."""
        duties = inspecting.Duties(
            TaskSource.SPECIAL, "袁市监检批〔2026〕31号", "王振", date(2026, 8, 11), "", True, True
        )
        started = inspecting.start(self.place, duties=duties, assignment_id=self.assignment)
        self.shell.open("visit", inspection_id=started.id)
        return started.id

    def press(self, keys: str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key after the other where the focus is."""
        for key in keys:
            QTest.keyClick(focus(), key, modifiers)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key that has no letter."""
        QTest.keyClick(focus(), key, modifiers)

    def back(self) -> None:
        """Return to the window after a dialog, which the offscreen platform leaves to us."""
        self.shell.activateWindow()
        self.qtbot.waitUntil(self.shell.isActiveWindow)

    def settled(self) -> None:
        """Wait for the jobs."""
        self.qtbot.waitUntil(lambda: not self.desk.jobs.is_busy())


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str], Path]:
    """Make a picture file."""

    def make(name: str) -> Path:
        path = tmp_path / name
        Image.new("RGB", (80, 60), "#607080").save(path)
        return path

    return make


@pytest.fixture
def scene(qtbot, qapp, laptop: Workplace) -> Iterator[Scene]:
    desk = Desk(laptop, Jobs(), Theme.install(qapp, "light"))
    photos: list[Path] = []
    specs = [ScreenSpec("visit", "检查", "inspection", lambda: VisitScreen(desk, lambda _: photos))]
    shell = Shell("认证查验", ("局", "人"), specs)
    qtbot.addWidget(shell)
    made = Scene(laptop, desk, shell, given_target(laptop), qtbot, photos)
    shell.show()
    qtbot.waitActive(shell).__enter__()
    yield made
    desk.jobs.shutdown()


def given_target(place: Workplace) -> str:
    """One CCC producer with a suspended certificate, assigned to a team of two."""
    with place.write("test.scene") as work:
        work.session.add(
            Organization(
                id="org", name="宜春袁州恒铉电器有限公司", region="360902", credit_code="91360902MA0000000X",
                address="彬江镇工业园1号", legal_representative="易晓燕", as_of=date(2026, 8, 1),
            )
        )  # fmt: skip
        work.session.flush()
        work.session.add(
            Certificate(
                organization_id="org", number="2024010708696171", scheme=Scheme.CCC, product="真空吸尘器",
                status=CertificateStatus.SUSPENDED, suspended_from=date(2026, 7, 1), as_of=date(2026, 8, 1),
            )
        )  # fmt: skip
        work.session.add(Person(id="two", name="易晓燕", credential=TEAM[1]))
        work.commit()
    plan = planning.add_plan(
        place, title="2026 年 CCC 专项", year=2026, document="赣市监办认监〔2026〕4号"
    ).id
    task = planning.add_task(
        place, plan_id=plan, title="CCC", inspection_type=InspectionType.CCC_PRODUCER,
        own_deadline=date(2026, 8, 19), superior_deadline=date(2026, 8, 31),
    ).key  # fmt: skip
    return assigning.assign(
        place, plan_id=plan, task_key=task, organization_ids=("org",), officers=TEAM, lead=TEAM[0],
        device_id=place.device_id,
    ).ids[0]  # fmt: skip
