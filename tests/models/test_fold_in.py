from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Histories
from anirec.models import fold_in
from anirec.models.fold_in import FoldIn, FoldInConfig, targets_of, weighted_gram

if TYPE_CHECKING:
    import pytest

N_ITEMS, SIZE = 30, 6


def a_fold_in(seed: int, config: FoldInConfig) -> FoldIn:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(N_ITEMS, SIZE)).astype(np.float32)
    mean = rng.normal(size=SIZE).astype(np.float32)
    return FoldIn(vectors, weighted_gram(vectors, COMMUNITY, config), mean, config)


def some_lists(seed: int, lengths: list[int]) -> Histories:
    rng = np.random.default_rng(seed)
    items = [rng.permutation(N_ITEMS)[:length] for length in lengths]
    n = sum(lengths)
    return Histories(
        np.full(len(lengths), -1, dtype=np.int64),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([*items, []]).astype(np.int32),
        rng.integers(0, 11, n).astype(np.uint8),
        np.full(n, 2, dtype=np.uint8),
    )


COMMUNITY = some_lists(0, [12, 30, 5, 1, 9])


configs = st.builds(
    FoldInConfig,
    ridge=st.floats(0.5, 100, allow_nan=False),
    unwatched_weight=st.floats(0, 0.5, allow_nan=False),
    popularity_exponent=st.floats(0, 1, allow_nan=False),
    rating_effect=st.floats(0, 0.11, allow_nan=False),
)


@given(seed=st.integers(0, 10_000), length=st.integers(0, N_ITEMS), config=configs)
def test_the_vector_minimises_the_stated_loss(seed: int, length: int, config: FoldInConfig) -> None:
    fold = a_fold_in(seed, config)
    watched = some_lists(seed, [length])
    x = fold.solve(watched)[0].astype(np.float64)
    listed = fold.item_vectors[watched.items].astype(np.float64)
    viewers = np.bincount(COMMUNITY.items, minlength=N_ITEMS)
    weights = viewers**config.popularity_exponent / np.mean(viewers**config.popularity_exponent)
    targets = targets_of(watched, config.rating_effect)
    gradient = (
        -listed.T @ (targets - listed @ x)
        + config.unwatched_weight * fold.item_vectors.T @ (weights * (fold.item_vectors @ x))
        + config.ridge * (x - fold.mean_viewer)
    )
    np.testing.assert_allclose(gradient, 0, atol=1e-3 * (1 + config.ridge))


@given(seed=st.integers(0, 10_000), length=st.integers(1, N_ITEMS), config=configs)
def test_shares_add_up_to_what_the_list_changed(
    seed: int, length: int, config: FoldInConfig
) -> None:
    fold = a_fold_in(seed, config)
    watched = some_lists(seed, [length])
    rows = np.arange(N_ITEMS, dtype=np.int32)
    change = fold.item_vectors @ (fold.solve(watched)[0] - fold.prior)
    shares = fold.shares(watched, rows)
    assert shares.shape == (length, N_ITEMS)
    np.testing.assert_allclose(shares.sum(axis=0), change, atol=1e-3)


def test_a_batch_is_its_lists_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fold = a_fold_in(1, FoldInConfig())
    watched = some_lists(1, [5, 0, 30, 1, 12])
    monkeypatch.setattr(fold_in, "LISTS_AT_ONCE", 2)
    together = fold.solve(watched)
    for i in range(len(watched)):
        alone = fold.solve(watched.select(slice(i, i + 1)))
        np.testing.assert_allclose(together[i], alone[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(together[1], fold.prior)


@given(seed=st.integers(0, 10_000), length=st.integers(0, N_ITEMS))
def test_no_entry_is_a_dislike_and_none_rated_is_neutral(seed: int, length: int) -> None:
    watched = some_lists(seed, [length, 3])
    targets = targets_of(watched, FoldInConfig().rating_effect)
    assert (targets > 0).all()
    assert (targets[watched.ratings == 0] == 1).all()
    for i in range(len(watched)):
        one = watched.select(slice(i, i + 1))
        rated = one.ratings > 0
        own = targets[watched.viewers == i][rated]
        assert (np.diff(own[np.argsort(one.ratings[rated], kind="stable")]) >= 0).all()
