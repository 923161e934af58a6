"""Migrations make the tables of the models, on both kinds of database, whoever starts them."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from anirec.store.address import VARIABLE, engine_for, make_file, parse
from anirec.store.database import Database
from anirec.store.errors import StoreUnavailableError
from anirec.store.models import Base
from anirec.store.profiles import load_profile, save_profile
from anirec.store.schema_version import COMMAND, HEAD, alembic_config, migrate, revision

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    url = parse(address)
    if url.drivername == "sqlite":
        make_file(url)
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


def test_from_empty_to_the_models_and_back(empty: str) -> None:
    with opened(empty) as engine:
        migrate(engine)
        with engine.begin() as connection:
            context = MigrationContext.configure(connection, opts={"compare_server_default": True})
            assert compare_metadata(context, Base.metadata) == []
            assert revision(connection) == HEAD
            command.downgrade(alembic_config(connection), "base")
        with engine.begin() as connection:
            assert revision(connection) is None
            assert inspect(connection).get_table_names() == ["alembic_version"]
        migrate(engine)
        with engine.begin() as connection:
            assert set(inspect(connection).get_table_names()) > set(Base.metadata.tables)


def test_the_newest_script_is_the_one_that_the_code_asks_for(empty: str) -> None:
    with opened(empty) as engine, engine.begin() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))
        assert scripts.get_heads() == [HEAD]
        numbers = sorted(script.revision for script in scripts.walk_revisions())
        assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_several_may_migrate_at_once(empty: str) -> None:
    def start(_: int) -> None:
        with opened(empty) as engine:
            migrate(engine)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(start, range(4)))
    with opened(empty) as engine, engine.begin() as connection:
        assert revision(connection) == HEAD


def test_a_database_of_a_newer_version_is_left_alone(empty: str) -> None:
    with opened(empty) as engine:
        migrate(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        migrate(engine)
        with engine.begin() as connection:
            assert revision(connection) == "9999"
    database = Database(empty)
    assert load_profile(database, save_profile(database, [])).entries == ()
    database.close()


def test_who_opens_an_empty_database_migrates_sqlite_and_asks_for_it_elsewhere(empty: str) -> None:
    database = Database(empty)
    if empty.startswith("sqlite"):
        save_profile(database, [])
    else:
        with pytest.raises(StoreUnavailableError, match=COMMAND):
            save_profile(database, [])
    database.close()


def test_the_command_migrates_the_database_of_the_environment(empty: str) -> None:
    environment = {**os.environ, VARIABLE: empty}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "anirec.store.migrate"],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout == f"the database is at revision {HEAD}\n"
        assert done.stderr == ""
    with opened(empty) as engine, engine.begin() as connection:
        assert revision(connection) == HEAD


def test_the_command_says_in_one_line_what_is_wrong() -> None:
    nowhere = "postgresql://anirec:hunter2@127.0.0.1:1/anirec"  # pragma: allowlist secret
    done = subprocess.run(
        [sys.executable, "-m", "anirec.store.migrate"],
        env={**os.environ, VARIABLE: nowhere}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("anirec: ")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr
