"""Wrong passphrases slow the next try down, across restarts.

This keeps a passer-by from trying at the keyboard. Who has a copy of the files is held up by the cost of
the key derivation alone (docs/threat-model.md), for they can delete the note of the tries or set the clock.
"""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from app.errors import EnvironmentFault
from app.files import write_atomically

log = logging.getLogger("chayan.attempts")

FILE: Final = "attempts.json"
FREE: Final = 3
"""So many wrong tries cost nothing."""
FIRST_WAIT: Final = 5
LONGEST_WAIT: Final = 900
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many tries in a row were wrong, and when the last one was."""

    failed: int = 0
    at: datetime = _LONG_AGO

    def wait(self, now: datetime) -> int:
        """Whole seconds until the next try; a clock that went back does not shorten or lengthen it."""
        if self.failed < FREE:
            return 0
        whole = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(self.failed - FREE, 16))
        passed = now - self.at
        left = timedelta(seconds=whole) - max(passed, timedelta())
        return max(0, -int(-left.total_seconds() // 1))


def attempts(home: Path) -> Attempts:
    """What is noted for a home; nothing where nothing readable is."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        noted = json.loads((home / FILE).read_text("utf8"))
        at = datetime.fromisoformat(str(noted["at"]))
        return Attempts(int(noted["failed"]), at if at.tzinfo else at.replace(tzinfo=UTC))
    return Attempts()


def wait(home: Path, now: datetime) -> int:
    """Seconds until a passphrase may be tried."""
    noted = attempts(home)
    if noted.failed >= FREE and now < noted.at:
        # The clock went back: the time runs from now on, or the wait would last until it has caught up.
        noted = Attempts(noted.failed, now)
        _note(home, noted)
    return noted.wait(now)


def failed(home: Path, now: datetime) -> None:
    """Note a wrong try."""
    _note(home, Attempts(attempts(home).failed + 1, now))


def succeeded(home: Path) -> None:
    """Forget the wrong tries."""
    with suppress(OSError):
        (home / FILE).unlink(missing_ok=True)


def _note(home: Path, noted: Attempts) -> None:
    text = json.dumps({"failed": noted.failed, "at": noted.at.astimezone(UTC).isoformat()})
    try:
        write_atomically(home / FILE, text.encode())
    except EnvironmentFault as error:
        log.warning("a wrong try is not noted: %s", error.problem.code)
