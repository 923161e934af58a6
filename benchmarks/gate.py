"""What the gate would say of one and the same model, measured twice: validation viewers, no fit.

- *Lists that grew*: the figures of today against those before each list got some of its entries. What
  was held out has changed with the lists. Paired by viewer, and as two samples.
- *Catalogues that differ*: the figures against those over fewer shows. Of the shows that are gone, some
  were to be found (drawn from all), or none was (drawn from those that nobody held out).
  Then, shows of late years, for viewers who list none. Last, only shows that are to be found, and only
  the most watched.

Run it after ``anirec train``::

    python benchmarks/gate.py
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anirec.data.held_out_draw import held_out_mask
from anirec.data.histories import Histories
from anirec.data.split import Fold, HeldOut, load_split
from anirec.evaluation.bootstrap import paired_difference, unpaired_difference
from anirec.evaluation.figures import HEADLINE, TOP_N, accuracy
from anirec.evaluation.full_ranking import rank_pools
from anirec.models.ease import Ease
from anirec.params import load_params

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.item_index import ItemIndex
    from anirec.params import SplitParams

GROWTH = (0.002, 0.01, 0.05)
"""Shares of the entries that are new."""
SMALLER = (0.01, 0.05, 0.2)
"""Shares of the shows that are gone."""
YEARS = (2018, 2019, 2020)
"""Shows since then are taken for new, and figures for those of viewers whose lists are old."""
FAMOUS = 5000
"""A catalogue of so many of the most watched shows."""


def whole_lists(fold: Fold) -> Histories:
    """Return history and held-out shows as one, those the catalogue lacks left out."""
    held = fold.held_out
    known = held.rows >= 0
    viewers = np.concatenate([fold.history.viewers, held.viewers[known]])
    items = np.concatenate([fold.history.items, held.rows[known]])
    ratings = np.concatenate([fold.history.ratings, held.ratings[known]])
    statuses = np.concatenate([fold.history.statuses, np.full(known.sum(), 2, dtype=np.uint8)])
    order = np.lexsort((items, viewers))
    lengths = np.bincount(viewers, minlength=len(held))
    return Histories(
        fold.history.user_ids,
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        items[order],
        ratings[order],
        statuses[order],
    )


def fold_of(lists: Histories, index: ItemIndex, params: SplitParams) -> Fold:
    """Draw what is held out of the lists, as ``anirec split`` does."""
    mask = held_out_mask(lists.user_ids[lists.viewers], index.ids(lists.items), params)
    held = lists.where(mask)
    return Fold(
        lists.where(~mask),
        HeldOut(held.indptr, index.ids(held.items), held.items, held.ratings),
    )


def ndcg(model: Ease, fold: Fold, pool: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """Return (n_viewers,) NDCG@10 among the shows of the pool."""
    (top,) = rank_pools(model, fold.history, fold.history, TOP_N, [pool])
    return accuracy(top, fold.held_out, model.n_items)[HEADLINE]


def show(what: str, one: NDArray[np.float64], other: NDArray[np.float64]) -> None:
    """Print the difference of the means with both intervals."""
    paired = paired_difference(one, other)
    apart = unpaired_difference(one, other)
    print(
        f"{what}: {one.mean():.4f} against {other.mean():.4f}, {paired.mean:+.4f}; paired "
        f"{paired.low:+.4f} to {paired.high:+.4f}, two samples {apart.low:+.4f} to {apart.high:+.4f}; "
        f"correlation {np.corrcoef(one, other)[0, 1]:.2f}",
        flush=True,
    )


def main() -> None:
    """Print both comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artifacts", type=Path, default=Path("artifacts"))
    parser.add_argument("--params", type=Path, default=Path("params.yaml"))
    asked = parser.parse_args()
    params = load_params(asked.params)
    split = load_split(asked.artifacts / "split", asked.artifacts / "tables")
    model = Ease.load(asked.artifacts / "models" / Ease.name)
    draw = np.random.default_rng(params.seed)
    lists = whole_lists(split.validation)
    now = fold_of(lists, split.index, params.split)
    today = ndcg(model, now)
    for share in GROWTH:
        before = lists.where(draw.random(len(lists.items)) >= share)
        fold = fold_of(before, split.index, params.split)
        show(f"lists grown by {share:.1%}", today, ndcg(model, fold))
    wanted = np.zeros(model.n_items, dtype=np.bool_)
    wanted[now.held_out.rows] = True
    for share in SMALLER:
        gone = draw.random(model.n_items) < share
        show(f"{share:.1%} of shows gone", ndcg(model, now, ~gone), today)
        show(f"{share:.1%} of shows gone, none wanted", ndcg(model, now, ~gone | wanted), today)
    years = np.array([one.year or 0 for one in split.shows])
    for year in YEARS:
        new = years >= year
        watched_new = np.zeros(len(lists), dtype=np.bool_)
        watched_new[lists.viewers[new[lists.items]]] = True
        show(
            f"{new.sum():,} shows since {year}, {(~watched_new).sum():,} viewers without any",
            today[~watched_new],
            ndcg(model, now, ~new)[~watched_new],
        )
    show(f"all but {wanted.sum():,} wanted shows gone", ndcg(model, now, wanted), today)
    watched = np.bincount(split.train.histories.items, minlength=model.n_items)
    famous = np.zeros(model.n_items, dtype=np.bool_)
    famous[np.argsort(-watched, kind="stable")[:FAMOUS]] = True
    show(f"the {FAMOUS:,} most watched shows", ndcg(model, now, famous), today)


if __name__ == "__main__":
    main()
