"""The filters in the words of the form."""

from __future__ import annotations

from typing import Final

FILTER_WORDS: Final = {
    "adult": "no titles for adults only",
    "recaps": "no recaps",
    "unreleased": "nothing unreleased",
    "known_franchises": "new franchises only",
    "sequels": "first seasons only",
    "planned": "nothing from my plans",
    "unplanned": "only from my plans",
    "without_shows": "not interested",
    "types": "type",
    "without_types": "without type",
    "genres": "genres",
    "without_genres": "without genres",
    "tags": "tags",
    "without_tags": "without tags",
    "age_ratings": "age rating",
    "year_from": "earliest year",
    "year_to": "latest year",
    "episodes_from": "fewest episodes",
    "episodes_to": "most episodes",
    "members_from": "members",
    "score_from": "community score",
    "sequels_before_prequels": "prequels first",
    "franchise_repeats": "one per franchise",
}
