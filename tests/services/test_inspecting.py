"""A visit from its start to the seal, and corrections after it."""

import pytest
from sqlalchemy import select

from app.errors import BadInput
from app.models.inspection import Correction, Finding
from app.models.people import Person
from app.models.revisions import RecordState, Revision
from app.services import (
    casework,
    correcting,
    enforcing,
    findings,
    inspecting,
    sheet_rows,
    sheets,
    visits,
)
from app.services.enforcing import OrderTerms
from app.services.findings import FindingValues
from app.vocabulary import (
    Disposition,
    InspectionStatus,
    InspectionType,
    ProductionStatus,
    TaskSource,
    Verdict,
)


def items(visit) -> dict[str, sheet_rows.ItemRow]:
    return {row.id: row for part in visit.sheet().sections for row in part.items}


def first_item(visit) -> str:
    return next(iter(items(visit)))


def test_a_visit_keeps_its_subject_as_it_was_and_its_team(visit):
    header = visit.sheet().header
    assert (header.subject_name, header.subject_code) == ("宜春袁州恒𬭎电器有限公司", "914403001922038216")
    assert header.status is InspectionStatus.IN_PROGRESS
    assert visit.sheet().officers == (("赣C36090001", "彭建华"), ("赣C36090002", "易晓燕"))


def test_a_task_is_started_once(visit):
    with pytest.raises(BadInput, match=r"inspecting\.already_started"):
        inspecting.start(visit.place, duties=inspecting.Duties(TaskSource.DAILY),
                         assignment_id=visit.sheet().header.assignment_id)  # fmt: skip


@pytest.mark.parametrize(
    "officers, code",
    [
        ((), "too_few_officers"),
        (("赣C36090001",), "too_few_officers"),
        (("赣C36090001", "赣C36090001"), "too_few_officers"),
        (("赣C36090001", "赣C0"), "unknown_officer"),
    ],
)
def test_a_visit_needs_two_known_officers(visit, officers, code):
    organization = visit.sheet().header.organization_id
    with pytest.raises(BadInput, match=rf"inspecting\.{code}"):
        inspecting.start(visit.place, duties=inspecting.Duties(TaskSource.LEAD), organization_id=organization,
                         inspection_type=InspectionType.CCC_PRODUCER, officers=officers)  # fmt: skip


def test_an_answer_is_durable_and_can_be_taken_back(visit):
    item = first_item(visit)
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.CONFORMING)
    assert items(visit)[item].verdict is Verdict.CONFORMING
    assert items(visit)[item].answered_at == visit.place.now()
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=None)
    assert items(visit)[item].verdict is None


def test_a_nonconformity_opens_a_finding_that_follows_the_note(visit):
    item = first_item(visit)
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note="台账缺三页")
    [finding] = visit.sheet().findings
    assert (finding.item, finding.description) == (item, "台账缺三页")
    assert finding.disposition is items(visit)[item].dispositions[0]
    assert finding.provision_text

    values = FindingValues(description="出货台账缺 3 至 5 月", disposition=Disposition.RECTIFY_BY_DATE)
    findings.update_finding(visit.place, inspection_id=visit.id, key=finding.key, values=values)
    inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note="又看了一遍")
    assert visit.sheet().findings[0].description == "出货台账缺 3 至 5 月"

    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.CONFORMING)
    assert visit.sheet().findings == ()


def test_an_ordered_finding_cannot_be_answered_away(visit):
    item = first_item(visit)
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.NONCONFORMING)
    key = visit.sheet().findings[0].key
    terms = OrderTerms(requirements="补齐", at_once=True, confirmed_by="彭建华")
    enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=[key], terms=terms)
    with pytest.raises(BadInput, match=r"inspecting\.finding_ordered"):
        inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.CONFORMING)
    assert items(visit)[item].verdict is Verdict.NONCONFORMING


