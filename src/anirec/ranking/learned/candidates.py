"""Which shows of the catalogue the learned ranker looks at for one list (numpy only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.models.item_neighbours import naive_bayes
from anirec.ranking.candidates import best_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    EvidenceOf = Callable[
        [NDArray[np.int32]], tuple[NDArray[np.float32], NDArray[np.floating[Any]]]
    ]
    """Of (c,) rows the lifts, (k, c), and their shares, (c,)."""

FROM_EASE: Final = 150
"""The trees learn more from a few good candidates than from many poor ones."""
FROM_NEIGHBOURS: Final = 60
FROM_POPULARITY: Final = 40
LOOKED_AT_FIRST: Final = 1024
"""Most often 40 of so many most popular shows are eligible"""
SHORT_LIST: Final = 24
"""Up to so many entries the item neighbours name candidates as well: Ease needs more to go by."""
MORE_OF_SHORT: Final = 100
"""Then so many more of Ease's, too: what is looked for stands lower in its order"""


def gather(
    scores: NDArray[np.float32],
    eligible: NDArray[np.bool_],
    n: int,
    by_popularity: NDArray[np.int64],
    n_entries: int,
    core: NDArray[np.int32],
    evidence: EvidenceOf,
) -> NDArray[np.int32]:
    """Return the rows that the ranker looks at for one list, in the order of Ease.

    Parameters
    ----------
    scores, eligible
        (n_items,) each, the scores by Ease.
    n
        How many of the best eligible rows by Ease; more for a short list.
    by_popularity
        (n_items,) rows, most popular first: the first eligible ones are candidates as well.
    n_entries
        How long the list is.
    core, evidence
        The rows that the item neighbours know, and what they say of some of them: of a short list
        their likeliest eligible rows are candidates as well.
    """
    others: list[NDArray[np.integer[Any]]] = [most_popular(by_popularity, eligible)]
    if n_entries <= SHORT_LIST:
        n += MORE_OF_SHORT
        chances = naive_bayes(*evidence(core)).astype(np.float32)
        others.append(core[best_rows(chances, eligible[core], FROM_NEIGHBOURS)])
    return in_order(scores, best_rows(scores, eligible, n), *others)


def most_popular(
    by_popularity: NDArray[np.int64], eligible: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the first ``FROM_POPULARITY`` eligible ones of (n_items,) rows."""
    first = by_popularity[:LOOKED_AT_FIRST]
    found = first[eligible[first]]
    if len(found) < FROM_POPULARITY:
        found = by_popularity[eligible[by_popularity]]
    return found[:FROM_POPULARITY]


def in_order(scores: NDArray[np.float32], *rows: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
    """Return the distinct rows by descending (n_items,) scores, equal ones by row."""
    # Quicker than np.unique, which puts in order what need not be.
    mask = np.zeros(len(scores), dtype=np.bool_)
    mask[np.concatenate(rows)] = True
    distinct = np.flatnonzero(mask)
    return distinct[np.argsort(-scores[distinct], kind="stable")].astype(np.int32)
