"""检查: the workplace of a visit, from its start to its seal (specs/screens.md 3, 5, 6)."""
