"""Which entries of the lists become training and validation samples, and with which label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.errors import DataError
from anirec.models.keras_net.samples import Batch, Samples, Unwatched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.models.recommender_net import RecommenderNetConfig


@dataclass(frozen=True)
class Problem:
    """What the network is trained on, in row numbers of its own that leave no row unused."""

    training: Samples
    validation: Samples
    lists: NDArray[np.int64]
    """(n_users,) number of the list that each user row stands for"""
    items: NDArray[np.int64]
    """(n_items,) row in the catalogue that each item row stands for"""


def pose_problem(dataset: Dataset, config: RecommenderNetConfig, seed: int) -> Problem:
    """Take entries out of the lists, label them and put a share aside for validation.

    Plan-to-watch is no sample. For the target ``rating`` neither is an entry without a rating:
    a rating of 0 must not be learned as dislike.

    Raises
    ------
    DataError
        If nothing is left.
    """
    histories = dataset.histories.watched()
    if config.target == "rating":
        histories = histories.where(histories.ratings > 0)
    if len(histories.items) == 0:
        what = "a rated entry" if config.target == "rating" else "an entry"
        raise DataError(
            f"recommender_net (target: {config.target}) found no list with {what} that is not "
            "plan-to-watch: check that ingestion kept the lists"
        )
    lists, users = np.unique(histories.viewers, return_inverse=True)
    items, rows = np.unique(histories.items.astype(np.int64), return_inverse=True)
    entries = Batch(
        users.astype(np.int32), rows.astype(np.int32), _labels(histories.ratings, config)
    )
    unwatched = None
    if config.target == "watched":
        unwatched = _unlisted(dataset, lists, items)
    aside = _set_aside(entries, config.validation_share, seed)
    parts = []
    for part, part_seed in ((~aside, seed), (aside if aside.any() else ~aside, seed + 1)):
        parts.append(
            Samples(
                entries.take(part),
                unwatched,
                config.negatives_per_positive if unwatched else 0,
                config.batch_size,
                part_seed,
            )
        )
    return Problem(parts[0], parts[1], lists, items)


def _labels(ratings: NDArray[np.uint8], config: RecommenderNetConfig) -> NDArray[np.float32]:
    if config.target == "watched":
        return np.ones(len(ratings), dtype=np.float32)
    lowest, highest = int(ratings.min()), int(ratings.max())
    if lowest == highest:
        return np.ones(len(ratings), dtype=np.float32)
    return (ratings.astype(np.float32) - lowest) / np.float32(highest - lowest)


def _unlisted(
    dataset: Dataset, lists: NDArray[np.int64], items: NDArray[np.int64]
) -> Unwatched | None:
    """Return what may be drawn as unwatched: not even plan-to-watch; None if all is listed."""
    histories = dataset.histories.select(lists)
    rows = np.full(dataset.n_items, -1, dtype=np.int32)
    rows[items] = np.arange(len(items))
    listed = rows[histories.items]
    kept = listed >= 0
    unwatched = Unwatched(
        histories.viewers[kept].astype(np.int32), listed[kept], len(lists), len(items)
    )
    return unwatched if unwatched.room.any() else None


def _set_aside(entries: Batch, share: float, seed: int) -> NDArray[np.bool_]:
    """Choose validation entries, but no viewer's and no item's only one."""
    n = len(entries.users)
    aside = np.zeros(n, dtype=np.bool_)
    aside[np.random.default_rng([seed, 0]).permutation(n)[: max(1, round(share * n))]] = True
    for column in (entries.users, entries.items):
        _, first = np.unique(column, return_index=True)
        aside[first] = False
    return aside
