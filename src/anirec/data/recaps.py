"""Which shows are recaps: they retell what another show has told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anirec.data.show import Show

SUMMARY: Final = "SUMMARY"
"""The relation of a show to the one that sums it up."""
LONGEST: Final = 12
"""Episodes of the longest recap; longer ones are retellings of a show for another audience."""
SERIES: Final = "TV"

_WORDS: Final = re.compile(r"\b(recaps?|soushuuhen|digest|summary)\b|総集編", re.IGNORECASE)


def recaps(shows: Sequence[Show]) -> list[bool]:
    """Say for each show whether it is a recap.

    It is one if a show of the catalogue names it as its summary, or if one of its titles holds the
    word (recap, soushuuhen, digest, summary, 総集編); a television series or what has more than
    ``LONGEST`` episodes is none. No catalogue that we know marks recaps as such.
    """
    summaries = {
        relation.anime_id
        for show in shows
        for relation in show.relations
        if relation.kind == SUMMARY
    }
    return [
        (show.anime_id in summaries or _says_so(show))
        and show.type != SERIES
        and (show.episodes or 0) <= LONGEST
        for show in shows
    ]


def _says_so(show: Show) -> bool:
    titles = (show.title, show.title_english, show.title_japanese, *show.synonyms)
    return any(title and _WORDS.search(title) for title in titles)
