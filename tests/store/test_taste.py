"""What events say of shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Entry
from anirec.data.schema import Status
from anirec.store.events import Event, Kind
from anirec.store.taste import taste_of

RATED = Event(Kind.RATING, 1, rating=8)
TAKEN_BACK = Event(Kind.RATING, 1, rating=0)
SEEN = Event(Kind.SEEN, 1)
ADDED = Event(Kind.ADDED, 1)
DISMISSED = Event(Kind.DISMISSAL, 1)
CLICKED = Event(Kind.CLICK, 1, position=2)
SHOWN = Event(Kind.IMPRESSION, 1)
WATCHING = Event(Kind.ADDED, 1, status=Status.WATCHING)


@pytest.mark.parametrize(
    ("events", "rating", "status", "watched"),
    [
        ([RATED], 8, Status.COMPLETED, 1),
        ([SEEN], 0, Status.COMPLETED, 1),
        ([Event(Kind.SEEN, 1, rating=4)], 4, Status.COMPLETED, 1),
        ([ADDED], 0, Status.PLAN_TO_WATCH, 0),
        ([DISMISSED], 0, Status.DROPPED, 0),
        ([WATCHING], 0, Status.WATCHING, 1),
        ([RATED, Event(Kind.RATING, 1, rating=3)], 3, Status.COMPLETED, 1),
        ([WATCHING, RATED], 8, Status.WATCHING, 1),
        ([ADDED, RATED], 8, Status.COMPLETED, 1),
        ([RATED, ADDED], 8, Status.COMPLETED, 1),
        ([RATED, TAKEN_BACK], 0, Status.COMPLETED, 1),
        ([RATED, Event(Kind.RATING, 1, rating=2, status=Status.DROPPED)], 2, Status.DROPPED, 1),
        ([RATED, DISMISSED], 8, Status.COMPLETED, 1),
        ([ADDED, DISMISSED], 0, Status.DROPPED, 0),
        ([DISMISSED, ADDED], 0, Status.PLAN_TO_WATCH, 0),
        ([DISMISSED, SEEN], 0, Status.COMPLETED, 1),
        ([DISMISSED, RATED], 8, Status.COMPLETED, 1),
        ([SHOWN, CLICKED, RATED, CLICKED], 8, Status.COMPLETED, 1),
    ],
)
def test_what_comes_last_wins(
    events: list[Event], rating: int, status: Status, watched: int
) -> None:
    found = taste_of(events)
    assert found.entries == (Entry(1, rating, status),)
    assert found.watched == watched


@pytest.mark.parametrize("events", [[], [CLICKED], [SHOWN, CLICKED], [TAKEN_BACK]])
def test_what_says_nothing_makes_no_entry(events: list[Event]) -> None:
    assert taste_of(events).entries == ()


events_of_shows = st.lists(
    st.builds(
        Event,
        st.sampled_from(Kind),
        st.integers(1, 3),
        rating=st.none() | st.integers(0, 10),
        status=st.none() | st.sampled_from(Status),
    ),
    max_size=12,
)


@given(events=events_of_shows)
def test_clicks_change_nothing_and_shows_do_not_touch_each_other(events: list[Event]) -> None:
    found = taste_of(events)
    telling = [one for one in events if one.kind not in (Kind.CLICK, Kind.IMPRESSION)]
    assert taste_of(telling) == found
    apart = [taste_of(one for one in events if one.anime_id == show) for show in (1, 2, 3)]
    assert found.entries == tuple(entry for each in apart for entry in each.entries)
    assert found.watched == sum(each.watched for each in apart)
    for entry in found.entries:
        assert entry.status in set(Status)
        assert 0 <= entry.rating <= 10
