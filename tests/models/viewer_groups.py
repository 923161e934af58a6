"""A small made-up community for training: four groups of shows, viewers of one group each."""

from __future__ import annotations

import numpy as np

from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.data.show import Show

GROUPS = 4
PER_GROUP = 15
N_ITEMS = GROUPS * PER_GROUP + 1
UNWATCHED = N_ITEMS - 1
N_VIEWERS = 200
LENGTH = 9


def group_community(seed: int = 0) -> Dataset:
    """Return viewers with eight of their group's shows, one of another, one planned.

    Half of the entries are rated; row ``UNWATCHED`` is in nobody's list.
    """
    rng = np.random.default_rng(seed)
    items, statuses = [], []
    for viewer in range(N_VIEWERS):
        own = PER_GROUP * (viewer % GROUPS)
        other = PER_GROUP * ((viewer + 1) % GROUPS)
        items += [*(own + rng.permutation(PER_GROUP)[: LENGTH - 1]), other + rng.integers(5)]
        items += [other + 5 + rng.integers(10)]
        statuses += [Status.COMPLETED] * LENGTH + [Status.PLAN_TO_WATCH]
    n = len(items)
    ratings = np.where(rng.random(n) < 0.5, rng.integers(1, 11, n), 0)
    histories = Histories(
        user_ids=np.arange(N_VIEWERS, dtype=np.int64)[::-1] + 1_000,
        indptr=np.arange(0, n + 1, LENGTH + 1, dtype=np.int64),
        items=np.array(items, dtype=np.int32),
        ratings=ratings.astype(np.uint8),
        statuses=np.array(statuses, dtype=np.uint8),
    )
    ids = range(1, N_ITEMS + 1)
    shows = tuple(Show(anime_id=i, title=f"Show {i}") for i in ids)
    return Dataset(ItemIndex(ids), shows, histories)
