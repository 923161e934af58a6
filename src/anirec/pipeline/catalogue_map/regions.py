"""Names for the parts of the map: the genres that its watched shows have more than others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.bundle.shows_map import Region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

REGIONS: Final = 24
SHOWS_EACH: Final = 40
"""So many shows a region, where the catalogue is too small for all of them"""
LEAST_SHARE: Final = 0.3
"""Of a region's shows that must have a genre for it to be named after it"""


def regions(
    positions: NDArray[np.float32], genres: Sequence[Sequence[str]], seed: int
) -> tuple[Region, ...]:
    """Cut a map into regions and name them.

    K-means of the positions (Lloyd 1982). A region's genre is the one with the largest ``share ln(share / share of
    all)``, what it adds to the Kullback-Leibler divergence of the region from the whole map; a second
    one is named if it stands out half as much. Regions without such a genre have no name and are left out.

    Parameters
    ----------
    positions
        (n, 2) of the shows that are looked at.
    genres
        The genres of each.
    """
    count = min(REGIONS, len(positions) // SHOWS_EACH)
    if count < 2:
        return ()
    names = sorted({genre for of_show in genres for genre in of_show})
    place = {name: column for column, name in enumerate(names)}
    has = np.zeros((len(positions), len(names)), dtype=np.float64)
    for row, of_show in enumerate(genres):
        has[row, [place[genre] for genre in of_show]] = 1
    usual = has.mean(axis=0)
    with threadpool_limits(1):
        clusters = KMeans(count, n_init=4, random_state=seed).fit(positions.astype(np.float64))
    found = []
    for cluster in range(count):
        members = clusters.labels_ == cluster
        name = _name(has[members].mean(axis=0), usual, names)
        if name:
            x, y = np.median(positions[members], axis=0).tolist()
            found.append(Region(name, round(x, 4), round(y, 4), int(members.sum())))
    return tuple(sorted(found, key=lambda region: (-region.shows, region.name)))


def _name(share: NDArray[Any], usual: NDArray[Any], names: Sequence[str]) -> str:
    told = share * np.log(np.maximum(share, 1e-9) / np.maximum(usual, 1e-9))
    told[share < LEAST_SHARE] = 0
    first, second = np.argsort(-told, kind="stable")[:2] if len(names) > 1 else (0, 0)
    if told[first] <= 0:
        return ""
    if second != first and told[second] > told[first] / 2:
        # The commoner one first, so that the same pair always has the same name.
        both = sorted((first, second), key=lambda place: (-usual[place], names[place]))
        return ", ".join(names[place] for place in both)
    return names[first]
