"""What stands about a scanned page in the list and above its picture. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.clock import LOCAL
from app.services.scan_rows import ScanRow, SignedCopy, TrayRow
from app.services.scanning import Imported, Lacking, PageLine
from app.ui.tokens import Tone
from app.wording import sentence


@dataclass(frozen=True, slots=True)
class Entry:
    """One page as listed. ``inspection_id`` is empty for those in the tray, ``key`` tells it there or there."""

    key: str
    inspection_id: str
    sha256: str
    rotation: int
    title: str
    detail: str
    remedy: str = ""
    tone: Tone = "neutral"

    @property
    def waits(self) -> bool:
        """Whether it is in the tray."""
        return not self.inspection_id


@dataclass(frozen=True, slots=True)
class Section:
    """Pages under one heading."""

    heading: str
    entries: tuple[Entry, ...]


def of_tray(rows: Sequence[TrayRow]) -> Section:
    """The pages that wait."""
    return Section(f"待认领 {len(rows)}", tuple(_waiting(row) for row in rows))


def of_import(done: Imported, rows: Mapping[str, ScanRow]) -> Section:
    """What went to its record in the last import and is there still; what waits stands in the tray."""
    entries = tuple(_arrived(line, rows[line.key]) for line in done.lines if line.key in rows)
    return Section(f"刚收的 {len(entries)}", entries)


def of_record(name: str, copies: Iterable[SignedCopy]) -> Section:
    """The signed papers of a record."""
    entries = tuple(
        Entry(
            scan.key, scan.inspection_id, scan.sha256, scan.rotation,
            _named(copy.copy.title, scan.page, scan.pages),
            "；".join(
                part
                for part in (
                    "印后记录有改动" if scan.outdated else "",
                    f"{scan.scanned_at.astimezone(LOCAL):%Y-%m-%d %H:%M} {scan.scanned_by} 收",
                    "人工归档" if scan.by_hand else "",
                )
                if part
            ),
            "用现在的记录重印、重签更稳妥" if scan.outdated else "",
            "attention" if scan.outdated else "neutral",
        )
        for copy in copies
        for scan in copy.scans
    )  # fmt: skip
    return Section(f"{name} 的签字件", entries)


def _waiting(row: TrayRow) -> Entry:
    told = sentence(row.problem)
    title = f"{row.file_name} 第 {row.source_page} 页"
    return Entry(row.id, "", row.sha256, row.rotation, title, told.message, told.remedy, "attention")


def _arrived(line: PageLine, row: ScanRow) -> Entry:
    parts = [line.subject_name]
    tone: Tone = "neutral"
    remedy = ""
    if line.outcome == "duplicate":
        parts.append("先前已收，没有再收")
    if line.outcome == "again":
        parts.append("这一页先前扫过，两份都留")
    if line.outdated:
        parts.append("印后记录有改动")
        tone, remedy = "attention", "用现在的记录重印、重签更稳妥"
    title = (
        _named(line.title, line.page, line.pages) if line.title else f"{line.file} 第 {line.source_page} 页"
    )
    return Entry(
        line.key, line.inspection_id, line.sha256, row.rotation, title, " · ".join(parts), remedy, tone
    )


def _named(title: str, page: int, pages: int) -> str:
    return f"{title} 第 {page}/{pages} 页" if page else title


def import_text(done: Imported) -> str:
    """How an import went, in one line."""
    placed, aside, same = done.count("placed", "again"), done.count("aside"), done.count("duplicate")
    parts = [f"{placed} 页已归档"]
    parts += [f"{aside} 页待认领"] if aside else []
    parts += [f"{same} 页重复"] if same else []
    parts += [f"{len(done.problems)} 处没有读成"] if done.problems else []
    return "刚收：" + "，".join(parts)


def lacking_text(lacking: Iterable[Lacking]) -> str:
    """Which pages of which papers were not scanned."""
    return "；".join(
        f"{each.subject_name} {each.copy.copy.title} 第 {pages_text(each.copy.missing)} 页未扫"
        for each in lacking
    )


def copy_text(copy: SignedCopy | None) -> str:
    """Whether the signed paper is there, for the screen 打印."""
    if copy is None:
        return "签字件未扫"
    late = "，印后记录有改动" if copy.outdated else ""
    if copy.missing:
        return f"签字件缺第 {pages_text(copy.missing)} 页{late}"
    return f"签字件已存{late}"


def pages_text(pages: Iterable[int]) -> str:
    """Numbers of pages, those in a row as from and to."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs)
