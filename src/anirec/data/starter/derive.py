"""Statistics about items from real lists; nothing about fewer than 20 viewers gets out."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.starter.derive_ratings import rating_habits
from anirec.data.starter.derive_statuses import status_habits
from anirec.data.starter.statistics import FLOOR, GroupMeans, Statistics
from anirec.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex
    from anirec.data.starter.lists import Lists


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
    watched = lists.watched()
    users, rows = np.unique(watched.users, return_inverse=True)
    seen = np.zeros((len(users), len(index)), dtype=np.float32)
    seen[rows, watched.items] = 1
    viewers = seen.sum(axis=0).astype(np.uint32)
    habits = rating_habits(watched, len(index))
    _refuse_rare(np.minimum(viewers, habits["raters"]), index)
    lengths = seen.sum(axis=1).astype(np.int64)
    activity = normal_scores(lengths).astype(np.float32)
    coviewers = np.rint(seen.T @ seen).astype(np.uint32)
    np.fill_diagonal(coviewers, 0)
    coviewers[coviewers < FLOOR] = 0
    return Statistics(
        anime_ids=index.anime_ids,
        n_viewers=len(users),
        viewers=viewers,
        coviewers=coviewers,
        mean_activity=(activity @ seen / viewers).astype(np.float32),
        list_lengths=GroupMeans.of(lengths),
        **habits,
        **status_habits(lists, users, lengths, episodes),
    )


def normal_scores(values: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the standard normal quantile of each value's mid-rank, float64, same shape."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / len(values)
    quantile = NormalDist().inv_cdf
    return np.array([quantile(float(share)) for share in middle])[inverse]


def _refuse_rare(viewers: NDArray[np.uint32], index: ItemIndex) -> None:
    rare = index.ids(np.flatnonzero(viewers < FLOOR))
    if len(rare):
        raise DataError(
            f"{len(rare)} of the starter's {len(index)} shows have fewer than {FLOOR} viewers or "
            f"raters in these lists (anime_id {', '.join(map(str, rare[:5]))}): derive from more "
            "lists, or leave these shows out"
        )
