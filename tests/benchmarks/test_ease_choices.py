"""Training lists whose entries count differently: the Gram matrix, the counts, the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from anirec.data.schema import ANIME_ID, EPISODES_WATCHED, USER_ID, Status
from anirec.data.split import Split
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease, EaseConfig
from anirec.models.ease_solver import list_weights
from ease_choices import (
    DEFAULT,
    HEADER,
    NO_PRIOR,
    Choice,
    below_own_mean,
    by_rating,
    choices,
    compare,
    episode_shares,
    fitted,
    of_statuses,
)
from fewer_shows import well_known_split
from taste_groups import community

TRAIN, FOLD, _ = community()
SPLIT = Split(TRAIN, FOLD, FOLD, {})
WATCHED = TRAIN.histories.watched()
CONTEXT = FitContext(threads=1)
ALL_SEEN = np.ones(len(WATCHED.items), dtype=np.float32)


@pytest.fixture(scope="module")
def with_content() -> FitContext:
    return replace(CONTEXT, fitted={Content.name: Content().fit(TRAIN, CONTEXT)})


def test_an_entry_counts_in_the_gram_matrix_by_its_count(with_content: FitContext) -> None:
    config = EaseConfig(ridge=5.0, dropout=0.1, prior=NO_PRIOR)
    counts = np.random.default_rng(1).random(len(WATCHED.items)).astype(np.float32)
    ease = fitted(TRAIN, Choice(config, counts), with_content)

    even = list_weights(WATCHED.lengths, config.length_exponent)[WATCHED.viewers]
    lists = np.zeros((len(WATCHED), TRAIN.n_items))
    lists[WATCHED.viewers, WATCHED.items] = even * counts
    lists *= np.sqrt((even**2).sum() / (lists**2).sum())
    gram = lists.T @ lists
    expected = np.linalg.inv(gram + np.diag(5.0 + 0.1 * gram.diagonal()))
    assert ease.inverse is not None
    np.testing.assert_allclose(ease.inverse, expected, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("count", [1.0, 0.4])
def test_entries_that_count_alike_give_the_product_s_ease(
    count: float, with_content: FitContext
) -> None:
    even = np.full(len(WATCHED.items), count, dtype=np.float32)
    ease = fitted(TRAIN, Choice(EaseConfig(), even), with_content)
    plain = Ease().fit(TRAIN, with_content)
    np.testing.assert_allclose(
        ease.score(FOLD.history), plain.score(FOLD.history), rtol=1e-3, atol=1e-5
    )


def test_counts_are_of_the_entries_they_are_named_for() -> None:
    found = choices(WATCHED, ALL_SEEN)
    names = list(found)
    assert names[0] == DEFAULT
    assert found[DEFAULT].config == EaseConfig()
    for choice in found.values():
        assert choice.counts.shape == WATCHED.items.shape
        assert choice.counts.dtype == np.float32
        assert (choice.counts >= 0).all()
        assert (choice.counts <= 1).all()
    dropped = WATCHED.statuses == Status.DROPPED
    np.testing.assert_array_equal(found["dropped counts 0"].counts == 0, dropped)
    np.testing.assert_array_equal(found["dropped counts 0.5"].counts < 1, dropped)
    completed = WATCHED.statuses == Status.COMPLETED
    np.testing.assert_array_equal(found["completed alone"].counts == 1, completed)


def test_a_hoard_counts_no_more_than_the_cap() -> None:
    n = 2000
    hoard = replace(
        WATCHED.select(slice(0, 1)),
        indptr=np.array([0, n]),
        items=np.arange(n, dtype=np.int32),
        ratings=np.zeros(n, dtype=np.uint8),
        statuses=np.full(n, Status.COMPLETED, dtype=np.uint8),
    )
    found = choices(hoard, np.ones(n, dtype=np.float32))
    assert not found["lists over 1,500 left out"].counts.any()
    assert found["lists over 3,000 left out"].counts.all()
    capped = found["of lists over 1,500, as much as 1,500 entries would"].counts
    assert capped.sum() == pytest.approx(1500, rel=1e-5)


def test_ratings_speak_where_there_are_some() -> None:
    few = replace(
        WATCHED.select(slice(0, 2)),
        indptr=np.array([0, 3, 4]),
        items=np.array([0, 1, 2, 0], dtype=np.int32),
        ratings=np.array([10, 4, 0, 0], dtype=np.uint8),
        statuses=np.full(4, Status.COMPLETED, dtype=np.uint8),
    )
    assert below_own_mean(few).tolist() == [False, True, False, False]
    assert by_rating(few).tolist() == [10, 4, 7, 7]
    assert of_statuses(few) == "0 of 2 training lists hold more than completed shows"


def test_episode_shares_find_their_entries() -> None:
    seen = np.arange(len(WATCHED.items), dtype=np.uint16) % 20
    ids = TRAIN.index.ids(WATCHED.items)
    viewers = WATCHED.user_ids[WATCHED.viewers]
    table = pl.DataFrame({USER_ID: viewers, ANIME_ID: ids, EPISODES_WATCHED: seen})
    unknown = TRAIN.shows[0].anime_id
    shows = (replace(TRAIN.shows[0], episodes=None), *TRAIN.shows[1:])
    shares = episode_shares(replace(TRAIN, shows=shows), table.sample(fraction=1, shuffle=True))
    expected = np.where(ids == unknown, 1, np.minimum(seen / 12, 1))
    np.testing.assert_allclose(shares, expected, rtol=1e-6)


def test_every_choice_gets_a_row_beside_the_default() -> None:
    rows = list(compare(SPLIT, ALL_SEEN, CONTEXT))
    assert [row.name for row in rows] == list(choices(WATCHED, ALL_SEEN))
    assert rows[0].gain.low == rows[0].gain.high == 0
    for row in rows:
        assert row.gain.mean == pytest.approx(row.ndcg - rows[0].ndcg)
        assert row.liked_gain.mean == pytest.approx(row.liked_ndcg - rows[0].liked_ndcg)
        assert str(row).count("|") == HEADER.splitlines()[0].count("|")


def test_shows_with_few_viewers_leave_the_catalogue_but_stay_held_out() -> None:
    viewers = np.bincount(WATCHED.items, minlength=TRAIN.n_items)
    least = int(np.median(viewers))
    fewer = well_known_split(SPLIT, least)
    assert fewer.train.n_items == (viewers >= least).sum()
    held_out = fewer.validation.held_out
    np.testing.assert_array_equal(held_out.anime_ids, FOLD.held_out.anime_ids)
    np.testing.assert_array_equal(held_out.rows, fewer.index.rows(held_out.anime_ids))
    assert (held_out.rows == -1).any()
