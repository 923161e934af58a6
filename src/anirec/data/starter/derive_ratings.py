"""Rating habits of a community: how shows are rated, and how viewers differ in rating them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.data.schema import NOT_RATED, Status
from anirec.data.starter.statistics import GroupMeans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.starter.lists import Lists

MIN_ENTRIES = 5
"""A viewer's habits are counted from this many ratings (or completed shows) on."""

_LEAST_SD = 0.1


def rating_habits(watched: Lists, n_items: int) -> dict[str, Any]:
    """Return the fields of ``Statistics`` about ratings, by name."""
    rated = watched.where(watched.ratings != NOT_RATED)
    raters, mean, sd = rating_moments(rated, n_items)
    distance = (rated.ratings - mean[rated.items]) / sd[rated.items]
    counts, offset, spread = _per_viewer(rated.users, distance)
    steady = counts >= MIN_ENTRIES
    completed = watched.where(watched.statuses == Status.COMPLETED)
    shows, unrated, _ = _per_viewer(completed.users, completed.ratings == NOT_RATED)
    return {
        "raters": raters.astype(np.uint32),
        "rating_mean": mean.astype(np.float32),
        "rating_sd": sd.astype(np.float32),
        "rating_offset": GroupMeans.of(offset[steady]),
        "rating_spread": GroupMeans.of(spread[steady]),
        "unrated_share": GroupMeans.of(unrated[shows >= MIN_ENTRIES]),
    }


def rating_moments(
    rated: Lists, n_items: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return number, mean and standard deviation of each item's ratings, (n_items,) each."""
    counts = np.bincount(rated.items, minlength=n_items)
    some = np.maximum(counts, 1)
    mean = np.bincount(rated.items, rated.ratings, minlength=n_items) / some
    squares = (rated.ratings - mean[rated.items]) ** 2
    sd = np.sqrt(np.bincount(rated.items, squares, minlength=n_items) / some)
    return counts, mean, np.maximum(sd, _LEAST_SD)


def _per_viewer(
    users: NDArray[np.int64], values: NDArray[np.float64] | NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return number, mean and standard deviation of each viewer's values."""
    _, rows, counts = np.unique(users, return_inverse=True, return_counts=True)
    mean = np.bincount(rows, values) / counts
    return counts, mean, np.sqrt(np.bincount(rows, (values - mean[rows]) ** 2) / counts)
