"""An office's own form with every kind of entry, as a file in its folder of forms."""

from __future__ import annotations

from app.services.workplace import Workplace

TALK = """
id = "talk"
title = "约谈记录"
version = "3"
source = "本局"
about = "inspection"
number = "{office}市监约〔{year}〕{n}号"
copies = 2
continued = "约谈记录（续页）"

[fields]
"inspection.id" = { meaning = "记录编号" }
"office.name" = { meaning = "机关" }
"organization.name" = { meaning = "被约谈单位" }

[[entries]]
id = "person"
label = "被约谈人"
required = true
prefill = "organization.legal_representative"
[[entries]]
id = "started"
label = "约谈时间"
kind = "time"
prefill = "inspection.started_at"
[[entries]]
id = "way"
label = "方式"
kind = "choice"
words = { site = "现场", office = "到局", video = "视频" }
confidence = "unverified"
[[entries]]
id = "link"
label = "会议号"
when = "paper.way?video"
required = true
[[entries]]
id = "warned"
label = "是否告诫"
kind = "yes_no"
[[entries]]
id = "value"
label = "涉及货值"
kind = "money"
[[entries]]
id = "content"
label = "内容"
kind = "lines"
[[entries]]
id = "officers"
label = "参加人"
kind = "rows"
prefill = "officers"
[[entries.columns]]
id = "name"
label = "姓名"
prefill = "item.name"
[[entries]]
id = "talk"
label = "问答"
kind = "rows"
[[entries.columns]]
id = "question"
label = "问"
required = true
[[entries.columns]]
id = "answer"
label = "答"
kind = "lines"
[[entries]]
id = "asked_state"
label = "签名情况"
kind = "choice"
words = { signed = "签名", refused = "拒签", absent = "不在场" }
[[entries]]
id = "asked_name"
label = "姓名"
when = "paper.asked_state?refused,absent"
[[entries]]
id = "asked_reason"
label = "原因"
when = "paper.asked_state?refused,absent"

[[blocks]]
kind = "heading"
office = "{office.name}"
text = "约谈记录"
number = "{paper.number}"
[[blocks]]
kind = "text"
text = "{organization.name}　{paper.person}　{paper.started}　{paper.way:boxes}"
[[blocks]]
kind = "text"
text = "{paper.warned?yes}告诫　{paper.warned?no}不告诫　<货值{paper.value:yuan}>"
[[blocks]]
kind = "text"
text = "{paper.content}"
[[blocks]]
kind = "text"
text = "会议号{paper.link}"
when = "paper.way?video | blank"
[[blocks]]
kind = "text"
each = { rows = "paper.officers", text = "{item.name}", join = "、", lead = "参加：" }
[[blocks]]
kind = "text"
each = { rows = "paper.talk", text = "问：{item.question}\\n答：{item.answer}" }

[each_page]
kind = "grid"
columns = [1, 1]
[[each_page.rows]]
height = 26
cells = [
    { sign = { party = "hand", entries = "asked", title = "被约谈人：" } },
    { sign = { party = "hand", title = "约谈人：", places = 2 } },
]
"""


def put_form(place: Workplace, text: str = TALK, name: str = "talk.toml") -> None:
    """Put a description into the office's folder."""
    folder = place.home / "forms"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf8")
