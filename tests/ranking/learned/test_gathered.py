"""Candidates of the learned ranker."""

from __future__ import annotations

import numpy as np

from anirec.ranking.learned.candidates import (
    FROM_POPULARITY,
    LOOKED_AT_FIRST,
    in_order,
    most_popular,
)

N_ITEMS = 3 * LOOKED_AT_FIRST


def test_the_most_popular_are_the_first_eligible_ones_however_far_down() -> None:
    order = np.random.default_rng(7).permutation(N_ITEMS)
    for n_gone in (0, 10, LOOKED_AT_FIRST - 5, 2 * LOOKED_AT_FIRST, N_ITEMS - 3):
        eligible = np.ones(N_ITEMS, dtype=np.bool_)
        eligible[order[:n_gone]] = False

        found = most_popular(order, eligible)

        np.testing.assert_array_equal(found, order[n_gone : n_gone + FROM_POPULARITY])


def test_each_row_once_by_descending_score_and_equal_ones_by_row() -> None:
    scores = np.array([0, 2, 1, 2, 5], dtype=np.float32)

    found = in_order(scores, np.array([3, 1, 0]), np.array([1, 3]))

    assert found.tolist() == [1, 3, 0]
    assert found.dtype == np.int32
