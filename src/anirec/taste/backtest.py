"""How well we know a viewer: hide a fifth of the list and look for it among the recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.histories import Histories
from anirec.evaluation.draws import place_in_list, seed_of
from anirec.ranking.arguments import check_entries
from anirec.ranking.candidates import best_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.histories import Entry
    from anirec.recommender import Recommender

SHORTEST: Final = 10
"""Watched shows that a list needs, as for the test viewers of the evaluation"""
HIDDEN: Final = 0.2
TOPS: Final = (10, 50)
SEED: Final = seed_of("anirec", "backtest")


@dataclass(frozen=True, slots=True)
class Found:
    """How many hidden shows stand among the first so many places."""

    places: int
    ours: int
    by_popularity: int
    """Found by recommending what most viewers watch"""
    by_chance: float
    """Expected of a random order: hidden shows times places over candidates"""


@dataclass(frozen=True, slots=True)
class Backtest:
    """The outcome for one list; ``found`` is empty where the list is too short."""

    n_shows: int
    """Watched shows of the list that the catalogue knows"""
    n_hidden: int
    found: tuple[Found, ...]
    hits: tuple[int, ...]
    """Rows of the hidden shows among our first 10, best first"""


def backtest(entries: Sequence[Entry], recommender: Recommender) -> Backtest:
    """Hide a fifth of a list and rank all other shows by the rest.

    Which fifth is drawn by a hash of the shows' ids: the same list, in any order, gives the same answer.
    Plan-to-watch is left out on both sides, as in the evaluation. All shows but those of the rest of
    the list are candidates.

    Raises
    ------
    ValueError
        If an entry cannot be.
    """
    check_entries(entries)
    index = recommender.bundle.catalogue.index
    watched = Histories.from_entries([entries], index).watched()
    n_shows = len(watched.items)
    if n_shows < SHORTEST:
        return Backtest(n_shows, 0, (), ())
    n_hidden = round(HIDDEN * n_shows)
    hidden = place_in_list(SEED, watched, index) < n_hidden
    rest = watched.where(~hidden)
    wanted = np.zeros(len(index), dtype=np.bool_)
    wanted[watched.items[hidden]] = True
    most = max(TOPS)
    answer = recommender.recommend_batch([rest.entries(index)], most)[0]
    ours = index.rows([show.anime_id for show in answer])
    candidates = np.ones(len(index), dtype=np.bool_)
    candidates[rest.items] = False
    popular = best_rows(recommender.bundle.popularity.share, candidates, most)
    chance = n_hidden / int(np.count_nonzero(candidates))
    found = tuple(
        Found(n, _hits(ours, wanted, n), _hits(popular, wanted, n), chance * n) for n in TOPS
    )
    first = ours[: TOPS[0]]
    return Backtest(n_shows, n_hidden, found, tuple(first[wanted[first]].tolist()))


def _hits(ranked: NDArray[np.integer], wanted: NDArray[np.bool_], places: int) -> int:
    return int(np.count_nonzero(wanted[ranked[:places]]))
