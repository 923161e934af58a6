"""The page about the taste of a list, and the dots of its map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from weakref import ref

from flask import Blueprint, Response, abort, render_template, request

from anirec.lists.list_code import encode_list
from anirec.taste import backtest, community, ratings
from anirec.web import urls
from anirec.web.asked_list import MAX_IN_ADDRESS, asked
from anirec.web.cards import card
from anirec.web.context import recommender
from anirec.web.map_drawing import MAP_SIZE, draw_dots
from anirec.web.map_labels import placed_labels
from anirec.web.taste_view import MARKED, taste_view

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from anirec.recommender import Recommender
    from anirec.taste.map import Mark
    from anirec.taste.ratings import Ratings
    from anirec.web.cards import Card

taste = Blueprint("taste", __name__)

NAMED: Final = 6
"""Labels that a chart shows"""
FACETS: Final = {"genres": "Genres", "tags": "Tags", "studios": "Studios", "eras": "Decades"}
LEAST: Final = {
    "taste": community.SHORTEST,
    "ratings": ratings.FEWEST_RATED,
    "backtest": backtest.SHORTEST,
}


@dataclass(frozen=True)
class MarkedCard:
    """A show on the map."""

    card: Card
    x: float
    y: float
    """In units of the drawing"""
    rating: int


@taste.route("/taste", methods=["GET", "POST"], strict_slashes=False)
def page() -> str:
    """Show what a list says of its viewer; without one, what there is to see."""
    coded = asked()
    code = encode_list(coded)
    in_address = len(code) <= MAX_IN_ADDRESS
    view = taste_view(coded.entries, coded.hidden)
    shows_map = recommender().bundle.shows_map
    return render_template(
        "taste.html",
        code=code if in_address else "",
        has_list=bool(coded.entries),
        profile=view.profile,
        facets=FACETS,
        named=NAMED,
        least=LEAST,
        apart=_apart(view.profile.ratings),
        backtest=view.backtest,
        hits=_hits(view.backtest.hits),
        labels=placed_labels(shows_map.regions) if shows_map is not None else [],
        has_map=view.has_map,
        map_size=MAP_SIZE,
        marked=MARKED,
        own=_on_map(view.own),
        recommended=_on_map(view.recommended),
        twin=urls.taste_json(code) if in_address else None,
    )


@taste.get("/taste/map.svg")
def dots() -> AnyResponse:
    """Draw the dots of the map, which are the same for everybody."""
    drawing = _drawn(ref(recommender()))
    if drawing is None:
        abort(404)
    response = Response(drawing, content_type="image/svg+xml; charset=utf-8")
    response.set_etag(f"{recommender().manifest.bundle_hash[:24]}")
    return response.make_conditional(request)


@lru_cache(maxsize=2)
def _drawn(face: ref[Recommender]) -> str | None:
    # By a weak reference: a bundle that is no longer served is not kept alive.
    answering = face()
    return None if answering is None else draw_dots(answering.bundle)


def _hits(rows: tuple[int, ...]) -> list[Card]:
    shows = [recommender().bundle.catalogue.show(row) for row in rows]
    return [card(show) for show in shows if not show.is_adult]


def _on_map(marks: list[Mark]) -> list[MarkedCard]:
    return [
        MarkedCard(
            card(recommender().show(mark.anime_id)),
            round(mark.x * MAP_SIZE, 1),
            round(mark.y * MAP_SIZE, 1),
            mark.rating,
        )
        for mark in marks
    ]


def _apart(found: Ratings | None) -> list[tuple[Card, int, float]]:
    """Return the shows on which viewer and community are furthest apart, with both ratings."""
    if found is None:
        return []
    show = recommender().bundle.catalogue.show
    return [(card(show(row)), own, theirs) for row, own, theirs in found.apart]
