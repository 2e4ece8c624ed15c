"""Orders at the command line: listed, their citations written, issued or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

from app import bootstrap
from app.clock import local_date
from app.services import enforcing, findings, inspecting
from app.services.enforcing import OrderTerms
from app.services.sheets import sheet
from app.vocabulary import Verdict
from tests.cli.conftest import PASSPHRASE, Console
from tests.services.conftest import DUTIES, add_target


@dataclass(frozen=True)
class Lacking:
    """A draft whose basis has no article."""

    visit: str
    key: str


@pytest.fixture
def lacking(laptop_home: Path, monkeypatch: pytest.MonkeyPatch) -> Lacking:
    """A laptop with the draft."""
    monkeypatch.setenv("CHAYAN_HOME", str(laptop_home))
    with bootstrap.open_home(laptop_home, PASSPHRASE) as place:
        visit = inspecting.start(place, duties=DUTIES, assignment_id=add_target(place)).id
        item = sheet(place, inspection_id=visit).sections[0].items[0].id
        inspecting.answer(place, inspection_id=visit, item=item, verdict=Verdict.NONCONFORMING)
        inspecting.write_note(place, inspection_id=visit, item=item, note="台账缺三页")
        [finding] = sheet(place, inspection_id=visit).findings
        values = findings.FindingValues(penalty="organic-rules-2022/penalties")
        findings.update_finding(place, inspection_id=visit, key=finding.key, values=values)
        terms = OrderTerms(requirements="补齐台账", at_once=True, confirmed_by="彭建华")
        made = enforcing.draft_order(place, inspection_id=visit, finding_keys=[finding.key], terms=terms)
    return Lacking(visit, made.key)


def test_an_order_without_its_article_is_refused_with_the_remedy(console: Console, lacking: Lacking) -> None:
    listed = console("order", "list").out
    assert "条款没有写条号" in listed
    assert [word for word in listed.split() if word in ("文书编号", "证书编号", "整改期限", "本级期限")] == [
        "文书编号",
        "整改期限",
    ]
    refused = console("order", "issue", lacking.visit, lacking.key, "--number", "17", "--json")
    assert refused.code == 3
    [problem] = refused.document["problems"]
    assert (problem["code"], problem["where"]["column"]) == ("enforcing.no_article", "basis")
    assert "条号待核" in problem["message"]
    assert "order cite" in problem["remedy"]

    part = console(
        "order", "cite", lacking.visit, lacking.key, "--basis", "《某办法》罚则章（条号待核）", "--json"
    )
    assert part.document["lacking"] == ["basis"]
    console("order", "cite", lacking.visit, lacking.key, "--basis", "《某办法》第三条")
    where = ("order", "issue", lacking.visit, lacking.key, "--number", "17", "--json")
    assert "早于前一步" in console(*where, "--on", "2020-08-12").document["problems"][0]["message"]
    today = local_date(datetime.now(UTC)).isoformat()
    issued = console(*where, "--on", today)
    assert (issued.code, issued.document["number"]) == (0, "17")
    [row] = console("order", "list", lacking.visit, "--json").document["orders"]
    assert (row["basis"], row["issued_on"], row["lacking"]) == ("《某办法》第三条", today, [])


def test_a_draft_still_prints_with_its_mark(console: Console, lacking: Lacking, tmp_path: Path) -> None:
    out = tmp_path / "draft.pdf"
    done = console("form", "print", lacking.visit, "--form", "rectification-order", "-o", out)
    assert done.code == 0
    assert "草稿" in _text(out)


def test_nothing_to_write_is_wrong_usage(console: Console, lacking: Lacking) -> None:
    assert console("order", "cite", lacking.visit, lacking.key, "--basis", " ").code == 2


def _text(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)
