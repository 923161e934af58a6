"""The catalogue inside a bundle: one JSON line a show, read one by one through a memory map.

Parsing all of it would take longer than answering a request may; an array of line offsets lets a
reader parse only the shows that are shown.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.item_index import AnilistIndex, ItemIndex
from anirec.data.show import Show
from anirec.ranking.filter_columns import FilterColumns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHOWS_FILE: Final = "catalogue.jsonl"
IDS_FILE: Final = "anime_ids.npy"
ANILIST_IDS_FILE: Final = "anilist_ids.npy"
"""(n_items,) i32, the AniList id of each row, 0 where unknown; bundles of before lack the file"""
OFFSETS_FILE: Final = "offsets.npy"
COLUMNS_DIRECTORY: Final = "columns"

SHOWS_KEPT_PARSED = 4096


def write_catalogue(directory: Path, shows: Sequence[Show]) -> None:
    """Write the shows, given in the order of their rows, into ``directory``."""
    directory.mkdir(parents=True)
    lines = [
        json.dumps(show.to_dict(), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        for show in shows
    ]
    (directory / SHOWS_FILE).write_bytes(b"".join(lines))
    offsets = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    np.save(directory / OFFSETS_FILE, offsets.astype(np.int64))
    ids = np.array([show.anime_id for show in shows], dtype=np.int32)
    np.save(directory / IDS_FILE, ids)
    anilist_ids = np.array([show.anilist_id or 0 for show in shows], dtype=np.int32)
    np.save(directory / ANILIST_IDS_FILE, anilist_ids)
    FilterColumns.of(shows, ItemIndex(ids)).save(directory / COLUMNS_DIRECTORY)


class Catalogue:
    """Shows by row or by anime id.

    Parameters
    ----------
    directory
        What ``write_catalogue`` wrote.
    """

    def __init__(self, directory: Path) -> None:
        self.index = ItemIndex(np.load(directory / IDS_FILE))
        self.columns = FilterColumns.load(directory / COLUMNS_DIRECTORY)
        anilist_ids = directory / ANILIST_IDS_FILE
        self.anilist = AnilistIndex(
            np.load(anilist_ids) if anilist_ids.exists() else np.zeros(len(self.index), np.int32)
        )
        offsets = np.load(directory / OFFSETS_FILE)
        lines = np.asarray(np.memmap(directory / SHOWS_FILE, dtype=np.uint8, mode="r"))

        def line(row: int) -> bytes:
            """Return the JSON of a row, for those who read one field of all shows."""
            return lines[offsets[row] : offsets[row + 1]].tobytes()

        # Holds the arrays and not this object: without a cycle they go with the last reader.
        @lru_cache(maxsize=SHOWS_KEPT_PARSED)
        def show(row: int) -> Show:
            """Return the show of a row."""
            return Show.from_dict(json.loads(line(row)))

        self.show, self.line = show, line

    def __len__(self) -> int:
        return len(self.index)

    def row(self, anime_id: int) -> int:
        """Return the row of a show, -1 if the catalogue lacks it."""
        return int(self.index.rows([anime_id])[0])
