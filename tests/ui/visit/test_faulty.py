"""A value that was refused stands in its field with the reason: over another visit, and over a kill."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.checklists.loader import checklist_bytes
from app.models.inspection import Inspection
from app.services import inspecting, questions, savepoints
from app.ui.visit.faulty import PREFIX
from app.ui.visit.lines import INSTANCE
from app.ui.visit.screen import VisitScreen
from app.vocabulary import InspectionStatus
from tests.checklists.trial import trial
from tests.services.conftest import DUTIES, add_target
from tests.ui.visit.conftest import Scene

KEY = Qt.Key


def kept(scene: Scene) -> dict[str, object]:
    return {
        key: text for each in savepoints.kept(scene.place, prefix=PREFIX) for key, text in each.value.items()
    }


@pytest.fixture
def measured(scene: Scene) -> str:
    """An item of the open visit that asks for a value, with one that is none."""
    scene.back()
    scene.open_visit()
    row = next(row for section in scene.sheet.sections for row in section.items if row.measure)
    scene.items.go(row.id)
    scene.press("vx1")
    scene.key(KEY.Key_Return)
    return row.id


def field_in(screen: VisitScreen, item: str) -> QLineEdit:
    screen.workplace.items.go(item)
    return screen.workplace.items.card(item).values.rows[0].field


def again(scene: Scene) -> VisitScreen:
    """The window of the next start, which knows nothing but the store."""
    other = VisitScreen(scene.desk)
    scene.qtbot.addWidget(other)
    other.resize(scene.shell.size())
    other.show()
    other.open_with(inspection_id=scene.sheet.header.id)
    return other


def test_the_next_window_has_it_with_its_reason_until_it_is_right(scene: Scene, measured: str):
    other = again(scene)
    field = field_in(other, measured)
    assert (field.text(), field.property("wrong")) == ("x1", True)
    assert "x1" in kept(scene).values()
    other.activateWindow()
    scene.qtbot.waitUntil(other.isActiveWindow)
    field.setFocus()
    scene.press("a", Qt.KeyboardModifier.ControlModifier)
    scene.press("15")
    scene.key(KEY.Key_Return)
    assert (field.text(), field.property("wrong")) == ("15", False)
    assert kept(scene) == {}


def test_a_field_of_an_instance_has_it_too(scene: Scene):
    folder = scene.place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "trial@2026-8.json").write_bytes(checklist_bytes(trial()))
    scene.back()
    scene.open_visit()
    [key] = [each.instance.key for each in scene.sheet.sections if each.instance is not None]
    scene.items.go(INSTANCE + key)
    scene.items.card(INSTANCE + key).values.row("expires_on").field.setFocus()
    scene.press("soon")
    scene.key(KEY.Key_Return)
    items = again(scene).workplace.items
    items.go(INSTANCE + key)
    row = items.card(INSTANCE + key).values.row("expires_on")
    assert row.field.text() == "soon"
    assert "不是日期" in row._problem.text()


def test_it_never_stands_in_the_field_of_another_visit(scene: Scene, measured: str):
    first = scene.sheet.header.id
    second = inspecting.start(scene.place, duties=DUTIES, assignment_id=add_target(scene.place)).id
    scene.shell.open("visit", inspection_id=second)
    field = field_in(scene.screen, measured)
    assert (field.text(), bool(field.property("wrong"))) == ("", False)
    scene.shell.open("visit", inspection_id=first)
    assert field_in(scene.screen, measured).text() == "x1"


def test_what_is_typed_on_is_not_taken_back_by_news(scene: Scene, measured: str):
    field = field_in(scene.screen, measured)
    field.setFocus()
    scene.key(KEY.Key_End)
    scene.press("2")
    scene.shell.broadcast(None)
    scene.press("3")
    assert field.text() == "x123"


def test_a_sealed_visit_shows_what_is_sealed(scene: Scene, measured: str):
    with scene.place.write("test.seal") as work:
        work.session.get_one(Inspection, scene.sheet.header.id).status = InspectionStatus.FINALISED
        work.commit()
    scene.shell.broadcast(None)
    assert field_in(scene.screen, measured).text() == ""
