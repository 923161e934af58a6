"""Watch lists over the starter's shows, with progress, as flat arrays."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.list_layouts import ANIMELIST_2020
from anirec.data.schema import Status
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex

COLUMNS = ("user_id", "anime_id", "rating", "watching_status", "watched_episodes")
"""Columns of ``animelist.csv`` in the Kaggle 2020 layout, in the order of the fields below."""


@dataclass(frozen=True)
class Lists:
    """Entries of many viewers; ``items`` are rows of the starter's item index."""

    users: NDArray[np.int64]
    items: NDArray[np.int32]
    ratings: NDArray[np.uint8]
    statuses: NDArray[np.uint8]
    episodes: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.users)

    def where(self, mask: NDArray[np.bool_]) -> Lists:
        """Return only the entries for which the (n_entries,) mask holds."""
        return Lists(
            self.users[mask],
            self.items[mask],
            self.ratings[mask],
            self.statuses[mask],
            self.episodes[mask],
        )

    def watched(self) -> Lists:
        """Return the entries without plan-to-watch, which are no evidence of taste."""
        return self.where(self.statuses != Status.PLAN_TO_WATCH)

    @classmethod
    def concatenate(cls, parts: list[Lists]) -> Lists:
        """Join lists of different viewers."""
        return cls(
            np.concatenate([part.users for part in parts]),
            np.concatenate([part.items for part in parts]),
            np.concatenate([part.ratings for part in parts]),
            np.concatenate([part.statuses for part in parts]),
            np.concatenate([part.episodes for part in parts]),
        )


def read_lists(directory: Path, index: ItemIndex) -> Lists:
    """Read ``animelist.csv`` or ``animelist.csv.gz``, keeping the entries about ``index``.

    Raises
    ------
    DataError
        If neither file is there, or one of the columns is missing or not numeric.
    """
    places = [directory / name for name in ("animelist.csv", "animelist.csv.gz")]
    path = next((place for place in places if place.exists()), None)
    if path is None:
        raise DataError(
            f"no animelist.csv or animelist.csv.gz in {directory}: "
            f"give a directory with lists in the layout '{ANIMELIST_2020.name}'"
        )
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        header = next(csv.reader([file.readline()]), [])
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise DataError(f"{path} lacks the columns {', '.join(missing)}; found: {header}")
        wanted = [header.index(name) for name in COLUMNS]
        try:
            rows = np.loadtxt(file, dtype=np.int64, delimiter=",", usecols=wanted, ndmin=2)
        except (ValueError, EOFError, OSError) as error:
            raise DataError(f"{path} cannot be read: {error}") from None
    items = index.rows(rows[:, 1])
    kept = items >= 0
    order = np.lexsort((items[kept], rows[kept, 0]))
    rows, items = rows[kept][order], items[kept][order]
    # Of an entry that is repeated the last counts, as everywhere.
    last = np.append((np.diff(rows[:, 0]) != 0) | (np.diff(items) != 0), True)[: len(rows)]
    rows, items = rows[last], items[last]
    return Lists(
        rows[:, 0],
        items,
        rows[:, 2].astype(np.uint8),
        rows[:, 3].astype(np.uint8),
        np.clip(rows[:, 4], 0, np.iinfo(np.uint16).max).astype(np.uint16),
    )
