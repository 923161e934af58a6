"""IALS: vectors of viewers and shows whose products say who lists what, fitted in turns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import Field
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from anirec.config import Config
from anirec.data.schema import Status
from anirec.models.base import FitContext, Model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from anirec.data.dataset import Dataset
    from anirec.data.histories import Histories

START_SPREAD = 0.1
"""Length (root mean square) that a vector starts with"""
ROWS_AT_ONCE = 256
"""Systems solved together: 16 MB at 128 factors"""


class IALSConfig(Config):
    """Settings of ``IALS``."""

    factors: int = Field(128, ge=1)
    """Length of a vector"""
    unwatched_weight: float = Field(0.5, gt=0)
    """Weight of the pull of every pair to 0, entries too; an entry is pulled to 1 as well, with weight 1"""
    ridge: float = Field(0.0005, gt=0)
    """Pull of a vector to 0, times the sum of the weights of what it is fitted to"""
    epochs: int = Field(20, ge=1)
    """How often both sides are solved for"""
    minimum_viewers: int = Field(5, ge=1)
    """A show with fewer takes no part and scores 0"""


class IALS(Model[IALSConfig]):
    """Scores a show by the product of its vector with the viewer's.

    With x_u the vectors of viewers and v_i those of shows, the fit minimises

        sum over entries (u, i) of (1 - x_u.v_i)^2  +  a sum over all u, i of (x_u.v_i)^2
        + r sum over u of (n_u + a n_shows) |x_u|^2  +  r sum over i of (n_i + a n_viewers) |v_i|^2

    by solving for all x and for all v in turns (Hu, Koren and Volinsky, "Collaborative Filtering for
    Implicit Feedback Datasets", ICDM 2008; the weight of all pairs and the regularisation that grows
    with what a vector is fitted to: Rendle, Krichene, Zhang and Koren, "Revisiting the Performance
    of iALS on Item Recommendation Benchmarks", RecSys 2022; their exponent nu is 1). The shows are those that
    take part, the viewers all that are trained on. A viewer who was not there gets a vector
    by the same solve, so known and new viewers are treated alike and nothing is stored per viewer. An empty list
    scores 0 everywhere.
    """

    name = "ials"
    config_class = IALSConfig

    vectors: NDArray[np.float32]
    """(n_items, factors), 0 for shows that take no part"""
    shared: NDArray[np.float32]
    """(factors, factors) the system of an empty list"""

    def fit(self, dataset: Dataset, context: FitContext | None = None) -> Self:
        """Solve for viewers and shows in turns, from seeded small vectors of shows."""
        context = context or FitContext()
        config = self.config
        watched = dataset.histories.watched()
        viewers = np.bincount(watched.items, minlength=dataset.n_items)
        watched = watched.where(viewers[watched.items] >= config.minimum_viewers)
        core, columns = np.unique(watched.items, return_inverse=True)
        owners = watched.viewers[np.argsort(columns, kind="stable")]
        show_indptr = np.concatenate([[0], np.cumsum(np.bincount(columns, minlength=len(core)))])
        generator = np.random.default_rng(context.seed)
        start = generator.standard_normal((len(core), config.factors), dtype=np.float32)
        shows = start * np.float32(START_SPREAD / config.factors**0.5)
        progress, threads = context.progress, context.threads
        # Many small systems: two threads that solve one each are faster than two on one.
        with threadpool_limits(1), progress.bar("rounds of ials", config.epochs) as advance:
            for _ in range(config.epochs):
                of_shows = self.shared_of(shows)
                lists = solve(watched.indptr, columns, shows, of_shows, config.ridge, threads)
                of_lists = self.shared_of(lists)
                shows = solve(show_indptr, owners, lists, of_lists, config.ridge, threads)
                advance(1)
        self.vectors = np.zeros((dataset.n_items, config.factors), dtype=np.float32)
        self.vectors[core] = shows
        self.shared = self.shared_of(shows)
        self.n_items = dataset.n_items
        return self

    def shared_of(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 (factors, factors), the part of a system that no entry changes."""
        weight, ridge = self.config.unwatched_weight, self.config.ridge
        shared: NDArray[np.float32] = np.float32(weight) * (vectors.T @ vectors)
        # Where nothing takes part the system is to have a solution all the same: 0.
        shared[np.diag_indices_from(shared)] += np.float32(ridge * weight * max(len(vectors), 1))
        return shared

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Return the products of the shows' vectors with those solved for the lists."""
        known = self._known(histories)
        solved = solve(known.indptr, known.items, self.vectors, self.shared, self.config.ridge)
        scores: NDArray[np.float32] = solved @ self.vectors.T
        return scores

    def contributions(self, history: Histories, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return each entry's part of the scores, which it makes up entirely.

        A viewer's vector is the inverse of the system times the sum of the entries' vectors.
        """
        vectors = self.vectors[history.items]
        vectors[history.statuses == Status.PLAN_TO_WATCH] = 0
        system = self.shared + vectors.T @ vectors
        n_known = int(vectors.any(axis=1).sum())
        system[np.diag_indices_from(system)] += np.float32(self.config.ridge * n_known)
        contributions: NDArray[np.float32] = vectors @ np.linalg.solve(system, self.vectors[rows].T)
        return contributions

    def similar(self, row: int) -> NDArray[np.float32]:
        """Return float32 (n_items,) cosines of the vectors; 1 with itself, else 0 where one takes no part."""
        lengths = np.linalg.norm(self.vectors, axis=1)
        products = self.vectors @ self.vectors[row]
        divisors = lengths * lengths[row]
        alike: NDArray[np.float32] = np.divide(
            products, divisors, out=np.zeros_like(products), where=divisors > 0
        )
        alike[row] = 1
        return alike

    def state(self) -> dict[str, NDArray[Any]]:
        """Return the vectors of the shows and the system of an empty list."""
        return {"vectors": self.vectors, "shared": self.shared}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take over the arrays of ``state``."""
        self.vectors, self.shared = state["vectors"], state["shared"]

    def _known(self, histories: Histories) -> Histories:
        """Return the watched entries of shows that take part."""
        watched = histories.watched()
        return watched.where(np.asarray(self.vectors[watched.items].any(axis=1)))


def solve(
    indptr: NDArray[np.int64],
    columns: NDArray[Any],
    vectors: NDArray[np.float32],
    shared: NDArray[np.float32],
    ridge: float,
    threads: int = 1,
) -> NDArray[np.float32]:
    """Return float32 (n_rows, factors): for each row the vector that loses least, given those of columns.

    Parameters
    ----------
    indptr, columns
        What each row has, compressed: row ``i`` has ``columns[indptr[i]:indptr[i + 1]]``.
    vectors
        (n_columns, factors)
    shared
        (factors, factors) the system of a row that has nothing.
    ridge
        Added to its diagonal for each column that a row has.
    threads
        However many, the vectors are the same.
    """
    n_rows, factors = len(indptr) - 1, vectors.shape[1]
    solved = np.zeros((n_rows, factors), dtype=np.float32)
    diagonal = np.arange(factors)

    def solve_from(start: int) -> None:
        rows = range(start, min(start + ROWS_AT_ONCE, n_rows))
        systems = np.empty((len(rows), factors, factors), dtype=np.float32)
        sides = np.empty((len(rows), factors, 1), dtype=np.float32)
        for place, row in enumerate(rows):
            had = vectors[columns[indptr[row] : indptr[row + 1]]]
            systems[place] = shared + had.T @ had
            systems[place, diagonal, diagonal] += np.float32(ridge * len(had))
            sides[place, :, 0] = had.sum(axis=0)
        solved[start : rows.stop] = np.linalg.solve(systems, sides)[:, :, 0]

    starts = range(0, n_rows, ROWS_AT_ONCE)
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(solve_from, starts))
    else:
        for start in starts:
            solve_from(start)
    return solved
