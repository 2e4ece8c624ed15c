"""The evidence of a visit in a real window on a real store."""

from __future__ import annotations

from tests.ui.visit.conftest import picture, scene

__all__ = ["picture", "scene"]
