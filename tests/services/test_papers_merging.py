"""One paper filled in on two devices: fields merge by themselves, the same field twice is a question."""

from __future__ import annotations

import pytest

from app.errors import BadInput
from app.models.inspection import Inspection
from app.services import chronicle, disputes, issuing, papers, questions, resolving
from app.services.chronicle_lines import change_lines
from app.services.naming import path_text, value_text
from app.services.workplace import Workplace
from app.sync.documents import read_document
from app.vocabulary import InspectionStatus, InspectionType
from tests.services.neighbours import Neighbours
from tests.services.parcels import VISIT, make_task, make_visit
from tests.services.talks import put_form
from tests.services.test_papers import pages_of


@pytest.fixture
def team(neighbours: Neighbours) -> tuple[Neighbours, str]:
    """A paper begun on the first laptop and handed to the second."""
    them = neighbours
    make_task(them.county, them.laptop.device_id)
    them.give(them.county, them.laptop)
    make_visit(them.laptop, status=InspectionStatus.IN_PROGRESS)
    found = questions.newest(them.laptop, InspectionType.CCC_PRODUCER)
    with them.laptop.write("test") as work:
        visit = work.session.get_one(Inspection, VISIT)
        visit.checklist_id, visit.checklist_version = found.id, found.version
        work.commit()
    put_form(them.laptop)
    put_form(them.second)
    put_form(them.county)
    paper = papers.begin(them.laptop, inspection_id=VISIT, form="talk").key
    them.give(them.laptop, them.second, drafts=True)
    return them, paper


def fill(place: Workplace, paper: str, name: str, value: str, row: str = "", column: str = "") -> None:
    papers.set_field(place, inspection_id=VISIT, paper=paper, name=name, value=value, row=row, column=column)


def question(place: Workplace, paper: str, text: str) -> None:
    row = papers.add_row(place, inspection_id=VISIT, paper=paper, name="talk").key
    fill(place, paper, "talk", text, row, "question")


def kept(place: Workplace, paper: str) -> dict[str, object]:
    found = papers.paper_sheet(place, inspection_id=VISIT, paper=paper).entries
    return {each.entry.id: {row.cells[0].kept for row in each.rows} or each.field.kept for each in found}


def test_different_fields_and_rows_of_two_people_stand_beside_each_other(team):
    them, paper = team
    one, two = them.laptop, them.second
    fill(one, paper, "person", "李芳")
    question(one, paper, "甲？")
    fill(two, paper, "way", "office")
    question(two, paper, "乙？")
    assert them.give(one, two, drafts=True).conflicts == 0
    assert them.give(two, one, drafts=True).conflicts == 0
    for place in (one, two):
        assert kept(place, paper)["person"] == "李芳"
        assert kept(place, paper)["way"] == "office"
        assert kept(place, paper)["talk"] == {"甲？", "乙？"}
    documents = []
    for place in (one, two):
        with place.read() as session:
            documents.append(read_document(session, "inspection", VISIT))
    assert documents[0] == documents[1]


def test_the_same_field_written_differently_is_a_conflict_and_the_paper_a_draft(team):
    them, paper = team
    fill(them.laptop, paper, "person", "李芳")
    fill(them.second, paper, "person", "李方")
    assert them.give(them.laptop, them.second, drafts=True).conflicts == 1
    printed = issuing.print_form(them.second, form="talk", inspection_id=VISIT)
    assert "草稿" in "".join(pages_of(printed.pdf))
    with pytest.raises(BadInput, match=r"sync\.undecided"):
        papers.issue(them.second, inspection_id=VISIT, paper=paper, number="一")


def test_histories_and_conflicts_call_fields_and_values_as_the_form_does(team):
    them, paper = team
    at = {"kind": "inspection", "record_id": VISIT}
    fill(them.laptop, paper, "way", "office")
    question(them.laptop, paper, "甲？")
    fill(them.second, paper, "way", "video")
    them.give(them.laptop, them.second, drafts=True)
    title = f"约谈记录 #{paper[:4]}"
    told = "\n".join(
        line for entry in chronicle.chronicle(them.second, **at) for line in change_lines(entry)
    )  # fmt: skip
    assert f"{title} · 方式：视频" in told
    assert f"{title}：" in told
    assert "· 问 甲？" in told
    assert "文书栏目" not in told
    (field,) = disputes.conflict_detail(them.second, **at)
    assert path_text(field.path, field.papers) == f"{title} · 方式"
    assert {value_text(field.path, each.value, field.papers) for each in field.values} == {"到局", "视频"}
    resolving.resolve(them.second, **at, path=field.path, take="ours", reason="问过")
    (made,) = resolving.decision_rows(them.second, **at)
    assert value_text(made.path, made.value, made.papers) == "视频"
