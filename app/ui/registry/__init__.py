"""名录: organizations and their certificates, taking registries in (specs/screens.md 9)."""
