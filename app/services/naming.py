"""What a path inside a record is called, and how its value is written. Pure functions over data.

The window and the printed history say the same words; they stand in ``labels.toml``
(``record_part``, ``record_field``, ``record_value``). Papers and their fields are called as their forms
call them where the record's papers are known (:class:`app.services.paper_names.Papers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from app.clock import LOCAL
from app.services.paper_names import NO_PAPERS, Papers
from app.sync.shapes import RECORD_KINDS, moment, unescape
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
    "kind": "notification",
    "referral": "referral",
    "delivery": "delivery_method",
    "state": "signature_state",
    "subject_kind": "subject_kind",
    "inspection_type": "inspection_type",
    "scheme": "scheme",
    "against": "subject_kind",
    "role": "role",
}
_STATUSES: Final = {
    "": "inspection_status",
    "orders": "order_status",
    "cases": "case_status",
    "papers": "paper_status",
    "certificates": "certificate_status",
    "known_visits": "inspection_status",
}
_FIELDS: Final = "paper_fields"
_PAGES: Final = "page_signatures"
_OF_PAPERS: Final = frozenset({"papers", _FIELDS})
_ID_LENGTH: Final = 32
_SHORT: Final = 4
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def steps_of(path: str) -> tuple[str, str, str]:
    """Part, key and field of a path; the first two are empty for a field of the record itself."""
    steps = [unescape(step) for step in path.split("/")]
    if len(steps) == 1:
        return "", "", steps[0]
    return steps[0], steps[1].removeprefix("item:"), steps[2] if len(steps) > 2 else ""


def part_text(path: str, papers: Papers = NO_PAPERS) -> str:
    """The part of a record that a path lies in, as people call it; empty for the record itself."""
    part, key, _ = steps_of(path)
    if part in _OF_PAPERS and (title := papers.title(key)):
        return title
    if part == _PAGES and (title := papers.title(key)):
        return f"{title} {page_key_text(key)}"
    return f"{label('record_part', part)} {_key_text(part, key)}" if part else ""


def _key_text(part: str, key: str) -> str:
    if part == "signatures":
        return _signer_text(key)
    if part == _PAGES:
        return page_key_text(key)
    # An identifier of the program says nothing; its head tells two of them apart.
    return f"#{key[:_SHORT]}" if len(key) == _ID_LENGTH else key


def page_key_text(key: str) -> str:
    """Page and signer of a signature page by page, whose key is ``<paper>.<page>.<party>``."""
    _, _, rest = key.partition(".")
    page, _, party = rest.partition(".")
    return f"{label('record_value', 'page').format(page=page)} {_signer_text(party)}"


def _signer_text(party: str) -> str:
    role, _, person = party.partition(":")
    return " ".join(word for word in (label("signing_party", role), person) if word)


def field_text(path: str, papers: Papers = NO_PAPERS) -> str:
    """The field that a path ends in; for a part as a whole, that it is kept or removed."""
    part, key, field = steps_of(path)
    said = label("record_field", field) if field else label("record_value", "presence")
    called = papers.field(key) if part == _FIELDS else ""
    if not called:
        return said
    return called if field else label("record_value", "path").format(part=called, field=said)


def path_text(path: str, papers: Papers = NO_PAPERS) -> str:
    """A path as people call it: the part with its key, and the field."""
    part, field = part_text(path, papers), field_text(path, papers)
    return label("record_value", "path").format(part=part, field=field) if part else field


def value_text(path: str, value: object, papers: Papers = NO_PAPERS) -> str:
    """A value as people write it; says so where it was cleared or removed."""
    part, key, field = steps_of(path)
    if value is None or value == "":
        return label("record_value", "empty" if field else "removed")
    if isinstance(value, bool):
        return label("record_value", ("yes" if value else "no") if field else "kept")
    if field in _MONEY and isinstance(value, int):
        return label("record_value", "money").format(yuan=yuan(value))
    text = str(value)
    if field == "path":
        return path_text(text, papers)
    if part in _OF_PAPERS and field in {"form", "value"}:
        return papers.form(text) if field == "form" else papers.text(key, text)
    if _TIME.fullmatch(text):
        return f"{moment(text).astimezone(LOCAL):%Y-%m-%d %H:%M}"
    return label(vocabulary(path), text)


def vocabulary(path: str) -> str:
    """The table of labels that the words of a path are read from; empty where it holds none."""
    part, _, field = steps_of(path)
    if field == "status":
        return _STATUSES.get(part, "")
    return "notification" if (part, field) == ("notifications", "kind") else _VOCABULARIES.get(field, "")


def yuan(amount: int | None) -> str:
    """An amount of 分 as 元, with its thousands marked; nothing for ``None``."""
    return "" if amount is None else f"{Decimal(amount) / 100:,.2f}"


def reading_order(kind: str, path: str) -> tuple[object, ...]:
    """Sorts the paths of a record as its tables list them, and parts so that 3.10 comes after 3.9."""
    shape, steps = RECORD_KINDS[kind], path.split("/")
    if len(steps) == 1:
        return (0, _place(shape.root.fields, path), path)
    part = shape.parts.get(steps[0])
    field = _place(part.fields, steps[-1]) if part is not None and len(steps) > 2 else -1
    return (1, _place(shape.parts, steps[0]), _natural(steps[1]), field, path)


def _place(names: Iterable[str], name: str) -> int:
    listed = list(names)
    return listed.index(name) if name in listed else len(listed)


def _natural(text: str) -> list[tuple[int, int, str]]:
    return [(0, int(each), "") if each.isdecimal() else (1, 0, each) for each in re.split(r"(\d+)", text)]
