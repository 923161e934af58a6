"""The taste of a list: what stands out in it against what others watch and how they rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from anirec.data.histories import Histories
from anirec.ranking.arguments import check_entries
from anirec.taste.community import SHORTEST
from anirec.taste.niche import Niche, niche
from anirec.taste.ratings import Ratings, ratings_against_community
from anirec.taste.watching import FacetWatching, watching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.histories import Entry
    from anirec.taste.community import Community

MOST: Final = 8
"""Labels that are named of one kind"""


@dataclass(frozen=True, slots=True)
class TasteProfile:
    """What a list says of its viewer; the last three are empty or None where it says too little."""

    n_shows: int
    """Watched shows that were looked at: no plan-to-watch, no adult titles, no unknown ids"""
    n_franchises: int
    enough: bool
    """Whether these are enough to compare with what others watch"""
    watching: tuple[FacetWatching, ...]
    """By facet: genres, tags, studios, eras"""
    ratings: Ratings | None
    niche: Niche | None


def taste_profile(entries: Sequence[Entry], community: Community) -> TasteProfile:
    """Return the taste of a list.

    Raises
    ------
    ValueError
        If an entry cannot be.
    """
    check_entries(entries)
    watched = Histories.from_entries([entries], community.index).watched()
    kept = ~community.is_adult[watched.items]
    rows, given = watched.items[kept], watched.ratings[kept]
    if len(rows) < SHORTEST:
        return TasteProfile(
            len(rows), len(set(community.most_watched[rows].tolist())), False, (), None, None
        )
    stand_ins, franchise = np.unique(community.most_watched[rows], return_inverse=True)
    return TasteProfile(
        n_shows=len(rows),
        n_franchises=len(stand_ins),
        enough=True,
        watching=tuple(watching(facet, stand_ins, MOST) for facet in community.facets),
        ratings=ratings_against_community(
            rows, given, community.score[rows], franchise, community.facets, MOST
        ),
        niche=niche(rows, community),
    )
