"""The page with a viewer's recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request

from anirec.errors import UnknownViewerError
from anirec.web import urls
from anirec.web.cards import recommendation_cards, summarise
from anirec.web.context import recommender
from anirec.web.metrics import count_answer
from anirec.web.panel import best_blend, panel
from anirec.web.schemas import WebFilters
from anirec.web.wishes import WishError, Wishes, parse_user_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

viewers = Blueprint("viewers", __name__, url_prefix="/users")


@viewers.get("", strict_slashes=False)
def find() -> ResponseReturnValue:
    """Take the form and lead to the viewer's page."""
    typed = request.args.get("user_id", "")
    try:
        user_id = parse_user_id(typed)
        wishes = Wishes.from_query(request.args, best_blend())
    except WishError as error:
        return _ask_again(422, str(error), typed)
    return redirect(urls.viewer(user_id, wishes), 303)


@viewers.get("/<user_id>")
def page(user_id: str) -> ResponseReturnValue:
    """Show recommendations, and the list they come from."""
    try:
        known_id = parse_user_id(user_id)
        wishes = Wishes.from_query(request.args, best_blend())
        found = recommender().recommend_user(
            known_id, wishes.n, wishes.weights, WebFilters(), wishes.diversity, wishes.dislikes
        )
    except WishError as error:
        return _ask_again(422, str(error), user_id)
    except UnknownViewerError:
        return _ask_again(404, "We have no list of that viewer.", user_id)
    count_answer(found, wishes.n)
    return render_template(
        "viewer.html",
        user_id=known_id,
        panel=panel(request.args, str(known_id)),
        cards=recommendation_cards(found),
        summary=summarise(recommender().history(known_id)),
        twin=urls.viewer_json(known_id, wishes),
    )


def _ask_again(status: int, message: str, user_id: str) -> ResponseReturnValue:
    form = panel(request.args, user_id, message)
    return make_response(render_template("ask_again.html", panel=form), status)
