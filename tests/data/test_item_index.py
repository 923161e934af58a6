"""Ids become the rows of shows, and nothing else does."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.item_index import AnilistIndex, ItemIndex


@given(st.lists(st.integers(0, 50), max_size=40), st.lists(st.integers(-5, 2**31), max_size=20))
def test_an_anilist_id_leads_to_the_first_row_that_has_it(ids: list[int], asked: list[int]) -> None:
    index = AnilistIndex(np.array(ids, dtype=np.int32))
    expected = [ids.index(one) if one in ids and one > 0 else -1 for one in asked]
    assert index.rows(asked).tolist() == expected
    assert len(index) == len({one for one in ids if one})


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(-5, 60) | st.integers())
def test_the_row_of_one_id_is_that_among_all(ids: list[int], asked: int) -> None:
    expected = sorted(set(ids)).index(asked) if asked in ids else -1
    assert ItemIndex(ids).row(asked) == expected
