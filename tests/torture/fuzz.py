"""Packages as nobody should send them, by the thousand: every layer mutated, some of them re-signed."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import zstandard
from sqlalchemy import func, select

from app.models.inspection import Inspection
from app.models.journal import JournalEntry
from app.models.revisions import HeldRevision, Package, ReceiptLine, RecordState, Revision
from app.services import handover, merging
from app.services.merging import Imported
from app.services.workplace import Workplace
from app.sync import volumes
from app.sync.archive import packed
from app.sync.canonical import canonical, digest
from app.sync.package import MANIFEST, REVISIONS, SIGNATURE, Manifest, PartEntry
from app.wording import sentence
from tests.services.forge import decrypted, encrypted, replaced
from tests.services.parcels import edit, evidence_files, send

HOSTILE = (
    *("../../x", "/etc/passwd", "C:\\x", "manifest.json\0", "blobs/../../x", "CON", "a" * 60_000, "", "."),
    *("manifest.sig", "blobs/" + "0" * 64, "revisions.jsonl.zst", "checklists/../x@1.json", "\u202egpj.exe"),
)
ODD = ("", "x", "0" * 64, "-1", -1, 0, 1 << 31, 1 << 63, None, True, [], {}, "\0", "\ud7ff", "9" * 5000)


@dataclass
class Tally:
    """How many were refused, by layer and by code, and what should not have happened."""

    tried: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Bench:
    """A receiver and a sender, good packages, and the layers inside them."""

    office: Workplace
    laptop: Workplace
    folder: Path
    chance: random.Random
    tally: Tally = field(default_factory=Tally)

    def prepare(self) -> None:
        """The second package is known here: mutated copies must not pass for it."""
        self.known = send(self.laptop, self.folder)
        done = merging.import_packages(self.office, paths=[self.known])[0]
        assert done.receipt is not None
        self.receipt = done.receipt.read_bytes()
        edit(self.laptop, "opinion", "又改")
        self.good = handover.export_package(self.laptop, out=self.folder, whole=True).path
        self.outer = self.good.read_bytes()
        self.inner = decrypted(self.office, self.good)
        self.entries = _entries(self.inner)
        split = handover.export_package(self.laptop, out=self.folder, whole=True, split=100_000)
        self.volumes = [path.read_bytes() for path in split.volumes]
        self.target = self.folder / "fuzzed.cyb"

    # ---- layers

    def outside(self) -> Sequence[Path]:
        """The encrypted file."""
        self.target.write_bytes(mutated(self.chance, self.outer, self.known.read_bytes()))
        return [self.target]

    def inside(self) -> Sequence[Path]:
        """The archive in it, encrypted anew: what whoever knows the office's public key can do."""
        other = decrypted(self.office, self.known)
        return [encrypted(self.office, self.target, mutated(self.chance, self.inner, other))]

    def parts(self) -> Sequence[Path]:
        """Entries left out, doubled, swapped, renamed, added; well-formed archives all of them."""
        entries = list(self.entries)
        for _ in range(self.chance.randint(1, 2)):
            at = self.chance.randrange(len(entries)) if entries else 0
            match self.chance.randrange(5):
                case 0 if entries:
                    del entries[at]
                case 1 if entries:
                    entries.insert(self.chance.randrange(len(entries)), entries[at])
                case 2 if len(entries) > 1:
                    name, _ = entries[at]
                    other = self.chance.choice([each for each in entries if each[0] != name] or entries)
                    entries[at] = (name, other[1])
                case 3 if entries:
                    entries[at] = (self.chance.choice(HOSTILE), entries[at][1])
                case _:
                    entries.insert(at, (self.chance.choice(HOSTILE), self.chance.randbytes(20)))
        if entries == self.entries:
            entries.reverse()
        return [encrypted(self.office, self.target, b"".join(packed(entries)))]

    def forged(self) -> Sequence[Path]:
        """A manifest that says something else, signed by the enrolled laptop itself."""
        plain = msgspec.json.decode(self.entries[0][1])
        name = self.chance.choice(
            ("algorithms", "author", "blobs", "format", "parts", "recipients", "revisions", "unpacked")
        )
        bend = _misaddressed if name == "recipients" else _bent
        bent = bend(self.chance, plain[name])
        if name == "revisions" and isinstance(bent, list) and bent[1:] == plain[name][1:]:
            # Only the known one would be refused, and the new one, which is true, would go in beside it.
            bent = [*plain[name][:-1], _bent(self.chance, plain[name][-1])]
        plain |= {"package": self.chance.randbytes(16).hex(), name: bent}
        return self._signed(canonical(plain))

    def bodies(self) -> Sequence[Path]:
        """Revisions changed under a manifest that is true to them; only their own signatures do not hold."""
        lines = zstandard.decompress(dict(self.entries)[REVISIONS], max_output_size=64 << 20).splitlines(True)
        # The one that is new here; what is known may come again.
        lines[-1] = mutated(self.chance, lines[-1], lines[0])
        return self._rewritten(b"".join(lines))

    def bombs(self) -> Sequence[Path]:
        """Much in little: more than was declared, or more than may be."""
        size = self.chance.choice((1 << 20, 8 << 20, 32 << 20))
        data = zstandard.compress(self.chance.choice((b"0", b"[", b'{"revision":')) * (size // 8))
        declared = self.chance.choice((0, 1, 100, size - 1, size, size + 1, 1 << 34))
        entry = PartEntry(REVISIONS, len(data), digest(data))
        name = self.chance.randbytes(16).hex()
        manifest = replaced(self._manifest(), parts=(entry,), unpacked=declared, revisions=(), package=name)
        return self._signed(canonical(manifest), data)

    def in_volumes(self) -> Sequence[Path]:
        """Volumes lost, repeated under other numbers, swapped, mixed and damaged."""
        pieces = list(self.volumes)
        at = self.chance.randrange(len(pieces))
        other = self.chance.randrange(len(pieces))
        match self.chance.randrange(4):
            case 0:
                del pieces[at]
            case 1:
                pieces[at] = mutated(self.chance, pieces[at], pieces[other])
            case 2:
                head, _, body = pieces[at].partition(b"}\n")
                pieces[at] = head + b"}\n" + pieces[at - 1].partition(b"}\n")[2] + body[:1]
            case _:
                pieces[at] = pieces[at].replace(b'"number":', b'"number":1', 1)
        for left in self.folder.glob(f"*{volumes.SUFFIX}"):
            left.unlink()
        paths = []
        for number, data in enumerate(pieces):
            paths.append(self.folder / f"fuzzed-{number}{volumes.SUFFIX}")
            paths[-1].write_bytes(data)
        self.chance.shuffle(paths)
        return paths

    def receipts(self) -> Sequence[Path]:
        """The answer that the laptop waits for."""
        path = self.folder / "fuzzed.receipt"
        path.write_bytes(mutated(self.chance, self.receipt, self.outer))
        return [path]

    def _manifest(self) -> Manifest:
        return msgspec.json.decode(self.entries[0][1], type=Manifest)

    def _signed(self, raw: bytes, revisions: bytes | None = None) -> Sequence[Path]:
        head = [(MANIFEST, raw), (SIGNATURE, self.laptop.vault.sign(raw))]
        rest = [(REVISIONS, revisions)] if revisions is not None else self.entries[2:]
        return [encrypted(self.office, self.target, b"".join(packed([*head, *rest])))]

    def _rewritten(self, lines: bytes) -> Sequence[Path]:
        data = zstandard.compress(lines)
        manifest = self._manifest()
        entry = PartEntry(REVISIONS, len(data), digest(data))
        true = replaced(
            manifest,
            parts=(entry, *manifest.parts[1:]),
            unpacked=len(lines),
            package=self.chance.randbytes(16).hex(),
        )
        return self._signed(canonical(true), data) if not manifest.blobs else self._with_blobs(true, data)

    def _with_blobs(self, manifest: Manifest, data: bytes) -> Sequence[Path]:
        raw = canonical(manifest)
        head = [(MANIFEST, raw), (SIGNATURE, self.laptop.vault.sign(raw)), (REVISIONS, data)]
        return [encrypted(self.office, self.target, b"".join(packed([*head, *self.entries[3:]])))]

    # ---- trying

    def attempt(self, layer: str) -> None:
        """One mutated thing: it must be refused by sentence and change nothing."""
        paths = getattr(self, layer)()
        place = self.laptop if layer == "receipts" else self.office
        before = records(place)
        entries = journal(place)
        self.tally.tried[layer] += 1
        try:
            results = merging.import_packages(place, paths=paths)
        except Exception as error:  # noqa: BLE001 - a crash is what is looked for
            self.tally.wrong.append(f"{layer}: crash {error!r}")
            return
        for done in results:
            self._judge(layer, done)
        if records(place) != before or (all(done.problem for done in results) and journal(place) != entries):
            self.tally.wrong.append(f"{layer}: changed the store, {results}")

    def _judge(self, layer: str, done: Imported) -> None:
        problems = [
            each for each in (done.problem, *(row.problem for row in done.records)) if each is not None
        ]
        if not problems or done.accepted or done.merged or done.conflicts or done.held or done.answered:
            self.tally.wrong.append(f"{layer}: taken, {done}")
        for problem in problems:
            self.tally.codes[problem.code] += 1
            said = sentence(problem)
            if "{" in said.message + said.remedy or said.message == problem.code:
                self.tally.wrong.append(f"{layer}: no sentence for {problem}")


LAYERS = {
    "outside": 25,
    "inside": 25,
    "parts": 15,
    "forged": 12,
    "bodies": 10,
    "bombs": 1,
    "in_volumes": 7,
    "receipts": 5,
}
"""How often each layer comes up."""


def run(office: Workplace, laptop: Workplace, folder: Path, count: int, seed: int = 7) -> Tally:
    """Try ``count`` mutated packages."""
    bench = Bench(office, laptop, folder, random.Random(seed))
    bench.prepare()
    layers = bench.chance.choices(list(LAYERS), list(LAYERS.values()), k=count)
    for layer in layers:
        bench.attempt(layer)
    return bench.tally


def records(place: Workplace) -> tuple[object, ...]:
    """Everything that a package may bring."""
    tables = (Revision, HeldRevision, RecordState, Inspection, ReceiptLine)
    with place.read() as session:
        counts = tuple(session.scalar(select(func.count()).select_from(table)) for table in tables)
    return counts, frozenset(evidence_files(place))


def journal(place: Workplace) -> object:
    """Moves whenever anything is written."""
    with place.read() as session:
        return session.scalar(select(func.max(JournalEntry.sequence))), session.scalar(
            select(func.count()).select_from(Package)
        )


def mutated(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """``data`` with bits flipped, cut off, lengthened, or a piece taken from elsewhere; never the same."""
    found = bytearray(data)
    at = chance.randrange(len(found))
    match chance.randrange(6):
        case 0 | 1:
            for _ in range(chance.choice((1, 1, 1, 2, 8))):
                found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
        case 2:
            del found[at:]
        case 3:
            del found[at : at + chance.choice((1, 4, 16, 1000))]
        case 4:
            found[at:at] = chance.randbytes(chance.choice((1, 4, 70_000)))
        case _:
            start, size = chance.randrange(len(other)), chance.choice((1, 32, 4096))
            found[at : at + size] = other[start : start + size]
    return bytes(found) if found != data else data[:-1]


def _bent(chance: random.Random, value: object) -> object:
    """A value of a manifest made into something else."""
    if isinstance(value, list) and value and chance.random() < 0.7:
        at = chance.randrange(len(value))
        match chance.randrange(4):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return [*value, value[at]]
            case 2 if len(value) > 1:
                return [*value[1:], value[0]]
            case _:
                return [*value[:at], _bent(chance, value[at]), *value[at + 1 :]]
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(sorted(value))
        return value | {name: _bent(chance, value[name])}
    found = chance.choice([odd for odd in ODD if odd != value or type(odd) is not type(value)])
    if isinstance(value, int) and chance.random() < 0.5:
        found = value + chance.choice((-1, 1, 1 << 20))
    return found


def _misaddressed(chance: random.Random, recipients: list[dict[str, object]]) -> object:
    """Recipients that nobody may write; another number alone would be a gap, and taken."""
    first, *others = recipients
    wrong = {
        "device": ("", "office", "0" * 31, "0" * 64, "../../x", None, 7),
        "sequence": (0, -1, None, "1", 1 << 31, 1 << 63, 1 << 80, 1.5, [1]),
        "previous": ("0" * 63, "x" * 64, "../../x", None, 0, []),
        "more": (1, "", None),
    }
    match chance.randrange(4):
        case 0:
            return chance.choice(([], {}, None, "", first, [*recipients, first], [recipients]))
        case 1:
            lost = chance.choice(sorted(first))
            return [{name: value for name, value in first.items() if name != lost}]
        case _:
            name = chance.choice(sorted(wrong))
            return [first | {name: chance.choice(wrong[name])}, *others]


def _entries(inner: bytes) -> list[tuple[str, bytes]]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(inner)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]
