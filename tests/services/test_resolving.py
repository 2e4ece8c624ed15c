"""Conflicts decided by a person: one revision with a reason, the same in every store, never lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app import bootstrap
from app.errors import BadInput
from app.models.bounds import LONGEST_TEXT
from app.models.inspection import Correction, Inspection
from app.models.registry import Organization
from app.services import inspecting, merging, resolving
from app.services.resolving import Exactly
from app.services.workplace import Owner, Workplace
from app.sync.documents import read_document
from app.sync.ledger import revisions_of, view_of
from app.vocabulary import InspectionStatus, Role
from app.wording import known_codes
from tests.conftest import PASSPHRASE, FakeClock
from tests.services.parcels import (
    ORG,
    VISIT,
    Pair,
    dispute_a_finding,
    edit,
    introduce,
    make_visit,
    receive,
    send,
)

AT = {"kind": "inspection", "record_id": VISIT}


@pytest.fixture
def shared(pair: Pair, tmp_path: Path, clock: FakeClock) -> Pair:
    """Both have the visit."""
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    clock.move(minutes=1)
    return pair


@pytest.fixture
def disputed(shared: Pair, tmp_path: Path, clock: FakeClock) -> Pair:
    """Two values for the place; both know it."""
    office, laptop = shared
    edit(laptop, "place", "二号车间")
    edit(office, "place", "三号车间")
    receive(office, send(laptop, tmp_path))
    receive(laptop, send(office, tmp_path, laptop.device_id))
    clock.move(minutes=1)
    return shared


def refused(place: Workplace, **values: object) -> str:
    before = document(place)
    with pytest.raises(BadInput) as error:
        resolving.resolve(place, **{**AT, "path": "place", "take": "ours", "reason": "核对过", **values})
    assert error.value.problem.code in known_codes(error.value.problem.code.partition(".")[0])
    assert document(place) == before
    return error.value.problem.code


def document(place: Workplace) -> dict[str, object]:
    with place.read() as session:
        return dict(read_document(session, "inspection", VISIT) or {})


def same_everywhere(*places: Workplace) -> None:
    views = []
    for place in places:
        with place.read() as session:
            views.append((view_of(session, "inspection", VISIT), document(place)))
    assert all(each == views[0] for each in views)


@pytest.mark.parametrize(
    "take,value", [("ours", "三号车间"), ("theirs", "二号车间"), ("四号车间", "四号车间"), ("removed", None)]
)
def test_a_decision_is_a_revision_that_both_end_with(
    disputed: Pair, tmp_path: Path, take: str, value: str | None
) -> None:
    office, laptop = disputed
    done = resolving.resolve(office, **AT, path="place", take=take, reason="与照片核对")
    assert (done.value, done.open_paths) == (value, ())
    assert merging.conflict_rows(office) == ()
    assert document(office).get("place") == value
    with office.read() as session:
        known = revisions_of(session, "inspection", [VISIT])[VISIT]
    (made,) = [each.revision for each in known if each.id == done.revision]
    assert (len(made.parents), made.reason, made.author.name) == (2, "与照片核对", "黎国平")
    assert receive(laptop, send(office, tmp_path, laptop.device_id)).conflicts == 0
    same_everywhere(office, laptop)
    assert resolving.decision_rows(laptop, **AT) == resolving.decision_rows(office, **AT)


def test_the_detail_says_what_stood_there_before_and_whose_value_is_whose(disputed: Pair) -> None:
    office, _ = disputed
    for place in disputed:
        (field,) = merging.conflict_detail(place, **AT)
        assert field.former == "一号车间"
        assert {each.value: each.device for each in field.values} == {
            "二号车间": "彭建华",
            "三号车间": "黎国平",
        }
    (mine,) = [each for each in merging.conflict_detail(office, **AT)[0].values if each.ours]
    assert mine.value == "三号车间"


def test_the_history_names_what_was_not_taken(disputed: Pair) -> None:
    office, _ = disputed
    resolving.resolve(office, **AT, path="place", take="四号车间", reason="两人都写错")
    (row,) = resolving.decision_rows(office, **AT)
    assert (row.value, row.reason, row.author, row.open) == ("四号车间", "两人都写错", "黎国平", False)
    assert set(row.rejected) == {"二号车间", "三号车间"}
    with office.read() as session:
        printed = session.scalars(select(Correction).where(Correction.inspection_id == VISIT)).all()
    assert {(each.former, each.value, each.reason) for each in printed} == {
        ("二号车间", "四号车间", "两人都写错"),
        ("三号车间", "四号车间", "两人都写错"),
    }


def test_what_cannot_be_decided_is_refused_by_sentence(disputed: Pair) -> None:
    office, laptop = disputed
    assert refused(office, reason="  ") == "resolving.no_reason"
    assert refused(office, reason="长" * 2001) == "resolving.long_reason"
    assert refused(office, path="opinion") == "resolving.no_conflict"
    assert refused(office, take="@0") == "resolving.ambiguous"
    assert refused(office, take="@") == "resolving.ambiguous"
    assert refused(office, take="a\0b") == "resolving.unfit"
    assert refused(office, kind="nothing") == "sync.unknown_kind"
    assert refused(laptop, kind="organization", record_id=ORG) == "resolving.no_right"
    resolving.resolve(office, **AT, path="place", take="ours", reason="核对过")
    assert refused(office) == "resolving.no_conflict"


def test_deciding_one_field_leaves_the_others_open(shared: Pair, tmp_path: Path) -> None:
    office, laptop = shared
    for place, word in ((office, "甲"), (laptop, "乙")):
        edit(place, "place", word)
        edit(place, "opinion", word)
    receive(office, send(laptop, tmp_path))
    done = resolving.resolve(office, **AT, path="opinion", take="theirs", reason="检查人员在场")
    assert done.open_paths == ("place",)
    (row,) = merging.conflict_rows(office)
    assert row.paths == ("place",)
    with pytest.raises(BadInput):
        inspecting.set_header(office, inspection_id=VISIT, situation="改")


def test_a_removed_finding_is_kept_or_goes_with_everything(shared: Pair, tmp_path: Path) -> None:
    office, laptop = shared
    dispute_a_finding(laptop, office)
    receive(office, send(laptop, tmp_path))
    path = "findings/f1"
    (field,) = merging.conflict_detail(office, **AT)
    assert (field.path, field.former) == (path, True)
    resolving.resolve(office, **AT, path=path, take="theirs", reason="经核实不成立")
    assert path not in document(office)
    resolving.reopen(office, **AT, path=path, reason="当事人申辩")
    resolving.resolve(office, **AT, path=path, take="true", reason="申辩不成立")
    receive(laptop, send(office, tmp_path, laptop.device_id))
    for place in shared:
        told = document(place)
        assert told[path] is True
        assert told[f"{path}/description"] == "标志不清"
        assert told[f"{path}/severity"] == "major"


def test_a_decision_can_be_reopened_and_no_value_is_gone(
    disputed: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = disputed
    first = merging.conflict_detail(office, **AT)
    resolving.resolve(office, **AT, path="place", take="四号车间", reason="两人都写错")
    clock.move(minutes=1)
    resolving.reopen(office, **AT, path="place", reason="找到了照片")
    with office.read() as session:
        assert merging.in_conflict(session, "inspection", VISIT)
    (again,) = merging.conflict_detail(office, **AT)
    # Whose the values are is still told; where they stand now is another revision.
    assert {(each.value, each.author, each.made_at) for each in again.values} == {
        (each.value, each.author, each.made_at) for each in first[0].values
    }
    assert again.former == "四号车间"
    assert resolving.decision_rows(office, **AT)[0].open
    receive(laptop, send(office, tmp_path, laptop.device_id))
    same_everywhere(office, laptop)
    resolving.resolve(laptop, **AT, path="place", take=f"@{again.values[0].revision[:16]}", reason="照片为证")
    receive(office, send(laptop, tmp_path))
    same_everywhere(office, laptop)
    assert [row.reason for row in resolving.decision_rows(office, **AT)] == ["两人都写错", "照片为证"]
    with pytest.raises(BadInput) as error:
        resolving.reopen(office, **AT, path="opinion", reason="无")
    assert error.value.problem.code == "resolving.not_decided"


@pytest.mark.parametrize("take,value", [("ours", "三号车间"), ("theirs", "二号车间")])
def test_after_a_reopening_ours_and_theirs_are_the_first_writers(
    disputed: Pair, tmp_path: Path, clock: FakeClock, take: str, value: str
) -> None:
    office, _ = disputed
    resolving.resolve(office, **AT, path="place", take="四号车间", reason="两人都写错")
    clock.move(minutes=1)
    resolving.reopen(office, **AT, path="place", reason="找到了照片")
    (field,) = merging.conflict_detail(office, **AT)
    assert {each.value: each.ours for each in field.values} == {"三号车间": True, "二号车间": False}
    assert resolving.resolve(office, **AT, path="place", take=take, reason="照片为证").value == value


def test_two_who_reopen_the_same_decision_list_no_value_twice(
    disputed: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = disputed
    before = merging.conflict_detail(office, **AT)[0].values
    resolving.resolve(office, **AT, path="place", take="四号车间", reason="两人都写错")
    receive(laptop, send(office, tmp_path, laptop.device_id))
    clock.move(minutes=1)
    for place in disputed:
        resolving.reopen(place, **AT, path="place", reason="找到了照片")
    receive(office, send(laptop, tmp_path))
    receive(laptop, send(office, tmp_path, laptop.device_id))
    for place in disputed:
        (field,) = merging.conflict_detail(place, **AT)
        assert {(each.value, each.author, each.made_at) for each in field.values} == {
            (each.value, each.author, each.made_at) for each in before
        }
        assert len(field.values) == 2
    resolving.resolve(office, **AT, path="place", take=f"@{field.values[0].revision}", reason="照片为证")
    assert merging.conflict_rows(office) == ()


def test_equal_values_stand_together_with_everybody_who_wrote_them(
    shared: Pair, second: Workplace, tmp_path: Path
) -> None:
    office, first = shared
    for place, word in ((office, "甲"), (first, "乙"), (second, "甲")):
        edit(place, "opinion", word)
    for place in (first, second):
        receive(office, send(place, tmp_path))
    (field,) = merging.conflict_detail(office, **AT)
    assert sorted((each.value, each.author) for each in field.values) == [
        ("乙", "彭建华"), ("甲", "熊志强"), ("甲", "黎国平"),
    ]  # fmt: skip
    values = [each.value for each in field.values]
    assert values in (["甲", "甲", "乙"], ["乙", "甲", "甲"])


def test_two_deciders_who_differ_are_a_conflict_again(disputed: Pair, tmp_path: Path) -> None:
    office, laptop = disputed
    for place in disputed:
        resolving.resolve(place, **AT, path="place", take="ours", reason="我在现场")
    packages = send(laptop, tmp_path), send(office, tmp_path, laptop.device_id)
    assert receive(office, packages[0]).conflicts == 1
    assert receive(laptop, packages[1]).conflicts == 1
    same_everywhere(office, laptop)
    assert len(resolving.decision_rows(office, **AT)) == 2
    resolving.resolve(office, **AT, path="place", take="theirs", reason="检查人员在场")
    receive(laptop, send(office, tmp_path, laptop.device_id))
    same_everywhere(office, laptop)
    assert document(office)["place"] == "二号车间"


@pytest.fixture
def second(office: Workplace, shared: Pair, tmp_path: Path, clock: FakeClock) -> Iterator[Workplace]:
    """Another officer of the team, who has the visit too."""
    owner = Owner(Role.INSPECTOR, "袁州区市场监督管理局", "熊志强", "赣C36090002")
    with bootstrap.create_home(tmp_path / "second", PASSPHRASE, owner, clock=clock) as place:
        introduce(office, place, tmp_path)
        receive(shared[1], send(office, tmp_path, shared[1].device_id))
        receive(place, send(office, tmp_path, place.device_id))
        receive(place, send(shared[1], tmp_path, place.device_id, whole=True))
        yield place


def test_three_versions_at_once(shared: Pair, second: Workplace, tmp_path: Path) -> None:
    office, first = shared
    for place, word in ((office, "甲"), (first, "乙"), (second, "丙")):
        edit(place, "opinion", word)
    for order in itertools.permutations([send(first, tmp_path), send(second, tmp_path)]):
        for path in order:
            receive(office, path)
    (field,) = merging.conflict_detail(office, **AT)
    assert {each.value for each in field.values} == {"甲", "乙", "丙"}
    assert refused(office, path="opinion", take="theirs") == "resolving.ambiguous"
    (chosen,) = [each.revision for each in field.values if each.value == "丙"]
    done = resolving.resolve(office, **AT, path="opinion", take=f"@{chosen}", reason="后到的最全")
    assert (done.value, done.open_paths) == ("丙", ())
    for place in (first, second):
        receive(place, send(office, tmp_path, place.device_id))
    same_everywhere(office, first, second)


def test_decided_records_are_listed_the_latest_first(
    disputed: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    office, laptop = disputed
    other = "6" * 32
    make_visit(laptop, other)
    receive(office, send(laptop, tmp_path))
    for place, word in ((office, "甲"), (laptop, "乙")):
        edit(place, "opinion", word, other)
    receive(office, send(laptop, tmp_path))
    assert resolving.decided_rows(office) == ()
    resolving.resolve(office, **AT, path="place", take="ours", reason="核对过")
    clock.move(minutes=1)
    resolving.resolve(
        office, kind="inspection", record_id=other, path="opinion", take="ours", reason="核对过"
    )
    assert [(row.record_id, row.paths) for row in resolving.decided_rows(office)] == [
        (other, ("opinion",)),
        (VISIT, ("place",)),
    ]
    clock.move(minutes=1)
    resolving.reopen(office, **AT, path="place", reason="找到了照片")
    resolving.resolve(office, **AT, path="place", take="二号车间", reason="照片为证")
    receive(laptop, send(office, tmp_path, laptop.device_id))
    for place in disputed:
        (latest, _) = resolving.decided_rows(place)
        assert (latest.kind, latest.record_id, latest.title) == ("inspection", VISIT, "宜春市𬭎业电缆厂")
        assert latest.paths == ("place",)
        assert latest.decided_at == resolving.decision_rows(place, **AT)[-1].made_at


@pytest.mark.parametrize("typed", ["ours", "theirs", "removed", "@四号车间", "true", "12"])
def test_what_somebody_typed_is_taken_to_the_letter(disputed: Pair, typed: str) -> None:
    office, _ = disputed
    done = resolving.resolve(office, **AT, path="place", take=Exactly(typed), reason="两人都写错")
    assert (done.value, document(office)["place"]) == (typed, typed)


def test_what_does_not_fit_is_refused_when_typed_too(disputed: Pair) -> None:
    office, _ = disputed
    assert refused(office, take=Exactly(12)) == "resolving.unfit"
    assert refused(office, take=Exactly("长" * (LONGEST_TEXT + 1))) == "store.too_long"
    resolving.resolve(office, **AT, path="place", take=Exactly(""), reason="地点写重了")
    assert "place" not in document(office)


def test_words_dates_and_numbers_take_only_their_own_kind(shared: Pair, tmp_path: Path) -> None:
    office, laptop = shared
    edit(office, "status", InspectionStatus.RETURNED)
    edit(laptop, "status", InspectionStatus.APPROVED)
    receive(office, send(laptop, tmp_path))
    assert refused(office, path="status", take="nonsense") == "resolving.unfit"
    assert refused(office, path="status", take="removed") == "resolving.unfit"
    resolving.resolve(office, **AT, path="status", take="returned", reason="缺照片")
    with office.read() as session:
        found = session.get(Inspection, VISIT)
        assert found is not None
        assert found.status is InspectionStatus.RETURNED


def test_records_without_corrections_keep_their_reason_in_the_revision(
    shared: Pair, tmp_path: Path, clock: FakeClock
) -> None:
    """Two supervisors of one office that disagree about a registry entry."""
    office, _ = shared
    owner = Owner(Role.SUPERVISOR, office.owner.office, "钟丽", "赣C36090200")
    with bootstrap.create_home(tmp_path / "deputy", PASSPHRASE, owner, clock=clock) as deputy:
        introduce(office, deputy, tmp_path)
        receive(deputy, send(office, tmp_path, deputy.device_id))
        for place, word in ((office, "甲路"), (deputy, "乙路")):
            with place.write("test") as work:
                found = work.session.get(Organization, ORG)
                assert found is not None
                found.address = word
                work.commit()
        receive(office, send(deputy, tmp_path))
        at = {"kind": "organization", "record_id": ORG}
        resolving.resolve(office, **at, path="address", take="theirs", reason="实地看过")
        receive(deputy, send(office, tmp_path, deputy.device_id))
        for place in (office, deputy):
            (row,) = resolving.decision_rows(place, **at)
            assert (row.value, row.reason) == ("乙路", "实地看过")
            with place.read() as session:
                assert session.scalars(select(Organization.address)).one() == "乙路"
