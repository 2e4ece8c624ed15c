"""The colours, sizes and spaces of the look, as plain values (specs/look.md, *Tokens*, *Type*, *Space*)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Tone = Literal["neutral", "good", "bad", "attention", "accent"]
Mode = Literal["system", "light", "dark", "contrast", "contrast-dark"]

SPACE: Final = (4, 8, 12, 16, 24)
TARGET: Final = 40
CORNER: Final = 6
CARD_CORNER: Final = 8
RAIL_WIDTH: Final = 168
TITLE_HEIGHT: Final = 64
STATUS_HEIGHT: Final = 30
ASIDE_WIDTH: Final = 282
SECTIONS_WIDTH: Final = 196


@dataclass(frozen=True, slots=True)
class Tokens:
    """One set of colours; every ``*_ground`` is what the colour of its name is written on."""

    ground: str
    surface: str
    sunk: str
    text: str
    soft: str
    line: str
    accent: str
    accent_ground: str
    on_accent: str
    good: str
    good_ground: str
    bad: str
    bad_ground: str
    attention: str
    attention_ground: str
    dark: bool
    frame: int = 1

    @property
    def on_current(self) -> str:
        """The colour of signs on the current section: on its tint, or on the accent in high contrast."""
        return self.accent if self.frame == 1 else self.on_accent

    def ink(self, tone: Tone) -> str:
        """The colour that words of ``tone`` are written in."""
        return {
            "neutral": self.soft,
            "good": self.good,
            "bad": self.bad,
            "attention": self.attention,
            "accent": self.accent,
        }[tone]

    def paper(self, tone: Tone) -> str:
        """The colour that words of ``tone`` are written on."""
        return {
            "neutral": self.sunk,
            "good": self.good_ground,
            "bad": self.bad_ground,
            "attention": self.attention_ground,
            "accent": self.accent_ground,
        }[tone]


LIGHT: Final = Tokens(
    ground="#F5F6F8",
    surface="#FFFFFF",
    sunk="#EDF0F3",
    text="#1A2330",
    soft="#5A6675",
    line="#DCE1E7",
    accent="#1D5C96",
    accent_ground="#E4EEF7",
    on_accent="#FFFFFF",
    good="#22703F",
    good_ground="#E5F2EA",
    bad="#B3261E",
    bad_ground="#FBE9E7",
    attention="#8A5A00",
    attention_ground="#FFF3D6",
    dark=False,
)

DARK: Final = Tokens(
    ground="#14181D",
    surface="#1D232A",
    sunk="#262D35",
    text="#E6EAEF",
    soft="#9BA6B3",
    line="#343D47",
    accent="#7DB7EA",
    accent_ground="#1E3346",
    on_accent="#14181D",
    good="#7CCB97",
    good_ground="#1D3527",
    bad="#F2938C",
    bad_ground="#45221F",
    attention="#E7BE62",
    attention_ground="#3B2F14",
    dark=True,
)


def contrast_tokens(*, ground: str, text: str, accent: str, on_accent: str, dark: bool) -> Tokens:
    """High contrast from four colours of the system's palette: words and frames, no tints."""
    return Tokens(
        ground=ground,
        surface=ground,
        sunk=ground,
        text=text,
        soft=text,
        line=text,
        accent=accent,
        accent_ground=ground,
        on_accent=on_accent,
        good=text,
        good_ground=ground,
        bad=text,
        bad_ground=ground,
        attention=text,
        attention_ground=ground,
        dark=dark,
        frame=2,
    )


ON_WHITE: Final = contrast_tokens(
    ground="#FFFFFF", text="#000000", accent="#00009F", on_accent="#FFFFFF", dark=False
)
ON_BLACK: Final = contrast_tokens(
    ground="#000000", text="#FFFFFF", accent="#FFFF00", on_accent="#000000", dark=True
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Heights of letters in device-independent pixels, grown from the system's own text size."""

    caption: int
    body: int
    heading: int
    title: int

    @property
    def line(self) -> int:
        """Height of one line of body text with its air."""
        return round(self.body * 1.5)


def sizes_for(system_pixels: int) -> Sizes:
    """Sizes for a system text of ``system_pixels``; 12 is what Windows and the look start from."""
    extra = max(0, system_pixels - 12)
    return Sizes(caption=12 + extra, body=13 + extra, heading=14 + extra, title=18 + extra)
