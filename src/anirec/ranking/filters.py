"""What a person wants left out, whatever its score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pydantic import ValidationError

from anirec.config import Config

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Filters(Config):
    """Which shows may be recommended; every field at its default removes nothing."""

    adult: bool = True
    """False leaves out shows that are for adults only."""


def parse_filters(filters: Filters | Mapping[str, bool] | None) -> Filters:
    """Return the filters that a caller gave, also as a dict; None removes nothing.

    Raises
    ------
    ValueError
        If a key is unknown or a value does not fit.
    """
    if isinstance(filters, Filters):
        return filters
    if not isinstance(filters, Mapping | None):
        raise ValueError(f"filters must be Filters or a dict, not {filters!r}")
    try:
        return Filters.model_validate(filters or {})
    except ValidationError as error:
        problem = error.errors()[0]
        name = problem["loc"][0]
        if name in Filters.model_fields:
            text = f"the filter {name}: {problem['msg']}, not {problem['input']!r}"
        else:
            text = f"there is no filter {name!r}; there are: {', '.join(Filters.model_fields)}"
        raise ValueError(text) from None


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
