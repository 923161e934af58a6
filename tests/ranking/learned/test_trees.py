"""Predictions and Shapley values of symmetric trees, against their definitions."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anirec.ranking.learned.trees import SymmetricTrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

N_FEATURES = 4


class Grown:
    """Random trees, with what they were built from."""

    def __init__(self, seed: int, n_trees: int, depth: int) -> None:
        draw = np.random.default_rng(seed)
        self.features = draw.integers(0, N_FEATURES, (n_trees, depth)).astype(np.int32)
        # Few enough that trees ask the same; -0 and 0 are one question.
        thresholds = draw.integers(-2, 3, (n_trees, depth)) * draw.choice([0.5, -0.5])
        self.thresholds = thresholds.astype(np.float32)
        self.leaves = draw.normal(size=(n_trees, 1 << depth))
        # Some leaves that no training row fell into.
        self.weights = draw.integers(0, 4, (n_trees, 1 << depth)).astype(np.float64)
        self.rows = draw.normal(size=(6, N_FEATURES)).astype(np.float32)
        self.trees = SymmetricTrees.build(
            self.features, self.thresholds, self.leaves, self.weights, bias=0.5
        )

    def expectation(self, tree: int, row: np.ndarray, known: set[int]) -> float:
        """Walk the tree from the root, the last level, down, as Lundberg's algorithm 1 does."""

        def walk(level: int, leaf: int) -> tuple[float, float]:
            """Return value and weight of the node that the answers in ``leaf`` lead to."""
            if level < 0:
                return float(self.leaves[tree, leaf]), float(self.weights[tree, leaf])
            no, w_no = walk(level - 1, leaf)
            yes, w_yes = walk(level - 1, leaf | 1 << level)
            feature = int(self.features[tree, level])
            if feature in known:
                value = yes if row[feature] > self.thresholds[tree, level] else no
            elif w_no + w_yes > 0:
                value = (no * w_no + yes * w_yes) / (w_no + w_yes)
            else:
                value = (no + yes) / 2
            return value, w_no + w_yes

        return walk(self.features.shape[1] - 1, 0)[0]

    def value(self, row: np.ndarray, known: set[int]) -> float:
        return 0.5 + sum(self.expectation(t, row, known) for t in range(len(self.features)))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n_trees=st.integers(1, 4), depth=st.integers(1, 4))
def test_attributions_are_the_shapley_values(seed: int, n_trees: int, depth: int) -> None:
    """The mean over all orders in which features become known of what each one changes."""
    grown = Grown(seed, n_trees, depth)
    attributions = _attributions(grown.trees, grown.rows)
    orders = list(permutations(range(N_FEATURES)))
    for row, given_ in zip(grown.rows[:2], attributions[:2], strict=True):
        expected = np.zeros(N_FEATURES)
        for order in orders:
            for place, feature in enumerate(order):
                before = set(order[:place])
                gain = grown.value(row, before | {feature}) - grown.value(row, before)
                expected[feature] += gain / len(orders)
        np.testing.assert_allclose(given_, expected, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), n_trees=st.integers(1, 30), depth=st.integers(1, 6))
def test_attributions_and_base_add_up_to_the_prediction(
    seed: int, n_trees: int, depth: int
) -> None:
    grown = Grown(seed, n_trees, depth)
    total = _attributions(grown.trees, grown.rows).sum(axis=1) + grown.trees.base

    np.testing.assert_allclose(total, grown.trees.predict(grown.rows), atol=1e-4)


def test_predictions_are_those_of_a_walk() -> None:
    grown = Grown(3, 5, 4)
    expected = [grown.value(row, set(range(N_FEATURES))) for row in grown.rows]

    np.testing.assert_allclose(grown.trees.predict(grown.rows), expected, atol=1e-5)


@pytest.mark.parametrize("n_trees", [4, 1024, 1025])
def test_leaves_are_counted_in_as_many_bytes_as_it_takes(n_trees: int) -> None:
    """256, 65,536 and a few more."""
    grown = Grown(6, n_trees, 6)
    numbers = grown.trees.leaf_numbers(grown.rows)

    above = grown.rows[:, grown.features] > grown.thresholds
    leaf = (above << np.arange(6)).sum(axis=2).T
    np.testing.assert_array_equal(numbers, leaf + 64 * np.arange(n_trees)[:, None])


def test_state_brings_back_the_same() -> None:
    grown = Grown(4, 5, 3)
    again = SymmetricTrees.restore(grown.trees.state())

    np.testing.assert_array_equal(again.predict(grown.rows), grown.trees.predict(grown.rows))


def test_agrees_with_catboost() -> None:
    catboost = pytest.importorskip("catboost", reason="pip install 'anirec[train]'")
    from anirec.models.base import FitContext
    from anirec.pipeline.ranker_training import TrainingRows, boost, settings_of

    draw = np.random.default_rng(1)
    rows = draw.normal(size=(3000, 6)).astype(np.float32)
    found = rows[:, 0] + rows[:, 1] * rows[:, 2] + draw.normal(size=3000) > 0.5
    trees = boost(
        TrainingRows(rows, found, np.ones(len(rows), dtype=np.float32)),
        FitContext(seed=2, threads=1),
    )
    pool = catboost.Pool(rows, found.astype(np.int8))
    model = catboost.CatBoost(settings_of(FitContext(seed=2, threads=1))).fit(pool)
    theirs = model.get_feature_importance(catboost.Pool(rows[:50]), type="ShapValues")

    np.testing.assert_allclose(trees.predict(rows), model.predict(rows), atol=1e-4)
    np.testing.assert_allclose(_attributions(trees, rows[:50]), theirs[:, :-1], atol=1e-4)
    assert trees.base == pytest.approx(theirs[0, -1], abs=1e-4)


def _attributions(trees: SymmetricTrees, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    return trees.attributions(trees.leaf_numbers(rows), rows.shape[1])
