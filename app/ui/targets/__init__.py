"""检查对象: whom to visit, until when and why (specs/screens.md 2)."""
