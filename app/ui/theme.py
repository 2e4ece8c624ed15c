"""The theme of the running application: which colours hold now, and who is told when they change.

Follows the system's colour scheme unless a mode is set. One style (Fusion), one palette and one
stylesheet for the whole application, so that scroll bars, calendars, menus and dialogs follow too.
"""

from __future__ import annotations

import platform
from typing import Final

from PySide6.QtCore import QDir, QLibraryInfo, QLocale, QObject, QSettings, Qt, QTranslator, Signal
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from app.files import resource
from app.ui import fonts, spoken
from app.ui.restyling import Restyling
from app.ui.stylesheet import stylesheet
from app.ui.tokens import DARK, LIGHT, ON_BLACK, ON_WHITE, Mode, Sizes, Tokens, contrast_tokens, sizes_for

_NAME: Final = "theme"
_HIGH_CONTRAST_KEY: Final = r"HKEY_CURRENT_USER\Control Panel\Accessibility\HighContrast"


class Theme(QObject):
    """Colours and sizes of the application; :meth:`install` makes it, :func:`current` finds it."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__(app)
        self.setObjectName(_NAME)
        self._app = app
        self._mode: Mode = mode
        self._restyling = Restyling(app)
        self.sizes: Sizes = sizes_for(QFontInfo(app.font()).pixelSize())
        self.tokens: Tokens = LIGHT
        spoken.install()
        app.setStyle("Fusion")
        app.setFont(fonts.body_font(self.sizes.body))
        QDir.setSearchPaths("icons", [str(resource("icons"))])
        app.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @classmethod
    def install(cls, app: QApplication, mode: Mode = "system") -> Theme:
        """Give ``app`` its theme; a second call only sets the mode."""
        found = app.findChild(cls, _NAME, Qt.FindChildOption.FindDirectChildrenOnly)
        if isinstance(found, cls):
            found.set_mode(mode)
            return found
        return cls(app, mode)

    @property
    def mode(self) -> Mode:
        """What was asked for, ``system`` where nothing was."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Follow the system again or hold one set of colours."""
        if mode != self._mode:
            self._mode = mode
            self._apply()

    def color(self, name: str) -> QColor:
        """A token by its name as a colour to paint with."""
        return QColor(getattr(self.tokens, name))

    def _follow_system(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        self.tokens = _tokens_for(self._app, self._mode)
        self._app.setPalette(palette_for(self.tokens))
        self._restyling.wear(stylesheet(self.tokens, self.sizes))
        self.changed.emit()


def current() -> Theme:
    """The theme of the running application; installs it where a widget is shown alone."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a widget needs a running QApplication")
    found = app.findChild(Theme, _NAME, Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, Theme) else Theme(app)


def speak_chinese(app: QApplication) -> None:
    """Let Qt's own words (context menus, calendar, standard buttons) be Chinese."""
    locale = QLocale(QLocale.Language.Chinese, QLocale.Country.China)
    QLocale.setDefault(locale)
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, "qtbase", "_", folder):
        app.installTranslator(translator)


def system_wants_contrast() -> bool:
    """Whether Windows is set to high contrast; other systems are asked through the settings only."""
    if platform.system() != "Windows":
        return False
    flags = QSettings(_HIGH_CONTRAST_KEY, QSettings.Format.NativeFormat).value("Flags", "0")
    return bool(int(str(flags)) & 1)


def _tokens_for(app: QApplication, mode: Mode) -> Tokens:
    if mode == "contrast" or (mode == "system" and system_wants_contrast()):
        return _system_contrast(app)
    if mode == "contrast-dark":
        return ON_BLACK
    dark = mode == "dark" or (mode == "system" and app.styleHints().colorScheme() is Qt.ColorScheme.Dark)
    return DARK if dark else LIGHT


def _system_contrast(app: QApplication) -> Tokens:
    # The palette set by ourselves hides the system's; an empty one brings it back.
    app.setPalette(QPalette())
    system = app.palette()
    dark = system.window().color().lightness() < 128
    if not system_wants_contrast():
        return ON_BLACK if dark else ON_WHITE
    return contrast_tokens(
        ground=system.window().color().name(),
        text=system.windowText().color().name(),
        accent=system.highlight().color().name(),
        on_accent=system.highlightedText().color().name(),
        dark=dark,
    )


def palette_for(tokens: Tokens) -> QPalette:
    """The palette for everything that Fusion draws by itself (check marks, radio dots, menus)."""
    role = QPalette.ColorRole
    palette = QPalette()
    for target, color in {
        role.Window: tokens.ground,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.ground,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.soft,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.Light: tokens.line,
        role.Midlight: tokens.line,
        role.Mid: tokens.line,
        role.Dark: tokens.line,
        role.Shadow: tokens.line,
    }.items():
        palette.setColor(target, QColor(color))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(tokens.soft))
    return palette
