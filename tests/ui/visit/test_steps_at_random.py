"""Any steps in any order: each one taken back gives the visit that stood before it, each taken again the one after."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from app.checklists.loader import checklist_bytes
from app.services import questions, sheets
from app.ui.visit.lines import BASICS, CLOSING, GROUP, INSTANCE
from tests.checklists.trial import trial
from tests.ui.ledger import Path, contents
from tests.ui.visit.conftest import Scene
from tests.ui.visit.test_stepping import redo, undo, write_note

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key
WORDS = ("abc", "yard 3", "2026-08-30", "12", "x")
STEPS = 40


class Somebody:
    """Takes a step at a visit by chance, each by keys."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self._scene, self.chance = scene, random.Random(seed)

    def step(self) -> None:
        """One of them."""
        ways: list[Callable[[], None]] = [
            self._answer, self._answer, self._answer, self._note, self._place, self._situation,
            self._value, self._add, self._rename, self._remove,
        ]  # fmt: skip
        self.chance.choice(ways)()
        self._scene.items.setFocus()
        assert self._scene.screen.workplace.flush()

    def visit(self) -> list[tuple[Path, str]]:
        """Everything that people enter into the visit, in its order, as the store has it."""
        place, visit = self._scene.place, self._scene.screen.work.inspection_id
        return list(contents(sheets.sheet(place, inspection_id=visit)).items())

    def _item(self) -> str:
        return self.chance.choice([row.id for part in self._scene.sheet.sections for row in part.items])

    def _instance(self) -> str:
        found = [part.instance.key for part in self._scene.sheet.sections if part.instance is not None]
        return self.chance.choice([*found, ""])

    def _answer(self) -> None:
        self._scene.items.go(self._item())
        self._scene.items.setFocus()
        self._scene.press(self.chance.choice("1234"))

    def _note(self) -> None:
        write_note(self._scene, self._item(), self.chance.choice(WORDS))

    def _place(self) -> None:
        self._scene.items.go(BASICS)
        self._scene.screen.workplace.basics.focus_field("place")
        self._write()

    def _situation(self) -> None:
        self._scene.items.go(CLOSING)
        self._scene.screen.workplace.closing.focus_field("situation")
        self._write()

    def _value(self) -> None:
        self._scene.items.edit_value(self._item())
        if not self._scene.items.hasFocus():
            self._write()

    def _add(self) -> None:
        self._scene.items.go(GROUP + "2")
        self._scene.items.setFocus()
        self._scene.press("a")

    def _rename(self) -> None:
        if key := self._instance():
            self._scene.items.edit_name(INSTANCE + key)
            self._write()

    def _remove(self) -> None:
        if key := self._instance():
            for _ in range(2):  # the second time where something hangs on it
                self._scene.items.remove_instance(key)

    def _write(self) -> None:
        self._scene.press("a", CONTROL)
        self._scene.press(self.chance.choice(WORDS))
        self._scene.key(KEY.Key_Return)


@pytest.mark.parametrize("seed", [1, 2])
def test_each_step_back_is_the_visit_before_and_each_step_again_the_one_after(scene: Scene, seed: int):
    folder = scene.place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "trial@2026-8.json").write_bytes(checklist_bytes(trial()))
    scene.back()
    scene.open_visit()
    somebody = Somebody(scene, seed)
    stood, at, back = [somebody.visit()], 0, 0
    for _ in range(STEPS):
        if somebody.chance.random() < 0.7:
            steps = scene.screen.work.steps
            last = steps.last()
            somebody.step()
            if steps.last() is not last:
                stood[at + 1 :] = [somebody.visit()]
                at += 1
            continue
        many = somebody.chance.randrange(1, 6)
        for way, limit, by in ((undo, 0, -1), (redo, len(stood) - 1, 1)):
            for _ in range(many):
                if at != limit:
                    way(scene)
                    at, back = at + by, back + 1
                    assert somebody.visit() == stood[at], f"seed {seed}"
            many = somebody.chance.randrange(0, many + 1)
    assert back > STEPS // 3
