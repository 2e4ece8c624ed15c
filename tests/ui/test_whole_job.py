"""The whole job through both windows: from the registry's workbook to the number in 附件1.

One office and one laptop, each with a home of its own; between them nothing but files in a folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from PySide6.QtWidgets import QLabel, QListWidget

from app.services.sheet_rows import ItemRow
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.screens import Desk, screens_for, status_of
from app.ui.shell import Shell
from app.ui.theme import Theme
from app.ui.visit.lines import CLOSING
from tests.ui.hands import CTRL, DOWN, ENTER, ESCAPE, NONE, RIGHT, SHIFT, SPACE, FileDialogs, Person, draw
from tests.ui.visit_by_keys import (
    describe_what_is_wrong,
    fill_in_the_basics,
    finish,
    issue_and_deliver,
    items_of,
    measure,
    sum_up,
)
from tests.ui.whole_visit import FACTS, ORDER_NUMBER, WRONG_ITEM, paper_text, picture

REGISTRY = Path(__file__).parents[1] / "data" / "registry" / "ccc-certificates.xlsx"
FACTORY = "宜春袁州𬭎明源消防器材厂"
PEOPLE = "姓名,执法证号,所在单位\n彭建华,赣C36090001,袁州区市场监督管理局\n易晓燕,赣C36090002,袁州区市场监督管理局\n"


@dataclass
class Job:
    """Both people, and the folder that files travel in."""

    office: Person
    laptop: Person
    stick: Path

    def only(self, pattern: str) -> Path:
        """The one file of a kind that lies in the folder."""
        [path] = self.stick.glob(pattern)
        return path


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> FileDialogs:
    dialogs = FileDialogs()
    for module in ("app.ui.chooser", "app.ui.widgets.photos"):
        monkeypatch.setattr(f"{module}.QFileDialog", dialogs)
    return dialogs


@pytest.fixture
def job(
    office: Workplace, laptop: Workplace, files: FileDialogs, show, qapp, qtbot, tmp_path: Path
) -> Iterator[Job]:
    stick = tmp_path / "移动磁盘"
    stick.mkdir()
    theme = Theme.install(qapp, "light")
    people = []
    for place in (office, laptop):
        desk = Desk(place, Jobs(), theme)
        owner = (place.owner.office, place.owner.name)
        shell = Shell("认证查验", owner, screens_for(desk), lambda desk=desk: status_of(desk))
        show(shell)
        people.append(Person(place, shell, desk.jobs, files, qtbot))
        people[-1].wait()
        shell.broadcast(None)
    yield Job(*people, stick)
    for person in people:
        person.wait()
        person.jobs.shutdown()


def test_the_main_job_from_the_workbook_to_the_number(job: Job) -> None:
    take_the_registry_in(job)
    take_the_people_in(job)
    make_a_plan(job)
    enrol_the_laptop(job)
    assign_the_factory(job)
    hand_the_task_out(job)
    take_the_task_in(job)

    start_the_visit(job.laptop)
    fill_in_the_basics(job.laptop)
    answer_the_checklist(job.laptop)
    describe_what_is_wrong(job.laptop)
    order_it_to_be_put_right(job.laptop)
    sum_up(job.laptop)
    take_the_signatures(job.laptop)
    finish(job.laptop)
    look_at_the_paper(job)
    hand_the_visit_in(job)
    see_what_is_left(job.laptop)

    receive_the_visit(job)
    approve_the_visit(job.office)
    see_the_order(job.office)
    read_the_number(job.office)
    export_the_table(job)


# The office prepares.


def take_the_registry_in(job: Job) -> None:
    office = job.office
    office.go("registry")
    office.files.lay_out(REGISTRY)
    office.step("i")
    assert office.screen.outcome.isVisible()
    office.key(ESCAPE)
    office.search("𬭎明源")
    assert office.screen.table.current_row().name == FACTORY


def take_the_people_in(job: Job) -> None:
    people = job.stick / "执法人员.csv"
    people.write_text(PEOPLE, "utf8")
    job.office.files.lay_out(people)
    job.office.step("i", CTRL | SHIFT)
    assert "没有问题" in job.office.screen.outcome.heading.text()
    job.office.key(ESCAPE)


def make_a_plan(job: Job) -> None:
    office = job.office
    office.go("planning")
    office.key("n", CTRL)
    dialog = office.dialog()
    office.fill(dialog, plan_title="2026 年度认证监督检查计划", plan_document="宜市监认发〔2026〕3号")
    office.submit(dialog)
    office.key("t", CTRL)
    dialog = office.dialog()
    office.fill(
        dialog, task_title="强制性产品认证监督检查", task_type="CCC 生产企业", task_required="1",
        task_document="赣市监办认监〔2023〕4号",
    )  # fmt: skip
    office.submit(dialog)
    assert "应查 1" in office.screen.context()


def enrol_the_laptop(job: Job) -> None:
    """A request goes over, an answer comes back, and both windows show the same fingerprint."""
    laptop, office = job.laptop, job.office
    laptop.go("handover")
    laptop.files.lay_out(job.stick)
    laptop.step("g")
    fingerprint = laptop.place.vault.public.fingerprint
    assert fingerprint in laptop.screen.banner.text()

    office.go("handover")
    office.files.lay_out(job.only("*.cyreq"))
    office.key("g", CTRL)
    dialog = office.dialog()
    assert any(label.text() == fingerprint for label in dialog.findChildren(QLabel))
    office.fill(dialog, compared=True)
    office.submit(dialog)

    laptop.sit_down()
    laptop.files.lay_out(job.only("*.cyenr"))
    laptop.step("d")
    assert "登记好了" in laptop.screen.banner.text()


def assign_the_factory(job: Job) -> None:
    office = job.office
    office.go("planning")
    office.search("𬭎明源")
    office.key(DOWN)
    team = office.screen.team
    office.tab_to(team.findChild(QListWidget, "officers"))
    for _ in range(2):
        office.key(DOWN)
        office.key(SPACE)
    assert team.missing.text() == "齐了，Ctrl+Enter 分派"
    office.step(ENTER)
    assert "已分派 1 家" in office.said()
    assert "分派过的在“已分派”里" in office.screen.none_listed.hint.text()


def hand_over(person: Person, folder: Path) -> None:
    """Ctrl+E, a folder by Ctrl+O, and Ctrl+Enter: receivers and contents are as they are offered."""
    person.files.lay_out(folder)
    person.key("e", CTRL)
    dialog = person.dialog()
    person.key("o", CTRL)
    person.submit(dialog)


def hand_the_task_out(job: Job) -> None:
    job.office.go("handover")
    hand_over(job.office, job.stick)
    assert "读回核对无误" in job.office.screen.banner.text()


# The inspector, without a network.


def take_the_task_in(job: Job) -> None:
    laptop = job.laptop
    laptop.go("handover")
    laptop.files.lay_out(job.only("*.cyb"))
    laptop.step("i")
    assert "1 个全部收入" in laptop.said()


def start_the_visit(laptop: Person) -> None:
    laptop.go("targets")
    assert laptop.screen.table.current_row().name == FACTORY
    laptop.key(ENTER)
    dialog = laptop.dialog()
    laptop.fill(
        dialog, task_source="双随机抽查", approval_number="袁市监检批〔2026〕31号", approval_by="王振",
        credentials_shown=True, rights_told=True,
    )  # fmt: skip
    laptop.submit(dialog)
    assert laptop.screen.title() == FACTORY


def answer_the_checklist(laptop: Person) -> None:
    """1 for every item but one; P where pictures are asked for, V where a number belongs."""
    items = items_of(laptop)
    laptop.key(DOWN)
    while items.current() != CLOSING:
        row = laptop.screen.work.item(items.current())
        photograph(laptop, row)
        measure(laptop, row)
        laptop.key("2" if row.id == WRONG_ITEM else "1")
    rows = [row for section in laptop.screen.work.sheet.sections for row in section.items]
    assert all(row.verdict for row in rows)
    assert [row.id for row in rows if row.verdict == "nonconforming"] == [WRONG_ITEM]


def photograph(laptop: Person, row: ItemRow) -> None:
    """Take the pictures that an item asks for; each item has a colour of its own."""
    if row.photos_required:
        laptop.files.lay_out(picture(laptop.place.home.parent, row.id))
        laptop.step("p", NONE)
        assert laptop.screen.work.item(row.id).photos == row.photos_required


def order_it_to_be_put_right(laptop: Person) -> None:
    """Drafted, issued with its number, delivered; each by Ctrl+Enter."""
    laptop.step("d")
    assert laptop.shell.current_key() == "enforcement"
    laptop.key(ENTER, CTRL)
    dialog = laptop.dialog()
    laptop.fill(dialog, working_days=10)
    laptop.submit(dialog)
    issue_and_deliver(laptop)


def take_the_signatures(laptop: Person) -> None:
    """Both officers sign on the pad; the party refuses before a witness."""
    laptop.key("g", CTRL)
    dialog = laptop.dialog()
    for _ in range(2):
        draw(dialog.pad)
        laptop.key(ENTER, CTRL)
    laptop.click("state_refused", dialog)
    laptop.fill(dialog, reason="认为搬迁不属违法，拒绝签名", witness="村委会李娜")
    laptop.submit(dialog)
    assert laptop.screen.work.sheet.missing == ()


def look_at_the_paper(job: Job) -> None:
    laptop = job.laptop
    laptop.step("p")
    laptop.qtbot.waitUntil(lambda: laptop.screen.printed is not None)
    laptop.files.lay_out(job.stick)
    laptop.step("s")
    text = paper_text(job.only("*.pdf"))
    assert FACTORY in text
    assert FACTS in text


def hand_the_visit_in(job: Job) -> None:
    laptop = job.laptop
    job.only("*.cyb").unlink()
    laptop.go("handover")
    assert "1 次检查" in laptop.screen.context()
    assert laptop.screen.outgoing.isVisible(), "what has to go stands before the results of the morning"
    hand_over(laptop, job.stick)
    assert "读回核对无误" in laptop.screen.banner.text()


def see_what_is_left(laptop: Person) -> None:
    """今日 has no visit any more, only the order; Enter leads to it."""
    laptop.go("today")
    laptop.key(ENTER)
    assert laptop.shell.current_key() == "enforcement"
    assert laptop.screen.title() == FACTORY


# The office counts.


def receive_the_visit(job: Job) -> None:
    office = job.office
    office.go("inbox")
    office.files.lay_out(job.stick)
    office.step("i")
    assert "1 个全部收入" in office.screen.context()


def approve_the_visit(office: Person) -> None:
    review = office.go("review")
    assert review.title() == FACTORY
    assert "拒绝签名" in review.summary.text()
    office.step(ENTER)
    assert "没有待审核的检查" in review.empty.heading.text()


def see_the_order(office: Person) -> None:
    screen = office.go("enforcement")
    assert screen.title() == FACTORY
    assert any(ORDER_NUMBER in card.accessibleName() for card in screen.papers.cards)


EXPECTED: Final = {
    "officers": ("出动监管执法人员", "2"),
    "certified": ("获证企业", "1"),
    "inspected": ("检查企业", "1"),
    "producing": ("正常生产企业", "1"),
    "nonconforming": ("发现不符合认证要求企业", "1"),
    "ordered_enterprises": ("责令改正企业", "1"),
}


def read_the_number(office: Person) -> None:
    """The arrows lead to each number; below it stands the visit that made it."""
    screen = office.go("tables")
    keys = [column.key for column in screen.table.columns]
    office.key(DOWN)
    office.key(DOWN)
    for place, key in enumerate(keys):
        office.wait()
        assert screen.grid.current_keys() == ("fire", key)
        if key in EXPECTED:
            name, value = EXPECTED[key]
            assert screen.below.records.heading.text().startswith(f"2. 消防产品 · {name} = {value} ")
            assert screen.below.records.records.rows.row_at(0).subject_name == FACTORY
        if place < len(keys) - 1:
            office.key(RIGHT)


def export_the_table(job: Job) -> None:
    office = job.office
    office.files.lay_out(job.stick)
    office.step("e")
    keys = [column.key for column in office.screen.table.columns]
    sheet = openpyxl.load_workbook(job.only("*.xlsx")).active
    [row] = [row for row in sheet.iter_rows(values_only=True) if "2. 消防产品" in row]
    numbers = dict(zip(keys, row[row.index("2. 消防产品") + 1 :], strict=False))
    assert {key: numbers[key] for key in EXPECTED} == {
        key: int(value) for key, (_, value) in EXPECTED.items()
    }
