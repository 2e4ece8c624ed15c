"""The one stylesheet of the application, put together from tokens and sizes.

Widgets carry what they are (``tone``, ``role``) as dynamic properties; how that looks is said here
and nowhere else. Lengths are device-independent pixels and grow with the system's text size.
"""

from __future__ import annotations

from app.ui.tokens import CARD_CORNER, CORNER, TARGET, Sizes, Tokens, Tone

TONES: tuple[Tone, ...] = ("neutral", "good", "bad", "attention", "accent")


def stylesheet(tokens: Tokens, sizes: Sizes) -> str:
    """The whole stylesheet for ``tokens`` at ``sizes``."""
    parts = (
        _ground,
        _text,
        _cards,
        _buttons,
        _answers,
        _fields,
        _pickers,
        _calendar,
        _lists,
        _scrolling,
        _floating,
    )
    said = [part(tokens, sizes) for part in parts]
    if tokens.frame > 1:
        said.append(_contrast(tokens, sizes))
    return "\n".join(said)


def _ground(t: Tokens, s: Sizes) -> str:
    return f"""
    QWidget {{ color: {t.text}; font-size: {s.body}px; }}
    QMainWindow, QDialog, QMessageBox, QFileDialog, QStackedWidget, Screen {{ background: {t.ground}; }}
    QStackedWidget#clear {{ background: transparent; }}
    #rail {{ background: {t.surface}; border: none; border-right: 1px solid {t.line}; }}
    #title_bar {{ background: {t.surface}; border: none; border-bottom: 1px solid {t.line}; }}
    #status_line {{ background: {t.surface}; border: none; border-top: 1px solid {t.line}; }}
    #status_line QLabel, #rail_caption, #home_path {{ color: {t.soft}; font-size: {s.caption}px; }}
    #status_lead {{ background: transparent; border: none; padding: 0 8px; min-height: {TARGET}px;
        color: {t.accent}; font-size: {s.caption}px; text-decoration: underline; }}
    #rail_name {{ font-size: {s.title}px; font-weight: bold; }}
    #page_title {{ font-size: {s.title}px; font-weight: bold; }}
    #page_context {{ color: {t.soft}; font-size: {s.caption}px; }}
    #rail QPushButton {{
        background: transparent; border: {t.frame}px solid transparent; border-radius: {CORNER}px;
        text-align: left; padding: 0 10px; min-height: {TARGET + 2 - 2 * t.frame}px; font-size: {s.heading}px; }}
    #rail QPushButton:hover {{ background: {t.sunk}; }}
    #rail QPushButton:checked {{ background: {t.accent_ground}; color: {t.accent}; font-weight: 500;
        {"border-color: " + t.accent + ";" if t.frame > 1 else ""} }}
    #rail QPushButton:focus {{ border-color: {t.accent}; }}
    QSplitter::handle {{ background: transparent; }}
    """


def _text(t: Tokens, s: Sizes) -> str:
    return f"""
    QLabel {{ background: transparent; }}
    QLabel:disabled {{ color: {t.soft}; }}
    HeadingLabel[level="title"] {{ font-size: {s.title}px; font-weight: bold; }}
    HeadingLabel[level="card"] {{ font-size: {s.heading}px; font-weight: bold; }}
    HeadingLabel[level="number"] {{ font-size: {s.title + 10}px; font-weight: bold; }}
    CaptionLabel {{ color: {t.soft}; font-size: {s.caption}px; }}
    CaptionLabel[tone="bad"] {{ color: {t.bad}; }}
    CaptionLabel[tone="good"] {{ color: {t.good}; }}
    CaptionLabel[tone="attention"] {{ color: {t.attention}; }}
    """


