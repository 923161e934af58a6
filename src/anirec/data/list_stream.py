"""Watch lists of any size become one sorted table, in bounded memory."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from pydantic import Field

from anirec.config import Config
from anirec.data.csv_blocks import BLOCK_BYTES, blocks
from anirec.data.id_counts import IdCounts
from anirec.data.list_parser import LINE, TIMESTAMP, ListParser
from anirec.data.list_spill import NO_DATE, SOURCE, Spill
from anirec.data.sampling import viewer_shares
from anirec.data.schema import (
    ANIME_ID,
    EPISODES_WATCHED,
    INTERACTION_COLUMNS,
    RATING,
    STATUS,
    UPDATED_AT,
    USER_ID,
)
from anirec.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.data.ingest_plan import ListFile
    from anirec.data.list_layouts import ListLayout
    from anirec.data.list_spill import Columns
    from anirec.data.rejects import Rejects
    from anirec.progress import Progress

ROW_GROUP_ROWS = 1 << 19
REPEATED = "repeated: a later entry of this viewer and show counts"
_MAX_OFFSET = 2**62


class Selection(Config):
    """Which viewers are kept, always with their whole lists, and how ids are kept apart."""

    sample_users: float = Field(1.0, gt=0, le=1)
    """Share of the viewers, drawn by a salted hash of the id."""
    salt: str = "anirec-sample"
    min_entries: int = Field(1, ge=1)
    max_entries: int | None = Field(None, ge=1)
    user_offset: int | None = Field(None, ge=0)
    """Added k times to the ids of the k-th list (from 0); 0 says that equal ids are one person."""


@dataclass
class ListRead:
    """What came of one list."""

    name: str
    layout: ListLayout
    n_read: int = 0
    n_viewers: int = 0
    adjusted: Counter[str] = field(default_factory=Counter)
    damage: str | None = None


@dataclass
class Written:
    """What the table holds and what the selection left out."""

    n_viewers: int = 0
    n_entries: int = 0
    n_repeated: int = 0
    n_other_length: int = 0
    """Entries of viewers whose lists are too short or too long."""
    shows: IdCounts = field(default_factory=IdCounts)
    """Entries per anime id."""


class ListStream:
    """Reads lists one after another, then writes the table.

    Parameters
    ----------
    directory
        An empty directory for what does not fit into memory: about 50 bytes an entry.
    selection
        Which viewers to keep.
    rejects
        Receives the rows that cannot be used.
    block_bytes
        How much text is parsed at a time.
    """

    def __init__(
        self,
        directory: Path,
        selection: Selection,
        rejects: Rejects,
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        self.lists: list[ListRead] = []
        self.n_not_sampled = 0
        self._directory = directory
        self._selection = selection
        self._rejects = rejects
        self._block_bytes = block_bytes
        self._spill = Spill(directory)
        self._ids_of_lists: list[NDArray[np.int64]] = []
        self._viewers = IdCounts()

    def read(self, entry: ListFile, progress: Progress) -> ListRead:
        """Read one list and return what came of it.

        Raises
        ------
        DataError
            If a viewer id occurs in an earlier list too, and no offset keeps them apart.
        """
        number = len(self.lists)
        read = ListRead(entry.file.name, entry.layout)
        self.lists.append(read)
        parser = ListParser(entry.layout, entry.columns, read.name, self._rejects)
        ids_of_list = IdCounts()
        with (
            entry.file.open() as stream,
            progress.bar(f"entries of {read.name}") as advance,
        ):
            for block in blocks(stream, self._block_bytes):
                rows = self._with_offset(parser.parse(block), number)
                users = rows[USER_ID].to_numpy()
                ids, where, counts = _unique(users)
                self._check_clash(ids, number)
                ids_of_list.add(ids, counts)
                if self._selection.sample_users < 1:
                    shares = viewer_shares(ids, self._selection.salt)
                    chosen = shares < self._selection.sample_users
                    rows = rows.filter(pl.Series(chosen[where]))
                    ids, counts = ids[chosen], counts[chosen]
                    self.n_not_sampled += len(users) - rows.height
                self._viewers.add(ids, counts)
                self._spill.add(rows, number)
                advance(parser.n_read - read.n_read)
                read.n_read = parser.n_read
            read.damage = stream.damage
        read.adjusted = parser.adjusted
        self._ids_of_lists.append(ids_of_list.totals()[0])
        read.n_viewers = len(self._ids_of_lists[-1])
        return read

    def _with_offset(self, rows: pl.DataFrame, number: int) -> pl.DataFrame:
        offset = number * (self._selection.user_offset or 0)
        if offset >= _MAX_OFFSET:
            raise DataError(f"the user offset is too large: the ids of list {number} pass 64 bits")
        return rows.with_columns(pl.col(USER_ID) + offset) if offset else rows

    def _check_clash(self, ids: NDArray[np.int64], number: int) -> None:
        if self._selection.user_offset == 0:
            return
        for earlier, known in enumerate(self._ids_of_lists):
            shared = np.intersect1d(ids, known, assume_unique=True)
            if not len(shared):
                continue
            one, other = self.lists[earlier], self.lists[number]
            if one.layout.user_is_name and other.layout.user_is_name:
                raise DataError(
                    f"{one.name} and {other.name} have viewers of the same name, who are the same "
                    "people: give --user-offset 0 to join their lists"
                )
            numbered = [
                known
                for known, read in zip(self._ids_of_lists, self.lists, strict=False)
                if not read.layout.user_is_name
            ]
            enough = 10 ** len(str(max(int(k[-1]) for k in (*numbered, ids) if len(k))))
            raise DataError(
                f"{one.name} and {other.name} both have a viewer {shared[0]}: give --user-offset "
                f"{enough} if they are different people, or --user-offset 0 if the same"
            )

    def write(self, path: Path, progress: Progress) -> Written:
        """Write the ``interactions`` table, sorted by user_id, then anime_id.

        Equal input gives equal bytes, whatever the size of blocks.
        """
        written = Written()
        parts: list[Path] = []
        with progress.bar("entries sorted") as advance:
            for merged in self._spill.merge(self._viewers):
                self._reject_repeated(merged.repeated)
                written.n_repeated += len(merged.repeated[USER_ID])
                _, _, lengths = _unique(merged.kept[USER_ID])
                fits = lengths >= self._selection.min_entries
                if self._selection.max_entries is not None:
                    fits &= lengths <= self._selection.max_entries
                kept = np.repeat(fits, lengths)
                table = _table({name: column[kept] for name, column in merged.kept.items()})
                written.n_viewers += int(fits.sum())
                written.n_entries += table.height
                written.n_other_length += len(kept) - table.height
                shows, _, counts = _unique(np.sort(table[ANIME_ID].to_numpy().astype(np.int64)))
                written.shows.add(shows, counts)
                parts.append(self._directory / f"{len(parts):06}.arrow")
                table.write_ipc(parts[-1])
                advance(len(kept) + len(merged.repeated[USER_ID]))
        if written.n_entries:
            pl.scan_ipc(parts).sink_parquet(path, compression="zstd", row_group_size=ROW_GROUP_ROWS)
        return written

    def _reject_repeated(self, rows: Columns) -> None:
        columns = (rows[name] for name in (SOURCE, LINE, USER_ID, ANIME_ID, RATING))
        for source, line, *entry in zip(*(column.tolist() for column in columns), strict=True):
            name = self.lists[source].name
            self._rejects.add(name, line, REPEATED, ",".join(map(str, entry)))


def _table(rows: Columns) -> pl.DataFrame:
    names = (USER_ID, ANIME_ID, RATING, STATUS, EPISODES_WATCHED)
    updated = pl.Series(UPDATED_AT, rows[UPDATED_AT])
    table = pl.DataFrame([*(pl.Series(name, rows[name]) for name in names), updated])
    date = pl.when(pl.col(UPDATED_AT) != NO_DATE).then(UPDATED_AT).cast(TIMESTAMP)
    return table.with_columns(date.alias(UPDATED_AT)).select(INTERACTION_COLUMNS)


def _unique(
    ids: NDArray[np.generic],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return distinct ids ascending, (n,) which of them each id is, and how often each occurs.

    As ``np.unique``, but many times faster where equal ids stand together, as in most lists.
    """
    if not len(ids):
        empty = np.empty(0, np.int64)
        return empty, empty, empty
    is_first = np.append(True, ids[1:] != ids[:-1])
    starts = np.flatnonzero(is_first)
    stretch = np.cumsum(is_first) - 1
    distinct, where = np.unique(ids[starts], return_inverse=True)
    where = where[stretch]
    counts = np.bincount(where, minlength=len(distinct))
    return distinct.astype(np.int64), where, counts
