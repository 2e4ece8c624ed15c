"""The paper of an examination names the device, the time, what was looked at and what was met."""

from __future__ import annotations

import pypdfium2

from app.services import upkeep
from app.services.health_paper import health_data, health_paper
from tests.services.conftest import Visit, jpeg


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    said = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    return said


def test_a_sound_home_says_what_was_looked_at(laptop, clock):
    findings = upkeep.verify(laptop)
    clock.move(hours=3)
    printed = health_paper(laptop, findings=findings)
    said = text_of(printed.pdf)
    assert (printed.pages, printed.file_name) == (1, "体检记录-2026-08-12.pdf")
    for words in (
        "2026年8月12日09时30分",
        "".join(laptop.vault.public.fingerprint.split()),
        laptop.owner.name,
        "检查人员",
        "数据库各页和索引",
        "操作日志的前后相接",
        "证据文件与登记的校验值",
        "检查清单、文书、法规与字体",
        "完好，没有发现问题",
        "证据0件（不含签名和扫描件）",
    ):
        assert words in said
    assert "发现0处" not in said
    assert all(row["amount"] for row in health_data(laptop, findings)["checks"]), "each says how much"
    assert "发现的问题和提示" not in said


def test_what_was_met_stands_there_with_its_check_and_remedy(visit: Visit):
    place = visit.place
    sha256 = place.evidence.put_bytes(jpeg())
    orphan = upkeep.verify(place)
    assert "提示1处" in text_of(health_paper(place, findings=orphan).pdf)
    next((place.home / "evidence").rglob(f"{sha256[:2]}*{sha256[-2:]}*")).write_bytes(b"broken")
    findings = upkeep.verify(place)
    said = text_of(health_paper(place, findings=findings).pdf)
    assert not findings.ok
    assert "发现1处问题" in said
    assert findings.problems[0].where.file[:16] in said
    (row,) = [some for name, some in zip(findings.checked, findings.met, strict=True) if name == "evidence"]
    assert row == findings.problems
