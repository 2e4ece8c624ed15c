"""`python -m app`: the window without a command, otherwise the command line.

The window is painted before the store's libraries or Typer are imported, hence the imports below.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path


def main() -> int:
    """Run the program; returns its exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["gallery"]:
        return _gallery(arguments[1:])
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
        case ["--home", home]:
            return Path(home)
        case [option] if option.startswith("--home="):
            return Path(option.partition("=")[2])
    return None


def _window(home: Path) -> int:
    from app.ui.application import run

    return run(home)


def _gallery(arguments: Sequence[str]) -> int:
    """Pictures of the screens, asked for by the demonstration."""
    from app.ui.gallery import main as take_pictures

    return take_pictures(arguments)


if __name__ == "__main__":
    sys.exit(main())
