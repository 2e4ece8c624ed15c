"""The start of a visit: its conditions with a key to each, who was there this year, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.inspection import Inspection, InspectionOfficer
from app.models.journal import HomeFact
from app.models.people import Person
from app.models.planning import KnownVisit
from app.services import sheets
from app.services.coverage import Coverage, Overlap, VisitKnown
from app.sync.ledger import ABOVE
from app.ui.visit.start_lines import Given, count_text, start_lines, state_text, visit_text, warnings
from app.vocabulary import InspectionStatus, InspectionType, TaskSource
from tests.ui.visit.conftest import TEAM, focus

CCC = InspectionType.CCC_PRODUCER
ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
CITY = "宜春市市场监督管理局"
SEEN = VisitKnown(
    "v", date(2026, 5, 4), CITY, ("熊志强", "钟丽"), CCC, InspectionStatus.APPROVED, "", here=True
)


@pytest.fixture
def dialog(scene):
    """The start of the assigned target."""
    scene.back()
    scene.shell.open("visit", assignment_id=scene.assignment)
    made = scene.screen.start_dialog
    made.activateWindow()
    scene.qtbot.waitUntil(made.isActiveWindow)
    return made


def states(dialog) -> dict[str, str]:
    return {line.field: state_text(line) for line in dialog.beside.lines()}


def submit(dialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return, CONTROL)


def known(scene, *, office: str = CITY, officers: str = "熊志强、钟丽", **values: object) -> None:
    """What the office wrote into the task about another visit."""
    told = {
        "visited_on": date(2026, 5, 4), "inspection_type": CCC, "status": InspectionStatus.FINALISED,
        "document": "",
    } | values  # fmt: skip
    with scene.place.write("test.known") as work:
        work.session.add(
            KnownVisit(assignment_id=scene.assignment, key="k", office=office, officers=officers, **told)
        )
        work.commit()


def earlier_visit(scene) -> str:
    """A visit of this store in the same year."""
    with scene.place.write("test.earlier") as work:
        work.session.add(
            Inspection(
                id="e", organization_id="org", inspection_type=CCC, checklist_id="ccc-producer",
                checklist_version="2026-2", status=InspectionStatus.FINALISED, office="袁州区市场监督管理局",
                subject_name="宜春袁州恒铉电器有限公司", started_at=scene.place.now() - timedelta(days=60),
            )
        )  # fmt: skip
        work.session.add(InspectionOfficer(inspection_id="e", credential=TEAM[0], name="彭建华"))
        work.commit()
    return "e"


def test_a_lead_starts_with_two_officers_and_not_with_one(scene):
    scene.shell.open("visit", organization_id="org", name="宜春袁州恒铉电器有限公司")
    dialog = scene.screen.start_dialog
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert dialog.started is None
    dialog.kind.set_word("CCC_PRODUCER")
    dialog.source.set_word("lead")
    assert states(dialog)["officer_1"] == "缺，不能开始"
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert "检查人员只有 1 名" in dialog.banner.text()
    second = next(field for field in dialog._officers if not field.word())
    second.set_word("赣C36090002")
    assert states(dialog)["officer_1"] == "已具备"
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    header = sheets.sheet(scene.place, inspection_id=scene.screen.work.inspection_id).header
    assert (header.task_source, header.assignment_id, header.approval_on) == (TaskSource.LEAD, None, None)


def test_thinking_better_of_it_starts_nothing(scene):
    scene.shell.open("visit", assignment_id=scene.assignment)
    QTest.mouseClick(scene.screen.start_dialog.cancel_button, Qt.MouseButton.LeftButton)
    assert scene.screen.start_dialog is None
    assert scene.screen.work.sheet is None
    assert scene.screen.visits.empty.isVisible()


def test_the_conditions_follow_what_is_filled_in(dialog):
    assert states(dialog) == {
        "officer_1": "已具备", "task_source": "已具备", "approval_number": "缺，完成前补",
        "approval_by": "缺，完成前补", "notice_number": "可以没有", "credentials_shown": "缺，完成前补",
        "rights_told": "缺，完成前补",
    }  # fmt: skip
    dialog.number.setText("8号")
    dialog.approver.setText("黎国平")
    dialog.notice.setText("9号")
    for check in (dialog.shown, dialog.told):
        check.setFocus()
        QTest.keyClick(check, Qt.Key.Key_Space)
    assert set(states(dialog).values()) == {"已具备"}
    dialog.source.set_word("")
    assert states(dialog)["task_source"] == "缺，不能开始"


@pytest.mark.parametrize("number", range(1, 8))
def test_alt_and_a_digit_lead_to_the_field_of_a_condition(dialog, number):
    QTest.keyClick(focus(), str(number), ALT)
    assert focus().objectName() == dialog.beside.lines()[number - 1].field


def test_a_click_on_a_condition_leads_to_its_field(dialog):
    shown = dialog.beside.conditions
    item = shown.item([line.field for line in dialog.beside.lines()].index("approval_by"))
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.visualItemRect(item).center())
    assert dialog.approver.hasFocus()


def test_without_a_source_nothing_begins(dialog, scene):
    dialog.source.set_word("")
    submit(dialog)
    assert dialog.started is None
    assert dialog._source.note.text() == "先选任务来源"


def test_an_officer_who_is_ill_is_replaced_at_the_start(scene):
    with scene.place.write("test.person") as work:
        work.session.add(Person(id="three", name="钟丽", credential="赣C36090009"))
        work.commit()
    scene.shell.open("visit", assignment_id=scene.assignment)
    dialog = scene.screen.start_dialog
    assert [field.word() for field in dialog._officers] == [*TEAM, ""]
    dialog._officers[1].set_word("赣C36090009")
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert scene.sheet.officers == ((TEAM[0], "彭建华"), ("赣C36090009", "钟丽"))
    assert scene.sheet.header.assignment_id == scene.assignment


def test_an_enterprise_nobody_was_at_says_so(dialog):
    assert dialog.beside.count.text() == "2026 年没有检查过"
    assert not any(banner.isVisible() for banner in dialog.beside.warnings)
    assert not dialog.beside.visits.isVisible()


def test_another_teams_visit_is_told_and_does_not_refuse(scene):
    known(scene)
    scene.shell.open("visit", assignment_id=scene.assignment)
    dialog = scene.screen.start_dialog
    assert dialog.beside.count.text() == "2026 年已检查 1 次"
    assert dialog.beside.warnings[0].isVisible()
    assert f"其他单位 {CITY} 05-04 已检查同一内容：熊志强、钟丽" in dialog.beside.warnings[0].text()
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert scene.sheet.header.status is InspectionStatus.IN_PROGRESS


def test_a_higher_office_is_called_so(scene):
    known(scene)
    with scene.place.write("test.above") as work:
        work.session.merge(HomeFact(name=ABOVE, value=f'["{CITY}"]'))
        work.commit()
    scene.shell.open("visit", assignment_id=scene.assignment)
    dialog = scene.screen.start_dialog
    assert f"上级 {CITY} 05-04 已检查同一内容" in dialog.beside.warnings[0].text()
    assert f"{CITY}（上级）" in dialog.beside.visits.item(0).text()


def test_other_content_is_counted_and_not_warned_of(scene):
    known(scene, inspection_type=InspectionType.MS_ORG)
    scene.shell.open("visit", assignment_id=scene.assignment)
    dialog = scene.screen.start_dialog
    assert dialog.beside.count.text() == "2026 年已检查 1 次"
    assert not dialog.beside.warnings[0].isVisible()


def test_the_warning_of_a_lead_follows_its_type(scene):
    known(scene)
    scene.shell.open("visit", organization_id="org", name="宜春袁州恒铉电器有限公司")
    dialog = scene.screen.start_dialog
    dialog.kind.set_word("MS_ORG")
    assert not dialog.beside.warnings[0].isVisible()
    dialog.kind.set_word("CCC_PRODUCER")
    assert dialog.beside.warnings[0].isVisible()


def test_a_visit_of_this_device_opens_from_the_list(scene):
    visit = earlier_visit(scene)
    scene.shell.open("visit", assignment_id=scene.assignment)
    dialog = scene.screen.start_dialog
    shown = dialog.beside.visits
    shown.setCurrentRow(0)
    shown.setFocus()
    QTest.keyClick(shown, Qt.Key.Key_Return)
    assert scene.screen.start_dialog is None
    assert scene.sheet.header.id == visit


def test_a_visit_that_is_only_known_of_opens_nothing(scene):
    known(scene)
    scene.shell.open("visit", assignment_id=scene.assignment)
    dialog = scene.screen.start_dialog
    dialog.beside.visits.itemActivated.emit(dialog.beside.visits.item(0))
    assert dialog.isVisible()
    assert "只知道梗概" in dialog.beside.note.text()
    dialog.reject()


def test_a_clock_that_went_back_is_said_before_the_start(scene, clock):
    clock.move(days=-2)
    scene.shell.open("visit", assignment_id=scene.assignment)
    dialog = scene.screen.start_dialog
    assert "设备时钟倒退" in dialog.beside.warnings[0].text()
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert scene.sheet.header.started_at == clock()


def test_the_words_of_the_list():
    assert visit_text(SEEN) == ("2026-05-04 · CCC 生产企业 · 已审核", f"{CITY} · 熊志强、钟丽")
    assert count_text(Coverage(2026, (SEEN, SEEN), (), ())) == "2026 年已检查 2 次"
    planned = VisitKnown("t", date(2026, 9, 30), "", ("熊志强",), CCC, InspectionStatus.ASSIGNED, "9号")
    assert visit_text(planned)[0].startswith("2026-09-30 到期")
    found = Coverage(2026, (), (planned,), (Overlap("other_team", planned), Overlap("other_team", planned)))
    [(said, _)] = warnings(found, None)
    assert said == "本单位另一组已分派同一内容，09-30 到期：熊志强。另有 1 项"
    assert next(line.field for line in start_lines(Given(kind=False))) == "inspection_type"
