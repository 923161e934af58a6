"""Feedback is kept once, whoever sends it how often, on both kinds of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from anirec.data.schema import Status
from anirec.store.errors import KeyReusedError
from anirec.store.events import Event, Kind
from anirec.store.feedback import Recorded, feedback_of, forget, record
from anirec.store.models import Feedback, FeedbackRequest
from anirec.store.secret_keys import key_hash, new_key

if TYPE_CHECKING:
    from anirec.store.database import Database

BUNDLE = "20260101T000000Z-0123abcd"
EVENTS = [
    Event(Kind.RATING, 10, rating=8),
    Event(Kind.ADDED, 20, status=Status.WATCHING),
    Event(Kind.IMPRESSION, 30, position=1),
    Event(Kind.DISMISSAL, 30),
]


def rows(database: Database) -> int:
    with database.reading() as connection:
        counted = connection.execute(select(func.count()).select_from(Feedback)).scalar()
    assert counted is not None
    return counted


def test_what_was_done_is_kept_in_order(database: Database) -> None:
    viewer = new_key()
    assert record(database, viewer, EVENTS, bundle=BUNDLE) == Recorded(4)
    record(database, viewer, [Event(Kind.SEEN, 10)], bundle="another")
    found = feedback_of(database, viewer)
    assert [kept.event for kept in found] == [*EVENTS, Event(Kind.SEEN, 10)]
    assert [kept.bundle for kept in found] == [BUNDLE] * 4 + ["another"]
    assert all(kept.created_at.tzinfo for kept in found)
    assert feedback_of(database, new_key()) == []


def test_the_same_request_again_changes_nothing(database: Database) -> None:
    viewer, key = new_key(), new_key()
    first = record(database, viewer, EVENTS, bundle=BUNDLE, key=key)
    again = record(database, viewer, EVENTS, bundle=BUNDLE, key=key)
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.recorded, again.ignored) == (first.recorded, first.ignored)
    assert rows(database) == len(EVENTS)


@pytest.mark.parametrize("what", ["viewer", "events", "bundle"])
def test_a_key_that_comes_with_something_else_is_refused(database: Database, what: str) -> None:
    viewer, key = new_key(), new_key()
    record(database, viewer, EVENTS, bundle=BUNDLE, key=key)
    with pytest.raises(KeyReusedError):
        record(
            database,
            new_key() if what == "viewer" else viewer,
            EVENTS[:1] if what == "events" else EVENTS,
            bundle="another" if what == "bundle" else BUNDLE,
            key=key,
        )
    assert rows(database) == len(EVENTS)


def test_shows_that_nobody_knows_are_left_out_and_named(database: Database) -> None:
    viewer, key = new_key(), new_key()

    def ask(knows: bool) -> Recorded:
        return record(
            database, viewer, EVENTS, bundle=BUNDLE, key=key,
            knows=lambda shows: [knows and show != 30 for show in shows],
        )  # fmt: skip

    assert ask(True) == Recorded(2, (30,))
    # The answer is that of the first time, though another bundle may know other shows.
    assert ask(False) == Recorded(2, (30,), repeated=True)
    assert rows(database) == 2


def test_sixteen_threads_with_one_key_write_one_row(database: Database) -> None:
    viewer, key, together = new_key(), new_key(), Barrier(16)

    def send(_: int) -> Recorded:
        together.wait()
        return record(database, viewer, EVENTS[:1], bundle=BUNDLE, key=key)

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(send, range(16)))
    assert sorted(answer.repeated for answer in answers) == [False] + [True] * 15
    assert {answer.recorded for answer in answers} == {1}
    assert rows(database) == 1


def test_keys_are_stored_as_hashes_only(database: Database) -> None:
    viewer, key = new_key(), new_key()
    record(database, viewer, EVENTS, bundle=BUNDLE, key=key)
    with database.reading() as connection:
        kept = [connection.execute(select(table)).first() for table in (FeedbackRequest, Feedback)]
    assert [row.viewer for row in kept if row] == [key_hash(viewer)] * 2
    assert viewer not in repr(kept)
    assert key not in repr(kept)


def test_a_viewer_can_be_forgotten(database: Database) -> None:
    viewer, other = new_key(), new_key()
    record(database, viewer, EVENTS, bundle=BUNDLE)
    record(database, other, EVENTS[:1], bundle=BUNDLE)
    assert forget(database, viewer) == len(EVENTS)
    assert feedback_of(database, viewer) == []
    assert len(feedback_of(database, other)) == 1
    with database.reading() as connection:
        assert len(connection.execute(select(FeedbackRequest.key)).all()) == 1
    assert forget(database, viewer) == 0


events = st.builds(
    Event,
    st.sampled_from(Kind),
    st.integers(0, 2**63 - 1),
    rating=st.none() | st.integers(0, 10),
    status=st.none() | st.sampled_from(Status),
    position=st.none() | st.integers(1, 10_000),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(st.lists(events, max_size=4), min_size=1, max_size=4), data=st.data())
def test_however_requests_are_repeated_each_counts_once(
    database: Database, sent: list[list[Event]], data: st.DataObject
) -> None:
    """Any order and number of repetitions leaves what each request once would leave."""
    viewer, keys = new_key(), [new_key() for _ in sent]
    repeats = data.draw(st.lists(st.integers(0, len(sent) - 1), max_size=6))
    first: dict[int, Recorded] = {}
    for number in [*range(len(sent)), *repeats]:
        answer = record(database, viewer, sent[number], bundle=BUNDLE, key=keys[number])
        assert answer.repeated == (number in first)
        assert answer.recorded == first.setdefault(number, answer).recorded == len(sent[number])
    kept = [one.event for one in feedback_of(database, viewer)]
    assert kept == [event for batch in sent for event in batch]
