from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.dataset import Dataset
from anirec.data.histories import Entry, Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.data.show import Show
from anirec.errors import BundleError
from anirec.models.user_neighbours import (
    NEUTRAL_VOTE,
    UserNeighbours,
    UserNeighboursConfig,
    votes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWS = 8
INDEX = ItemIndex(range(1, SHOWS + 1))


def lists_of(lists: Sequence[Sequence[Entry]], user_ids: Sequence[int]) -> Histories:
    flat = Histories.from_entries(lists, INDEX)
    return Histories(
        np.array(user_ids, dtype=np.int64), flat.indptr, flat.items, flat.ratings, flat.statuses
    )


def dataset_of(lists: Sequence[Sequence[Entry]], user_ids: Sequence[int]) -> Dataset:
    shows = tuple(Show(int(i), f"Show {i}") for i in INDEX.anime_ids)
    return Dataset(INDEX, shows, lists_of(lists, user_ids))


# Two camps: shows 1-4 and shows 5-8; show 4 is loved by user 30 and panned by user 10.
CAMPS = [
    [Entry(1, 9), Entry(2, 9), Entry(3, 9), Entry(4, 1)],
    [Entry(1), Entry(2), Entry(3)],
    [Entry(1, 6), Entry(2, 6), Entry(4, 10)],
    [Entry(5, 8), Entry(6, 8), Entry(7, 8)],
    [Entry(5, 8), Entry(6), Entry(8), Entry(1, status=Status.PLAN_TO_WATCH)],
]
IDS = [10, 20, 30, 41, 7]


def fitted(**settings: float) -> UserNeighbours:
    config = UserNeighboursConfig.model_validate(settings)
    return UserNeighbours(config).fit(dataset_of(CAMPS, IDS))


def ranking(model: UserNeighbours, history: Histories) -> list[int]:
    return [int(i) for i in INDEX.ids(np.argsort(-model.score(history)[0], kind="stable"))]


def test_shows_of_the_like_minded_come_first() -> None:
    new = Histories.from_entries([[Entry(5)]], INDEX)
    assert set(ranking(fitted(), new)[:4]) == {5, 6, 7, 8}


def test_a_low_rating_is_a_weaker_vote_than_none() -> None:
    weights = votes(lists_of(CAMPS, IDS), rating_effect=0.1)
    assert weights[3] < NEUTRAL_VOTE < weights[0]  # rated 1 and 9, mean 7
    assert set(weights[4:7]) == {NEUTRAL_VOTE}  # not rated


def test_a_known_viewer_is_no_neighbour_of_its_own() -> None:
    model = fitted(prior=1e-9)
    own = lists_of(CAMPS, IDS).select(np.array([2]))
    stranger = lists_of([CAMPS[2]], [-1])
    # Only user 10 besides user 30 votes for show 4, weakly.
    row = INDEX.rows([4])[0]
    assert model.score(own)[0, row] < model.score(stranger)[0, row]


def test_vectors_decide_who_is_looked_at_for_a_known_viewer() -> None:
    model = fitted(shortlist=1)
    known, stranger = lists_of([CAMPS[1]], [20]), lists_of([CAMPS[1]], [-1])
    third_and_fourth = INDEX.rows([3, 4])

    def voted_for(history: Histories) -> list[bool]:
        return list(model.contributions(history, third_and_fourth).sum(axis=0) > 0)

    # Users 10 and 30 share shows with user 20; only 10 has show 3 (and weakly speaks for 4).
    towards_30 = np.array([[1, 0], [3, 0.1], [0, 1], [0, 2]], dtype=np.float32)
    model.use_vectors(np.array([30, 20, 10, 999]), towards_30)
    assert voted_for(known) == [False, True]
    assert voted_for(stranger) == [True, True]
    model.use_vectors(np.array([30, 10]), towards_30[[0, 2]])
    assert voted_for(known) == [True, True]  # no vector of its own


def test_an_empty_list_gets_popularity() -> None:
    model = fitted()
    empty = Histories.from_entries([[]], INDEX)
    scores = model.score(empty)[0]
    viewers = np.array([3, 3, 2, 2, 2, 2, 1, 1])
    np.testing.assert_allclose(scores / scores.max(), viewers / viewers.max(), rtol=1e-6)
    assert model.contributions(empty, np.array([0, 1], dtype=np.int32)).shape == (0, 2)


def test_similar_is_the_cosine_of_the_viewers() -> None:
    similarity = fitted().similar(int(INDEX.rows([1])[0]))
    np.testing.assert_allclose(similarity, [1, 1, 2 / 6**0.5, 2 / 6**0.5, 0, 0, 0, 0], rtol=1e-6)


def test_training_lists_cannot_be_left_out() -> None:
    with pytest.raises(BundleError, match="cannot score without"):
        fitted().without_viewers()


def test_no_viewers_at_all() -> None:
    model = UserNeighbours().fit(dataset_of([], []))
    history = Histories.from_entries([[Entry(1, 9)]], INDEX)
    assert not model.score(history).any()
    assert not model.contributions(history, np.array([2], dtype=np.int32)).any()


entries = st.lists(
    st.builds(
        Entry,
        st.integers(1, SHOWS),
        st.integers(0, 10),
        st.sampled_from([int(status) for status in Status]),
    ),
    max_size=SHOWS,
    unique_by=lambda entry: entry.anime_id,
)


@given(st.lists(entries, min_size=1, max_size=12), entries)
@settings(max_examples=150, deadline=None)
def test_contributions_and_prior_add_up_to_the_score(
    lists: list[list[Entry]], own: list[Entry]
) -> None:
    model = UserNeighbours().fit(dataset_of(lists, range(len(lists))))
    history = Histories.from_entries([own], INDEX)
    rows = np.arange(SHOWS, dtype=np.int32)[::-1].copy()
    explained = model.contributions(history, rows)
    rest = model.score(history)[0, rows] - explained.sum(axis=0)
    popularity = model.score(Histories.from_entries([[]], INDEX))[0, rows]
    # The rest is popularity, the same small share of it for every item.
    share = 1.0 if not explained.any() else 0.01 / 1.01
    np.testing.assert_allclose(rest, share * popularity, atol=1e-5)
    assert (explained >= 0).all()
    assert not explained[history.statuses == Status.PLAN_TO_WATCH].any()
