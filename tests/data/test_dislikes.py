from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.dislikes import disliked, without_dislikes
from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status

INDEX = ItemIndex(range(1, 31))

watched = st.lists(
    st.builds(
        Entry,
        anime_id=st.integers(1, 30),
        rating=st.integers(0, 10),
        status=st.sampled_from([s for s in Status if s != Status.PLAN_TO_WATCH]),
    ),
    max_size=30,
).map(lambda entries: Histories.from_entries([entries], INDEX))


@given(watched)
def test_nothing_is_disliked_any_more_and_nothing_else_changes(history: Histories) -> None:
    neutral = without_dislikes(history)
    assert not disliked(neutral).any()
    np.testing.assert_array_equal(neutral.items, history.items)
    changed = (neutral.ratings != history.ratings) | (neutral.statuses != history.statuses)
    assert not neutral.ratings[changed].any()
    assert (neutral.statuses[changed] == Status.COMPLETED).all()
    kept = ~changed
    assert not disliked(history)[kept].any()


def test_a_rating_that_falls_below_the_new_mean_is_dropped_as_well() -> None:
    history = Histories.from_entries([[Entry(1, 1), Entry(2, 1), Entry(3, 4), Entry(4, 9)]], INDEX)
    assert disliked(history).tolist() == [True, True, False, False]
    assert without_dislikes(history).ratings.tolist() == [0, 0, 0, 9]


@given(st.lists(watched, max_size=5))
def test_many_lists_are_their_lists_one_by_one(histories: list[Histories]) -> None:
    together = Histories(
        np.full(len(histories), -1),
        np.cumsum([0, *(len(one.items) for one in histories)]),
        *(
            np.concatenate([np.zeros(0, dtype=np.uint8), *(getattr(h, name) for h in histories)])
            for name in ("items", "ratings", "statuses")
        ),
    )
    apart = [disliked(one) for one in histories]
    assert disliked(together).tolist() == [low for one in apart for low in one.tolist()]
    ratings = [r for one in histories for r in without_dislikes(one).ratings.tolist()]
    assert without_dislikes(together).ratings.tolist() == ratings
