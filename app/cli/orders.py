"""Commands about rectification orders: order list, cite, issue."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from app.cli.desk import desk
from app.cli.report import Report, plain, table
from app.cli.words import hint, say
from app.services import enforcing, numbering
from app.wording import label

order = typer.Typer()

Record = Annotated[str, typer.Argument(metavar="RECORD", help=hint("record"))]
Key = Annotated[str, typer.Argument(metavar="KEY", help=hint("order_key"))]
Violated = Annotated[str, typer.Option("--violated", help=hint("violated"))]
Basis = Annotated[str, typer.Option("--basis", help=hint("basis"))]


@order.command("list")
def list_orders(
    context: typer.Context,
    record: Annotated[str | None, typer.Argument(metavar="[RECORD]", help=hint("record"))] = None,
    everything: Annotated[bool, typer.Option("--all", help=hint("order_all"))] = False,
) -> Report:
    """List rectification orders, those that are open unless all or a visit's are asked for."""
    open_only = record is None and not everything
    with desk(context).opened() as place:
        rows = enforcing.order_rows(place, open_only=open_only, inspection_id=record)
    columns = ("record", "key", "subject", "order_number", "status", "rectify_by", "citation")
    cells = [
        (
            row.inspection_id, row.key, row.organization, row.number, label("order_status", row.status),
            row.due_on, say("no_article") if row.lacking else row.violated,
        )
        for row in rows
    ]  # fmt: skip
    none = say("none_open_orders") if open_only else say("none_orders")
    return Report({"orders": plain(rows)}, table(columns, cells, none))


@order.command("cite")
def cite(
    context: typer.Context, record: Record, key: Key, violated: Violated = "", basis: Basis = ""
) -> Report:
    """Write the citations of a drafted order as they are to be printed."""
    if not (violated.strip() or basis.strip()):
        raise typer.BadParameter(say("cite_what"))
    with desk(context).opened() as place:
        enforcing.cite_order(place, inspection_id=record, key=key, violated=violated, basis=basis)
        [row] = [
            each for each in enforcing.order_rows(place, open_only=False, inspection_id=record)
            if each.key == key
        ]  # fmt: skip
    said = say("cited_lacking") if row.lacking else say("cited")
    document = {"violated": row.violated, "basis": row.basis, "lacking": list(row.lacking)}
    return Report(document, [said])


@order.command("issue")
def issue(
    context: typer.Context,
    record: Record,
    key: Key,
    number: Annotated[str, typer.Option("--number", help=hint("order_number"))] = "",
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help=hint("order_on"))] = None,
    violated: Violated = "",
    basis: Basis = "",
) -> Report:
    """Issue a drafted order under its number; refused as long as it cites what has no article."""
    with desk(context).opened() as place:
        day = on.date() if on is not None else None
        taken = number or numbering.propose(place, form=numbering.ORDER_FORM, on=day)
        enforcing.issue_order(
            place, inspection_id=record, key=key, number=taken, issued_on=day, violated=violated, basis=basis
        )
    return Report({"number": taken}, [say("order_issued", number=taken)])
