"""Shows by title, adult ones left out unless asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from anirec.web.context import recommender

if TYPE_CHECKING:
    from anirec.data.show import Show

SPARE: Final = 200
"""So many adult titles may rank above the last one wanted before fewer are found."""


def find_shows(query: str, n: int, *, adult: bool = False) -> list[Show]:
    """Return up to ``n`` shows, best match first."""
    found = recommender().search(query, n if adult else n + SPARE)
    return [show for show in found if adult or not show.is_adult][:n]
