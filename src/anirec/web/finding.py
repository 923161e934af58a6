"""Shows of the catalogue, a page at a time: by title, or all of them in the order of their ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.web.context import recommender

if TYPE_CHECKING:
    from anirec.data.show import Show

SPARE: Final = 200
"""So many adult titles may rank above the last one wanted before fewer are found."""


@dataclass(frozen=True)
class FoundPage:
    """A part of what there is."""

    shows: list[Show]
    more: bool
    """Whether others follow"""
    total: int | None = None
    """How many there are; of a search it is not counted"""


def find_shows(query: str, n: int, *, adult: bool = False) -> list[Show]:
    """Return up to ``n`` shows, best match first."""
    found = recommender().search(query, n if adult else n + SPARE)
    return [show for show in found if adult or not show.is_adult][:n]


def found_page(query: str, n: int, offset: int, *, adult: bool = False) -> FoundPage:
    """Return the ``n`` shows that follow on the ``offset`` best matches."""
    found = find_shows(query, offset + n + 1, adult=adult)
    return FoundPage(found[offset : offset + n], more=len(found) > offset + n)


def catalogue_page(n: int, offset: int, *, adult: bool = False) -> FoundPage:
    """Return ``n`` shows of all, by rising id, from the one at place ``offset``."""
    catalogue = recommender().bundle.catalogue
    wanted = np.ones(len(catalogue), np.bool_) if adult else ~catalogue.columns.is_adult
    rows = np.flatnonzero(wanted)
    some = rows[offset : offset + n].tolist()
    return FoundPage([catalogue.show(row) for row in some], len(rows) > offset + n, len(rows))
