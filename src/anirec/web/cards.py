"""Shows as cards: what a viewer sees of each, ready for the templates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from anirec.data.schema import Status
from anirec.errors import UnknownAnimeError
from anirec.ranking.components import BASE, COLLABORATIVE, CONTENT, POPULARITY, PROFILE
from anirec.ranking.reasons import Attitude
from anirec.web import urls
from anirec.web.context import language, recommender, settings
from anirec.web.security import REMOTE_POSTERS
from anirec.web.titles import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anirec.data.histories import Entry
    from anirec.data.show import Show
    from anirec.ranking.reasons import Reason
    from anirec.ranking.recommendation import Recommendation

OWN_SHOWN: Final = 60
FAVOURITES_SHOWN: Final = 12
GENRES_SHOWN: Final = 3
REASONS_SHOWN: Final = 2
"""Of each kind, on one card."""

SAID: Final = {
    Attitude.LIKED: "Because you liked",
    Attitude.WATCHED: "Because you watched",
    Attitude.DROPPED: "Less, because you dropped",
    Attitude.RATED_LOW: "Less, because you gave a low rating to",
}

SHORT_FORMS: Final = frozenset(("TV", "OVA", "ONA", "CM", "PV"))

WITHOUT_REASON: Final = {
    COLLABORATIVE: "Viewers with a similar taste watch it",
    CONTENT: "Close to what this list is about",
    POPULARITY: "Many viewers watch it",
    PROFILE: "Fits what this list usually holds",
}


@dataclass(frozen=True)
class NamedShow:
    """A show that is named in a sentence, with a link."""

    anime_id: int
    title: str
    lang: str
    """Of the title, as HTML names languages."""
    url: str
    share: int | None = None
    """Of a reason, its percent of all that is named in favour of the show."""


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
    reasons: tuple[NamedShow, ...] = ()
    """Of the list, what speaks for the show."""
    because: str = ""
    """Said before the reasons."""
    against: tuple[NamedShow, ...] = ()
    """Of the list, what was turned down and speaks against the show."""
    despite: str = ""
    """Said before those."""
    note: str | None = None
    """Said where there is no reason."""
    before: NamedShow | None = None
    """The show whose place this one has, because it is to be watched first."""
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


def named(show: Show, share: int | None = None) -> NamedShow:
    """Return a show to be named in a sentence."""
    title = title_of(show, language())
    address = urls.anime(show.anime_id)
    return NamedShow(show.anime_id, title, title_language(show, title), address, share)


def title_language(show: Show, title: str) -> str:
    """Return the language of a title as HTML names it."""
    if title == show.title_japanese:
        return "ja"
    return "en" if title == show.title_english else "ja-Latn"


def poster(show: Show) -> str:
    """Return the address of a show's poster: ours, unless remote ones are switched on."""
    remote = show.poster_url if settings().remote_posters else None
    if remote and remote.startswith(REMOTE_POSTERS):
        return remote
    return urls.poster(show.anime_id)


def show_type(show: Show) -> str | None:
    """Return the type as people write it: sources mix ``TV_SPECIAL`` and ``TV Special``."""
    if not show.type:
        return None
    words = show.type.replace("_", " ").split()
    return " ".join(word if word in SHORT_FORMS else word.capitalize() for word in words)


def facts(show: Show) -> tuple[str, ...]:
    """Return type, year and length, as far as known."""
    known = []
    if kind := show_type(show):
        known.append(kind)
    if show.year:
        known.append(str(show.year))
    if show.episodes and show.episodes > 1:
        known.append(f"{show.episodes} episodes")
    return tuple(known)


def show_facts(show: Show) -> list[tuple[str, str]]:
    """Return what is known of a show as pairs for the detail page."""
    aired = " ".join(str(part).capitalize() for part in (show.season, show.year) if part)
    known = {
        "Type": show_type(show),
        "Episodes": str(show.episodes) if show.episodes else None,
        "Aired": aired or None,
        "Studio": ", ".join(show.studios),
        "Source": show.source if show.source != "Unknown" else None,
        "Age rating": show.age_rating,
        "Score": f"{show.score:.2f} of 10" if show.score else None,
        "On lists of": f"{show.members:,} people" if show.members else None,
    }
    return [(name, value) for name, value in known.items() if value]


def recommendation_cards(found: Sequence[Recommendation]) -> list[Card]:
    """Return recommended shows with their match and the strongest reason."""
    best = max((recommendation.score for recommendation in found), default=0.0)
    return [_recommended(recommendation, best) for recommendation in found]


