"""A conflict on a terminal: values on lines of their own, as wide as the terminal, no person told twice."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from app import bootstrap
from app.cli.report import wrapped
from app.services.merging import import_packages
from tests.cli.conftest import PASSPHRASE, Console
from tests.services.parcels import VISIT, edit, introduce, make_task, make_visit, send

LONG = (
    "二号车间北侧的成品库，货架第三层有四十台没有加贴标志的 LED 电源适配器，型号 HX-2026A "
    "与证书附件不一致，铭牌上没有制造商的名称和地址。\n第二层没有问题。"
)


def wide(line: str) -> int:
    """Columns that a line takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


@pytest.fixture
def disputed(office_home: Path, laptop_home: Path, tmp_path: Path) -> Path:
    """The office and a laptop wrote different values to two fields, one of them long."""
    with (
        bootstrap.open_home(office_home, PASSPHRASE) as office,
        bootstrap.open_home(laptop_home, PASSPHRASE) as laptop,
    ):
        introduce(office, laptop, tmp_path)
        make_task(office, laptop.device_id)
        make_visit(laptop)
        import_packages(office, paths=[send(laptop, tmp_path)])
        for place, word, text in ((office, "三号车间", LONG), (laptop, "二号车间", "没有问题")):
            edit(place, "place", word)
            edit(place, "situation", text)
        import_packages(office, paths=[send(laptop, tmp_path)])
    return office_home


@pytest.mark.parametrize("columns", [80, 120])
def test_a_conflict_fits_the_terminal(
    console: Console, disputed: Path, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = console("conflict", "show", VISIT).out.splitlines()
    assert max(map(wide, lines)) <= columns
    assert any(wide(line) > columns - 4 for line in lines), "no line is broken before it must"
    joined = "".join("".join(line.split()) for line in lines)
    assert "".join(LONG.split()) in joined, "and nothing is cut off"


def test_a_value_stands_alone_and_its_writer_below(console: Console, disputed: Path) -> None:
    lines = console("conflict", "show", VISIT).out.splitlines()
    at = lines.index("检查地点　place")
    assert lines[at + 1] == "  原值　一号车间"
    assert lines[at + 2] == "  值 1　三号车间"
    assert lines[at + 4] == "  值 2　二号车间"
    ours, theirs = lines[at + 3], lines[at + 5]
    assert ours.startswith("        黎国平 赣C36090100  20")
    assert "本机  @" in ours
    assert "本机" not in theirs
    assert theirs.count("彭建华") == 1, "the device is called after its owner"
    revision = theirs.rpartition("  ")[2]
    taken = console("conflict", "resolve", VISIT, "--path", "place", "--take", revision, "--reason", "照片")
    assert "定为 二号车间" in taken.out


def test_what_is_settled_says_so(console: Console, disputed: Path) -> None:
    assert "裁定　conflict resolve" in console("conflict", "show", VISIT).out
    for path in ("place", "situation"):
        console("conflict", "resolve", VISIT, "--path", path, "--take", "ours", "--reason", "照片")
    told = console("conflict", "show", VISIT).out
    assert "裁定　conflict resolve" not in told
    assert "已裁定 检查地点：三号车间" in told
    assert console("conflict", "list").out == "没有冲突的记录\n"
    assert console("conflict", "show", "0" * 32).out == "这条记录没有冲突，也没有裁定过\n"


@pytest.mark.parametrize(
    "columns, text, lines",
    [
        (30, "一二三四五六七八九十一二三四", ["值　一二三四五六七八九十一二三", "    四"]),
        (30, "型号 HX-2026A 与证书 HX-2026B 不同", ["值　型号 HX-2026A 与证书 ", "    HX-2026B 不同"]),
        (30, "a" * 30, ["值　" + "a" * 26, "    aaaa"]),
        (30, "一\n\n二", ["值　一", "", "    二"]),
        (30, "", ["值"]),
        (0, "一" * 200, ["值　" + "一" * 200]),
        (20, "一" * 200, ["值　" + "一" * 200]),
    ],
)
def test_long_text_is_broken_below_its_beginning(monkeypatch, columns, text, lines) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    broken = wrapped("值　", text)
    assert [line.rstrip() for line in broken] == [line.rstrip() for line in lines]
    assert [line for line in broken if wide(line) > columns >= 24] == []
