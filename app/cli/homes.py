"""Commands about a whole home: init, status, verify; demo and selftest make homes of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.desk import desk, passphrase, progress, tell
from app.cli.report import Exit, Report, plain, problem_documents, problem_line
from app.cli.words import hint, say
from app.files import write_atomically
from app.vocabulary import Role
from app.wording import label


def init(
    context: typer.Context,
    role: Annotated[Role, typer.Option(help=hint("role"))],
    office: Annotated[str, typer.Option(help=hint("office"))],
    name: Annotated[str, typer.Option(help=hint("name"))],
    credential: Annotated[str, typer.Option(help=hint("credential"))] = "",
    recovery: Annotated[str | None, typer.Option(help=hint("recovery"))] = None,
) -> Report:
    """Make a home: vault, store and evidence."""
    from app import bootstrap
    from app.services.workplace import Owner

    home = desk(context).home
    owner = Owner(role, office, name, credential)
    with bootstrap.create_home(home, passphrase(fresh=True), owner, recovery=recovery) as place:
        public = place.vault.public
    document = {"home": str(home), "device": public.device_id, "fingerprint": public.fingerprint}
    return Report(document, [say("made", home=home), say("fingerprint", fingerprint=public.fingerprint)])


def status(context: typer.Context) -> Report:
    """Say what the home holds, what is due, and what was never exported."""
    from app.services import handover, upkeep

    with desk(context).opened() as place:
        found, unsent = upkeep.status(place), handover.unexported(place)
        owner, device, today = place.owner, place.device_id, place.today()
    document = {
        "owner": plain(owner), "device": device, "today": plain(today), "counts": dict(found.counts),
        "inspections": plain(found.inspections), "conflicts": found.conflicts,
        "due": {"targets": plain(found.targets_due), "orders": plain(found.orders_due)},
        "unexported": plain(unsent),
    }  # fmt: skip
    lines = [say("owner", role=label("role", owner.role), office=owner.office, name=owner.name)]
    lines += [say(f"count_{kind}", count=count) for kind, count in found.counts.items()]
    lines += [say("due", targets=len(found.targets_due), orders=len(found.orders_due))]
    lines += [say("conflicts", count=found.conflicts), say("unexported", count=unsent.records)]
    return Report(document, lines)


def verify(
    context: typer.Context,
    paper: Annotated[Path | None, typer.Option("--print", help=hint("verify_print"))] = None,
) -> Report:
    """Examine the store, the journal, the evidence and what the program ships with."""
    from app.services import upkeep

    with desk(context).opened() as place, progress(say("verifying")) as bar:
        steps = iter(range(len(upkeep.CHECKS)))
        findings = upkeep.verify(place, progress=lambda _: bar(next(steps), len(upkeep.CHECKS)))
        if paper is not None:
            from app.services.health_paper import health_paper

            write_atomically(paper, health_paper(place, findings=findings).pdf)
    faults = [*findings.problems, *findings.remarks]
    document = {"ok": findings.ok, "checked": findings.checked, "findings": problem_documents(faults)}
    document |= {"paper": str(paper)} if paper is not None else {}
    lines = [
        say("sound" if findings.ok else "damaged", count=len(findings.problems)),
        *map(problem_line, faults),
        *([say("written", file=paper)] if paper is not None else []),
    ]
    return Report(document, lines, code=Exit.DONE if findings.ok else Exit.ENVIRONMENT)


def demo(
    out: Annotated[Path, typer.Argument(help=hint("demo_out"))],
    organizations: Annotated[
        int | None, typer.Option(min=10, max=5000, help=hint("demo_organizations"))
    ] = None,
    seed: Annotated[int, typer.Option(help=hint("seed"))] = 7,
) -> Report:
    """Do the whole job on the sample registry."""
    from app.demo import rehearsal

    done = rehearsal.rehearse(out, organizations=organizations, seed=seed, tell=tell)
    document = {"files": done.files, "statistics": plain(done.statistics), "passphrase": done.passphrase}
    return Report(document, [say("demo_done", out=out, count=len(done.files), passphrase=done.passphrase)])


def selftest() -> Report:
    """Prove an installation with a temporary home."""
    from app.demo import selftest as test

    done = test.selftest(tell=tell)
    lines = [say("step_done", step=step.name, seconds=f"{step.seconds:.2f}") for step in done.steps]
    lines.append(say("selftest_ok" if done.ok else "selftest_failed"))
    document = {"ok": done.ok, "steps": plain(done.steps)}
    return Report(document, lines, done.problems, Exit.DONE if done.ok else Exit.BUG)
