"""停用 from the window: from which day on, and the records to look at afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.clock import local_date
from app.errors import Problem
from app.services import enrolment
from app.services.merging import Fate, Imported, RecordOutcome
from app.ui.handover import arrivals
from app.ui.handover.arrivals import Arrived, record_keys, record_lines
from app.ui.handover.devices import DOUBTFUL, DevicesScreen
from app.ui.handover.revoking import since_problem, since_text
from app.ui.widgets import CaptionLabel, DateField
from tests.services.parcels import VISIT, make_visit, receive, send
from tests.ui.desks import CTRL, ENTER, dialog_of


def device_row(office, laptop) -> enrolment.DeviceRow:
    return next(row for row in enrolment.device_rows(office) if row.device_id == laptop.device_id)


def revoke_since(room, laptop, day) -> None:
    """Ctrl+Delete on the laptop, the day it was lost, Ctrl+Enter."""
    room.screen.devices.table.choose(laptop.device_id)
    room.press(Qt.Key.Key_Delete)
    dialog = dialog_of(room.qtbot)
    dialog.findChild(DateField, "since").set_day(day)
    assert f"从 {day} 00:00 起" in dialog.findChild(CaptionLabel, "since_text").text()
    with room.qtbot.waitSignal(dialog.stored):
        room.qtbot.keyClick(dialog, ENTER, CTRL)
    room.settle()


def test_a_lost_laptop_is_revoked_from_the_day_it_was_lost(met, window, stick, clock) -> None:
    office, laptop = met
    lost = local_date(clock.moment)
    make_visit(laptop)
    receive(office, send(laptop, stick))
    clock.move(days=3)
    room = window(DevicesScreen, office)
    screen = room.screen
    assert not screen.tabs.isTabVisible(DOUBTFUL)
    revoke_since(room, laptop, lost)
    room.qtbot.waitUntil(lambda: screen.tabs.currentIndex() == DOUBTFUL)
    assert device_row(office, laptop).revoked_at < clock.moment
    assert "有 1 条记录要核对" in screen.banner.text()
    assert screen.tabs.tabText(DOUBTFUL) == "待核对 1"
    [key] = screen.doubtful.table.rows.ids()
    assert screen.doubtful.row(key).title == "宜春市𬭎业电缆厂"
    screen.doubtful.table.setFocus()
    screen.doubtful.table.choose(key)
    room.qtbot.keyClick(screen.doubtful.table, ENTER)
    assert room.shell.current_key() == "review"
    assert room.shell.current().asked == {"inspection_id": VISIT}
    # They are still listed when the window is opened anew.
    assert window(DevicesScreen, office).screen.tabs.tabText(DOUBTFUL) == "待核对 1"


def test_the_date_of_a_revoked_device_can_be_set_earlier(met, window, stick, clock) -> None:
    office, laptop = met
    lost = local_date(clock.moment)
    make_visit(laptop)
    receive(office, send(laptop, stick))
    clock.move(days=1)
    enrolment.revoke(office, device_id=laptop.device_id)
    room = window(DevicesScreen, office)
    room.screen.devices.table.choose(laptop.device_id)
    step = {each.name: each for each in room.screen.screen_actions()}["revoke"]
    assert (step.text, step.enabled) == ("改停用日期", True)
    revoke_since(room, laptop, lost)
    room.qtbot.waitUntil(lambda: room.screen.tabs.currentIndex() == DOUBTFUL)
    assert local_date(device_row(office, laptop).revoked_at) == lost


def test_only_days_that_make_sense_are_taken(met, clock) -> None:
    office, laptop = met
    today = local_date(clock.moment)
    row = device_row(office, laptop)
    tomorrow = today.replace(day=today.day + 1)
    assert since_problem(row, tomorrow, today) == "最迟是今天"
    assert since_problem(row, today, today) == ""
    assert "从现在起" in since_text(row, today, today)
    enrolment.revoke(office, device_id=laptop.device_id)
    revoked = device_row(office, laptop)
    clock.move(days=1)
    assert "只能改得更早" in since_problem(revoked, tomorrow, tomorrow)
    assert since_problem(revoked, today, tomorrow) == ""


@pytest.mark.parametrize("taken", [Fate.ACCEPTED, Fate.CONFLICT])
def test_a_record_of_which_a_part_was_refused_has_two_lines(taken: Fate) -> None:
    why = Problem("sync.revoked_signer", values={"revision": "a", "name": "彭建华"})
    both = (RecordOutcome("inspection", VISIT, taken), RecordOutcome("inspection", VISIT, Fate.REFUSED, why))
    lines = record_lines(Arrived((Imported("a.cyb", records=both),), (None,)), 0)
    keys = record_keys(lines)
    assert len(set(keys)) == 2
    assert keys[1] == f"inspection:{VISIT}", "the part that was taken is led to by the record's own key"


def test_what_a_colleague_brought_of_a_revoked_device_wants_a_look() -> None:
    late = Problem("sync.late_hand", values={"name": "彭建华", "device": "AB"}, taken=True)
    done = Imported("a.cyb", accepted=1, records=(RecordOutcome("inspection", VISIT, Fate.ACCEPTED, late),))
    assert (arrivals.import_tone(done), arrivals.import_word(done)) == ("attention", "待处理")
    [line] = record_lines(Arrived((done,), (None,)), 0)
    assert "停用之后才由别人带来" in arrivals.why_text(line)
