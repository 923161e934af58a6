"""What the features need to know of every show, as arrays (numpy only)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex
    from anirec.data.show import Show

KINDS: Final = ("PREQUEL", "SEQUEL", "PARENT", "SIDE_STORY", "ALTERNATIVE")
"""Relations that say in what order, or beside what, a show is watched."""


@dataclass(frozen=True)
class ItemFacts:
    """Facts of the catalogue, one row a show; what is unknown is 0."""

    year: NDArray[np.float32]
    """(n_items,)"""
    episodes: NDArray[np.float32]
    """(n_items,) ln(1 + episodes)"""
    members: NDArray[np.float32]
    """(n_items,) ln(1 + members)"""
    score: NDArray[np.float32]
    """(n_items,) the community's, 1 to 10"""
    type: NDArray[np.int32]
    """(n_items,) code of the type"""
    genres: NDArray[np.uint8]
    """(n_items, n_genres), 1 where a show has the genre"""
    type_names: NDArray[np.str_]
    """(n_types,) what each code of a type stands for; the first, "", for a type that is unknown"""
    genre_names: NDArray[np.str_]
    """(n_genres,)"""
    franchise: NDArray[np.int32]
    """(n_items,) code of the franchise"""
    franchise_size: NDArray[np.float32]
    """(n_items,) shows of the franchise"""
    relation_indptr: NDArray[np.int64]
    """(n_items + 1,)"""
    relation_rows: NDArray[np.int32]
    """(n_relations,) the other show"""
    relation_kinds: NDArray[np.int8]
    """(n_relations,) place in ``KINDS``"""

    @classmethod
    def of(cls, shows: Sequence[Show], index: ItemIndex, coded_as: ItemFacts | None = None) -> Self:
        """Gather the facts of a catalogue.

        Parameters
        ----------
        coded_as
            Facts whose codes hold on, because trees were trained on them: a type that they do not
            know becomes an unknown one, and a genre that they do not know is left out.
        """
        if coded_as is None:
            type_names = np.array(sorted({""} | {show.type or "" for show in shows}))
            genre_names = np.array(sorted({genre for show in shows for genre in show.genres}))
        else:
            type_names, genre_names = coded_as.type_names, coded_as.genre_names
        types = {name: code for code, name in enumerate(type_names.tolist())}
        columns = {genre: column for column, genre in enumerate(genre_names.tolist())}
        genres = np.zeros((len(shows), max(len(columns), 1)), dtype=np.uint8)
        for row, show in enumerate(shows):
            genres[row, [columns[genre] for genre in show.genres if genre in columns]] = 1
        of_show = np.array([show.franchise or show.anime_id for show in shows], dtype=np.int64)
        _, franchise, sizes = np.unique(of_show, return_inverse=True, return_counts=True)
        indptr, rows, kinds = _relations(shows, index)
        return cls(
            year=np.array([show.year or 0 for show in shows], dtype=np.float32),
            episodes=_logs([show.episodes for show in shows]),
            members=_logs([show.members for show in shows]),
            score=np.array([show.score or 0 for show in shows], dtype=np.float32),
            type=np.array([types.get(show.type or "", 0) for show in shows], dtype=np.int32),
            genres=genres,
            type_names=type_names.astype(np.str_),
            genre_names=genre_names.astype(np.str_),
            franchise=franchise.astype(np.int32),
            franchise_size=sizes[franchise].astype(np.float32),
            relation_indptr=indptr,
            relation_rows=rows,
            relation_kinds=kinds,
        )

    @cached_property
    def genre_shares(self) -> NDArray[np.float64]:
        """(n_genres,) share of the catalogue that has each genre."""
        shares: NDArray[np.float64] = self.genres.mean(axis=0)
        return shares

    @cached_property
    def year_code(self) -> NDArray[np.int64]:
        """(n_items,) the year, to count by; shows without a date share 0."""
        return self.year.astype(np.int64)

    @property
    def n_years(self) -> int:
        """One more than the latest year."""
        return self._sizes[0]

    @property
    def n_types(self) -> int:
        """One more than the highest code of a type."""
        return self._sizes[1]

    @property
    def n_cells(self) -> int:
        """Types in years."""
        return self.n_years * self.n_types

    @cached_property
    def _sizes(self) -> tuple[int, int]:
        return int(self.year_code.max()) + 1, int(self.type.max()) + 1

    @cached_property
    def cell(self) -> NDArray[np.int64]:
        """(n_items,) code of the type in its year."""
        cell: NDArray[np.int64] = self.year_code * self.n_types + self.type
        return cell

    @cached_property
    def of_several(self) -> NDArray[np.int64]:
        """(n_several,) rows of the shows whose franchise has others."""
        return np.flatnonzero(self.franchise_size > 1)

    @cached_property
    def franchise_of_several(self) -> NDArray[np.int32]:
        """(n_several,) codes of their franchises."""
        return self.franchise[self.of_several]

    def relations(
        self, rows: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]]:
        """Return the relations of (n,) rows: place in ``rows``, the other show's row, kind."""
        counts = self.relation_indptr[rows + 1] - self.relation_indptr[rows]
        owners = np.repeat(np.arange(len(rows)), counts)
        before = np.cumsum(counts) - counts
        places = np.arange(len(owners)) + (self.relation_indptr[rows] - before)[owners]
        return owners, self.relation_rows[places], self.relation_kinds[places]

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that ``restore`` needs."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def restore(cls, state: Mapping[str, NDArray[Any]]) -> Self:
        """Take over the arrays of ``state``."""
        return cls(**{field.name: state[field.name] for field in fields(cls)})


def _logs(values: list[int | None]) -> NDArray[np.float32]:
    return np.log1p(np.array([value or 0 for value in values], dtype=np.float32))


def _relations(
    shows: Sequence[Show], index: ItemIndex
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int8]]:
    owners, others, kinds = [], [], []
    for row, show in enumerate(shows):
        for relation in show.relations:
            if relation.kind in KINDS:
                owners.append(row)
                others.append(relation.anime_id)
                kinds.append(KINDS.index(relation.kind))
    rows = index.rows(others) if others else np.zeros(0, dtype=np.int32)
    known = np.asarray(rows) >= 0
    lengths = np.bincount(np.array(owners, dtype=np.int64)[known], minlength=len(shows))
    indptr = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return indptr, np.asarray(rows)[known].astype(np.int32), np.array(kinds, dtype=np.int8)[known]
