"""Filters applied: which shows may be recommended to one viewer, and what was left out for what."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from anirec.ranking.filter_columns import FilterColumns
    from anirec.ranking.filters import Filters
    from anirec.ranking.labels import Labels


NOTHING: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Mentioned:
    """Rows of the shows that one viewer has said something of."""

    seen: NDArray[np.integer[Any]]
    """(n_seen,), out in any case"""
    planned: NDArray[np.integer[Any]] = field(default_factory=lambda: NOTHING)
    """(n_planned,), to be watched some day"""
    unwanted: NDArray[np.integer[Any]] = field(default_factory=lambda: NOTHING)
    """(n_unwanted,), those of the filter ``without_shows``"""


@dataclass(frozen=True)
class Eligible:
    """The shows that compete for a place in one list."""

    mask: NDArray[np.bool_]
    """(n_items,), those that may be recommended"""
    removed: dict[str, int]
    """Per filter in use, how many shows it removed"""
    stand_ins: NDArray[np.int32] | None = None
    """(n_items,), the row to offer in place of each; None if each stands for itself"""
    waiting: NDArray[np.bool_] | None = None
    """(n_items,), shows that only their prequels keep out; None as above"""
    groups: NDArray[np.int32] | None = None
    """(n_items,), codes of which each may appear once; None if all may"""

    @cached_property
    def scored(self) -> NDArray[np.bool_]:
        """(n_items,), the shows whose score counts: also those that another stands in for."""
        if self.stand_ins is None:
            return self.mask
        scored = self.mask.copy()
        scored[self._stood_for[0]] = True
        return scored

    def order(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 (n_items,) by what shows are ordered: mostly their scores.

        A stand-in takes the place of the best show that it stands for, if that is the better one.
        """
        if self.stand_ins is None:
            return scores
        order = scores.copy()
        rows, places = self._stood_for
        np.maximum.at(order, places, scores[rows])
        return order

    def stood_for(self, row: int, scores: NDArray[np.float32]) -> int | None:
        """Return the best show that ``row`` is offered in place of, None if it stands for itself."""
        if self.stand_ins is None:
            return None
        rows, places = self._stood_for
        rows = rows[places == row]
        best = int(rows[np.argmax(scores[rows])]) if len(rows) else row
        return best if scores[best] > scores[row] else None

    @cached_property
    def _stood_for(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """The shows in whose place another may be offered, and the rows of those others."""
        if self.stand_ins is None or self.waiting is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
        rows = np.flatnonzero(self.waiting)
        places = self.stand_ins[rows]
        # A circle of prequels has no start (-1); a prequel that is filtered out is no stand-in.
        kept = (places >= 0) & self.mask[places]
        return rows[kept], places[kept]


def eligible_shows(filters: Filters, columns: FilterColumns, mentioned: Mentioned) -> Eligible:
    """Hold the filters against the catalogue.

    Parameters
    ----------
    filters, columns
        The wishes and the catalogue they are held against.
    mentioned
        The shows of the list.

    Returns
    -------
    The shows that are left. A show that several filters would remove counts for the first of them,
    in the order of the fields of ``Filters``; of a franchise that may appear once all but one show
    count as removed.

    Raises
    ------
    UnknownLabelError
        If a label is named that no show of the catalogue has.
    """
    n_items = len(columns.is_adult)
    is_seen = _mask(mentioned.seen, n_items)
    mask, removed = ~is_seen, {}
    for name, unwanted in _unwanted(filters, columns, mentioned):
        before = np.count_nonzero(mask)
        mask &= ~unwanted
        removed[name] = int(before - np.count_nonzero(mask))
    stand_ins = waiting = groups = None
    if not filters.sequels_before_prequels:
        stand_ins = columns.prequels.stand_ins(is_seen)
        waiting = mask & (stand_ins != np.arange(n_items))
        mask &= ~waiting
        removed["sequels_before_prequels"] = int(np.count_nonzero(waiting))
    if not filters.franchise_repeats:
        groups = columns.franchise
        franchises = np.zeros(n_items, dtype=np.bool_)
        franchises[groups[mask]] = True
        removed["franchise_repeats"] = int(np.count_nonzero(mask) - np.count_nonzero(franchises))
    return Eligible(mask, removed, stand_ins, waiting, groups)


def _unwanted(
    filters: Filters, columns: FilterColumns, mentioned: Mentioned
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield for each filter in use its name and bool (n_items,), what it removes."""
    for name, column in (
        ("adult", columns.is_adult),
        ("recaps", columns.is_recap),
        ("unreleased", columns.is_unreleased),
    ):
        if not getattr(filters, name):
            yield name, column
    n_items = len(columns.is_adult)
    if not filters.known_franchises:
        known = _mask(columns.franchise[mentioned.seen], n_items)
        yield "known_franchises", known[columns.franchise]
    if not filters.sequels:
        yield "sequels", _mask(columns.prequels.shows, n_items)
    if not filters.planned:
        yield "planned", _mask(mentioned.planned, n_items)
    if not filters.unplanned:
        yield "unplanned", ~_mask(mentioned.planned, n_items)
    if filters.without_shows:
        yield "without_shows", _mask(mentioned.unwanted, n_items)
    yield from _by_labels(filters, columns)
    for what in ("year", "episodes", "members", "score"):
        values: NDArray[Any] = getattr(columns, what)
        least: float | None = getattr(filters, f"{what}_from")
        most: float | None = getattr(filters, f"{what}_to", None)
        if least is not None:
            # As the column's own type: 7.4 as a float32 is not the 7.4 that was asked for.
            yield f"{what}_from", values < values.dtype.type(least)
        if most is not None:
            yield f"{what}_to", (values > most) | (values == 0)


def _mask(rows: NDArray[np.integer[Any]], n_items: int) -> NDArray[np.bool_]:
    mask = np.zeros(n_items, dtype=np.bool_)
    mask[rows] = True
    return mask


def _by_labels(filters: Filters, columns: FilterColumns) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    for name in ("types", "genres", "tags", "age_ratings"):
        labels: Labels = getattr(columns, name)
        wanted: Sequence[str] = getattr(filters, name)
        unwanted: Sequence[str] = getattr(filters, f"without_{name}", ())
        if wanted:
            # A show has one type and one age rating, and any number of genres and tags.
            one_each = name in ("types", "age_ratings")
            yield name, ~(labels.having_any(wanted) if one_each else labels.having_all(wanted))
        if unwanted:
            yield f"without_{name}", labels.having_any(unwanted)