def test_items_follow_the_production_status(visit):
    before = items(visit).keys()
    inspecting.set_header(visit.place, inspection_id=visit.id, production_status=ProductionStatus.STOPPED)
    assert items(visit).keys() != before


def test_finishing_lists_everything_that_is_missing(visit):
    with pytest.raises(BadInput, match=r"inspecting\.incomplete"):
        inspecting.finish(visit.place, inspection_id=visit.id)
    codes = {each.code for each in visit.sheet().missing}
    assert codes == {
        "production_status", "situation", "opinion", "product_class", "unanswered",
        "officer_signature", "party_signature",
    }  # fmt: skip


def test_white_space_fills_nothing_in(visit):
    visit.fill_header()
    inspecting.set_header(visit.place, inspection_id=visit.id, situation=" \u3000\n", place=" ")
    assert {"situation", "place"} <= {each.code for each in visit.sheet().missing}


def finish_clean(visit) -> None:
    visit.fill_header()
    visit.answer_all()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)


def test_a_complete_visit_is_finished_sealed_and_signed(visit):
    finish_clean(visit)
    assert visit.sheet().header.status is InspectionStatus.FINALISED
    with visit.place.read() as session:
        [revision] = session.scalars(select(Revision).where(Revision.record_id == visit.id))
        assert visit.place.vault.public.verify(revision.signature, revision.body)


def test_a_finding_to_rectify_needs_its_order_before_the_end(visit):
    visit.fill_header()
    item = first_item(visit)
    visit.answer_all(nonconforming=item)
    visit.sign_all()
    values = FindingValues(disposition=Disposition.RECTIFY_BY_DATE)
    key = visit.sheet().findings[0].key
    findings.update_finding(visit.place, inspection_id=visit.id, key=key, values=values)
    assert [each.code for each in visit.sheet().missing] == ["order"]
    terms = OrderTerms(requirements="补齐台账", working_days=10, confirmed_by="彭建华")
    enforcing.draft_order(visit.place, inspection_id=visit.id, finding_keys=[key], terms=terms)
    assert visit.sheet().missing == ()


def test_a_sealed_visit_takes_no_more_answers(visit):
    finish_clean(visit)
    item = first_item(visit)
    for step in (
        lambda: inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=None),
        lambda: inspecting.write_note(visit.place, inspection_id=visit.id, item=item, note="x"),
        lambda: inspecting.set_header(visit.place, inspection_id=visit.id, opinion="x"),
    ):
        with pytest.raises(BadInput, match=r"inspecting\.sealed"):
            step()


def test_a_correction_stays_visible_and_adds_a_revision(visit):
    finish_clean(visit)
    item = first_item(visit)
    path = f"answers/{item}/verdict"
    correcting.correct(visit.place, inspection_id=visit.id, path=path, value="not_checked", reason="误点")
    assert items(visit)[item].verdict is Verdict.NOT_CHECKED
    with visit.place.read() as session:
        [kept] = session.scalars(select(Correction))
        assert (kept.path, kept.former, kept.value, kept.reason) == (
            path,
            "conforming",
            "not_checked",
            "误点",
        )
        assert len(session.scalars(select(Revision.id).where(Revision.record_id == visit.id)).all()) == 2


def test_correcting_a_nonconformity_away_takes_its_finding_out_of_the_count(visit):
    item = first_item(visit)
    visit.fill_header()
    visit.answer_all(nonconforming=item)
    values = FindingValues(disposition=Disposition.ON_SITE_GUIDANCE)
    findings.update_finding(
        visit.place, inspection_id=visit.id, key=visit.sheet().findings[0].key, values=values
    )
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    path = f"answers/{item}/verdict"
    correcting.correct(visit.place, inspection_id=visit.id, path=path, value="conforming", reason="复核")
    with visit.place.read() as session:
        assert session.scalars(select(Finding.confirmed)).all() == [False]


