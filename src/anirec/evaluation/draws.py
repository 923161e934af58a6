"""Seeded draws that depend on ids alone, so that they are the same in next year's data."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.splitmix import splitmix64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.item_index import ItemIndex


def seed_of(salt: str, purpose: str) -> np.uint64:
    """Return 64 bits of the BLAKE2b of "salt:purpose"."""
    digest = hashlib.blake2b(f"{salt}:{purpose}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest))


def uniform(seed: np.uint64, ids: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each id."""
    return splitmix64(seed, ids.astype(np.uint64)) / 2.0**64


def place_in_list(seed: np.uint64, lists: Histories, index: ItemIndex) -> NDArray[np.int64]:
    """Return (n_entries,) each entry's place, from 0, when its list is shuffled.

    It depends on the viewer's id and on the ids of the shows, not on the order of either.
    """
    viewers = lists.viewers
    anime_ids = index.ids(lists.items).astype(np.uint64)
    seeds = splitmix64(seed, lists.user_ids.astype(np.uint64))
    draws = splitmix64(seeds[viewers], anime_ids)
    order = np.lexsort((anime_ids, draws, viewers))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - lists.indptr[viewers]
    return place
