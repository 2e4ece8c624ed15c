"""Commands about the registry and the people: registry import, list, show, export; people import, list."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk, progress
from app.cli.report import Report, input_code, plain, table
from app.cli.words import hint, say
from app.errors import BadInput, Problem
from app.services import registering
from app.services.registering import Counts, RegistryImport
from app.services.workplace import Workplace
from app.wording import label

registry = typer.Typer()
people = typer.Typer()


@registry.command("import")
def import_registry(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=hint("registry_files"))],
    layout: Annotated[str | None, typer.Option(help=hint("layout"))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=hint("dry_run"))] = False,
) -> Report:
    """Take registry files in: good rows go in, every fault is listed."""
    with desk(context).opened() as place:
        done = [_import_one(place, path, layout, dry_run=dry_run) for path in files]
    problems = [problem for each in done for problem in each.problems]
    document = {
        "organizations": _summed([each.organizations for each in done]),
        "certificates": _summed([each.certificates for each in done]),
        "files": [
            {
                "file": path.name, "layout": each.layout, "as_of": plain(each.as_of),
                "organizations": plain(each.organizations), "certificates": plain(each.certificates),
                "problems": len(each.problems),
            }
            for path, each in zip(files, done, strict=True)
        ],
        "dry_run": dry_run,
        "problems": [],
    }  # fmt: skip
    lines = [_line(path, each) for path, each in zip(files, done, strict=True)]
    return Report(document, lines, problems, input_code(problems))


def _import_one(place: Workplace, path: Path, layout: str | None, *, dry_run: bool) -> RegistryImport:
    """One file; one that cannot be begun with is a problem and does not stop the others."""
    try:
        with progress(path.name) as bar:
            return registering.import_registry(place, path=path, layout=layout, dry_run=dry_run, progress=bar)
    except BadInput as error:
        return RegistryImport("", None, Counts(), Counts(), (error.problem,))


def _summed(counts: list[Counts]) -> dict[str, int]:
    total: dict[str, int] = {"added": 0, "updated": 0, "unchanged": 0}
    for each in counts:
        for name, value in asdict(each).items():
            total[name] = total.get(name, 0) + value
    return total


def _line(path: Path, done: RegistryImport) -> str:
    left_out = sum(not problem.taken for problem in done.problems)
    return say(
        "registry_imported", file=path.name, layout=done.layout, added=done.organizations.added,
        updated=done.organizations.updated, certificates_added=done.certificates.added,
        certificates_updated=done.certificates.updated, flagged=len(done.problems) - left_out, left_out=left_out,
    )  # fmt: skip


@registry.command("list")
def list_registry(
    context: typer.Context,
    query: Annotated[str, typer.Option(help=hint("query"))] = "",
    limit: Annotated[int, typer.Option(min=1, help=hint("limit"))] = 50,
) -> Report:
    """List organizations by any part of their name, code or address."""
    with desk(context).opened() as place:
        ids = registering.organization_ids(place, query=query)
        rows = registering.organization_rows(place, ids[:limit])
    cells = [(row.id, row.name, row.credit_code, row.region_name) for row in rows]
    lines = [
        *table(("id", "name", "credit_code", "region"), cells, say("none_organizations")),
        say("shown", shown=len(rows), total=len(ids)),
    ]
    return Report({"total": len(ids), "organizations": plain(rows)}, lines)


@registry.command("show")
def show_organization(
    context: typer.Context,
    organization: Annotated[str, typer.Argument(metavar="ID", help=hint("organization"))],
) -> Report:
    """Show an organization with its certificates and where each value came from."""
    with desk(context).opened() as place:
        detail = registering.organization_detail(place, organization_id=organization)
    document = plain(detail)
    assert isinstance(document, dict)
    cells = [
        (each.number, label("scheme", each.scheme), label("certificate_status", each.status), each.expires_on)
        for each in detail.certificates
    ]
    certificates = table(("number", "scheme", "status", "expires"), cells, say("none_certificates"))
    return Report(document, [detail.row.name, *certificates])


@registry.command("export")
def export_registry(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=hint("workbook_out"))],
) -> Report:
    """Write all organizations and certificates as a workbook."""
    with desk(context).opened() as place:
        made = registering.export_registry(place, path=out)
    document = {"file": str(made.path), "organizations": made.organizations, "rows": made.rows}
    return Report(document, [say("written", file=made.path)])


@people.command("import")
def import_people(
    context: typer.Context, file: Annotated[Path, typer.Argument(help=hint("people_file"))]
) -> Report:
    """Take a list of officers in."""
    with desk(context).opened() as place:
        done = registering.import_people(place, path=file)
    problems: tuple[Problem, ...] = done.problems
    document = {"people": plain(done.people), "problems": []}
    line = say("people_imported", added=done.people.added, updated=done.people.updated)
    return Report(document, [line], problems, input_code(problems))


@people.command("list")
def list_people(context: typer.Context) -> Report:
    """List the officers."""
    with desk(context).opened() as place:
        rows = registering.people_rows(place)
    cells = [(row.name, row.credential, row.office) for row in rows]
    return Report({"people": plain(rows)}, table(("name", "credential", "office"), cells, say("none_people")))
