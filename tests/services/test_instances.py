"""Repeated sections of a visit: instances come, are named, ordered and go; values stand by themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from sqlalchemy import select

from app.checklists.loader import checklist_bytes
from app.errors import BadInput
from app.models.inspection import Evidence, Finding, Inspection, Instance, Measurement
from app.models.registry import Certificate
from app.models.revisions import Revision
from app.services import (
    correcting,
    enforcing,
    evidence,
    inspecting,
    instances,
    issuing,
    merging,
    questions,
    scoring,
    sealing,
)
from app.services.enforcing import OrderTerms
from app.services.sheet_rows import SectionRow
from app.services.workplace import Workplace
from app.vocabulary import (
    CertificateStatus,
    Conclusion,
    InspectionStatus,
    InspectionType,
    Scheme,
    TaskSource,
    Verdict,
)
from app.wording import sentence
from tests.checklists.trial import trial
from tests.conftest import FakeClock
from tests.services.conftest import DUTIES, Visit, add_target, jpeg
from tests.services.parcels import ORG, STARTED, VISIT, introduce, make_task, receive, send

YES, NO = Verdict.CONFORMING, Verdict.NONCONFORMING


def know_trial(place: Workplace) -> None:
    """Have the office's newer checklist, which repeats a section for each certificate."""
    folder = place.home / questions.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / "trial@2026-8.json").write_bytes(checklist_bytes(trial()))


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    """A visit by the trial checklist to an organization with two CCC certificates and an organic one."""
    know_trial(laptop)
    assignment = add_target(laptop)
    with laptop.write("test.more") as work:
        one = work.session.scalars(select(Certificate)).one()
        one.expires_on, one.status = date(2026, 12, 31), CertificateStatus.VALID
        others = (("2023010708696170", Scheme.CCC), ("001OP1200001", Scheme.ORGANIC))
        work.session.add_all(
            Certificate(organization_id=one.organization_id, number=number, scheme=scheme,
                        status=CertificateStatus.VALID, expires_on=date(2026, 7, 31))
            for number, scheme in others
        )  # fmt: skip
        work.commit()
    return Visit(laptop, inspecting.start(laptop, duties=DUTIES, assignment_id=assignment).id)


def groups(visit: Visit) -> list[SectionRow]:
    return [section for section in visit.sheet().sections if section.group is not None]


def keys(visit: Visit) -> list[str]:
    return [section.instance.key for section in groups(visit) if section.instance is not None]


def refused(code: str):
    return pytest.raises(BadInput, match=rf"inspecting\.{code}")


def test_a_visit_begins_with_the_certificates_of_its_scheme(visit: Visit) -> None:
    first, second = groups(visit)
    assert [section.title for section in (first, second)] == ["2023010708696170", "2024010708696171"]
    assert first.instance is not None
    assert {row.entry.id: row.value for row in first.instance.fields} == {
        "number": "2023010708696170", "expires_on": "2026-07-31", "status": "有效",
    }  # fmt: skip
    assert first.group is not None
    assert (first.group.title, first.group.count, first.group.left_out) == ("抽查的证书", 2, 0)
    assert [row.number for row in first.items] == ["2.1-1"]


def test_two_devices_that_begin_one_visit_name_its_certificates_alike(visit: Visit) -> None:
    organization = visit.sheet().header.organization_id
    other = inspecting.start(
        visit.place, duties=inspecting.Duties(TaskSource.DAILY), organization_id=organization,
        inspection_type=InspectionType.CCC_PRODUCER, officers=("赣C36090001", "赣C36090002"),
    )  # fmt: skip
    assert keys(Visit(visit.place, other.id)) == keys(visit)


def test_instances_are_added_named_ordered_and_removed(visit: Visit) -> None:
    place, where = visit.place, {"inspection_id": visit.id}
    added = instances.add_instance(
        place, **where, section="2", label=" 现场出示的证 ", fields={"number": "201９x"}
    )
    assert groups(visit)[2].title == "现场出示的证"
    row = groups(visit)[2].instance
    assert row is not None
    assert [each.value for each in row.fields] == ["2019X", "", ""]
    instances.rename_instance(place, **where, key=added.key, label="")
    assert groups(visit)[2].title == "抽查的证书 3"
    instances.order_instances(place, **where, keys=[added.key])
    assert keys(visit)[0] == added.key
    assert groups(visit)[0].items[0].number == "2.1-1"
    instances.remove_instance(place, **where, key=added.key)
    assert len(keys(visit)) == 2
    with place.read() as session:
        assert [m.key for m in session.scalars(select(Measurement)) if added.key in m.key] == []


