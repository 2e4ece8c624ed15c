"""Repeated sections and several values by keys and clicks, in a real window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.checklists.loader import checklist_bytes
from app.services import evidence, inspecting, questions
from app.ui.visit.groups import GroupCard, InstanceCard
from app.ui.visit.lines import CLOSING, GROUP, INSTANCE
from app.vocabulary import InspectionStatus, ProductClass, ProductionStatus, SignatureState, Verdict
from tests.checklists.trial import trial
from tests.services.conftest import stroke

YES = Verdict.CONFORMING
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def visit(scene):
    """The scene's visit by a checklist that repeats a section for each certificate."""
    folder = scene.place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "trial@2026-8.json").write_bytes(checklist_bytes(trial()))
    scene.open_visit()
    return scene


def instances(visit) -> list[str]:
    return [each.instance.key for each in visit.sheet.sections if each.instance is not None]


def instance_card(visit, key: str) -> InstanceCard:
    visit.items.go(INSTANCE + key)
    card = visit.items.card(INSTANCE + key)
    assert isinstance(card, InstanceCard)
    return card


def test_the_certificate_of_the_registry_is_there_under_its_group(visit):
    [key] = instances(visit)
    keys = visit.items.keys()
    assert keys[1:5] == ("1.1", GROUP + "2", INSTANCE + key, f"2.1@{key}")
    visit.items.go(GROUP + "2")
    card = visit.items.card(GROUP + "2")
    assert isinstance(card, GroupCard)
    assert (card.title.text(), card.count.text()) == ("抽查的证书", "按证书逐份检查，已有 1 份")
    assert instance_card(visit, key).name.text() == "2024010708696171"
    assert visit.screen.workplace.sections.keys()[2] == f"2@{key}"


def test_a_adds_one_and_enter_leads_through_its_fields(visit):
    visit.items.go(instances(visit)[0] and INSTANCE + instances(visit)[0])
    visit.press("A")
    assert len(instances(visit)) == 2
    card = instance_card(visit, instances(visit)[1])
    visit.items.edit_name(card.key)
    QTest.keyClicks(card.name, "second")
    visit.key(Qt.Key.Key_Return)
    assert card.values.rows[0].field.hasFocus()
    QTest.keyClicks(card.values.rows[0].field, "2023x")
    visit.key(Qt.Key.Key_Return)
    assert card.values.rows[1].field.hasFocus()
    QTest.keyClicks(card.values.rows[1].field, "2026-07-31")
    visit.key(Qt.Key.Key_Escape)
    assert visit.items.hasFocus()
    last = visit.sheet.sections[-1]
    assert last.title == "second"
    assert [row.value for row in last.instance.fields] == ["2023X", "2026-07-31", ""]


def test_a_value_of_the_wrong_kind_stays_with_its_reason(visit):
    [key] = instances(visit)
    card = instance_card(visit, key)
    field = card.values.row("expires_on").field
    field.setFocus()
    QTest.keyClicks(field, "soon")
    visit.key(Qt.Key.Key_Return)
    assert field.text() == "soon"
    assert "不是日期" in card.values.row("expires_on")._problem.text()
    assert visit.sheet.sections[1].instance.fields[1].value == ""


def test_an_instance_without_answers_goes_at_once_and_one_with_answers_when_asked_again(visit):
    visit.items.go(GROUP + "2")
    visit.press("A")
    first, second = instances(visit)
    instance_card(visit, second).remove.click()
    assert instances(visit) == [first]
    visit.items.go(f"2.1@{first}")
    visit.items.setFocus()
    visit.press("1")
    card = instance_card(visit, first)
    card.remove.click()
    assert instances(visit) == [first]
    assert card.remove.text() == "确认移除"
    assert "1 项判定" in card.warning.text()
    visit.items.go(GROUP + "2")
    assert instance_card(visit, first).remove.text() == "移除"
    instance_card(visit, first).remove.click()
    instance_card(visit, first).remove.click()
    assert instances(visit) == []
    assert visit.items.keys()[-2:] == (GROUP + "2", CLOSING)
    missing = visit.screen.workplace.missing
    visit.screen.finish()
    [line] = [n for n, text in enumerate(missing.texts()) if "抽查的证书" in text]
    missing.chosen.emit(missing.destinations()[line])
    assert visit.items.current() == GROUP + "2"


