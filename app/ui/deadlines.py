"""The two layers of deadlines in words: this office's own, and the one above's."""

from __future__ import annotations

from datetime import date

from app.ui.widgets import day_text


def deadlines_text(own: date | None, superior: date | None) -> str:
    """期限 with its weekday, the superior's in brackets; the year is not said twice."""
    due = own or superior
    if due is None:
        return ""
    words = f"期限 {day_text(due, weekday=True)}"
    if own is None or superior is None:
        return words
    above = superior.strftime("%m-%d") if superior.year == own.year else superior.isoformat()
    return f"{words}（上级 {above}）"
