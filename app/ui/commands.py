"""What the palette offers besides organizations: the actions of the screen, the screens, the program's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from app.ui.palette import Command
from app.ui.screen import offered
from app.ui.widgets.buttons import key_text

if TYPE_CHECKING:
    from app.ui.shell import Shell


def commands_of(shell: Shell, extra: Callable[[], Sequence[Command]] = tuple) -> Sequence[Command]:
    """Everything that can be done or opened from where the window is, the nearest first; then ``extra``."""
    screen = shell.current()
    actions = offered(screen.more_actions(), screen.screen_actions()) if screen is not None else []
    found = [Command(each.text, each.trigger, key_text(each.shortcut)) for each in actions]
    found += [
        Command(spec.text, partial(shell.open, spec.key), _screen_key(shell, spec.key), spec.icon)
        for spec in shell.specs()
    ]
    found.append(Command("使用手册：本页", shell.help_requested.emit, "F1", "info"))
    found.append(Command("锁定", shell.lock_requested.emit, "Ctrl+L", "lock"))
    return [*found, *extra()]


def _screen_key(shell: Shell, key: str) -> str:
    keys = shell.rail.keys_of(key)
    return f"界面  {keys[0]}" if keys else "界面"
