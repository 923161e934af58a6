"""A stable pseudo-random number per viewer: the same viewers are chosen on every machine."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.splitmix import splitmix64

if TYPE_CHECKING:
    from numpy.typing import NDArray


def viewer_shares(user_ids: NDArray[np.int64], salt: str) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each viewer; shape as ``user_ids``.

    The id says which number of the SplitMix64 sequence seeded with the salt it is. It is another
    function than the one by which ``split`` draws viewers, so that a sample is not the viewers
    whom ``split`` holds out.
    """
    key = int.from_bytes(hashlib.blake2b(salt.encode(), digest_size=8).digest(), "big")
    numbers = splitmix64(np.uint64(key), user_ids.astype(np.uint64))
    return (numbers >> np.uint64(11)).astype(np.float64) * 2.0**-53
