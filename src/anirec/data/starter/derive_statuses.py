"""How viewers who tell statuses use them: planned, begun, paused, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from anirec.data.schema import NOT_RATED, Status
from anirec.data.starter.derive_ratings import rating_moments
from anirec.data.starter.statistics import (
    FLOOR,
    LENGTH_GROUPS,
    PROGRESS_EDGES,
    UNFINISHED,
    GroupMeans,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.starter.lists import Lists


def status_habits(
    lists: Lists,
    users: NDArray[np.int64],
    lengths: NDArray[np.int64],
    episodes: NDArray[np.uint16],
) -> dict[str, Any]:
    """Return the fields of ``Statistics`` about statuses, by name.

    Parameters
    ----------
    lists
        All entries.
    users, lengths
        Viewers with at least one watched show, ascending, and their numbers of watched shows.
    episodes
        (n_items,) number of episodes, 0 where unknown.
    """
    n = len(episodes)
    lists = lists.where(np.isin(lists.users, users))
    trackers = np.unique(lists.users[lists.statuses != Status.COMPLETED])
    groups = np.array_split(users[np.argsort(lengths, kind="stable")], LENGTH_GROUPS)
    told = lists.where(np.isin(lists.users, trackers))
    watched = told.watched()
    planned = told.where(told.statuses == Status.PLAN_TO_WATCH)
    begun = [watched.where(watched.statuses == status) for status in UNFINISHED]

    viewers = np.bincount(watched.items, minlength=n)
    unfinished = np.stack([np.bincount(part.items, minlength=n) for part in begun], axis=1)
    hidden = unfinished < FLOOR
    hidden_viewers = np.maximum((hidden * viewers[:, None]).sum(axis=0), 1)
    hidden_share = (hidden * unfinished).sum(axis=0) / hidden_viewers
    enough = np.array([_n_viewers(part) >= FLOOR for part in begun])

    watched_rows, planned_rows = (np.searchsorted(trackers, p.users) for p in (watched, planned))
    n_watched = np.bincount(watched_rows, minlength=len(trackers))
    n_planned = np.bincount(planned_rows, minlength=len(trackers))
    rated, offset = _rating_by_status(watched, begun, n)
    return {
        "group_sizes": np.array([len(group) for group in groups], dtype=np.uint32),
        "trackers": _floored(np.array([np.isin(group, trackers).sum() for group in groups])),
        "tracker_viewers": _floored(viewers),
        "unfinished": _floored(unfinished),
        "unfinished_share": np.where(enough, hidden_share, 0).astype(np.float32),
        "planners": _floored(np.bincount(planned.items, minlength=n)),
        "planned_ratio": GroupMeans.of(n_planned / n_watched),
        "unfinished_rated": np.where(enough, rated, 0).astype(np.float32),
        "unfinished_offset": np.where(enough, offset, 0).astype(np.float32),
        "progress": np.stack([_progress(part, episodes) for part in begun]).astype(np.uint32),
    }


def _floored(counts: NDArray[np.int64]) -> NDArray[np.uint32]:
    return np.where(counts < FLOOR, 0, counts).astype(np.uint32)


def _n_viewers(part: Lists) -> int:
    return len(np.unique(part.users))


def _rating_by_status(
    watched: Lists, begun: list[Lists], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (3,) rated share over that of completed shows, (3,) distance from the items' means."""
    rated = watched.where(watched.ratings != NOT_RATED)
    completed = watched.where(watched.statuses == Status.COMPLETED)
    _, mean, _ = rating_moments(rated, n)
    usual = np.mean(completed.ratings != NOT_RATED) if len(completed) else 1.0
    shares, offsets = [], []
    for part in begun:
        told = part.where(part.ratings != NOT_RATED)
        shares.append(len(told) / max(len(part), 1) / max(usual, 0.01))
        enough = _n_viewers(told) >= FLOOR
        offsets.append(float(np.mean(told.ratings - mean[told.items])) if enough else 0.0)
    return np.array(shares), np.array(offsets)


def _progress(part: Lists, episodes: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return (6,) entries with nothing watched, then by fifths; 0 for fewer viewers than 20."""
    part = part.where(episodes[part.items] > 1)
    share = np.minimum(part.episodes / episodes[part.items], 1)
    step = np.searchsorted(PROGRESS_EDGES, share, side="left")
    steps = [part.where(step == i) for i in range(len(PROGRESS_EDGES))]
    return np.array([len(p) if _n_viewers(p) >= FLOOR else 0 for p in steps])