def test_answering_goes_on_to_the_next_question(visit):
    [key] = instances(visit)
    visit.items.go("1.1")
    visit.items.setFocus()
    visit.press("1")
    assert visit.items.current() == f"2.1@{key}"
    visit.press("1")
    assert visit.items.current() == CLOSING


def test_an_instance_moves_up(visit):
    visit.items.go(GROUP + "2")
    visit.press("A")
    first, second = instances(visit)
    instance_card(visit, second).up.click()
    assert instances(visit) == [second, first]


def test_values_are_typed_one_after_the_other_and_hinted_at(visit):
    visit.items.go("1.1")
    visit.items.setFocus()
    visit.press("V")
    card = visit.items.card("1.1")
    for text in ("100", "120.5"):
        QTest.keyClicks(
            card.values.focus() and next(r for r in card.values.rows if r.field.hasFocus()).field, text
        )
        visit.key(Qt.Key.Key_Return)
    assert card.values.rows[2].field.hasFocus()
    visit.key(Qt.Key.Key_Return)
    assert visit.items.hasFocus()
    assert [each.value for each in visit.sheet.sections[0].items[0].measures] == ["100", "120.5", ""]
    assert "多出 20.5" in card.hint.text()
    assert card.hint.property("tone") == "attention"
    assert card.hint.text().endswith("倾向不符合")
    visit.press("1")
    visit.items.go("1.1")
    assert "与判定不一致" in visit.items.card("1.1").hint.text()


def test_today_and_now_are_one_click(visit):
    visit.items.go("1.1")
    row = visit.items.card("1.1").values.row("seen_on")
    row._now.click()
    assert visit.sheet.sections[0].items[0].measures[2].value == "2026-08-12"
    assert not visit.items.card("1.1").values.row("seen_on")._now.isVisible()


def test_doubts_are_shown_once_before_the_end(visit):
    place, where = visit.place, {"inspection_id": visit.sheet.header.id}
    [key] = instances(visit)
    for measure, value in (("produced", "10"), ("sold", "12")):
        inspecting.set_value(place, **where, item="1.1", value=value, measure=measure)
    inspecting.set_value(place, **where, item=f"2.1@{key}", value="2026-06-01")
    for item in ("1.1", f"2.1@{key}"):
        inspecting.answer(place, **where, item=item, verdict=YES)
    inspecting.set_header(
        place, **where, production_status=ProductionStatus.NORMAL, product_class=ProductClass.ELECTRICAL,
        situation="看了", opinion="无",
    )  # fmt: skip
    for credential, name in visit.sheet.officers:
        evidence.sign(place, **where, party=f"officer:{credential}", name=name, image=stroke())
    evidence.refuse(
        place, **where, party="party", name="", state=SignatureState.ABSENT, reason="外出", witness=""
    )
    visit.screen.refresh(None)
    visit.items.setFocus()
    visit.key(Qt.Key.Key_Return, CONTROL)
    panel = visit.screen.workplace.missing
    assert panel.isVisible()
    [text] = [line for line in panel.texts() if "再核对" in line and "·" in line]
    assert "1.1 · 判定与核算提示不一致" in text
    assert visit.sheet.header.status is InspectionStatus.IN_PROGRESS
    visit.key(Qt.Key.Key_Return, CONTROL)
    assert visit.sheet.header.status is InspectionStatus.FINALISED
    visit.items.go(CLOSING)
    assert visit.screen.workplace.closing.result.text() == "按清单规则：符合"
