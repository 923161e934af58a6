"""Several catalogues become one, a row per MyAnimeList id."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from anirec.data.franchise import franchises
from anirec.data.genres import genres_and_tags
from anirec.data.normalise import is_adult, synonyms
from anirec.data.show import Show

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_KNOWN = (
    *("title_english", "title_japanese", "synopsis", "source", "type", "episodes"),
    *("age_rating", "score", "members", "poster_url", "anilist_id"),
)


def merge(catalogues: Sequence[Sequence[Show]]) -> list[Show]:
    """Merge catalogues into one row per anime_id, sorted by it.

    The richest catalogue, the one whose rows know the most fields on average, comes first; among
    equals the order given decides. Then, per show:

    - each single fact comes from the first catalogue that knows it; the studios likewise, as a
      whole; year and season together, and a season that is still unknown from the next catalogue
      that gives the same year;
    - genres, tags, synonyms and relations are united;
    - a show is adult if any catalogue says so.

    A catalogue with two rows of one id counts its last, as a list does. A show that has no title
    in any catalogue is left out: nothing could be shown of it. Franchises are computed over the
    result.
    """
    known: defaultdict[int, list[Show]] = defaultdict(list)
    for catalogue in sorted(catalogues, key=_richness, reverse=True):
        for show in {show.anime_id: show for show in catalogue}.values():
            known[show.anime_id].append(show)
    shows = [show for anime_id in sorted(known) if (show := _merge_one(known[anime_id])).title]
    franchise = franchises(shows)
    return [replace(show, franchise=franchise[show.anime_id]) for show in shows]


def _richness(catalogue: Sequence[Show]) -> float:
    """Return the number of fields that an average row fills."""
    names = [field.name for field in fields(Show) if field.name not in ("franchise", "is_adult")]
    filled = sum(getattr(show, name) not in (None, "", ()) for show in catalogue for name in names)
    return filled / max(len(catalogue), 1)


def _merge_one(rows: Sequence[Show]) -> Show:
    """Merge what is known of one show; the richest row comes first."""
    facts: dict[str, Any] = {
        name: next((v for row in rows if (v := getattr(row, name)) is not None), None)
        for name in FIRST_KNOWN
    }
    titles = [row.title for row in rows if row.title]
    title = next(iter(titles), None) or facts["title_english"] or facts["title_japanese"] or ""
    genres, tags = genres_and_tags(label for row in rows for label in (*row.genres, *row.tags))
    year = next((row.year for row in rows if row.year is not None), None)
    return Show(
        anime_id=rows[0].anime_id,
        title=title,
        synonyms=synonyms(
            (name for row in rows for name in row.synonyms),
            (title, facts["title_english"], facts["title_japanese"]),
        ),
        genres=genres,
        tags=tags,
        studios=next((row.studios for row in rows if row.studios), ()),
        year=year,
        season=next((row.season for row in rows if row.season and row.year == year), None),
        relations=tuple(sorted({relation for row in rows for relation in row.relations})),
        is_adult=any(row.is_adult for row in rows) or is_adult(facts["age_rating"], genres),
        **facts,
    )