@pytest.mark.parametrize(
    "step, code",
    [
        (lambda p, w: instances.add_instance(p, **w, section="1"), "no_repeat"),
        (lambda p, w: instances.rename_instance(p, **w, key="none", label="x"), "unknown_instance"),
        (lambda p, w: instances.order_instances(p, **w, keys=["none"]), "unknown_instance"),
        (lambda p, w: instances.remove_instance(p, **w, key="none"), "unknown_instance"),
        (lambda p, w: instances.add_instance(p, **w, section="2", fields={"colour": "x"}), "unknown_field"),
        (lambda p, w: inspecting.answer(p, **w, item="2.1@none", verdict=YES), "unknown_item"),
        (lambda p, w: inspecting.write_note(p, **w, item="2.1@none", note="x"), "unknown_item"),
        (lambda p, w: inspecting.set_value(p, **w, item="1.1", value="1", measure="none"), "no_measure"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(visit: Visit, step, code: str) -> None:
    with refused(code):
        step(visit.place, {"inspection_id": visit.id})


def test_no_more_instances_than_the_checklist_wants(visit: Visit) -> None:
    instances.add_instance(visit.place, inspection_id=visit.id, section="2")
    with refused("too_many_instances") as caught:
        instances.add_instance(visit.place, inspection_id=visit.id, section="2")
    assert "3" in sentence(caught.value).message


def test_too_few_instances_are_missed(visit: Visit) -> None:
    for key in keys(visit):
        instances.remove_instance(visit.place, inspection_id=visit.id, key=key)
    [empty] = groups(visit)
    assert (empty.id, empty.items, empty.instance) == ("2", (), None)
    assert empty.group is not None
    assert empty.group.left_out == 2
    assert ("instances_missing", None, "抽查的证书") in [
        (m.code, m.item, m.subject) for m in visit.sheet().missing
    ]


def test_an_instance_with_answers_goes_only_when_told_to_and_leaves_its_photos(visit: Visit) -> None:
    place, key = visit.place, keys(visit)[0]
    item, where = f"2.1@{key}", {"inspection_id": visit.id}
    inspecting.answer(place, **where, item=item, verdict=NO)
    evidence.add_photo_bytes(place, **where, data=jpeg(), file_name="1.jpg", link=evidence.Link(item=item))
    with refused("instance_answered"):
        instances.remove_instance(place, **where, key=key)
    assert instances.content_of(place, **where, key=key) == instances.Content(1, 1, 1, 0)
    instances.remove_instance(place, **where, key=key, confirmed=True)
    assert visit.sheet().findings == ()
    assert len(keys(visit)) == 1
    with place.read() as session:
        assert session.scalars(select(Evidence.item)).all() == [""]


def test_an_instance_with_an_ordered_finding_stays(visit: Visit) -> None:
    place, key, where = visit.place, keys(visit)[0], {"inspection_id": visit.id}
    inspecting.answer(place, **where, item=f"2.1@{key}", verdict=NO)
    terms = OrderTerms(requirements="补齐", at_once=True, confirmed_by="彭建华")
    enforcing.draft_order(place, **where, finding_keys=[visit.sheet().findings[0].key], terms=terms)
    with refused("instance_ordered"):
        instances.remove_instance(place, **where, key=key, confirmed=True)


def test_values_of_several_kinds_are_kept_and_hinted_at(visit: Visit) -> None:
    place, where = visit.place, {"inspection_id": visit.id}
    first = keys(visit)[0]
    inspecting.set_value(place, **where, item=f"2.1@{first}", value="2026年8月1日")
    row = groups(visit)[0].items[0]
    assert row.value == "2026-08-01"
    assert row.hint is not None
    assert (row.hint.verdict, row.hint.doubted) == (NO, False)
    assert "2026-07-31" in row.hint.text
    instances.set_field(place, **where, key=first, field="expires_on", value="2026-12-31")
    hint = groups(visit)[0].items[0].hint
    assert hint is not None
    assert hint.verdict is YES
    with pytest.raises(BadInput, match=r"checklist\.bad_date"):
        inspecting.set_value(place, **where, item=f"2.1@{first}", value="bald")


def test_an_answer_against_the_numbers_is_asked_about_and_not_refused(visit: Visit) -> None:
    place, where = visit.place, {"inspection_id": visit.id}
    for measure, value in (("produced", "100"), ("sold", "120.5")):
        inspecting.set_value(place, **where, item="1.1", value=value, measure=measure)
    inspecting.answer(place, **where, item="1.1", verdict=YES)
    [doubt] = visit.sheet().doubts
    assert (doubt.code, doubt.item) == ("hint_contradicted", "1.1")
    assert "20.5" in doubt.subject
    assert "1.1" not in {each.item for each in visit.sheet().missing}


def test_a_whole_visit_is_finished_concluded_printed_and_corrected(visit: Visit) -> None:
    place, where = visit.place, {"inspection_id": visit.id}
    for measure in ("produced", "sold"):
        inspecting.set_value(place, **where, item="1.1", value="50", measure=measure)
    inspecting.answer(place, **where, item="1.1", verdict=YES)
    for key in keys(visit):
        inspecting.set_value(place, **where, item=f"2.1@{key}", value="2026-07-01")
        inspecting.answer(place, **where, item=f"2.1@{key}", verdict=YES)
    visit.fill_header()
    visit.sign_all()
    assert visit.sheet().missing == ()
    concluded = visit.sheet().conclusion
    assert concluded is not None
    assert (concluded.result, concluded.open_items) == (Conclusion.CONFORMING, 0)
    inspecting.finish(place, **where)

    printed = issuing.print_form(place, form="checklist", inspection_id=visit.id)
    with pypdfium2.PdfDocument(printed.pdf) as paper:
        text = "".join("".join(page.get_textpage().get_text_range() for page in paper).split())
    for said in ("2024010708696171", "2.1-2", "产量50千克", "抽查的证书1"):
        assert said in text, said

    path = "measurements/1.1.sold/value"
    correcting.correct(place, **where, path=path, value="40", reason="看错一行")
    with place.read() as session:
        assert session.get_one(Measurement, (visit.id, "1.1.sold")).value == "40"
    with pytest.raises(BadInput, match=r"checklist\.bad_value"):
        correcting.correct(place, **where, path=path, value="viel", reason="再改")


def test_what_was_sealed_about_a_removed_instance_stays_in_the_history(visit: Visit) -> None:
    place, key, where = visit.place, keys(visit)[0], {"inspection_id": visit.id}
    inspecting.answer(place, **where, item=f"2.1@{key}", verdict=YES)
    with place.write("test.seal") as work:
        sealing.seal(work, place, "inspection", visit.id)
        work.commit()
    instances.remove_instance(place, **where, key=key, confirmed=True)
    with place.write("test.seal") as work:
        sealing.seal(work, place, "inspection", visit.id)
        work.commit()
    with place.read() as session:
        bodies = [body.decode() for body in session.scalars(select(Revision.body).order_by(Revision.made_at))]
    assert any(f"answers/2.1@{key}/verdict" in body for body in bodies)
    assert sum(f"instances/{key}" in body for body in bodies) >= 2


# ---- two devices


@pytest.fixture
def shared(office: Workplace, laptop: Workplace, tmp_path: Path, clock) -> tuple[Workplace, Workplace]:
    """An office and a laptop that both have one visit in progress by the trial checklist."""
    for place in (office, laptop):
        know_trial(place)
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    with laptop.write("test") as work:
        work.session.add_all(
            [
                Inspection(
                    id=VISIT, organization_id=ORG, inspection_type=InspectionType.CCC_PRODUCER,
                    checklist_id="trial", checklist_version="2026-8", status=InspectionStatus.IN_PROGRESS,
                    subject_name="厂", started_at=STARTED,
                ),
                Instance(inspection_id=VISIT, key="aa", section="2", label="甲", sequence=1),
            ]
        )  # fmt: skip
        work.commit()
    receive(office, send(laptop, tmp_path, drafts=True))
    clock.move(minutes=1)
    return office, laptop


def test_two_measures_of_one_item_filled_in_at_once_do_not_contradict(shared, tmp_path: Path) -> None:
    office, laptop = shared
    inspecting.set_value(office, inspection_id=VISIT, item="1.1", value="100", measure="produced")
    inspecting.set_value(laptop, inspection_id=VISIT, item="1.1", value="90", measure="sold")
    instances.set_field(laptop, inspection_id=VISIT, key="aa", field="number", value="2024010708696171")
    receive(office, send(laptop, tmp_path, drafts=True))
    assert merging.conflict_rows(office) == ()
    entries = Visit(office, VISIT).sheet().sections[0].items[0].measures
    assert [row.value for row in entries] == ["100", "90", ""]


def test_an_answer_outlives_the_removal_of_its_instance_elsewhere(shared, tmp_path: Path) -> None:
    office, laptop = shared
    instances.remove_instance(office, inspection_id=VISIT, key="aa")
    inspecting.answer(laptop, inspection_id=VISIT, item="2.1@aa", verdict=NO)
    receive(office, send(laptop, tmp_path, drafts=True))
    found = Visit(office, VISIT)
    assert keys(found) == ["aa"]
    assert groups(found)[0].title == "抽查的证书 1"
    inspecting.answer(office, inspection_id=VISIT, item="2.1@aa", verdict=YES)
    instances.remove_instance(office, inspection_id=VISIT, key="aa", confirmed=True)
    assert keys(found) == []
    with office.read() as session:
        assert session.scalars(select(Finding)).all() == []


# ---- scoring


def codes(taken: merging.Imported) -> set[str]:
    return {each.code for each in taken.remarks}


def score_table(path: Path, *rows: tuple[object, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in (("条目", "分值", "规则"), *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_a_scoring_table_is_taken_in_at_the_office_and_shown_on_the_laptop(
    visit: Visit, office: Workplace, tmp_path: Path
) -> None:
    know_trial(office)
    introduce(office, visit.place, tmp_path)
    path = score_table(tmp_path / "分值.xlsx", ("1.1", 10, "缺一项扣两分"), ("2.1", 5), ("7.7", 1))
    done = scoring.import_scoring(office, path=path, checklist_id="trial", version="2026-8")
    assert visit.sheet().score is None
    taken = receive(visit.place, send(office, tmp_path / "任务.cyb", visit.place.device_id))
    assert (taken.problem, codes(taken)) == (None, set())
    assert done.items == 2
    assert [(each.code, each.where.row) for each in done.problems] == [
        ("checklist.scoring_unknown_item", 4), ("checklist.scoring_incomplete", None),
    ]  # fmt: skip
    inspecting.answer(visit.place, inspection_id=visit.id, item="1.1", verdict=YES)
    score = visit.sheet().score
    assert score is not None
    assert (score.earned, score.possible, score.source) == ("10", "20", "分值.xlsx")
    row = visit.sheet().sections[0].items[0]
    assert (row.points, row.scoring_rule) == ("10", "缺一项扣两分")


def test_the_table_taken_in_last_counts_in_whatever_order_packages_come(
    visit: Visit, office: Workplace, clock: FakeClock, tmp_path: Path
) -> None:
    know_trial(office)
    introduce(office, visit.place, tmp_path)
    sent = []
    for points in (10, 20):
        path = score_table(tmp_path / f"{points}.xlsx", ("1.1", points))
        scoring.import_scoring(office, path=path, checklist_id="trial", version="2026-8")
        sent.append(send(office, tmp_path / f"{points}.cyb", visit.place.device_id))
        clock.move(hours=1)
    for path in (sent[1], sent[0]):
        assert "sync.bad_content" not in codes(receive(visit.place, path))
    assert visit.sheet().sections[0].items[0].points == "20"


def test_only_the_office_sets_points(visit: Visit, tmp_path: Path) -> None:
    path = score_table(tmp_path / "分值.xlsx", ("1.1", 10))
    with pytest.raises(BadInput, match=r"authoring\.not_the_office"):
        scoring.import_scoring(visit.place, path=path, checklist_id="trial", version="2026-8")


def test_a_scoring_table_as_csv_and_one_with_nothing(office: Workplace, tmp_path: Path) -> None:
    know_trial(office)
    path = tmp_path / "分值.csv"
    path.write_text("条目,分值,规则\n1.1,2.5,\n", "utf8")
    where = {"checklist_id": "trial", "version": "2026-8"}
    assert scoring.import_scoring(office, path=path, **where, dry_run=True).items == 1
    assert scoring.kept(office) == ()
    path.write_text("条目,分值,规则\nx,1,\n", "utf8")
    with pytest.raises(BadInput, match=r"checklist\.scoring_empty"):
        scoring.import_scoring(office, path=path, **where)
    with pytest.raises(BadInput, match=r"checklist\.unknown"):
        scoring.import_scoring(office, path=path, checklist_id="trial", version="1")
