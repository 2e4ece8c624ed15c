"""冲突: what several people wrote differently, decided by a person; real homes, real packages, real keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app import bootstrap
from app.models.inspection import Answer, Finding, Inspection
from app.models.registry import Organization
from app.services import disputes, inspecting, resolving, savepoints, visits
from app.services.workplace import Owner, Workplace
from app.ui.conflicts.screen import ConflictsScreen
from app.ui.inbox.review import ReviewScreen
from app.ui.jobs import Jobs
from app.ui.screens import screens_for
from app.ui.shell import Shell
from app.ui.visit.screen import VisitScreen
from app.vocabulary import InspectionStatus, Role, Verdict
from tests.conftest import PASSPHRASE, FakeClock
from tests.services.conftest import Visit
from tests.services.parcels import ORG, edit, introduce, make_task, make_visit, receive, send
from tests.ui.desks import CTRL, ENTER, Elsewhere, desk_of, dialog_of, finished_visit, shell_of, submit
from tests.ui.hands import DOWN, ESCAPE, RIGHT, TAB, Person

OTHER = "6" * 32


@dataclass
class Pair:
    """An office and a laptop that both have a finished visit, and the folder between them."""

    office: Workplace
    laptop: Workplace
    visit: Visit
    stick: Path
    clock: FakeClock

    def at(self) -> dict[str, str]:
        return {"kind": "inspection", "record_id": self.visit.id}

    def to_office(self) -> None:
        receive(self.office, send(self.laptop, self.stick))
        self.clock.move(minutes=1)

    def to_laptop(self) -> None:
        receive(self.laptop, send(self.office, self.stick, self.laptop.device_id))
        self.clock.move(minutes=1)

    def differ(self, column: str, at_office: object, at_laptop: object) -> None:
        """Both write, and the office gets the laptop's value too."""
        edit(self.office, column, at_office, self.visit.id)
        edit(self.laptop, column, at_laptop, self.visit.id)
        self.to_office()

    def header(self, place: Workplace) -> Inspection:
        with place.read() as session:
            found = session.get(Inspection, self.visit.id)
            assert found is not None
            session.expunge(found)
            return found


@pytest.fixture
def pair(office: Workplace, laptop: Workplace, tmp_path: Path, clock: FakeClock) -> Pair:
    introduce(office, laptop, tmp_path)
    visit = finished_visit(laptop)
    made = Pair(office, laptop, visit, tmp_path, clock)
    made.to_office()
    return made


@pytest.fixture
def sit(jobs: Jobs, show, qtbot) -> Callable[[Workplace], Person]:
    """A person in the room 冲突 of a home."""

    def seated(place: Workplace, *others: str) -> Person:
        shell = show(shell_of("conflicts", lambda: ConflictsScreen(desk_of(place, jobs)), *others))
        return Person(place, shell, jobs, None, qtbot)  # type: ignore[arg-type]  # no files are asked for

    return seated


def chosen(person: Person) -> str:
    """The name of the choice in the field that is being decided."""
    section = person.screen.pane.current()
    return next((each.objectName() for each in section.buttons() if each.isChecked()), "")


