"""What the taste page and its JSON twin tell of one list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.data.schema import Status
from anirec.taste.backtest import Backtest, backtest
from anirec.taste.map import Mark, list_marks, show_marks
from anirec.taste.profile import TasteProfile, taste_profile
from anirec.web.context import recommender
from anirec.web.schemas import WebFilters
from anirec.web.taste_tables import taste_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from anirec.data.histories import Entry

MARKED: Final = 200
"""Shows of a list that the map marks, the best rated"""
RECOMMENDED: Final = 12
"""Recommendations that it marks"""


@dataclass(frozen=True)
class TasteView:
    """The answer for one list."""

    profile: TasteProfile
    backtest: Backtest
    has_map: bool
    own: list[Mark]
    """The list on the map"""
    recommended: list[Mark]
    """Recommendations on the map, best first; none for an empty list"""


def taste_view(entries: Sequence[Entry], hidden: Collection[int] = ()) -> TasteView:
    """Look at a list from all sides.

    Parameters
    ----------
    hidden
        Ids of shows that are not to be recommended.
    """
    face = recommender()
    recommended: list[Mark] = []
    if face.bundle.shows_map is not None and any(
        entry.status != Status.PLAN_TO_WATCH for entry in entries
    ):
        filters = WebFilters(without_shows=tuple(sorted(hidden)))
        found = face.recommend(entries, RECOMMENDED, filters=filters)
        recommended = show_marks([one.anime_id for one in found], face.bundle)
    return TasteView(
        profile=taste_profile(entries, taste_tables().community),
        backtest=backtest(entries, face),
        has_map=face.bundle.shows_map is not None,
        own=list_marks(entries, face.bundle, MARKED),
        recommended=recommended,
    )
