"""The layouts of watch lists that are known, told apart by their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anirec.data.schema import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

STATUS_NAMES = {
    "watching": Status.WATCHING,
    "completed": Status.COMPLETED,
    "on-hold": Status.ON_HOLD,
    "dropped": Status.DROPPED,
    "plan to watch": Status.PLAN_TO_WATCH,
}
"""How lists that spell the status out write it (compared in lower case)."""


@dataclass(frozen=True)
class ListLayout:
    """Which column of a file holds what; ``None`` where the layout has no such column."""

    name: str
    user: str
    anime: str
    rating: str
    status: str | None = None
    """Without it every entry counts as completed: such lists hold watched shows only."""
    episodes: str | None = None
    updated: str | None = None
    user_is_name: bool = False
    """The viewer is a user name, which becomes a stable 62-bit number."""
    status_is_text: bool = False
    unrated: int = 0
    """The rating that stands for "not rated", besides 0."""

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        columns = (self.user, self.anime, self.rating, self.status)
        return tuple(column for column in columns if column is not None)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read."""
        optional = (self.episodes, self.updated)
        return (*self.required, *(column for column in optional if column is not None))

    def missing(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Return the required columns that a file lacks."""
        return tuple(column for column in self.required if column not in columns)


ANIMELIST_2020 = ListLayout(
    "Kaggle 2020 animelist",
    user="user_id",
    anime="anime_id",
    rating="rating",
    status="watching_status",
    episodes="watched_episodes",
)
USER_ANIME_LIST_2018 = ListLayout(
    "Kaggle 2018 UserAnimeList",
    user="user_id",
    anime="anime_id",
    rating="my_score",
    status="my_status",
    episodes="my_watched_episodes",
    updated="my_last_updated",
)
USER_ANIME_LIST_2018_BY_NAME = ListLayout(
    "Kaggle 2018 UserAnimeList",
    user="username",
    anime="anime_id",
    rating="my_score",
    status="my_status",
    episodes="my_watched_episodes",
    updated="my_last_updated",
    user_is_name=True,
)
RATING_2016 = ListLayout(
    "Kaggle 2016 rating", user="user_id", anime="anime_id", rating="rating", unrated=-1
)
RATING_COMPLETE_2020 = ListLayout(
    "Kaggle 2020 rating_complete", user="user_id", anime="anime_id", rating="rating"
)
LIST_UPDATES = ListLayout(
    "list updates",
    user="user_id",
    anime="anime_id",
    rating="score",
    status="status",
    episodes="episodes_seen",
    updated="date",
    status_is_text=True,
)

LAYOUTS = (
    ANIMELIST_2020,
    USER_ANIME_LIST_2018,
    USER_ANIME_LIST_2018_BY_NAME,
    RATING_2016,
    RATING_COMPLETE_2020,
    LIST_UPDATES,
)
"""The fuller the lists, the earlier: from a directory the first of these is taken."""


def nearest(file_name: str, columns: Sequence[str]) -> ListLayout | None:
    """Return the layout that shares most columns with a file; ``None`` if they share fewer than two.

    Parameters
    ----------
    file_name
        Tells the 2016 ratings from the 2020 ``rating_complete``, whose columns are the same.
    columns
        Lower-case column names of the file.
    """

    def fit(layout: ListLayout) -> tuple[int, int, bool]:
        shared = sum(column in columns for column in layout.columns)
        named_so = (layout is RATING_COMPLETE_2020) == ("complete" in file_name.lower())
        return shared, -len(layout.missing(columns)), named_so

    best = max(LAYOUTS, key=fit)
    return best if fit(best)[0] > 1 else None
