"""The shows of one list: candidates are scored, and more of them where filters leave too few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.ranking.components import CONTENT
from anirec.ranking.diversity import POOL_PER_PICK, check_strength, diversify
from anirec.ranking.learned.candidates import FROM_EASE
from anirec.ranking.niche import POOL_PER_PLACE, check_niche, lean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.ranking.eligibility import Eligible
    from anirec.ranking.ranker import LearnedScores, Ranker, Scored

MORE_CANDIDATES: Final = 4
"""How many times more are scored where filters leave too few of them."""


@dataclass(frozen=True)
class Selection:
    """What was chosen for one list."""

    rows: NDArray[np.int64]
    """(n_shows,), best first"""
    scored: Scored | LearnedScores
    """The scores behind them"""
    refills: int
    """How often more candidates were scored because filters left too few"""


def select(
    ranker: Ranker,
    counted: Histories,
    eligible: Eligible,
    n: int,
    weights: Mapping[str, float] | None,
    diversity: float,
    discovery: float | None,
    niche: float,
) -> Selection:
    """Choose up to ``n`` shows for one list.

    Parameters
    ----------
    counted
        The list as it is to be scored, without plan-to-watch entries.
    weights, diversity, discovery, niche
        As for ``Recommender.recommend``.

    Raises
    ------
    ValueError
        If weights, diversity or niche are out of range.
    """
    n_scored = int(np.count_nonzero(eligible.scored))
    alike = ranker.hybrid.models[CONTENT].similarities
    # Variety and what few watch are chosen among several times as many as are shown.
    wanted = n * POOL_PER_PICK if check_strength(diversity) else n
    asked = wanted * POOL_PER_PLACE if check_niche(niche) else wanted
    refills = 0
    while True:
        (scored,) = ranker.for_each(
            counted, [eligible.scored], asked, weights, discovery, stand_ins=eligible.stand_ins
        )
        left = contenders(scored, eligible.mask)
        order = eligible.order(scored.total)
        if niche:
            share = ranker.popularity.share
            order, left = lean(order, left, share, wanted, niche, eligible.groups)
        rows = diversify(order, left, n, diversity, alike, eligible.groups)
        if len(rows) == n or scored.contenders is None or asked >= n_scored:
            return Selection(rows, scored, refills)
        # Filters that look at the whole list let too few of the best candidates through.
        asked = MORE_CANDIDATES * max(asked, FROM_EASE)
        refills += 1


def contenders(scored: Scored | LearnedScores, eligible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return bool (n_items,), which of the eligible shows have a score."""
    return eligible if scored.contenders is None else eligible & scored.contenders
