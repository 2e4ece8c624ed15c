"""One of many: a condition that takes any number of texts as one parameter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select


def among(column: ColumnElement[Any] | Any, texts: ColumnElement[str] | Iterable[str]) -> ColumnElement[bool]:
    """Whether ``column`` is one of ``texts``, which may be a parameter that holds them as a JSON list.

    An ``IN`` of as many parameters would be written out anew, parsed and planned for each length.
    """
    listed = texts if isinstance(texts, ColumnElement) else json.dumps(list(texts), ensure_ascii=False)
    return column.in_(select(func.json_each(listed).table_valued("value").c.value))
