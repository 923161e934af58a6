"""A small made-up community: two tastes that hardly share a show."""

from __future__ import annotations

import numpy as np

from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.data.starter.lists import Lists

N_ITEMS = 12
INDEX = ItemIndex(range(100, 100 + N_ITEMS))
EPISODES = np.full(N_ITEMS, 24, dtype=np.uint16)


def two_tastes(n_viewers: int = 600, seed: int = 3) -> Lists:
    """Even viewers watch mostly items 0-5, odd ones 6-11; every fifth tells statuses."""
    rng = np.random.default_rng(seed)
    own = (np.arange(N_ITEMS) // 6) == (np.arange(n_viewers) % 2)[:, None]
    seen = rng.random((n_viewers, N_ITEMS)) < np.where(own, 0.6, 0.12)
    seen[np.arange(n_viewers), 6 * (np.arange(n_viewers) % 2)] = True
    users, items = np.nonzero(seen)
    tracker = users % 5 == 0
    statuses = np.full(len(users), Status.COMPLETED)
    chance = rng.random(len(users))
    for status, (low, high) in {
        Status.WATCHING: (0.0, 0.2),
        Status.DROPPED: (0.2, 0.35),
        Status.PLAN_TO_WATCH: (0.35, 0.6),
    }.items():
        statuses[tracker & (chance >= low) & (chance < high)] = status
    rated = (statuses != Status.PLAN_TO_WATCH) & (rng.random(len(users)) < 0.8)
    ratings = np.where(rated, (6 + items % 3 + rng.integers(-1, 2, len(users))), 0)
    watched = np.where(statuses == Status.COMPLETED, 24, rng.integers(0, 24, len(users)))
    watched[statuses == Status.PLAN_TO_WATCH] = 0
    return Lists(
        users.astype(np.int64),
        items.astype(np.int32),
        ratings.astype(np.uint8),
        statuses.astype(np.uint8),
        watched.astype(np.uint16),
    )
