"""What the tests of screens share: a shell on a real store, forms filled by keys, dialogs answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.services import inspecting
from app.services.workplace import Workplace
from app.ui.chooser import Chooser
from app.ui.jobs import Jobs
from app.ui.screen import Screen, ScreenSpec
from app.ui.screens import Desk
from app.ui.shell import Shell
from app.ui.steps import StepDialog
from app.ui.theme import current
from app.vocabulary import Verdict
from tests.services.conftest import DUTIES, Visit, add_target

CTRL = Qt.KeyboardModifier.ControlModifier
ENTER = Qt.Key.Key_Return


class Answers(Chooser):
    """Answers for the system's dialogs, set before they are asked."""

    def __init__(self, *paths: Path) -> None:
        super().__init__()
        self.paths: Sequence[Path] = paths

    def folder(self, *_: object) -> Path | None:
        return self.paths[0] if self.paths else None

    def file(self, *_: object) -> Path | None:
        return self.paths[0] if self.paths else None

    def files(self, *_: object) -> Sequence[Path]:
        return self.paths

    def target(self, _parent: QWidget, _title: str, name: str, _kind: str = "") -> Path | None:
        return self.paths[0] / name if self.paths else None


class Elsewhere(Screen):
    """Stands for a screen that others open; remembers what it was asked to show."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, object] = {}

    def title(self) -> str:
        return "别处"

    def open_with(self, **arguments: object) -> None:
        self.asked = arguments


def desk_of(place: Workplace, jobs: Jobs) -> Desk:
    return Desk(place, jobs, current())


def shell_of(key: str, make: Callable[[], Screen], *others: str) -> Shell:
    """A shell with one real screen and stand-ins for those it opens."""
    specs = [ScreenSpec(key, key, "info", make)]
    specs += [ScreenSpec(other, other, "info", Elsewhere) for other in others]
    return Shell("认证查验", ("单位", "姓名"), specs)


def dialog_of(qtbot) -> StepDialog:
    """The form that is open now."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), StepDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, StepDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def submit(qtbot, dialog: StepDialog) -> None:
    """Ctrl+Enter, and wait until the step is on the disk."""
    window = dialog.parentWidget().window()
    with qtbot.waitSignal(dialog.stored):
        qtbot.keyClick(dialog, ENTER, CTRL)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def found_visit(place: Workplace, item: str = "3.1") -> Visit:
    """A visit under way with one finding that asks for an order."""
    started = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place))
    inspecting.answer(place, inspection_id=started.id, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(place, inspection_id=started.id, item=item, note="实物与证书附件不一致。")
    return Visit(place, started.id)


def finished_visit(place: Workplace) -> Visit:
    """A visit that is finished and sealed."""
    started = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place))
    visit = Visit(place, started.id)
    visit.answer_all()
    visit.fill_header()
    visit.sign_all()
    inspecting.finish(place, inspection_id=visit.id)
    return visit
