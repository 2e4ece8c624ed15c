"""The user guide as text: its headings, and which of them belongs to which screen.

A heading is the page of the screens that a comment directly before it names:
``<!-- page: today -->``, or ``<!-- page: handover@supervisor, devices -->`` where roles differ. On the
web such a comment is not seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.files import document

FILE: Final = "使用手册.md"
_PAGE: Final = re.compile(r"^\s*<!--\s*page:\s*(.*?)\s*-->\s*$")
_HEADING: Final = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_FENCE: Final = re.compile(r"^\s*(```|~~~)")
_UNLINKED: Final = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in its order; ``level`` 1 is the title of the guide."""

    level: int
    text: str

    @property
    def link(self) -> str:
        """What a link inside the guide calls it, as code hosts do."""
        return _UNLINKED.sub("", self.text.lower()).replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide: Markdown without the comments, its headings, and the heading of each screen."""

    markdown: str
    headings: tuple[Heading, ...] = ()
    pages: dict[str, int] = field(default_factory=dict)

    def page(self, key: str, role: str) -> int:
        """The number of the heading for a screen in a role; the first one where the guide has none."""
        return self.pages.get(f"{key}@{role}", self.pages.get(key, 0))

    def linked(self, link: str) -> int | None:
        """The number of the heading that a link names."""
        return next((number for number, each in enumerate(self.headings) if each.link == link), None)


def parsed(text: str) -> Guide:
    """Read a guide."""
    lines: list[str] = []
    headings: list[Heading] = []
    pages: dict[str, int] = {}
    waiting: list[str] = []
    fenced = False
    for line in text.splitlines():
        fenced ^= bool(_FENCE.match(line))
        named = None if fenced else _PAGE.match(line)
        if named is not None:
            waiting += [each.strip() for each in named[1].split(",") if each.strip()]
            continue
        heading = None if fenced else _HEADING.match(line)
        if heading is not None:
            pages |= dict.fromkeys(waiting, len(headings))
            waiting = []
            headings.append(Heading(len(heading[1]), heading[2]))
        lines.append(line)
    return Guide("\n".join(lines), tuple(headings), pages)


def folder() -> Path:
    """Where the guide and its pictures lie, in the source tree and in the frozen program."""
    return document(FILE).parent


def guide() -> Guide:
    """The guide as it was shipped; a sentence in its place where the file is not there."""
    try:
        return parsed(document(FILE).read_text("utf8"))
    except OSError:
        return parsed("# 使用手册\n\n手册文件不在程序文件夹里（docs/使用手册.md），重新安装后再打开。\n")
