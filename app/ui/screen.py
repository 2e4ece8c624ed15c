"""What a screen is to the shell: a title, a line of context, actions with keys, and a refresh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.services.workplace import Changes


@dataclass(frozen=True, slots=True)
class ScreenAction:
    """One step offered in the title bar; of the primary ones only the first is filled.

    ``text`` names the effect, ``shortcut`` is a key sequence (``Ctrl+Return``), ``name`` becomes
    the button's object name. An action that is not ``enabled`` says why in ``hint``.
    """

    text: str
    trigger: Callable[[], object]
    shortcut: str = ""
    primary: bool = False
    enabled: bool = True
    hint: str = ""
    name: str = ""


GLANCE: Final = frozenset({"field", "row", "column", "query"})
"""What of :meth:`Screen.where` does not say which record is shown: from another field the same form is opened."""


class Screen(QWidget):
    """Base of all screens. It asks the shell for things by signals and never reaches into it."""

    header_changed = Signal()
    """Title, context or actions are to be read again."""
    open_requested = Signal(str, dict)
    """Another screen is to be opened: its key and the arguments for its ``open_with``."""
    changed = Signal(object)
    """Something was stored: the ``Changes`` that a service returned."""
    problem_found = Signal(object)
    """A ``ChayanError`` or ``Problem`` to be shown as a sentence in the window."""
    notice_given = Signal(str)
    """One line about something that went well, for the same place."""
    settled = Signal(bool)
    """What :meth:`is_storing` told of is in the store, or could not be stored."""

    def title(self) -> str:
        """What this is, for the title bar."""
        raise NotImplementedError

    def context(self) -> str:
        """One line: task, deadlines, people."""
        return ""

    def screen_actions(self) -> Sequence[ScreenAction]:
        """The steps offered now, the next natural one marked primary."""
        return ()

    def more_actions(self) -> Sequence[ScreenAction]:
        """What else the keys do here, for the palette (Ctrl+K) and the menu under the right button."""
        return ()

    def refresh(self, changes: Changes | None) -> None:
        """Read again what ``changes`` concern; ``None`` means everything."""

    def open_with(self, **arguments: object) -> None:
        """Show what another screen asked for."""

    def get_ready(self) -> None:
        """Make, in pauses, what the first record will be shown with; the screen need not be in view."""

    def where(self) -> dict[str, object]:
        """What :meth:`open_with` takes to show the present record again: ids and words, no contents.

        Names in :data:`GLANCE` say only where on it somebody is.
        """
        return {}

    def leave(self) -> bool:
        """Store what is being typed before the screen is left or locked; ``False`` keeps it open."""
        return True

    def is_storing(self) -> bool:
        """Whether something that :meth:`leave` began is still on its way; the window closes after it."""
        return False

    def focus_first(self) -> None:
        """Put the focus where the next key belongs."""
        self.setFocus()


def offered(more: Sequence[ScreenAction], shown: Sequence[ScreenAction]) -> list[ScreenAction]:
    """The actions that can be taken now; one that is in both stands as it is called among ``more``."""
    known = {each.name for each in more if each.name}
    return [each for each in (*more, *(step for step in shown if step.name not in known)) if each.enabled]


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """A section of the rail: made by ``factory`` when it is first opened.

    ``foot`` puts it at the foot of the rail; ``listed=False`` keeps it out of the rail. ``count``
    tells how much waits there; the rail shows it beside the name. ``takes`` are the ends of the names of
    files that it takes when they are dropped anywhere on the window (``open_with(dropped=paths)``).
    """

    key: str
    text: str
    icon: str
    factory: Callable[[], Screen]
    foot: bool = False
    listed: bool = True
    count: Callable[[], int] | None = None
    takes: tuple[str, ...] = ()


class Lead(NamedTuple):
    """A line that opens the screen ``key`` when it is clicked; ``hint`` says more."""

    text: str
    key: str
    hint: str = ""


class Status(NamedTuple):
    """The two ends of the status line, each a few short parts; between them a line that leads on."""

    left: Sequence[str] = ()
    right: Sequence[str] = ()
    lead: Lead | None = None
