"""The view is a function of the set of revisions: no order, no repetition, no clock changes it."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.sync.revision import GONE, Author, Sealed, Written, body_of, compose, opened
from app.sync.view import EMPTY, advanced, view

RECORD, START = "a" * 32, datetime(2026, 8, 12, 1, 30, tzinfo=UTC)
PATHS = ("place", "opinion", "answers/1", "answers/1/note", "answers/2/note")


def revision(changes: dict[str, Written], *parents: Sealed, who: str = "甲", minute: int = 0) -> Sealed:
    made = compose(
        "inspection", RECORD, changes, tuple(parent.id for parent in parents),
        author=Author(who, who), device="b" * 32, made_at=START + timedelta(minutes=minute),
    )  # fmt: skip
    return opened(body_of(made), b"")


@st.composite
def histories(draw: st.DrawFn) -> list[Sealed]:
    """Random histories: each revision has any earlier ones as parents."""
    made: list[Sealed] = []
    for number in range(draw(st.integers(1, 9))):
        values = st.sampled_from(["一", "二", GONE])
        changes: dict[str, Written] = {}
        for path in draw(st.sets(st.sampled_from(PATHS), min_size=1)):
            value = draw(values)
            changes[path] = True if path == "answers/1" and value is not GONE else value
        parents = draw(st.sets(st.sampled_from(range(len(made))), max_size=3)) if made else set()
        made.append(revision(changes, *(made[each] for each in parents), who="甲乙丙"[number % 3]))
    return made


@given(histories(), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(history: list[Sealed], chance: random.Random) -> None:
    shuffled = [*history, *chance.sample(history, chance.randrange(len(history) + 1))]
    chance.shuffle(shuffled)
    assert view(shuffled) == view(history)


@given(histories())
def test_one_step_leads_where_the_whole_way_leads(history: list[Sealed]) -> None:
    """Revision by revision, or all at once: values, their order, heads and conflicts are the same."""
    seen, past = EMPTY, dict[str, set[str]]()
    for each in {each.id: each for each in history}.values():
        parents = each.revision.parents
        past[each.id] = set(parents).union(*(past[parent] for parent in parents))
        seen = advanced(seen, each, past[each.id])
        whole = view([known for known in history if known.id in past])
        assert seen == whole
        assert list(seen.values) == list(whole.values)


@given(histories())
def test_nothing_is_lost(history: list[Sealed]) -> None:
    """A write survives, or a descendant wrote the same path."""
    seen = view(history)
    known = {each.id: each.revision for each in history}

    def descends(later: str, earlier: str) -> bool:
        parents = known[later].parents
        return earlier in parents or any(descends(parent, earlier) for parent in parents)

    for each, revision_of in known.items():
        for path in revision_of.changes:
            survives = any(claim.revision == each for claim in seen.values[path])
            part = path if path.count("/") == 1 else ""
            replaced = any(
                descends(other, each)
                and (path in known[other].changes or any(p.startswith(f"{part}/") for p in known[other].set))
                for other in known
            )
            assert survives or replaced


@given(st.lists(st.dictionaries(st.sampled_from(PATHS[:2]), st.text(max_size=3), min_size=1), min_size=1))
def test_a_linear_chain_is_the_last_write(steps: list[dict[str, str]]) -> None:
    chain: list[Sealed] = []
    expected: dict[str, str] = {}
    for number, step in enumerate(steps):
        chain.append(revision(dict(step), *chain[-1:], minute=-number))
        expected |= step
    seen = view(chain)
    assert seen.document() == expected
    assert not seen.conflicts
    assert seen.heads == (chain[-1].id,)


BASE = revision({"place": "原", "findings/1": True, "findings/1/description": "旧"})


def test_two_people_writing_different_values_is_a_conflict_with_both_kept() -> None:
    one = revision({"place": "一"}, BASE, who="甲", minute=1)
    two = revision({"place": "二"}, BASE, who="乙", minute=2)
    seen = view([BASE, one, two])
    assert seen.conflicts == ("place",)
    assert {(claim.value, claim.author) for claim in seen.values["place"]} == {("一", "甲"), ("二", "乙")}
    assert seen.shown("place") == "二"


def test_equal_values_are_no_conflict() -> None:
    one, two = revision({"place": "同"}, BASE, who="甲"), revision({"place": "同"}, BASE, who="乙")
    assert view([BASE, one, two]).conflicts == ()


def test_true_and_one_are_different_values() -> None:
    one, two = revision({"rights_told": True}, BASE), revision({"rights_told": 1}, BASE)
    assert view([BASE, one, two]).conflicts == ("rights_told",)


def test_a_decision_replaces_every_claim() -> None:
    one, two = revision({"place": "一"}, BASE), revision({"place": "二"}, BASE)
    decided = revision({"place": "三"}, one, two)
    assert view([two, decided, BASE, one]).document()["place"] == "三"


def test_removing_against_editing_is_a_conflict_and_loses_no_column() -> None:
    removed = revision({"findings/1": GONE}, BASE, who="甲")
    edited = revision({"findings/1/severity": "major"}, BASE, who="乙", minute=1)
    seen = view([BASE, removed, edited])
    assert seen.conflicts == ("findings/1",)
    kept = revision({"findings/1": True}, removed, edited)
    assert view([BASE, removed, edited, kept]).document() == {
        "place": "原",
        "findings/1": True,
        "findings/1/description": "旧",
        "findings/1/severity": "major",
    }
    dropped = revision({"findings/1": GONE}, removed, edited)
    assert view([BASE, removed, edited, dropped]).document() == {"place": "原"}


def test_what_is_said_about_a_removed_part_is_no_conflict() -> None:
    one = revision({"findings/1/description": "一"}, BASE)
    two = revision({"findings/1/description": "二"}, BASE)
    assert view([BASE, one, two]).conflicts == ("findings/1/description",)
    assert view([BASE, one, two, revision({"findings/1": GONE}, one, two)]).conflicts == ()


def test_sets_unite() -> None:
    one = revision({"evidence/x": True, "evidence/x/sha256": "1" * 64}, BASE)
    two = revision({"evidence/y": True, "evidence/y/sha256": "2" * 64}, BASE)
    seen = view([BASE, one, two])
    assert not seen.conflicts
    assert seen.document().keys() >= {"evidence/x", "evidence/y"}


def test_a_record_of_two_thousand_revisions() -> None:
    chain: list[Sealed] = [BASE]
    for number in range(2000):
        chain.append(revision({"place": str(number), "opinion": "x"}, chain[-1]))
    assert view(reversed(chain)).document()["place"] == "1999"