def _recommended(recommendation: Recommendation, best: float) -> Card:
    plain = card(recommender().show(recommendation.anime_id))
    pros, because = _strongest(
        reason for reason in recommendation.reasons if reason.contribution > 0
    )
    cons, despite = _strongest(
        reason
        for reason in recommendation.reasons
        if reason.contribution < 0 and reason.attitude.is_dislike
    )
    note = None
    if not pros and recommendation.components:
        known = {c: v for c, v in recommendation.components.items() if c in WITHOUT_REASON}
        note = WITHOUT_REASON[max(known, key=lambda component: known[component])]
    waiting = recommendation.instead_of
    before = None if waiting is None else named(recommender().show(waiting))
    match = match_percent(recommendation.score, best, log_odds=BASE in recommendation.components)
    return replace(
        plain,
        match=match,
        reasons=pros,
        because=because,
        against=cons,
        despite=despite,
        note=note,
        before=before,
    )


def _strongest(reasons: Iterable[Reason]) -> tuple[tuple[NamedShow, ...], str]:
    """Return the strongest one or two of one attitude, and what is said before them."""
    given = list(reasons)
    if not given:
        return (), ""
    total = sum(reason.contribution for reason in given)
    alike = [reason for reason in given if reason.attitude == given[0].attitude]
    ids = dict.fromkeys(reason.anime_id for reason in alike)
    shows = []
    for anime_id in list(ids)[:REASONS_SHOWN]:
        own = sum(reason.contribution for reason in given if reason.anime_id == anime_id)
        share = round(100 * own / total) if total > 0 and len(given) > 1 else None
        shows.append(named(recommender().show(anime_id), share))
    return tuple(shows), SAID[given[0].attitude]


def match_percent(score: float, best: float, *, log_odds: bool = False) -> int:
    """Return a score relative to the best one shown, from 1 to 100.

    Log-odds, which the learned ranker gives, are compared as the chances that they stand for. Other
    scores may be negative (they are centred per viewer); where the best one is, the distance to
    it decides.
    """
    if log_odds:
        share = (1 + math.exp(-best)) / (1 + math.exp(-score))
    else:
        share = score / best if best > 0 else math.exp(score - best)
    return round(100 * min(max(share, 0.01), 1.0))


def similar_cards(found: Sequence[Recommendation], show: Show) -> list[Card]:
    """Return similar shows, each with what it shares with the one looked at, rare things first."""
    cards = []
    for one in recommendation_cards(found):
        other = recommender().show(one.anime_id)
        own = (*show.studios, *show.tags, *show.genres)
        shared = [word for word in own if word in (*other.studios, *other.tags, *other.genres)]
        note = f"Both: {', '.join(shared[:GENRES_SHOWN])}" if shared else one.note
        cards.append(replace(one, note=note))
    return cards


def own_cards(entries: Iterable[Entry], shown: int = OWN_SHOWN) -> list[Card]:
    """Return the shows of somebody's own list, best rated first and planned ones last."""
    ordered = sorted(entries, key=lambda e: (e.status == Status.PLAN_TO_WATCH, -e.rating))
    cards = []
    for entry in ordered[:shown]:
        try:
            show = recommender().show(entry.anime_id)
        except UnknownAnimeError:
            continue
        cards.append(replace(card(show), rating=entry.rating))
    return cards


@dataclass(frozen=True)
class ListSummary:
    """What a viewer's list holds."""

    n_shows: int
    n_rated: int
    mean: float | None
    n_planned: int


def summarise(entries: Iterable[Entry]) -> ListSummary:
    """Return the size of a list, planned shows apart, and how it rates."""
    every = list(entries)
    watched = [entry for entry in every if entry.status != Status.PLAN_TO_WATCH]
    rated = [entry.rating for entry in watched if entry.rating]
    mean = sum(rated) / len(rated) if rated else None
    return ListSummary(len(watched), len(rated), mean, len(every) - len(watched))


def favourites(entries: Iterable[Entry], shown: int = FAVOURITES_SHOWN) -> list[Card]:
    """Return the best rated shows of a list, without planned ones and adult titles."""
    watched = [entry for entry in entries if entry.status != Status.PLAN_TO_WATCH]
    best: list[Card] = []
    for entry in sorted(watched, key=lambda e: -e.rating):
        try:
            show = recommender().show(entry.anime_id)
        except UnknownAnimeError:
            continue
        if not show.is_adult:
            best.append(replace(card(show), rating=entry.rating))
        if len(best) == shown:
            break
    return best