def _cards(t: Tokens, s: Sizes) -> str:
    frame = t.frame
    chips = "\n".join(
        f"""Chip[tone="{tone}"], Banner[tone="{tone}"] {{ color: {t.ink(tone)}; background: {t.paper(tone)};
            border: 1px solid {t.ink(tone) if frame > 1 else t.paper(tone)}; }}
        Banner[tone="{tone}"] QLabel {{ color: {t.ink(tone)}; }}"""
        for tone in TONES
    )
    return f"""
    Card {{ background: {t.surface}; border: {frame}px solid {t.line}; border-radius: {CARD_CORNER}px; }}
    Card[current="true"] {{ border: 2px solid {t.accent}; }}
    Card[sunk="true"] {{ background: {t.sunk}; border-color: {t.sunk}; }}
    Chip {{ border-radius: 4px; padding: 3px 10px; font-size: {s.caption}px; }}
    #tally {{ padding: 3px 6px; }}
    Banner {{ border-radius: {CORNER}px; }}
    {chips}
    Banner #banner_message {{ font-weight: bold; }}
    #practice_card {{ background: {t.attention_ground}; border: {t.frame}px solid {t.attention}; border-radius: 6px; }}
    #practice_card QLabel {{ color: {t.attention}; }}
    #practice_how {{ font-weight: bold; }}
    Separator {{ background: {t.line}; border: none; max-height: 1px; min-height: 1px; }}
    """


def _buttons(t: Tokens, s: Sizes) -> str:
    height = max(TARGET, s.line + 16) - 2 * t.frame
    return f"""
    QPushButton, QToolButton {{
        background: {t.surface}; color: {t.text}; border: {t.frame}px solid {t.line};
        border-radius: {CORNER}px; padding: 0 14px; min-height: {height}px; }}
    QPushButton:hover, QToolButton:hover {{ background: {t.sunk}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {t.accent_ground}; }}
    QPushButton:checked, QToolButton:checked {{
        background: {t.accent_ground}; color: {t.accent}; border-color: {t.accent}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.accent}; padding: 0 {14 - 2 + t.frame}px;
        min-height: {height - 2 * (2 - t.frame)}px; }}
    QPushButton:disabled, QToolButton:disabled {{ background: {t.sunk}; color: {t.soft}; border-color: {t.line}; }}
    QToolButton {{ padding: 0 10px; }}
    QToolButton:focus {{ padding: 0 {10 - 2 + t.frame}px; }}
    QToolButton::menu-indicator {{ image: none; }}
    QPushButton::menu-indicator {{ image: {_control(t.dark, "down")}; width: 14px; height: 14px;
        subcontrol-origin: padding; subcontrol-position: center right; right: 8px; }}
    #more_actions {{ padding-right: 28px; }}
    PrimaryButton {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; font-weight: 500;
        font-size: {s.heading}px; padding: 0 18px; }}
    PrimaryButton:hover, PrimaryButton:pressed {{ background: {t.accent}; border-color: {t.text}; }}
    PrimaryButton:focus {{ border: 2px solid {t.text}; padding: 0 {18 - 2 + t.frame}px; }}
    PrimaryButton:disabled {{ background: {t.sunk}; color: {t.soft}; border-color: {t.line}; }}
    PlainButton {{ background: transparent; border-color: transparent; color: {t.accent}; padding: 0 8px; }}
    PlainButton:focus {{ padding: 0 {8 - 2 + t.frame}px; }}
    PlainButton:disabled {{ background: transparent; border-color: transparent; color: {t.soft}; }}
    QCheckBox, QRadioButton {{ min-height: {TARGET}px; spacing: 8px; background: transparent; }}
    QCheckBox:disabled, QRadioButton:disabled {{ color: {t.soft}; }}
    QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{
        width: 18px; height: 18px; border: {t.frame}px solid {t.soft}; background: {t.surface}; }}
    QCheckBox::indicator, QListView::indicator {{ border-radius: 4px; }}
    QRadioButton::indicator {{ border-radius: {9 + t.frame}px; }}
    QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: {_control(t.on_accent == "#FFFFFF", "check")}; }}
    QCheckBox::indicator:indeterminate {{ background: {t.accent}; border-color: {t.accent}; image: {_control(t.on_accent == "#FFFFFF", "dash")}; }}
    QRadioButton::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; image: {_control(t.on_accent == "#FFFFFF", "dot")}; }}
    QCheckBox:focus, QRadioButton:focus {{ color: {t.accent}; text-decoration: underline; }}
    QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {t.accent}; }}
    """


