"""Whether a database has the tables of this version, and how it gets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import inspect, text

from anirec.store.address import take_your_time
from anirec.store.errors import StoreUnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

HEAD: Final = "0002"
"""The newest revision: a database at it is ready, and Alembic need not be imported to tell."""

COMMAND: Final = "python -m anirec.store.migrate"

_LOCK: Final = 7_216_402_915
"""Number of PostgreSQL's advisory lock; nobody else's, by being drawn at random."""


def migrate(engine: Engine) -> None:
    """Bring a database to the newest revision, in one transaction; several at once take turns.

    A database of a newer version of anirec is left as it is.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            take_your_time(connection)
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _is_behind(revision(connection)):
            from alembic import command

            command.upgrade(alembic_config(connection), "head")


def check_migrated(engine: Engine) -> None:
    """Refuse a database that is behind.

    Raises
    ------
    StoreUnavailableError
        If it is; the text says what to run.
    """
    with engine.connect() as connection:
        found = revision(connection)
    if _is_behind(found):
        raise StoreUnavailableError(f"its tables are of revision {found}: run {COMMAND}")


def revision(connection: Connection) -> str | None:
    """Return the revision of a database, None of an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def alembic_config(connection: Connection) -> Any:
    """Return what Alembic's commands take to work on a connection, within its transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "anirec.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _is_behind(found: str | None) -> bool:
    # Revisions are numbers that grow; a larger one is of a newer version of anirec.
    return found is None or found < HEAD
