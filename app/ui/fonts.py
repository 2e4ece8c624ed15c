"""The letters of the window: the system's Chinese sans, else the bundled one, rare characters behind."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from app.files import resource

log = logging.getLogger(__name__)

SYSTEM_FAMILIES: Final = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
)
RARE_FAMILIES: Final[tuple[str, ...]] = ("LXGW WenKai", "SimSun-ExtB")


def chosen_system_family(installed: Collection[str]) -> str | None:
    """The best Chinese sans among the installed families, ``None`` where there is none."""
    return next((name for name in SYSTEM_FAMILIES if name in installed), None)


def families() -> list[str]:
    """Families in the order of their use; registers the bundled files that the system lacks."""
    installed = set(QFontDatabase.families())
    body = chosen_system_family(installed) or _register("NotoSansSC-*.ttf")
    rare = [name for name in RARE_FAMILIES if name in installed]
    fallback = None if rare else _register("LXGWWenKai-*.ttf")
    return [name for name in (body, *rare, fallback) if name]


def body_font(pixels: int) -> QFont:
    """The application's font with a letter height of ``pixels``."""
    font = QFont()
    font.setFamilies(families())
    font.setPixelSize(pixels)
    return font


def _register(pattern: str) -> str | None:
    """Register the bundled files that match ``pattern`` and return their family."""
    family: str | None = None
    for path in sorted(resource("fonts").glob(pattern)):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            log.warning("font file is not usable: %s", path.name)
            continue
        family = QFontDatabase.applicationFontFamilies(number)[0]
    return family
