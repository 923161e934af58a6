"""Full ranking: every item of the catalogue competes, none is sampled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from anirec.progress import SILENT, Progress
from anirec.ranking.candidates import best_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from anirec.data.histories import Histories
    from anirec.data.split import HeldOut

BATCH = 256
"""Lists scored at once: at 27,000 items some 28 MB of scores."""
NO_ITEM = -1


class Scorer(Protocol):
    """Whatever scores all items for a batch of lists: a model or a blend of models."""

    n_items: int

    def score(self, histories: Histories, /) -> NDArray[np.float32]:
        """Return float32 (n_histories, n_items)."""


def rank(
    scorer: Scorer, histories: Histories, n: int, progress: Progress = SILENT, label: str = ""
) -> NDArray[np.int32]:
    """Return the best n items for each list; see ``top_items``."""
    (top,) = rank_pools(scorer, histories, histories, n, [None], progress, label)
    return top


def rank_pools(
    scorer: Scorer,
    known: Histories,
    seen: Histories,
    n: int,
    pools: Sequence[NDArray[np.bool_] | None],
    progress: Progress = SILENT,
    label: str = "",
) -> list[NDArray[np.int32]]:
    """Score each list once and rank it within each pool of items; see ``top_items``.

    Parameters
    ----------
    known
        What the scorer is told of each viewer.
    seen
        What is left out of the rankings, in the same order of viewers.
    pools
        bool (n_items,) each: the items that compete; None for all.
    """
    tops = [[np.zeros((0, n), dtype=np.int32)] for _ in pools]
    with progress.bar(label or "viewers ranked", len(known)) as advance:
        for told, left_out in zip(known.batches(BATCH), seen.batches(BATCH), strict=True):
            scores = scorer.score(told)
            for pool, parts in zip(pools, tops, strict=True):
                parts.append(top_items(scores, left_out, n, pool))
            advance(len(told))
    return [np.concatenate(parts) for parts in tops]


def top_items(
    scores: NDArray[np.float32],
    seen: Histories,
    n: int,
    pool: NDArray[np.bool_] | None = None,
) -> NDArray[np.int32]:
    """Return int32 (n_lists, n) rows, best first, the items of the list itself left out.

    Ties go by row, as they do when recommendations are served. Where fewer than n items are
    left (of the ``pool``, bool (n_items,), if there is one), the row ends with ``NO_ITEM`` (-1).
    """
    top = np.full((len(seen), n), NO_ITEM, dtype=np.int32)
    for i in range(len(seen)):
        eligible = np.ones(scores.shape[1], dtype=np.bool_) if pool is None else pool.copy()
        eligible[seen.items[seen.indptr[i] : seen.indptr[i + 1]]] = False
        best = best_rows(scores[i], eligible, n)
        top[i, : len(best)] = best
    return top


def hits(
    top: NDArray[np.int32], held_out: HeldOut, n_items: int, first: int = 0
) -> NDArray[np.bool_]:
    """Return bool (n_lists, n), which places of the lists hold a held-out item.

    Parameters
    ----------
    top
        (n_lists, n) rows, ``NO_ITEM`` where a list ends early.
    held_out
        In the same order of viewers; an item that has no row is never a hit.
    first
        The number of the first of these lists among those of ``held_out``.
    """
    known = held_out.rows >= 0
    wanted = held_out.viewers[known] * n_items + held_out.rows[known]
    places = (first + np.arange(len(top)))[:, None] * n_items + top
    return np.isin(places, wanted) & (top >= 0)
