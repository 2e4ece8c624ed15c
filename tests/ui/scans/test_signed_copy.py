"""打印 says whether the signed copy of what it shows is there, and leads to it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.services import issuing, scan_rows
from app.services.scanning import import_scans
from app.ui.paper.screen import PrintingScreen
from app.ui.scans import lines
from tests.forms.papers_seen import Scanner
from tests.ui.desks import CTRL, Answers, desk_of, found_visit, shell_of


def test_the_screen_of_papers_tells_of_the_signed_copy_and_opens_it(laptop, jobs, show, tmp_path, qtbot):
    visit = found_visit(laptop)
    make = lambda: PrintingScreen(desk_of(laptop, jobs), Answers(tmp_path))  # noqa: E731
    shell = show(shell_of("printing", make, "scans"))
    shell.open("printing", inspection_id=visit.id, form="inspection-record")
    screen = shell.current()
    qtbot.waitUntil(lambda: screen.printed is not None and not jobs.is_busy())
    assert screen.context().endswith("签字件未扫")
    assert "signed" not in [action.name for action in screen.screen_actions()]
    path = tmp_path / "a.jpg"
    path.write_bytes(Scanner(150).jpeg(screen.printed.pdf))
    shell.broadcast(import_scans(laptop, paths=[path]).changes)
    qtbot.waitUntil(lambda: screen.context().endswith("签字件已存") and not jobs.is_busy())
    qtbot.keyClick(shell, Qt.Key.Key_G, CTRL)
    about = {"inspection_id": visit.id, "form": "inspection-record", "copy_key": ""}
    assert shell.current().asked == about


def test_what_lacks_is_said_in_few_words(laptop, tmp_path):
    visit = found_visit(laptop)
    pdf = issuing.print_form(laptop, form="checklist", inspection_id=visit.id).pdf
    path = tmp_path / "a.jpg"
    path.write_bytes(Scanner(150).jpeg(pdf))
    import_scans(laptop, paths=[path])
    copy = scan_rows.signed_copy(laptop, inspection_id=visit.id, form="checklist")
    assert lines.copy_text(copy) == f"签字件缺第 2–{copy.pages} 页"
    assert lines.pages_text([2, 4, 5, 7, 8, 9]) == "2、4、5、7–9"
