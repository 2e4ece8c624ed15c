"""Practice: a home whose records are made up says so in its store, and nothing travels from it or to it."""

from __future__ import annotations

from typing import Final

from app.errors import BadInput
from app.models.journal import HomeFact
from app.services.workplace import Workplace

FACT: Final = "practice"


def mark(place: Workplace) -> None:
    """Say of a home, once and for good, that it is for practice."""
    with place.write("home.practice") as work:
        work.session.add(HomeFact(name=FACT, value="1"))
        work.commit()


def is_practice(place: Workplace) -> bool:
    """Whether everything in this home is made up."""
    with place.read() as session:
        return session.get(HomeFact, FACT) is not None


def require_real(place: Workplace) -> None:
    """Refuse what would let made-up records meet real ones."""
    if is_practice(place):
        raise BadInput("practice.stays_here")
