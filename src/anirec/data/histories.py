"""A batch of watch lists as flat arrays: what models score and learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.schema import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex

NEW_VIEWER = -1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a watch list. Rating 0 means "not rated", never "disliked"."""

    anime_id: int
    rating: int = 0
    status: int = Status.COMPLETED


@dataclass(frozen=True)
class Histories:
    """Lists of n viewers in compressed rows: list ``i`` is ``indptr[i]:indptr[i + 1]``.

    Items are row numbers, each at most once per list. ``user_ids`` holds ``NEW_VIEWER`` (-1)
    for a viewer of whom nothing but the list is known.
    """

    user_ids: NDArray[np.int64]
    """(n,)"""
    indptr: NDArray[np.int64]
    """(n + 1,)"""
    items: NDArray[np.int32]
    """(n_entries,)"""
    ratings: NDArray[np.uint8]
    """(n_entries,), 0 = not rated, 1-10"""
    statuses: NDArray[np.uint8]
    """(n_entries,), codes of ``Status``"""

    def __len__(self) -> int:
        return len(self.user_ids)

    @classmethod
    def from_entries(cls, lists: Sequence[Sequence[Entry]], index: ItemIndex) -> Histories:
        """Build from entries of new viewers; unknown ids are left out, the last of a repeat wins."""
        items: list[int] = []
        kept: list[Entry] = []
        lengths = []
        for entries in lists:
            rows = index.rows([entry.anime_id for entry in entries]).tolist() if entries else ()
            last = {row: place for place, row in enumerate(rows) if row >= 0}
            items += last
            kept += [entries[place] for place in last.values()]
            lengths.append(len(last))
        return cls(
            user_ids=np.full(len(lengths), NEW_VIEWER, dtype=np.int64),
            indptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            items=np.array(items, dtype=np.int32),
            ratings=np.array([entry.rating for entry in kept], dtype=np.uint8),
            statuses=np.array([entry.status for entry in kept], dtype=np.uint8),
        )

    def entries(self, index: ItemIndex) -> list[Entry]:
        """Return the entries of all lists, one after the other."""
        ids = index.ids(self.items)
        return [
            Entry(int(anime_id), int(rating), int(status))
            for anime_id, rating, status in zip(ids, self.ratings, self.statuses, strict=True)
        ]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(n,) number of entries per list."""
        return np.diff(self.indptr)

    @property
    def viewers(self) -> NDArray[np.int64]:
        """(n_entries,) the list number of each entry."""
        if len(self) == 1:
            return np.zeros(len(self.items), dtype=np.int64)
        return np.repeat(np.arange(len(self)), self.lengths)

    def select(self, lists: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Histories:
        """Return some of the lists, in the order asked for."""
        wanted = np.arange(len(self))[lists]
        lengths = self.lengths[wanted]
        indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        offset = np.repeat(self.indptr[wanted] - indptr[:-1], lengths)
        entries = offset + np.arange(indptr[-1])
        return Histories(
            self.user_ids[wanted],
            indptr,
            self.items[entries],
            self.ratings[entries],
            self.statuses[entries],
        )

    def where(self, entries: NDArray[np.bool_]) -> Histories:
        """Return the same lists with only the entries for which the (n_entries,) mask holds.

        If it holds for all of them, the lists themselves.
        """
        if entries.all():
            return self
        kept = np.concatenate([[0], np.cumsum(entries)])[self.indptr]
        return Histories(
            self.user_ids,
            kept.astype(np.int64),
            self.items[entries],
            self.ratings[entries],
            self.statuses[entries],
        )

    def watched(self) -> Histories:
        """Return the lists without plan-to-watch entries, which are no evidence of taste."""
        return self.where(self.statuses != Status.PLAN_TO_WATCH)

    def planned(self) -> Histories:
        """Return the lists with nothing but their plan-to-watch entries."""
        return self.where(self.statuses == Status.PLAN_TO_WATCH)

    def batches(self, size: int) -> Iterator[Histories]:
        """Yield consecutive batches of at most ``size`` lists."""
        if len(self) == 1:
            yield self
            return
        for start in range(0, len(self), size):
            yield self.select(slice(start, start + size))

    def save(self, directory: Path) -> None:
        """Write one ``.npy`` file per array into ``directory`` (made if missing)."""
        directory.mkdir(parents=True, exist_ok=True)
        for name in ("user_ids", "indptr", "items", "ratings", "statuses"):
            np.save(directory / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, directory: Path) -> Histories:
        """Open what ``save`` wrote, memory-mapped read-only."""
        names = ("user_ids", "indptr", "items", "ratings", "statuses")
        # As plain arrays: indexing np.memmap objects is slow.
        return cls(
            *(np.asarray(np.load(directory / f"{name}.npy", mmap_mode="r")) for name in names)
        )
