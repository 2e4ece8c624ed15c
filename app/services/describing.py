"""A package described before it is taken in: whose it is, for whom, and what it would bring here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.errors import BadInput
from app.services.arrival import Arrival
from app.services.progress import Cancelled, Progress, Stepper
from app.services.workplace import Workplace
from app.sync import volumes
from app.sync.package import Manifest, total_size
from app.sync.reader import read_package


@dataclass(frozen=True, slots=True)
class PackageSummary:
    """What a package says of itself, verified: ``kinds`` counts records by kind.

    Records, revisions and evidence are those for this device; ``sequence`` is how it counts here (for
    its author: how it counts for the first recipient).
    """

    package_id: str
    author: str
    author_name: str
    fingerprint: str
    recipients: tuple[str, ...]
    sequence: int
    made_at: datetime
    records: int
    revisions: int
    blobs: int
    bytes: int
    kinds: dict[str, int]
    checklists: tuple[str, ...]
    signature: str


def inspect_package(
    place: Workplace, *, path: Path, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> PackageSummary:
    """Verify a package and describe it; nothing is taken in."""

    def stepper(manifest: Manifest) -> Stepper:
        return Stepper(total_size(manifest), progress, cancelled, path.name)

    arrival = Arrival(place, path.name, stepper=stepper)
    source = _whole(path) if path.suffix == volumes.SUFFIX else path
    read_package(source, place.vault.decrypt_stream, arrival)
    manifest, author = arrival.manifest, arrival.author
    records = Counter(kind for kind, _ in arrival.records())
    number = manifest.addressed(place.device_id) or manifest.recipients[0]
    return PackageSummary(
        package_id=manifest.package,
        author=manifest.author,
        author_name=author.name,
        fingerprint=author.keys.fingerprint,
        recipients=tuple(each.device for each in manifest.recipients),
        sequence=number.sequence,
        made_at=arrival.made_at,
        records=records.total(),
        revisions=len(arrival.revisions),
        blobs=len(arrival.blobs),
        bytes=source.size if isinstance(source, volumes.Joined) else path.stat().st_size,
        kinds=dict(sorted(records.items())),
        checklists=tuple(part.name for part in manifest.parts[1:]),
        signature="good",
    )


def _whole(path: Path) -> volumes.Joined:
    joined, problems = volumes.join(volumes.siblings(path))
    for problem in problems:
        raise BadInput(problem.code, problem.where, **problem.values)
    return joined[0]
