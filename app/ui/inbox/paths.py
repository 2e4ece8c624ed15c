"""What a path inside a record is called, and how its value is written, as the window says it."""

from __future__ import annotations

from app.services.naming import path_text, value_text

__all__ = ["path_text", "value_text"]
