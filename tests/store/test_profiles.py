"""A kept list: only who has the secret gets at it, and deleted is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.store.errors import ProfileChangedError, UnknownProfileError
from anirec.store.events import Event, Kind
from anirec.store.feedback import feedback_of, record
from anirec.store.models import Profile
from anirec.store.profiles import delete_profile, load_profile, replace_profile, save_profile
from anirec.store.secret_keys import key_hash, new_key

if TYPE_CHECKING:
    from anirec.store.database import Database

LIST = [Entry(10, 9, Status.COMPLETED), Entry(20, 0, Status.PLAN_TO_WATCH), Entry(30)]


def test_a_list_comes_back_as_it_was(database: Database) -> None:
    for entries, hidden in (([], set()), (LIST, {40, 50})):
        found = load_profile(database, save_profile(database, entries, hidden))
        assert list(found.entries) == entries
        assert found.hidden == hidden
        assert found.created_at == found.updated_at


def test_a_list_from_before_shows_could_be_hidden_still_opens(database: Database) -> None:
    secret = save_profile(database, LIST)
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE profiles SET hidden = NULL")
    assert load_profile(database, secret).hidden == frozenset()


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {new_key() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(secret) for secret in secrets} == {32}  # of 6 bits


def test_only_a_hash_of_the_secret_is_stored(database: Database) -> None:
    secret = save_profile(database, LIST)
    with database.reading() as connection:
        (row,) = connection.execute(select(Profile)).all()
    assert row.secret == key_hash(secret)
    assert secret not in repr(row)


def test_a_list_can_be_replaced(database: Database) -> None:
    secret = save_profile(database, LIST, {40})
    replace_profile(database, secret, LIST[:1], {50})
    found = load_profile(database, secret)
    assert list(found.entries) == LIST[:1]
    assert found.hidden == {50}
    assert found.updated_at >= found.created_at


def test_of_two_who_replace_one_version_the_second_is_told(database: Database) -> None:
    secret = save_profile(database, LIST)
    version = load_profile(database, secret).version
    together = Barrier(2)

    def replace(entries: list[Entry]) -> str:
        together.wait()
        try:
            return replace_profile(database, secret, entries, version=version)
        except ProfileChangedError as error:
            return f"not {error.version}"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(replace, [LIST[:1], LIST[:2]]))
    kept = load_profile(database, secret)
    assert sorted(told) == sorted([kept.version, f"not {kept.version}"])
    assert list(kept.entries) == LIST[: 1 + told.index(kept.version)]


def test_versions_differ_when_the_clock_goes_back(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = save_profile(database, LIST)
    versions = [load_profile(database, secret).version]
    clock = Mock(now=Mock(return_value=datetime(2001, 1, 1, tzinfo=UTC)))
    monkeypatch.setattr("anirec.store.profiles.datetime", clock)
    versions += [replace_profile(database, secret, LIST) for _ in range(3)]
    assert versions == sorted(set(versions))


def test_a_deleted_list_is_gone_with_the_feedback_given_under_it(database: Database) -> None:
    secret, other = save_profile(database, LIST), save_profile(database, LIST)
    for viewer in (secret, other):
        record(database, viewer, [Event(Kind.RATING, 10, rating=3)], bundle="b")
    assert delete_profile(database, secret) == 1
    assert feedback_of(database, secret) == []
    assert len(feedback_of(database, other)) == 1
    assert list(load_profile(database, other).entries) == LIST


@pytest.mark.parametrize("deleted", [True, False])
def test_an_unknown_secret_opens_nothing(database: Database, deleted: bool) -> None:
    secret = save_profile(database, LIST) if deleted else new_key()
    if deleted:
        delete_profile(database, secret)
    for attempt in (
        lambda: load_profile(database, secret),
        lambda: replace_profile(database, secret, LIST),
        lambda: delete_profile(database, secret),
    ):
        with pytest.raises(UnknownProfileError) as refused:
            attempt()
        assert secret not in str(refused.value)
