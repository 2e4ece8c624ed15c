"""What the inspectors of the demonstration cite: only what they have read to its article."""

from __future__ import annotations

from app.law.citation import lacks_article
from app.law.library import library
from app.wording import joined, label


def as_read(text: str, otherwise: str) -> str:
    """Those clauses of a citation that name their articles, or the provision ``otherwise`` where none does."""
    clauses = text.split(label("separator", "clauses"))
    read = joined("clauses", (each for each in clauses if not lacks_article(each)))
    return read or library().cite(otherwise)
