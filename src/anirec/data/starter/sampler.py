"""The model behind simulated viewers: a normal factor model of who watches what.

A viewer has an activity a and tastes z, all standard normal; the list length comes from the
community's distribution at the quantile of a. Each item has the appeal
``base + slope * a + loadings . z + noise`` with noise of variance ``1 - |loadings|^2``, and the
viewer watches the items of the greatest appeal. Lengths are right by construction; the rest is
fitted by ``calibrate`` to the statistics alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import as_file, files
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.starter.statistics import GroupMeans
    from anirec.data.starter.stream import Stream

SAMPLER_FILE: Final = "sampler.npz"

MOST_SHARED: Final = 0.95
"""Largest part of an item's variance that tastes may explain: some chance always stays."""


class Watched(NamedTuple):
    """What some simulated viewers watched, and why."""

    activity: NDArray[np.float64]
    """(n_viewers,)"""
    affinity: NDArray[np.float64]
    """(n_viewers, n_items) what tastes add to the appeal."""
    seen: NDArray[np.bool_]
    """(n_viewers, n_items)"""


@dataclass(frozen=True)
class Sampler:
    """Parameters of the factor model, one row per item."""

    base: NDArray[np.float64]
    """(n_items,)"""
    slope: NDArray[np.float64]
    """(n_items,)"""
    loadings: NDArray[np.float64]
    """(n_items, n_tastes), rows of squared norm at most ``MOST_SHARED``."""
    watched_affinity: NDArray[np.float64]
    """(n_items,) mean affinity of an item's viewers, so that ratings can leave it out."""

    def watch(self, n_viewers: int, list_lengths: GroupMeans, stream: Stream) -> Watched:
        """Draw viewers and what they watched."""
        n_items, n_tastes = self.loadings.shape
        shares = stream.uniform(n_viewers).clip(1e-9, 1 - 1e-9)
        quantile = NormalDist().inv_cdf
        activity = np.array([quantile(float(share)) for share in shares])
        lengths = np.rint(list_lengths.at(shares)).astype(np.int64).clip(1, n_items)
        affinity = stream.normal(n_viewers, n_tastes) @ self.loadings.T
        noise = np.sqrt(1 - (self.loadings**2).sum(axis=1))
        appeal = self.base + activity[:, None] * self.slope + affinity
        appeal += stream.normal(n_viewers, n_items) * noise
        least = np.take_along_axis(np.sort(appeal, axis=1), (n_items - lengths)[:, None], axis=1)
        return Watched(activity, affinity, appeal >= least)

    def save(self, path: Path) -> None:
        """Write one compressed ``.npz`` file."""
        np.savez_compressed(
            path, **{f.name: getattr(self, f.name).astype(np.float16) for f in fields(self)}
        )

    @classmethod
    def load(cls, path: Path) -> Sampler:
        """Read what ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                **{field.name: arrays[field.name].astype(np.float64) for field in fields(cls)}
            )


def packaged_sampler() -> Sampler:
    """Return the sampler that comes with the package."""
    with as_file(files("anirec.data.starter") / SAMPLER_FILE) as path:
        return Sampler.load(path)
