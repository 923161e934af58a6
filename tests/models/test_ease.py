"""The closed form against its definition, in float64 and without shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.data.dislikes import disliked
from anirec.data.histories import Entry, Histories
from anirec.data.schema import Status
from anirec.errors import AnirecError
from anirec.models import ease_solver
from anirec.models.base import FitContext
from anirec.models.content import Content
from anirec.models.ease import DISLIKED_COUNTS, Ease, EaseConfig, PriorWeights
from anirec.models.ease_solver import add_prior, gram, invert, list_weights, mirror
from taste_groups import N_ITEMS, community

if TYPE_CHECKING:
    from anirec.models.item_weights import ItemWeights

DATASET, FOLD, _ = community()
N_VIEWERS = len(DATASET.histories)
NO_PRIOR = PriorWeights(content=0, title=0, franchise=0)


@pytest.fixture(scope="module")
def content() -> Content:
    return Content().fit(DATASET, FitContext())


def fitted(config: EaseConfig, content: Content) -> Ease:
    return Ease(config).fit(DATASET, FitContext(fitted={Content.name: content}))


def dense(weights: ItemWeights) -> np.ndarray:
    everything = np.arange(weights.n_items, dtype=np.int32)
    return weights.of(everything).for_each(everything)


def lists_as_matrix(histories: Histories) -> np.ndarray:
    watched = histories.watched()
    matrix = np.zeros((len(watched), N_ITEMS))
    matrix[watched.viewers, watched.items] = 1
    return matrix


def test_weights_are_those_of_the_paper(content: Content) -> None:
    """Steck (2019): the ridge regression of lists on themselves under a zero diagonal."""
    config = EaseConfig(ridge=5, dropout=0.1, length_exponent=0, prior=NO_PRIOR, neighbours=N_ITEMS)
    lists = lists_as_matrix(DATASET.histories)
    count = lists.T @ lists
    inverse = np.linalg.inv(count + np.diag(5 + 0.1 * np.diag(count)))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)

    np.testing.assert_allclose(dense(fitted(config, content).weights), expected, atol=2e-5)


def test_scores_are_the_lists_times_the_weights(content: Content) -> None:
    model = fitted(EaseConfig(neighbours=N_ITEMS), content)
    watched = FOLD.history.watched()
    lists = lists_as_matrix(FOLD.history)
    low = disliked(watched)
    assert low.any()
    lists[watched.viewers[low], watched.items[low]] = DISLIKED_COUNTS
    expected = lists @ dense(model.weights)

    np.testing.assert_allclose(model.score(FOLD.history), expected, atol=1e-5)


def test_contributions_add_up_to_the_score(content: Content) -> None:
    model = fitted(EaseConfig(neighbours=20), content)
    rows = np.array([4, 4, 17, 60], dtype=np.int32)
    for history in FOLD.history.select(slice(0, 10)).batches(1):
        explained = model.contributions(history, rows).sum(axis=0)
        np.testing.assert_allclose(explained, model.score(history)[0, rows], atol=1e-5)


@settings(max_examples=20, deadline=None)
@given(shares=st.lists(st.integers(0, 2), min_size=N_VIEWERS, max_size=N_VIEWERS))
def test_lists_of_other_viewers_add_to_the_gram_matrix(shares: list[int]) -> None:
    """Whoever comes when, and in however many parts: the counts are those of everyone at once."""
    everyone, parts = DATASET.histories, np.array(shares)
    matrix = np.zeros((N_ITEMS, N_ITEMS), dtype=np.float32)
    for part in range(3):
        ease_solver.add_lists(matrix, everyone.select(parts == part), 0.3)

    np.testing.assert_allclose(matrix, gram(everyone, N_ITEMS, 0.3), rtol=1e-6)


def test_the_gram_matrix_counts_viewers_by_their_weight() -> None:
    lists = lists_as_matrix(DATASET.histories)
    weighted = lists * list_weights(lists.sum(axis=1), 0.3)[:, None]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ease_solver, "ROWS_AT_ONCE", 10)
        found = gram(DATASET.histories, N_ITEMS, 0.3)
    np.testing.assert_allclose(np.tril(found), np.tril(weighted.T @ weighted), rtol=1e-6)


def test_a_long_list_weighs_less_and_the_usual_one_weighs_one() -> None:
    weights = list_weights(np.array([10, 200, 10_000]), 0.3)

    assert weights[0] > weights[1] == 1 > weights[2]


def test_the_prior_is_positive_semi_definite(content: Content) -> None:
    prior = np.zeros((N_ITEMS, N_ITEMS), dtype=np.float32)
    add_prior(prior, DATASET.shows, content.vectors.dense, PriorWeights())
    mirror(prior)

    assert np.linalg.eigvalsh(prior.astype(np.float64)).min() > -1e-3
    assert np.abs(prior).max() > 1


def test_a_show_that_nobody_watched_is_scored_by_its_kind_only_with_a_prior(
    content: Content,
) -> None:
    watched = np.bincount(DATASET.histories.watched().items, minlength=N_ITEMS)
    new = int(np.flatnonzero(watched == 0)[0])
    history = FOLD.history.select(slice(0, 20))

    assert fitted(EaseConfig(), content).score(history)[:, new].any()
    assert not fitted(EaseConfig(prior=NO_PRIOR), content).score(history)[:, new].any()


def test_ratings_play_no_part_but_for_dislikes(content: Content) -> None:
    model = fitted(EaseConfig(), content)
    loved = [Entry(10, 10), Entry(20, 10)]
    unrated = [Entry(10), Entry(20, 0, Status.ON_HOLD)]
    hated = [Entry(10, 1), Entry(20, 2, Status.DROPPED)]
    scores = model.score(Histories.from_entries([loved, unrated, hated], DATASET.index))

    np.testing.assert_array_equal(scores[0], scores[1])
    np.testing.assert_allclose(scores[2], DISLIKED_COUNTS * scores[0], rtol=1e-5)


def test_only_the_strongest_neighbours_are_kept(content: Content) -> None:
    whole = dense(fitted(EaseConfig(neighbours=N_ITEMS), content).weights)
    pruned = dense(fitted(EaseConfig(neighbours=7), content).weights)

    assert ((pruned != 0).sum(axis=1) <= 7).all()
    np.testing.assert_array_equal(pruned[pruned != 0], whole[pruned != 0])
    for row in range(N_ITEMS):
        dropped = np.abs(whole[row][pruned[row] == 0]).max()
        assert dropped <= np.abs(pruned[row][pruned[row] != 0]).min()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), n_items=st.integers(1, 70), block=st.integers(1, 20))
def test_halving_inverts_like_lapack(seed: int, n_items: int, block: int) -> None:
    draw = np.random.default_rng(seed)
    half = draw.normal(size=(n_items, n_items))
    matrix = half @ half.T + 5 * np.eye(n_items)
    inverse = matrix.astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ease_solver, "LAPACK_ROWS", block)
        patch.setattr(ease_solver, "COLUMNS_AT_ONCE", 3)
        invert(inverse)

    np.testing.assert_allclose(inverse, np.linalg.inv(matrix), atol=1e-4)


def test_a_matrix_that_has_no_inverse_is_refused_in_words() -> None:
    with pytest.raises(AnirecError, match=r"raise models\.ease\.ridge"):
        invert(np.zeros((3, 3), dtype=np.float32))
