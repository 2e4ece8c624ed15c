"""The history of a record between two real homes: who, where, by which package, and what is still open."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from app.errors import BadInput
from app.models.base import derived_id
from app.services import correcting, issuing, merging, resolving
from app.services.chronicle import HistoryEntry, Kind, Standing, chronicle, told
from app.services.chronicle_lines import change_lines, kind_text, reason_text
from app.services.workplace import Workplace
from app.wording import known_codes
from tests.conftest import FakeClock
from tests.services.neighbours import CODE, Neighbours, write_entry
from tests.services.parcels import ORG, VISIT, Pair, dispute_a_finding, edit, make_visit, receive, send

AT = {"kind": "inspection", "record_id": VISIT}


@pytest.fixture
def disputed(pair: Pair, tmp_path: Path, clock: FakeClock) -> Pair:
    """Both have the visit, and wrote two places; both know it."""
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    clock.move(minutes=1)
    edit(laptop, "place", "二号车间")
    edit(office, "place", "三号车间")
    package = send(laptop, tmp_path)
    clock.move(minutes=1)
    receive(office, package)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    clock.move(minutes=1)
    return pair


def lines_of(entry: HistoryEntry) -> str:
    return "\n".join(change_lines(entry))


def kinds_of(place: Workplace) -> list[Kind]:
    return [entry.kind for entry in chronicle(place, **AT)]


def test_what_was_never_sealed_is_shown_as_that(pair: Pair, tmp_path: Path) -> None:
    _, laptop = pair
    (entry,) = chronicle(laptop, **AT)
    assert (entry.standing, entry.kind, entry.made_at) == (Standing.UNSEALED, Kind.FIRST, None)
    assert "检查项 1.2：结论 不符合；备注 无标志" in lines_of(entry)
    send(laptop, tmp_path)
    edit(laptop, "opinion", "责令改正")
    sealed, open_one = chronicle(laptop, **AT)
    assert (sealed.standing, open_one.standing) == (Standing.SEALED, Standing.UNSEALED)
    assert lines_of(open_one).startswith("处理意见：责令改正")
    assert "尚未封存" in lines_of(open_one)


def test_who_where_when_and_by_which_file_on_both_sides(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    package = send(laptop, tmp_path)
    (mine,) = chronicle(laptop, **AT)
    assert [(went.file_name, went.peer, went.confirmed) for went in mine.went] == [
        (package.name, "黎国平", False)
    ]
    taken = receive(office, package)
    (theirs,) = chronicle(office, **AT)
    assert (theirs.author, theirs.credential, theirs.device) == ("彭建华", "赣C36090001", "彭建华")
    assert theirs.fingerprint == laptop.vault.public.fingerprint
    assert theirs.came is not None
    assert (theirs.came.file_name, theirs.came.sender) == (package.name, "彭建华")
    assert theirs.came.taken_at == office.now()
    assert mine.came is None
    assert theirs.went == ()
    assert taken.receipt is not None
    receive(laptop, taken.receipt)
    [(went,)] = [entry.went for entry in chronicle(laptop, **AT)]
    assert (went.confirmed, went.answered_at) == (True, office.now())


def test_two_people_beside_each_other_are_shown_as_such_in_both_homes(disputed: Pair) -> None:
    for place in disputed:
        first, mine, theirs = chronicle(place, **AT)
        assert [entry.disputed for entry in (first, mine, theirs)] == [False, True, True]
        assert lines_of(mine) == "【两人不一致】检查地点：一号车间 → 二号车间（黎国平另写：三号车间）"
        assert lines_of(theirs) == "【两人不一致】检查地点：一号车间 → 三号车间（彭建华另写：二号车间）"
    assert [entry.changes for entry in chronicle(disputed[0], **AT)] == [
        entry.changes for entry in chronicle(disputed[1], **AT)
    ]


def test_a_decision_and_its_reopening_stand_with_their_reasons(disputed: Pair, clock: FakeClock) -> None:
    office, _ = disputed
    resolving.resolve(office, **AT, path="place", take="theirs", reason="与照片核对")
    made = chronicle(office, **AT)[-1]
    assert (made.kind, reason_text(made), made.joined) == (Kind.DECISION, "定下：与照片核对", 2)
    assert lines_of(made) == "【定下】检查地点：二号车间 ｜ 三号车间 → 二号车间"
    assert [(row.former, row.value) for row in made.corrections] == [("三号车间", "二号车间")]
    clock.move(minutes=1)
    resolving.reopen(office, **AT, path="place", reason="照片是旧的")
    again = chronicle(office, **AT)[-1]
    assert (again.kind, reason_text(again), len(again.revisions)) == (Kind.REOPENING, "重提：照片是旧的", 2)
    assert set(change_lines(again)) == {"【重提】检查地点：二号车间", "【重提】检查地点：三号车间"}
    assert not again.disputed


def test_a_removed_finding_says_who_wrote_into_it_meanwhile(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    dispute_a_finding(laptop, office)
    receive(office, send(laptop, tmp_path))
    said = "\n".join(map(lines_of, chronicle(office, **AT)[1:]))
    assert "【两人不一致】问题 f1 · 事实描述：未加施标志 → 标志不清（彭建华删去了这一部分）" in said
    assert "【两人不一致】问题 f1 · 保留还是删去：保留 → 删去（黎国平另写：保留）" in said


def test_a_correction_says_what_stood_there_and_why(pair: Pair) -> None:
    _, laptop = pair
    correcting.correct(laptop, inspection_id=VISIT, path="place", value="二号车间", reason="笔误")
    sealed, corrected = chronicle(laptop, **AT)
    assert (sealed.kind, corrected.kind) == (Kind.FIRST, Kind.CORRECTION)
    assert (lines_of(corrected), reason_text(corrected)) == ("检查地点：一号车间 → 二号车间", "笔误")
    assert [(row.by, row.path) for row in corrected.corrections] == [("彭建华", "place")]


def test_what_waits_is_named_with_its_device_and_what_it_lacks(
    pair: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = pair
    first = send(laptop, tmp_path)
    clock.move(minutes=1)
    edit(laptop, "opinion", "补充")
    second = send(laptop, tmp_path)
    receive(office, second)
    (held,) = chronicle(office, **AT)
    assert (held.standing, held.device, len(held.missing)) == (Standing.HELD, "彭建华", 1)
    assert held.came is not None
    assert held.came.file_name == second.name
    assert kind_text(held) == "待补"
    assert "缺前面的修订 1 条" in lines_of(held)
    receive(office, first)
    assert [entry.standing for entry in chronicle(office, **AT)] == [Standing.SEALED] * 2
    assert chronicle(office, **AT)[1].changes == chronicle(laptop, **AT)[1].changes


def test_any_kind_of_record_has_a_history_and_others_are_refused(pair: Pair, tmp_path: Path) -> None:
    office, laptop = pair
    send(office, tmp_path, laptop.device_id)
    found = told(office, kind="organization", record_id=ORG)
    assert (found.title, [entry.kind for entry in found.entries]) == ("宜春市𬭎业电缆厂", [Kind.FIRST])
    assert "证书 2020010105/1：" in lines_of(found.entries[0])
    for kind, record in (("inspection", "9" * 32), ("nothing", VISIT)):
        with pytest.raises(BadInput) as error:
            chronicle(office, kind=kind, record_id=record)
        assert error.value.problem.code in known_codes("sync")


def test_every_value_that_is_disputed_or_was_decided_can_be_read_back(disputed: Pair) -> None:
    office, _ = disputed
    (field,) = merging.conflict_detail(office, **AT)
    written = {change.value for entry in chronicle(office, **AT) for change in entry.changes}
    assert {each.value for each in field.values} <= written


def test_another_office_s_entry_stands_apart_and_is_no_conflict(neighbours: Neighbours) -> None:
    them, firm = neighbours, derived_id("organization", CODE)
    write_entry(them.city, firm, address="市里的地址")
    write_entry(them.county, firm, address="县里的地址")
    make_visit(them.laptop)
    edit(them.laptop, "organization_id", firm)
    for one, other in ((them.laptop, them.county), (them.county, them.city)):
        them.give(one, other, whole=True)
    entries = chronicle(them.city, kind="organization", record_id=firm)
    assert [(entry.standing, entry.office) for entry in entries] == [
        (Standing.SEALED, them.city.owner.office),
        (Standing.ASIDE, them.county.owner.office),
    ]
    assert not any(entry.disputed for entry in entries)
    ours, theirs = map(lines_of, entries)
    assert "地址：市里的地址" in ours
    assert f"（{them.county.owner.office}登记的内容，另存备查，不计入本记录）" in theirs
    assert "地址：县里的地址" in theirs
    text = printed_text(them.city, firm)
    assert "另有别的单位登记的1条" in text
    assert "县里的地址" in text


def printed_text(place: Workplace, firm: str) -> str:
    pdf = issuing.print_history(place, kind="organization", record_id=firm).pdf
    pages = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    return re.sub(r"\s", "", "".join(pages))
