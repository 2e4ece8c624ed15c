"""`python -m app`: the window without a command, otherwise the command line.

The window is painted before the store's libraries or Typer are imported, hence the imports below.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main() -> int:
    """Run the program; returns its exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["gallery"]:
        return _gallery(arguments[1:])
    if arguments[:1] == ["practice"]:
        return _practice(arguments[1:])
    home = home_for_window(arguments)
    if home is None:
        from app.cli.program import run

        return run(arguments)
    return _window(home)


def home_for_window(arguments: Sequence[str]) -> Path | None:
    """The home to open in the window; ``None`` when there is a command for the command line."""
    from app.files import default_home

    match arguments:
        case []:
            return default_home()
        case ["--home", home] if not home.startswith("-"):
            return Path(home)
        case [option] if option.startswith("--home="):
            return Path(option.partition("=")[2])
    return None


def has_display() -> bool:
    """Whether a window can be shown; without one Qt would abort the process."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform != "linux" or any(os.environ.get(name) for name in named)


def _window(home: Path) -> int:
    if not has_display():
        return _no_display()
    from app.ui.application import run

    return run(home)


def _practice(arguments: Sequence[str]) -> int:
    """The practice window, asked for by the window of the real home it belongs to."""
    from app.files import default_home

    if not has_display():
        return _no_display()
    from app.ui.practice.session import run_practice

    return run_practice(Path(arguments[0]) if arguments else default_home())


def _no_display() -> int:
    from app.cli.desk import tell
    from app.cli.report import Exit, problem_line
    from app.errors import Problem

    tell(problem_line(Problem("cli.no_display")))
    return Exit.ENVIRONMENT


def _gallery(arguments: Sequence[str]) -> int:
    """Pictures of the screens, asked for by the demonstration."""
    from app.ui.gallery import main as take_pictures

    return take_pictures(arguments)


if __name__ == "__main__":
    sys.exit(main())
