"""Pages about shows: one of them, and finding them by title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, make_response, render_template, request

from anirec.errors import UnknownAnimeError
from anirec.ranking.components import COLLABORATIVE, CONTENT
from anirec.web import urls
from anirec.web.cards import card, poster, show_facts, similar_cards, title_language
from anirec.web.context import language, recommender
from anirec.web.finding import find_shows
from anirec.web.franchise_line import franchise_line
from anirec.web.schemas import MAX_QUERY, WebFilters
from anirec.web.standing import standing_in_words
from anirec.web.titles import other_titles, title_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

anime = Blueprint("anime", __name__, url_prefix="/anime")

SIMILAR_SHOWN: Final = 6
FOUND_SHOWN: Final = 24


@anime.get("", strict_slashes=False)
def search() -> ResponseReturnValue:
    """Show what the titles have to offer."""
    query = request.args.get("q", "").strip()[:MAX_QUERY]
    shows = find_shows(query, FOUND_SHOWN) if query else []
    return render_template(
        "search.html", query=query, cards=[card(show) for show in shows],
        twin=urls.search_json(query) if query else None,
    )  # fmt: skip


@anime.get("/<anime_id>")
def page(anime_id: str) -> ResponseReturnValue:
    """Show all there is to know of a show, and shows like it."""
    if not (anime_id.isascii() and anime_id.isdigit() and len(anime_id) < 19):
        return _not_found(422, "The address of a show ends with its number, as in /anime/1.")
    try:
        show = recommender().show(int(anime_id))
    except UnknownAnimeError:
        return _not_found(404, "The catalogue has no such show.")
    filters = WebFilters(adult=show.is_adult)
    by_taste, by_content = (
        recommender().similar(show.anime_id, SIMILAR_SHOWN, {component: 1.0}, filters)
        for component in (COLLABORATIVE, CONTENT)
    )
    title = title_of(show, language())
    return render_template(
        "anime.html",
        show=show,
        here=card(show),
        title=title,
        title_lang=title_language(show, title),
        other_titles=[
            (other, title_language(show, other)) for other in other_titles(show, language())
        ],
        poster=poster(show),
        facts=show_facts(show),
        standing=standing_in_words(*recommender().bundle.catalogue.standing(show.anime_id)),
        franchise=franchise_line(show),
        by_taste=similar_cards(by_taste, show),
        by_content=similar_cards(by_content, show),
        twin=urls.anime_json(show.anime_id),
    )


def _not_found(status: int, message: str) -> ResponseReturnValue:
    return make_response(render_template("message.html", status=status, message=message), status)
