"""What is counted of one answer: shares and sizes, never which shows a viewer has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from anirec.ranking.components import POPULARITY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anirec.ranking.recommendation import Recommendations
    from anirec.ranking.show_traits import ShowTraits

LENGTH_BORDERS: Final = (0, 2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 1000)
"""Upper ends of the groups of list lengths; what is longer is a group of its own."""


@dataclass(frozen=True)
class AnswerProfile:
    """One answer to one viewer. Each mix sums to 1, or is all zeros where there is nothing."""

    list_length: int
    """Watched shows that the catalogue knows; 0 for a cold viewer."""
    list_genres: NDArray[np.float64]
    """(n_genres,)"""
    recommended_genres: NDArray[np.float64]
    """(n_genres,)"""
    recommended_popularity: NDArray[np.float64]
    """(10,), the most watched shows first."""
    recommended_rows: NDArray[np.int32]
    """(n_shown,)"""
    refilled: bool
    """Whether filters made the ranking score more candidates."""
    by_popularity: bool
    """Whether popularity alone answered, for want of a taste to go by."""

    @classmethod
    def of(cls, found: Recommendations, traits: ShowTraits) -> Self:
        """Take the profile of an answer of ``Recommender.recommend`` or ``recommend_user``."""
        watched = traits.rows(found.watched)
        rows = traits.rows([show.anime_id for show in found])
        return cls(
            list_length=len(watched),
            list_genres=traits.genre_mix(watched),
            recommended_genres=traits.genre_mix(rows),
            recommended_popularity=traits.popularity_mix(rows),
            recommended_rows=rows,
            refilled=found.refills > 0,
            by_popularity=bool(found) and found[0].components.keys() == {POPULARITY},
        )
