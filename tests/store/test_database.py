"""How a database is named, and what happens while it is down."""

from __future__ import annotations

import socket
import stat
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from anirec.errors import AnirecError
from anirec.store import address, outage
from anirec.store.address import engine_for, parse
from anirec.store.database import Database
from anirec.store.errors import StoreUnavailableError
from anirec.store.events import Event, Kind
from anirec.store.feedback import record
from anirec.store.profiles import load_profile, save_profile
from anirec.store.schema_version import migrate
from anirec.store.secret_keys import new_key
from store.postgres_server import need_psycopg

if TYPE_CHECKING:
    from pathlib import Path

    from store.postgres_server import PostgresServer


@pytest.mark.parametrize(
    "wrong", ["", "x", "mysql://a/b", "sqlite://", "sqlite:///:memory:", "postgresql://h:port/x"]
)
def test_an_address_that_cannot_be_is_refused_in_one_sentence(wrong: str) -> None:
    with pytest.raises(AnirecError, match="ANIREC_DATABASE_URL") as refused:
        parse(wrong)
    assert "\n" not in str(refused.value)


def test_a_home_directory_may_be_named_by_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    assert parse("sqlite:///~/kept.db").database == "/somewhere/kept.db"


def test_a_file_is_for_its_owner_alone_and_made_at_the_first_use(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "anirec.db"
    database = Database(f"sqlite:///{path}")
    assert not path.parent.exists()
    save_profile(database, [])
    for each in path.parent.iterdir():
        assert stat.S_IMODE(each.stat().st_mode) == 0o600, each
    with database.reading() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 3000
    database.close()


def test_an_empty_address_keeps_nothing() -> None:
    database = Database("")
    assert not database.keeps
    assert not database.exists
    with pytest.raises(StoreUnavailableError, match="ANIREC_DATABASE_URL is empty"):
        save_profile(database, [])


def test_what_does_not_fit_is_no_fault_of_the_database(database: Database) -> None:
    too_large = [Event(Kind.SEEN, 2**80)]
    with pytest.raises((DataError, OverflowError)):
        record(database, new_key(), too_large, bundle="b")
    save_profile(database, [])


def test_a_failure_leaves_nothing_behind(database: Database) -> None:
    secret = save_profile(database, [])

    def fail() -> None:
        with database.writing() as connection:
            connection.execute(text("DELETE FROM profiles"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert load_profile(database, secret).entries == ()


@pytest.mark.real
def test_only_the_first_to_come_waits_for_a_database_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server that takes the connection and says nothing, as behind a wall that drops packets."""
    need_psycopg()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        database = Database(f"postgresql://anirec@127.0.0.1:{silent.getsockname()[1]}/anirec")
        monkeypatch.setattr(address, "SECONDS", 2)
        with pytest.raises(StoreUnavailableError):
            save_profile(database, [])
        began = time.perf_counter()
        for _ in range(20):
            with pytest.raises(StoreUnavailableError) as refused:
                save_profile(database, [])
            assert not refused.value.asked
        assert time.perf_counter() - began < 1


def test_a_place_that_cannot_be_written_to_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError):
        save_profile(Database(f"sqlite:///{tmp_path}/file/anirec.db"), [])


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "anirec.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreUnavailableError):
        save_profile(Database(f"sqlite:///{path}"), [])
    assert path.read_bytes() == b"not a database at all" * 100


@pytest.mark.real
def test_a_service_file_may_hold_what_is_secret(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the cluster, where secrets are files."""
    url = parse(postgres.new_database())
    service = f"[anirec]\nhost={url.host}\nport={url.port}\nuser={url.username}\n"
    (tmp_path / "pg_service.conf").write_text(f"{service}dbname={url.database}\npassword=any\n")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "pg_service.conf"))
    engine = engine_for(parse("postgresql:///?service=anirec"))
    migrate(engine)
    engine.dispose()
    database = Database("postgresql:///?service=anirec")
    save_profile(database, [])
    database.close()


@pytest.mark.real
def test_a_server_that_comes_back_is_used_again(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(outage, "monotonic", lambda: now)
    where = postgres.new_database()
    engine = engine_for(parse(where))
    migrate(engine)
    engine.dispose()
    database = Database(where)
    save_profile(database, [])
    postgres.stop()
    with pytest.raises(StoreUnavailableError):
        save_profile(database, [])
    postgres.start()
    now += outage.REST_SECONDS + 1
    save_profile(database, [])
    database.close()
