from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anirec.data.histories import Histories
from anirec.models import fold_in
from anirec.models.fold_in import FoldIn, FoldInConfig

if TYPE_CHECKING:
    import pytest

N_ITEMS, SIZE = 30, 6


def a_fold_in(seed: int, config: FoldInConfig) -> FoldIn:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(N_ITEMS, SIZE)).astype(np.float32)
    mean = rng.normal(size=SIZE).astype(np.float32)
    return FoldIn(vectors, vectors.T @ vectors, mean, config)


def some_lists(seed: int, lengths: list[int]) -> tuple[Histories, np.ndarray]:
    rng = np.random.default_rng(seed)
    items = [rng.permutation(N_ITEMS)[:length] for length in lengths]
    n = sum(lengths)
    histories = Histories(
        np.full(len(lengths), -1, dtype=np.int64),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate([*items, []]).astype(np.int32),
        np.zeros(n, dtype=np.uint8),
        np.full(n, 2, dtype=np.uint8),
    )
    return histories, rng.random(n).astype(np.float32)


configs = st.builds(
    FoldInConfig,
    ridge=st.floats(0.5, 100, allow_nan=False),
    unwatched_weight=st.floats(0, 0.5, allow_nan=False),
)


@given(seed=st.integers(0, 10_000), length=st.integers(0, N_ITEMS), config=configs)
def test_the_vector_minimises_the_stated_loss(seed: int, length: int, config: FoldInConfig) -> None:
    fold = a_fold_in(seed, config)
    histories, targets = some_lists(seed, [length])
    x = fold.solve(histories, targets)[0].astype(np.float64)
    listed = fold.item_vectors[histories.items].astype(np.float64)
    gradient = (
        -listed.T @ (targets - listed @ x)
        + config.unwatched_weight * fold.item_vectors.T @ (fold.item_vectors @ x)
        + config.ridge * (x - fold.mean_viewer)
    )
    np.testing.assert_allclose(gradient, 0, atol=1e-3 * (1 + config.ridge))


@given(seed=st.integers(0, 10_000), length=st.integers(1, N_ITEMS), config=configs)
def test_shares_add_up_to_what_the_list_changed(
    seed: int, length: int, config: FoldInConfig
) -> None:
    fold = a_fold_in(seed, config)
    history, targets = some_lists(seed, [length])
    rows = np.arange(N_ITEMS, dtype=np.int32)
    change = fold.item_vectors @ (fold.solve(history, targets)[0] - fold.prior)
    shares = fold.shares(history, targets, rows)
    assert shares.shape == (length, N_ITEMS)
    np.testing.assert_allclose(shares.sum(axis=0), change, atol=1e-3)


def test_a_batch_is_its_lists_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fold = a_fold_in(1, FoldInConfig())
    histories, targets = some_lists(1, [5, 0, 30, 1, 12])
    monkeypatch.setattr(fold_in, "LISTS_AT_ONCE", 2)
    together = fold.solve(histories, targets)
    for i in range(len(histories)):
        alone = fold.solve(
            histories.select(slice(i, i + 1)),
            targets[histories.indptr[i] : histories.indptr[i + 1]],
        )
        np.testing.assert_allclose(together[i], alone[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(together[1], fold.prior)
