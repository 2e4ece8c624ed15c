"""Pictures of the real screens on a home: ``python -m app.ui.gallery HOME OUT``.

Without options each screen is pictured in the light, in the dark and at 125 %. To look at one way only:
``--theme light|dark|contrast|contrast-dark``, ``--scale 100`` to ``200`` (Qt's own scaling, as the system would set
it), ``--size 1280x720`` (of the window, before scaling). The passphrase comes from ``CHAYAN_PASSPHRASE``. Qt is imported inside, so that a machine on which it
cannot start is told so in a sentence; no display is needed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.errors import BadInput, ChayanError, EnvironmentFault
from app.wording import sentence

THEMES = ("light", "dark", "contrast", "contrast-dark")


def main(arguments: Sequence[str]) -> int:
    """Take the pictures of ``HOME`` into ``OUT``; returns the exit code."""
    try:
        asked = _asked(arguments)
        passphrase = os.environ.get("CHAYAN_PASSPHRASE", "")
        if not passphrase:
            raise EnvironmentFault("ui.no_passphrase")
        if asked.scale != 1.0:
            os.environ["QT_SCALE_FACTOR"] = f"{asked.scale:g}"
        take(asked.home, passphrase, asked.out, asked.theme, asked.size)
    except ChayanError as error:
        said = sentence(error)
        sys.stderr.write(f"{said.message}\n{said.remedy}\n")
        return error.exit_code
    return 0


def take(
    home: Path, passphrase: str, out: Path, theme: str = "", size: tuple[int, int] | None = None
) -> list[Path]:
    """Take every picture into ``out`` with a window of our own; in one theme and size where asked."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from app.ui import pictures
    except ImportError as error:
        raise EnvironmentFault("ui.no_qt", reason=str(error)) from error
    return pictures.take(home, passphrase, out, pictures.looks_of(theme, size))


def take_starts(out: Path) -> list[Path]:
    """Take pictures of the form that makes a home and of a practice window, into ``out``."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from app.ui.practice import pictures
    except ImportError as error:
        raise EnvironmentFault("ui.no_qt", reason=str(error)) from error
    return pictures.take(out)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line asks for."""

    home: Path
    out: Path
    theme: str
    scale: float
    size: tuple[int, int] | None


def _asked(arguments: Sequence[str]) -> _Asked:
    plain: list[str] = []
    options = {"--theme": "", "--scale": "100", "--size": ""}
    rest = iter(arguments)
    for each in rest:
        if each in options:
            options[each] = next(rest, "?")
        else:
            plain.append(each)
    width, _, height = options["--size"].partition("x")
    sound = (
        len(plain) == 2
        and options["--theme"] in {"", *THEMES}
        and options["--scale"].isdecimal()
        and (not options["--size"] or (width.isdecimal() and height.isdecimal()))
    )
    if not sound:
        raise BadInput("ui.gallery_usage")
    size = (int(width), int(height)) if options["--size"] else None
    return _Asked(Path(plain[0]), Path(plain[1]), options["--theme"], int(options["--scale"]) / 100, size)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