def test_correcting_to_a_nonconformity_brings_its_finding_into_the_count(visit):
    finish_clean(visit)
    item = first_item(visit)
    path = f"answers/{item}/verdict"
    correcting.correct(visit.place, inspection_id=visit.id, path=path, value="nonconforming", reason="复核")
    [finding] = visit.sheet().findings
    assert (finding.item, finding.confirmed) == (item, True)
    assert finding.provision


@pytest.mark.parametrize(
    "path, value, reason, code",
    [
        ("situation", "x", " ", "reason_missing"),
        ("status", "approved", "想改", "unknown_path"),
        ("answers/99.9/verdict", "conforming", "想改", "unknown_path"),
        ("production_status", "busy", "想改", "unknown_word"),
        ("production_status", "", "想改", "value_missing"),
        ("opinion", " ", "想改", "value_missing"),
    ],
)
def test_only_known_things_are_corrected_and_with_a_reason(visit, path, value, reason, code):
    finish_clean(visit)
    with pytest.raises(BadInput, match=rf"inspecting\.{code}"):
        correcting.correct(visit.place, inspection_id=visit.id, path=path, value=value, reason=reason)


def test_an_inspector_cannot_approve_his_own_visit(visit):
    finish_clean(visit)
    with pytest.raises(BadInput, match=r"inspecting\.not_reviewer"):
        inspecting.review(visit.place, inspection_id=visit.id, approve=True)


def test_lists_find_a_visit_by_part_of_name_or_code(visit):
    for query in ("恒𬭎", "192203", ""):
        assert visits.inspection_ids(visit.place, query=query) == (visit.id,)
    assert visits.inspection_ids(visit.place, query="%") == ()
    [row] = visits.inspection_rows(visit.place, [visit.id, "unknown"])
    assert (row.officers, row.findings, row.in_conflict) == ("彭建华、易晓燕", 0, False)


def test_the_last_visit_stands_beside_the_item(visit, clock):
    item = first_item(visit)
    visit.fill_header()
    visit.answer_all(nonconforming=item)
    findings.update_finding(
        visit.place, inspection_id=visit.id, key=visit.sheet().findings[0].key,
        values=FindingValues(disposition=Disposition.ON_SITE_GUIDANCE),
    )  # fmt: skip
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    clock.move(days=90)
    again = inspecting.start(
        visit.place, duties=inspecting.Duties(TaskSource.DAILY), organization_id=visit.sheet().header.organization_id,
        inspection_type=InspectionType.CCC_PRODUCER, officers=("赣C36090001", "赣C36090002"),
    )  # fmt: skip
    second = sheets.sheet(visit.place, inspection_id=again.id)
    row = next(row for part in second.sections for row in part.items if row.id == item)
    assert (row.last_time.verdict, row.last_time.note) == (
        Verdict.NONCONFORMING,
        "电源适配器实物与证书附件不一致",
    )
    assert (second.year.nth, second.year.total, second.year.told) == (2, 2, 0)


def test_people_known_by_the_home_are_not_doubled(visit):
    with visit.place.read() as session:
        credentials = session.scalars(select(Person.credential).order_by(Person.credential)).all()
    assert credentials == ["赣C36090001", "赣C36090002"]


def test_a_record_in_conflict_is_not_changed_unseen(visit):
    item = first_item(visit)
    with visit.place.write("test.conflict") as work:
        work.session.add(
            RecordState(
                record_kind="inspection", record_id=visit.id, heads="[]", conflicts="[]", in_conflict=True
            )
        )
        work.commit()
    lead = casework.Lead(cause="3", facts="成品库有未认证产品")
    for step in (
        lambda: inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.CONFORMING),
        lambda: inspecting.set_header(visit.place, inspection_id=visit.id, opinion="x"),
        lambda: casework.note_lead(visit.place, inspection_id=visit.id, lead=lead),
    ):
        with pytest.raises(BadInput, match=r"sync\.undecided"):
            step()
    assert "conflict" in {each.code for each in visit.sheet().missing}
