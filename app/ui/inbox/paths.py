"""What a path inside a record is called, and how its value is written. Pure functions."""

from __future__ import annotations

from typing import Final

from app.sync.shapes import unescape
from app.ui.enforcement.money import yuan
from app.wording import label

_MONEY: Final = frozenset({"fine", "confiscated", "goods_value"})
_VOCABULARIES: Final = {
    "verdict": "verdict",
    "severity": "severity",
    "disposition": "disposition",
    "production_status": "production_status",
    "product_class": "product_class",
    "task_source": "task_source",
    "result": "follow_up_result",
    "referral": "referral",
    "delivery": "delivery_method",
    "state": "signature_state",
    "subject_kind": "subject_kind",
    "inspection_type": "inspection_type",
    "scheme": "scheme",
}
_STATUSES: Final = {
    "": "inspection_status",
    "orders": "order_status",
    "cases": "case_status",
    "certificates": "certificate_status",
}
_ID_LENGTH: Final = 32
_SHORT: Final = 4


def _steps(path: str) -> tuple[str, str, str]:
    """Part, key and field of a path; the first two are empty for a field of the record itself."""
    steps = [unescape(step) for step in path.split("/")]
    if len(steps) == 1:
        return "", "", steps[0]
    return steps[0], steps[1].removeprefix("item:"), steps[2] if len(steps) > 2 else ""


def path_text(path: str) -> str:
    """A path as people call it: 检查项 3.1 · 结论."""
    part, key, field = _steps(path)
    # An identifier of the program says nothing; its head tells two of them apart.
    shown = f"#{key[:_SHORT]}" if len(key) == _ID_LENGTH else key
    name = label("record_field", field) if field else "保留还是删去"
    return f"{label('record_part', part)} {shown} · {name}" if part else name


def value_text(path: str, value: object) -> str:
    """A value as people write it; （空） where it was cleared or removed."""
    part, _, field = _steps(path)
    if value is None or value == "":
        return "（空）" if field else "删去"
    if isinstance(value, bool):
        return ("是" if value else "否") if field else "保留"
    if field in _MONEY and isinstance(value, int):
        return f"{yuan(value)} 元"
    vocabulary = _STATUSES.get(part, "") if field == "status" else _VOCABULARIES.get(field, "")
    return label(vocabulary, str(value))
