"""Shows as cards: what a viewer sees of each, ready for the templates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from anirec.data.schema import Status
from anirec.errors import UnknownAnimeError
from anirec.ranking.weights import COLLABORATIVE, CONTENT
from anirec.web import urls
from anirec.web.context import language, recommender, settings
from anirec.web.titles import Language, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anirec.data.histories import Entry
    from anirec.data.show import Show
    from anirec.ranking.recommendation import Recommendation

GENRES_SHOWN: Final = 3

WITHOUT_REASON: Final = {
    COLLABORATIVE: "Viewers with a similar taste watch it",
    CONTENT: "Close to what this list is about",
    "popularity": "Many viewers watch it",
}


@dataclass(frozen=True)
class Card:
    """One show in a grid or a strip."""

    anime_id: int
    title: str
    lang: str
    """Of the title, as HTML names languages."""
    url: str
    poster: str
    facts: tuple[str, ...]
    genres: tuple[str, ...]
    match: int | None = None
    """Percent of the best score in the grid."""
    reason: Card | None = None
    note: str | None = None
    """Said where there is no reason."""
    rating: int = 0
    """The viewer's own, 0 without."""


def card(show: Show) -> Card:
    """Return a show as a card of its own."""
    wanted = language()
    title = title_of(show, wanted)
    return Card(
        anime_id=show.anime_id,
        title=title,
        lang=title_language(show, title),
        url=urls.anime(show.anime_id),
        poster=poster(show),
        facts=facts(show),
        genres=show.genres[:GENRES_SHOWN],
    )


def title_language(show: Show, title: str) -> str:
    """Return the language of a title as HTML names it."""
    if title == show.title_japanese:
        return "ja"
    return "en" if title == show.title_english else "ja-Latn"


def poster(show: Show) -> str:
    """Return the address of a show's poster: ours, unless remote ones are switched on."""
    if settings().remote_posters and (show.poster_url or "").startswith("https://"):
        return str(show.poster_url)
    return urls.poster(show.anime_id)


def facts(show: Show) -> tuple[str, ...]:
    """Return type, year and length, as far as known."""
    known = []
    if show.type:
        known.append(show.type.replace("_", " ") if len(show.type) <= 3 else show.type.replace("_", " ").title())
    if show.year:
        known.append(str(show.year))
    if show.episodes and show.episodes > 1:
        known.append(f"{show.episodes} episodes")
    return tuple(known)


def recommendation_cards(found: Sequence[Recommendation]) -> list[Card]:
    """Return recommended shows with their match and the strongest reason."""
    best = max((recommendation.score for recommendation in found), default=0.0)
    return [_recommended(recommendation, best) for recommendation in found]


def _recommended(recommendation: Recommendation, best: float) -> Card:
    face = recommender()
    plain = card(face.show(recommendation.anime_id))
    reason, note = None, None
    if recommendation.reasons:
        reason = card(face.show(recommendation.reasons[0].anime_id))
    elif recommendation.components:
        strongest = max(recommendation.components, key=lambda c: recommendation.components[c])
        note = WITHOUT_REASON.get(strongest)
    return Card(
        **{
            **{name: getattr(plain, name) for name in plain.__dataclass_fields__},
            "match": match_percent(recommendation.score, best),
            "reason": reason,
            "note": note,
        }
    )


def match_percent(score: float, best: float) -> int:
    """Return a score relative to the best one shown, from 1 to 100.

    Scores may be negative (they are centred per viewer); where the best one is, the distance to
    it decides.
    """
    share = score / best if best > 0 else math.exp(score - best)
    return round(100 * min(max(share, 0.01), 1.0))
