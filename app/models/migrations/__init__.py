"""Alembic's scripts: the history of the store's shape."""
