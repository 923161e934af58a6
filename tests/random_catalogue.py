"""Random small catalogues, for tests of filters."""

from __future__ import annotations

from hypothesis import strategies as st

from anirec.data.franchise import franchises
from anirec.data.show import Relation, Show

GENRES = ("Action", "Drama", "Comedy")
TAGS = ("War", "Travel")
TYPES = ("TV", "Movie", "OVA")
AGE_RATINGS = ("G", "PG-13", "R")


@st.composite
def catalogues(draw: st.DrawFn, most: int = 12) -> list[Show]:
    """Return shows with relations in every direction, circles included, and every label."""
    n = draw(st.integers(3, most))
    ids = [10 * (place + 1) for place in range(n)]
    relation = st.builds(
        Relation,
        anime_id=st.sampled_from([*ids, 9999]),
        kind=st.sampled_from(["PREQUEL", "SEQUEL", "SIDE_STORY", "CHARACTER", "SUMMARY"]),
    )
    shows = []
    for place, anime_id in enumerate(ids):
        shows.append(
            Show(
                anime_id,
                draw(st.sampled_from(["A", "B Recap"])),
                # The first three carry every label, so that none is unknown.
                genres=tuple(draw(st.sets(st.sampled_from(GENRES)))) if place else GENRES,
                tags=tuple(draw(st.sets(st.sampled_from(TAGS)))) if place else TAGS,
                type=TYPES[place] if place < 3 else draw(st.sampled_from([None, *TYPES])),
                age_rating=AGE_RATINGS[place]
                if place < 3
                else draw(st.sampled_from([None, *AGE_RATINGS])),
                episodes=draw(st.none() | st.integers(1, 30)),
                year=draw(st.none() | st.integers(1990, 2025)),
                score=draw(st.none() | st.sampled_from([5.5, 6.1, 7.4, 9.0])),
                members=draw(st.none() | st.integers(0, 1000)),
                relations=tuple(draw(st.lists(relation, max_size=2))),
                is_adult=draw(st.booleans()),
            )
        )
    names = franchises(shows)
    return [
        Show(**{**{f: getattr(show, f) for f in Show.__slots__}, "franchise": names[show.anime_id]})
        for show in shows
    ]
