"""What packages, devices and enrolment say on the screen. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from app.clock import LOCAL
from app.services.enrolment import DeviceRow
from app.services.handover import Exported, Mark, PackageRow, ReceiptRow
from app.services.merging import Fate, Imported
from app.ui.blocks import Block, Part
from app.ui.tokens import Tone
from app.wording import label, sentence

PACKAGES: Final = "查验包和回执 (*.cyb *.receipt)"
REQUESTS: Final = "登记申请 (*.cyreq)"
ANSWERS: Final = "登记答复 (*.cyenr)"

KINDS: Final = {
    "inspection": "检查",
    "organization": "企业",
    "assignment": "任务",
    "plan": "计划",
    "person": "人员",
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
    Mark.CONFIRMED: ("✓ 办公室已收到", "good"),
    Mark.QUESTION: ("？办公室还在等", "attention"),
    Mark.REFUSED: ("✗ 办公室没有收", "bad"),
    Mark.SENT: ("已交出，等回执", "neutral"),
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


def exported_text(done: Exported) -> tuple[str, str]:
    """What went into a package, and that it was read back."""
    return (
        f"已导出 {done.path.name}，并读回核对无误",
        f"{done.records} 条记录，{done.blobs} 个证据文件，{size_text(done.bytes)}；在 {done.path.parent}",
    )


def office_of(rows: Iterable[DeviceRow]) -> DeviceRow | None:
    """The office that this device is enrolled at."""
    return next((row for row in rows if row.office_device and not row.own), None)


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


def import_tone(done: Imported) -> Tone:
    """How an import went as a whole."""
    if done.problem is not None or done.refused:
        return "bad"
    return "attention" if done.held or done.conflicts else "good"


def import_word(done: Imported) -> str:
    """The same in a word."""
    if done.problem is not None:
        return "没有收入"
    if done.answered:
        return f"回执 {done.answered} 条"
    return {"bad": "部分拒收", "attention": "待处理", "good": "全部收入"}[import_tone(done)]


def import_summary(done: Sequence[Imported]) -> str:
    """One line about an import of several packages."""
    packages = [each for each in done if not each.answered]
    whole = sum(import_tone(each) == "good" for each in packages)
    accepted = sum(each.accepted + each.merged for each in packages)
    parts = [f"{len(packages)} 个包，{whole} 个全部收入", f"新收 {accepted} 条记录"] if packages else []
    parts += [f"回执 {len(done) - len(packages)} 份"] if len(packages) < len(done) else []
    for name, count in (
        ("冲突", sum(each.conflicts for each in done)),
        ("待补", sum(each.held for each in done)),
        ("拒收", sum(each.refused for each in done)),
    ):
        parts += [f"{name} {count} 条"] if count else []
    refused = sum(each.problem is not None for each in done)
    parts += [f"{refused} 个包没有收入"] if refused else []
    return " · ".join(parts)


def import_blocks(done: Imported) -> tuple[Block, ...]:
    """Everything there is to say about one package: why refused, what is held, what disagrees."""
    parts: list[Part] = [("chip", (import_word(done), import_tone(done)))]
    if done.answered:
        parts.append(
            ("text", f"{done.author} 说明了 {done.answered} 条记录收到没有；没收到的会再次列入待交接")
        )
    problems = [done.problem] if done.problem is not None else []
    for problem in (*problems, *done.remarks):
        words = sentence(problem)
        parts += [("text", words.message), ("soft", words.remedy)]
    for name, why in _told(done):
        parts += [("text", name), ("soft", why)]
    if done.receipt is not None:
        parts.append(("soft", f"回执已写在 {done.receipt}"))
    return (Block(done.file, tuple(parts)),)


SHOWN: Final = 20


def _told(done: Imported) -> list[tuple[str, str]]:
    """The records that need someone's attention, the first ones by name and the rest by number."""
    told = []
    for each in done.records:
        name = f"{KINDS.get(each.kind, each.kind)} {each.record_id[:8]} · {FATES[each.fate]}"
        if each.problem is not None:
            words = sentence(each.problem)
            told.append((name, f"{words.message}。{words.remedy}"))
        elif each.fate is Fate.HELD:
            told.append((name, f"缺前面的修订 {len(each.missing)} 条；那个包到了会自己接上"))
        elif each.fate is Fate.CONFLICT:
            told.append((name, "两人填写不一致，两个值都留着，见“冲突”"))
    if len(told) > SHOWN:
        told = [*told[:SHOWN], (f"另有 {len(told) - SHOWN} 条", "用命令行 package import --json 可看全部")]
    return told


def mark_text(row: ReceiptRow) -> str:
    """Where a record stands with its receiver."""
    return MARKS[row.mark][0]


def mark_tone(row: ReceiptRow) -> Tone:
    """The colour of that word."""
    return MARKS[row.mark][1]


def mark_reason(row: ReceiptRow) -> str:
    """Why a record was not taken, or what it waits for."""
    if row.problem is not None:
        words = sentence(row.problem)
        return f"{words.message}；{words.remedy}"
    if row.fate is Fate.CONFLICT:
        return "两人填写不一致，办公室定下后生效"
    return f"缺前面的修订 {len(row.missing)} 条，再交一次即可补上" if row.missing else ""


def role_text(row: DeviceRow) -> str:
    """The role of a device's owner."""
    return label("role", row.role)
