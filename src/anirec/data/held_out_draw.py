"""Who is held out: whole viewers by a salted hash, and a fifth of their lists.

Both draws depend on nothing but the salt and the ids, never on who else is in the data, on the
order of rows or on the version of a library: a viewer who is a test viewer today is one in next
year's data, and the same shows are held out. BLAKE2b of a viewer's id is uniform even where ids
are consecutive, and costs about a microsecond, so that Python's own does for a million viewers; the
entries, which are a hundred times as many, are drawn by SplitMix64.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.splitmix import splitmix64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.params import SplitParams

FOLDS: Final = ("validation", "test")


def fold_numbers(user_ids: NDArray[np.int64], params: SplitParams) -> NDArray[np.int8]:
    """Return the number in ``FOLDS`` of each viewer's fold, -1 for training; int8 (n,)."""
    place = _viewer_hashes(user_ids, params.salt) / 2.0**64
    is_test = place < params.test_share
    is_validation = ~is_test & (place < params.test_share + params.validation_share)
    return np.select([is_validation, is_test], [0, 1], -1).astype(np.int8)


def held_out_mask(
    user_ids: NDArray[np.int64], anime_ids: NDArray[np.int32], params: SplitParams
) -> NDArray[np.bool_]:
    """Say which entries are held out; bool (n_entries,).

    Of a list of n entries, ``1 - history_share`` of n are held out, rounded, but at least one, and
    one at least stays.

    Parameters
    ----------
    user_ids, anime_ids
        (n_entries,) the entries, those of a viewer next to each other.
    """
    starts = np.flatnonzero(np.diff(user_ids, prepend=-1 - user_ids[:1]))
    lengths = np.diff(np.append(starts, len(user_ids)))
    n_held_out = np.floor(lengths * (1 - params.history_share) + 0.5).astype(np.int64)
    n_held_out = n_held_out.clip(1, lengths - 1)
    lists = np.repeat(np.arange(len(starts)), lengths)
    seeds = _viewer_hashes(user_ids[starts], f"{params.salt}:held out")
    draws = splitmix64(seeds[lists], anime_ids.astype(np.uint64))
    order = np.lexsort((anime_ids, draws, lists))
    place = np.arange(len(order)) - starts[lists]
    mask = np.zeros(len(order), dtype=np.bool_)
    mask[order] = place < n_held_out[lists]
    return mask


def _viewer_hashes(user_ids: NDArray[np.int64], salt: str) -> NDArray[np.uint64]:
    """Return 64 bits of the BLAKE2b of "salt:id" for each viewer."""
    digests = b"".join(
        hashlib.blake2b(f"{salt}:{user_id}".encode(), digest_size=8).digest()
        for user_id in user_ids.tolist()
    )
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)
