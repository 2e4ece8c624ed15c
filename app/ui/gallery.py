"""Pictures of the real screens on a home: ``python -m app.ui.gallery HOME OUT``.

The passphrase comes from ``CHAYAN_PASSPHRASE``. Qt is imported inside, so that a machine on which it
cannot start is told so in a sentence; no display is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.errors import BadInput, ChayanError, EnvironmentFault
from app.wording import sentence


def main(arguments: Sequence[str]) -> int:
    """Take the pictures of ``HOME`` into ``OUT``; returns the exit code."""
    try:
        home, out = _folders(arguments)
        passphrase = os.environ.get("CHAYAN_PASSPHRASE", "")
        if not passphrase:
            raise EnvironmentFault("ui.no_passphrase")
        take(home, passphrase, out)
    except ChayanError as error:
        said = sentence(error)
        sys.stderr.write(f"{said.message}\n{said.remedy}\n")
        return error.exit_code
    return 0


def take(home: Path, passphrase: str, out: Path) -> list[Path]:
    """Take every picture into ``out`` with a window of our own."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from app.ui import pictures
    except ImportError as error:
        raise EnvironmentFault("ui.no_qt", reason=str(error)) from error
    return pictures.take(home, passphrase, out)


def _folders(arguments: Sequence[str]) -> tuple[Path, Path]:
    if len(arguments) != 2:
        raise BadInput("ui.gallery_usage")
    return Path(arguments[0]), Path(arguments[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
