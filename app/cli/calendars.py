"""Commands about deadlines in other calendars: calendar export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report
from app.cli.words import hint, say
from app.services import calendar as calendars

calendar = typer.Typer()


@calendar.command("export")
def export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="FILE.ics", help=hint("calendar_file"))],
) -> Report:
    """Write every open deadline as a calendar; what was settled since is cancelled in it."""
    with desk(context).opened() as place:
        done = calendars.export_calendar(place, out=out)
    document = {
        "file": str(done.file), "events": done.events, "overdue": done.overdue, "cancelled": done.cancelled,
    }  # fmt: skip
    return Report(document, [say("calendar_written", **document)])
