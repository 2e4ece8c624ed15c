"""Signing a paper page by page with the pen: each page is seen, signed and stored; changed pages ask again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from app.models.papers import PageSignature
from app.services import issuing, papers
from app.services.page_signing import pages_to_sign
from app.services.workplace import Workplace
from app.ui.jobs import Jobs
from app.ui.paper.page_signing import PageSigningDialog
from app.ui.paper.screen import PrintingScreen
from app.vocabulary import SignatureState
from tests.services.conftest import Visit
from tests.services.test_page_signing import FILLED, LONG
from tests.ui.desks import CTRL, Answers, desk_of, found_visit, shell_of

OFFICERS = ("officer:赣C36090001", "officer:赣C36090002")


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    return found_visit(laptop)


@pytest.fixture
def paper(visit: Visit) -> str:
    """A 现场笔录 of two pages, filled in."""
    where = {"inspection_id": visit.id}
    key = papers.begin(visit.place, form="on-site-record", **where).key
    where["paper"] = key
    papers.set_field(visit.place, name="situation", value=LONG, **where)
    papers.set_field(visit.place, name="party_state", value="signed", **where)
    for entry in papers.paper_sheet(visit.place, **where).missing.values():
        answer = FILLED.get(entry.kind, "已看清，不申请回避")
        papers.set_field(visit.place, name=entry.id, value=answer, **where)
    return key


@pytest.fixture
def screen(visit: Visit, paper: str, qapp, show, tmp_path: Path) -> Iterator[PrintingScreen]:
    jobs = Jobs()
    desk = desk_of(visit.place, jobs)
    shell = show(shell_of("printing", lambda: PrintingScreen(desk, Answers(tmp_path))))
    found = shell.current()
    assert isinstance(found, PrintingScreen)
    found.open_with(inspection_id=visit.id, form="on-site-record")
    yield found
    jobs.shutdown()


def press(qtbot, screen: PrintingScreen) -> None:
    """Ctrl+T in the window, once the paper is shown."""
    window = screen.window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: screen.printed is not None)
    QTest.keyClick(window, Qt.Key.Key_T, CTRL)


def close(qtbot, screen: PrintingScreen, dialog: PageSigningDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: screen.findChild(PageSigningDialog) is None)


def opened(qtbot, screen: PrintingScreen) -> PageSigningDialog:
    """The dialog, by its key."""
    press(qtbot, screen)
    dialog = screen.findChild(PageSigningDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.pages is not None)
    qtbot.waitUntil(lambda: dialog.view.page_count() == 1)
    return dialog


def draw(dialog: PageSigningDialog) -> None:
    pad = dialog.pane.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    for step in range(1, 6):
        QTest.mouseMove(pad, QPoint(40 + 12 * step, 40 + 6 * (step % 2)))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(110, 50))


def stored(visit: Visit) -> set[tuple[str, SignatureState]]:
    with visit.place.read() as session:
        return {(row.key.partition(".")[2], row.state) for row in session.scalars(select(PageSignature))}


def sign_here(qtbot, dialog: PageSigningDialog, visit: Visit) -> None:
    """Draw, store by the key, and wait until the next page or person is there."""
    before = len(stored(visit))
    former = dialog.pages
    draw(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: len(stored(visit)) == before + 1)
    qtbot.waitUntil(lambda: dialog.pages is not former)


def test_the_dialog_stays_within_a_small_window(qtbot, screen):
    window = screen.window()
    window.resize(1092, 614)
    dialog = opened(qtbot, screen)
    assert dialog.height() < window.height()
    assert dialog.width() < window.width()
    close(qtbot, screen, dialog)


def test_everybody_signs_each_page_and_the_paper_carries_it(qtbot, screen, visit, paper):
    dialog = opened(qtbot, screen)
    seen = []
    for _ in range(6):
        seen.append((dialog.signer().party, dialog.page))
        assert f"第 {dialog.page} 页，共 2 页" in dialog.heading.text()
        if not dialog.pane.name.text():
            dialog.pane.name.setText("王伟")
        if len(seen) < 6:
            sign_here(qtbot, dialog, visit)
    draw(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    # One person has the pen for all pages, then the next.
    assert seen == [(party, page) for party in (*OFFICERS, "party") for page in (1, 2)]
    qtbot.waitUntil(lambda: screen.findChild(PageSigningDialog) is None)
    assert stored(visit) == {(f"{page}.{party}", SignatureState.SIGNED) for party, page in seen}
    done = issuing.print_form(visit.place, form="on-site-record", inspection_id=visit.id, paper=paper)
    document = pypdfium2.PdfDocument(done.pdf)
    drawn = [sum(each.type == 3 for each in page.get_objects()) for page in document]
    document.close()
    assert drawn == [3, 3], "three drawn signatures on each page"


def test_a_refusal_of_one_page_is_noted_with_reason_and_witness(qtbot, screen, visit, paper):
    dialog = opened(qtbot, screen)
    dialog.list.setFocus()
    for _ in range(2):
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.signer().party == "party"
    QTest.keyClick(dialog, Qt.Key.Key_PageDown)
    assert dialog.page == 2
    refused = next(each for each in dialog.pane._states.buttons() if each.objectName() == "state_refused")
    QTest.mouseClick(refused, Qt.MouseButton.LeftButton)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert "写明拒签" in dialog.pane.banner.text()
    dialog.pane.reason.setText("不认可数量")
    dialog.pane.witness.setText("李娜")
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: stored(visit) == {("2.party", SignatureState.REFUSED)})
    told = pages_to_sign(visit.place, inspection_id=visit.id, paper=paper).of(2, "party")
    assert (told.reason, told.witness) == ("不认可数量", "李娜")
    qtbot.waitUntil(lambda: (dialog.page, dialog.signer().party) == (1, "party"))
    close(qtbot, screen, dialog)


def test_an_empty_pad_stores_nothing_and_a_missing_entry_leads_to_it(qtbot, screen, visit, paper):
    dialog = opened(qtbot, screen)
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert "还没有签名" in dialog.pane.banner.text()
    assert stored(visit) == set()
    close(qtbot, screen, dialog)
    papers.set_field(visit.place, inspection_id=visit.id, paper=paper, name="attendance", value="")
    press(qtbot, screen)
    qtbot.waitUntil(screen.filling.isVisible)
    assert "通知到场情况" in screen.filling.lacking.text()


def test_a_page_that_changed_asks_for_the_signature_again(qtbot, screen, visit, paper):
    dialog = opened(qtbot, screen)
    sign_here(qtbot, dialog, visit)
    close(qtbot, screen, dialog)
    changed = LONG.replace("1. 抽查", "1. 复查", 1)
    papers.set_field(visit.place, inspection_id=visit.id, paper=paper, name="situation", value=changed)
    again = opened(qtbot, screen)
    assert again.page == 1
    assert "签名后本页有改动" in again.list.item(0).text()
    close(qtbot, screen, again)
