"""Widgets that every screen is built from; each is imported from its own module or from here.

From here they are imported on first use, so that the first window does not pay for all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.ui.widgets.buttons import (
        AnswerButton,
        PlainButton,
        PrimaryButton,
        SecondaryButton,
        SegmentedAnswer,
    )
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
    from app.ui.widgets.dialogs import FormDialog, Question, asked, open_once
    from app.ui.widgets.fields import DateField, Form, FormRow, SearchField, day_text, mark_wrong
    from app.ui.widgets.moments import MomentField
    from app.ui.widgets.notices import Banner, EmptyState
    from app.ui.widgets.pdf import PdfView
    from app.ui.widgets.photos import PhotoStrip, Thumb
    from app.ui.widgets.signature import SignaturePad
    from app.ui.widgets.signer import SignerPane
    from app.ui.widgets.table import Column, PagedTable, PagedTableModel
    from app.ui.widgets.working import WorkingLine

_NAMES: Final = {
    "buttons": "AnswerButton PlainButton PrimaryButton SecondaryButton SegmentedAnswer",
    "cards": "CaptionLabel Card Chip ChipRow ElidedLabel HeadingLabel ProgressLine Separator TextLabel",
    "dialogs": "FormDialog Question asked open_once",
    "fields": "DateField Form FormRow SearchField day_text mark_wrong",
    "moments": "MomentField",
    "notices": "Banner EmptyState",
    "pdf": "PdfView",
    "photos": "PhotoStrip Thumb",
    "signature": "SignaturePad",
    "signer": "SignerPane",
    "table": "Column PagedTable PagedTableModel",
    "working": "WorkingLine",
}
_MODULE_OF: Final = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


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
    "MomentField",
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
    "SignerPane",
    "TextLabel",
    "Thumb",
    "WorkingLine",
    "asked",
    "day_text",
    "mark_wrong",
    "open_once",
]
