"""Targets: found by any part, counted beside the filters, begun by Enter."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.models.inspection import Inspection
from app.models.people import Person
from app.models.registry import Certificate, Organization
from app.services import assigning, inspecting, planning
from app.ui.jobs import Jobs
from app.ui.screens import Desk
from app.ui.targets.dossier import blocks, days_left, dossier
from app.ui.targets.lists import target_columns, why_text
from app.ui.targets.screen import TargetsScreen
from app.ui.theme import Theme
from app.vocabulary import CertificateStatus, InspectionStatus, InspectionType, Scheme, TaskSource

NAMES = {"a": "宜春华鑫电器有限公司", "b": "宜春恒铉电线厂", "c": "宜春瑞泰玩具厂"}
TEAM = ("赣C36090001", "赣C36090002")


@pytest.fixture
def place(laptop):
    """Three organizations, two of them assigned to this device."""
    with laptop.write("test.scene") as work:
        for key, name in NAMES.items():
            work.session.add(
                Organization(id=key, name=name, initials=f"yc{key}", as_of=date(2026, 8, 1), region="360902")
            )
            work.session.flush()
            status = CertificateStatus.SUSPENDED if key == "b" else CertificateStatus.VALID
            work.session.add(
                Certificate(
                    organization_id=key, number=f"20260107{key.upper()}", scheme=Scheme.CCC, status=status,
                    suspended_to=date(2026, 9, 1) if key == "b" else None, as_of=date(2026, 8, 1),
                )
            )  # fmt: skip
        work.session.add(Person(id="two", name="易晓燕", credential=TEAM[1]))
        work.commit()
    plan = planning.add_plan(laptop, title="专项", year=2026, document="赣市监〔2026〕4号").id
    task = planning.add_task(
        laptop, plan_id=plan, title="CCC", inspection_type=InspectionType.CCC_PRODUCER,
        own_deadline=date(2026, 8, 10), superior_deadline=date(2026, 8, 31),
    ).key  # fmt: skip
    assigning.assign(
        laptop, plan_id=plan, task_key=task, organization_ids=("a", "b"), officers=TEAM, lead=TEAM[0],
        device_id=laptop.device_id,
    )  # fmt: skip
    return laptop


@pytest.fixture
def screen(qtbot, qapp, place):
    desk = Desk(place, Jobs(), Theme.install(qapp, "light"))
    made = TargetsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1166, 640)
    made.show()
    made.refresh(None)
    qtbot.waitUntil(lambda: made.count.text() != "")
    yield made
    desk.jobs.shutdown()


def names(screen) -> list[str]:
    table = screen.organizations if screen.registry.isChecked() else screen.table
    return [table.rows.row_at(line).name for line in range(len(table.rows.ids()))]


def test_assigned_targets_are_listed_with_counts(screen, qtbot):
    assert sorted(names(screen)) == sorted((NAMES["a"], NAMES["b"]))
    assert screen.count.text() == "共 2 家"
    qtbot.waitUntil(lambda: screen.filters.state.itemText(0) != "未完成")
    assert screen.filters.state.itemText(0) == "未完成  2"
    assert screen.filters.kind.itemText(1).endswith("2")


@pytest.mark.parametrize("query,found", [("恒铉", ["b"]), ("20260107A", ["a"]), ("ycb", ["b"]), ("没有", [])])
def test_any_part_finds_a_target(screen, qtbot, query, found):
    screen.search.setText(query)
    QTest.keyClick(screen.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: screen.count.text() == f"共 {len(found)} 家")
    assert names(screen) == [NAMES[key] for key in found]
    assert screen.empty.isVisible() == (not found)


def test_enter_begins_an_assigned_target(screen, qtbot):
    with qtbot.waitSignal(screen.open_requested) as asked:
        QTest.keyClick(screen.table, Qt.Key.Key_Return)
    key, arguments = asked.args
    assert (key, set(arguments)) == ("visit", {"assignment_id"})


def test_a_lead_begins_from_the_whole_registry(screen, qtbot):
    QTest.mouseClick(screen.registry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.count.text() == "共 3 家")
    screen.organizations.choose("b")
    assert "本局期限 2026-08-10 周一" in screen.dossier.text(), "the registry says of a target that it is one"
    screen.organizations.choose("c")
    assert "本局期限" not in screen.dossier.text()
    with qtbot.waitSignal(screen.open_requested) as asked:
        QTest.keyClick(screen.organizations, Qt.Key.Key_Return)
    assert asked.args == ["visit", {"organization_id": "c", "name": NAMES["c"]}]


def test_the_next_step_is_named_by_what_was_done(screen, place):
    (action,) = [each for each in screen.screen_actions() if each.primary]
    assert action.text == "开始检查"
    duties = inspecting.Duties(TaskSource.SPECIAL)
    inspecting.start(place, duties=duties, assignment_id=screen.table.current_id())
    screen.table.reload()
    (action,) = [each for each in screen.screen_actions() if each.primary]
    assert action.text == "继续检查"


def test_the_dossier_says_what_has_to_be_known_before_going(screen, place):
    screen.table.choose(next(key for key in screen.table.rows.ids()
                             if screen.table.rows.row_at(screen.table.rows.line_of(key)).name == NAMES["b"]))  # fmt: skip
    said = screen.dossier.text()
    for words in (
        "本局期限 2026-08-10 周一",
        "已逾期 2 天",
        "暂停至 2026-09-01",
        "名录数据截至 2026-08-01",
        "赣市监〔2026〕4号",
    ):
        assert words in said
    assert "本机没有这家企业的检查记录" in said


def test_deadlines_are_counted_in_days(screen):
    row = screen.table.current_row()
    assert days_left(row, date(2026, 8, 10)) == ("今天到期", "bad")
    assert days_left(row, date(2026, 8, 5)) == ("还有 5 天", "attention")
    assert days_left(row, date(2026, 7, 1)) == ("还有 40 天", "neutral")


def test_an_organization_that_went_away_has_no_dossier(place):
    assert dossier(place, "nowhere") is None
    found = dossier(place, "c")
    assert "任务" not in [block.heading for block in blocks(found, None)]


def test_filters_narrow_the_list_and_count_each_other(screen, place, qtbot):
    """Deadline, risk and region stand beside type and state; each says how many another choice would list."""
    with place.write("test.levels") as work:
        for key, risk, region in (("a", "C", "360902"), ("b", "", "360981")):
            organization = work.session.get(Organization, key)
            organization.risk, organization.region = risk, region
            organization.region_name = {"360902": "袁州区", "360981": "丰城市"}[region]
        work.commit()
    screen.refresh(None)
    offered = lambda field: [field.itemText(line) for line in range(1, field.count())]  # noqa: E731
    qtbot.waitUntil(lambda: screen.filters.region.count() == 3)
    assert offered(screen.filters.risk) == ["风险 C  1", "未分级  1"]
    assert offered(screen.filters.region) == ["袁州区  1", "丰城市  1"]
    assert offered(screen.filters.deadline)[:2] == ["已逾期  2", "7 天内到期  0"]
    choose(screen.filters.region, "丰城市")
    qtbot.waitUntil(lambda: screen.count.text() == "共 1 家")
    assert names(screen) == [NAMES["b"]]
    qtbot.waitUntil(lambda: offered(screen.filters.risk) == ["未分级  1"])
    assert offered(screen.filters.region) == ["袁州区  1", "丰城市  1"]
    choose(screen.filters.deadline, "30 天以后")
    qtbot.waitUntil(screen.empty.isVisible)
    assert "没有符合条件的对象" in screen.empty.heading.text()


def choose(field, beginning: str) -> None:
    """Arrow keys to the choice that begins so."""
    field.setFocus()
    for _ in range(field.count()):
        QTest.keyClick(field, Qt.Key.Key_Down)
        if field.currentText().startswith(beginning):
            return
    raise AssertionError(beginning)


def test_the_row_says_until_when_and_why(screen):
    columns = {column.title: column for column in target_columns(lambda: date(2026, 8, 12))}
    row = screen.table.current_row()
    assert columns["期限"].text(row) == "08-10 周一 · 上级 08-31"
    assert columns["依据"].text(row) == "赣市监〔2026〕4号"
    assert why_text(row, date(2027, 1, 4)) == "2026-08-10 周一 · 上级 2026-08-31"


def test_the_whole_registry_is_narrowed_by_the_same_filters(screen, place, qtbot):
    """Status is that of the certificates there; deadlines are those of the targets that are not done."""
    with place.write("test.levels") as work:
        for key, risk, region in (("a", "C", "360902"), ("b", "", "360981"), ("c", "C", "360981")):
            organization = work.session.get(Organization, key)
            organization.risk, organization.region = risk, region
            organization.region_name = {"360902": "袁州区", "360981": "丰城市"}[region]
        work.commit()
    QTest.mouseClick(screen.registry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: screen.count.text() == "共 3 家")
    shown = screen.filters
    assert (shown.state.isVisible(), shown.standing.isVisible()) == (False, True)
    offered = lambda field: [field.itemText(line) for line in range(1, field.count())]  # noqa: E731
    qtbot.waitUntil(lambda: offered(shown.region) == ["袁州区  1", "丰城市  2"])
    assert offered(shown.standing) == ["有效  2", "暂停  1"]
    assert offered(shown.risk) == ["风险 C  2", "未分级  1"]
    assert offered(shown.deadline) == [
        "已逾期  2", "7 天内到期  0", "30 天内到期  0", "30 天以后  0", "没有期限  1",
    ]  # fmt: skip
    choose(shown.region, "丰城市")
    qtbot.waitUntil(lambda: screen.count.text() == "共 2 家")
    assert sorted(names(screen)) == sorted((NAMES["b"], NAMES["c"]))
    choose(shown.standing, "暂停")
    qtbot.waitUntil(lambda: screen.count.text() == "共 1 家")
    assert names(screen) == [NAMES["b"]]
    qtbot.waitUntil(lambda: offered(shown.risk) == ["未分级  1"])
    choose(shown.deadline, "没有期限")
    qtbot.waitUntil(screen.empty.isVisible)
    assert "没有符合条件的对象" in screen.empty.heading.text()
    # Back at the assigned targets the status of certificates narrows nothing any more.
    QTest.mouseClick(screen.mine, Qt.MouseButton.LeftButton)
    QTest.keyClick(shown.deadline, Qt.Key.Key_Home)
    choose(shown.deadline, "已逾期")
    qtbot.waitUntil(lambda: names(screen) == [NAMES["b"]])
    assert (shown.state.isVisible(), shown.standing.isVisible()) == (True, False)


def test_a_target_that_is_done_shows_the_certificates_of_the_day_of_its_inspection(screen, place, qtbot):
    """The dossier names the day, and says where what was known on it is not here."""
    started = inspecting.start(
        place, duties=inspecting.Duties(TaskSource.SPECIAL), assignment_id=screen.table.current_id()
    )
    with place.write("test.done") as work:
        visit = work.session.get(Inspection, started.id)
        visit.status = InspectionStatus.FINALISED
        work.session.get(Certificate, ("b", "20260107B")).suspended_from = date(2026, 8, 13)
        work.commit()
    screen.refresh(None)
    choose(screen.filters.state, "已完成")
    qtbot.waitUntil(lambda: screen.count.text() == "共 1 家")
    screen.table.choose(screen.table.rows.ids()[0])
    qtbot.waitUntil(lambda: "检查日" in screen.dossier.text())
    said = screen.dossier.text()
    assert "检查日 2026-08-12，名录数据截至 2026-08-01" in said
    assert "没有检查当日的名录" in said


def test_letters_are_looked_for_in_memory_once_the_list_is_shown(screen, place, qtbot, monkeypatch):
    """Whichever list: no statement goes to the store between a key and its rows."""
    for button, found in ((screen.registry, ("c",)), (screen.mine, ())):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not screen._desk.jobs.is_busy() and not screen._rest.isActive())
        qtbot.waitUntil(lambda: not screen._desk.jobs.is_busy())
        asked: list[str] = []
        with monkeypatch.context() as watched:
            watched.setattr(screen._search, "_find", asked.append)
            screen.search.setFocus()
            QTest.keyClicks(screen.search, "ycc")
            qtbot.waitUntil(lambda: screen._found.asked.query == "ycc")
        assert (screen._found.ids, asked) == (found, [])
        QTest.keyClick(screen.search, Qt.Key.Key_Escape)


def test_a_list_that_is_held_and_empty_says_so_when_it_is_asked_for_again(screen, place, qtbot):
    choose(screen.filters.state, "已完成")
    qtbot.waitUntil(screen.empty.isVisible)
    qtbot.waitUntil(lambda: not screen._rest.isActive() and not screen._desk.jobs.is_busy())
    QTest.mouseClick(screen.mine, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not screen._desk.jobs.is_busy())
    assert screen.empty.isVisible()


def test_the_next_step_is_offered_with_the_list_and_not_after_it(screen, place, qtbot):
    """Whoever is quick begins before the dossier is read."""
    qtbot.waitUntil(lambda: not screen._rest.isActive() and not screen._desk.jobs.is_busy())
    screen.refresh(None)
    told: list[bool] = []
    screen.header_changed.connect(lambda: told.append(screen.screen_actions()[-1].enabled))
    with qtbot.waitSignal(screen.header_changed):
        pass
    assert told == [True]
    assert screen._rest.isActive(), "the dossier still waits"
