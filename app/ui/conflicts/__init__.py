"""冲突: what several people wrote differently, decided by a person one field at a time (specs/screens.md 12)."""
