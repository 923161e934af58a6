"""One list of shows for several viewers at once.

A show's score is the mean of what each viewer's own ranking gives it. Of log-odds, which the learned
ranker gives, that is the geometric mean of the odds: a show that one of them would hardly watch
stands low, however fond of it another would be (the "multiplicative" strategy of Masthoff, Group
Recommender Systems, 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.ranking.candidates import best_rows
from anirec.ranking.learned.candidates import FROM_EASE
from anirec.ranking.recommendation import Recommendations
from anirec.ranking.selection import MORE_CANDIDATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.ranking.eligibility import Eligible
    from anirec.ranking.ranker import LearnedScores, Ranker, Scored
    from anirec.ranking.recommendation import Recommendation

MOST_VIEWERS: Final = 8


@dataclass(frozen=True, slots=True)
class SharedRecommendation:
    """One show for several viewers."""

    anime_id: int
    title: str
    score: float
    """The mean of the viewers' scores"""
    each: tuple[Recommendation, ...]
    """What it is to each of them, in the order of their lists, with reasons from their own list"""


class SharedRecommendations(list[SharedRecommendation]):
    """The shows for several viewers, best first.

    Attributes
    ----------
    watched
        Of each viewer, ids of the shows on the list, without plan-to-watch: int32 (n_watched,).
    refills
        As of ``Recommendations``.
    """

    def __init__(
        self,
        shows: Iterable[SharedRecommendation],
        watched: Sequence[NDArray[np.int32]],
        refills: int,
    ) -> None:
        super().__init__(shows)
        self.watched = tuple(watched)
        self.refills = refills

    @classmethod
    def of(
        cls,
        each: Sequence[Sequence[Recommendation]],
        scores: NDArray[np.float32],
        watched: Sequence[NDArray[np.int32]],
        refills: int,
    ) -> SharedRecommendations:
        """Put together what the same shows are to each viewer.

        Parameters
        ----------
        each
            Of each viewer the shows, all in the same order.
        scores
            Of each show, (n_shows,).
        """
        shows = [
            SharedRecommendation(show[0].anime_id, show[0].title, score, show)
            for show, score in zip(zip(*each, strict=True), scores.tolist(), strict=True)
        ]
        return cls(shows, watched, refills)

    def for_each(self) -> list[Recommendations]:
        """Return the same shows as recommended to each viewer, in the order of the lists."""
        return [
            Recommendations([show.each[who] for show in self], watched=had, refills=self.refills)
            for who, had in enumerate(self.watched)
        ]


@dataclass(frozen=True)
class SharedSelection:
    """What was chosen for several lists."""

    rows: NDArray[np.int64]
    """(n_shows,), best first"""
    scored: Sequence[Scored | LearnedScores]
    """The scores behind them, one per list"""
    total: NDArray[np.float32]
    """(n_items,), the mean score"""
    refills: int
    """How often more candidates were scored because filters left too few of the best"""


def select_together(
    ranker: Ranker,
    counted: Histories,
    eligible: Eligible,
    n: int,
    weights: Mapping[str, float] | None,
) -> SharedSelection:
    """Choose up to ``n`` shows for all lists.

    Parameters
    ----------
    counted
        The lists as they are to be scored, without plan-to-watch entries.
    eligible
        What nobody has seen, and the filters allow.
    weights
        As for ``Recommender.recommend``.
    """
    masks = [eligible.scored] * len(counted)
    n_scored = int(np.count_nonzero(eligible.scored))
    asked, refills = n, 0
    while True:
        found = ranker.for_each(counted, masks, asked, weights, stand_ins=eligible.stand_ins)
        scored = list(found)
        pools = [one.contenders for one in scored if one.contenders is not None]
        left = eligible.mask
        if pools:
            # Whatever is among the best of one viewer needs a score from all.
            pool = np.logical_or.reduce(pools)
            also = np.flatnonzero(pool)
            scored = list(ranker.for_each(counted, masks, asked, weights, also=also))
            left = left & pool
        total: NDArray[np.float32] = np.stack([one.total for one in scored]).mean(axis=0)
        rows = best_rows(eligible.order(total), left, n, eligible.groups)
        if len(rows) == n or not pools or asked >= n_scored:
            return SharedSelection(rows, scored, total, refills)
        asked, refills = MORE_CANDIDATES * max(asked, FROM_EASE), refills + 1
