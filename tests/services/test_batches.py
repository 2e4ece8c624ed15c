"""All papers of a day in one file or a folder; stopped, it leaves no half file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from app.errors import BadInput
from app.services import batches, evidence, inspecting, issuing, papers
from app.services.evidence import Link
from app.services.left_out import left_out_lines
from app.vocabulary import InspectionType
from tests.services.conftest import DUTIES, Visit, add_target, jpeg
from tests.services.talks import TALK, put_form

DAY = date(2026, 8, 12)


@pytest.fixture
def visits(visit: Visit) -> tuple[Visit, Visit]:
    """Two visits of one day, the first with a paper of the office's own form; a third the day after."""
    place = visit.place
    put_form(place)
    papers.begin(place, inspection_id=visit.id, form="talk")
    other = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place, "袁州第二电器厂")).id
    return visit, Visit(place, other)


def pages_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def text_of(path: Path) -> str:
    return "".join(pages_of(path))


def test_a_day_s_papers_come_in_one_file(visits, tmp_path, clock):
    first, second = visits
    place = first.place
    clock.move(days=1)
    inspecting.start(place, duties=DUTIES, assignment_id=add_target(place, "次日厂"))
    chosen = batches.visits_on(place, day=DAY)
    assert set(chosen) == {first.id, second.id}
    wanted = batches.papers_of(place, inspection_ids=chosen, forms=["inspection-record", "talk"])
    seen: list[tuple[int, int]] = []
    done = batches.print_batch(
        place, wanted=wanted, out=tmp_path / "day.pdf", progress=lambda *step: seen.append(step)
    )
    assert (done.papers, done.visits, done.left_out) == (4, 2, ())
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    text = text_of(done.path)
    assert len(pages_of(done.path)) == done.pages
    assert [text.count(word) for word in ("检查记录表", "约谈记录", "次日厂")] == [2, 2, 0]
    assert text.count("袁州第二电器厂") >= 1


def test_each_paper_can_be_a_file_of_its_own(visits, tmp_path):
    first, second = visits
    wanted = batches.papers_of(first.place, inspection_ids=[second.id, first.id], forms=["inspection-record"])
    batches.print_batch(first.place, wanted=wanted, out=tmp_path / "papers", one_file=False)
    assert sorted(path.name for path in (tmp_path / "papers").iterdir()) == [
        "001-袁州第二电器厂-检查记录表.pdf",
        "002-宜春袁州恒𬭎电器有限公司-检查记录表.pdf",
    ]


def test_stopped_it_leaves_no_file(visits, tmp_path):
    first, second = visits
    wanted = batches.papers_of(first.place, inspection_ids=[first.id, second.id])
    answers = iter([False, False, True])
    with pytest.raises(BadInput, match=r"sync\.cancelled"):
        batches.print_batch(
            first.place, wanted=wanted, out=tmp_path / "day.pdf", cancelled=lambda: next(answers)
        )
    assert list(tmp_path.glob("day*")) == []


def test_stopped_a_folder_keeps_what_was_finished_and_says_so(visits, tmp_path):
    first, second = visits
    wanted = batches.papers_of(
        first.place, inspection_ids=[first.id, second.id], forms=["inspection-record", "checklist"]
    )
    answers = iter([False, False, True])
    with pytest.raises(BadInput, match=r"batches\.stopped") as told:
        batches.print_batch(
            first.place, wanted=wanted, out=tmp_path / "day", one_file=False,
            cancelled=lambda: next(answers),
        )  # fmt: skip
    left = sorted((tmp_path / "day").iterdir())
    assert told.value.problem.values["count"] == len(left) == 2


def test_a_second_batch_into_a_folder_writes_nothing_over(visits, tmp_path):
    first, _ = visits
    wanted = batches.papers_of(first.place, inspection_ids=[first.id], forms=["inspection-record"])
    for _ in range(3):
        batches.print_batch(first.place, wanted=wanted, out=tmp_path / "day", one_file=False)
    name = "001-宜春袁州恒𬭎电器有限公司-检查记录表"
    assert {path.name for path in (tmp_path / "day").iterdir()} == {
        f"{name}.pdf", f"{name}(2).pdf", f"{name}(3).pdf",
    }  # fmt: skip