def _answers(t: Tokens, s: Sizes) -> str:
    height = max(TARGET, s.line + 16)
    shown: tuple[tuple[str, Tone], ...] = (
        ("conforming", "good"),
        ("nonconforming", "bad"),
        ("not_applicable", "neutral"),
        ("not_checked", "attention"),
    )
    chosen = "\n".join(
        f"""AnswerButton[answer="{word}"]:checked {{ background: {t.paper(tone)}; color: {t.ink(tone)};
            border-color: {t.ink(tone)}; font-weight: bold; }}"""
        for word, tone in shown
    )
    return f"""
    AnswerButton {{ border-radius: 2px; color: {t.soft}; padding: 0 4px; min-width: {s.body * 5}px;
        min-height: {height - 2 * t.frame}px; max-height: {height - 2 * t.frame}px; }}
    AnswerButton:checked {{ background: {t.accent_ground}; color: {t.accent}; border-color: {t.accent}; font-weight: bold; }}
    {chosen}
    AnswerButton:focus {{ border: 2px solid {t.accent}; padding: 0 {4 - 2 + t.frame}px;
        min-height: {height - 4}px; max-height: {height - 4}px; }}
    """


def _fields(t: Tokens, s: Sizes) -> str:
    height = max(TARGET, s.line + 16) - 2 * t.frame
    return f"""
    QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {{
        background: {t.surface}; color: {t.text};
        border: {t.frame}px solid {t.line}; border-radius: {CORNER}px; padding: 0 10px;
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {t.soft}; }}
    QLineEdit, QAbstractSpinBox, QComboBox {{ min-height: {height}px; }}
    QAbstractSpinBox {{ max-height: {height}px; }}
    QPlainTextEdit, QTextEdit {{ padding: 6px; }}
    QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover {{
        border-color: {t.soft}; }}
    QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{ border: 2px solid {t.accent};
        padding: 0 {10 - 2 + t.frame}px; min-height: {height - 2 * (2 - t.frame)}px; }}
    QPlainTextEdit:focus, QTextEdit:focus {{ border: 2px solid {t.accent}; padding: {6 - 2 + t.frame}px; }}
    QLineEdit[wrong="true"], QComboBox[wrong="true"], QAbstractSpinBox[wrong="true"],
    QPlainTextEdit[wrong="true"], QListView[wrong="true"] {{ border-color: {t.bad}; }}
    QLineEdit:read-only, QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QPlainTextEdit:read-only,
    QAbstractSpinBox:disabled, QComboBox:disabled {{ background: {t.sunk}; color: {t.soft}; }}
    QLineEdit:read-only, QPlainTextEdit:read-only {{ color: {t.text}; }}
    QLineEdit QToolButton {{ min-height: 0; border: none; background: transparent; padding: 0; }}
    QAbstractItemView QLineEdit, QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{
        border: none; padding: 0; min-height: 0; background: transparent; }}
    """


def _pickers(t: Tokens, _: Sizes) -> str:
    down, up = _control(t.dark, "down"), _control(t.dark, "up")
    return f"""
    QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down {{
        subcontrol-origin: padding; subcontrol-position: center right; border: none; width: 30px; }}
    QComboBox::down-arrow {{ image: {down}; width: 16px; height: 16px; }}
    QDateEdit::down-arrow, QDateTimeEdit::down-arrow {{ image: {_control(t.dark, "calendar")}; width: 18px; height: 18px; }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.line}; outline: 0;
        selection-background-color: {t.accent_ground}; selection-color: {t.accent}; }}
    QComboBox QAbstractItemView::item, QComboBox QAbstractItemView::item:focus {{
        min-height: {TARGET}px; padding: 0 10px; border: none; }}
    QSpinBox::up-button, QDoubleSpinBox::up-button, QTimeEdit::up-button {{
        subcontrol-origin: border; subcontrol-position: top right; width: 28px; border: none; margin: 1px; }}
    QSpinBox::down-button, QDoubleSpinBox::down-button, QTimeEdit::down-button {{
        subcontrol-origin: border; subcontrol-position: bottom right; width: 28px; border: none; margin: 1px; }}
    QSpinBox::up-button:hover, QSpinBox::down-button:hover, QDoubleSpinBox::up-button:hover,
    QDoubleSpinBox::down-button:hover {{ background: {t.sunk}; }}
    QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QTimeEdit::up-arrow {{ image: {up}; width: 14px; height: 14px; }}
    QSpinBox::down-arrow, QDoubleSpinBox::down-arrow, QTimeEdit::down-arrow {{ image: {down}; width: 14px; height: 14px; }}
    QProgressBar {{ background: {t.sunk}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
    """


