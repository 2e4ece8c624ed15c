"""今日: what this day asks for (specs/screens.md 1)."""
