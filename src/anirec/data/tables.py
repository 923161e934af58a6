"""The two tables of a data set as Parquet files: catalogue and interactions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import (
    ANILIST_ID,
    ANIME_ID,
    CATALOGUE_FILE,
    INTERACTIONS_FILE,
    RATING,
    STATUS,
    USER_ID,
)
from anirec.data.show import Show
from anirec.errors import DataError
from anirec.progress import SILENT, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CATALOGUE_SCHEMA: Final = pl.Schema(
    {
        "anime_id": pl.Int32(),
        "title": pl.String(),
        "title_english": pl.String(),
        "title_japanese": pl.String(),
        "synonyms": pl.List(pl.String()),
        "synopsis": pl.String(),
        "genres": pl.List(pl.String()),
        "tags": pl.List(pl.String()),
        "studios": pl.List(pl.String()),
        "source": pl.String(),
        "type": pl.String(),
        "episodes": pl.Int32(),
        "year": pl.Int16(),
        "season": pl.String(),
        "age_rating": pl.String(),
        "score": pl.Float64(),
        "members": pl.Int32(),
        "poster_url": pl.String(),
        ANILIST_ID: pl.Int32(),
        "relations": pl.List(pl.Struct({"anime_id": pl.Int32(), "kind": pl.String()})),
        "franchise": pl.Int32(),
        "is_adult": pl.Boolean(),
    }
)
LIST_SCHEMA: Final = pl.Schema(
    {USER_ID: pl.Int64(), ANIME_ID: pl.Int32(), RATING: pl.UInt8(), STATUS: pl.UInt8()}
)
"""The columns of the interactions that models see."""

CHUNK_ROWS: Final = 2_000_000
"""Rows of the interactions read at a time."""


def write_catalogue(shows: Sequence[Show], path: Path) -> None:
    """Write the catalogue table; equal shows give equal bytes."""
    table = pl.DataFrame([show.to_dict() for show in shows], schema=CATALOGUE_SCHEMA)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        table.write_parquet(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_catalogue_table(path: Path) -> tuple[Show, ...]:
    """Return the shows of a catalogue table, by ascending anime_id.

    Raises
    ------
    DataError
        If the file is missing, is not Parquet, or lacks a column.
    """
    required = pl.Schema({k: v for k, v in CATALOGUE_SCHEMA.items() if k != ANILIST_ID})
    table = scan(path, required)
    if ANILIST_ID not in table.collect_schema():
        # A table from before the column: nothing but lists of AniList misses it.
        table = table.with_columns(pl.lit(None, CATALOGUE_SCHEMA[ANILIST_ID]).alias(ANILIST_ID))
    rows = table.select(CATALOGUE_SCHEMA.names()).sort(ANIME_ID).collect()
    return tuple(Show.from_dict(row) for row in rows.iter_rows(named=True))


def read_interactions(path: Path, index: ItemIndex, progress: Progress = SILENT) -> Histories:
    """Read an interactions table as lists by ascending user_id, in each by ascending anime_id.

    Entries of shows that the index lacks are left out, and ``progress`` is told how many; a viewer
    stays even if nothing is left of the list. Needs 6 bytes an entry and 16 a viewer beside a chunk
    of the table, if the table is in that order already, as ``ingest`` and ``split`` write it;
    another table is sorted first, in memory.

    Raises
    ------
    DataError
        If the file is missing, is not Parquet, lacks a column, or names a show twice in a list.
    """
    table = scan(path, LIST_SCHEMA).select(LIST_SCHEMA.names())
    reader = _ListReader(table, index)
    if not reader.read():
        reader = _ListReader(table.sort(USER_ID, ANIME_ID).collect().lazy(), index)
        if not reader.read():
            raise DataError(f"{path} names a show twice in one list: write it with anirec ingest")
    histories = reader.histories()
    unknown = reader.n_rows - len(histories.items)
    if unknown:
        progress.step(
            f"{path.name}: {unknown:,} entries of shows that the catalogue lacks left out"
        )
    return histories


def load_dataset(directory: Path, progress: Progress = SILENT) -> Dataset:
    """Return catalogue and lists of a directory that ``anirec ingest`` wrote.

    Raises
    ------
    DataError
        If a table is missing or cannot be read.
    """
    shows = read_catalogue_table(directory / CATALOGUE_FILE)
    index = ItemIndex([show.anime_id for show in shows])
    return Dataset(index, shows, read_interactions(directory / INTERACTIONS_FILE, index, progress))


def scan(path: Path, columns: pl.Schema) -> pl.LazyFrame:
    """Open a table lazily and check that it has these columns (it may have more).

    Raises
    ------
    DataError
        If the file is missing, is not Parquet, or lacks a column or has it in another type.
    """
    if not path.is_file():
        raise DataError(f"no table {path}: make it with anirec ingest")
    try:
        table = pl.scan_parquet(path)
        found = table.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path} is damaged or no Parquet file: {reason}") from None
    for name, dtype in columns.items():
        if name not in found:
            raise DataError(f"{path} lacks the column {name}; it has: {', '.join(found)}")
        if found[name] != dtype:
            raise DataError(f"{path}: the column {name} is {found[name]}, not {dtype}")
    return table


class _ListReader:
    """Turns a table into lists, chunk by chunk, while it is in order."""

    def __init__(self, table: pl.LazyFrame, index: ItemIndex) -> None:
        self.table = table
        self.index = index
        self.n_rows: int = table.select(pl.len()).collect().item()
        self.filled = 0
        self.items = np.empty(self.n_rows, dtype=np.int32)
        self.ratings = np.empty(self.n_rows, dtype=np.uint8)
        self.statuses = np.empty(self.n_rows, dtype=np.uint8)
        self.viewers: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
        self.counts: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]

    def read(self) -> bool:
        """Read the table; False if a row does not come after the one before it."""
        last: tuple[int, int] | None = None
        for start in range(0, self.n_rows, CHUNK_ROWS):
            chunk = self.table.slice(start, CHUNK_ROWS).collect()
            users, anime_ids = chunk[USER_ID].to_numpy(), chunk[ANIME_ID].to_numpy()
            if (last and last >= (users[0], anime_ids[0])) or not _ascends(users, anime_ids):
                return False
            last = int(users[-1]), int(anime_ids[-1])
            self._take(users, self.index.rows(anime_ids), chunk)
        return True

    def _take(self, users: NDArray[np.int64], rows: NDArray[np.int32], chunk: pl.DataFrame) -> None:
        known = rows >= 0
        space = slice(self.filled, self.filled + int(np.count_nonzero(known)))
        self.items[space] = rows[known]
        self.ratings[space] = chunk[RATING].to_numpy()[known]
        self.statuses[space] = chunk[STATUS].to_numpy()[known]
        self.filled = space.stop
        starts = _starts(users)
        self.viewers.append(users[starts])
        self.counts.append(np.add.reduceat(known, starts, dtype=np.int64))

    def histories(self) -> Histories:
        """Return what was read; a list that lay in two chunks is one again."""
        viewers, counts = np.concatenate(self.viewers), np.concatenate(self.counts)
        starts = _starts(viewers)
        lengths = np.add.reduceat(counts, starts) if len(starts) else counts
        return Histories(
            user_ids=viewers[starts],
            indptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            items=self.items[: self.filled],
            ratings=self.ratings[: self.filled],
            statuses=self.statuses[: self.filled],
        )


def _starts(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where a run of equal ids starts."""
    return np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]])[: len(ids)])


def _ascends(users: NDArray[np.int64], anime_ids: NDArray[np.int32]) -> bool:
    same = users[1:] == users[:-1]
    return bool(np.all((users[1:] > users[:-1]) | (same & (anime_ids[1:] > anime_ids[:-1]))))
