"""The history says everything that was ever written, and over what its author wrote it."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.decisions import decisions
from app.sync.history import Entry, Kind, history, waiting
from app.sync.revision import GONE, Author, Sealed, Written, body_of, compose, opened
from app.sync.view import common_past, part_of, view
from tests.sync.test_view import RECORD, START, histories, revision

BASE = revision({"place": "原", "findings/1": True, "findings/1/description": "旧"})


def decision(changes: dict[str, Written], *parents: Sealed, reason: str = "核对", minute: int = 9) -> Sealed:
    made = compose(
        "inspection", RECORD, changes, tuple(parent.id for parent in parents), reason=reason,
        author=Author("丁", "丁"), device="b" * 32, made_at=START + timedelta(minutes=minute),
    )  # fmt: skip
    return opened(body_of(made), b"")


def entry_of(entries: tuple[Entry, ...], sealed: Sealed) -> Entry:
    (found,) = [entry for entry in entries if sealed.id in entry.revisions]
    return found


@given(histories(), st.randoms(use_true_random=False))
def test_every_value_ever_written_is_in_the_entry_of_its_revision(
    known: list[Sealed], chance: random.Random
) -> None:
    shuffled = [*known, *known[:2]]
    chance.shuffle(shuffled)
    entries = history(shuffled)
    told = [
        (name, step.path, step.value) for each in entries for name in each.revisions for step in each.steps
    ]
    written = {(each.id, path, value) for each in known for path, value in each.revision.changes.items()}
    assert sorted(map(repr, told)) == sorted(map(repr, written))
    assert entries == history(known)


@given(histories())
def test_nobody_comes_before_what_he_knew(known: list[Sealed]) -> None:
    order = {name: number for number, each in enumerate(history(known)) for name in each.revisions}
    assert all(order[parent] < order[each.id] for each in known for parent in each.revision.parents)


@given(histories())
def test_a_former_value_is_what_the_author_s_own_view_shows(known: list[Sealed]) -> None:
    """The quick way agrees with the slow one: a whole view for every revision."""
    entries = history(known)
    for each in known:
        before = view(common_past(known, [each.id]))
        for step in entry_of(entries, each).steps:
            claims = before.values.get(step.path, ())
            if step.path.count("/") == 2 and True not in [
                claim.value for claim in before.values.get(part_of(step.path), ())
            ]:
                claims = ()
            expected = {claim.sign for claim in claims}
            assert {(type(value), value) for value in step.former} == (
                set() if expected == {(type(GONE), GONE)} else expected
            )


@given(histories())
def test_every_conflict_names_its_rivals(known: list[Sealed]) -> None:
    entries, seen = history(known), view(known)
    for path in (path for path in seen.conflicts if path.count("/") != 1):
        for claim in seen.values[path]:
            others = {each.revision for each in seen.values[path] if each.sign != claim.sign}
            (entry,) = [each for each in entries if claim.revision in each.revisions]
            (step,) = [each for each in entry.steps if each.path == path]
            assert others <= {rival.revision for rival in step.rivals}


def test_two_people_beside_each_other_are_rivals_and_the_third_decides() -> None:
    one = revision({"place": "一"}, BASE, who="甲", minute=1)
    two = revision({"place": "二"}, BASE, who="乙", minute=2)
    made = decision({"place": "二"}, one, two)
    first, mine, theirs, last = history([made, two, one, BASE])
    assert [each.kind for each in (first, mine, theirs, last)] == [
        Kind.FIRST, Kind.CHANGE, Kind.CHANGE, Kind.DECISION,
    ]  # fmt: skip
    assert (mine.steps[0].former, theirs.steps[0].former) == (("原",), ("原",))
    assert [(rival.value, rival.author) for rival in mine.steps[0].rivals] == [("二", "乙")]
    assert [(rival.value, rival.author) for rival in theirs.steps[0].rivals] == [("一", "甲")]
    assert set(last.steps[0].former) == {"一", "二"}
    assert (last.steps[0].rivals, last.reason, last.joined) == ((), "核对", 2)
    assert len(decisions([BASE, one, two, made])) == 1


def test_a_reopening_is_one_entry_with_the_values_it_puts_back() -> None:
    one = revision({"place": "一"}, BASE, who="甲", minute=1)
    two = revision({"place": "二"}, BASE, who="乙", minute=2)
    made = decision({"place": "二"}, one, two)
    again = [decision({"place": value}, made, reason="有新证据", minute=12) for value in ("一", "二")]
    last = history([BASE, one, two, made, *again])[-1]
    assert (last.kind, last.reason, len(last.revisions)) == (Kind.REOPENING, "有新证据", 2)
    assert {step.value for step in last.steps} == {"一", "二"}
    assert all(step.former == ("二",) and not step.rivals for step in last.steps)


def test_a_part_removed_while_another_edits_it_is_shown_at_both() -> None:
    edits = revision({"findings/1/description": "新"}, BASE, who="甲", minute=1)
    removes = revision({"findings/1": GONE}, BASE, who="乙", minute=2)
    entries = history([BASE, edits, removes])
    assert [rival.value for rival in entry_of(entries, edits).steps[0].rivals] == [GONE]
    assert [rival.author for rival in entry_of(entries, removes).steps[0].rivals] == ["甲"]
    anew = revision({"findings/1": True, "findings/1/description": "再"}, removes, who="乙", minute=3)
    assert [step.former for step in entry_of(history([BASE, removes, anew]), anew).steps] == [(), ()]


def test_what_was_corrected_carries_its_reason_and_bringing_two_lines_together_is_said() -> None:
    key = "corrections/c1"
    corrected = revision(
        {"place": "改", key: True, f"{key}/path": "place", f"{key}/reason": "笔误"}, BASE, minute=1
    )
    beside = revision({"opinion": "责令改正"}, BASE, who="乙", minute=2)
    joined = revision({"recorder": "丙"}, corrected, beside, who="丙", minute=3)
    _, fixed, other, last = history([BASE, corrected, beside, joined])
    assert (fixed.kind, fixed.reason) == (Kind.CORRECTION, "笔误")
    assert (other.kind, other.steps[0].rivals) == (Kind.CHANGE, ())
    assert (last.kind, last.joined) == (Kind.MERGE, 2)


def test_what_waits_says_what_was_written_and_claims_nothing_about_before() -> None:
    lost = revision({"place": "一"}, BASE, minute=1)
    held = revision({"place": "二"}, lost, minute=2)
    (entry,) = waiting([held])
    assert [(step.path, step.former, step.value) for step in entry.steps] == [("place", (), "二")]


@pytest.mark.parametrize("people", [1, 3])
def test_five_hundred_revisions_are_read_at_once(people: int) -> None:
    """Every revision writes the same ten paths, the case with most writes to look through."""
    lines = [revision({"place": "原"})] * people
    known = {lines[0].id: lines[0]}
    for number in range(500):
        line = number % people
        changes: dict[str, Written] = {f"answers/{item}/note": f"{number}-{item}" for item in range(10)}
        made = revision(changes, lines[line], who="甲乙丙"[line], minute=number)
        lines[line] = known[made.id] = made
    started = time.process_time()
    entries = history(known.values())
    assert len(entries) == 501
    assert time.process_time() - started < 2, "as long as a person is willing to wait"
