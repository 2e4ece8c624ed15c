"""What packages, devices and enrolment say on the screen. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from app.clock import LOCAL
from app.services.enrolment import DeviceRow
from app.services.handover import Exported, Mark, PackageRow
from app.services.loading import Foreseen
from app.services.merging import Fate
from app.ui.blocks import Block, Part
from app.ui.tokens import Tone
from app.vocabulary import Role
from app.wording import label

PACKAGES: Final = "查验包、分卷和回执 (*.cyb *.cyv *.receipt)"
REQUESTS: Final = "登记申请 (*.cyreq)"
ANSWERS: Final = "登记答复 (*.cyenr)"

KINDS: Final = {
    "inspection": "检查",
    "organization": "企业",
    "assignment": "任务",
    "plan": "计划",
    "person": "人员",
    "certification_body": "机构",
}

FATES: Final = {
    Fate.ACCEPTED: "收入",
    Fate.ALREADY: "已有",
    Fate.MERGED: "合并",
    Fate.CONFLICT: "冲突",
    Fate.HELD: "待补",
    Fate.REFUSED: "拒收",
}

MARKS: Final[dict[Mark, tuple[str, Tone]]] = {
    Mark.CONFIRMED: ("✓ 已收到", "good"),
    Mark.QUESTION: ("？ 对方在等", "attention"),
    Mark.REFUSED: ("✗ 没有收", "bad"),
    Mark.SENT: ("○ 待回执", "neutral"),
}

_KIB: Final = 1024


def size_text(size: int) -> str:
    """A size as people read it."""
    if size < _KIB:
        return f"{size} B"
    if size < _KIB**2:
        return f"{size / _KIB:.0f} KB"
    if size < _KIB**3:
        return f"{size / _KIB**2:.1f} MB"
    return f"{size / _KIB**3:.2f} GB"


def moment_text(moment: datetime) -> str:
    """A moment to the minute, where the work is done."""
    return moment.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")


def bytes_text(done: int, total: int) -> str:
    """How many bytes are done, of how many."""
    return f"{size_text(done)} / {size_text(total)}" if total else size_text(done)


def work_text(done: int, total: int) -> str:
    """How much was read and written of all that has to be: a package is read back after it is written."""
    return f"读写 {bytes_text(done, total)}"


def kind_text(kind: str) -> str:
    """What a kind of record is called."""
    return KINDS.get(kind, kind)


def kinds_text(kinds: Mapping[str, int]) -> str:
    """Records counted by kind."""
    return "，".join(f"{kind_text(kind)} {count} 条" for kind, count in sorted(kinds.items()))


def load_text(told: Foreseen) -> str:
    """What would go and how big it is."""
    if not told.records and not told.evidence:
        return "没有新的要带"
    evidence = f"照片等证据 {told.evidence} 个" if told.evidence else ""
    # What is not sealed yet has no size so far; it is small beside any photo.
    size = f"约 {size_text(told.bytes)}" if told.bytes >= _KIB**2 else "不到 1 MB"
    return "，".join(filter(None, (kinds_text(told.kinds), evidence, size)))


def room_text(wanted: int, free: int) -> str:
    """That there is too little room on a disk; nothing where there is enough."""
    if free >= wanted:
        return ""
    return f"放不下：约需 {size_text(wanted)}，可用 {size_text(free)}；换一个磁盘或先清理"


def receiver_text(row: DeviceRow) -> str:
    """A device as one ticks it off."""
    what = "办公室" if row.office_device else label("role", row.role)
    return f"{row.name} · {row.office} · {what}"


def exported_text(done: Exported) -> tuple[str, str]:
    """What went into a package, and that it was read back."""
    return (
        f"已导出 {done.path.name}，并读回核对无误",
        f"{done.records} 条记录，{done.blobs} 个证据文件，{size_text(done.bytes)}；在 {done.path.parent}",
    )


def office_of(rows: Iterable[DeviceRow]) -> DeviceRow | None:
    """The office that this device is enrolled at."""
    return next((row for row in rows if row.office_device and not row.own), None)


def colleagues_of(rows: Iterable[DeviceRow], own: DeviceRow | None) -> list[DeviceRow]:
    """The laptops of one's own office that are in use."""
    return [
        row
        for row in rows
        if own is not None and row.office == own.office and row.role is Role.INSPECTOR and in_use(row)
    ]


def own_of(rows: Iterable[DeviceRow]) -> DeviceRow | None:
    """This device itself."""
    return next((row for row in rows if row.own), None)


def enrolment_blocks(rows: Sequence[DeviceRow]) -> tuple[Block, ...]:
    """Who this device is, and which office it belongs to, with the fingerprints to compare."""
    own, office = own_of(rows), office_of(rows)
    blocks = []
    if office is None:
        blocks.append(
            Block(
                "登记",
                (
                    ("chip", ("还没有登记到办公室", "attention")),
                    ("text", "1 生成登记申请，交给办公室"),
                    ("text", "2 双方念一遍指纹，须完全一致"),
                    ("text", "3 导入办公室给的答复"),
                ),
            )
        )
    else:
        parts: tuple[Part, ...] = (
            ("text", f"{office.office} {office.name}"),
            ("soft", f"指纹 {office.fingerprint}"),
            ("chip", (f"{moment_text(office.enrolled_at)} 登记", "good")),
        )
        blocks.append(Block("收件方", parts))
    if own is not None:
        blocks.append(Block("本机", (("text", own.name), ("soft", f"指纹 {own.fingerprint}"))))
    return tuple(blocks)


def in_use(row: DeviceRow) -> bool:
    """Whether a device may be handed something."""
    return not row.own and row.revoked_at is None


def device_state(row: DeviceRow) -> str:
    """Whether a device is in use."""
    if row.own:
        return "本机"
    return "已停用" if row.revoked_at is not None else "在用"


def device_tone(row: DeviceRow) -> Tone | None:
    """The colour of that word."""
    if row.own:
        return None
    return "bad" if row.revoked_at is not None else "good"


def direction(row: PackageRow) -> str:
    """Which way a package went."""
    return "交出" if row.outgoing else "收进"


def package_outcome(row: PackageRow) -> str:
    """What became of a package that came in: counts by fate."""
    named = ((FATES[fate], row.summary.get(fate.value, 0)) for fate in Fate)
    return "，".join(f"{name} {count}" for name, count in named if count)


def role_text(row: DeviceRow) -> str:
    """The role of a device's owner."""
    return label("role", row.role)
