"""From scores to the best n items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from peers.peer import Lists, Peer

LISTS_AT_ONCE = 128


def best(scores: NDArray[np.float32], seen: Lists, n: int) -> NDArray[np.int32]:
    """Return int32 (n_lists, n) items, best first, without those seen; ties by item."""
    top = np.full((len(seen), n), -1, dtype=np.int32)
    for row in range(len(seen)):
        values = scores[row].copy()
        values[seen.items[seen.indptr[row] : seen.indptr[row + 1]]] = -np.inf
        limit = np.partition(values, -n)[-n] if n < len(values) else -np.inf
        candidates = np.flatnonzero((values >= limit) & (values > -np.inf))
        order = candidates[np.argsort(-values[candidates], kind="stable")][:n]
        top[row, : len(order)] = order
    return top


def rank(peer: Peer, told: Lists, seen: Lists, n: int) -> NDArray[np.int32]:
    """Rank all items for each list."""
    parts = [np.zeros((0, n), dtype=np.int32)]
    for start in range(0, len(told), LISTS_AT_ONCE):
        stop = min(start + LISTS_AT_ONCE, len(told))
        parts.append(best(peer.score(told.select(start, stop)), seen.select(start, stop), n))
    return np.concatenate(parts)
