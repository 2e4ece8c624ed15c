"""Steps kept as plain words: they come back as they were, and one that no longer stands is told apart."""

from __future__ import annotations

import json
from datetime import date

import pytest

from app.services import evidence, evidence_removal, findings, inspecting, kept_steps, sheets
from app.services.evidence import Link
from app.services.findings import FindingValues
from app.services.step_rows import HEADER, columns, evidence_rows, without_instance
from app.services.stepping import FindingState, ItemState, Standing
from app.vocabulary import Disposition, ProductionStatus, Severity, Verdict
from tests.services.conftest import Visit, jpeg

YES, NO = Verdict.CONFORMING, Verdict.NONCONFORMING


def item(verdict: Verdict | None, note: str = "", **measures: str) -> Standing:
    return Standing(ItemState("1.1", verdict, note, "", tuple(measures.items())))


def holds(visit: Visit, *steps: tuple[Standing, Standing]) -> list[bool]:
    """Newest first, as kept_steps wants them."""
    return list(kept_steps.still_standing(visit.place, inspection_id=visit.id, steps=steps))


def test_every_kind_comes_back_from_plain_json(visit: Visit) -> None:
    where = {"inspection_id": visit.id}
    evidence.add_photo_bytes(visit.place, **where, data=jpeg(), file_name="a.jpg", link=Link(item="1.1"))
    [row] = evidence.rows(visit.place, **where)
    told = Standing(
        ItemState("1.1", NO, "备注", "3", (("width", "12"),)),
        FindingState("item:1.1", "1.1", "不符", Severity.MINOR, Disposition.ON_SITE_GUIDANCE, "a b", ""),
        (
            columns(HEADER, "", production_status=ProductionStatus.STOPPED, approval_on=date(2026, 8, 1)),
            *evidence_rows(visit.place, **where, keys=[row.key]),
        ),
    )
    for standing in (told, Standing(), Standing(ItemState("2.2", None, "", ""))):
        kept = json.loads(json.dumps(kept_steps.told(standing)))
        assert kept_steps.standing_from(kept) == standing


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"item": None, "finding": None, "rows": [["answers", "1.1", [["lost_column", 1]]]]},
        {"item": {"item": "1.1"}, "finding": None, "rows": []},
        {"item": None, "finding": None, "rows": [["nothing", "", []]]},
        {"item": {"item": "1.1", "verdict": "maybe", "measures": []}, "finding": None, "rows": []},
    ],
)
def test_what_another_build_kept_otherwise_is_refused(state: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        kept_steps.standing_from(state)


def test_a_step_stands_as_long_as_what_it_changed_does(visit: Visit) -> None:
    where = {"inspection_id": visit.id, "item": "1.1"}
    nothing, yes = item(None), item(YES)
    assert holds(visit, (yes, nothing)) == [True], "an answer that was never given has no row"
    inspecting.answer(visit.place, **where, verdict=YES)
    assert holds(visit, (nothing, yes)) == [True]
    inspecting.write_note(visit.place, **where, note="同事记的")
    assert holds(visit, (nothing, yes)) == [True], "a note says nothing against the verdict"
    inspecting.answer(visit.place, **where, verdict=NO)
    assert holds(visit, (nothing, yes)) == [False]


def test_of_two_steps_on_one_thing_only_the_newest_is_asked(visit: Visit) -> None:
    inspecting.answer(visit.place, inspection_id=visit.id, item="1.1", verdict=NO)
    nothing, yes, no = item(None), item(YES), item(NO)
    assert holds(visit, (yes, no), (nothing, yes)) == [True, True]
    assert holds(visit, (no, yes), (nothing, no)) == [False, True], "what was lost ends at what it touched"


def test_an_older_step_on_a_row_that_is_gone_by_a_newer_one_still_counts(visit: Visit) -> None:
    words = ("不符", Severity.MINOR, Disposition.ON_SITE_GUIDANCE, "", "")
    finding = FindingState("item:1.1", "1.1", *words)
    inspecting.answer(visit.place, inspection_id=visit.id, item="1.1", verdict=YES)
    opened = Standing(item(NO).item, finding)
    assert holds(visit, (opened, item(YES)), (item(None), opened)) == [True, True]


def test_findings_evidence_and_the_header_are_judged_too(visit: Visit) -> None:
    place, where = visit.place, {"inspection_id": visit.id}
    key = findings.add_finding(place, **where, values=FindingValues(description="无台账")).id
    row = next(each for each in sheets.sheet(place, **where).findings if each.key == key)
    words = (row.description, row.severity, row.disposition, row.provision, row.penalty)
    added = Standing(finding=FindingState(key, row.item, *words))
    evidence.add_photo_bytes(place, **where, data=jpeg(), file_name="a.jpg")
    [photo] = evidence.rows(place, **where)
    taken = Standing(rows=evidence_rows(place, **where, keys=[photo.key]))
    inspecting.set_header(place, **where, place="仓库")
    moved = (
        Standing(rows=(columns(HEADER, "", place=""),)),
        Standing(rows=(columns(HEADER, "", place="仓库"),)),
    )

    steps = ((Standing(), added), (Standing(), taken), moved)
    assert holds(visit, *steps) == [True, True, True]
    findings.remove_finding(place, **where, key=key)
    evidence_removal.remove(place, **where, keys=[photo.key])
    inspecting.set_header(place, **where, place="车间")
    assert holds(visit, *steps) == [False, False, False]
    back = ((added, Standing()), (taken, Standing()))
    assert holds(visit, *back) == [True, True], "they are gone, as a step back left them"


def test_a_removed_instance_is_gone_and_what_hung_on_it_too(visit: Visit) -> None:
    whole = (columns("instances", "k", label="证书"), columns("answers", "2.1@k", verdict=YES))
    gone = Standing(rows=whole), Standing(rows=without_instance(whole))
    assert holds(visit, gone) == [True]
    assert holds(visit, gone[::-1]) == [False]
