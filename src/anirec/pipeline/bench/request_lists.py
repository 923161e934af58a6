"""The lists that are asked about when answers are timed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.histories import Entry

if TYPE_CHECKING:
    from anirec.recommender import Recommender

LIST_LENGTH: Final = 150
"""Where lists of one length are asked about."""
WELL_KNOWN: Final = 2000
"""Lists are drawn from so many of the most watched shows."""


def well_known(rec: Recommender) -> list[int]:
    """Return the ids of the most watched shows of a bundle's catalogue."""
    return [show.anime_id for show in rec.recommend([], n=min(WELL_KNOWN, rec.manifest.n_items))]


def request_lists(rec: Recommender, count: int, length: int, seed: int) -> list[list[Entry]]:
    """Draw lists of rated shows, the same ones for the same bundle and seed.

    Parameters
    ----------
    count
        How many lists.
    length
        Shows in each; fewer where the catalogue is small, so that half of the well-known shows are
        left to be recommended.
    """
    rng = np.random.default_rng(seed)
    ids = well_known(rec)
    length = min(length, len(ids) // 2)
    return [
        [Entry(int(i), int(rng.integers(0, 11))) for i in rng.permutation(ids)[:length]]
        for _ in range(count)
    ]
