"""Which shows of the catalogue the learned ranker looks at for one list (numpy only)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from anirec.ranking.candidates import best_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

FROM_EASE: Final = 250
FROM_NEIGHBOURS: Final = 60
FROM_POPULARITY: Final = 40
SHORT_LIST: Final = 24
"""Up to so many entries the item neighbours name candidates as well: Ease needs more to go by."""


def likely(
    core: NDArray[np.int32], scores: NDArray[np.floating[Any]], eligible: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return the eligible rows of the core with the highest of its (n_core,) scores."""
    best = best_rows(scores.astype(np.float32), eligible[core], FROM_NEIGHBOURS)
    return core[best].astype(np.int64)


def popular(order: NDArray[np.int64], eligible: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the first eligible rows of (n_items,) rows, most popular first."""
    return order[eligible[order]][:FROM_POPULARITY]


def gather(
    scores: NDArray[np.float32],
    eligible: NDArray[np.bool_],
    n: int,
    *others: NDArray[np.integer[Any]],
) -> NDArray[np.int32]:
    """Return the ``n`` best eligible rows by Ease and some others, all in the order of Ease.

    Parameters
    ----------
    scores, eligible
        (n_items,) each.
    others
        Rows that are candidates whatever Ease says of them.
    """
    return in_order(scores, best_rows(scores, eligible, n), *others)


def in_order(scores: NDArray[np.float32], *rows: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
    """Return the distinct rows by descending (n_items,) scores, equal ones by row."""
    distinct = np.unique(np.concatenate(rows))
    return distinct[np.argsort(-scores[distinct], kind="stable")].astype(np.int32)