def words(widget: QWidget) -> str:
    """Everything that labels say below a widget."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def write_reason(person: Person, text: str) -> None:
    person.tab_to(person.screen.pane.current().panel.reason)
    person.write(text)


def decide(person: Person) -> None:
    person.key(ENTER, CTRL)
    person.wait()


def lacks(person: Person) -> str:
    return person.screen.pane.current().panel.lacks.text()


# What is shown.


def test_every_value_is_told_with_author_device_and_time(pair: Pair, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    person = sit(pair.office)
    assert "1 处不一致" in person.screen.context()
    (section,) = person.screen.pane.sections
    former, *rivals = section.values.cards
    assert "检查地点" in words(section)
    assert pair.header(pair.laptop).subject_address in former.value_text()
    told = {card.value_text(): card.button.accessibleName() for card in rivals}
    assert told.keys() == {"二号车间", "成品库"}
    assert "本机" in told["二号车间"]
    assert "赣C36090100" in told["二号车间"]
    assert "设备 彭建华" in told["成品库"]
    assert "2026-08-12 09:31" in told["成品库"]
    shown = pair.header(pair.office).place
    assert [value for value, name in told.items() if "眼下显示的" in name] == [shown]


def test_what_differs_from_the_former_text_is_marked_by_lines(pair: Pair, sit) -> None:
    pair.differ("situation", "查看成品库与出货台账，抽查四个型号，三批缺标志。", "没有抽查。")
    (section,) = sit(pair.office).screen.pane.sections
    marked = next(card for card in section.values.cards if "三批" in card.value_text())
    assert marked.value_text() == "查看成品库与出货台账，抽查四个型号，三批缺标志。"
    html = marked.text.text()
    assert 'line-through;">三</span>' in html.replace("&quot;", '"')
    assert 'underline;">四</span>' in html.replace("&quot;", '"')


def test_a_disputed_part_is_told_by_its_item_and_text(pair: Pair, sit) -> None:
    add_finding(pair)
    part_ways_over_the_finding(pair)
    person = sit(pair.office)
    (section,) = person.screen.pane.sections
    told = words(section)
    assert "保留还是删去" in told
    assert "检查项 2.1：" in told
    assert "标志不清" in told
    assert {card.value_text() for card in section.values.cards[1:]} == {"保留", "删去"}
    assert section.panel.third_button is None, "there is no third way between keeping and removing"


def test_without_conflicts_the_room_says_so(jobs, office, show) -> None:
    room = show(shell_of("conflicts", lambda: ConflictsScreen(desk_of(office, jobs)))).current()
    assert room.context() == "没有冲突"
    assert room.empty.width() == room.width()
    assert "已定下" in room.empty.hint.text()


# Deciding.


def test_ours_by_digit_and_reason(pair: Pair, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    person = sit(pair.office)
    ours = option(person, "二号车间")
    person.key(ours)
    assert chosen(person) == f"take_{ours}"
    assert lacks(person) == "还缺：写理由"
    write_reason(person, "我在现场")
    decide(person)
    assert pair.header(pair.office).place == "二号车间"
    assert disputes.conflict_rows(pair.office) == ()
    assert "已定下“检查地点”" in person.said()
    assert "没有冲突了" in person.said()
    assert person.screen.context() == "没有冲突"
    (row,) = resolving.decision_rows(pair.office, **pair.at())
    assert (row.value, row.rejected, row.reason) == ("二号车间", ("成品库",), "我在现场")


def test_theirs_by_a_click_on_its_card_and_a_usual_reason(pair: Pair, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    person = sit(pair.office)
    section = person.screen.pane.current()
    card = next(card for card in section.values.cards if card.value_text() == "成品库")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(card.width() - 8, card.height() - 8))
    QTest.mouseClick(section.panel.usual[1], Qt.MouseButton.LeftButton)
    assert section.panel.reason.text() == "以在场检查人员的记录为准"
    person.click("decide")
    person.wait()
    assert pair.header(pair.office).place == "成品库"
    pair.to_laptop()
    assert pair.header(pair.laptop).place == "成品库"
    assert resolving.decision_rows(pair.laptop, **pair.at())[0].reason == "以在场检查人员的记录为准"


def test_a_third_text_begins_with_the_chosen_one(pair: Pair, sit) -> None:
    pair.differ("opinion", "责令限期改正。", "责令改正，通报机构。")
    person = sit(pair.office)
    person.key(option(person, "责令限期改正。"))
    person.key("t")
    editor = person.screen.pane.current().panel.editor.field
    assert editor.text() == "责令限期改正。"
    person.write("  ")
    assert "写第三个值" in lacks(person)
    person.write("ours")
    write_reason(person, "两处合并")
    decide(person)
    assert pair.header(pair.office).opinion == "ours", "what looks like a word of the program is a text"


def test_on_a_small_screen_the_keys_bring_their_field_into_view(pair: Pair, sit, qtbot) -> None:
    for column in ("place", "opinion", "situation"):
        edit(pair.office, column, "甲" * 200, pair.visit.id)
        edit(pair.laptop, column, "乙" * 200, pair.visit.id)
    pair.to_office()
    person = sit(pair.office)
    person.shell.resize(1093, 614)
    section = person.screen.pane.current()
    person.key("t")
    for field in (section.panel.editor.field, section.panel.button):
        qtbot.waitUntil(lambda field=field: field.visibleRegion().boundingRect() == field.rect())


def test_a_third_word_comes_from_the_vocabulary(pair: Pair, sit) -> None:
    item = answered_item(pair)
    for place, verdict in ((pair.office, Verdict.NOT_CHECKED), (pair.laptop, Verdict.NOT_APPLICABLE)):
        set_answer(place, pair.visit.id, item, "verdict", verdict)
    pair.to_office()
    person = sit(pair.office)
    person.key("t")
    box = person.screen.pane.current().panel.editor.field
    assert [box.itemText(n) for n in range(box.count())] == [
        "未选",
        "符合",
        "不符合",
        "不适用",
        "未查",
        "（空）",
    ]
    while box.currentText() != "不符合":
        person.key(DOWN if box.currentIndex() < 2 else Qt.Key.Key_Up)
    write_reason(person, "照片为证")
    decide(person)
    with pair.office.read() as session:
        assert session.get(Answer, (pair.visit.id, item)).verdict is Verdict.NONCONFORMING


def test_the_former_value_can_be_restored(pair: Pair, sit) -> None:
    before = pair.header(pair.office).opinion
    pair.differ("opinion", "甲", "乙")
    person = sit(pair.office)
    person.key("0")
    write_reason(person, "两人都改错了")
    decide(person)
    assert pair.header(pair.office).opinion == before


def test_nothing_is_decided_without_a_choice_and_a_reason(pair: Pair, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    person = sit(pair.office)
    section = person.screen.pane.current()
    assert lacks(person) == "还缺：选一个值、写理由"
    assert not section.panel.button.isEnabled()
    person.key("1")
    decide(person)
    write_reason(person, "   ")
    assert not section.panel.button.isEnabled()
    decide(person)
    assert len(disputes.conflict_rows(pair.office)) == 1


def test_arrows_choose_and_enter_goes_to_the_reason(pair: Pair, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    person = sit(pair.office)
    person.key(ENTER)
    person.key(RIGHT)
    assert chosen(person) == "take_2"
    person.key(RIGHT)
    assert chosen(person) == "take_third"
    person.key(RIGHT)
    assert chosen(person) == "take_0"
    person.key(RIGHT)
    person.key(ENTER)
    assert chosen(person) == "take_1"
    assert QApplication.focusWidget() is person.screen.pane.current().panel.reason
    person.key(ESCAPE)
    person.key(TAB)
    assert person.screen.pane.isAncestorOf(QApplication.focusWidget())


def test_one_field_at_a_time_and_then_the_next_record(pair: Pair, sit) -> None:
    make_visit(pair.laptop, OTHER)
    pair.to_office()
    for visit in (pair.visit.id, OTHER):
        for column in ("place", "opinion"):
            edit(pair.office, column, "甲", visit)
            edit(pair.laptop, column, "乙", visit)
    pair.to_office()
    person = sit(pair.office)
    first = person.screen.table.current_id()
    paths = []
    for left in (3, 2, 1, 0):
        paths.append((person.screen.table.current_id(), person.screen.pane.current().dispute.path))
        person.key("1")
        write_reason(person, "核对过")
        decide(person)
        assert sum(len(row.paths) for row in disputes.conflict_rows(pair.office)) == left
    assert len(set(paths)) == 4
    assert [key == first for key, _ in paths] == [True, True, False, False]
    assert person.shell.findChildren(QWidget, "decide_all") == []


def test_three_versions_stand_beside_each_other(pair: Pair, sit, tmp_path: Path, clock: FakeClock) -> None:
    owner = Owner(Role.INSPECTOR, "袁州区市场监督管理局", "熊志强", "赣C36090002")
    with bootstrap.create_home(tmp_path / "second", PASSPHRASE, owner, clock=clock) as second:
        introduce(pair.office, second, tmp_path)
        receive(pair.laptop, send(pair.office, tmp_path, pair.laptop.device_id))
        receive(second, send(pair.office, tmp_path, second.device_id))
        receive(second, send(pair.laptop, tmp_path, second.device_id, whole=True))
        for place, word in ((second, "原料库"), (pair.office, "二号车间"), (pair.laptop, "成品库")):
            edit(place, "place", word, pair.visit.id)
        receive(pair.office, send(second, tmp_path))
    pair.to_office()
    person = sit(pair.office)
    section = person.screen.pane.current()
    assert {card.value_text() for card in section.values.cards[1:]} == {"原料库", "二号车间", "成品库"}
    person.key(option(person, "成品库"))
    write_reason(person, "三人中只有他在场")
    decide(person)
    assert pair.header(pair.office).place == "成品库"
    (row,) = resolving.decision_rows(pair.office, **pair.at())
    assert set(row.rejected) == {"原料库", "二号车间"}


def test_a_removed_finding_is_kept_with_everything(pair: Pair, sit) -> None:
    add_finding(pair)
    part_ways_over_the_finding(pair)
    person = sit(pair.office)
    person.key(option(person, "保留"))
    write_reason(person, "照片为证")
    decide(person)
    pair.to_laptop()
    for place in (pair.office, pair.laptop):
        with place.read() as session:
            assert session.get(Finding, (pair.visit.id, "item:2.1")).description == "标志不清"


# The way back.


def test_a_decision_is_told_and_reopened_with_a_reason(pair: Pair, sit, qtbot) -> None:
    pair.differ("place", "二号车间", "成品库")
    resolving.resolve(pair.office, **pair.at(), path="place", take="ours", reason="我在现场")
    person = sit(pair.office)
    assert [person.screen.tabs.tabText(tab) for tab in (0, 1)] == ["待定 0", "已定下 1"]
    person.tab_to(person.screen.tabs)
    person.key(RIGHT)
    (card,) = person.screen.pane.decisions.cards
    told = words(card)
    for text in ("检查地点", "二号车间", "成品库", "我在现场", "黎国平 赣C36090100", "已定下"):
        assert text in told
    person.tab_to(card.button)
    person.key(Qt.Key.Key_Space)
    dialog = dialog_of(qtbot)
    person.key(ENTER, CTRL)
    assert dialog.isVisible(), "it needs a reason"
    person.fill(dialog, reopen_reason="找到了照片")
    submit(qtbot, dialog)
    person.wait()
    assert person.screen.tabs.currentIndex() == 0
    (section,) = person.screen.pane.sections
    assert {card.value_text() for card in section.values.cards[1:]} == {"二号车间", "成品库"}
    assert "已重新打开" in words(person.screen.pane.decisions)
    person.key(option(person, "成品库"))
    write_reason(person, "照片为证")
    decide(person)
    assert pair.header(pair.office).place == "成品库", person.said()
    reasons = [row.reason for row in resolving.decision_rows(pair.office, **pair.at())]
    assert reasons == ["我在现场", "照片为证"]


# What happens meanwhile.


def test_a_new_value_keeps_what_was_typed_and_says_so(pair: Pair, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    person = sit(pair.office)
    person.key(option(person, "二号车间"))
    write_reason(person, "我在现场")
    edit(pair.laptop, "place", "装配线", pair.visit.id)
    pair.to_office()
    person.shell.broadcast(None)
    section = person.screen.pane.current()
    assert {card.value_text() for card in section.values.cards[1:]} == {"二号车间", "装配线"}
    assert chosen(person) == f"take_{option(person, '二号车间')}"
    assert section.panel.reason.text() == "我在现场"
    assert QApplication.focusWidget() is section.panel.reason
    assert "刚收到新的值" in person.screen.news.text()


def test_what_was_typed_for_a_field_decided_elsewhere_is_told(pair: Pair, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    edit(pair.office, "opinion", "甲", pair.visit.id)
    edit(pair.laptop, "opinion", "乙", pair.visit.id)
    pair.to_office()
    pair.to_laptop()
    person = sit(pair.office)
    while person.screen.pane.current().dispute.path != "place":
        person.tab_to(person.screen.pane.sections[-1].buttons()[1])
    person.key("1")
    write_reason(person, "我在现场数过")
    resolving.resolve(pair.laptop, **pair.at(), path="place", take="ours", reason="核对过")
    pair.to_office()
    person.shell.broadcast(None)
    assert [section.dispute.path for section in person.screen.pane.sections] == ["opinion"]
    assert "已在别处定下" in person.screen.news.text()
    assert "我在现场数过" in person.screen.news.text()


# Rights, and the ways in and out.


def test_an_inspector_decides_inspections_and_is_told_what_not(pair: Pair, sit) -> None:
    make_task(pair.office, pair.laptop.device_id)
    pair.to_laptop()
    make_visit(pair.laptop, OTHER)
    pair.to_office()
    owner = Owner(Role.SUPERVISOR, pair.office.owner.office, "钟丽", "赣C36090200")
    with bootstrap.create_home(pair.stick / "deputy", PASSPHRASE, owner, clock=pair.clock) as deputy:
        introduce(pair.office, deputy, pair.stick)
        receive(deputy, send(pair.office, pair.stick, deputy.device_id))
        for place, word in ((pair.office, "甲路"), (deputy, "乙路")):
            with place.write("test") as work:
                work.session.get(Organization, ORG).address = word
                work.commit()
        receive(pair.office, send(deputy, pair.stick))
    pair.differ("place", "二号车间", "成品库")
    pair.to_laptop()
    person = sit(pair.laptop)
    kinds = [row.kind for row in disputes.conflict_rows(pair.laptop)]
    assert kinds == ["inspection", "organization"]
    person.screen.table.choose(f"organization:{ORG}")
    assert "无权裁定" in person.screen.banner.text()
    (section,) = person.screen.pane.sections
    assert not section.panel.isVisible()
    assert all(card.button is None for card in section.values.cards)
    person.key("1")
    assert section.draft.choice == ""
    person.screen.table.choose(f"inspection:{pair.visit.id}")
    person.key("1")
    write_reason(person, "核对过")
    decide(person)
    assert [row.kind for row in disputes.conflict_rows(pair.laptop)] == ["organization"]


@pytest.mark.parametrize("home", ["office", "laptop"])
def test_both_roles_find_the_room_in_the_rail_with_its_count(home, pair: Pair, jobs, show) -> None:
    pair.differ("place", "二号车间", "成品库")
    pair.to_laptop()
    place = getattr(pair, home)
    shell = show(Shell("认证查验", ("单位", "姓名"), screens_for(desk_of(place, jobs))))
    button = shell.rail.button("conflicts")
    assert button.text().split() == ["冲突", "1"]
    assert button.accessibleName() == "冲突，1 条"
    resolving.resolve(place, **pair.at(), path="place", take="ours", reason="核对过")
    shell.broadcast(None)
    assert button.text().split() == ["冲突"]


def test_the_review_leads_to_the_room_and_goes_on_after_the_decision(pair: Pair, jobs, show, sit) -> None:
    pair.differ("place", "二号车间", "成品库")
    shell = show(shell_of("review", lambda: ReviewScreen(desk_of(pair.office, jobs)), "conflicts"))
    names = [step.name for step in shell.current().screen_actions()]
    assert "approve" not in names
    next(step for step in shell.current().screen_actions() if step.name == "conflict").trigger()
    asked = shell.current()
    assert isinstance(asked, Elsewhere)
    assert asked.asked == pair.at()

    person = sit(pair.office)
    person.screen.open_with(**asked.asked)
    person.key("1")
    write_reason(person, "核对过")
    decide(person)
    inspecting.review(pair.office, inspection_id=pair.visit.id, approve=True)
    (row,) = visits.inspection_rows(pair.office, [pair.visit.id])
    assert row.status is InspectionStatus.APPROVED


def test_the_visit_leads_to_the_room(pair: Pair, jobs, show, qtbot) -> None:
    pair.differ("place", "二号车间", "成品库")
    pair.to_laptop()
    shell = show(shell_of("visit", lambda: VisitScreen(desk_of(pair.laptop, jobs)), "conflicts"))
    shell.open("visit", inspection_id=pair.visit.id)
    qtbot.waitUntil(lambda: not jobs.is_busy())
    banner = shell.current().workplace.banner
    assert "不一致" in banner.text()
    QTest.mouseClick(banner._action, Qt.MouseButton.LeftButton)
    assert isinstance(shell.current(), Elsewhere)
    assert shell.current().asked == pair.at()


# What these tests say in few words.


def option(person: Person, text: str) -> str:
    """The key of the rival value that reads so."""
    cards = person.screen.pane.current().values.cards[1:]
    return next(str(number) for number, card in enumerate(cards, 1) if card.value_text() == text)


def answered_item(pair: Pair) -> str:
    return next(row.id for part in pair.visit.sheet().sections for row in part.items if row.verdict)


def set_answer(place: Workplace, visit: str, item: str, column: str, value: object) -> None:
    with place.write("test") as work:
        setattr(work.session.get(Answer, (visit, item)), column, value)
        work.commit()


def add_finding(pair: Pair) -> None:
    """A finding that both sides know."""
    with pair.laptop.write("test") as work:
        work.session.add(
            Finding(
                inspection_id=pair.visit.id, key="item:2.1", item="2.1", description="未加施标志",
                severity="major", disposition="rectify_by_date", noted_at=pair.clock(),
            )
        )  # fmt: skip
        work.commit()
    pair.to_office()


def part_ways_over_the_finding(pair: Pair) -> None:
    """The laptop removes it, the office writes it anew."""
    with pair.laptop.write("test") as work:
        work.session.delete(work.session.get(Finding, (pair.visit.id, "item:2.1")))
        work.commit()
    with pair.office.write("test") as work:
        work.session.get(Finding, (pair.visit.id, "item:2.1")).description = "标志不清"
        work.commit()
    pair.to_office()


def test_what_was_chosen_and_typed_is_there_after_the_next_start(pair: Pair, sit) -> None:
    pair.differ("place", "原料库", "二号车间")
    person = sit(pair.office)
    person.key("1")
    choice = chosen(person)
    write_reason(person, "照片上是")
    assert person.shell.close()
    again = sit(pair.office)
    assert choice
    assert chosen(again) == choice
    assert again.screen.pane.current().panel.reason.text() == "照片上是"
    again.screen.pane.focus_first()
    decide(again)
    assert disputes.conflict_rows(pair.office) == ()
    assert again.screen.leave()
    assert savepoints.kept(pair.office, prefix="conflict:") == []
