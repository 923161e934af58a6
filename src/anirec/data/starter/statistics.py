"""What the starter knows of a community: numbers about items, each over at least 20 viewers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.schema import Status
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

FLOOR: Final = 20
"""No number about fewer viewers leaves the lists; a count below it is stored as 0 (unknown)."""

UNFINISHED: Final = (Status.WATCHING, Status.ON_HOLD, Status.DROPPED)
"""The statuses of a show begun and not completed, in the order of the arrays below."""

LENGTH_GROUPS: Final = 5
"""Viewers are put into this many groups of equal size by list length, shortest first."""

PROGRESS_EDGES: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares of a show's episodes: nothing watched, then the five steps between these edges."""

STATISTICS_FILE: Final = "statistics.npz"


@dataclass(frozen=True)
class GroupMeans:
    """A quantile curve in which no number is that of one viewer.

    Sorted values are cut into groups of equal size (to one) with at least ``FLOOR`` viewers each;
    only the means of the groups are kept.
    """

    means: NDArray[np.float32]
    n_viewers: int

    @classmethod
    def of(cls, values: ArrayLike, at_most: int = 200) -> GroupMeans:
        """Summarise one value per viewer by at most ``at_most`` means, none below the floor."""
        ordered = np.sort(np.asarray(values, dtype=np.float64))
        n_groups = min(at_most, len(ordered) // FLOOR)
        means = [group.mean() for group in np.array_split(ordered, n_groups)] if n_groups else []
        return cls(np.array(means, dtype=np.float32), len(ordered) if n_groups else 0)

    def at(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value at each share in [0, 1] of the viewers; 0 where nothing is known."""
        n = len(self.means)
        if n == 0:
            return np.zeros(shares.shape)
        return np.interp(shares, (np.arange(n) + 0.5) / n, self.means.astype(np.float64))


@dataclass(frozen=True)
class Statistics:
    """Numbers about n items; a *viewer* of an item has it on the list and not as planned.

    A *tracker* is a viewer whose list tells statuses: any besides completed.
    """

    anime_ids: NDArray[np.int32]
    """(n,) MyAnimeList ids, ascending."""
    n_viewers: int
    """Viewers of at least one of the items."""
    viewers: NDArray[np.uint32]
    """(n,) viewers of each item."""
    coviewers: NDArray[np.uint32]
    """(n, n) viewers of both items, symmetric; 0 = fewer than the floor, diagonal 0."""
    mean_activity: NDArray[np.float32]
    """(n,) mean over an item's viewers of the normal score of their list length."""
    list_lengths: GroupMeans
    raters: NDArray[np.uint32]
    """(n,) viewers who rated the item."""
    rating_mean: NDArray[np.float32]
    """(n,)"""
    rating_sd: NDArray[np.float32]
    """(n,)"""
    rating_offset: GroupMeans
    """A viewer's mean distance from the items' means, in the items' standard deviations."""
    rating_spread: GroupMeans
    """Standard deviation of a viewer's such distances."""
    unrated_share: GroupMeans
    """Of a viewer's completed shows."""
    group_sizes: NDArray[np.uint32]
    """(LENGTH_GROUPS,) viewers."""
    trackers: NDArray[np.uint32]
    """(LENGTH_GROUPS,) trackers among them."""
    tracker_viewers: NDArray[np.uint32]
    """(n,) trackers who are viewers of the item."""
    unfinished: NDArray[np.uint32]
    """(n, 3) trackers by unfinished status."""
    unfinished_share: NDArray[np.float32]
    """(3,) share of each unfinished status among the entries behind the zeros of ``unfinished``."""
    planners: NDArray[np.uint32]
    """(n,) trackers who plan to watch the item."""
    planned_ratio: GroupMeans
    """A tracker's number of planned shows over the number watched."""
    unfinished_rated: NDArray[np.float32]
    """(3,) share of rated entries by unfinished status, over that of completed ones."""
    unfinished_offset: NDArray[np.float32]
    """(3,) mean distance from the items' mean rating by unfinished status."""
    progress: NDArray[np.uint32]
    """(3, 6) entries by unfinished status and share of episodes watched (``PROGRESS_EDGES``)."""

    def __post_init__(self) -> None:
        self.check_floor()

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.anime_ids)

    def check_floor(self) -> None:
        """Make sure that no number is about fewer than ``FLOOR`` viewers.

        Raises
        ------
        DataError
            If one is; it names the field.
        """
        for name in ("viewers", "raters"):
            if np.any(getattr(self, name) < FLOOR):
                raise DataError(f"statistics: {name} has items with fewer than {FLOOR} viewers")
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, GroupMeans):
                small = len(value.means) > 0 and value.n_viewers // len(value.means) < FLOOR
            elif field.name != "anime_ids" and getattr(value, "dtype", None) == np.uint32:
                small = bool(np.any((value > 0) & (value < FLOOR)))
            else:
                small = False
            if small:
                raise DataError(f"statistics: {field.name} has numbers over fewer than {FLOOR}")

    def save(self, path: Path) -> None:
        """Write one compressed ``.npz`` file (arrays only)."""
        arrays: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, GroupMeans):
                arrays[field.name] = value.means
                arrays[f"{field.name}_viewers"] = np.int64(value.n_viewers)
            elif field.name == "coviewers":
                arrays[field.name] = value[np.triu_indices(self.n_items, 1)]
            else:
                arrays[field.name] = np.asarray(value)
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> Statistics:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            values: dict[str, Any] = {}
            for field in fields(cls):
                value = arrays[field.name]
                if f"{field.name}_viewers" in arrays:
                    values[field.name] = GroupMeans(value, int(arrays[f"{field.name}_viewers"]))
                elif field.name == "coviewers":
                    n = len(arrays["anime_ids"])
                    square = np.zeros((n, n), dtype=value.dtype)
                    square[np.triu_indices(n, 1)] = value
                    values[field.name] = square + square.T
                else:
                    values[field.name] = value if value.ndim else value.item()
        return cls(**values)


def packaged_statistics() -> Statistics:
    """Return the statistics that come with the package."""
    with as_file(files("anirec.data.starter") / STATISTICS_FILE) as path:
        return Statistics.load(path)
