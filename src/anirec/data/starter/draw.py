"""Simulated viewers: who watches what, how far, and how it is rated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.schema import MAX_RATING, NOT_RATED, Status
from anirec.data.starter.lists import Lists
from anirec.data.starter.statistics import FLOOR, LENGTH_GROUPS, PROGRESS_EDGES, UNFINISHED
from anirec.data.starter.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from anirec.data.starter.sampler import Sampler, Watched
    from anirec.data.starter.statistics import Statistics

BLOCK: Final = 500
"""Viewers drawn at once; each block has its own stream, so more viewers never change the first."""

TASTE_IN_RATINGS: Final = 0.3
"""Correlation of a viewer's rating with the taste for that show, chosen as mild: no statistic of
the starter says how strong it is."""

_EVENLY: Final = (np.arange(1000) + 0.5) / 1000


def draw(
    statistics: Statistics,
    sampler: Sampler,
    episodes: NDArray[np.uint16],
    n_viewers: int,
    seed: int,
) -> Iterator[Lists]:
    """Yield the lists of simulated viewers 1 to ``n_viewers``, sorted by viewer and item.

    Parameters
    ----------
    statistics, sampler
        The community.
    episodes
        (n_items,) number of episodes, 0 where unknown.
    n_viewers
        How many; the first m of n viewers are the same for every n.
    seed
        Not negative; the same seed gives the same viewers.
    """
    for block, first in enumerate(range(0, n_viewers, BLOCK)):
        lists = _draw_block(statistics, sampler, episodes, Stream(seed, block))
        kept = lists.users < n_viewers - first
        lists = lists.where(kept)
        yield Lists(
            lists.users + first + 1, lists.items, lists.ratings, lists.statuses, lists.episodes
        )


def _draw_block(
    statistics: Statistics, sampler: Sampler, episodes: NDArray[np.uint16], stream: Stream
) -> Lists:
    watched = sampler.watch(BLOCK, statistics.list_lengths, stream)
    statuses = _statuses(statistics, watched, stream)
    ratings = _ratings(statistics, sampler, watched, statuses, stream)
    progress = _episodes(statistics, statuses, episodes, stream)
    users, items = np.nonzero(statuses)
    return Lists(
        users.astype(np.int64),
        items.astype(np.int32),
        ratings[users, items],
        statuses[users, items],
        progress[users, items],
    )


def _statuses(statistics: Statistics, watched: Watched, stream: Stream) -> NDArray[np.uint8]:
    """Return (n_viewers, n_items) statuses, 0 for what is not on the list."""
    seen = watched.seen
    lengths = seen.sum(axis=1)
    edges = statistics.list_lengths.at(np.arange(1, LENGTH_GROUPS) / LENGTH_GROUPS)
    group = np.searchsorted(edges, lengths)
    tracker_share = statistics.trackers / np.maximum(statistics.group_sizes, 1)
    trackers = stream.uniform(len(seen)) < tracker_share[group]

    viewers = np.maximum(statistics.tracker_viewers, 1)[:, None]
    shares = np.where(
        statistics.unfinished > 0, statistics.unfinished / viewers, statistics.unfinished_share
    )
    bounds = shares.cumsum(axis=1)
    chance = stream.uniform(*seen.shape)
    statuses = np.where(seen, Status.COMPLETED, 0).astype(np.uint8)
    begun = seen & trackers[:, None]
    for step, status in enumerate(UNFINISHED):
        below = bounds[:, step - 1] if step else 0
        statuses[begun & (chance >= below) & (chance < bounds[:, step])] = status

    n_planned = np.rint(lengths * statistics.planned_ratio.at(stream.uniform(len(seen))))
    n_planned = np.where(trackers, np.minimum(n_planned, (~seen).sum(axis=1)), 0).astype(np.int64)
    statuses[_planned(statistics, watched, n_planned, stream)] = Status.PLAN_TO_WATCH
    return statuses


def _planned(
    statistics: Statistics, watched: Watched, n_planned: NDArray[np.int64], stream: Stream
) -> NDArray[np.bool_]:
    """Choose so many unseen shows per viewer, by how often a show is planned and by taste."""
    planners = np.where(statistics.planners > 0, statistics.planners, FLOOR / 2)
    unseen = np.maximum(float(statistics.trackers.sum()) - statistics.tracker_viewers, FLOOR)
    weight = np.log(planners / unseen)
    appeal = weight + watched.affinity + stream.gumbel(*watched.seen.shape)
    appeal[watched.seen] = -np.inf
    n_items = appeal.shape[1]
    ordered = np.sort(appeal, axis=1)
    rank = np.minimum(n_items - n_planned, n_items - 1)[:, None]
    chosen: NDArray[np.bool_] = (appeal >= np.take_along_axis(ordered, rank, axis=1)) & (
        n_planned > 0
    )[:, None]
    return chosen


def _ratings(
    statistics: Statistics,
    sampler: Sampler,
    watched: Watched,
    statuses: NDArray[np.uint8],
    stream: Stream,
) -> NDArray[np.uint8]:
    """Return (n_viewers, n_items) ratings, 0 for shows not rated or not watched."""
    n_viewers = len(statuses)
    offsets = statistics.rating_offset
    # Centred, for here offsets do not depend on list length: items keep their means.
    offset = offsets.at(stream.uniform(n_viewers)) - offsets.at(_EVENLY).mean()
    spread = statistics.rating_spread.at(stream.uniform(n_viewers))
    scale = np.maximum(np.sqrt((sampler.loadings**2).sum(axis=1)), 1e-6)
    taste = (watched.affinity - sampler.watched_affinity) / scale
    chance = stream.normal(*statuses.shape)
    mood = TASTE_IN_RATINGS * taste + np.sqrt(1 - TASTE_IN_RATINGS**2) * chance
    distance = offset[:, None] + spread[:, None] * mood
    wish = statistics.rating_mean + statistics.rating_sd * distance
    rated_share = np.broadcast_to(
        1 - statistics.unrated_share.at(stream.uniform(n_viewers))[:, None], statuses.shape
    ).copy()
    for step, status in enumerate(UNFINISHED):
        here = statuses == status
        wish[here] += statistics.unfinished_offset[step]
        rated_share[here] *= statistics.unfinished_rated[step]
    rated = watched.seen & (stream.uniform(*statuses.shape) < rated_share)
    return np.where(rated, np.rint(wish).clip(1, MAX_RATING), NOT_RATED).astype(np.uint8)


def _episodes(
    statistics: Statistics,
    statuses: NDArray[np.uint8],
    episodes: NDArray[np.uint16],
    stream: Stream,
) -> NDArray[np.uint16]:
    """Return (n_viewers, n_items) episodes watched: all of a completed show, none of a planned."""
    total = np.broadcast_to(episodes.astype(np.int64), statuses.shape)
    watched = np.where(statuses == Status.COMPLETED, total, 0)
    chance, within = stream.uniform(*statuses.shape), stream.uniform(*statuses.shape)
    lower, upper = np.array((0.0, *PROGRESS_EDGES[:-1])), np.array(PROGRESS_EDGES)
    for step, status in enumerate(UNFINISHED):
        here = statuses == status
        counts = statistics.progress[step].astype(np.float64)
        bounds = np.cumsum(counts) / max(counts.sum(), 1)
        reached = np.searchsorted(bounds, chance[here], side="right").clip(max=len(bounds) - 1)
        share = lower[reached] + within[here] * (upper - lower)[reached]
        watched[here] = np.minimum(np.ceil(share * total[here]), np.maximum(total[here] - 1, 0))
    return watched.astype(np.uint16)