def _calendar(t: Tokens, _: Sizes) -> str:
    return f"""
    QCalendarWidget {{ background: {t.surface}; min-width: 320px; min-height: 290px; }}
    QCalendarWidget QWidget#qt_calendar_navigationbar {{
        background: {t.surface}; border: {t.frame}px solid {t.line}; }}
    QCalendarWidget QToolButton {{ border: none; background: transparent; color: {t.text}; min-height: 36px; padding: 0 8px; }}
    QCalendarWidget QToolButton:hover {{ background: {t.sunk}; }}
    QCalendarWidget QToolButton#qt_calendar_prevmonth {{ qproperty-icon: {_control(t.dark, "left")}; }}
    QCalendarWidget QToolButton#qt_calendar_nextmonth {{ qproperty-icon: {_control(t.dark, "right")}; }}
    QCalendarWidget QSpinBox {{ min-height: 30px; }}
    QCalendarWidget QAbstractItemView {{ background: {t.surface}; alternate-background-color: {t.ground}; color: {t.text};
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; outline: 0;
        border: {t.frame}px solid {t.line}; border-top: none; border-radius: 0; }}
    QCalendarWidget QAbstractItemView:disabled {{ color: {t.soft}; }}
    """


def _lists(t: Tokens, s: Sizes) -> str:
    selected = t.accent_ground if t.frame == 1 else t.accent
    chosen_ink = t.text if t.frame == 1 else t.on_accent
    return f"""
    QTableView, QListView, QTreeView {{ background: {t.surface}; alternate-background-color: {t.surface};
        border: {t.frame}px solid {t.line}; border-radius: {CORNER}px; gridline-color: {t.line}; outline: 0;
        selection-background-color: {selected}; selection-color: {chosen_ink}; }}
    QTableView:focus, QListView:focus, QTreeView:focus {{ border-color: {t.accent}; }}
    QTableView::item, QListView::item, QTreeView::item {{ padding: 0 8px; border: none; }}
    QListView::item, QTreeView::item {{ min-height: {TARGET}px; }}
    QTableView::item:selected, QListView::item:selected, QTreeView::item:selected {{
        background: {selected}; color: {chosen_ink}; }}
    QTableView::item:focus, QListView::item:focus {{ border: 2px solid {t.accent}; padding: 0 6px; }}
    QListView::item:hover {{ background: {t.sunk}; }}
    QListView::item:selected:hover {{ background: {selected}; }}
    #counted::item, #counted::item:focus {{ padding: 0; }}
    LineRow {{ border: 2px solid transparent; border-radius: {CORNER}px; background: transparent; }}
    LineRow:hover {{ background: {t.sunk}; }}
    LineRow:focus {{ border-color: {t.accent}; }}
    PdfView {{ border: 2px solid transparent; }}
    PdfView:focus {{ border-color: {t.accent}; }}
    #photos {{ padding: 6px 4px 0 4px; }}
    #photos::item {{ padding: 0; min-height: 0; border-radius: 4px; }}
    QCalendarWidget QTableView::item, QCalendarWidget QTableView::item:focus {{ padding: 0; }}
    QHeaderView {{ background: {t.sunk}; border: none; }}
    QHeaderView::section {{ background: {t.sunk}; color: {t.text}; border: none; padding: 6px 8px 6px 11px;
        border-right: 1px solid {t.line}; border-bottom: 1px solid {t.line}; font-size: {s.caption}px; }}
    QHeaderView::section:hover {{ background: {t.line}; }}
    QHeaderView::up-arrow {{ image: {_control(t.dark, "up")}; width: 12px; height: 12px; }}
    QHeaderView::down-arrow {{ image: {_control(t.dark, "down")}; width: 12px; height: 12px; }}
    QTableCornerButton::section {{ background: {t.sunk}; border: none; }}
    QGroupBox {{ border: {t.frame}px solid {t.line}; border-radius: {CARD_CORNER}px; margin-top: 10px; padding-top: 10px; }}
    QGroupBox::title {{ subcontrol-origin: margin; left: 12px; padding: 0 4px; font-weight: bold; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
    QTabBar {{ background: transparent; }}
    QTabBar::tab {{ background: transparent; color: {t.soft}; padding: 0 16px; min-height: {TARGET - 2}px;
        border: none; border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {t.accent}; border-bottom-color: {t.accent}; font-weight: bold; }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QTabBar::tab:focus {{ background: {t.accent_ground}; }}
    """


