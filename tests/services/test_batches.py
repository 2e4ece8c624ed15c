"""All papers of a day in one file or a folder; stopped, it leaves no half file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from app.errors import BadInput
from app.services import batches, evidence, inspecting, issuing, papers
from app.services.evidence import Link
from app.vocabulary import InspectionType
from tests.services.conftest import DUTIES, Visit, add_target, jpeg
from tests.services.talks import put_form

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
    assert (done.papers, done.visits) == (3, 2)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    text = text_of(done.path)
    assert len(pages_of(done.path)) == done.pages
    assert [text.count(word) for word in ("检查记录表", "约谈记录", "次日厂")] == [2, 1, 0]
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


def test_where_nothing_is_to_be_printed_it_says_so(visits, tmp_path):
    first, second = visits
    wanted = batches.papers_of(first.place, inspection_ids=[second.id], forms=["talk", "rectification-order"])
    assert wanted == ()
    with pytest.raises(BadInput, match=r"batches\.nothing"):
        batches.print_batch(first.place, wanted=wanted, out=tmp_path / "day.pdf")


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
