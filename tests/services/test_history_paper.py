"""The printed history: everything that was written stands on it, in words, on as many pages as it takes."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from app.errors import BadInput
from app.forms.codes import read_code
from app.forms.preview import page_image
from app.services import correcting, inspecting, issuing, resolving
from app.services.chronicle import chronicle
from app.services.workplace import Workplace
from tests.conftest import FakeClock
from tests.services.parcels import ORG, VISIT, Pair, edit, receive, send

AT = {"kind": "inspection", "record_id": VISIT}


@pytest.fixture
def disputed(pair: Pair, tmp_path: Path, clock: FakeClock) -> Pair:
    """A finished visit; both wrote its place, and the office knows it."""
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    edit(laptop, "place", "二号车间")
    edit(office, "place", "𬭎业三号车间")
    package = send(laptop, tmp_path)
    clock.move(minutes=1)
    receive(office, package)
    clock.move(minutes=1)
    return pair


def pages_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]


def text_of(place: Workplace) -> str:
    return "".join(pages_of(issuing.print_form(place, form="record-history", inspection_id=VISIT).pdf))


def test_a_record_in_conflict_prints_with_both_hands_marked(disputed: Pair) -> None:
    office, _ = disputed
    text = text_of(office)
    for words in (
        "检查记录宜春市𬭎业电缆厂",
        "有1处两人不一致，尚未定下",
        "【两人不一致】检查地点：一号车间→二号车间（黎国平另写：𬭎业三号车间）",
        "【两人不一致】检查地点：一号车间→𬭎业三号车间（彭建华另写：二号车间）",
        "彭建华（赣C36090001）",
        "2026年8月12日09时31分",
        "检查项1.2：结论不符合；备注无标志",
        "首次封存",
    ):
        assert words in text, words
    assert "草稿" not in text


def test_a_decision_prints_its_reason_and_where_the_packages_went(disputed: Pair, tmp_path: Path) -> None:
    office, laptop = disputed
    resolving.resolve(office, **AT, path="place", take="theirs", reason="与照片核对")
    package = send(office, tmp_path, laptop.device_id)
    text = text_of(office)
    assert "【定下】检查地点：二号车间｜𬭎业三号车间→二号车间" in text
    assert "定下：与照片核对" in text
    assert "没有未定的冲突" in text
    assert f"送出彭建华{package.name}" in text
    assert "尚无回执" in text
    receipt = receive(laptop, package).receipt
    assert receipt is not None
    receive(office, receipt)
    assert "回执：已收到" in text_of(office)


def test_a_finalised_visit_prints_its_corrections_with_reasons(disputed: Pair) -> None:
    _, laptop = disputed
    path = "answers/1.2/verdict"
    correcting.correct(laptop, inspection_id=VISIT, path="opinion", value="责令改正", reason="漏写")
    correcting.correct(laptop, inspection_id=VISIT, path="findings/f1/severity", value="minor", reason="误判")
    text = text_of(laptop)
    assert "处理意见：责令改正漏写" in text
    assert "问题f1·轻重：较重→一般误判" in text
    assert path not in text, "people read words, not paths"


def test_a_long_record_repeats_its_head_and_numbers_its_pages(disputed: Pair, clock: FakeClock) -> None:
    office, _ = disputed
    resolving.resolve(office, **AT, path="place", take="theirs", reason="与照片核对")
    for number in range(60):
        clock.move(hours=7)
        correcting.correct(
            office,
            inspection_id=VISIT,
            path="opinion",
            value=f"第 {number} 稿，𠅤字照印",
            reason=f"理由 {number}",
        )
    printed = issuing.print_form(office, form="record-history", inspection_id=VISIT)
    pages = pages_of(printed.pdf)
    assert len(pages) == printed.pages > 4
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{len(pages)}页" in page
        assert "改动（栏目：原值→新值）" in page or "随数据包的往来" in page
    whole = "".join(pages)
    for number in range(60):
        assert f"第{number}稿，𠅤字照印" in whole
        assert f"理由{number}" in whole


def test_nothing_that_was_written_is_left_off_the_paper(disputed: Pair) -> None:
    office, _ = disputed
    text = text_of(office)
    for entry in chronicle(office, **AT):
        for change in entry.changes:
            if isinstance(change.value, str) and change.path.endswith(
                ("sha256", "description", "place", "name")
            ):
                assert change.value in text


def test_the_paper_leads_back_to_its_record_and_is_the_same_every_time(disputed: Pair) -> None:
    office, _ = disputed
    printed = issuing.print_form(office, form="record-history", inspection_id=VISIT)
    assert issuing.print_history(office, record_id=VISIT) == printed
    assert printed.file_name == "宜春市𬭎业电缆厂-记录履历-2026-08-12-4444.pdf"
    picture = page_image(printed.pdf, 0, 3)
    image = Image.frombytes("RGBA", (picture.width, picture.height), picture.rgba).convert("L")
    (code,) = zxingcpp.read_barcodes(image)
    said = read_code(code.text)
    assert (said.record, said.fingerprint, said.form) == (VISIT, printed.fingerprint, "record-history")


def test_other_kinds_of_record_print_too_and_a_blank_makes_no_sense(disputed: Pair) -> None:
    office, _ = disputed
    text = "".join(pages_of(issuing.print_history(office, kind="organization", record_id=ORG).pdf))
    assert "企业宜春市𬭎业电缆厂" in text
    assert "证书2020010105/1：认证种类强制性产品认证" in text
    with pytest.raises(BadInput, match=r"issuing\.no_blank"):
        issuing.print_blank(form="record-history")


def test_unsealed_changes_stand_on_the_paper_as_such(visit) -> None:
    inspecting.set_header(visit.place, inspection_id=visit.id, opinion="责令改正。")
    printed = issuing.print_form(visit.place, form="record-history", inspection_id=visit.id)
    text = "".join(pages_of(io.BytesIO(printed.pdf).getvalue()))
    assert "有尚未封存的改动" in text
    assert "处理意见：责令改正。" in text
