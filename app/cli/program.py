"""The program of the command line: its commands, where its answers go, and what its exit codes mean.

``--home`` and ``--json`` may stand before or after the command. Whatever happens, ``--json`` prints
exactly one document on stdout; everything else goes to stderr.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.main import get_command

from app import crashes
from app.cli import (
    calendars,
    checklists,
    conflicts,
    exchange,
    forms,
    homes,
    laws,
    orders,
    plans,
    records,
    registry,
    reports,
    scans,
    tables,
    visits,
)
from app.cli.desk import Desk, tell
from app.cli.report import STOPPED, Exit, Report, problem_line
from app.cli.words import helps, hint, say
from app.errors import Bug, ChayanError, Place, Problem
from app.files import default_home

GROUPS = {
    "registry": registry.registry,
    "people": registry.people,
    "plan": plans.plan,
    "device": exchange.device,
    "package": exchange.package,
    "conflict": conflicts.conflict,
    "inspection": visits.inspection,
    "order": orders.order,
    "record": records.record,
    "form": forms.form,
    "scan": scans.scan,
    "checklist": checklists.checklist,
    "law": laws.law,
    "statistics": tables.statistics,
    "report": reports.report,
    "calendar": calendars.calendar,
}

COMMANDS: dict[str, Callable[..., Report]] = {
    "init": homes.init,
    "status": homes.status,
    "verify": homes.verify,
    "demo": homes.demo,
    "selftest": homes.selftest,
    "assign": plans.assign,
}


def build() -> typer.Typer:
    """All commands with their Chinese help."""
    app = typer.Typer(
        name="chayan", add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False,
        rich_markup_mode=None, help=helps("chayan"),
    )  # fmt: skip
    app.callback()(_common)
    for name, command in COMMANDS.items():
        app.command(name, help=helps(name))(command)
    for name, group in GROUPS.items():
        for registered in group.registered_commands:
            registered.help = helps(f"{name}_{registered.name}")
        app.add_typer(group, name=name, help=helps(name), no_args_is_help=True)
    return app


def _common(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option("--home", help=hint("home"))] = None,
    json: Annotated[bool, typer.Option("--json", help=hint("json"))] = False,  # noqa: ARG001 - see hoisted()
) -> None:
    context.obj = Desk(home or default_home())


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns the exit code."""
    common, rest = hoisted(arguments)
    as_json = "--json" in common
    _speak_utf8()
    try:
        answer = get_command(build()).main([*common, *rest], prog_name="chayan", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except typer.TyperException as error:
        answer = wrong_usage(error.format_message())
    except ChayanError as error:
        stopped = error.problem.code in STOPPED
        code = Exit.INTERRUPTED if stopped else Exit(error.exit_code)
        answer = Report({}, problems=[error.problem], code=code)
        if isinstance(error, Bug):
            answer = crashed(error, _home_in(common))
    except Exception as error:  # noqa: BLE001 - the border: our mistake becomes a report, not a trace
        garbled = isinstance(error, UnicodeEncodeError) and any(map(_is_garbled, arguments))
        answer = wrong_usage(say("garbled")) if garbled else crashed(error, _home_in(common))
    return _answered(answer, as_json=as_json)


def wrong_usage(reason: str) -> Report:
    """The answer to a command line that cannot be understood."""
    return Report({}, problems=[Problem("cli.usage", values={"reason": reason})], code=Exit.USAGE)


def _is_garbled(argument: str) -> bool:
    """Whether an argument came in bytes that are no text of this system (GBK in a UTF-8 terminal)."""
    return any("\ud800" <= each <= "\udfff" for each in argument)


def hoisted(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """The common options wherever they stand, and the rest."""
    common: list[str] = []
    rest: list[str] = []
    left = iter(arguments)
    for each in left:
        if each == "--":
            rest.extend((each, *left))
        elif each == "--json" or each.startswith("--home="):
            common.append(each)
        elif each == "--home":
            common.extend((each, *(value for value in (next(left, None),) if value is not None)))
        else:
            rest.append(each)
    return common, rest


def _home_in(common: Sequence[str]) -> Path:
    home = default_home()
    left = iter(common)
    for each in left:
        if each == "--home":
            home = Path(next(left, home))
        elif each.startswith("--home="):
            home = Path(each.partition("=")[2])
    return home


def crashed(error: BaseException, home: Path) -> Report:
    """A report on a mistake of ours, with the path of what was written about it."""
    path = crashes.save(home, crashes.report_text(error))
    problem = Problem(
        "cli.crash", Place(file=str(path) if path else None), {"headline": crashes.headline(error)}
    )
    return Report({"crash_report": str(path) if path else None}, problems=[problem], code=Exit.BUG)


def _answered(answer: object, *, as_json: bool) -> int:
    """Print the answer of a command; help and version have printed themselves and answer a number."""
    if not isinstance(answer, Report):
        return answer if isinstance(answer, int) else Exit.DONE
    try:
        for line in [answer.json()] if as_json else answer.lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader has seen enough; what is left in the buffer must not fail again at the end.
        sys.stdout = open(os.devnull, "w", encoding="utf8")
    if not as_json:
        for problem in answer.problems:
            tell(problem_line(problem))
        if len(answer.problems) > 1:
            tell(say("problems", count=len(answer.problems)))
    return answer.code


def _speak_utf8() -> None:
    """Chinese on every terminal and in every pipe, whatever the system's code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
