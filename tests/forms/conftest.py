"""A complete record as the services hand it over, and what was printed from it, read back."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from app.forms.catalog import forms
from app.forms.render import Printed, render

RECORD = "0192f3c4-7a5e-7c31-9b1a-5a2f7c1d9e10"
FINGERPRINT = "ab12cd34ef567890" * 4
SIGNED_AT = datetime(2026, 8, 12, 3, 50, tzinfo=UTC)


def signature(*points: tuple[int, int]) -> bytes:
    """A drawn signature: a PNG with one stroke on a transparent ground."""
    picture = Image.new("RGBA", (400, 160))
    ImageDraw.Draw(picture).line(points, fill=(10, 10, 40, 255), width=8)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def record() -> dict[str, object]:
    """Everything there can be in a record, with the rare characters 𬭎 䶮 𠅤 and 𠀋."""
    return {
        "office": {"name": "宜春市市场监督管理局"},
        "organization": {
            "id": RECORD,
            "name": "江西省䶮𬭎线缆（集团）有限公司𠅤分公司",
            "legal_representative": "王𠀋",
            "phone": "0795-1234567",
            "credit_code": "91360900MA0000000X",
            "address": "江西省宜春市袁州区春风路1888号",
        },
        "inspection": {
            "id": RECORD,
            "number": "宜市监检〔2026〕12号",
            "started_at": datetime(2026, 8, 12, 1, 30, tzinfo=UTC),
            "finished_at": datetime(2026, 8, 12, 3, 45, tzinfo=UTC),
            "place": "生产车间及成品库",
            "category": "double_random",
            "production_status": "normal",
            "previous_rectification": "上次检查的问题已整改到位。",
            "situation": "三号生产线正常生产，随机抽取3卷核对标志。",
            "opinion": "责令限期改正。",
        },
        "officers": [
            {"name": "张三", "credential": "36090012345"},
            {"name": "李四", "credential": "36090012346"},
        ],
        "recorder": "李四",
        "checklist": {
            "title": "强制性产品认证生产企业监督检查清单",
            "version": "2026.1",
            "items": [
                {
                    "id": f"{number // 10 + 1}.{number % 10 + 1}",
                    "section": f"第{number // 10 + 1}部分",
                    "text": f"第{number + 1}项检查内容，核对产品名称、型号规格。",
                    "verdict": ("conforming", "nonconforming", "not_applicable", "not_checked")[number % 4],
                    "note": "1卷未标注证书编号。" if number % 4 == 1 else None,
                    "values": "厚度 0.85 mm",
                    "basis": "《强制性产品认证管理规定》",
                    "penalty": None,
                }
                for number in range(40)
            ],
        },
        "findings": [
            {
                "description": "1卷产品未标注证书编号。",
                "item": "1.2",
                "provision": "《强制性产品认证管理规定》",
                "disposition": ["rectify_by_date", "notify_body"],
            },
            {"description": "台账不全。"},
        ],
        "order": {
            "number": "宜市监责改〔2026〕7号",
            "issued_on": date(2026, 8, 12),
            "facts": "1卷电线未标注认证证书编号。",
            "violated": "《强制性产品认证管理规定》",
            "basis": "《强制性产品认证管理规定》",
            "kind": "by_date",
            "due_on": date(2026, 8, 27),
            "working_days": 11,
            "counted_from": date(2026, 8, 12),
            "requirements": "逐卷核对标注，书面报告整改情况。",
            "reconsideration": "宜春市人民政府",
            "court": "宜春市袁州区人民法院",
            "contact": "张三",
            "contact_phone": "0795-7654321",
        },
        "signatures": [
            {
                "party": "party",
                "name": "王𠀋",
                "state": "refused",
                "reason": "对结论有异议",
                "witness": "赵六",
                "signed_at": SIGNED_AT,
            },
            {
                "party": "officer",
                "name": "张三",
                "state": "signed",
                "image": signature((20, 30), (200, 120), (380, 40)),
                "signed_at": SIGNED_AT,
            },
        ],
        "fingerprint": FINGERPRINT,
        "plan": {"id": RECORD, "year": 2026},
        "record": {"id": RECORD, "kind": "inspection", "title": "江西省䶮𬭎线缆（集团）有限公司𠅤分公司"},
        "history": [{"author": "王𠀋", "changes": "检查地点：一号车间 → 二号车间"}],
    }


@dataclass(frozen=True)
class Sheet:
    """A printed form read back by another library than the one that wrote it."""

    pdf: bytes
    printed: Printed

    @cached_property
    def pages(self) -> list[str]:
        """The text of every page without white space."""
        document = pdfium.PdfDocument(self.pdf)
        texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
        document.close()
        return ["".join(text.split()) for text in texts]

    @property
    def text(self) -> str:
        """The text of all pages without white space."""
        return "".join(self.pages)


@pytest.fixture
def printing() -> Callable[[str, Mapping[str, object] | None], Sheet]:
    """Print a form by its identifier and read it back."""

    def print_form(form: str, data: Mapping[str, object] | None) -> Sheet:
        out = io.BytesIO()
        printed = render(forms()[form], data, out)
        return Sheet(out.getvalue(), printed)

    return print_form
