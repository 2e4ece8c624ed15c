"""A visit as it is done: real keys and clicks on real widgets, every answer on the disk."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QRadioButton

from app.services import evidence, findings, sheets, visits
from app.ui.visit.fieldset import ChoiceField
from app.ui.visit.lines import BASICS, CLOSING
from app.vocabulary import Disposition, InspectionStatus, SignatureState, SubjectKind, Verdict
from tests.ui.hands import draw

CONTROL = Qt.KeyboardModifier.ControlModifier


def stored(scene):
    """The sheet as the store has it, not as the screen shows it."""
    return sheets.sheet(scene.place, inspection_id=scene.screen.work.inspection_id)


def verdict_of(scene, item):
    return next(row.verdict for section in stored(scene).sections for row in section.items if row.id == item)


def item_of(scene, item):
    return next(row for section in stored(scene).sections for row in section.items if row.id == item)


def choose(field: ChoiceField, word: str) -> None:
    """Choose a word of a combo box by keys."""
    field.setFocus()
    steps = field.findData(word) - field.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(field, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def test_a_whole_visit_from_the_start_to_the_seal(scene, picture):
    scene.shell.open("visit", assignment_id=scene.assignment)
    begin(scene)
    answer_everything(scene, picture)
    write_header(scene)
    sign_everyone(scene)
    assert scene.sheet.missing == ()
    scene.key(Qt.Key.Key_Return, CONTROL)
    (row,) = visits.inspection_rows(scene.place, (scene.screen.work.inspection_id,))
    assert (row.status, row.findings, row.photos) == (InspectionStatus.FINALISED, 1, row.photos)
    assert not scene.screen.work.editable
    scene.items.go("1.1")
    scene.press("2")
    assert verdict_of(scene, "1.1") is Verdict.CONFORMING


def begin(scene) -> None:
    dialog = scene.screen.start_dialog
    scene.qtbot.waitUntil(dialog.isActiveWindow)
    dialog.number.setText("袁市监检批〔2026〕31号")
    dialog.approver.setText("王振")
    for check in (dialog.shown, dialog.told):
        QTest.mouseClick(check, Qt.MouseButton.LeftButton, pos=QPoint(10, check.height() // 2))
    QTest.mouseClick(dialog.submit_button, Qt.MouseButton.LeftButton)
    scene.back()
    assert scene.items.current() == BASICS


def answer_everything(scene, picture) -> None:
    """符合 for all by keys, 不符合 for 2.1 with note and finding, photos where they are asked for."""
    scene.items.setFocus()
    scene.key(Qt.Key.Key_Down)
    while scene.items.current() != CLOSING:
        scene.press("2" if scene.items.current() == "2.1" else "1")
    scene.items.go("2.1")
    scene.press("n")
    scene.items.editor.insertPlainText("证书暂停期间仍在出厂")
    scene.key(Qt.Key.Key_Escape)
    scene.press("f")
    panel = scene.screen.workplace.finding
    assert panel.description.toPlainText() == "证书暂停期间仍在出厂"
    assert panel.against.word() == SubjectKind.ORGANIZATION
    choose(panel.disposition, Disposition.ADMONITION)
    choose(panel.against, SubjectKind.CERTIFICATION_BODY)
    scene.key(Qt.Key.Key_Escape)
    [finding] = stored(scene).findings
    assert (finding.disposition, finding.against) == (Disposition.ADMONITION, SubjectKind.CERTIFICATION_BODY)
    for row in [row for section in scene.sheet.sections for row in section.items if row.photos_required]:
        scene.items.go(row.id)
        scene.items.setFocus()
        scene.photos[:] = [picture(f"{row.id}-{number}.png") for number in range(row.photos_required)]
        scene.press("p")
        scene.settled()
    for row in [
        row for section in scene.sheet.sections for row in section.items if "measure_missing" in row.reasons
    ]:
        scene.items.go(row.id)
        scene.items.setFocus()
        scene.press("v90")
        scene.key(Qt.Key.Key_Return)
    assert not [
        (row.id, row.reasons, row.photos, row.photos_required)
        for section in stored(scene).sections
        for row in section.items
        if row.reasons
    ]


def write_header(scene) -> None:
    basics, closing = scene.screen.workplace.basics, scene.screen.workplace.closing
    scene.items.go(BASICS)
    choose(basics.fields.field("production_status"), "normal")
    choose(basics.fields.field("product_class"), "electrical")
    scene.items.go(CLOSING)
    for name, text in (("situation", "现场检查成品库"), ("opinion", "现场指导改正")):
        closing.fields.field(name).setFocus()
        closing.fields.field(name).insertPlainText(text)
        scene.key(Qt.Key.Key_Escape)
    assert {missing.code for missing in scene.sheet.missing} <= {
        "officer_signature", "party_signature", "unanswered",
    }  # fmt: skip
    # Conditions may ask new questions once the production status is known.
    for missing in scene.sheet.missing:
        if missing.item:
            scene.items.go(missing.item)
            scene.items.setFocus()
            scene.press("1")


def sign_everyone(scene) -> None:
    scene.key(Qt.Key.Key_G, CONTROL)
    dialog = scene.screen.signing
    scene.qtbot.waitUntil(dialog.isActiveWindow)
    for _ in range(2):
        draw(dialog.pad)
        QTest.mouseClick(dialog.button, Qt.MouseButton.LeftButton)
    assert dialog.party().key == "party"
    refused = dialog.findChild(QRadioButton, "state_refused")
    QTest.mouseClick(refused, Qt.MouseButton.LeftButton, pos=QPoint(10, refused.height() // 2))
    QTest.mouseClick(dialog.button, Qt.MouseButton.LeftButton)
    assert dialog.isVisible(), "a refusal without a reason is not stored"
    dialog.reason.setText("拒绝签名，已当场宣读")
    dialog.witness.setText("黎明")
    QTest.mouseClick(dialog.button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    scene.back()
    states = {row.party: row.state for row in stored(scene).signatures}
    assert states["party"] is SignatureState.REFUSED
    assert [state for party, state in states.items() if party != "party"] == [SignatureState.SIGNED] * 2


def test_an_answer_is_stored_before_its_mark_appears_and_moves_on(scene):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("1")
    assert verdict_of(scene, "1.1") is Verdict.CONFORMING
    assert scene.items.current() == "1.2"
    assert "已存 09:30:00" in scene.items.card("1.1").chips.texts()


def test_the_current_card_stays_at_its_height_of_the_window(scene):
    scene.open_visit()
    scene.items.go("3.1")
    heights = []
    for _ in range(6):
        card = scene.items.card(scene.items.current())
        heights.append(card.mapTo(scene.items, QPoint(0, 0)).y())
        scene.key(Qt.Key.Key_Down)
    assert len(set(heights)) == 1


def test_a_click_answers_without_moving_on(scene):
    scene.open_visit()
    scene.items.go("1.1")
    button = scene.items.card("1.2").answers.button("nonconforming")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert verdict_of(scene, "1.2") is Verdict.NONCONFORMING
    assert scene.items.current() == "1.2"
    assert scene.items.hasFocus()
    workplace = scene.screen.workplace
    assert workplace.beside.currentWidget() is workplace.finding
    scene.key(Qt.Key.Key_Down)
    assert workplace.beside.currentWidget() is workplace.aside


def test_an_item_that_must_be_checked_takes_no_not_applicable(scene):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("3")
    assert verdict_of(scene, "1.1") is None
    assert scene.items.current() == "1.1"
    assert "不能判为不适用" in scene.shell.status_line.findChild(QLabel, "status_left").text()


def test_undo_restores_the_answer_and_the_wording_of_its_finding(scene):
    visit = scene.open_visit()
    scene.items.go("1.2")
    scene.press("2")
    key = stored(scene).findings[0].key
    values = findings.FindingValues(description="型号不一致", disposition=Disposition.ADMONITION)
    findings.update_finding(scene.place, inspection_id=visit, key=key, values=values)
    scene.shell.broadcast(None)
    scene.items.go("1.2")
    scene.press("1")
    assert stored(scene).findings == ()
    scene.press("z", CONTROL)
    (finding,) = stored(scene).findings
    assert (finding.description, finding.disposition) == ("型号不一致", Disposition.ADMONITION)
    assert scene.items.current() == "1.2"
    scene.press("z", CONTROL)
    assert verdict_of(scene, "1.2") is None
    scene.press("z", CONTROL)
    assert verdict_of(scene, "1.2") is None


def test_a_note_survives_leaving_the_screen_and_locking(scene):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("n")
    scene.items.editor.insertPlainText("编号已核")
    assert scene.shell.leave()
    assert item_of(scene, "1.1").note == "编号已核"


def test_a_note_is_stored_when_the_typing_pauses_and_the_editor_stays(scene, qtbot):
    scene.open_visit()
    scene.items.go("1.1")
    scene.press("n")
    scene.items.editor.insertPlainText("抽查 3 个型号")
    qtbot.waitUntil(lambda: item_of(scene, "1.1").note == "抽查 3 个型号")
    assert scene.items.editor.hasFocus()
    scene.press("4")
    assert scene.items.editor.toPlainText() == "抽查 3 个型号4"
    scene.key(Qt.Key.Key_Return, CONTROL)
    assert item_of(scene, "1.1").note == "抽查 3 个型号4"
    assert scene.items.hasFocus()


def test_a_wrong_value_is_kept_with_its_reason(scene):
    scene.open_visit()
    row = next(row for section in scene.sheet.sections for row in section.items if row.measure)
    scene.items.go(row.id)
    scene.press("vx1")
    scene.key(Qt.Key.Key_Return)
    field = scene.items.card(row.id).values.rows[0].field
    assert (field.text(), field.property("wrong")) == ("x1", True)
    scene.press("1")
    scene.items.go(row.id)
    assert scene.items.card(row.id).values.rows[0].field.text() == "x1"
    assert item_of(scene, row.id).value == ""


def test_the_list_of_what_is_missing_leads_to_each_thing(scene):
    scene.open_visit()
    scene.items.go("1.2")
    scene.press("2")
    scene.key(Qt.Key.Key_Return, CONTROL)
    workplace = scene.screen.workplace
    assert workplace.beside.currentWidget() is workplace.missing
    assert "1.2 · 须写备注说明" in workplace.missing.texts()
    line = workplace.missing.texts().index("1.2 · 须写备注说明")
    workplace.missing.list.setCurrentRow(line)
    scene.key(Qt.Key.Key_Return)
    assert (scene.items.current(), scene.items.editor.hasFocus()) == ("1.2", True)
    scene.items.editor.insertPlainText("不一致")
    scene.key(Qt.Key.Key_Escape)
    assert "1.2 · 须写备注说明" not in workplace.missing.texts()
    item = workplace.missing.list.item(workplace.missing.texts().index("未选生产状态"))
    workplace.missing.list.itemClicked.emit(item)
    assert workplace.basics.fields.field("production_status").hasFocus()


def test_searching_shows_matching_items_and_esc_brings_all_back(scene):
    scene.open_visit()
    everything = scene.items.keys()
    scene.press("/")
    search = scene.screen.workplace.search
    search.setText("有效期")
    scene.key(Qt.Key.Key_Return)
    assert 0 < len(scene.items.keys()) < len(everything)
    found = scene.items.current()
    scene.key(Qt.Key.Key_Escape)
    assert scene.items.keys() == everything
    assert scene.items.current() == found


def test_a_broken_photo_is_refused_by_sentence_and_the_good_one_goes_in(scene, picture, tmp_path):
    visit = scene.open_visit()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    scene.items.go("1.1")
    scene.photos[:] = [picture("good.png"), broken]
    scene.press("p")
    scene.settled()
    (row,) = evidence.rows(scene.place, inspection_id=visit)
    assert (row.file_name, row.item) == ("good.png", "1.1")
    assert "broken.jpg" in scene.shell.banner.text()
    assert "照片 1" in scene.items.card("1.1").chips.texts()


def test_a_returned_visit_says_why_and_is_taken_up_again(scene):
    visit = scene.open_visit()
    return_visit(scene.place, visit)
    scene.shell.broadcast(None)
    assert "缺照片" in scene.screen.workplace.banner.text()
    scene.key(Qt.Key.Key_Return, CONTROL)
    assert stored(scene).header.status is InspectionStatus.IN_PROGRESS


def return_visit(place, visit: str) -> None:
    """What a package from the office would bring."""
    from app.models.inspection import Inspection

    with place.write("test.return") as work:
        row = work.session.get(Inspection, visit)
        row.status, row.review_remark = InspectionStatus.RETURNED, "缺照片"
        work.commit()


def test_the_list_of_visits_opens_one(scene):
    visit = scene.open_visit()
    scene.key(Qt.Key.Key_O, CONTROL)
    assert scene.screen.work.sheet is None
    assert scene.screen.visits.table.rows.ids() == (visit,)
    scene.key(Qt.Key.Key_Return)
    assert scene.screen.work.inspection_id == visit


def test_pictures_dropped_on_a_card_belong_to_its_item(scene, picture):
    visit = scene.open_visit()
    scene.items.go("1.1")
    card = scene.items.card("1.2")
    at = card.mapTo(scene.items.viewport(), QPoint(20, 20))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture("plate.png")))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(at, copy, data, left, none),
        QDragMoveEvent(at, copy, data, left, none),
        QDropEvent(QPointF(at), copy, data, left, none),
    ):
        QApplication.sendEvent(scene.items.viewport(), event)
    scene.settled()
    (row,) = evidence.rows(scene.place, inspection_id=visit)
    assert (row.item, row.file_name) == ("1.2", "plate.png")


def test_a_pasted_picture_goes_to_the_current_item(scene):
    visit = scene.open_visit()
    scene.items.go("1.1")
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QApplication.clipboard().setImage(image)
    scene.press("v", CONTROL)
    scene.settled()
    (row,) = evidence.rows(scene.place, inspection_id=visit)
    assert (row.item, row.media_type) == ("1.1", "image/png")


def test_wording_typed_into_a_finding_is_stored_before_its_answer_changes(scene):
    scene.open_visit()
    scene.items.go("1.2")
    scene.press("2")
    scene.items.go("1.2")
    scene.press("f")
    scene.screen.workplace.finding.description.insertPlainText("型号不一致")
    QTest.mouseClick(scene.items.card("1.2").answers.button("conforming"), Qt.MouseButton.LeftButton)
    assert stored(scene).findings == ()
    scene.items.setFocus()
    scene.press("z", CONTROL)
    assert [row.description for row in stored(scene).findings] == ["型号不一致"]


def test_typing_a_value_makes_its_card_the_current_one_and_scrolling_keeps_both(scene):
    scene.open_visit()
    row = next(row for section in scene.sheet.sections for row in section.items if row.measure)
    scene.items.go(row.id)
    scene.items.step(-1)
    field = scene.items.card(row.id).values.rows[0].field
    field.setFocus()
    assert scene.items.current() == row.id
    scene.press("7")
    scene.items.verticalScrollBar().setValue(scene.items.verticalScrollBar().maximum())
    scene.press("5")
    assert scene.shell.leave()
    assert item_of(scene, row.id).value == "75"
