"""A wall of shows to rate, each of which tells much about a taste.

Lists are seen as draws of one random vector, a 1 for each show that a viewer has watched. Its
correlations follow from what ``ItemNeighbours`` keeps: with shares P(i) and lifts L(i, j) = P(j | i) / P(j)
the covariance is P(i) P(j) (L - 1). Asking for a show takes away what it explains of all others, and the
wall is chosen greedily by how much that is: the active learning of Gaussian regression (MacKay,
"Information-Based Objective Functions for Active Data Selection", Neural Computation 1992; for walls of
items Rubens, Elahi, Sugiyama & Kaplan, "Active Learning in Recommender Systems", Recommender Systems
Handbook, 2015). What is asked has its part in all later choices, so that no two say the same.

Only shows that somebody has seen say anything, so the explained variance is multiplied by a power of the
share of viewers who have; balancing both is what Rashid et al. ("Getting to Know You: Learning
New User Preferences in Recommender Systems", IUI 2002) found best. ``docs/taste.md`` has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from anirec.ranking.arguments import check_entries, parse_count
from anirec.ranking.candidates import best_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from anirec.bundle.bundle import Bundle
    from anirec.data.histories import Entry
    from anirec.data.item_index import ItemIndex
    from anirec.models.item_neighbours import ItemNeighbours

EXPLAINED: Final = 800
"""The most watched shows, of which as much as possible is to be explained"""
CANDIDATES: Final = 400
"""So many shows at most, the most watched, are candidates for the wall"""
NOISE: Final = 0.1
"""Variance of an answer beside a show's own, which is 1"""
KNOWN_POWER: Final = 1.5
"""Of the share of viewers who have seen a show: less tells more, more spares viewers unknown shows"""
MOST_ASKED: Final = 100
"""So many shows that were asked for are looked at, the most watched"""


@dataclass(frozen=True)
class StarterWall:
    """Made once for a bundle; choosing keeps nothing."""

    index: ItemIndex
    popularity: NDArray[np.float32]
    """(n_items,)"""
    franchise: NDArray[np.int32]
    """(n_items,)"""
    offered: NDArray[np.bool_]
    """(n_items,), neither adult nor recap nor unreleased, and the most watched of its franchise"""
    rows: NDArray[np.int64]
    """(n,) the shows to be explained, most watched first; none makes a wall of the most watched"""
    known: NDArray[np.float64]
    """(n,) ``KNOWN_POWER`` of the share of viewers who have seen each"""
    correlation: NDArray[np.float32]
    """(n, n) of them"""

    @classmethod
    def of(cls, bundle: Bundle, most_watched: NDArray[np.int64]) -> Self:
        """Prepare the wall of a bundle.

        Parameters
        ----------
        most_watched
            (n_items,) the row of the most watched show of each show's franchise.
        """
        columns, popularity = bundle.catalogue.columns, bundle.popularity.share
        n_items = len(popularity)
        offered = ~(columns.is_adult | columns.is_recap | columns.is_unreleased)
        offered &= most_watched == np.arange(n_items)
        rows, known = np.zeros(0, dtype=np.int64), np.zeros(0)
        correlation = np.zeros((0, 0), dtype=np.float32)
        if bundle.learned is not None:
            neighbours = bundle.learned.neighbours
            takes_part = np.zeros(n_items, dtype=np.bool_)
            takes_part[neighbours.core] = True
            rows = best_rows(popularity, takes_part & ~columns.is_adult, EXPLAINED)
            known = neighbours.share[rows].astype(np.float64) ** KNOWN_POWER
            correlation = _correlation(neighbours, rows)
        return cls(
            bundle.catalogue.index,
            popularity,
            columns.franchise,
            offered,
            rows,
            known,
            correlation,
        )

    def next_shows(
        self, entries: Sequence[Entry], n: int, without: Collection[int] = ()
    ) -> list[int]:
        """Return ids of up to ``n`` shows to ask for next, the most telling first.

        Parameters
        ----------
        entries
            What the viewer has listed so far, plans included. Nothing of their franchises is asked
            for, and what they explain is taken as known.
        without
            Ids of shows that were asked for in vain, or are not to be asked for: they count as known too.

        Raises
        ------
        ValueError
            If an entry cannot be or ``n`` is less than 1.
        """
        check_entries(entries)
        n = parse_count(n)
        named = self.index.rows([*(entry.anime_id for entry in entries), *without])
        named = np.unique(named[named >= 0])
        open_to_ask = self.offered & ~np.isin(self.franchise, self.franchise[named])
        chosen = self._telling(named, open_to_ask, n)
        open_to_ask[chosen] = False
        rest = best_rows(self.popularity, open_to_ask, n - len(chosen))
        ids: list[int] = self.index.ids(np.array([*chosen, *rest], dtype=np.int64)).tolist()
        return ids

    def _telling(
        self, named: NDArray[np.integer[Any]], open_to_ask: NDArray[np.bool_], n: int
    ) -> list[int]:
        asked = np.flatnonzero(np.isin(self.rows, named))[:MOST_ASKED]
        candidates = np.flatnonzero(open_to_ask[self.rows])[:CANDIDATES]
        # Of what is left to explain only the columns of the candidates are needed.
        left = _explained_away(self.correlation, asked)[:, candidates].copy()
        chosen: list[int] = []
        for _ in range(min(n, len(candidates))):
            own = np.maximum(left[candidates, np.arange(len(candidates))], 0) + NOISE
            told = np.einsum("ij,ij->j", left, left) / own * self.known[candidates]
            told[chosen] = -1
            best = int(np.argmax(told))
            chosen.append(best)
            column = left[:, best] / np.sqrt(own[best])
            left -= np.outer(column, column[candidates])
        rows: list[int] = self.rows[candidates[chosen]].tolist() if chosen else []
        return rows


def _correlation(neighbours: ItemNeighbours, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    share = neighbours.share[rows].astype(np.float64)
    covariance = np.outer(share, share) * (np.exp(neighbours.lifts(rows, rows)) - 1.0)
    spread = np.sqrt(share * (1 - share))
    correlation = np.clip((covariance + covariance.T) / 2 / np.outer(spread, spread), -1, 1)
    np.fill_diagonal(correlation, 1)
    return np.asarray(correlation, dtype=np.float32)


def _explained_away(
    correlation: NDArray[np.float32], known: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return what is left of the covariances once some shows are known (a Schur complement)."""
    if not len(known):
        return correlation
    across = correlation[:, known]
    own = across[known] + NOISE * np.eye(len(known), dtype=np.float32)
    return np.asarray(correlation - across @ np.linalg.solve(own, across.T), dtype=np.float32)