def test_where_nothing_is_to_be_printed_it_says_why_and_of_whom(visits, tmp_path):
    first, second = visits
    forms = ["rectification-order", "follow-up-record", "service-receipt", "record-history"]
    wanted = batches.papers_of(first.place, inspection_ids=[second.id], forms=forms)
    with pytest.raises(BadInput, match=r"batches\.all_left_out") as told:
        batches.print_batch(first.place, wanted=wanted, out=tmp_path / "day.pdf")
    whose = "：袁州第二电器厂"
    assert set(str(told.value.problem.values["told"]).split("；")) == {
        f"《整改复查记录》这次检查还没有登记过复查{whose}",
        f"《责令改正通知书》这次检查还没有责令改正通知书{whose}",
        f"《记录履历》不能成批打印{whose}",
        f"《送达回证》这次检查还没有可以送达的文书{whose}",
    }
    with pytest.raises(BadInput, match=r"batches\.nothing"):
        batches.print_batch(first.place, wanted=(), out=tmp_path / "day.pdf")
    assert list(tmp_path.glob("day*")) == []


def test_a_named_form_is_printed_prefilled_where_it_was_not_begun(visits, tmp_path):
    first, second = visits
    place, form = first.place, "on-site-record"
    wanted = batches.papers_of(place, inspection_ids=[first.id, second.id], forms=[form])
    done = batches.print_batch(place, wanted=wanted, out=tmp_path / "day", one_file=False)
    assert (done.papers, done.visits, done.left_out) == (2, 2, ())
    for visit, file in zip(visits, sorted(done.path.iterdir()), strict=True):
        alone = tmp_path / "alone.pdf"
        alone.write_bytes(issuing.print_form(place, form=form, inspection_id=visit.id).pdf)
        assert pages_of(file) == pages_of(alone)
    assert [papers.paper_rows(place, inspection_id=each.id) for each in visits[1:]] == [()], "none is begun"


OF_OTHER_VISITS = TALK.replace(
    'id = "talk"', 'id = "other-visits"\noffered = "inspection.category?complaint"', 1
).replace("[fields]", '[fields]\n"inspection.category" = { meaning = "任务来源" }')


def test_all_of_a_day_names_every_paper_that_nobody_began(visits, tmp_path):
    first, second = visits
    put_form(first.place, OF_OTHER_VISITS, "other.toml")
    wanted = batches.papers_of(first.place, inspection_ids=[first.id, second.id])
    done = batches.print_batch(first.place, wanted=wanted, out=tmp_path / "day.pdf")
    told = {(each.inspection_id, each.form): each.problem.code for each in done.left_out}
    kept = {row.id for row in issuing.form_rows(first.place) if row.kept and row.about == "inspection"}
    kept -= {"other-visits"}
    assert {
        form for (key, form), code in told.items() if (key, code) == (second.id, batches.NOT_BEGUN)
    } == kept
    assert {form for key, form in told if key == first.id} == {
        *(kept - {"talk"}), "evidence-sheet", "service-receipt",
    }  # fmt: skip
    assert told[second.id, "evidence-sheet"] == batches.NO_PHOTOS
    both = "宜春袁州恒𬭎电器有限公司、袁州第二电器厂"
    lines = left_out_lines(done.left_out)
    assert f"《现场笔录》还没有填写：{both}" in lines
    assert "《约谈记录》还没有填写：袁州第二电器厂" in lines
    text = text_of(done.path)
    assert [text.count(word) for word in ("现场笔录", "约谈记录")] == [0, 1]


def test_two_visits_of_one_enterprise_are_told_apart_by_their_days(visits, clock, tmp_path):
    first, _ = visits
    place = first.place
    clock.move(days=1)
    again = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place)).id
    wanted = batches.papers_of(place, inspection_ids=[first.id, again])
    done = batches.print_batch(place, wanted=wanted, out=tmp_path / "day.pdf")
    name = "宜春袁州恒𬭎电器有限公司"
    assert f"《现场笔录》还没有填写：{name} 2026-08-12、{name} 2026-08-13" in left_out_lines(done.left_out)


def test_what_does_not_fit_a_visit_is_named_when_it_was_asked_for(visits, tmp_path):
    first, _ = visits
    put_form(first.place, OF_OTHER_VISITS, "other.toml")
    forms = ["inspection-record", "other-visits", "evidence-sheet"]
    wanted = batches.papers_of(first.place, inspection_ids=[first.id], forms=forms)
    done = batches.print_batch(first.place, wanted=wanted, out=tmp_path / "day.pdf")
    assert [(each.form, each.problem.code) for each in done.left_out] == [
        ("evidence-sheet", batches.NO_PHOTOS),
        ("other-visits", batches.NOT_FITTING),
    ]


def test_an_unknown_identifier_refuses_the_whole_batch_and_is_named(visits, tmp_path):
    first, _ = visits
    for wanted in (
        batches.Batch(visits=(first.id, "no-visit"), organizations=("no-firm",)),
        batches.Batch(plans=("no-visit", "no-firm")),
    ):
        with pytest.raises(BadInput, match=r"batches\.unknown") as told:
            wanted.papers(first.place)
        assert told.value.problem.values["ids"] == "no-visit、no-firm"