def _scrolling(t: Tokens, _: Sizes) -> str:
    strong = t.text if t.frame == 1 else t.accent
    return f"""
    QScrollArea, QAbstractScrollArea#plain {{ background: transparent; border: none; }}
    QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; }}
    QScrollBar {{ background: transparent; border: none; margin: 0; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {t.soft}; border-radius: 2px; margin: 4px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover, QScrollBar::handle:pressed {{ background: {strong}; border-radius: 4px; margin: 2px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; background: none; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    """


def _floating(t: Tokens, s: Sizes) -> str:
    return f"""
    QMenu {{ background: {t.surface}; border: {t.frame}px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 8px 24px 8px 12px; border-radius: 4px; min-height: {TARGET - 16}px; }}
    QMenu::item:selected {{ background: {t.accent_ground}; color: {t.accent}; }}
    QMenu::item:disabled {{ color: {t.soft}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; padding: 6px 8px; font-size: {s.caption}px; }}
    QDialog {{ background: {t.ground}; }}
    QDialogButtonBox QPushButton {{ min-width: 88px; }}
    """


def _contrast(t: Tokens, s: Sizes) -> str:
    """What colour alone would say, said by fill and line where there are no tints.

    The focus too: its line is twice as thick as any other, and takes the room of it from the padding.
    """
    height, thick = max(TARGET, s.line + 16) - 2 * t.frame, 2 * t.frame
    grown = thick - t.frame
    words = ("conforming", "nonconforming", "not_applicable", "not_checked")
    chosen = ", ".join(f'AnswerButton[answer="{word}"]:checked' for word in words)
    return f"""
    {chosen}, QPushButton:checked, QToolButton:checked, #rail QPushButton:checked {{
        background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
    QPushButton:focus, QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{
        border: {thick}px solid {t.accent}; min-height: {height - 2 * grown}px; }}
    QPushButton:focus {{ padding: 0 {14 - grown}px; }}
    PrimaryButton:focus {{ border: {thick}px double {t.on_accent}; padding: 0 {18 - grown}px; }}
    PlainButton:focus {{ padding: 0 {8 - grown}px; }}
    QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {{ padding: 0 {10 - grown}px; }}
    QPlainTextEdit:focus, QTextEdit:focus {{ border: {thick}px solid {t.accent}; padding: {6 - grown}px; }}
    QPushButton:disabled, PrimaryButton:disabled, QToolButton:disabled, QLineEdit:disabled, QComboBox:disabled,
    QAbstractSpinBox:disabled, QPlainTextEdit:disabled {{ border: 1px dashed {t.text}; }}
    QLineEdit[wrong="true"], QComboBox[wrong="true"], QAbstractSpinBox[wrong="true"],
    QPlainTextEdit[wrong="true"], QListView[wrong="true"] {{ border: 3px double {t.text}; }}
    PlainButton {{ text-decoration: underline; }}
    QMenu::item:selected, QComboBox QAbstractItemView::item:selected {{
        background: {t.accent}; color: {t.on_accent}; }}
    Card[current="true"] {{ border: 3px solid {t.accent}; }}
    """


def _control(light_ink: bool, name: str) -> str:
    """``url()`` of a small sign drawn in light or dark ink."""
    return f"url(icons:controls/{'light' if light_ink else 'dark'}/{name}.svg)"
