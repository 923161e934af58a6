"""Random numbers that stay the same across numpy versions.

numpy promises that a bit generator's raw stream never changes, and promises no such thing for the
distributions of ``Generator``; so these are made here from the raw stream.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TO_UNIT = 2.0**-53


class Stream:
    """An endless row of random numbers that depends on nothing but its key."""

    def __init__(self, *key: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(key))

    def uniform(self, *shape: int) -> NDArray[np.float64]:
        """Return numbers in [0, 1)."""
        raw = self._bits.random_raw(math.prod(shape))
        return ((raw >> np.uint64(11)).astype(np.float64) * _TO_UNIT).reshape(shape)

    def normal(self, *shape: int) -> NDArray[np.float64]:
        """Return standard normal numbers (Box and Muller, 1958)."""
        n = math.prod(shape)
        radius, angle = self.uniform(2, (n + 1) // 2)
        radius = np.sqrt(-2 * np.log1p(-radius))
        pair = np.stack([radius * np.cos(2 * np.pi * angle), radius * np.sin(2 * np.pi * angle)])
        return pair.ravel()[:n].reshape(shape)

    def gumbel(self, *shape: int) -> NDArray[np.float64]:
        """Return standard Gumbel numbers, whose k largest plus log weights are a weighted draw."""
        waiting = -np.log1p(-self.uniform(*shape))
        numbers: NDArray[np.float64] = -np.log(np.maximum(waiting, _TO_UNIT))
        return numbers
