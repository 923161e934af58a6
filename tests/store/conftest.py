"""The same tests over both kinds of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from anirec.store.address import engine_for, parse
from anirec.store.database import Database
from anirec.store.schema_version import migrate
from store.postgres_server import PostgresServer, postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kept/anirec.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def database(empty: str) -> Iterator[Database]:
    if empty.startswith("postgresql"):
        engine = engine_for(parse(empty))
        migrate(engine)
        engine.dispose()
    opened = Database(empty)
    yield opened
    opened.close()
