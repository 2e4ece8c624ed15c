"""Commands about plans and targets: plan import, list, progress; assign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report, input_code, plain, table
from app.cli.words import hint, say
from app.services import assigning, planning
from app.services.planning import TaskRow
from app.wording import label

plan = typer.Typer()


@plan.command("import")
def import_plan(
    context: typer.Context, file: Annotated[Path, typer.Argument(help=hint("plan_file"))]
) -> Report:
    """Take a plan list in."""
    with desk(context).opened() as place:
        read = planning.import_plan(place, path=file)
    document = {
        "plan": read.plan_id,
        "added": read.added,
        "updated": read.updated,
        "unchanged": read.unchanged,
    }
    line = say("plan_imported", added=read.added, updated=read.updated, unchanged=read.unchanged)
    return Report(
        {**document, "problems": []},
        [line, say("plan_id", plan=read.plan_id)],
        read.problems,
        input_code(read.problems),
    )


@plan.command("list")
def list_plans(context: typer.Context) -> Report:
    """List plans."""
    with desk(context).opened() as place:
        rows = planning.plan_rows(place)
    columns = ("id", "year", "title", "document", "tasks", "required", "done")
    cells = [(row.id, row.year, row.title, row.document, row.tasks, row.required, row.done) for row in rows]
    return Report({"plans": plain(rows)}, table(columns, cells, say("none_plans")))


@plan.command("progress")
def show_progress(
    context: typer.Context,
    plan_id: Annotated[str | None, typer.Argument(metavar="[PLAN]", help=hint("plan"))] = None,
) -> Report:
    """Say for each task what is required, done and left, and until when."""
    with desk(context).opened() as place:
        plans = [plan_id] if plan_id else [row.id for row in planning.plan_rows(place)]
        rows = [row for each in plans for row in planning.task_rows(place, plan_id=each)]
    columns = (
        "task",
        "inspection_type",
        "title",
        "base",
        "required",
        "assigned",
        "done",
        "remaining",
        "deadline",
        "superior_deadline",
    )
    cells = [
        (
            row.key, label("inspection_type", row.inspection_type), row.title, row.base, row.required, row.assigned,
            row.done, row.remaining, row.own_deadline, row.superior_deadline,
        )
        for row in rows
    ]  # fmt: skip
    return Report({"tasks": [task_document(row) for row in rows]}, table(columns, cells, say("none_tasks")))


def task_document(row: TaskRow) -> dict[str, object]:
    """A task in the shape of specs/cli.md."""
    return {
        "plan": row.plan_id, "task": row.key, "title": row.title, "inspection_type": plain(row.inspection_type),
        "scope": row.scope, "base": row.base, "required": row.required, "assigned": row.assigned, "done": row.done,
        "remaining": row.remaining, "deadline": plain(row.own_deadline),
        "superior_deadline": plain(row.superior_deadline), "document": row.document,
    }  # fmt: skip


def assign(
    context: typer.Context,
    plan_id: Annotated[str, typer.Argument(metavar="PLAN", help=hint("plan"))],
    task: Annotated[str, typer.Argument(help=hint("task"))],
    officer: Annotated[list[str], typer.Option(help=hint("officer"))],
    device: Annotated[str, typer.Option(help=hint("device"))],
    lead: Annotated[str, typer.Option(help=hint("lead"))] = "",
    organization: Annotated[list[str] | None, typer.Option(help=hint("organization"))] = None,
    query: Annotated[str, typer.Option(help=hint("query"))] = "",
    region: Annotated[str, typer.Option(help=hint("region"))] = "",
    count: Annotated[int | None, typer.Option(min=1, help=hint("count"))] = None,
    reassign: Annotated[bool, typer.Option("--reassign", help=hint("reassign"))] = False,
) -> Report:
    """Hand targets to a team and a device: those named, or those that the filters find."""
    with desk(context).opened() as place:
        chosen = tuple(organization or ()) or assigning.candidate_ids(
            place, plan_id=plan_id, task_key=task, query=query, region=region, include_assigned=reassign
        )
        made = assigning.assign(
            place, plan_id=plan_id, task_key=task, organization_ids=chosen[:count], officers=officer,
            lead=lead or officer[0], device_id=device, reassign=reassign,
        )  # fmt: skip
    document = {"assignments": made.ids, "skipped": made.skipped}
    return Report(document, [say("assigned", count=len(made.ids), skipped=len(made.skipped))])
