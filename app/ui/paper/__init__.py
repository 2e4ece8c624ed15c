"""打印: what is seen is the file, and the file is what is printed (specs/screens.md 7)."""
