"""名录 by keys: files in, problems with their cells, search, dossiers, export."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from app.services import registering
from app.services.workplace import Workplace
from app.ui.chooser import Chooser
from app.ui.jobs import Jobs
from app.ui.registry.dossier import blocks
from app.ui.registry.screen import RegistryScreen
from app.ui.screens import Desk
from app.ui.theme import Theme
from app.ui.widgets import FormDialog
from app.vocabulary import CertificateStatus, Scheme

WRONG = "91000000FUR788X18R"
HEAD = ("认证项目", "证书编号", "证书状态", "发证日期", "证书到期日期", "获证组织名称", "统一社会信用代码",
        "组织地址", "发证机构名称")  # fmt: skip
ROWS = (
    ("有机产品认证", "001OP2600001", "有效", "2026-01-05", "2027-01-04", "宜春恒𬭎有机茶业有限公司",
     WRONG, "江西省宜春市万载县工业园 1 号", "中衡认证中心有限公司"),
    ("有机产品认证", "001OP2600002", "暂停", "2026-02-05", "2027-02-04", "宜春瑞泰生态农业有限公司",
     "", "江西省宜春市丰城市大道 2 号", "中衡认证中心有限公司"),
    ("质量管理体系认证", "00126Q00003R0M", "有效", "2026-03-05", "2029-03-04", "宜春达永物流有限公司",
     "", "江西省宜春市袁州区路 3 号", "华测联认证技术有限公司"),
    ("质量管理体系认证", "", "有效", "2026-03-05", "2029-03-04", "宜春无号电子有限公司",
     "", "江西省宜春市袁州区路 4 号", "华测联认证技术有限公司"),
)  # fmt: skip


class Asked(Chooser):
    """Gives the files of a list that tests fill, and one file to write."""

    def __init__(self, given: list[Path], out: Path) -> None:
        super().__init__()
        self.given, self.out = given, out

    def files(self, *_: object) -> Sequence[Path]:
        return self.given

    def target(self, *_: object) -> Path | None:
        return self.out


def query_list(path: Path, rows: Sequence[Sequence[str]] = ROWS) -> Path:
    """A list as the public certificate query shows it."""
    book = openpyxl.Workbook()
    book.active.append(["序号", *HEAD])
    for number, row in enumerate(rows, 1):
        book.active.append([number, *row])
    book.save(path)
    return path


@pytest.fixture
def files() -> list[Path]:
    """What the file dialog gives next."""
    return []


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "名录.xlsx"


@pytest.fixture
def screen(office: Workplace, jobs: Jobs, files: list[Path], out: Path, show, qapp, qtbot) -> RegistryScreen:
    desk = Desk(office, jobs, Theme.install(qapp))
    made = RegistryScreen(desk, Asked(files, out))
    made.changed.connect(made.refresh)
    made.resize(1166, 646)
    show(made)
    made.refresh(None)
    qtbot.waitUntil(lambda: made._holdings is not None and not jobs.is_busy())
    return made


@pytest.fixture
def idle(jobs: Jobs, qtbot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not jobs.is_busy())


@pytest.fixture
def filled(screen: RegistryScreen, files: list[Path], tmp_path: Path, qtbot, idle) -> RegistryScreen:
    files.append(query_list(tmp_path / "查询.xlsx"))
    with qtbot.waitSignal(screen.importer.finished):
        press(screen, "import")
    idle()
    return screen


def press(screen: RegistryScreen, name: str) -> None:
    next(action for action in screen.screen_actions() if action.name == name).trigger()


def test_an_empty_registry_tells_the_next_step(screen: RegistryScreen, files, tmp_path: Path, qtbot):
    assert screen.empty.isVisible()
    assert screen.empty.heading.text() == "名录还是空的"
    files.append(query_list(tmp_path / "查询.xlsx"))
    with qtbot.waitSignal(screen.importer.finished):
        qtbot.mouseClick(screen.empty.button, Qt.MouseButton.LeftButton)


def test_an_import_says_what_it_took_and_what_not(filled: RegistryScreen):
    assert filled.outcome.isVisible()
    lines = filled.outcome.lines()
    assert {(line.file, line.row, line.column) for line in lines} >= {("查询.xlsx", 2, "H")}
    assert any(not line.taken and line.row == 5 for line in lines)
    assert all(line.message and line.remedy for line in lines)
    assert "企业 4" in filled.context()


def test_esc_leads_back_to_the_list(filled: RegistryScreen, qtbot):
    qtbot.keyClick(filled.outcome, Qt.Key.Key_Escape)
    assert filled.table.isVisible()
    assert filled.table.hasFocus()
    assert len(filled.table.rows.ids()) == 4
    assert filled.count.text() == "共 4 家"


def test_a_file_that_is_no_registry_is_said_and_the_rest_is_taken(screen, files, tmp_path: Path, qtbot, idle):
    (tmp_path / "别的.csv").write_text("天气,温度\n晴,20\n", "utf8")
    files += [tmp_path / "别的.csv", query_list(tmp_path / "查询.xlsx")]
    with qtbot.waitSignal(screen.importer.finished) as told:
        press(screen, "import")
    assert [outcome.chips[0][1] for outcome in told.args[0]] == ["bad", "good"]
    idle()


def test_dropped_files_are_taken(screen: RegistryScreen, tmp_path: Path, qtbot, idle):
    data = QMimeData()
    data.setUrls(
        [QUrl.fromLocalFile(str(query_list(tmp_path / "查询.xlsx"))), QUrl("https://example.invalid")]
    )
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
    with qtbot.waitSignal(screen.importer.finished):
        screen.dropEvent(event)
    idle()


def test_cancelling_takes_nothing(screen: RegistryScreen, files, tmp_path: Path, office, qtbot, idle):
    files += [query_list(tmp_path / "一.xlsx"), query_list(tmp_path / "二.xlsx")]
    screen.importer.begun.connect(lambda _text, ticket: ticket.cancel())
    with qtbot.waitSignal(screen.importer.finished) as told:
        press(screen, "import")
    # The first file may be through before the wish is heard; a wish that is heard rolls all of it back.
    assert told.args[0]
    assert not screen.working.isVisible()
    assert registering.registry_counts(office).organizations in {0, 4}
    idle()


@pytest.mark.parametrize(
    "typed,names",
    [
        ("茶业", ["宜春恒𬭎有机茶业有限公司"]),
        ("788X18", ["宜春恒𬭎有机茶业有限公司"]),
        ("丰城", ["宜春瑞泰生态农业有限公司"]),
        ("OP2600002", ["宜春瑞泰生态农业有限公司"]),
        ("ycdy", ["宜春达永物流有限公司"]),
        ("没有这家", []),
    ],
)
def test_any_part_of_what_is_known_finds_it(
    filled: RegistryScreen, qtbot, idle, typed: str, names: list[str]
):
    filled.outcome.closed.emit()
    filled.search.insert(typed)
    qtbot.keyClick(filled.search, Qt.Key.Key_Return)
    idle()
    qtbot.waitUntil(lambda: len(filled.table.rows.ids()) == len(names))
    assert [filled.table.rows.index(line, 0).data() for line in range(len(names))] == names
    assert filled.empty.isVisible() is (not names)


def test_filters_narrow_and_say_how_much_there_is(filled: RegistryScreen, qtbot, idle):
    filled.outcome.closed.emit()
    filled.scheme.setCurrentIndex(filled.scheme.findData(str(Scheme.ORGANIC)))
    filled.scheme.chosen.emit(str(Scheme.ORGANIC))
    idle()
    assert len(filled.table.rows.ids()) == 2
    assert filled.scheme.currentText().endswith("2 张")
    filled.status.setCurrentIndex(filled.status.findData(str(CertificateStatus.SUSPENDED)))
    filled.status.chosen.emit(str(CertificateStatus.SUSPENDED))
    idle()
    assert [filled.table.rows.index(0, 0).data()] == ["宜春瑞泰生态农业有限公司"]
    assert [filled.region.itemText(line) for line in range(1, filled.region.count())]


def test_the_dossier_tells_where_values_come_from(filled: RegistryScreen, idle, qtbot):
    filled.outcome.closed.emit()
    filled.open_with(query="茶业")
    qtbot.waitUntil(lambda: len(filled.table.rows.ids()) == 1)
    qtbot.waitUntil(lambda: bool(filled.dossier.text()))
    said = filled.dossier.text()
    assert "001OP2600001" in said
    assert "查询.xlsx 第 2 行" in said
    assert "有效期至 2027-01-04" in said
    assert "未建档" in said


def test_former_values_stand_with_their_file_and_date(
    filled, files, office, tmp_path: Path, qtbot, idle, clock
):
    clock.move(days=2)
    newer = [tuple("注销" if cell == "有效" else cell for cell in row) for row in ROWS[:1]]
    files[:] = [query_list(tmp_path / "新查询.xlsx", newer)]
    with qtbot.waitSignal(filled.importer.finished):
        press(filled, "import")
    idle()
    (key,) = registering.organization_ids(office, query="茶业")
    said = blocks(registering.organization_detail(office, key), date(2026, 8, 14))
    history = next(block for block in said if block.heading.startswith("变更记录"))
    texts = [str(part[1]) for part in history.parts]
    assert any("状态：有效 → 注销" in text for text in texts)
    assert any("查询.xlsx 第 2 行" in text and "新查询.xlsx" in text for text in texts)


def test_dossiers_are_opened_for_what_is_listed(filled: RegistryScreen, office, qtbot, idle):
    filled.outcome.closed.emit()
    filled.open_with(query="茶业")
    qtbot.waitUntil(lambda: len(filled.table.rows.ids()) == 1)
    press(filled, "dossiers")
    dialog = filled.dossier_dialog
    assert dialog is not None
    with qtbot.waitSignal(filled.notice_given) as told:
        qtbot.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    assert told.args == ["已为 1 家建档"]
    idle()
    details = [registering.organization_detail(office, key) for key in registering.organization_ids(office)]
    assert sorted(str(each.dossier_on) for each in details) == ["2026-08-12", "None", "None", "None"]
    qtbot.waitUntil(lambda: not filled.findChildren(FormDialog))  # a form that was stored does not pile up


def test_the_registry_is_exported(filled: RegistryScreen, out: Path, qtbot):
    with qtbot.waitSignal(filled.notice_given) as told:
        press(filled, "export")
    assert str(out) in told.args[0]
    assert openpyxl.load_workbook(out).active.max_row == 5


def test_people_come_in_too(screen: RegistryScreen, files, tmp_path: Path, office, qtbot, idle):
    path = tmp_path / "人员.csv"
    with path.open("w", encoding="utf8", newline="") as target:
        csv.writer(target).writerows(
            [("姓名", "执法证号", "所在单位"), ("易晓燕", "赣C36090002", "袁州区局")]
        )
    files.append(path)
    with qtbot.waitSignal(screen.importer.finished):
        press(screen, "import_people")
    idle()
    assert "易晓燕" in [row.name for row in registering.people_rows(office)]


def test_another_screen_may_ask_for_an_organization(filled: RegistryScreen, office, qtbot, idle):
    (key,) = registering.organization_ids(office, query="物流")
    filled.open_with(organization_id=key)
    qtbot.waitUntil(lambda: filled.table.current_id() == key)
    assert filled.table.isVisible()
