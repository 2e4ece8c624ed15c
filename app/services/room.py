"""Room on the disks, asked for before anything is written: what a package takes, here and where it goes."""

from __future__ import annotations

from pathlib import Path

from app.files import explained, require_free_space
from app.sync.canonical import canonical
from app.sync.package import Manifest, total_size

_ENTRY = 400
"""An entry of the archive: its two headers, its name twice, and what encryption adds to a piece."""

_NOTE = 600
"""What the store writes down of one thing that was sent, with the write-ahead log's copy of it."""

_GROWTH = 6
"""How many times its size a revision takes at most: kept, shown in rows, indexed, each in the log too."""


def require_room(*needs: tuple[Path, int]) -> None:
    """Raise ``disk.too_small`` unless every folder's disk holds what is wanted there.

    What is wanted in folders of one disk adds up; the folder that wants most is named.
    """
    disks: dict[int, list[tuple[int, Path]]] = {}
    for folder, wanted in needs:
        disks.setdefault(disk_of(folder), []).append((wanted, folder))
    for wants in disks.values():
        require_free_space(max(wants)[1], sum(wanted for wanted, _ in wants))


def disk_of(folder: Path) -> int:
    """The same number for folders of one disk."""
    with explained(folder):
        return folder.stat().st_dev


def package_size(manifest: Manifest) -> int:
    """What the package of a manifest takes at most, with everything around its contents."""
    entries = len(manifest.parts) + len(manifest.blobs) + 2
    plain = total_size(manifest) + len(canonical(manifest)) + entries * _ENTRY
    # age adds 16 bytes to every 64 KiB, and a line or two for each receiver.
    return plain + (plain >> 12) + (len(manifest.recipients) + 2) * _ENTRY


def notes_size(sent: int) -> int:
    """What it takes in the home to write down ``sent`` things as sent."""
    return sent * _NOTE


def import_size(manifest: Manifest, device: str, evidence: int) -> int:
    """What taking in a device's part of a package takes in its home; ``evidence`` bytes are new there."""
    wanted, blobs = manifest.entries_for(device)
    revisions = sum(each.size + _NOTE for each in manifest.revisions if each.id in wanted)
    others = sum(part.size for part in manifest.parts[1:])
    return evidence + others + len(blobs) * (_ENTRY + _NOTE) + revisions * _GROWTH
