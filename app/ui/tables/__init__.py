"""统计: the official tables on screen, and the records behind every number (specs/screens.md 14)."""
