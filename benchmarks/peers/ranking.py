"""From scores to the best n items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peers.peer import Lists, Peer

LISTS_AT_ONCE = 128


def best(scores: NDArray[np.float32], left_out: Lists, n: int) -> NDArray[np.int32]:
    """Return int32 (n_lists, n) items, best first, without those left out; ties by item."""
    top = np.full((len(left_out), n), -1, dtype=np.int32)
    for row in range(len(left_out)):
        values = scores[row].copy()
        values[left_out.items[left_out.indptr[row] : left_out.indptr[row + 1]]] = -np.inf
        limit = np.partition(values, -n)[-n] if n < len(values) else -np.inf
        candidates = np.flatnonzero((values >= limit) & (values > -np.inf))
        order = candidates[np.argsort(-values[candidates], kind="stable")][:n]
        top[row, : len(order)] = order
    return top


def rank(peer: Peer, told: Lists, left_out: Lists, n: int) -> NDArray[np.int32]:
    """Rank all items for each list."""
    parts = [np.zeros((0, n), dtype=np.int32)]
    for start in range(0, len(told), LISTS_AT_ONCE):
        stop = min(start + LISTS_AT_ONCE, len(told))
        parts.append(best(peer.score(told.select(start, stop)), left_out.select(start, stop), n))
    return np.concatenate(parts)