def test_a_history_has_no_blank_paper_and_says_so(laptop, tmp_path):
    wanted = batches.Batch(forms=("record-history", "checklist"), copies=3).papers(laptop)
    done = batches.print_batch(laptop, wanted=wanted, out=tmp_path / "blank.pdf")
    assert done.papers == 3
    assert left_out_lines(done.left_out) == ("《记录履历》记录履历没有空白件",)


def test_blank_forms_come_behind_the_filled_ones_with_the_questions_of_the_visits(visits, tmp_path):
    first, second = visits
    place, ids = first.place, [first.id, second.id]
    types = batches.types_of(place, inspection_ids=ids)
    assert types == (InspectionType.CCC_PRODUCER,)
    forms = ["inspection-record", "checklist"]
    filled = batches.papers_of(place, inspection_ids=ids, forms=forms)
    blank = batches.blanks_of(place, forms=forms, inspection_types=types, copies=2)
    done = batches.print_batch(place, wanted=[*filled, *blank], out=tmp_path / "both.pdf")
    assert (done.papers, done.visits) == (8, 2)
    pages = pages_of(done.path)
    titles = [page for page in pages if "第1页共" in page]
    assert len(titles) == 8
    assert ["恒𬭎" in page or "第二电器厂" in page for page in titles] == [True] * 4 + [False] * 4
    assert sum("强制性产品认证生产企业" in page for page in titles[4:]) == 2


def test_blank_forms_alone_need_no_visit_and_every_form_that_can_be_blank_is_there(laptop, tmp_path):
    blank = batches.blanks_of(laptop)
    done = batches.print_batch(laptop, wanted=blank, out=tmp_path / "blank", one_file=False)
    titles = {row.title for row in issuing.form_rows(laptop) if not row.of_history}
    assert (done.papers, done.visits) == (len(titles), 0)
    names = sorted(path.name for path in done.path.iterdir())
    assert {name.removesuffix(".pdf").split("-")[2] for name in names} == titles
    assert names[0].startswith("001-空白-")


def test_stopped_before_a_blank_form_it_leaves_no_file(laptop, tmp_path):
    answers = iter([False, True])
    with pytest.raises(BadInput, match=r"sync\.cancelled"):
        batches.print_batch(
            laptop, wanted=batches.blanks_of(laptop), out=tmp_path / "b.pdf", cancelled=lambda: next(answers)
        )
    assert list(tmp_path.glob("b*")) == []


PHOTOS = """
id = "photos"
title = "现场照片"
version = "1"
source = "本局"
about = "evidence"
[fields]
"inspection.id" = { meaning = "编号" }
"photos" = { meaning = "照片" }
"photos.image" = { meaning = "图" }
"photos.rotation" = { meaning = "转向" }
"photos.number" = { meaning = "序号" }
"photos.caption" = { meaning = "说明" }
"photos.hash" = { meaning = "校验值" }
[[blocks]]
kind = "heading"
text = "现场照片"
[[blocks]]
kind = "photos"
rows = "photos"
per_page = 4
caption = "照片 {item.number}：{item.caption}\\n{item.hash}"
"""


def test_photographs_are_printed_four_to_a_page_turned_as_they_were_looked_at(visits, tmp_path, clock):
    visit, _ = visits
    place = visit.place
    put_form(place, PHOTOS, "photos.toml")
    for number in range(6):
        clock.move(minutes=1)
        added = evidence.add_photo_bytes(
            place, inspection_id=visit.id, data=jpeg(size=(640 + number, 480)), file_name=f"{number}.jpg",
            link=Link(),
        )  # fmt: skip
        evidence.describe(
            place,
            inspection_id=visit.id,
            key=added.keys[0],
            caption=f"第{number}张",
            rotation=90 * (number % 2),
        )
    wanted = batches.papers_of(place, inspection_ids=[visit.id, visits[1].id], forms=["photos"])
    done = batches.print_batch(place, wanted=wanted, out=tmp_path / "photos.pdf")
    assert (done.papers, done.pages, done.visits) == (1, 2, 1)
    document = pypdfium2.PdfDocument(done.path)
    sizes = [
        [item.get_px_size() for item in page.get_objects() if isinstance(item, pypdfium2.PdfImage)]
        for page in document
    ]
    document.close()
    assert [len(page) for page in sizes] == [4, 2]
    assert [wide > high for page in sizes for wide, high in page] == [True, False] * 3
    text = text_of(done.path)
    assert all(f"第{number}张" in text for number in range(6))
