"""How many must be visited: a number, a share of the base in per mille, or the larger of both."""

from __future__ import annotations

from dataclasses import dataclass

from app.errors import BadInput


@dataclass(frozen=True, slots=True)
class Quota:
    """What a notice demands: at least ``number``, and at least ``permille`` of the base."""

    number: int | None = None
    permille: int | None = None

    def __post_init__(self) -> None:
        if (self.number or 0) < 0 or not 0 <= (self.permille or 0) <= 1000:
            raise BadInput("planning.bad_quota", number=self.number or 0, permille=self.permille or 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a task stands; ``remaining`` is never negative."""

    required: int
    done: int

    @property
    def remaining(self) -> int:
        """What is still to be done."""
        return max(0, self.required - self.done)

    @property
    def complete(self) -> bool:
        """Tell whether the quota is met."""
        return self.remaining == 0


def required(quota: Quota, base: int) -> int:
    """The number to be visited out of ``base``; a share is rounded up, so that it is reached."""
    share = -(-base * (quota.permille or 0) // 1000)
    return max(quota.number or 0, share)


def progress(quota: Quota, base: int, done: int) -> Progress:
    """Required and done for one task."""
    return Progress(required(quota, base), done)
