"""What every command keeps: exit codes, one JSON document, problems in their shape, reports on crashes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer

from app.__main__ import home_for_window, main
from app.cli import program
from app.cli.program import hoisted
from app.cli.report import Report, table
from app.files import default_home, resource

ROOT = Path(__file__).resolve().parents[2]

READING = [
    ("status",),
    ("verify",),
    ("registry", "list"),
    ("people", "list"),
    ("plan", "list"),
    ("plan", "progress"),
    ("device", "list"),
    ("conflict", "list"),
    ("inspection", "list"),
    ("form", "list"),
    ("statistics", "list"),
    ("statistics", "show", "ccc-annex1", "--from", "2026-01-01", "--to", "2026-11-20"),
]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_json_is_one_document_and_text_is_chinese(console, office_home, command) -> None:
    document = console(*command, "--json")
    text = console(*command)
    assert (document.code, text.code) == (0, 0)
    assert isinstance(document.document, dict)
    assert document.err == ""
    assert re.search(r"[\u4e00-\u9fff]", text.out)


@pytest.mark.parametrize("where", [0, 1, 2])
def test_common_options_stand_anywhere(console, office_home, monkeypatch, where) -> None:
    monkeypatch.delenv("CHAYAN_HOME")
    arguments = ["people", "list"]
    arguments[where:where] = ["--json", "--home", str(office_home)]
    assert [row["name"] for row in console(*arguments).document["people"]] == ["黎国平"]


@pytest.mark.parametrize(
    "arguments,common,rest",
    [
        (["status", "--json"], ["--json"], ["status"]),
        (["--home=x", "status"], ["--home=x"], ["status"]),
        (["status", "--home", "x", "y"], ["--home", "x"], ["status", "y"]),
        (["registry", "list", "--", "--json"], [], ["registry", "list", "--", "--json"]),
        (["status", "--home"], ["--home"], ["status"]),
    ],
)
def test_hoisting(arguments, common, rest) -> None:
    assert hoisted(arguments) == (common, rest)


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"],
        ["init"],
        ["init", "--role", "king", "--office", "局", "--name", "名"],
        ["registry", "import"],
        ["statistics", "show", "ccc-annex1", "--from", "yesterday"],
        ["form", "print", "--form", "checklist"],
        ["form", "print", "an-id", "--blank", "--form", "checklist"],
    ],
)
def test_wrong_usage_is_exit_2_and_a_problem(console, arguments) -> None:
    said = console(*arguments, "--json")
    assert said.code == 2
    assert [each["code"] for each in said.document["problems"]] == ["cli.usage"]


def test_a_problem_has_the_shape_of_the_specification(console, office_home) -> None:
    said = console("statistics", "show", "no-such-table", "--json")
    (problem,) = said.document["problems"]
    assert said.code == 3
    assert {"code", "where", "message", "remedy"} <= problem.keys()
    assert set(problem["where"]) == {"file", "sheet", "row", "column"}
    assert problem["message"]
    assert problem["remedy"]


def test_problems_in_text_go_to_stderr(console, office_home) -> None:
    said = console("statistics", "show", "no-such-table")
    assert (said.code, said.out) == (3, "")
    assert "no-such-table" in said.err


@pytest.mark.parametrize(
    "passphrase,code", [("wrong", "vault.wrong_passphrase"), (None, "cli.no_passphrase")]
)
def test_the_environment_s_faults_are_exit_4(console, office_home, monkeypatch, passphrase, code) -> None:
    monkeypatch.delenv("CHAYAN_PASSPHRASE")
    if passphrase:
        monkeypatch.setenv("CHAYAN_PASSPHRASE", passphrase)
    said = console("status", "--json")
    assert (said.code, said.document["problems"][0]["code"]) == (4, code)


def test_a_missing_home_is_exit_4(console, tmp_path, unlocked_once) -> None:
    said = console("status", "--home", tmp_path / "nowhere", "--json")
    assert (said.code, said.document["problems"][0]["code"]) == (4, "vault.missing")


CODE = "91000000ABCDEFGHIJ"


def broken(context: typer.Context) -> Report:
    """Fail as a mistake of ours would."""
    raise LookupError(f"'王伟' {CODE}")


def test_our_mistake_is_exit_70_with_a_report_that_names_nobody(console, office_home, monkeypatch) -> None:
    monkeypatch.setitem(program.COMMANDS, "status", broken)
    said = console("status", "--json")
    report = Path(said.document["crash_report"])
    assert (said.code, said.document["problems"][0]["code"]) == (70, "cli.crash")
    assert report.parent == office_home / "crashes"
    assert "LookupError" in report.read_text("utf8")
    assert not [value for value in (CODE, "'王伟' 9") if value in report.read_text("utf8")]


def test_help_is_chinese_for_every_command(console) -> None:
    assert console("--help").code == 0
    helped = console("--help").out + "".join(console(group, "--help").out for group in program.GROUPS)
    assert "导入名录" in helped
    assert "体检" in helped
    assert "Take " not in helped


def test_every_word_the_commands_ask_for_is_written_and_no_other() -> None:
    words = tomllib.loads(resource("wording", "cli.toml").read_text("utf8"))
    source = "".join(path.read_text("utf8") for path in (ROOT / "app/cli").glob("*.py"))
    asked = {
        name: set(re.findall(rf'\b{call}\(\s*"([\w-]+)"', source))
        for name, call in (("option", "hint"), ("sentence", "say"))
    }
    assert asked["option"] == words["option"].keys()
    families = {key for key in words["sentence"] if key.startswith("count_")}
    assert asked["sentence"] | families | {"sound", "damaged", "selftest_ok", "selftest_failed"} == (
        words["sentence"].keys()
    )


def test_tables_align_wide_characters() -> None:
    lines = table(("name", "number"), [("华鑫", 1), ("A", 22)], "没有")
    assert lines == ["名称  证书编号", "华鑫  1", "A     22"]
    assert table(("name", "number"), [], "没有") == ["没有"]


@pytest.mark.parametrize(
    "arguments,home",
    [
        ([], "default"),
        (["--home", "x"], "x"),
        (["--home=x"], "x"),
        (["status"], None),
        (["--home", "x", "status"], None),
        (["--help"], None),
    ],
)
def test_the_window_opens_without_a_command(arguments, home) -> None:
    expected = default_home() if home == "default" else home and Path(home)
    assert home_for_window(arguments) == expected


@pytest.mark.parametrize(
    "module,absent",
    [
        ("app.cli.program", ("PySide6",)),
        ("app.demo.selftest", ("PySide6",)),
        ("app.__main__", ("PySide6", "sqlalchemy", "typer")),
        ("app.ui.application", ("sqlalchemy", "typer", "reportlab", "openpyxl")),
    ],
)
def test_nothing_is_imported_before_its_time(module, absent) -> None:
    code = f"import sys, json, {module}; print(json.dumps([n for n in {absent!r} if n in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout) == []


def test_the_process_prints_one_document(office_home) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "people", "list", "--json"],
        capture_output=True, text=True, cwd=ROOT, check=False, encoding="utf8",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["people"][0]["name"] == "黎国平"


def test_without_a_display_a_sentence_is_said_and_nothing_aborts(monkeypatch, capsys) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("sys.argv", ["chayan"])
    assert main() == 4
    assert "--help" in capsys.readouterr().err


def test_a_query_in_foreign_bytes_is_wrong_usage(console, office_home) -> None:
    said = console("registry", "list", "--query", "\udcb5\udce7", "--json")
    assert said.code == 2
    assert said.document["problems"][0]["code"] == "cli.usage"


def test_a_file_s_name_in_foreign_bytes_prints_as_json() -> None:
    assert json.loads(Report({"path": Path("/\udcff.pdf")}).json()) == {"path": "/\udcff.pdf"}
