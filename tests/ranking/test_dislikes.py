from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.ranking.dislikes import without_dislikes
from anirec.ranking.reasons import praised

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
    assert praised(neutral).all()
    np.testing.assert_array_equal(neutral.items, history.items)
    changed = (neutral.ratings != history.ratings) | (neutral.statuses != history.statuses)
    assert not neutral.ratings[changed].any()
    assert (neutral.statuses[changed] == Status.COMPLETED).all()
    kept = ~changed
    assert praised(history)[kept].all()


def test_a_rating_that_falls_below_the_new_mean_is_dropped_as_well() -> None:
    history = Histories.from_entries([[Entry(1, 1), Entry(2, 1), Entry(3, 4), Entry(4, 9)]], INDEX)
    assert praised(history).tolist() == [False, False, True, True]
    assert without_dislikes(history).ratings.tolist() == [0, 0, 0, 9]
