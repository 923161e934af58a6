"""Solving ``A X = B`` for a matrix A of which only products are known.

Conjugate gradients with a diagonal preconditioner (Hestenes and Stiefel, "Methods of Conjugate
Gradients for Solving Linear Systems", 1952), all columns of B side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.errors import AnirecError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Product = Callable[[NDArray[np.float32]], NDArray[np.float32]]

TOLERANCE: Final = 1e-5
"""Length of what is left of a column of B, as a share of that column."""
MOST_STEPS: Final = 1000


def solve_by_products(
    product: Product, diagonal: NDArray[np.float32], right: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return X, float32 (n, m), with ``A X = B`` up to ``TOLERANCE``.

    Parameters
    ----------
    product
        Returns A V, float32 (n, k), for any float32 (n, k) V; A is symmetric positive definite.
    diagonal
        (n,), of A.
    right
        (n, m), B; a column of zeros has the solution zero.

    Raises
    ------
    AnirecError
        If some column is not solved after ``MOST_STEPS`` steps.
    """
    solution = np.zeros_like(right)
    scale = np.reciprocal(diagonal)[:, None]
    lengths = np.sqrt(_inner(right, right))
    unsolved = np.flatnonzero(lengths)
    goal = TOLERANCE * lengths[unsolved]
    rest = right[:, unsolved]
    found = np.zeros_like(rest)
    direction = rest * scale
    strength = _inner(rest, direction)
    for _ in range(MOST_STEPS):
        if not len(unsolved):
            break
        moved = product(direction)
        length = (strength / _inner(direction, moved)).astype(np.float32)
        found += length * direction
        rest -= length * moved
        still = np.sqrt(_inner(rest, rest)) > goal
        if not still.all():  # solved columns cost no further products
            solution[:, unsolved[~still]] = found[:, ~still]
            unsolved, goal, strength = unsolved[still], goal[still], strength[still]
            found, rest, direction = found[:, still], rest[:, still], direction[:, still]
        ahead = rest * scale
        stronger = _inner(rest, ahead)
        direction *= (stronger / strength).astype(np.float32)
        direction += ahead
        strength = stronger
    if len(unsolved):
        raise AnirecError(
            f"{len(unsolved)} systems are not solved after {MOST_STEPS} steps of conjugate "
            "gradients: raise models.ease.ridge and publish again"
        )
    return solution


def _inner(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return float64 (m,) inner products of columns."""
    products: NDArray[np.float64] = np.einsum("nm,nm->m", first, second, dtype=np.float64)
    return products
