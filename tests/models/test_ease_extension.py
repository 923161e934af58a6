"""Weights of new shows from content alone, against a fit that had the shows in its catalogue."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.catalogue_growth import CatalogueGrowth
from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.models import conjugate_gradients
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import Ease, EaseConfig, PriorWeights
from anirec.models.ease_extension import extend
from taste_groups import N_ITEMS, community

COMMUNITY, FOLD, _ = community()
ALL_KEPT = EaseConfig(neighbours=N_ITEMS)


class World(NamedTuple):
    """A catalogue in which nobody has watched some shows, fitted with and without them."""

    after: Dataset
    growth: CatalogueGrowth
    before: Ease
    refitted: Ease
    content: Content


def world(new: np.ndarray, config: EaseConfig) -> World:
    """Take the shows of the rows ``new`` out of the lists, and out of one of two fits."""
    is_new = np.isin(np.arange(N_ITEMS), new)
    lists = COMMUNITY.histories.where(~is_new[COMMUNITY.histories.items])
    after = Dataset(COMMUNITY.index, COMMUNITY.shows, lists)
    ids = COMMUNITY.index.anime_ids[~is_new]
    index = ItemIndex(ids)
    items = index.rows(COMMUNITY.index.ids(lists.items))
    shows = tuple(show for show in COMMUNITY.shows if show.anime_id in set(ids.tolist()))
    before = Dataset(
        index,
        shows,
        Histories(lists.user_ids, lists.indptr, items, lists.ratings, lists.statuses),
    )
    content = Content().fit(after, FitContext())
    # The same vectors for both, so that the old shows are alike in both: what is tested is algebra.
    smaller = Content().fit(before, FitContext())
    dense = content.vectors.dense[~is_new]
    smaller.vectors = type(smaller.vectors)(dense, *_names(smaller))
    return World(
        after,
        CatalogueGrowth.between(index, COMMUNITY.index),
        Ease(config).fit(before, FitContext(fitted={"content": smaller})),
        Ease(config).fit(after, FitContext(fitted={"content": content})),
        content,
    )


def _names(content: Content) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return content.vectors.indptr, content.vectors.names, content.vectors.values


def extended(world: World) -> Ease:
    return extend(
        world.before, world.after, world.content.vectors.dense, world.growth, FitContext()
    )


def dense(ease: Ease) -> np.ndarray:
    everything = np.arange(ease.n_items, dtype=np.int32)
    return ease.weights.of(everything).for_each(everything)


NO_TITLES = PriorWeights(title=0)
"""The idf of a word depends on all titles, so that old shows would be alike in two ways."""


@settings(max_examples=15, deadline=None)
@given(
    new=st.sets(st.integers(0, N_ITEMS - 1), min_size=1, max_size=30),
    at_once=st.sampled_from([1, 7, 256]),
)
def test_weights_of_new_shows_are_those_of_a_fit(new: set[int], at_once: int) -> None:
    rows = np.array(sorted(new))
    made = world(rows, ALL_KEPT.model_copy(update={"prior": NO_TITLES}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anirec.models.ease_extension.SHOWS_AT_ONCE", at_once)
        patch.setattr("anirec.models.ease_extension.ROWS_AT_ONCE", 10)
        model = extended(made)
    expected = dense(made.refitted)
    found = dense(model)

    np.testing.assert_allclose(found[:, rows], expected[:, rows], atol=1e-4)
    np.testing.assert_allclose(found[rows], expected[rows], atol=1e-4)
    np.testing.assert_allclose(
        model.conditional_spread, made.refitted.conditional_spread, rtol=1e-4
    )


def test_new_columns_are_those_of_a_fit_with_every_kernel() -> None:
    """Scores of new shows need no old inverse: they agree though the old shows' idf changed."""
    new = np.array([3, 40, 77, 101])
    made = world(new, ALL_KEPT)
    model = extended(made)
    scores, expected = model.score(FOLD.history), made.refitted.score(FOLD.history)

    np.testing.assert_allclose(dense(model)[:, new], dense(made.refitted)[:, new], atol=1e-4)
    np.testing.assert_allclose(scores[:, new], expected[:, new], atol=1e-3)
    np.testing.assert_array_equal(
        np.argsort(scores[:, new], axis=1), np.argsort(expected[:, new], axis=1)
    )


def test_old_shows_keep_their_weights() -> None:
    made = world(np.array([0, 50]), ALL_KEPT)
    old = made.growth.rows

    np.testing.assert_array_equal(dense(extended(made))[np.ix_(old, old)], dense(made.before))


def test_only_the_strongest_neighbours_are_kept() -> None:
    new = np.array([5, 6, 60])
    whole = dense(extended(world(new, ALL_KEPT)))
    pruned = dense(extended(world(new, EaseConfig(neighbours=7))))

    assert ((pruned != 0).sum(axis=1) <= 7).all()
    assert (pruned[:, new] != 0).any()
    for row in range(N_ITEMS):
        kept = pruned[row] != 0
        np.testing.assert_allclose(pruned[row][kept], whole[row][kept], atol=1e-6)
        assert np.abs(whole[row][~kept]).max() <= np.abs(whole[row][kept]).min() + 1e-6


def test_a_catalogue_without_new_shows_changes_nothing() -> None:
    made = world(np.array([], dtype=int), EaseConfig(neighbours=20))
    model = extended(made)

    for name, array in made.before.state().items():
        np.testing.assert_allclose(model.state()[name], array, rtol=1e-6)


def test_the_same_input_gives_the_same_arrays() -> None:
    made = world(np.array([8, 9]), EaseConfig(neighbours=20))
    first, second = extended(made).state(), extended(made).state()

    for name in first:
        np.testing.assert_array_equal(first[name], second[name])


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 40), m=st.integers(0, 5))
def test_conjugate_gradients_solve(seed: int, n: int, m: int) -> None:
    draw = np.random.default_rng(seed)
    half = draw.normal(size=(n, n))
    matrix = (half @ half.T + n * np.eye(n)).astype(np.float32)
    right = draw.normal(size=(n, m)).astype(np.float32)
    right[:, : m // 2] = 0
    found = conjugate_gradients.solve_by_products(
        lambda vectors: matrix @ vectors, matrix.diagonal().copy(), right
    )

    np.testing.assert_allclose(found, np.linalg.solve(matrix, right), atol=1e-4)
