"""Which database: an address as SQLAlchemy writes it, and what each kind needs to be opened."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from anirec.errors import AnirecError, MissingExtraError

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

VARIABLE: Final = "ANIREC_DATABASE_URL"
DEFAULT: Final = "sqlite:///~/.local/share/anirec/anirec.db"

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql+psycopg"

SECONDS: Final = 3
"""To connect, for a statement, for a lock: a request must not wait longer for what is kept."""
CONNECTIONS: Final = 4
"""Of each process: with a database that hangs, the other threads still recommend."""


def from_environment() -> str:
    """Return the address that the environment gives, else the usual one."""
    return os.environ.get(VARIABLE, DEFAULT)


def parse(address: str) -> URL:
    """Return the address of a database, ``~`` expanded.

    Raises
    ------
    AnirecError
        If it is none, or of another kind than SQLite and PostgreSQL; a password is not repeated.
    MissingExtraError
        If the packages for PostgreSQL are not installed.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise AnirecError(f"{VARIABLE} is no address of a database; such as {DEFAULT}") from None
    kind = url.get_backend_name()
    if kind == SQLITE:
        if url.database in (None, "", ":memory:"):
            raise AnirecError(f"{VARIABLE} names no file; such as {DEFAULT}")
        return url.set(drivername=SQLITE, database=os.path.expanduser(url.database))  # noqa: PTH111
    if kind not in ("postgresql", "postgres"):
        raise AnirecError(f"{VARIABLE} is of {kind}: sqlite and postgresql are known")
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise MissingExtraError("a PostgreSQL database", "postgres") from None
    return url.set(drivername=POSTGRESQL)


def engine_for(url: URL) -> Engine:
    """Return an engine; nothing is opened yet."""
    options: dict[str, Any] = {
        "pool_size": CONNECTIONS,
        "max_overflow": 0,
        # Errors name no values: those are what viewers said.
        "hide_parameters": True,
    }
    if url.drivername == SQLITE:
        engine = create_engine(url, connect_args={"timeout": SECONDS}, **options)
        event.listen(engine, "connect", _set_sqlite_up)
        event.listen(engine, "begin", _begin)
        return engine
    waits = f"-c statement_timeout={SECONDS}s -c lock_timeout={SECONDS}s"
    connect = {"connect_timeout": SECONDS, "options": waits}
    return create_engine(url, connect_args=connect, pool_pre_ping=True, **options)


def take_your_time(connection: Connection) -> None:
    """Lift the limits of ``SECONDS`` for one transaction, in which no request waits."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")


def make_file(url: URL) -> None:
    """Make the file of a SQLite database, if it is missing, for its owner alone."""
    assert url.database is not None
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)


def _set_sqlite_up(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    # Python's own idea of when transactions begin leaves reads and table changes outside of them.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads and then writes would fail at once if another wrote in between.
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
