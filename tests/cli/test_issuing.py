"""Papers issued at the command line: numbered, dated, refused as long as something is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest

from app import bootstrap
from app.clock import local_date
from app.services import configuring, inspecting
from tests.cli.conftest import PASSPHRASE, Console
from tests.services.conftest import DUTIES, add_target

TALK = ("--form", "admonition")
FILLED = (
    "kind=行政约谈", "started_at=2026-08-12 09:40", "facts=台账缺三页", "content=已说明后果",
    "requirements=一周内补齐", "asked_state=签名",
)  # fmt: skip


@pytest.fixture
def visit(office_home: Path) -> str:
    """A visit under way in the office's home, whose mark for numbers is set."""
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        configuring.configure(place, office_mark="宜")
    with bootstrap.open_home(office_home, PASSPHRASE) as place:
        return inspecting.start(place, duties=DUTIES, assignment_id=add_target(place)).id


def filled(console: Console, visit: str) -> str:
    """A paper with everything that is required; its key."""
    given = [part for each in FILLED for part in ("--set", each)]
    said = console("form", "fill", visit, *TALK, *given, "--json").document
    assert said["missing"] == []
    return said["paper"]


def refusal(console: Console, *command: object) -> tuple[int, str]:
    """The exit code and the code of the one problem."""
    said = console(*command, "--json")
    [problem] = said.document["problems"]
    return said.code, problem["code"]


def test_a_paper_is_issued_under_the_next_number_of_its_series(
    console: Console, visit: str, tmp_path
) -> None:
    issue, today = ("form", "issue", visit, *TALK), local_date(datetime.now(UTC))
    key = filled(console, visit)
    done = console(*issue, "--json")
    number = f"宜市监约谈〔{today.year}〕1号"
    assert (done.code, done.document) == (
        0,
        {
            "form": "admonition",
            "record": visit,
            "paper": key,
            "number": number,
            "issued_on": today.isoformat(),
        },
    )
    out = tmp_path / "约谈.pdf"
    assert console("form", "print", visit, *TALK, "--paper", key, "-o", out).code == 0
    with pypdfium2.PdfDocument(out) as document:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    assert number in text
    assert "草稿" not in text
    assert refusal(console, *issue) == (3, "papers.none_to_issue")
    assert refusal(console, *issue, "--paper", key) == (3, "papers.closed")

    second = filled(console, visit)
    assert refusal(console, *issue, "--number", number) == (3, "numbering.taken")
    told = console(*issue, "--number", "宜市监约谈〔2026〕9号").out
    assert told.strip() == "已出具《行政告诫（约谈）记录》宜市监约谈〔2026〕9号"
    assert second != key


def test_what_is_not_ready_is_not_issued(console: Console, visit: str) -> None:
    issue = ("form", "issue", visit, *TALK)
    assert refusal(console, *issue) == (3, "papers.none_to_issue")
    console("form", "fill", visit, *TALK, "--set", "kind=行政约谈")
    assert refusal(console, *issue) == (3, "papers.missing")
    filled(console, visit)
    ahead = local_date(datetime.now(UTC)) + timedelta(days=2)
    said = console(*issue, "--on", ahead.isoformat())
    assert said.code == 3
    assert f"日期 {ahead.isoformat()} 还没有到" in said.err
    assert console(*issue, "--on", "yesterday").code == 2


def test_what_is_no_paper_of_its_own_says_how_it_is_issued(console: Console, visit: str) -> None:
    said = console("form", "issue", visit, "--form", "rectification-order")
    assert said.code == 3
    assert "order issue" in said.err
    assert refusal(console, "form", "issue", visit, "--form", "no-such-form")[0] == 3


@pytest.mark.parametrize(
    "command, sentence",
    [
        (("order", "list"), "没有未了结的责令改正通知书"),
        (("order", "list", "--all"), "还没有责令改正通知书；"),
        (("conflict", "list"), "没有冲突的记录"),
        (("inspection", "list"), "没有检查记录；"),
        (("plan", "list"), "还没有检查计划；用 plan import 导入"),
        (("plan", "progress"), "没有检查任务；"),
        (("registry", "list"), "没有查到企业；"),
        (("law", "list", "--query", "从来没有的词"), "没有查到条款；"),
        (("checklist", "list", "--on", "1999-01-01"), "这一天没有施行的检查清单"),
        (("scan", "list"), "没有待认领的页"),
        (("statistics", "sent"), "还没有报送过统计表；"),
        (("package", "held"), "没有待补的记录"),
        (("package", "receipts"), "没有这种记录；"),
    ],
)
def test_a_list_of_nothing_says_so(console: Console, office_home: Path, command, sentence) -> None:
    said = console(*command)
    assert said.code == 0
    assert said.out.startswith(sentence)
