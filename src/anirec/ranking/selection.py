"""The shows of one list: candidates are scored, and more of them where filters leave too few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.ranking.components import CONTENT
from anirec.ranking.diversity import POOL_PER_PICK, check_strength, diversify
from anirec.ranking.learned.candidates import FROM_EASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.ranking.eligibility import Eligible
    from anirec.ranking.ranker import LearnedScores, Ranker, Scored

MORE_CANDIDATES: Final = 4
"""How many times more are scored where filters leave too few of them."""


def select(
    ranker: Ranker,
    counted: Histories,
    eligible: Eligible,
    n: int,
    weights: Mapping[str, float] | None,
    diversity: float,
    discovery: float | None,
) -> tuple[NDArray[np.int64], Scored | LearnedScores]:
    """Return the rows of up to ``n`` shows for one list, best first, and the scores behind them.

    Parameters
    ----------
    counted
        The list as it is to be scored, without plan-to-watch entries.
    weights, diversity, discovery
        As for ``Recommender.recommend``.

    Raises
    ------
    ValueError
        If weights or diversity are out of range.
    """
    n_scored = int(np.count_nonzero(eligible.scored))
    alike = ranker.hybrid.models[CONTENT].similarities
    # Variety is chosen among several times as many as are shown.
    asked = n * POOL_PER_PICK if check_strength(diversity) else n
    while True:
        (scored,) = ranker.for_each(
            counted, [eligible.scored], asked, weights, discovery, stand_ins=eligible.stand_ins
        )
        left = contenders(scored, eligible.mask)
        order = eligible.order(scored.total)
        rows = diversify(order, left, n, diversity, alike, eligible.groups)
        if len(rows) == n or scored.contenders is None or asked >= n_scored:
            return rows, scored
        # Filters that look at the whole list let too few of the best candidates through.
        asked = MORE_CANDIDATES * max(asked, FROM_EASE)


def contenders(scored: Scored | LearnedScores, eligible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return bool (n_items,), which of the eligible shows have a score."""
    return eligible if scored.contenders is None else eligible & scored.contenders
