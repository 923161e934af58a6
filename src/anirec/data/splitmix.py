"""SplitMix64 (Steele, Lea and Flood 2014), for arrays of generators at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def splitmix64(
    seeds: NDArray[np.uint64] | np.uint64, turns: NDArray[np.uint64]
) -> NDArray[np.uint64]:
    """Return what a generator of each seed gives in its n-th turn; (n,) for (n,) turns."""
    x = seeds + turns * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
