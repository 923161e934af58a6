"""A stable pseudo-random number per viewer: the same viewers are chosen on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def viewer_shares(user_ids: NDArray[np.int64], salt: str) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each viewer; shape as ``user_ids``.

    The ids, shifted by a key made of the salt, go through the finaliser of SplitMix64 (Steele,
    Lea and Flood 2014). It is another function than the one that ``split`` uses, so that a
    sample is not the viewers whom ``split`` holds out.
    """
    key = int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8).digest(), "big")
    x = user_ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return (x >> np.uint64(11)).astype(np.float64) * 2.0**-53
