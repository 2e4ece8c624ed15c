"""What a path inside a record is called, and how its value is written. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.ui.enforcement.money import yuan
from app.wording import label, labels

_PARTS: Final = {
    "answers": "第 {key} 项",
    "findings": "问题 {key}",
    "evidence": "证据 {key}",
    "signatures": "签名 {key}",
    "officers": "检查人员 {key}",
    "orders": "责令改正 {key}",
    "follow_ups": "复查 {key}",
    "cases": "案件 {key}",
    "notifications": "通报 {key}",
    "corrections": "更正 {key}",
    "certificates": "证书 {key}",
    "tasks": "任务 {key}",
}
_FIELDS: Final = {
    "verdict": "结论",
    "note": "备注",
    "value": "实测值",
    "answered_by": "判定人",
    "answered_at": "判定时间",
    "description": "事实描述",
    "severity": "轻重",
    "disposition": "处理方式",
    "provision": "违反条款",
    "penalty": "处罚条款",
    "confirmed": "是否确认",
    "situation": "检查情况",
    "opinion": "处理意见",
    "place": "检查地点",
    "production_status": "生产状态",
    "product_class": "主要产品大类",
    "status": "状态",
    "previous_rectification": "上次整改情况",
    "recorder": "记录人",
    "subject_name": "企业名称",
    "subject_code": "信用代码",
    "subject_address": "企业地址",
    "subject_representative": "负责人",
    "subject_phone": "联系电话",
    "task_source": "任务来源",
    "approval_number": "审批编号",
    "approval_by": "审批人",
    "notice_number": "通知书编号",
    "caption": "说明",
    "name": "名称",
    "reason": "原因",
    "witness": "见证人",
    "due_on": "期限",
    "number": "编号",
    "requirements": "改正要求",
    "result": "结果",
    "facts": "事实",
    "fine": "罚款（元）",
    "confiscated": "没收（元）",
    "goods_value": "货值（元）",
    "review_remark": "审核意见",
    "finished_at": "结束时间",
    "finalised_at": "完成时间",
    "risk": "风险等级",
    "address": "地址",
    "phone": "电话",
}
_MONEY: Final = frozenset({"fine", "confiscated", "goods_value"})
_WORDS: Final = {
    "verdict": "verdict",
    "severity": "severity",
    "disposition": "disposition",
    "production_status": "production_status",
    "product_class": "product_class",
    "task_source": "task_source",
    "result": "follow_up_result",
}
_STATUSES: Final = {"": "inspection_status", "orders": "order_status", "cases": "case_status"}


def _steps(path: str) -> tuple[str, str, str]:
    """Part, key and field of a path; the first two are empty for a field of the record itself."""
    steps = [step.replace("%2F", "/").replace("%25", "%") for step in path.split("/")]
    if len(steps) == 1:
        return "", "", steps[0]
    return steps[0], steps[1].removeprefix("item:"), steps[2] if len(steps) > 2 else ""


def path_text(path: str) -> str:
    """A path as people call it: 第 3.1 项 · 结论."""
    part, key, field = _steps(path)
    shown = key if len(key) <= 20 else key[:8]
    whole = _PARTS.get(part, f"{part} {{key}}").format(key=shown) if part else ""
    name = _FIELDS.get(field, field) if field else "是否保留"
    return f"{whole} · {name}" if whole else name


def value_text(path: str, value: object) -> str:
    """A value as people write it; （空） where it was cleared or removed."""
    part, _, field = _steps(path)
    if value is None or value == "":
        return "（空）" if field else "删去"
    if isinstance(value, bool):
        return ("是" if value else "否") if field else "保留"
    if field in _MONEY and isinstance(value, int):
        return yuan(value)
    return _worded(part, field)(str(value))


def _worded(part: str, field: str) -> Callable[[str], str]:
    vocabulary = _STATUSES.get(part, "") if field == "status" else _WORDS.get(field, "")
    return (lambda word: label(vocabulary, word)) if labels(vocabulary) else str
