"""Officers who come and go: both stay in the record with their times, and two are there at every moment."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest

from app.errors import BadInput
from app.models.base import new_id
from app.models.inspection import InspectionOfficer
from app.models.people import Person
from app.services import evidence, inspecting, issuing, sheets
from app.services.team import alone_from
from app.services.team_changes import change_team, take_back
from app.wording import sentence
from tests.services.conftest import Visit, stroke
from tests.services.parcels import introduce, receive, send

FIRST, SECOND, THIRD = "赣C36090001", "赣C36090002", "赣C36090003"


@pytest.fixture
def team(visit: Visit, clock) -> Visit:
    """Two at the visit since 09:30, a third is known; it is 10:30 now."""
    with visit.place.write("test.person") as work:
        work.session.add(Person(id=new_id(), name="王芳", credential=THIRD))
        work.commit()
    clock.move(hours=1)
    return visit


def called(visit: Visit) -> list[str]:
    return [row.called for row in visit.sheet().team]


def codes(visit: Visit) -> list[tuple[str, str]]:
    return [(row.code, row.subject) for row in visit.sheet().missing if row.code.startswith("officer")]


def test_one_leaves_and_another_joins_and_both_stay(team: Visit, clock):
    at = clock() - timedelta(minutes=10)
    change_team(team.place, inspection_id=team.id, leaving=SECOND, joining=THIRD, at=at, reason="另有任务")
    assert called(team) == ["彭建华", "易晓燕（10:20离开）", "王芳（10:20加入）"]
    assert [row.reason for row in team.sheet().team] == ["", "另有任务", "另有任务"]
    # Who left need not sign, who is there must.
    assert codes(team) == [("officer_signature", "彭建华"), ("officer_signature", "王芳")]
    printed = issuing.print_form(team.place, form="inspection-record", inspection_id=team.id)
    document = pypdfium2.PdfDocument(printed.pdf)
    said = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    assert "易晓燕（10:20离开）" in said
    assert "王芳（10:20加入）" in said


def test_a_change_on_a_later_day_is_told_with_its_day(team: Visit, clock):
    clock.move(days=1)
    change_team(team.place, inspection_id=team.id, leaving=SECOND, joining=THIRD)
    assert called(team) == ["彭建华", "易晓燕（8月13日10:30离开）", "王芳（8月13日10:30加入）"]


def test_nobody_is_left_alone(team: Visit):
    with pytest.raises(BadInput, match=r"inspecting\.left_alone"):
        change_team(team.place, inspection_id=team.id, leaving=SECOND)
    assert called(team) == ["彭建华", "易晓燕"]
    change_team(team.place, inspection_id=team.id, joining=THIRD)
    change_team(team.place, inspection_id=team.id, leaving=SECOND)
    assert called(team) == ["彭建华", "易晓燕（10:30离开）", "王芳（10:30加入）"]


def test_a_record_that_says_one_was_alone_is_not_finished(team: Visit, clock):
    """As two devices may have written it, each a change that was right by itself."""
    change_team(team.place, inspection_id=team.id, leaving=SECOND, joining=THIRD)
    with team.place.write("test.gap") as work:
        row = work.session.get(InspectionOfficer, (team.id, THIRD))
        row.joined_at = clock() + timedelta(minutes=15)
        work.commit()
    assert ("officers_throughout", "10:30") in codes(team)
    team.answer_all()
    team.fill_header()
    for credential in (FIRST, THIRD):
        evidence.sign(
            team.place, inspection_id=team.id, party=f"officer:{credential}", name="甲", image=stroke()
        )
    with pytest.raises(BadInput, match=r"inspecting\.incomplete"):
        inspecting.finish(team.place, inspection_id=team.id)


def test_a_visit_with_a_change_is_finished_when_those_who_stayed_signed(team: Visit):
    change_team(team.place, inspection_id=team.id, leaving=SECOND, joining=THIRD)
    team.answer_all()
    team.fill_header()
    team.sign_all()
    inspecting.finish(team.place, inspection_id=team.id)
    assert sheets.sheet(team.place, inspection_id=team.id).missing == ()
    with pytest.raises(BadInput, match=r"inspecting\.sealed"):
        change_team(team.place, inspection_id=team.id, joining="赣C36090009")


@pytest.mark.parametrize(
    "change, code",
    [
        ({}, "nobody_changes"),
        ({"joining": "赣C36099999"}, "unknown_officer"),
        ({"joining": FIRST}, "officer_was_there"),
        ({"leaving": "赣C36099999", "joining": THIRD}, "unknown_officer"),
    ],
)
def test_what_cannot_be_is_refused(team: Visit, change, code):
    with pytest.raises(BadInput, match=rf"inspecting\.{code}"):
        change_team(team.place, inspection_id=team.id, **change)
    assert called(team) == ["彭建华", "易晓燕"]


@pytest.mark.parametrize("minutes", [-61, 1])
def test_a_time_outside_the_visit_is_refused(team: Visit, clock, minutes):
    with pytest.raises(BadInput, match=r"inspecting\.change_outside"):
        change_team(team.place, inspection_id=team.id, joining=THIRD, at=clock() + timedelta(minutes=minutes))


def test_what_is_refused_over_several_days_names_them(team: Visit, clock):
    clock.move(days=1)
    where = {"inspection_id": team.id}
    with pytest.raises(BadInput) as outside:
        change_team(team.place, **where, joining=THIRD, at=clock() + timedelta(minutes=5))
    told = sentence(outside.value).message
    assert told == "变动时间 8月13日10:35 不在检查期间内（8月12日09:30 到 8月13日10:30）"
    with pytest.raises(BadInput) as alone:
        change_team(team.place, **where, leaving=SECOND)
    assert "8月13日10:30 起在场的检查人员不足两名" in sentence(alone.value).message
    change_team(team.place, **where, leaving=SECOND, joining=THIRD, at=clock() - timedelta(hours=20))
    with pytest.raises(BadInput) as left:
        change_team(team.place, **where, leaving=SECOND)
    assert sentence(left.value).message == "易晓燕 已于 8月12日14:30 离开"


def test_a_change_entered_by_mistake_is_taken_back(team: Visit):
    where = {"inspection_id": team.id}
    change_team(team.place, **where, leaving=SECOND, joining=THIRD)
    with pytest.raises(BadInput, match=r"inspecting\.left_alone"):
        take_back(team.place, **where, credential=THIRD)
    take_back(team.place, **where, credential=SECOND)
    take_back(team.place, **where, credential=THIRD)
    assert called(team) == ["彭建华", "易晓燕"]
    with pytest.raises(BadInput, match=r"inspecting\.never_changed"):
        take_back(team.place, **where, credential=FIRST)
    change_team(team.place, **where, joining=THIRD)
    evidence.sign(team.place, **where, party=f"officer:{THIRD}", name="王芳", image=stroke())
    with pytest.raises(BadInput, match=r"inspecting\.officer_signed"):
        take_back(team.place, **where, credential=THIRD)


def test_the_times_travel(team: Visit, office, tmp_path):
    introduce(office, team.place, tmp_path)
    change_team(team.place, inspection_id=team.id, leaving=SECOND, joining=THIRD, reason="另有任务")
    receive(office, send(team.place, tmp_path / "v.cyb", drafts=True))
    assert sheets.sheet(office, inspection_id=team.id).team == team.sheet().team


@pytest.mark.parametrize(
    "spans, since",
    [
        ([(None, None), (None, None)], None),
        ([(None, None)], "beginning"),
        ([(None, None), (None, 3), (3, None)], None),
        ([(None, None), (None, 3), (4, None)], 3),
        ([(None, 5), (None, 3), (2, None)], 5),
        ([(None, None), (1, None)], "beginning"),
    ],
)
def test_two_at_every_moment(visit: Visit, spans, since):
    begin = visit.sheet().header.started_at
    moments = [tuple(None if at is None else begin + timedelta(hours=at) for at in span) for span in spans]
    found = alone_from(moments)
    assert found == (begin + timedelta(hours=since) if isinstance(since, int) else since)
