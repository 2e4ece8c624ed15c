"""Bringing an older store up: a backup beside it, then Alembic's scripts in one transaction."""

from __future__ import annotations

from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app.files import catalog, require_free_space


def configuration() -> Config:
    """Alembic's configuration without an ini file; the scripts lie beside this module."""
    config = Config()
    config.set_main_option("script_location", str(catalog("models", "migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def head() -> str:
    """The newest revision among the scripts."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    assert newest is not None
    return newest


def upgrade(engine: Engine) -> None:
    """Run every missing script in one transaction; a failure leaves the store as it was."""
    config = configuration()
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def back_up(engine: Engine, path: Path, version: str) -> Path:
    """Copy the store to ``store.db.before-<version>`` through the engine's online backup."""
    require_free_space(path.parent, path.stat().st_size)
    target = path.with_name(f"{path.name}.before-{version}")
    target.unlink(missing_ok=True)
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlcipher.Connection)
        # VACUUM INTO keeps the key and needs no second handle on an encrypted file.
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
        connection.exec_driver_sql("BEGIN")
    return target
