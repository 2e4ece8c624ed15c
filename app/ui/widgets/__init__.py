"""Widgets that every screen is built from; each is imported from its own module or from here."""

from app.ui.widgets.buttons import AnswerButton, PlainButton, PrimaryButton, SecondaryButton, SegmentedAnswer
from app.ui.widgets.cards import (
    CaptionLabel,
    Card,
    Chip,
    ChipRow,
    ElidedLabel,
    HeadingLabel,
    ProgressLine,
    Separator,
    TextLabel,
)
from app.ui.widgets.dialogs import FormDialog, Question, asked
from app.ui.widgets.fields import DateField, Form, FormRow, SearchField, day_text, mark_wrong
from app.ui.widgets.notices import Banner, EmptyState
from app.ui.widgets.pdf import PdfView
from app.ui.widgets.photos import PhotoStrip, Thumb
from app.ui.widgets.signature import SignaturePad
from app.ui.widgets.table import Column, PagedTable, PagedTableModel
from app.ui.widgets.working import WorkingLine

__all__ = [
    "AnswerButton",
    "Banner",
    "CaptionLabel",
    "Card",
    "Chip",
    "ChipRow",
    "Column",
    "DateField",
    "ElidedLabel",
    "EmptyState",
    "Form",
    "FormDialog",
    "FormRow",
    "HeadingLabel",
    "PagedTable",
    "PagedTableModel",
    "PdfView",
    "PhotoStrip",
    "PlainButton",
    "PrimaryButton",
    "ProgressLine",
    "Question",
    "SearchField",
    "SecondaryButton",
    "SegmentedAnswer",
    "Separator",
    "SignaturePad",
    "TextLabel",
    "Thumb",
    "WorkingLine",
    "asked",
    "day_text",
    "mark_wrong",
]
