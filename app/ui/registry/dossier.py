"""The dossier of one organization as the office reads it: every value with where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from app.clock import local_date
from app.services.registering import CertificateRow, HistoryRow, OrganizationDetail, SourceRow
from app.ui.blocks import Block, Part
from app.ui.tokens import Tone
from app.ui.widgets import day_text
from app.vocabulary import CertificateStatus
from app.wording import joined, label

CERTIFICATES_SHOWN: Final = 40
HISTORY_SHOWN: Final = 40
_TONES: Final[dict[CertificateStatus, Tone]] = {
    CertificateStatus.VALID: "good",
    CertificateStatus.SUSPENDED: "attention",
}

Sources = Mapping[str, SourceRow]


def blocks(detail: OrganizationDetail, today: date) -> tuple[Block, ...]:
    """The dossier in words."""
    sources = {source.id: source for source in detail.sources}
    said = [_subject(detail, sources), _certificates(detail, sources, today)]
    if detail.history:
        shown = detail.history[:HISTORY_SHOWN]
        lines = [part for row in shown for part in _former(row, sources)]
        if len(detail.history) > len(shown):
            lines.append(("soft", f"另有更早的 {len(detail.history) - len(shown)} 处"))
        said.append(Block(f"变更记录 {len(detail.history)} 处", tuple(lines)))
    return tuple(said)


def _subject(detail: OrganizationDetail, sources: Sources) -> Block:
    row = detail.row
    people = joined("names", (detail.legal_representative, row.contact, row.phone))
    size = f"从业 {detail.employees:,} 人" if detail.employees else ""
    lines: list[Part] = [("text", row.name)]
    lines += [("soft", text) for text in (row.credit_code, row.address, people, size) if text]
    if row.code_state in {"bad", "old"}:
        wrong = "校验位不对" if row.code_state == "bad" else "是九位旧代码"
        lines.append(("chip", (f"统一社会信用代码{wrong}", "attention")))
    if row.risk:
        lines.append(("soft", f"风险等级 {row.risk}"))
    made = detail.dossier_on
    lines.append(("chip", (f"{day_text(made)} 建档", "good") if made else ("未建档", "attention")))
    lines.append(("soft", f"来源 {_origin(detail.source_id, detail.source_row, row.as_of, sources)}"))
    return Block("企业", tuple(lines))


def _certificates(detail: OrganizationDetail, sources: Sources, today: date) -> Block:
    held = sorted(detail.certificates, key=lambda row: (row.status is CertificateStatus.VALID, row.number))
    if not held:
        return Block("证书", (("soft", "名录里没有这家企业的证书"),))
    lines = [part for row in held[:CERTIFICATES_SHOWN] for part in _certificate(row, sources, today)]
    if len(held) > CERTIFICATES_SHOWN:
        lines.append(("soft", f"另有 {len(held) - CERTIFICATES_SHOWN} 张有效证书，导出名录可看全部"))
    return Block(f"证书 {len(held)} 张", tuple(lines))


def _certificate(row: CertificateRow, sources: Sources, today: date) -> Iterator[Part]:
    yield ("text", f"{row.number} {row.product or row.project or label('scheme', row.scheme)}".strip())
    yield ("chip", (standing_text(row, today), standing_tone(row, today)))
    if row.body_name:
        yield ("soft", joined("names", (row.body_name, row.body_approval)))
    days = [f"发证 {day_text(row.issued_on)}" if row.issued_on else "", _validity(row)]
    if any(days):
        yield ("soft", " · ".join(day for day in days if day))
    yield ("soft", _origin(row.source_id, row.source_row, row.as_of, sources))


def _validity(row: CertificateRow) -> str:
    return f"有效期至 {day_text(row.expires_on)}" if row.expires_on else ""


def standing_text(row: CertificateRow, today: date) -> str:
    """The registry's word about a certificate, with its window and reason."""
    said = label("certificate_status", row.status)
    if row.status is CertificateStatus.SUSPENDED and (row.suspended_from or row.suspended_to):
        said += f" {day_text(row.suspended_from) or '？'} 至 {day_text(row.suspended_to) or '未定'}"
    elif row.ended_on is not None:
        said += f" {day_text(row.ended_on)}"
    elif _is_past(row, today):
        said += "，已过有效期"
    return f"{said}（{row.status_reason}）" if row.status_reason else said


def standing_tone(row: CertificateRow, today: date) -> Tone:
    """How much a certificate's status asks for attention."""
    return "attention" if _is_past(row, today) else _TONES.get(row.status, "bad")


def _is_past(row: CertificateRow, today: date) -> bool:
    valid = row.status is CertificateStatus.VALID
    return valid and row.expires_on is not None and row.expires_on < today


def _former(row: HistoryRow, sources: Sources) -> Iterator[Part]:
    what = label("registry_field", row.field)
    of = f"证书 {row.certificate_number} 的{what}" if row.certificate_number else what
    former, value = _word(row.field, row.former), _word(row.field, row.value)
    yield ("text", f"{of}：{former or '空'} → {value or '空'}")
    origin = _origin(row.former_source_id, row.former_row, row.former_as_of, sources)
    after = _origin(row.source_id, row.source_row, None, sources)
    yield ("soft", f"原值出自 {origin}；{day_text(local_date(row.replaced_at))} 由 {after} 替换")


def _word(field: str, value: str) -> str:
    vocabulary = {"status": "certificate_status", "scheme": "scheme", "product_class": "product_class"}
    return label(vocabulary[field], value) if field in vocabulary else value


def _origin(source_id: str | None, line: int | None, as_of: date | None, sources: Sources) -> str:
    """File, row and date of a value."""
    source = sources.get(source_id or "")
    if source is None:
        return "收件或手工录入"
    at = f"{source.file_name} 第 {line} 行" if line else source.file_name
    day = as_of or source.as_of
    return f"{at}（截至 {day_text(day)}）" if day else at
