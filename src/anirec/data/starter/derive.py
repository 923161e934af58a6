"""Statistics about items from real lists; nothing about fewer than 20 viewers gets out."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.schema import NOT_RATED, Status
from anirec.data.starter.statistics import (
    FLOOR,
    LENGTH_GROUPS,
    PROGRESS_EDGES,
    UNFINISHED,
    GroupMeans,
    Statistics,
)
from anirec.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex
    from anirec.data.starter.lists import Lists

MIN_RATINGS = 5
"""A viewer's rating habits are counted from this many ratings on."""


def derive(lists: Lists, index: ItemIndex, episodes: NDArray[np.uint16]) -> Statistics:
    """Learn the statistics of a community.

    Parameters
    ----------
    lists
        Real lists over the items of ``index``, each item at most once per viewer.
    index
        The starter's items.
    episodes
        (n_items,) number of episodes, 0 where unknown.

    Raises
    ------
    DataError
        If an item has fewer than 20 viewers or raters: it must leave the starter.
    """
    n = len(index)
    watched = lists.watched()
    users, rows = np.unique(watched.users, return_inverse=True)
    seen = np.zeros((len(users), n), dtype=np.float32)
    seen[rows, watched.items] = 1
    viewers = seen.sum(axis=0).astype(np.int64)
    _refuse_rare(viewers, index)
    lengths = seen.sum(axis=1).astype(np.int64)
    activity = normal_scores(lengths)
    coviewers = np.rint(seen.T @ seen).astype(np.int64)
    np.fill_diagonal(coviewers, 0)
    return Statistics(
        anime_ids=index.anime_ids,
        n_viewers=len(users),
        viewers=viewers.astype(np.uint32),
        coviewers=_floored(coviewers),
        mean_activity=(activity @ seen / viewers).astype(np.float32),
        list_lengths=GroupMeans.of(lengths),
        **_rating_habits(watched, index),
        **_statuses(lists, users, lengths, n),
        **_unfinished_habits(watched, n, episodes),
    )


def normal_scores(values: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the standard normal quantile of each value's mid-rank, float64, same shape."""
    distinct, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2
    quantile = NormalDist().inv_cdf
    scores = np.array([quantile(float(share)) for share in middle / len(values)])
    return scores[inverse] if len(distinct) else np.zeros(0)


def _refuse_rare(counts: NDArray[np.int64], index: ItemIndex) -> None:
    rare = index.ids(np.flatnonzero(counts < FLOOR))
    if len(rare):
        raise DataError(
            f"{len(rare)} of the starter's shows have fewer than {FLOOR} viewers in these lists "
            f"(anime_id {', '.join(map(str, rare[:5]))}): use more lists or leave these shows out"
        )


def _floored(counts: NDArray[np.int64]) -> NDArray[np.uint32]:
    return np.where(counts < FLOOR, 0, counts).astype(np.uint32)


def _rating_habits(watched: Lists, index: ItemIndex) -> dict[str, NDArray[np.uint32] | GroupMeans]:
    n = len(index)
    rated = watched.where(watched.ratings != NOT_RATED)
    raters = np.bincount(rated.items, minlength=n)
    _refuse_rare(raters, index)
    mean, sd = _rating_moments(rated, n)
    distance = (rated.ratings - mean[rated.items]) / sd[rated.items]
    _, rows, counts = np.unique(rated.users, return_inverse=True, return_counts=True)
    offset = np.bincount(rows, distance) / counts
    spread = np.sqrt(np.bincount(rows, (distance - offset[rows]) ** 2) / counts)
    steady = counts >= MIN_RATINGS
    completed = watched.where(watched.statuses == Status.COMPLETED)
    _, rows, counts = np.unique(completed.users, return_inverse=True, return_counts=True)
    unrated = np.bincount(rows, completed.ratings == NOT_RATED) / counts
    return {
        "raters": raters.astype(np.uint32),
        "rating_mean": mean.astype(np.float32),
        "rating_sd": sd.astype(np.float32),
        "rating_offset": GroupMeans.of(offset[steady]),
        "rating_spread": GroupMeans.of(spread[steady]),
        "unrated_share": GroupMeans.of(unrated[counts >= MIN_RATINGS]),
    }


def _rating_moments(rated: Lists, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    counts = np.bincount(rated.items, minlength=n)
    mean = np.bincount(rated.items, rated.ratings, minlength=n) / counts
    square = np.bincount(rated.items, (rated.ratings - mean[rated.items]) ** 2, minlength=n)
    return mean, np.maximum(np.sqrt(square / counts), 0.1)
