"""Names of columns and codes, fixed once; nothing else spells them out."""

from enum import IntEnum
from typing import Final

USER_ID: Final = "user_id"
ANIME_ID: Final = "anime_id"
ANILIST_ID: Final = "anilist_id"
RATING: Final = "rating"
STATUS: Final = "status"
EPISODES_WATCHED: Final = "episodes_watched"
UPDATED_AT: Final = "updated_at"

INTERACTION_COLUMNS: Final = (USER_ID, ANIME_ID, RATING, STATUS, EPISODES_WATCHED, UPDATED_AT)

INTERACTIONS_FILE: Final = "interactions.parquet"
CATALOGUE_FILE: Final = "catalogue.parquet"

SIMULATED_FILE: Final = "simulated.json"
"""Beside lists that the starter community drew: says that nobody real stands behind them."""

FEEDBACK_USERS: Final = range(2**61, 2**61 + 2**60)
"""User ids of people who gave feedback: far above those of public data sets, within the 62 bits
that ingestion takes. Nobody can guess one, and none is offered to strangers to try."""

MAX_ANIME_ID: Final = 2**31 - 1
"""Ids of shows fit into 32 bits, in tables, lists and requests alike"""
MAX_LIST: Final = 20_000
"""Entries of one person's list; the longest that we know of have 18,000"""

NOT_RATED: Final = 0
MAX_RATING: Final = 10


class Status(IntEnum):
    """Where a viewer stands with a show (MyAnimeList's codes)."""

    WATCHING = 1
    COMPLETED = 2
    ON_HOLD = 3
    DROPPED = 4
    PLAN_TO_WATCH = 6
