"""Visits under way go over to another version of their checklist when told to, and can come back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from app.checklists.loader import checklist_bytes
from app.checklists.schema import Checklist, ConclusionRule, Item
from app.checklists.transition import Fate, transition
from app.errors import BadInput
from app.models.inspection import Answer, Evidence, Finding, Inspection, Instance, Measurement
from app.models.journal import JournalEntry
from app.models.planning import Assignment
from app.services import chronicle, evidence, inspecting, instances, moving, questions, sheets
from app.services.workplace import Workplace
from app.vocabulary import Conclusion, InspectionStatus, InspectionType, Verdict
from tests.checklists.trial import trial
from tests.services.conftest import DUTIES, jpeg
from tests.services.parcels import ORG, STARTED, VISIT, introduce, make_task, receive, send

YES, NO = Verdict.CONFORMING, Verdict.NONCONFORMING
OLD = trial()


def item_of(checklist: Checklist, name: str) -> Item:
    found = checklist.item(name)
    assert found is not None
    return found


def question(name: str, text: str, **more: object) -> Item:
    plain = replace(item_of(OLD, "1.2"), condition=None, measures=(), measure=None, check=None)
    return replace(plain, id=name, text=text, **more)


def newer() -> Checklist:
    """1.1 reworded and without its day, 1.2 now 1.5, 1.3 new, 2.1 kept, 2.2 gone."""
    first, second = OLD.sections
    balance = item_of(OLD, "1.1")
    reworded = replace(
        balance, text="产销平衡，账物相符", check=None,
        measures=tuple(each for each in balance.measures if each.id != "seen_on"),
    )  # fmt: skip
    return replace(
        OLD,
        version="2026-9",
        sections=(
            replace(
                first, items=(reworded, question("1.3", "有质量负责人"), question("1.5", "超产原因清楚"))
            ),
            replace(second, items=(item_of(OLD, "2.1"),)),
        ),
        conclusion=(ConclusionRule(Conclusion.CONFORMING),),
    )


NEW = newer()


def keep(place: Workplace, *checklists: Checklist) -> None:
    folder = place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    for each in checklists:
        (folder / f"{each.id}@{each.version}.json").write_bytes(checklist_bytes(each))


@pytest.fixture
def draft(laptop: Workplace) -> Workplace:
    """A visit with the older version: everything answered, a photo at a repeated item, two findings."""
    keep(laptop, OLD, NEW)
    with laptop.write("test") as work:
        work.session.add(
            Inspection(
                id=VISIT, organization_id=ORG, inspection_type=InspectionType.CCC_PRODUCER,
                checklist_id=OLD.id, checklist_version=OLD.version, status=InspectionStatus.IN_PROGRESS,
                office="宜春", subject_name="宜春袁州恒电器有限公司", started_at=STARTED,
            )
        )  # fmt: skip
        work.commit()
    for name, value in (("produced", "500"), ("sold", "120.5"), ("seen_on", "2026-08-12")):
        inspecting.set_value(laptop, inspection_id=VISIT, item="1.1", measure=name, value=value)
    inspecting.answer(laptop, inspection_id=VISIT, item="1.1", verdict=YES)
    inspecting.answer(laptop, inspection_id=VISIT, item="1.2", verdict=NO)
    inspecting.write_note(laptop, inspection_id=VISIT, item="1.2", note="多产没有说明")
    key = instances.add_instance(
        laptop, inspection_id=VISIT, section="2", label="甲证", fields={"number": "A1"}
    ).key
    inspecting.set_value(laptop, inspection_id=VISIT, item=f"2.1@{key}", value="2026-07-01")
    inspecting.answer(laptop, inspection_id=VISIT, item=f"2.1@{key}", verdict=NO)
    inspecting.answer(laptop, inspection_id=VISIT, item=f"2.2@{key}", verdict=NO)
    inspecting.write_note(laptop, inspection_id=VISIT, item=f"2.2@{key}", note="失效后出厂两批")
    evidence.add_photo_bytes(
        laptop, inspection_id=VISIT, data=jpeg(), file_name="出库.jpg",
        link=evidence.Link(item=f"2.2@{key}", finding_key=inspecting.finding_key(f"2.2@{key}")),
    )  # fmt: skip
    return laptop


def state(place: Workplace) -> dict[str, object]:
    """Everything of the visit that has to do with items, keyed as it is stored."""
    with place.read() as session:
        return {
            "version": session.get(Inspection, VISIT).checklist_version,
            "answers": {
                row.item: (row.verdict, row.note, row.value, row.answered_by)
                for row in session.scalars(select(Answer))
            },
            "values": {row.key: row.value for row in session.scalars(select(Measurement))},
            "findings": {
                row.key: (row.item, row.description, row.severity) for row in session.scalars(select(Finding))
            },
            "photos": [(row.item, row.finding_key) for row in session.scalars(select(Evidence))],
            "instances": {row.key: (row.section, row.label) for row in session.scalars(select(Instance))},
        }


def move(place: Workplace, version: str) -> moving.DraftsMoved:
    return moving.move_drafts(place, checklist_id=OLD.id, version=version, inspection_ids=[VISIT])


def only_key(place: Workplace) -> str:
    return next(iter(state(place)["instances"]))


def test_what_a_move_would_mean_is_shown_and_nothing_changes(draft: Workplace) -> None:
    before = state(draft)
    (row,) = moving.drafts_for(draft, checklist_id=OLD.id, version=NEW.version)
    assert (row.inspection_id, row.version) == (VISIT, OLD.version)
    assert [(each.fate, each.before, each.after, each.answered) for each in row.items] == [
        (Fate.REWORDED, "1.1", "1.1", True),
        (Fate.NEW, "", "1.3", False),
        (Fate.MOVED, "1.2", "1.5", True),
        (Fate.KEPT, "2.1", "2.1", True),
        (Fate.DROPPED, "2.2", "", True),
    ]
    assert row.of(Fate.REWORDED)[0].former_text == "产销平衡"
    assert state(draft) == before


def test_answers_follow_their_questions(draft: Workplace) -> None:
    key = only_key(draft)
    done = move(draft, NEW.version)
    assert (done.moved, done.put_aside, done.returned) == (1, 1, 0)
    found = state(draft)
    assert found["version"] == NEW.version
    assert {name: each[:2] for name, each in found["answers"].items()} == {
        "1.1": (YES, ""),
        "1.5": (NO, "多产没有说明"),
        f"2.1@{key}": (NO, ""),
        f"2.2%2026-8@{key}": (NO, "失效后出厂两批"),
    }
    assert found["values"]["1.1.produced"] == "500"
    assert found["values"]["1.1%2026-8.seen_on"] == "2026-08-12"
    assert found["values"][f"2@{key}.number"] == "A1"
    assert found["findings"]["item:1.5"][0] == "1.5"
    assert found["findings"][f"item:2.2%2026-8@{key}"][:2] == ("", "失效后出厂两批")
    assert found["photos"] == [("", f"item:2.2%2026-8@{key}")]


def test_the_sheet_of_a_moved_visit_asks_the_new_version(draft: Workplace) -> None:
    move(draft, NEW.version)
    sheet = sheets.sheet(draft, inspection_id=VISIT)
    rows = {row.number: row for section in sheet.sections for row in section.items}
    assert list(rows) == ["1.1", "1.3", "1.5", "2.1-1"]
    assert (rows["1.3"].verdict, rows["1.5"].verdict, rows["1.5"].note) == (None, NO, "多产没有说明")
    assert [(row.number, row.description) for row in sheet.findings if row.description] == [
        ("1.5", "多产没有说明"),
        ("", "失效后出厂两批"),
    ]
    assert "1.3" in {each.item for each in sheet.missing}


def test_moving_back_brings_everything_back(draft: Workplace) -> None:
    before = state(draft)
    move(draft, NEW.version)
    inspecting.answer(draft, inspection_id=VISIT, item="1.3", verdict=YES)
    done = move(draft, OLD.version)
    assert (done.put_aside, done.returned) == (1, 1)
    after = state(draft)
    assert after["answers"].pop("1.3%2026-9")[0] is YES
    assert after == before


def test_what_was_answered_in_the_new_version_comes_back_there(draft: Workplace) -> None:
    move(draft, NEW.version)
    inspecting.answer(draft, inspection_id=VISIT, item="1.3", verdict=NO)
    inspecting.write_note(draft, inspection_id=VISIT, item="1.3", note="没有任命")
    forth = state(draft)
    move(draft, OLD.version)
    (row,) = moving.drafts_for(draft, checklist_id=OLD.id, version=NEW.version)
    assert [(each.after, each.answered) for each in row.of(Fate.NEW)] == [("1.3", True)]
    move(draft, NEW.version)
    assert state(draft) == forth


def test_a_move_is_one_entry_of_the_journal(draft: Workplace) -> None:
    def entries() -> list[JournalEntry]:
        with draft.read() as session:
            return list(session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)))

    before = len(entries())
    move(draft, NEW.version)
    new = entries()[before:]
    assert [each.action for each in new] == ["checklist.move"]
    detail = json.loads(new[0].detail)
    assert detail["checklist"] == f"{OLD.id}@{NEW.version}"
    assert detail["inspections"] == {VISIT: OLD.version}


def test_an_own_value_that_cannot_be_read_any_more_is_put_aside(draft: Workplace) -> None:
    key = only_key(draft)
    counted = replace(
        item_of(OLD, "2.1"), check=None, measure=replace(item_of(OLD, "2.1").measure, kind="number")
    )
    other = replace(
        NEW, version="2026-10", sections=(NEW.sections[0], replace(NEW.sections[1], items=(counted,)))
    )
    keep(draft, other)
    before = state(draft)
    move(draft, "2026-10")
    found = state(draft)
    assert found["answers"][f"2.1@{key}"][:3] == (NO, "", "")
    assert found["values"][f"2.1%2026-8@{key}."] == "2026-07-01"
    move(draft, OLD.version)
    assert state(draft) == before


def test_an_id_that_asks_something_else_now_takes_no_answer(draft: Workplace) -> None:
    used_anew = question("1.1", "特种设备在检定有效期内")
    other = replace(
        NEW, version="2026-10", sections=(replace(NEW.sections[0], items=(used_anew,)), NEW.sections[1])
    )
    keep(draft, other)
    before = state(draft)
    move(draft, "2026-10")
    found = state(draft)["answers"]
    assert "1.1" not in found
    assert found["1.1%2026-8"][0] is YES
    inspecting.answer(draft, inspection_id=VISIT, item="1.1", verdict=NO)
    move(draft, OLD.version)
    after = state(draft)
    assert after["answers"].pop("1.1%2026-10")[0] is NO
    assert after["findings"].pop("item:1.1%2026-10")[0] == ""
    assert after == before


def test_only_what_is_under_way_moves_and_only_within_its_checklist(draft: Workplace) -> None:
    keep(draft, replace(NEW, version="2027-1", effective_from=date(2027, 1, 1)), replace(NEW, id="other"))

    def refused(checklist: str, version: str) -> str:
        with pytest.raises(BadInput) as error:
            moving.move_drafts(draft, checklist_id=checklist, version=version, inspection_ids=[VISIT])
        return error.value.problem.code

    before = state(draft)
    assert refused(OLD.id, OLD.version) == "authoring.same_checklist"
    assert refused(OLD.id, "2027-1") == "authoring.not_in_force"
    assert refused("other", NEW.version) == "authoring.other_checklist"
    assert refused(OLD.id, "1999") == "checklist.unknown"
    with draft.write("test") as work:
        work.session.get(Inspection, VISIT).status = InspectionStatus.FINALISED
        work.commit()
    assert refused(OLD.id, NEW.version) == "inspecting.sealed"
    assert moving.drafts_for(draft, checklist_id=OLD.id, version=NEW.version) == ()
    assert state(draft) == before


def test_a_renamed_item_is_followed_by_its_earlier_id() -> None:
    renamed = question("3.1", "车间的温度记录完整无缺并经班组长逐日签认")
    other = replace(NEW, sections=(replace(NEW.sections[0], items=(renamed,)), NEW.sections[1]))
    assert transition(OLD, other).items.get("1.2") is None
    named = replace(renamed, formerly=("0.9", "1.2"))
    other = replace(NEW, sections=(replace(NEW.sections[0], items=(named,)), NEW.sections[1]))
    assert transition(OLD, other).items["1.2"] == "3.1"
    assert transition(other, OLD).items["3.1"] == "1.2"


def test_a_repeated_section_that_is_renamed_takes_its_instances_along() -> None:
    other = replace(NEW, sections=(NEW.sections[0], replace(NEW.sections[1], id="9")))
    assert transition(OLD, other).items.get("2.1") is None
    named = replace(other.sections[1], formerly=("2",))
    way = transition(OLD, replace(other, sections=(other.sections[0], named)))
    assert (way.sections["2"], way.items["2.1"]) == ("9", "2.1")


def test_a_moved_visit_reaches_the_office_and_its_history_can_be_read(
    office: Workplace, laptop: Workplace, tmp_path: Path
) -> None:
    introduce(office, laptop, tmp_path)
    keep(laptop, OLD, NEW)
    keep(office, OLD, NEW)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    started = inspecting.start(laptop, duties=DUTIES, assignment_id=_assignment(laptop)).id
    with laptop.write("test") as work:
        inspection = work.session.get(Inspection, started)
        inspection.checklist_id, inspection.checklist_version = OLD.id, OLD.version
        work.commit()
    inspecting.set_value(laptop, inspection_id=started, item="1.1", measure="seen_on", value="2026-08-12")
    inspecting.answer(laptop, inspection_id=started, item="1.2", verdict=NO)
    receive(office, send(laptop, tmp_path / "一.cyb", drafts=True))
    moving.move_drafts(laptop, checklist_id=OLD.id, version=NEW.version, inspection_ids=[started])
    done = receive(office, send(laptop, tmp_path / "二.cyb", drafts=True))
    assert (done.conflicts, done.refused) == (0, 0)
    with office.read() as session:
        assert session.get(Inspection, started).checklist_version == NEW.version
        assert [row.item for row in session.scalars(select(Answer))] == ["1.5"]
        aside = [row.key for row in session.scalars(select(Measurement)) if "%" in row.key]
        assert aside == ["1.1%2026-8.seen_on"]
    assert sheets.sheet(office, inspection_id=started).header.checklist_version == NEW.version
    for place in (office, laptop):
        assert chronicle.chronicle(place, kind="inspection", record_id=started)


def _assignment(place: Workplace) -> str:
    with place.read() as session:
        return session.scalars(select(Assignment.id)).one()


def test_visits_of_one_version_share_their_items_and_keep_their_own_answers(draft: Workplace) -> None:
    with draft.write("test") as work:
        first = work.session.get_one(Inspection, VISIT)
        told = {each.key: getattr(first, each.key) for each in inspect(Inspection).column_attrs}
        work.session.add_all(Inspection(**{**told, "id": letter * 32}) for letter in "xy")
        work.session.flush()
        work.session.add(Answer(inspection_id="y" * 32, item="1.2", verdict=YES))
        work.commit()
    rows = {
        row.inspection_id[0]: row
        for row in moving.drafts_for(draft, checklist_id=OLD.id, version=NEW.version)
    }
    assert [each.answered for each in rows["x"].items] == [False] * 5
    assert [each.before for each in rows["y"].items if each.answered] == ["1.2"]
    assert rows["x"].items[0] is rows["y"].items[0], "hundreds of visits hold no item of their own"
