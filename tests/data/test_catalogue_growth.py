"""Whatever is arranged by rows must belong to the same shows after the catalogue grew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.catalogue_growth import CatalogueGrowth
from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex

IDS = st.lists(st.integers(1, 60), min_size=1, max_size=30, unique=True)


@given(old=IDS, added=IDS)
def test_every_show_keeps_what_is_its_own(old: list[int], added: list[int]) -> None:
    before, after = ItemIndex(old), ItemIndex(old + added)
    growth = CatalogueGrowth.between(before, after)
    grown = growth.array(before.anime_ids)

    np.testing.assert_array_equal(grown[growth.rows], before.anime_ids)
    np.testing.assert_array_equal(after.ids(growth.rows), before.anime_ids)
    assert set(after.ids(growth.new).tolist()) == set(added) - set(old)
    assert not grown[growth.new].any()


@given(old=IDS, added=IDS)
def test_lists_name_the_same_shows(old: list[int], added: list[int]) -> None:
    before, after = ItemIndex(old), ItemIndex(old + added)
    lists = Histories.from_entries([[Entry(anime_id, 8) for anime_id in sorted(old)]], before)
    moved = CatalogueGrowth.between(before, after).histories(lists)

    np.testing.assert_array_equal(after.ids(moved.items), before.ids(lists.items))


def test_a_catalogue_that_lost_a_show_is_refused() -> None:
    with pytest.raises(ValueError, match="lost anime 20"):
        CatalogueGrowth.between(ItemIndex([10, 20]), ItemIndex([10, 30]))
