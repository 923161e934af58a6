"""Item vectors brought onto a plane: t-SNE for what is watched, the rest beside what is like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWN: Final = 5000
"""So many of the most watched shows are projected; it takes time that grows faster than their number"""
PERPLEXITY: Final = 30.0
FEWEST: Final = 12
"""Shows that t-SNE needs; fewer are laid on a circle"""
NEIGHBOURS: Final = 5
"""A show that is not projected lies between so many that are"""
ROWS_AT_ONCE: Final = 2048
MARGIN: Final = 0.03


def project(
    vectors: NDArray[np.float32], popularity: NDArray[np.float32], seed: int
) -> NDArray[np.float32]:
    """Return float32 (n_items, 2) positions in [0, 1]; the same vectors and seed give the same ones.

    The ``DRAWN`` most watched shows by t-SNE of their cosines (van der Maaten & Hinton, "Visualizing
    Data using t-SNE", JMLR 2008; started from the first two principal components, so that the large
    shape is kept: Kobak & Linderman, Nature Biotechnology 2021), the others by ``place``.

    Parameters
    ----------
    vectors
        float32 (n_items, n_dimensions) of the content model.
    popularity
        (n_items,) share of viewers.
    """
    order = np.argsort(-popularity, kind="stable")
    drawn = np.sort(order[:DRAWN])
    units = _units(vectors)
    plane = _spread(_tsne(units[drawn], seed))
    positions = np.empty((len(vectors), 2), dtype=np.float32)
    positions[drawn] = plane
    rest = np.setdiff1d(np.arange(len(vectors)), drawn)
    positions[rest] = place(vectors[rest], vectors[drawn], plane)
    return positions


def place(
    vectors: NDArray[np.float32], known: NDArray[np.float32], positions: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return float32 (n, 2), each between its ``NEIGHBOURS`` nearest of the known, nearer ones more.

    Parameters
    ----------
    vectors, known
        (n, n_dimensions) and (n_known, n_dimensions).
    positions
        (n_known, 2)
    """
    placed = np.empty((len(vectors), 2), dtype=np.float32)
    units, known_units = _units(vectors), _units(known)
    count = min(NEIGHBOURS, len(known))
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        alike = units[start : start + ROWS_AT_ONCE] @ known_units.T
        nearest = np.argsort(-alike, axis=1, kind="stable")[:, :count]
        # Squares of squares: the nearest one decides unless others are about as near.
        weights = np.maximum(np.take_along_axis(alike, nearest, axis=1), 1e-3) ** 4
        weights /= weights.sum(axis=1, keepdims=True)
        placed[start : start + ROWS_AT_ONCE] = (positions[nearest] * weights[:, :, None]).sum(
            axis=1
        )
    return placed


def _tsne(units: NDArray[np.float32], seed: int) -> NDArray[np.float64]:
    n = len(units)
    if n < FEWEST:
        angles = 2 * np.pi * np.arange(n) / max(n, 1)
        return np.column_stack([np.cos(angles), np.sin(angles)])
    perplexity = min(PERPLEXITY, (n - 1) / 3)
    method = TSNE(perplexity=perplexity, init="pca", random_state=seed, n_jobs=1)
    # Its sums depend on how many threads share them.
    with threadpool_limits(1):
        plane: NDArray[np.float64] = method.fit_transform(units).astype(np.float64)
    return plane


def _units(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _spread(plane: NDArray[np.float64]) -> NDArray[np.float32]:
    """Scale to [0, 1] with a margin, both axes alike."""
    low, high = plane.min(axis=0), plane.max(axis=0)
    scale = (1 - 2 * MARGIN) / max(float((high - low).max()), 1e-12)
    return np.asarray((plane - (low + high) / 2) * scale + 0.5, dtype=np.float32)
