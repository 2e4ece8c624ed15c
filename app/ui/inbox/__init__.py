"""收件, 冲突 and 审核: what laptops sent, and what the office says about it (specs/screens.md 11-13)."""
