"""The catalogue inside a bundle: one JSON line a show, read one by one through a memory map.

Parsing all of it would take longer than answering a request may; an array of line offsets lets a
reader parse only the shows that are shown.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.data.item_index import AnilistIndex, ItemIndex
from anirec.data.show import Show
from anirec.errors import UnknownAnimeError
from anirec.ranking.filter_columns import LABELS, FilterColumns
from anirec.ranking.watch_order import watch_order

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from anirec.ranking.labels import Labels

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
        return self.index.row(anime_id)

    def missing(self, anime_ids: Sequence[int]) -> tuple[int, ...]:
        """Return those of the ids that the catalogue lacks, each once."""
        unknown = np.flatnonzero(self.index.rows(list(anime_ids)) < 0)
        return tuple(dict.fromkeys(anime_ids[place] for place in unknown.tolist()))

    def known_row(self, anime_id: int) -> int:
        """Return the row of a show.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks it.
        """
        row = self.row(anime_id)
        if row < 0:
            raise UnknownAnimeError(anime_id)
        return row

    def franchise(self, anime_id: int) -> list[Show]:
        """Return the shows of a show's franchise, itself included, in the order to watch them.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks the show.
        """
        columns = self.columns
        rows = np.flatnonzero(columns.franchise == columns.franchise[self.known_row(anime_id)])
        shows = {row: self.show(row) for row in rows.tolist()}
        relations = columns.prequels
        ordered = watch_order(
            list(shows), lambda row: shows[row].released, relations.shows, relations.prequels
        )
        return [shows[row] for row in ordered]

    def standing(self, anime_id: int) -> tuple[float | None, float | None]:
        """Return what share of shows has a lower community score, and fewer people listing it.

        Each from 0 to 1, among the shows of which it is known; None where it is not.

        Raises
        ------
        UnknownAnimeError
            If the catalogue lacks the show.
        """
        row, columns = self.known_row(anime_id), self.columns
        return _share_below(columns.score, row), _share_below(columns.members, row)

    def labels(self, kind: str) -> tuple[str, ...]:
        """Return the labels that shows have, those of the most shows first.

        Parameters
        ----------
        kind
            As filters are named: ``types``, ``genres``, ``tags`` or ``age_ratings``.

        Raises
        ------
        ValueError
            If it is none of these.
        """
        if kind not in LABELS:
            raise ValueError(f"there are no labels {kind!r}; there are: {', '.join(LABELS)}")
        of_kind: Labels = getattr(self.columns, kind)
        return of_kind.by_frequency

    def knows(self, anime_ids: Sequence[int]) -> list[bool]:
        """Tell of each id whether the catalogue has it."""
        return [bool(row >= 0) for row in self.index.rows(list(anime_ids))]

    def anime_of_anilist(self, anilist_ids: Sequence[int]) -> list[int | None]:
        """Return the anime id of each AniList id, None where the catalogue has none for it."""
        rows = self.anilist.rows(list(anilist_ids)).tolist()
        ids = self.index.anime_ids
        return [int(ids[row]) if row >= 0 else None for row in rows]

    @property
    def has_anilist_ids(self) -> bool:
        """Whether the bundle knows how AniList calls its shows; older bundles do not."""
        return len(self.anilist) > 0


def _share_below(column: NDArray[Any], row: int) -> float | None:
    known = column[column > 0]
    return float((known < column[row]).mean()) if column[row] > 0 else None
