"""Sorts more interactions than fit into memory: runs on disk, merged range by range of viewers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.list_parser import LINE
from anirec.data.schema import ANIME_ID, EPISODES_WATCHED, RATING, STATUS, UPDATED_AT, USER_ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl
    from numpy.typing import NDArray

    from anirec.data.id_counts import IdCounts

    Columns = dict[str, NDArray[np.generic]]

RANGE_ROWS = 1_000_000
NO_DATE = np.iinfo(np.int64).min
"""``updated_at`` is held in microseconds since 1970; this one sorts before every date."""

SOURCE = "source"
_TYPES: dict[str, np.dtype[np.generic]] = {
    USER_ID: np.dtype(np.int64),
    ANIME_ID: np.dtype(np.int32),
    RATING: np.dtype(np.uint8),
    STATUS: np.dtype(np.uint8),
    EPISODES_WATCHED: np.dtype(np.uint16),
    LINE: np.dtype(np.uint32),
    UPDATED_AT: np.dtype(np.int64),
}


@dataclass(frozen=True)
class Run:
    """Some rows of one source, ordered by user id, then line; a file of columns, one after another."""

    path: Path
    source: int
    n_rows: int
    columns: tuple[str, ...]

    def read(self, start: int, stop: int) -> Columns:
        """Return rows ``start:stop``; a column the source lacks is filled in."""
        rows: Columns = {SOURCE: np.full(stop - start, self.source, np.uint16)}
        offset = 0
        for name in self.columns:
            size = _TYPES[name].itemsize
            rows[name] = np.fromfile(
                self.path, _TYPES[name], stop - start, offset=offset + start * size
            )
            offset += self.n_rows * size
        if UPDATED_AT not in rows:
            rows[UPDATED_AT] = np.full(stop - start, NO_DATE)
        return rows

    def user_ids(self) -> NDArray[np.int64]:
        """(n_rows,) ascending."""
        return np.fromfile(self.path, np.int64, self.n_rows)


@dataclass(frozen=True)
class Merged:
    """The entries of a range of viewers, ordered by user id, then anime id."""

    kept: Columns
    """The last entry of each viewer and show."""
    repeated: Columns
    """Earlier entries of the same viewer and show."""


class Spill:
    """Takes rows in any order of viewers and gives them back sorted and without repeats.

    Parameters
    ----------
    directory
        Where the runs are written (20 bytes a row, 28 with dates).
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._runs: list[Run] = []

    def add(self, rows: pl.DataFrame, source: int) -> None:
        """Add rows of a source; sources and their rows come in order, the last wins."""
        if not rows.height:
            return
        if not rows[USER_ID].is_sorted():
            rows = rows.sort(USER_ID, maintain_order=True)
        columns = tuple(name for name in _TYPES if name in rows.columns)
        path = self._directory / f"{len(self._runs):06}.run"
        with path.open("wb") as file:
            for name in columns:
                column = rows[name]
                if name == UPDATED_AT:
                    column = column.dt.timestamp("us").fill_null(NO_DATE)
                column.to_numpy().tofile(file)
        self._runs.append(Run(path, source, rows.height, columns))

    def merge(self, viewers: IdCounts, range_rows: int = RANGE_ROWS) -> Iterator[Merged]:
        """Yield everything in ascending ranges of viewers.

        Parameters
        ----------
        viewers
            Number of rows added per viewer.
        range_rows
            How many rows to hold at a time; a viewer with more is a range of their own.
        """
        ids, counts = viewers.totals()
        if not len(ids):
            return
        # A viewer belongs to the range in which their first row falls.
        range_of_viewer = (np.cumsum(counts) - counts) // range_rows
        starts = np.flatnonzero(np.diff(range_of_viewer, prepend=-1))
        bounds = np.append(starts, len(ids))
        offsets = [np.append(np.searchsorted(run.user_ids(), ids[starts]), run.n_rows)
                   for run in self._runs]  # fmt: skip
        for i in range(len(starts)):
            parts = [
                run.read(int(cuts[i]), int(cuts[i + 1]))
                for run, cuts in zip(self._runs, offsets, strict=True)
                if cuts[i] < cuts[i + 1]
            ]
            if parts:
                rows = {
                    name: np.concatenate([part[name] for part in parts])
                    for name in (*_TYPES, SOURCE)
                }
                yield _without_repeats(rows, ids[bounds[i] : bounds[i + 1]])


def _without_repeats(rows: Columns, viewers: NDArray[np.int64]) -> Merged:
    """Keep the last entry of each viewer and show.

    Later sources win; within a source the later date, then the later line. ``rows`` come in
    order of source and line already, and the sorts are stable.
    """
    key = (np.searchsorted(viewers, rows[USER_ID]) << 32) | rows[ANIME_ID].astype(np.int64)
    if (rows[UPDATED_AT] != NO_DATE).any():
        by_age = np.lexsort((rows[UPDATED_AT], rows[SOURCE]))
        order = by_age[np.argsort(key[by_age], kind="stable")]
    else:
        order = np.argsort(key, kind="stable")
    key = key[order]
    is_last = np.append(key[1:] != key[:-1], True)
    kept, repeated = order[is_last], order[~is_last]
    return Merged(
        {name: column[kept] for name, column in rows.items()},
        {name: column[repeated] for name, column in rows.items()},
    )
