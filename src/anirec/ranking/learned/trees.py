"""Gradient-boosted symmetric trees: prediction and exact Shapley values, numpy only.

In a symmetric (oblivious) tree all nodes of a level ask the same question, so the answers to its D
questions say all that the tree will ever use of a row. Prediction is a lookup in a table of 2^D
leaves, and so is attribution: the Shapley values of a row depend on its leaf alone, and are
computed once for each leaf when the trees are exported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import factorial
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


class Questions(NamedTuple):
    """What T trees of depth D ask of a row, each question once: half of them ask what others do."""

    columns: NDArray[np.int64]
    """(Q,) the column that is asked about"""
    thresholds: NDArray[np.float32]
    """(Q, 1)"""
    asked: NDArray[np.int64]
    """(D, T) the question of each level"""


@dataclass(frozen=True)
class SymmetricTrees:
    """A sum of T trees of depth D; split ``d`` of a row's answers is bit ``d`` of its leaf."""

    features: NDArray[np.int32]
    """(T, D) column that each level asks about"""
    thresholds: NDArray[np.float32]
    """(T, D); the answer is whether the value is greater"""
    leaves: NDArray[np.float32]
    """(T, 2 ** D) what a tree adds to the score of the rows of a leaf"""
    shares: NDArray[np.float32]
    """(T, 2 ** D, D) Shapley values of a leaf: how much of it is owed to the feature of each level"""
    base: float
    """The expected score: what a prediction is before anything is asked."""

    @classmethod
    def build(
        cls,
        features: NDArray[np.int32],
        thresholds: NDArray[np.float32],
        leaves: NDArray[np.float64],
        weights: NDArray[np.float64],
        bias: float,
    ) -> Self:
        """Compute the Shapley values of all leaves.

        Parameters
        ----------
        features, thresholds, leaves
            As in the class.
        weights
            (T, 2 ** D), how many training rows fell into each leaf.
        bias
            Added to every prediction.
        """
        expected = _expectations(leaves, weights)
        shares = _shapley(features, expected)
        return cls(
            features,
            thresholds,
            leaves.astype(np.float32),
            shares.astype(np.float32),
            float(bias + expected[0, :, 0].sum()),
        )

    def predict(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return float64 (n,) scores of float32 (n, n_features) rows without NaN."""
        return self.scores(self.leaf_numbers(rows))

    def scores(self, leaf_numbers: NDArray[np.unsignedinteger]) -> NDArray[np.float64]:
        """Return float64 (n,), the predictions of rows with (T, n) ``leaf_numbers``."""
        added = self._wide_leaves.take(leaf_numbers)
        return np.asarray(added.sum(axis=0) + self._bias)

    def attributions(
        self, leaf_numbers: NDArray[np.unsignedinteger], n_features: int
    ) -> NDArray[np.float64]:
        """Return float64 (n, n_features), which with ``base`` add up to the predictions.

        Path-dependent Shapley values (Lundberg et al., "From local explanations to global
        understanding with explainable AI for trees", Nature Machine Intelligence 2020): what is
        not known of a row is taken as in the training rows that came the same way.

        Parameters
        ----------
        leaf_numbers
            (T, n), see the method of that name.
        n_features
            Columns of the rows.
        """
        n = leaf_numbers.shape[1]
        shares = self.shares.reshape(-1, self.shares.shape[-1]).take(leaf_numbers, axis=0)
        columns = np.arange(n)[:, None] * n_features + self._wide_features
        flat = np.bincount(columns.ravel(), shares.ravel(), minlength=n * n_features)
        return flat.astype(np.float64, copy=False).reshape(n, n_features)

    def leaf_numbers(self, rows: NDArray[np.float32]) -> NDArray[np.unsignedinteger]:
        """Return unsigned (T, n), the leaf of each row in each tree, counted over all trees.

        Parameters
        ----------
        rows
            float32 (n, n_features) without NaN.
        """
        n_trees, depth = self.features.shape
        questions = self._questions
        # By columns, so that each question reads numbers that lie side by side.
        columns = np.ascontiguousarray(rows.T)
        # In as few bytes as the leaves of one tree need: less to move.
        answers = (columns.take(questions.columns, axis=0) > questions.thresholds).astype(
            np.min_scalar_type((1 << depth) - 1)
        )
        leaf = np.zeros((n_trees, len(rows)), dtype=answers.dtype)
        for asked in questions.asked[::-1]:
            # Added to itself, which takes a tenth of the time of a shift.
            leaf += leaf
            leaf |= answers.take(asked, axis=0)
        numbers: NDArray[np.unsignedinteger] = np.add(leaf, self._first_leaves)
        return numbers

    @cached_property
    def _first_leaves(self) -> NDArray[np.unsignedinteger]:
        """(T, 1) the first leaf of each tree, counted over all trees, in few bytes as well."""
        n_trees, n_leaves = self.leaves.shape
        narrow = np.min_scalar_type(n_trees * n_leaves - 1)
        first: NDArray[np.unsignedinteger] = (np.arange(n_trees) * n_leaves).astype(narrow)
        return first[:, None]

    @cached_property
    def _questions(self) -> Questions:
        of_all = np.stack([self.features.ravel(), self.thresholds.ravel()]).astype(np.float64)
        (columns, thresholds), asked = np.unique(of_all, axis=1, return_inverse=True)
        return Questions(
            columns.astype(np.int64),
            thresholds.astype(np.float32)[:, None],
            np.ascontiguousarray(asked.reshape(self.features.shape).T),
        )

    @cached_property
    def _wide_features(self) -> NDArray[np.int64]:
        """(T, 1, D) as they are counted with."""
        return self.features[:, None].astype(np.int64)

    @cached_property
    def _wide_leaves(self) -> NDArray[np.float64]:
        """(T * 2 ** D,) as they are added up."""
        return self.leaves.ravel().astype(np.float64)

    @cached_property
    def _bias(self) -> float:
        """What is added to every prediction."""
        # What each tree says when nothing is known.
        expected = self.leaves[:, 0] - self.shares[:, 0].sum(axis=1, dtype=np.float64)
        return self.base - float(expected.sum())

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that ``restore`` needs."""
        return {
            "features": self.features,
            "thresholds": self.thresholds,
            "leaves": self.leaves,
            "shares": self.shares,
            "base": np.array([self.base]),
        }

    @classmethod
    def restore(cls, state: Mapping[str, NDArray[Any]]) -> Self:
        """Take over the arrays of ``state``."""
        return cls(
            state["features"],
            state["thresholds"],
            state["leaves"],
            state["shares"],
            float(state["base"][0]),
        )


def _expectations(leaves: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (2 ** D, T, 2 ** D): per set of known levels and tree, the expectation of each leaf.

    Bit ``d`` of the first index says whether the answer of level ``d`` is known. From level 0,
    which CatBoost puts at the bottom, up to the root: a known answer picks a child, an unknown
    one averages both by their weights.
    """
    n_trees, n_leaves = leaves.shape
    depth = n_leaves.bit_length() - 1
    row = np.arange(n_leaves)
    expected = np.empty((n_leaves, n_trees, n_leaves))
    for known in range(n_leaves):
        # (T, nodes of this level, leaf of the row in question)
        values = np.repeat(leaves[:, :, None], n_leaves, axis=2)
        mass = weights
        for level in range(depth):
            no, yes = values[:, ::2], values[:, 1::2]
            total = mass[:, ::2] + mass[:, 1::2]
            if known >> level & 1:
                values = np.where((row >> level & 1).astype(bool), yes, no)
            else:
                share = np.divide(
                    mass[:, 1::2], total, out=np.full_like(total, 0.5), where=total > 0
                )
                values = no + share[:, :, None] * (yes - no)
            mass = total
        expected[known] = values[:, 0]
    return expected


def _shapley(features: NDArray[np.int32], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (T, 2 ** D, D); a feature that a tree asks about twice has all at its first level."""
    n_leaves, n_trees, _ = expected.shape
    depth = features.shape[1]
    shares = np.zeros((n_trees, n_leaves, depth))
    for tree in range(n_trees):
        levels: dict[int, int] = {}
        for level, feature in enumerate(features[tree].tolist()):
            levels[feature] = levels.get(feature, 0) | 1 << level
        players = list(levels.values())
        for place, player in enumerate(players):
            first = (player & -player).bit_length() - 1
            others = players[:place] + players[place + 1 :]
            for subset in range(1 << len(others)):
                known = sum(mask for i, mask in enumerate(others) if subset >> i & 1)
                size = subset.bit_count()
                weight = factorial(size) * factorial(len(others) - size) / factorial(len(players))
                gain = expected[known | player, tree] - expected[known, tree]
                shares[tree, :, first] += weight * gain
    return shares
