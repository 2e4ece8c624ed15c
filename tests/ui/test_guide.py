"""F1: the guide at the page of the screen, its headings, its search, its pictures; every screen has a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.services.workplace import Workplace
from app.ui import guide as guide_module
from app.ui import guide_text
from app.ui.application import Session
from app.ui.guide import GuideText, GuideWindow
from app.ui.guide_text import guide, parsed
from app.ui.jobs import Jobs
from app.ui.screen import ScreenSpec
from app.ui.screens import inspector_screens, supervisor_screens
from app.ui.shell import Shell
from tests.conftest import PASSPHRASE
from tests.ui.desks import Elsewhere, desk_of
from tests.ui.test_application import enter, home, session  # noqa: F401 - fixtures

TEXT = """# 手册
前言，见 [打印](#打印)。

<!-- page: today, targets -->
## 今日
```
# 不是标题
<!-- page: nothing -->
```
<!-- page: handover@supervisor -->
## 下发
<!-- page: handover -->
## 交接
<!-- page: printing -->
### 打印
打印一份。再打印一份。
"""


def test_comments_name_the_page_of_a_screen_and_are_not_shown():
    made = parsed(TEXT)
    assert [(each.level, each.text) for each in made.headings] == [
        (1, "手册"), (2, "今日"), (2, "下发"), (2, "交接"), (3, "打印"),
    ]  # fmt: skip
    assert [made.page(key, "inspector") for key in ("today", "targets", "handover", "unknown")] == [
        1,
        1,
        3,
        0,
    ]
    assert made.page("handover", "supervisor") == 2
    assert "page: today" not in made.markdown
    assert made.linked("打印") == 4
    assert made.linked("没有") is None


def test_every_screen_of_both_roles_has_a_page(laptop: Workplace, qapp):
    shipped, jobs = guide(), Jobs()
    desk = desk_of(laptop, jobs)
    for role, specs in (("inspector", inspector_screens(desk)), ("supervisor", supervisor_screens(desk))):
        for spec in specs:
            assert shipped.page(spec.key, role) > 0, f"{role}: {spec.key}"
    jobs.shutdown()


def test_pictures_of_the_guide_are_there():
    folder = guide_text.folder()
    document = QTextDocument()
    document.setMarkdown(guide().markdown)
    block = document.begin()
    while block.isValid():
        for each in block.textFormats():
            if each.format.isImageFormat():
                assert (folder / each.format.toImageFormat().name()).is_file()
        block = block.next()


@pytest.fixture
def window(show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GuideWindow:
    """A small guide with a large picture."""
    QImage(3000, 40, QImage.Format.Format_RGB32).save(str(tmp_path / "大图.png"))
    long = "\n\n".join(f"第 {n} 段，占地方的文字。" for n in range(60))
    text = TEXT.replace("前言", f"![图](大图.png)\n\n{long}\n\n前言") + long
    monkeypatch.setattr(guide_module, "guide", lambda: parsed(text))
    monkeypatch.setattr(guide_module, "folder", lambda: tmp_path)
    shell = show(Shell("认证查验", ("局", "人"), [ScreenSpec("a", "a", "info", Elsewhere)]))
    made = GuideWindow("inspector", shell)
    made.resize(900, 500)
    return show(made)


def test_a_page_opens_at_its_heading(window: GuideWindow, qtbot):
    window.show_page("handover")
    assert window.current_heading() == "交接"
    at_top = window.text.cursorForPosition(QPoint(30, 24)).block().text()
    assert at_top == "交接"
    window.headings.setCurrentRow(0)
    assert window.text.verticalScrollBar().value() == 0


def test_a_link_inside_is_followed(window: GuideWindow, qtbot):
    window.text.anchorClicked.emit(QUrl("#打印"))
    assert window.current_heading() == "打印"


def test_words_are_found_marked_and_walked_through(window: GuideWindow, qtbot):
    window.activateWindow()
    QTest.keyClick(window.text, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.search
    window.search.setText("打印")
    window.search.searched.emit("打印")
    assert len(window.text.extraSelections()) == 4
    assert window.count.text() == "1/4"
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.count.text() == "2/4"
    QTest.keyClick(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert window.count.text() == "1/4"
    window.search.setText("找不到的")
    window.search.searched.emit("找不到的")
    assert window.count.text() == "没有找到"


def test_pictures_are_no_wider_than_the_text(window: GuideWindow):
    kind = QTextDocument.ResourceType.ImageResource.value
    image = window.text.loadResource(kind, QUrl("大图.png"))
    assert 0 < image.width() / image.devicePixelRatio() <= window.text.viewport().width()


def test_a_picture_is_read_when_it_comes_into_view_and_has_its_place_before(
    show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot
):
    QImage(3000, 1500, QImage.Format.Format_RGB32).save(str(tmp_path / "大图.png"))
    long = "\n\n".join(f"第 {n} 段，占地方的文字。" for n in range(60))
    monkeypatch.setattr(guide_module, "guide", lambda: parsed(f"# 手册\n\n{long}\n\n![图](大图.png)\n"))
    monkeypatch.setattr(guide_module, "folder", lambda: tmp_path)
    read: list[str] = []
    real = GuideText.loadResource

    def load(text: GuideText, kind: int, name: QUrl | str) -> object:
        read.append(QUrl(name).fileName())
        return real(text, kind, name)

    monkeypatch.setattr(GuideText, "loadResource", load)
    shell = show(Shell("认证查验", ("局", "人"), [ScreenSpec("a", "a", "info", Elsewhere)]))
    window = show(GuideWindow("inspector", shell))
    window.show_page("a")
    QApplication.processEvents()
    assert read == []
    height, bar = window.text.document().size().height(), window.text.verticalScrollBar()
    assert read == []
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: "大图.png" in read)
    assert window.text.document().size().height() == height


def test_f1_opens_the_page_of_the_screen_and_the_lock_hides_it(session: Session, qtbot):  # noqa: F811
    enter(qtbot, session.unlock, PASSPHRASE)
    qtbot.waitUntil(lambda: session.shell is not None and session.shell.isVisible())
    shell = session.shell
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    shell.open("handover")
    qtbot.keyClick(shell, Qt.Key.Key_F1)
    opened = session._guide
    assert opened is not None
    assert (opened.isVisible(), opened.current_heading()) == (True, "交接")
    opened.activateWindow()
    qtbot.waitUntil(opened.isActiveWindow)
    QTest.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()
    opened.show_page("today")
    session.lock()
    assert not opened.isVisible()
