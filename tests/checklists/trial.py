"""A small checklist with everything: a repeated section, several values, a check, starred items."""

from __future__ import annotations

import tomllib

from app.checklists.loader import load_checklist
from app.checklists.schema import Checklist

TRIAL = """
id = "trial"
inspection_type = "CCC_PRODUCER"
version = "2026-8"
title = "试用清单"
effective_from = 2026-08-01

[[sections]]
id = "1"
title = "总的情况"

[[sections.items]]
id = "1.1"
text = "产销平衡"
how = "核对台账"
evidence = "台账"
basis = "proposal"
default_severity = "major"
dispositions = ["rectify_by_date"]
measures = [
  { id = "produced", label = "产量", unit = "千克", decimals = 1, minimum = 0 },
  { id = "sold", label = "销量", unit = "千克", decimals = 1 },
  { id = "seen_on", label = "核对日期", kind = "date", minimum = 2026-01-01, required = false },
]
check = { rule = "balance", inputs = { produced = "1.1.produced", sold = "1.1.sold" } }

[[sections.items]]
id = "1.2"
text = "超产原因清楚"
how = "询问"
evidence = "记录"
basis = "proposal"
default_severity = "minor"
condition = 'measure("1.1.sold") > 100'

[[sections]]
id = "2"
title = "证书"
repeat = { of = "certificate", title = "抽查的证书", minimum = 1, maximum = 3, fields = [
  { id = "number", label = "证书编号", kind = "code" },
  { id = "expires_on", label = "有效期至", kind = "date" },
  { id = "status", label = "名录状态", kind = "text", required = false },
] }

[[sections.items]]
id = "2.1"
text = "生产日证书有效"
how = "查证书"
evidence = "证书"
basis = "official"
default_severity = "critical"
dispositions = ["case_lead"]
starred = true
measure = { label = "生产日期", kind = "date" }
check = { rule = "certificate_valid_on", inputs = { day = "2.1", valid_to = "2.expires_on", status = "2.status" } }

[[sections.items]]
id = "2.2"
text = "失效期间没有出厂"
how = "查出库"
evidence = "台账"
basis = "proposal"
default_severity = "critical"
condition = 'item("2.1") == "nonconforming"'
photos_required = 1

[[conclusion]]
result = "nonconforming"
when = 'any_nonconforming("*")'

[[conclusion]]
result = "basically_conforming"
when = 'any_nonconforming("all")'

[[conclusion]]
result = "conforming"
"""


def trial(text: str = TRIAL) -> Checklist:
    """The checklist, which has no fault."""
    tomllib.loads(text)
    found, problems = load_checklist(text.encode())
    assert problems == ()
    assert found is not None
    return found
