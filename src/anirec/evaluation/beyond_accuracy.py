"""What a set of top-n lists looks like, whatever was held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def coverage(top: NDArray[np.int32], n_items: int) -> float:
    """Share of the catalogue that at least one viewer is shown.

    Parameters
    ----------
    top
        (n_viewers, n) item rows; -1 where a list ends early.
    n_items
        Size of the catalogue.
    """
    return len(np.unique(top[top >= 0])) / n_items if n_items else 0.0
