"""任务分派 by keys: plans and tasks, a team of two, a device; what is missing is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.models.people import Device, Person
from app.models.registry import Certificate, Organization
from app.services import assigning, planning
from app.services.workplace import Changes, Workplace
from app.ui.jobs import Jobs
from app.ui.planning.board import Board, Team, missing
from app.ui.planning.forms import PlanDialog, TaskDialog, quota
from app.ui.planning.screen import PlanningScreen
from app.ui.screens import Desk
from app.ui.theme import Theme
from app.ui.widgets import FormDialog
from app.vocabulary import CertificateStatus, InspectionType, Role, Scheme
from tests.ui.desks import Answers

CTRL = Qt.KeyboardModifier.ControlModifier
PLAN = """任务,检查类型,检查对象,数量,完成时限,上级期限,依据文件
强制性产品认证监督检查,CCC生产企业,辖区内获证企业,2,2026-08-19,2026-08-31,宜市监认发〔2026〕3号
"""


@pytest.fixture
def filled(office: Workplace) -> Workplace:
    """Three organizations with a standing certificate, two officers, one enrolled device."""
    with office.write("test.fill") as work:
        for number, name in enumerate(("宜春恒𬭎电器厂", "宜春瑞泰电缆厂", "丰城永盛玩具厂")):
            work.session.add_all(
                [
                    Organization(id=f"o{number}", name=name, region="360902" if number < 2 else "360981",
                                 region_name="袁州区" if number < 2 else "丰城市"),
                    Certificate(organization_id=f"o{number}", number=f"C{number}", scheme=Scheme.CCC,
                                status=CertificateStatus.VALID),
                ]
            )  # fmt: skip
        work.session.add_all(
            [
                Person(id="p1", name="彭建华", credential="赣C36090001"),
                Person(id="p2", name="易晓燕", credential="赣C36090002"),
                Device(id="d1", name="彭建华", credential="赣C36090001", office="袁州区局", fingerprint="AAAA-BBBB",
                       role=Role.INSPECTOR, recipient="age1", verify_key="00", enrolled_at=office.now(),
                       own=False, office_device=False),
            ]
        )  # fmt: skip
        work.commit()
    return office


@pytest.fixture
def files() -> list[Path]:
    return []


@pytest.fixture
def answers() -> list[bool]:
    return [True]


@pytest.fixture
def idle(jobs: Jobs, qtbot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not jobs.is_busy())


@pytest.fixture
def screen(filled, jobs: Jobs, files: list[Path], answers: list[bool], show, qapp, idle) -> PlanningScreen:
    desk = Desk(filled, jobs, Theme.install(qapp))
    chooser = Answers()
    chooser.paths = files
    made = PlanningScreen(desk, chooser, lambda *_: answers[0])
    made.changed.connect(made.refresh)
    made.resize(1166, 646)
    show(made)
    made.refresh(None)
    idle()
    return made


@pytest.fixture
def planned(screen: PlanningScreen, files: list[Path], tmp_path: Path, idle) -> PlanningScreen:
    path = tmp_path / "计划.csv"
    path.write_text(PLAN, "utf8")
    files.append(path)
    press(screen, "import")
    idle()
    return screen


def press(screen: PlanningScreen, name: str) -> None:
    next(action for action in screen.screen_actions() if action.name == name).trigger()


def step(screen: PlanningScreen):
    return screen.screen_actions()[-1]


def test_without_a_plan_the_next_step_is_told(screen: PlanningScreen, qtbot, files):
    assert screen.empty.isVisible()
    assert "还没有检查计划" in screen.empty.heading.text()
    assert not step(screen).enabled
    assert "先导入计划文件" in step(screen).hint


def test_a_plan_comes_from_its_file(planned: PlanningScreen):
    assert planned.tasks.isVisible()
    row = planned.tasks.current_row()
    assert row is not None
    assert (row.required, row.base, row.done, row.remaining) == (2, 3, 0, 2)
    shown = [planned.tasks.rows.index(0, column).data() for column in (7, 8)]
    assert shown == ["2026-08-19 周三", "2026-08-31 周一"]
    assert "应查 2" in planned.context()
    assert len(planned.candidates.rows.ids()) == 3


def test_a_file_that_is_no_plan_is_said(screen: PlanningScreen, files, tmp_path: Path, idle, qtbot):
    path = tmp_path / "别的.csv"
    path.write_text("天气,温度\n晴,20\n", "utf8")
    files.append(path)
    press(screen, "import")
    idle()
    assert screen.outcome.isVisible()
    assert screen.outcome.lines()[0].remedy
    qtbot.keyClick(screen.outcome, Qt.Key.Key_Escape)
    assert screen.empty.isVisible()


def test_what_is_missing_is_said_one_by_one(planned: PlanningScreen, idle, qtbot):
    planned.candidates.clearSelection()
    assert "在左边选企业" in planned.team.missing.text()
    planned.candidates.setFocus()
    qtbot.keyClick(planned.candidates, "a", CTRL)
    assert "还差 2 人" in planned.team.missing.text()
    planned.team.tick("赣C36090001")
    assert "还差 1 人" in planned.team.missing.text()
    planned.team.tick("赣C36090002")
    assert planned.team.missing.text() == "齐了，Ctrl+Enter 分派"
    assert step(planned).text == "分派 3 家"
    assert step(planned).enabled


def test_organizations_are_handed_out_and_taken_back(planned, filled, answers, idle, qtbot):
    planned.candidates.setFocus()
    planned.candidates.choose("o0")
    qtbot.keyClick(planned.candidates, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    planned.team.tick("赣C36090001")
    planned.team.tick("赣C36090002")
    with qtbot.waitSignal(planned.notice_given) as told:
        step(planned).trigger()
    assert told.args[0].startswith("已分派 2 家")
    idle()
    assert len(planned.candidates.rows.ids()) == 1
    row = planned.tasks.current_row()
    assert row is not None
    assert row.assigned == 2
    rows = assigning.assignment_rows(filled, assigning.assignment_ids(filled))
    assert {tuple(sorted(row.officers)) for row in rows} == {("彭建华", "易晓燕")}

    qtbot.mouseClick(planned.assigned_ones, Qt.MouseButton.LeftButton)
    idle()
    assert len(planned.assigned.rows.ids()) == 2
    planned.assigned.choose(planned.assigned.rows.id_at(0))
    answers[0] = False
    step(planned).trigger()
    idle()
    assert len(planned.assigned.rows.ids()) == 2
    answers[0] = True
    step(planned).trigger()
    idle()
    qtbot.waitUntil(lambda: len(planned.assigned.rows.ids()) == 1)


def test_search_and_region_narrow_the_candidates(planned: PlanningScreen, idle, qtbot):
    planned.search.insert("电缆")
    qtbot.keyClick(planned.search, Qt.Key.Key_Return)
    idle()
    assert planned.candidates.rows.ids() == ("o1",)
    qtbot.keyClick(planned.search, Qt.Key.Key_Escape)
    planned.region.set_word("360981")
    planned.region.chosen.emit("360981")
    idle()
    assert planned.candidates.rows.ids() == ("o2",)


def test_words_are_looked_for_in_memory_and_a_former_name_is_found_no_more(
    planned: PlanningScreen, idle, qtbot, monkeypatch
):
    def ready() -> None:
        qtbot.waitUntil(lambda: not planned._rest.isActive())
        idle()

    ready()
    asked: list[object] = []
    with monkeypatch.context() as watched:
        watched.setattr(planned._search, "_find", asked.append)
        planned.search.insert("电缆")
        qtbot.keyClick(planned.search, Qt.Key.Key_Return)
        assert planned.candidates.rows.ids() == ("o1",), "in the same breath"
    assert asked == []
    with planned._desk.place.write("test.renamed") as work:
        work.session.get_one(Organization, "o1").name = "改名后的企业"
        work.commit()
    planned.refresh(Changes.of("organization", "o1"))
    idle()
    qtbot.waitUntil(lambda: planned.candidates.rows.ids() == ())


def test_a_plan_and_a_task_by_hand(screen: PlanningScreen, filled: Workplace, idle, qtbot):
    press(screen, "add_plan")
    dialog = screen.dialog
    assert isinstance(dialog, PlanDialog)
    qtbot.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()  # a plan needs a name
    dialog.name.insert("2026 年专项检查")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    idle()
    press(screen, "add_task")
    task = screen.dialog
    assert isinstance(task, TaskDialog)
    task.name.insert("电器专项")
    task.kind.choose(InspectionType.CCC_PRODUCER)
    task.required.insert("五家")
    qtbot.mouseClick(task.submit_button, Qt.MouseButton.LeftButton)
    assert task.isVisible()
    task.required.clear()
    task.required.insert("50%")
    task.own.set_day(date(2026, 9, 30))
    task.superior.set_day(date(2026, 8, 31))
    with qtbot.waitSignal(task.accepted):
        qtbot.mouseClick(task.submit_button, Qt.MouseButton.LeftButton)
    idle()
    (plan,) = planning.plan_rows(filled)
    (row,) = planning.task_rows(filled, plan_id=plan.id)
    assert (row.title, row.required, row.own_deadline) == ("电器专项", 2, date(2026, 9, 30))
    qtbot.waitUntil(lambda: not screen.findChildren(FormDialog))  # forms that were stored do not pile up
    assert screen.banner.isVisible()  # the own deadline lies after the superior one
    assert screen.tasks.current_id() == row.key


@pytest.mark.parametrize(
    "text,found",
    [
        ("30", (30, None)),
        ("10%", (None, 100)),
        ("2.5％", (None, 25)),
        ("", (None, None)),
        ("五", None),
        ("200%", None),
    ],
)
def test_an_amount_is_a_number_or_a_share(text: str, found: object):
    assert quota(text) == found


def test_no_people_and_no_device_are_told_with_the_way(office: Workplace, screen: PlanningScreen):

    empty = Board(date(2026, 8, 12), (), "", (), (), (), ())
    said = missing(empty, None, 0, Team())
    assert [text[:4] for text in said] == ["先导入计", "人员名单", "还没有登"]
