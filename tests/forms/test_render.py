"""Printed forms, read back: text, fonts, pages, code, signatures."""

from __future__ import annotations

import ctypes
import hashlib
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image

from app.errors import BadInput
from app.forms.catalog import forms
from app.forms.codes import read_code
from app.forms.paper import MM
from app.forms.preview import page_image
from app.forms.render import short

FORMS = tuple(forms())
UNSIGNED = {"record-history", "case-referral", "body-notification", "demonstration-enterprise", "plan-table"}
"""What nobody signs: a history, letters under a seal, tables that go to another office."""


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Base name of every font that a text on a page uses, and whether it is embedded."""
    raw, found = pdfium.raw, {}
    document = pdfium.PdfDocument(pdf)
    for number in range(len(document)):
        for part in document[number].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            font = raw.FPDFTextObj_GetFont(part.raw)
            size = raw.FPDFFont_GetBaseFontName(font, None, 0)
            name = ctypes.create_string_buffer(size)
            raw.FPDFFont_GetBaseFontName(font, name, size)
            found[name.value.decode()] = bool(raw.FPDFFont_GetIsEmbedded(font))
    document.close()
    return found


def codes_of(pdf: bytes, page: int) -> list[str]:
    """What a reader sees in the codes of a page scanned at 200 dpi."""
    width, height, rgba = page_image(pdf, page, 200 / 72)
    picture = Image.frombytes("RGBA", (width, height), rgba).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_every_character_of_the_record_is_in_the_text(printing, record):
    text = printing("inspection-record", record).text
    for part in (record["organization"], record["officers"][0], record["officers"][1]):
        for value in part.values():
            assert value in text
    for shown in (
        "从2026年8月12日09时30分至2026年8月12日11时45分",
        "责令限期改正、通报认证机构",
        "王𠀋",
        "𬭎",
        "䶮",
        "𠅤",
    ):
        assert shown in text


def test_the_checklist_has_every_item_with_its_answer(printing, record):
    sheet = printing("checklist", record)
    for item in record["checklist"]["items"]:
        assert item["text"] in sheet.text
    assert sheet.text.count("1卷未标注证书编号。") == 10
    assert sheet.text.count("实测：厚度0.85mm") == 40
    assert all("检查内容" in page for page in sheet.pages)


def test_the_checklist_bears_its_own_title_and_the_blank_one_a_general_one(printing, record):
    assert "局强制性产品认证生产企业监督检查清单编号" in printing("checklist", record).text
    assert "监督检查表" in printing("checklist", None).text


def test_the_order_says_what_is_to_be_mended_until_when(printing, record):
    text = printing("rectification-order", record).text
    assert "宜市监责改〔2026〕7号" in text
    assert "于2026年8月27日前改正" in text
    assert "向宜春市人民政府申请行政复议" in text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("filled", [True, False])
def test_all_fonts_are_embedded(printing, record, form, filled):
    pdf = printing(form, record if filled else None).pdf
    assert b"Helvetica" not in pdf
    fonts = fonts_of(pdf)
    assert fonts
    assert all(fonts.values())


@pytest.mark.parametrize("form", FORMS)
def test_pages_are_numbered_and_the_result_tells_their_count(printing, record, form):
    record["inspection"]["situation"] = "情况" * 1500
    sheet = printing(form, record)
    assert sheet.printed.pages == len(sheet.pages)
    for number, page in enumerate(sheet.pages, 1):
        assert f"第{number}页共{len(sheet.pages)}页" in page


@pytest.mark.parametrize("form", FORMS)
def test_the_code_on_every_page_leads_to_the_record(printing, record, form):
    sheet = printing(form, record)
    for page in range(sheet.printed.pages):
        (code,) = (read_code(text) for text in codes_of(sheet.pdf, page))
        assert (code.record, code.fingerprint) == (record["inspection"]["id"], record["fingerprint"])
        assert (code.form, code.page, code.pages) == (form, page + 1, sheet.printed.pages)
    assert short(record["fingerprint"]).replace(" ", "") in sheet.pages[0]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_record_gives_the_same_bytes(printing, record, form):
    first, second = printing(form, record), printing(form, record)
    assert first.pdf == second.pdf
    assert first.printed.fingerprint == hashlib.sha256(first.pdf).hexdigest()


def test_three_thousand_characters_flow_over_pages_and_none_is_lost(printing, record):
    record["inspection"]["situation"] = "".join(chr(0x4E00 + number) for number in range(3000))
    sheet = printing("inspection-record", record)
    assert sheet.printed.pages > 1
    assert set(record["inspection"]["situation"]) <= set(sheet.text)
    assert "（续）" in sheet.pages[1]


def test_a_very_long_note_in_the_checklist_is_cut_between_pages(printing, record):
    record["checklist"]["items"][0]["note"] = "".join(chr(0x4E00 + number) for number in range(3000))
    sheet = printing("checklist", record)
    assert set(record["checklist"]["items"][0]["note"]) <= set(sheet.text)


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_form_shows_its_labels_and_no_code(printing, form):
    sheet = printing(form, None)
    assert "None" not in sheet.text
    assert ("签" in sheet.text) is (form not in UNSIGNED)
    assert codes_of(sheet.pdf, 0) == []


@pytest.mark.parametrize("form", ["inspection-record", "rectification-order"])
def test_a_blank_form_is_one_page(printing, form):
    assert printing(form, None).printed.pages == 1


@pytest.mark.parametrize("form", FORMS)
def test_missing_and_empty_values_leave_room(printing, form):
    sheet = printing(form, {"organization": {"name": ""}, "inspection": {"id": None}, "officers": []})
    assert "None" not in sheet.text


def test_blank_questions_can_be_printed_for_one_inspection_type(printing, record):
    kept = ("id", "section", "text", "basis")
    items = [
        {**{name: item[name] for name in kept}, "values": "厚度＿＿＿＿mm"}
        for item in record["checklist"]["items"]
    ]
    text = printing("checklist", {"blank": True, "checklist": {"title": "CCC", "items": items}}).text
    assert items[39]["text"] in text
    assert text.count("厚度＿＿＿＿mm") == 40


def test_a_refused_signature_says_why_and_who_saw_it(printing, record):
    assert "王𠀋拒绝签名。原因：对结论有异议。见证人：赵六。" in printing("inspection-record", record).text


def test_a_stop_behind_a_typed_reason_is_not_printed_twice(printing, record):
    record["signatures"][0] |= {"reason": "对结论有异议。", "witness": "赵六。"}
    text = printing("inspection-record", record).text
    assert "原因：对结论有异议。见证人：赵六。" in text
    assert "。。" not in text


def test_who_signed_the_record_has_not_signed_for_the_order(printing, record):
    assert "拒绝签名" not in printing("rectification-order", record).text
    record["signatures"].append({"party": "recipient", "name": "王𠀋", "state": "refused", "witness": "赵六"})
    assert "王𠀋拒绝签名。见证人：赵六。" in printing("rectification-order", record).text


def test_an_absent_party_is_said_to_be_absent(printing, record):
    record["signatures"] = [{"party": "party", "state": "absent", "reason": "外出"}]
    assert "不在现场。原因：外出。" in printing("inspection-record", record).text


def test_the_witness_has_a_place_only_when_there_is_one(printing, record):
    assert "见证人（签字）" not in printing("inspection-record", record).text
    record["signatures"].append({"party": "witness", "name": "赵六", "state": "signed"})
    assert "见证人（签字）" in printing("inspection-record", record).text


def test_a_drawn_signature_is_on_the_page_as_a_picture(printing, record):
    def pictures(data):
        document = pdfium.PdfDocument(printing("inspection-record", data).pdf)
        count = len(list(document[0].get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE])))
        document.close()
        return count

    assert pictures(record) == 1
    assert pictures({**record, "signatures": []}) == 0


def test_a_picture_that_is_none_is_refused_with_the_name(printing, record):
    record["signatures"][1]["image"] = b"no picture"
    with pytest.raises(BadInput) as caught:
        printing("inspection-record", record)
    assert caught.value.problem.code == "forms.bad_image"
    assert caught.value.problem.values == {"name": "张三"}


def test_a_missing_glyph_refuses_the_whole_form_and_writes_nothing(printing, record):
    record["organization"]["name"] = "江西\U00031350厂"
    with pytest.raises(BadInput) as caught:
        printing("inspection-record", record)
    assert caught.value.problem.values == {"character": "\U00031350", "code_point": "U+31350"}


def test_a_draft_says_so_on_every_page(printing, record):
    record["inspection"]["situation"] = "情况" * 1500
    assert "草稿" not in printing("inspection-record", record).text
    sheet = printing("inspection-record", {**record, "draft": True})
    assert all("草稿" in page for page in sheet.pages)


def test_corrections_are_visible(printing, record):
    record["corrections"] = [
        {
            "at": datetime(2026, 8, 13, 1, 0, tzinfo=UTC),
            "by": "张三",
            "field": "检查地点",
            "before": "车间",
            "after": "成品库",
            "reason": "漏写",
        }
    ]
    text = printing("inspection-record", record).text
    assert "更正记录" in text
    assert "漏写" in text


def test_signatures_are_never_alone_on_a_page(printing, record):
    for length in range(400, 2000, 100):
        record["inspection"]["situation"] = "情" * length
        last = printing("inspection-record", record).pages[-1]
        assert last.index("检查人员") < last.index("检查人员（签字）")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("length", [0, 30, 300, 3000])
def test_nothing_is_drawn_outside_the_margins(printing, record, form, length):
    long = ("检查，“厂”（A1 b-/2026年）。\n" * 200)[:length]
    record["inspection"]["situation"] = record["order"]["facts"] = long
    record["organization"]["name"] = record["signatures"][0]["reason"] = long
    record["checklist"]["items"] = [
        {"id": "1", "section": long[:200], "text": long, "note": long[::-1], "basis": long[:50]}
    ] * 2
    document = pdfium.PdfDocument(printing(form, record).pdf)
    for number in range(len(document)):
        wide, high = document[number].get_size()
        for part in document[number].get_objects():
            left, bottom, right, top = part.get_bounds()
            assert left >= 15 * MM
            assert right <= wide - 15 * MM
            assert bottom >= 6 * MM
            assert top <= high - 15 * MM
    document.close()


def talked(count: int) -> dict[str, object]:
    """Entries of an interview with ``count`` questions."""
    talk = [{"question": f"第{n}问？", "answer": f"第{n}答。"} for n in range(1, count + 1)]
    return {"person": "王𠀋", "matter": "双随机抽查", "talk": talk}


@pytest.mark.parametrize("questions, pages", [(0, 1), (2, 1), (40, 3)])
def test_an_interview_ends_with_a_mark_above_the_signatures_and_leaves_no_white_before(
    printing, record, questions, pages
):
    sheet = printing("interview-record", record | {"paper": talked(questions)})
    texts = sheet.pages
    assert len(texts) == pages
    assert "（以下空白）" in texts[-1]
    assert (
        texts[-1].index("如属实，请逐页签名")
        < texts[-1].index("（以下空白）")
        < texts[-1].index("被询问人（签名或者")
    )
    assert all("空白）" not in text for text in texts[:-1]), "these pages are full"
    assert all(f"第{n}答。" in sheet.text for n in range(1, questions + 1))


def test_a_blank_interview_has_lines_to_write_on_and_no_mark(printing):
    sheet = printing("interview-record", None)
    assert len(sheet.pages) == 2
    assert "空白）" not in sheet.text


def test_what_was_found_on_the_spot_is_closed_behind_its_last_word(printing, record):
    filled = printing("on-site-record", record | {"paper": {"situation": "三号生产线正常生产。"}})
    assert "三号生产线正常生产。（以下空白）" in filled.text
    assert "空白）" not in printing("on-site-record", None).text
