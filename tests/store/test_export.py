"""Feedback becomes raw lists that ingestion reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from click.testing import CliRunner

from anirec.cli.export import command
from anirec.data.ingest import ingest
from anirec.data.schema import FEEDBACK_USERS, INTERACTIONS_FILE, Status
from anirec.errors import AnirecError, DataError
from anirec.store.address import VARIABLE
from anirec.store.database import Database
from anirec.store.events import Event, Kind
from anirec.store.export import LISTS_FILE, Exported, export, user_id
from anirec.store.feedback import record
from anirec.store.profiles import delete_profile, save_profile
from anirec.store.secret_keys import key_hash, new_key

if TYPE_CHECKING:
    from pathlib import Path

RATINGS = [Event(Kind.RATING, 10 * number, rating=number) for number in range(1, 7)]


def say(database: Database, *events: Event, viewer: str | None = None) -> str:
    viewer = viewer or new_key()
    record(database, viewer, events, bundle="b")
    return viewer


def test_ingestion_reads_what_was_said(database: Database, tmp_path: Path) -> None:
    plan, dismissed = Event(Kind.ADDED, 100), Event(Kind.DISMISSAL, 200)
    shown = Event(Kind.IMPRESSION, 300, position=1)
    viewer = say(database, *RATINGS, plan, dismissed, shown)
    say(database, Event(Kind.RATING, 10, rating=9), viewer=viewer)
    other = say(database, *RATINGS)
    say(database, *RATINGS[:4])
    say(database, *[Event(Kind.DISMISSAL, number) for number in range(1, 50)])

    assert export(database, tmp_path / "out") == Exported(2, 14, left_out=2)
    summary = ingest([str(tmp_path / "out")], tmp_path / "tables")
    assert (summary.entries, summary.viewers, summary.rejected) == (14, 2, {})
    rows = pl.read_parquet(tmp_path / "tables" / INTERACTIONS_FILE)
    of_viewer = rows.filter(pl.col("user_id") == user_id(key_hash(viewer)))
    assert of_viewer.select("anime_id", "rating", "status").rows() == [
        (10, 9, Status.COMPLETED),
        *[(10 * number, number, Status.COMPLETED) for number in range(2, 7)],
        (100, 0, Status.PLAN_TO_WATCH),
        (200, 0, Status.DROPPED),
    ]
    assert set(rows["user_id"]) == {user_id(key_hash(key)) for key in (viewer, other)}


def test_equal_feedback_gives_equal_bytes(database: Database, tmp_path: Path) -> None:
    for _ in range(5):
        say(database, *RATINGS)
    written = []
    for name in ("one", "other", "one"):
        export(database, tmp_path / name)
        written.append((tmp_path / name / LISTS_FILE).read_bytes())
    assert len(set(written)) == 1
    users = [int(line.split(b",")[0]) for line in written[0].splitlines()[1:]]
    assert users == sorted(users)
    assert len(set(users)) == 5
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [LISTS_FILE]


def test_a_deleted_list_takes_its_feedback_out_of_the_export(
    database: Database, tmp_path: Path
) -> None:
    secret = save_profile(database, [])
    say(database, *RATINGS, viewer=secret)
    assert export(database, tmp_path / "out").viewers == 1
    delete_profile(database, secret)
    assert export(database, tmp_path / "out").viewers == 0
    assert (tmp_path / "out" / LISTS_FILE).read_text().count("\n") == 1


def test_ids_are_in_a_range_of_their_own() -> None:
    assert user_id(b"\0" * 32) == FEEDBACK_USERS[0]
    assert user_id(b"\xff" * 32) == FEEDBACK_USERS[-1] < 2**62


def test_a_directory_with_something_else_is_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(DataError, match=r"mine\.txt"):
        export(database, tmp_path)


def test_what_fails_leaves_the_old_lists(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/anirec.db"
    database = Database(address)
    say(database, *RATINGS)
    export(database, tmp_path / "out")
    before = (tmp_path / "out" / LISTS_FILE).read_bytes()
    with database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE feedback")
    with pytest.raises(AnirecError, match="no such table"):
        export(database, tmp_path / "out")
    assert (tmp_path / "out" / LISTS_FILE).read_bytes() == before
    database.close()


def test_the_verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{tmp_path}/kept/anirec.db"
    monkeypatch.setenv(VARIABLE, address)
    out = str(tmp_path / "out")
    with pytest.raises(AnirecError, match="no feedback"):
        CliRunner().invoke(command, ["--out", out], catch_exceptions=False)
    assert not (tmp_path / "kept").exists()
    database = Database(address)
    say(database, *RATINGS)
    database.close()
    done = CliRunner().invoke(command, ["--out", out], catch_exceptions=False)
    assert done.output == f"6 entries of 1 viewers in {out}/animelist.csv\n"
    done = CliRunner().invoke(command, ["--out", out, "--json", "--min-entries", "7"])
    assert done.output == '{"viewers": 0, "entries": 0, "left_out": 1}\n'
