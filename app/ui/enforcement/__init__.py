"""问题与处置: findings and what follows them, to their end (specs/screens.md 4)."""
