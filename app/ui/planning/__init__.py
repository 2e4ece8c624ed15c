"""任务分派: plans with their tasks, and who visits whom with which device (specs/screens.md 10)."""
