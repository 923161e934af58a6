"""One kind of fact, all shows: matrices whose rows have length 1, or 0 where nothing is known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence

    from numpy.typing import NDArray


def term_block(
    terms: Sequence[Collection[Hashable]], min_shows: int = 2, idf: bool = True
) -> csr_matrix:
    """Return TF-IDF rows, float32 (n_shows, n_terms).

    A term's weight is ``(1 + ln count) * (1 + ln(n_shows / shows with it))``, the second factor
    left out without ``idf``; terms of fewer than ``min_shows`` shows are dropped. (Salton and
    Buckley, "Term-weighting approaches in automatic text retrieval", 1988.)
    """
    counts = [Counter(of_show) for of_show in terms]
    shows_with = Counter(term for count in counts for term in count)
    kept = [term for term, n in shows_with.items() if n >= min_shows]
    columns = {term: column for column, term in enumerate(kept)}
    entries = [
        (row, columns[term], n)
        for row, count in enumerate(counts)
        for term, n in count.items()
        if term in columns
    ]
    rows, cols, n_times = np.array(entries, dtype=np.int64).reshape(-1, 3).T
    values = 1 + np.log(n_times)
    if idf:
        spread = np.array([shows_with[term] for term in kept])
        values *= (1 + np.log(len(terms) / spread))[cols] if len(kept) else 1
    shape = (len(terms), max(len(kept), 1))
    block = csr_matrix((values, (rows, cols)), shape=shape, dtype=np.float32)
    return normalize(block)


def label_block(labels: Sequence[str | None]) -> csr_matrix:
    """Return one-hot rows, float32 (n_shows, n_labels), for a fact with one value per show."""
    return term_block([[label] if label else [] for label in labels], min_shows=1, idf=False)


def scale_block(values: Sequence[float | None], step: float) -> csr_matrix:
    """Return rows for a number on a scale, float32 (n_shows, n_marks): near numbers are alike.

    Gaussian bumps of width ``step`` stand ``step`` apart, so two shows whose numbers lie d apart
    have an inner product near ``exp(-(d / (2 * step))**2)``.
    """
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    known = np.flatnonzero(~np.isnan(numbers))
    if not len(known):
        return csr_matrix((len(numbers), 1), dtype=np.float32)
    low, high = numbers[known].min(), numbers[known].max()
    marks = np.arange(low - 2 * step, high + 3 * step, step)
    bumps = np.exp(-0.5 * ((numbers[known, None] - marks) / step) ** 2)
    bumps[bumps < 1e-3] = 0
    rows, cols = np.nonzero(bumps)
    block = csr_matrix(
        (bumps[rows, cols], (known[rows], cols)),
        shape=(len(numbers), len(marks)),
        dtype=np.float32,
    )
    return normalize(block)


def centred_block(vectors: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return text vectors, float32 (n_shows, n), less their mean over the ``known`` shows.

    What all synopses have in common says nothing, yet takes most of the length of such vectors.
    """
    block = np.zeros_like(vectors)
    if known.any():
        block[known] = vectors[known] - vectors[known].mean(axis=0)
    # One text alone is its own mean: what is left of it is rounding.
    block[np.linalg.norm(block, axis=1) < 1e-5] = 0
    unit: NDArray[np.float32] = normalize(block)
    return unit
