"""What is said about a piece of evidence: its name in the list, its facts, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from app.clock import LOCAL
from app.services.evidence import EvidenceRow

_KINDS = (
    ("image/", "照片", "photo"),
    ("video/", "录像", "video"),
    ("audio/", "录音", "sound"),
    ("application/pdf", "扫描件", "scan"),
)
AHEAD = timedelta(minutes=2)
"""Clocks may differ by so much without a word."""


def kind(row: EvidenceRow) -> str:
    """What sort of thing it is."""
    word = next((word for start, word, _ in _KINDS if row.media_type.startswith(start)), "文件")
    return "标注副本" if row.original_key is not None else word


def icon_of(row: EvidenceRow) -> str:
    """The icon of its sort."""
    return next((icon for start, _, icon in _KINDS if row.media_type.startswith(start)), "note")


def title(row: EvidenceRow) -> str:
    """Its caption, else its file's name."""
    return row.caption or row.file_name


def moment(at: datetime) -> str:
    """A moment to the second, where the work is done."""
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")


def short_moment(at: datetime) -> str:
    """A moment in a tile."""
    return at.astimezone(LOCAL).strftime("%m-%d %H:%M")


def size_text(size: int) -> str:
    """A size as people say it."""
    return f"{size / (1 << 20):,.1f} MB" if size >= 1 << 20 else f"{max(1, size // 1024):,} KB"


def spoken(row: EvidenceRow, number: int, item: str, *, chosen: bool) -> str:
    """A tile as a screen reader says it."""
    parts = [f"{kind(row)} {number}", title(row)]
    if item:
        parts.append(f"检查项 {item}")
    parts.append(f"拍摄 {moment(row.captured_at)}" if row.captured_at else f"收入 {moment(row.taken_at)}")
    return "，".join([*parts, "已选"] if chosen else parts)


def facts(row: EvidenceRow, original: str = "") -> str:
    """What is known about a file: name, size, times, place, where it lies, hash."""
    return "\n".join(_facts(row, original))


def _facts(row: EvidenceRow, original: str) -> Iterator[str]:
    yield f"{kind(row)} · {row.file_name} · {size_text(row.size)}"
    if original:
        yield f"原件 {original}"
    if row.captured_at is not None:
        yield f"拍摄 {moment(row.captured_at)}（相机）"
    yield f"收入 {moment(row.taken_at)}（本机） {row.taken_by}"
    if row.located:
        yield f"地点 {row.located.replace(',', ', ')}（相机记录）"
    if row.outside_sha256:
        yield "文件留在原处，没有收入加密库；只登记校验值"
    # In groups, so that it can be read aloud and wraps in a narrow column.
    groups = " ".join(row.digest[start : start + 8] for start in range(0, 64, 8))
    yield f"SHA-256 {groups}"


def doubts(row: EvidenceRow, started_at: datetime) -> tuple[str, ...]:
    """What is odd about the camera's time; nothing is refused for it."""
    return tuple(_doubts(row, started_at))


def _doubts(row: EvidenceRow, started_at: datetime) -> Iterator[str]:
    if row.captured_at is None or row.original_key is not None:
        return
    if row.captured_at > row.taken_at + AHEAD:
        yield "相机时间晚于本机时间，核对相机的时钟"
    elif row.captured_at < started_at - AHEAD:
        yield "拍摄时间早于本次检查开始"


def common(values: Sequence[str]) -> str | None:
    """The value that all share, or ``None``."""
    return values[0] if values and len(set(values)) == 1 else None
