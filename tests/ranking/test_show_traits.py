"""Genres and popularity groups of shows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.item_index import ItemIndex
from anirec.ranking.labels import Labels
from anirec.ranking.show_traits import ShowTraits


def traits(popularity: list[float], genres: list[tuple[str, ...]] | None = None) -> ShowTraits:
    labels = Labels.of("genre", genres or [()] * len(popularity))
    index = ItemIndex(range(10, 10 + len(popularity)))
    return ShowTraits.of(index, labels, np.array(popularity, dtype=np.float32))


def test_genres_share_a_list() -> None:
    found = traits([1, 1, 1], [("Action", "Drama"), ("Action",), ()])

    assert found.genres == ("Action", "Drama")
    assert found.genre_mix(np.array([0, 1, 2])).tolist() == [2 / 3, 1 / 3]
    assert found.genre_mix(np.array([2])).tolist() == [0, 0]
    assert found.genre_mix(np.array([], dtype=int)).tolist() == [0, 0]


def test_each_popularity_group_holds_a_tenth_of_the_entries() -> None:
    found = traits([1.0] * 100)
    assert np.bincount(found.popularity_group).tolist() == [10] * 10


def test_shows_that_nobody_watched_are_in_the_last_group() -> None:
    found = traits([0.0, 0.5, 0.0, 0.3])
    assert found.popularity_group[[0, 2]].tolist() == [9, 9]
    assert found.popularity_group[1] == 0
    assert traits([0.0, 0.0]).popularity_group.tolist() == [0, 0]


def test_unknown_ids_are_left_out() -> None:
    assert traits([1, 1]).rows([10, 99, 11]).tolist() == [0, 1]


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=50))
def test_more_popular_shows_never_stand_in_a_later_group(popularity: list[float]) -> None:
    found = traits(popularity)
    order = np.argsort(-np.array(popularity, dtype=np.float32), kind="stable")
    assert (np.diff(found.popularity_group[order].astype(int)) >= 0).all()
    assert np.isclose(found.popularity_mix(order).sum(), 1)
