"""The look's promises: words can be read in every state, and everything follows the system."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QRawFont
from PySide6.QtWidgets import QApplication, QPushButton

from app.ui import fonts, icons, theme
from app.ui.stylesheet import stylesheet
from app.ui.theme import Theme, palette_for
from app.ui.tokens import DARK, LIGHT, Tokens, contrast_tokens, sizes_for

CONTRAST = contrast_tokens(ground="#000000", text="#FFFFFF", accent="#FFFF00", on_accent="#000000", dark=True)
INK_ON_PAPER = [
    ("text", "ground"),
    ("text", "surface"),
    ("text", "sunk"),
    ("text", "accent_ground"),
    ("soft", "ground"),
    ("soft", "surface"),
    ("soft", "sunk"),  # chips and whatever is disabled
    ("accent", "surface"),
    ("accent", "accent_ground"),
    ("on_accent", "accent"),
    ("good", "good_ground"),
    ("bad", "bad_ground"),
    ("bad", "surface"),
    ("attention", "attention_ground"),
]


def luminance(color: str) -> float:
    shares = [part / 255 for part in QColor(color).getRgb()[:3]]
    red, green, blue = (
        share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(ink: str, paper: str) -> float:
    bright, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.fixture
def themed(qapp: QApplication):
    made = Theme.install(qapp)
    yield made
    made.set_mode("system")


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
@pytest.mark.parametrize("ink,paper", INK_ON_PAPER)
def test_words_can_be_read(tokens: Tokens, ink: str, paper: str):
    assert ratio(getattr(tokens, ink), getattr(tokens, paper)) >= 4.5


def test_sizes_grow_with_the_systems_text():
    assert sizes_for(12).body == 13
    assert sizes_for(11).body == 13
    assert sizes_for(18).body == 19
    assert sizes_for(18).title - sizes_for(18).body == sizes_for(12).title - sizes_for(12).body


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "contrast"])
def test_every_sign_the_stylesheet_names_is_there(tokens: Tokens):
    from app.files import resource

    named = set(re.findall(r"url\(icons:([^)]+)\)", stylesheet(tokens, sizes_for(12))))
    assert named
    assert [name for name in named if not resource("icons", name).is_file()] == []


@pytest.mark.parametrize(
    "part",
    ["QScrollBar::handle", "QSpinBox::up-button", "QDateEdit::drop-down", "QComboBox::drop-down",
     "QMenu::item", "QDialog", "QHeaderView::section", "QToolTip", "QCalendarWidget"],
)  # fmt: skip
def test_the_parts_that_the_mock_forgot_are_themed(part: str):
    assert part in stylesheet(DARK, sizes_for(12))


def test_a_mode_is_held_and_given_back(themed: Theme, qtbot):
    with qtbot.waitSignal(themed.changed):
        themed.set_mode("dark")
    assert themed.tokens is DARK
    assert QApplication.palette().window().color().name().upper() == DARK.ground
    themed.set_mode("contrast")
    assert themed.tokens.frame == 2
    themed.set_mode("contrast-dark")
    assert (themed.tokens.ground, themed.tokens.text, themed.tokens.frame) == ("#000000", "#FFFFFF", 2)
    themed.set_mode("system")
    scheme = QApplication.styleHints().colorScheme()
    assert themed.tokens is (DARK if scheme is Qt.ColorScheme.Dark else LIGHT)


def test_the_system_turning_dark_is_followed_only_in_system_mode(themed: Theme, qtbot):
    themed.set_mode("light")
    QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert themed.tokens is LIGHT
    themed.set_mode("system")
    with qtbot.waitSignal(themed.changed):
        QApplication.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)


def test_installing_twice_keeps_one_theme(themed: Theme, qapp: QApplication):
    assert Theme.install(qapp, "dark") is themed
    assert theme.current() is themed
    assert themed.tokens is DARK


def test_disabled_words_keep_a_readable_colour():
    palette = palette_for(DARK)
    assert palette.color(palette.ColorGroup.Disabled, palette.ColorRole.Text).name().upper() == DARK.soft


def test_the_systems_chinese_comes_before_the_bundled():
    assert fonts.chosen_system_family({"Arial", "PingFang SC", "Noto Sans SC"}) == "PingFang SC"
    assert fonts.chosen_system_family({"Arial", "LXGW WenKai"}) is None


def test_common_and_rare_characters_have_a_glyph(themed: Theme):
    families = themed.parent().font().families()
    raw = [QRawFont.fromFont(QFont(family, 12)) for family in families]
    for character in "认证查验宜春袁州恒铉𬭎䶮𠅤":
        assert any(font.supportsCharacter(ord(character)) for font in raw), character


def test_body_font_has_the_asked_height(themed: Theme):
    font = fonts.body_font(20)
    assert QFontMetrics(font).height() > QFontMetrics(fonts.body_font(13)).height()


@pytest.mark.parametrize("name", sorted(icons.names()))
def test_icons_are_drawn_in_the_asked_colour(qapp: QApplication, name: str):
    drawn = icons.pixmap(name, "#B3261E").toImage()
    inked = {
        drawn.pixelColor(x, y).name()
        for x in range(drawn.width())
        for y in range(drawn.height())
        if drawn.pixelColor(x, y).alpha() == 255
    }
    assert inked <= {"#b3261e"}
    assert any(drawn.pixelColor(x, y).alpha() for x in range(drawn.width()) for y in range(drawn.height()))


def test_icons_change_with_the_theme(themed: Theme, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    themed.set_mode("light")
    icons.set_icon(button, "print")
    before = button.icon().cacheKey()
    themed.set_mode("dark")
    assert button.icon().cacheKey() != before
