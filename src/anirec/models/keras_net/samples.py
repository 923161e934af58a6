"""Training samples from watch lists, each batch a pure function of seed, epoch and number.

Nothing is carried from batch to batch, so that training resumed at any epoch sees exactly the
samples that it would have seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Batch(NamedTuple):
    """Equally long columns of one batch."""

    users: NDArray[np.int32]
    items: NDArray[np.int32]
    labels: NDArray[np.float32]

    def take(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> Batch:
        """Return some of the rows."""
        return Batch(self.users[chosen], self.items[chosen], self.labels[chosen])


class Unwatched:
    """Draws items that a viewer's list does not hold, each with the same probability.

    Parameters
    ----------
    users, items
        (n_entries,) the entries that must not be drawn, each pair at most once.
    """

    def __init__(
        self,
        users: NDArray[np.int32],
        items: NDArray[np.int32],
        n_users: int,
        n_items: int,
    ) -> None:
        order = np.lexsort((items, users))
        users, items = users[order], items[order]
        lengths = np.bincount(users, minlength=n_users)
        self.first = np.cumsum(lengths) - lengths
        self.room = n_items - lengths
        """(n_users,) how many items each viewer has not listed"""
        # Before the k-th listed item of a viewer lie (its number - k) unlisted ones. With the
        # viewer in front these keys rise over all lists, so that one binary search per draw
        # turns "the r-th unlisted item of this viewer" into its number.
        k = np.arange(len(items)) - self.first[users]
        self.stride = n_items + 1
        self.keys = users.astype(np.int64) * self.stride + (items - k)

    def draw(self, users: NDArray[np.int32], rng: np.random.Generator) -> NDArray[np.int32]:
        """Return one item for each of the (n,) users, who must all have room."""
        r = (rng.random(len(users)) * self.room[users]).astype(np.int64)
        listed_before = np.searchsorted(self.keys, users * np.int64(self.stride) + r, side="right")
        return np.asarray(r + listed_before - self.first[users], dtype=np.int32)


@dataclass(frozen=True)
class Samples:
    """Labelled entries, with freshly drawn unwatched items (label 0) where asked for.

    Batches are equally large, because the compiled step is made for one shape: the few entries
    that do not fill the last batch sit one epoch out, others in each epoch.
    """

    entries: Batch
    unwatched: Unwatched | None
    negatives: int
    """Unwatched items per entry; 0 where ``unwatched`` is None."""
    batch_size: int
    seed: int

    @property
    def per_batch(self) -> int:
        """Entries in a batch; its other samples are their negatives."""
        return max(1, min(self.batch_size // (1 + self.negatives), len(self.entries.users)))

    @property
    def n_batches(self) -> int:
        """Batches of one epoch."""
        return len(self.entries.users) // self.per_batch

    def epoch(self, number: int) -> Epoch:
        """Return the batches of one epoch."""
        order = np.random.default_rng([self.seed, number]).permutation(len(self.entries.users))
        return Epoch(self, number, order)


@dataclass(frozen=True)
class Epoch:
    """One pass over shuffled samples."""

    samples: Samples
    number: int
    order: NDArray[np.int64]

    def batch(self, index: int) -> Batch:
        """Return one batch, entries first, then their negatives."""
        samples = self.samples
        size = samples.per_batch
        # Within a batch order means nothing; by viewer, look-ups and draws stay close in memory.
        chosen = np.sort(self.order[index * size : (index + 1) * size])
        watched = samples.entries.take(chosen)
        if samples.unwatched is None:
            return watched
        rng = np.random.default_rng([samples.seed, self.number, index])
        users = np.repeat(watched.users, samples.negatives)
        room = samples.unwatched.room
        full = room[users] == 0
        if full.any():
            users[full] = rng.choice(np.flatnonzero(room), full.sum())
        return Batch(
            np.concatenate([watched.users, users]),
            np.concatenate([watched.items, samples.unwatched.draw(users, rng)]),
            np.concatenate([watched.labels, np.zeros(len(users), dtype=np.float32)]),
        )
