"""What a person wants left out, whatever its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from anirec.config import Config

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Filters(Config):
    """Which shows may be recommended; every field at its default removes nothing."""

    adult: bool = True
    """False leaves out shows that are for adults only."""


class FilterColumns(NamedTuple):
    """The columns of the catalogue that filters look at, one value a row."""

    is_adult: NDArray[np.bool_]


def apply_filters(
    filters: Filters, columns: FilterColumns, candidates: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Narrow the candidates down to what the filters allow.

    Parameters
    ----------
    filters, columns
        The wishes and the catalogue they are held against.
    candidates
        bool (n_items,), the shows that could be recommended without filters.

    Returns
    -------
    The mask that is left, and how many candidates each filter in use removed. A show that
    several would remove counts for the first of them, in the order of the fields of ``Filters``.
    """
    unwanted: dict[str, NDArray[np.bool_]] = {}
    if not filters.adult:
        unwanted["adult"] = columns.is_adult
    left, removed = candidates, {}
    for name, mask in unwanted.items():
        removed[name] = int(np.count_nonzero(left & mask))
        left = left & ~mask
    return left, removed
