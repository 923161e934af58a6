"""Our evaluator against a published table: MovieLens 100K, its split u1.

MyMediaLite publishes figures of several methods for full ranking, every rating counting as watched.
Its page speaks of cross-validation; its precision of most popular is 739 / 2,295 and 1,398 / 4,590
to the last digit, which are the 459 viewers of u1.test. That split is the first 20,000 lines of
``u.data`` (the data set's own ``mku.sh``). Most popular leaves nothing to choose, so ours must be the
same up to ties; closed-form EASE by the product's solver (lists alone, no content) stands beside.

The ratings are not ours to give: https://grouplens.org/datasets/movielens/100k/ has ``u.data``::

    python benchmarks/public_set.py ml-100k/u.data
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.dataset import Dataset
from anirec.data.histories import Histories
from anirec.data.item_index import ItemIndex
from anirec.data.schema import Status
from anirec.data.show import Show
from anirec.data.split import HeldOut
from anirec.evaluation.full_ranking import hits, rank
from anirec.models.ease import Ease
from anirec.models.ease_solver import gram, invert, mirror, strongest
from anirec.models.popularity import Popularity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from anirec.evaluation.full_ranking import Scorer

HELD_OUT: Final = 20_000
"""Lines of ``u.data`` at its start"""
RIDGE: Final = 200.0
FIGURES: Final = ("prec@5", "prec@10", "recall@5", "recall@10")
SOURCE: Final = "https://github.com/zenogantner/MyMediaLite, website/lib/item_datasets"
PUBLISHED: Final[Mapping[str, tuple[float, ...]]] = {
    "most popular": (0.322, 0.30458, 0.0553, 0.09752),
    "kNN over users": (0.52505, 0.46776, 0.10712, 0.1767),
    "WRMF": (0.55556, 0.49107, 0.10907, 0.18402),
    "BPRMF": (0.47451, 0.42462, 0.0901, 0.1566),
}
"""By method, ``FIGURES``."""


def lists_of(viewers: NDArray[np.int64], items: NDArray[np.int64], n_viewers: int) -> Histories:
    """Return the lists of all viewers, everything watched and nothing rated."""
    order = np.lexsort((items, viewers))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(viewers, minlength=n_viewers))])
    return Histories(
        np.arange(n_viewers, dtype=np.int64),
        indptr.astype(np.int64),
        items[order].astype(np.int32),
        np.zeros(len(items), dtype=np.uint8),
        np.full(len(items), Status.COMPLETED, dtype=np.uint8),
    )


def u1(ratings: NDArray[np.int64]) -> tuple[Dataset, HeldOut]:
    """Return the training data and what is held out."""
    viewers = np.unique(ratings[:, 0], return_inverse=True)[1]
    movies, items = np.unique(ratings[:, 1], return_inverse=True)
    shows = tuple(Show(anime_id=int(movie), title=str(movie)) for movie in movies)
    index = ItemIndex([show.anime_id for show in shows])
    n_viewers = int(viewers.max()) + 1
    known = lists_of(viewers[HELD_OUT:], items[HELD_OUT:], n_viewers)
    wanted = lists_of(viewers[:HELD_OUT], items[:HELD_OUT], n_viewers)
    ids = movies[wanted.items].astype(np.int32)
    return Dataset(index, shows, known), HeldOut(wanted.indptr, ids, wanted.items, wanted.ratings)


def ease(train: Dataset) -> Ease:
    """Fit EASE on the lists alone (Steck, WWW 2019), all weights kept."""
    matrix = gram(train.histories, train.n_items, length_exponent=0)
    mirror(matrix)
    matrix[np.diag_indices_from(matrix)] += np.float32(RIDGE)
    invert(matrix)
    model = Ease()
    model.n_items = train.n_items
    model.weights = strongest(matrix, train.n_items)
    return model


def figures(scorer: Scorer, train: Dataset, held_out: HeldOut) -> list[float]:
    """Return ``FIGURES`` over the viewers of whom something is held out."""
    found = hits(rank(scorer, train.histories, 10), held_out, train.n_items)
    some = held_out.lengths > 0
    found, wanted = found[some], held_out.lengths[some]
    precision = [float(found[:, :n].mean()) for n in (5, 10)]
    return precision + [float((found[:, :n].sum(axis=1) / wanted).mean()) for n in (5, 10)]


def main() -> None:
    """Print ours beside the published figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ratings", type=Path, help="u.data: viewer, movie, rating, time by tabs")
    train, held_out = u1(np.loadtxt(parser.parse_args().ratings, dtype=np.int64))
    popular = figures(Popularity().fit(train), train, held_out)
    ours = {"most popular, ours": popular, "EASE, ours": figures(ease(train), train, held_out)}
    print(f"published: {SOURCE}")
    print(f"{'':<22}" + "".join(f"{name:>11}" for name in FIGURES))
    rows: dict[str, Sequence[float]] = {**PUBLISHED, **ours}
    for name, row in rows.items():
        print(f"{name:<22}" + "".join(f"{value:>11.5f}" for value in row))
    gaps = zip(popular, PUBLISHED["most popular"], strict=True)
    gap = max(abs(one - other) for one, other in gaps)
    print(f"most popular, ours and published: at most {gap:.5f} apart")


if __name__ == "__main__":
    main()
