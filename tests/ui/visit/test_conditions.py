"""The conditions of a visit in the window: M lists them, a digit or a click leads to each that is missing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.services import evidence, inspecting
from app.ui.visit.lines import BASICS, CLOSING
from app.ui.visit.missing import DIGITS
from app.vocabulary import InspectionStatus, ProductClass, ProductionStatus, SignatureState, Verdict
from tests.services.conftest import Visit, stroke

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(scene):
    """A visit just begun, its list of conditions open."""
    scene.back()
    scene.open_visit()
    scene.press("m")
    return scene


def panel(scene):
    return scene.screen.workplace.missing


def line_of(scene, text: str) -> int:
    [found] = [row for row, words in enumerate(panel(scene).texts()) if text in words]
    return found


def click(scene, text: str) -> None:
    """Click a line as a mouse does."""
    shown = panel(scene).list
    item = shown.item(line_of(scene, text))
    shown.scrollToItem(item)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=shown.visualItemRect(item).center())


def ready(scene) -> Visit:
    """Everything done but what a test takes away."""
    visit = Visit(scene.place, scene.sheet.header.id)
    visit.answer_all()
    inspecting.set_header(
        scene.place, inspection_id=visit.id, production_status=ProductionStatus.NORMAL,
        product_class=ProductClass.ELECTRICAL, situation="查看成品库。", opinion="无。",
    )  # fmt: skip
    for credential, name in scene.sheet.officers:
        evidence.sign(
            scene.place, inspection_id=visit.id, party=f"officer:{credential}", name=name, image=stroke()
        )
    scene.screen.refresh(None)
    return visit


def test_the_list_shows_what_holds_and_what_is_missing(opened):
    texts = panel(opened).texts()
    assert "检查人员两名以上，有执法证号 · 彭建华 赣C36090001、易晓燕 赣C36090002" in texts
    assert "已出示执法证件" in texts
    assert "检查审批 · 袁市监检批〔2026〕31号 王振" in texts
    assert "未填检查通知书号" in texts
    assert "未选生产状态" in texts
    assert "当事人未签名，也未注明拒签或不在现场" in texts
    assert texts.index("开始检查") < texts.index("完成检查"), "the notice of the beginning is still open"
    assert len(opened.sheet.missing) == int(panel(opened)._heading.text().split()[1])


def test_the_button_at_the_foot_says_how_many_and_opens_the_list(scene):
    scene.open_visit()
    button = scene.screen.workplace.sections.lacking
    assert button.text() == f"还缺 {len(scene.sheet.missing)} 项  M"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert scene.screen.workplace.beside.currentWidget() is panel(scene)
    assert panel(scene).list.hasFocus()


def test_a_digit_leads_to_the_missing_thing_of_its_number(opened):
    texts = [panel(opened).list.item(row).text() for row in range(panel(opened).list.count())]
    number = next(n for n, sign in enumerate(DIGITS, 1) if f"{sign} 未选生产状态" in texts)
    opened.press(str(number))
    assert opened.screen.workplace.basics.fields.field("production_status").hasFocus()


def test_a_digit_without_a_line_does_nothing(opened):
    visit = ready(opened)
    answers = {row.id: row.verdict for part in visit.sheet().sections for row in part.items}
    row = panel(opened).list.currentRow()
    opened.press("4")
    assert panel(opened).list.currentRow() == row
    assert opened.screen.workplace.beside.currentWidget() is panel(opened)
    assert answers == {row.id: row.verdict for part in visit.sheet().sections for row in part.items}


@pytest.mark.parametrize(
    "column, value, text",
    [
        ("credentials_shown", False, "未确认已出示执法证件"),
        ("rights_told", False, "未确认已告知权利义务"),
        ("approval_number", "", "未填检查审批编号"),
        ("approval_by", "", "未填检查审批人"),
        ("notice_number", "", "未填检查通知书号"),
    ],
)
def test_each_duty_of_the_beginning_is_one_click_away(opened, column, value, text):
    opened.screen.work.duties(**{column: value})
    click(opened, text)
    field = opened.screen.workplace.basics.fields.field(column)
    assert field.hasFocus()
    assert opened.items.current() == BASICS


@pytest.mark.parametrize(
    "text, field, card",
    [
        ("未选生产状态", "production_status", BASICS),
        ("未选主要产品大类", "product_class", BASICS),
        ("未填本次检查情况", "situation", CLOSING),
        ("未填处理意见", "opinion", CLOSING),
    ],
)
def test_each_field_of_the_end_is_one_click_away(opened, text, field, card):
    click(opened, text)
    assert opened.items.current() == card
    cards = {BASICS: opened.screen.workplace.basics, CLOSING: opened.screen.workplace.closing}
    assert cards[card].fields.field(field).hasFocus()


def test_a_line_that_holds_leads_to_where_it_is_seen(opened):
    click(opened, "检查审批 · ")
    assert opened.screen.workplace.basics.fields.field("approval_number").hasFocus()


def test_a_heading_leads_nowhere(opened):
    row = panel(opened).texts().index("完成检查")
    before = opened.items.current()
    panel(opened).list.itemClicked.emit(panel(opened).list.item(row))
    assert opened.items.current() == before
    assert opened.screen.workplace.beside.currentWidget() is panel(opened)


def test_a_missing_signature_opens_the_signing(opened):
    ready(opened)
    click(opened, "当事人未签名")
    assert opened.screen.signing.isVisible()
    assert opened.screen.signing.party().key == "party"
    opened.screen.signing.reject()


def test_a_refusal_without_a_witness_leads_to_the_witness(opened):
    visit = ready(opened)
    told = {"name": "易晓燕", "state": SignatureState.REFUSED, "reason": "拒绝", "witness": ""}
    evidence.refuse(opened.place, inspection_id=visit.id, party="party", **told)
    opened.screen.refresh(None)
    opened.press("m")
    click(opened, "没有见证人签名")
    assert opened.screen.signing.party().key == "witness"
    opened.screen.signing.reject()
    opened.back()
    opened.screen.finish()
    assert opened.sheet.header.status is InspectionStatus.FINALISED


def test_what_was_put_right_wears_its_tick_at_once(opened):
    inspecting.answer(
        opened.place, inspection_id=opened.sheet.header.id, item="1.1", verdict=Verdict.CONFORMING
    )
    opened.screen.refresh(None)
    before = int(panel(opened)._heading.text().split()[1])
    opened.screen.work.header("production_status", "normal")
    assert "未选生产状态" not in panel(opened).texts()
    assert int(panel(opened)._heading.text().split()[1]) == before - 1


def test_esc_puts_the_list_away(opened):
    opened.key(Qt.Key.Key_Escape)
    assert opened.screen.workplace.beside.currentWidget() is opened.screen.workplace.aside
    assert opened.items.hasFocus()


def test_a_sealed_visit_has_no_button_for_what_is_missing(opened):
    visit = ready(opened)
    evidence.sign(opened.place, inspection_id=visit.id, party="party", name="易晓燕", image=stroke())
    opened.screen.refresh(None)
    assert opened.screen.workplace.sections.lacking.text() == "条件都具备  M"
    opened.key(Qt.Key.Key_Return, CONTROL)
    assert opened.sheet.header.status is InspectionStatus.FINALISED
    assert not opened.screen.workplace.sections.lacking.isVisible()


def test_a_clock_that_went_back_is_said_and_asked_about_once(scene, clock):
    scene.open_visit()
    visit = ready(scene)
    evidence.sign(scene.place, inspection_id=visit.id, party="party", name="易晓燕", image=stroke())
    clock.move(hours=-2)
    scene.shell.open("visit", inspection_id=visit.id)
    banner = scene.screen.workplace.banner
    assert banner.isVisible()
    assert "设备时钟倒退：已存的记录到 08-12 09:30，现在显示 08-12 07:30" in banner.text()
    scene.items.go("1.1")
    scene.press("1")
    assert scene.sheet.sections[0].items[0].answered_at == clock(), "the work is stored all the same"
    scene.key(Qt.Key.Key_Return, CONTROL)
    assert scene.sheet.header.status is InspectionStatus.IN_PROGRESS
    assert any("时钟" in text for text in panel(scene).texts())
    scene.key(Qt.Key.Key_Return, CONTROL)
    assert scene.sheet.header.status is InspectionStatus.FINALISED
