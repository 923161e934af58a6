"""The page with a viewer's recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, render_template, request

from anirec.errors import UnknownLabelError, UnknownViewerError
from anirec.lists.list_code import CodedList
from anirec.web import in_place, urls
from anirec.web.asked_list import LIST_NAME
from anirec.web.cards import favourites, summarise
from anirec.web.context import recommender
from anirec.web.list_changes import CHANGE_NAME, changed
from anirec.web.panel import MAX_KEPT, Panel, asked_wishes
from anirec.web.recommendations import changed_list
from anirec.web.recommendations import page as own_list_page
from anirec.web.recommended import recommended
from anirec.web.wishes import WishError, Wishes, parse_user_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from anirec.data.histories import Entry
    from anirec.web.recommended import Recommended

viewers = Blueprint("viewers", __name__, url_prefix="/users")
viewers.after_request(in_place.varies)


@viewers.get("", strict_slashes=False)
def find() -> ResponseReturnValue:
    """Take the form and lead to the viewer's page."""
    typed = request.args.get("user_id", "")
    try:
        user_id = parse_user_id(typed)
        wishes = asked_wishes(request.args)
    except WishError as error:
        return _ask_again(422, str(error), typed)
    return redirect(urls.viewer(user_id, wishes), 303)


@viewers.get("/<user_id>")
def page(user_id: str) -> ResponseReturnValue:
    """Show recommendations, and the list they come from."""
    if LIST_NAME in request.args:
        # The form of this page, after a first click has put the own list in place.
        return own_list_page()
    try:
        known_id = parse_user_id(user_id)
        history = recommender().history(known_id)
    except WishError as error:
        return _ask_again(422, str(error), user_id)
    except UnknownViewerError:
        return _ask_again(404, "We have no list of that viewer.", user_id)
    try:
        wishes = asked_wishes(request.args)
        if change := request.args.get(CHANGE_NAME):
            # From here on the list is the viewer's own, in the address.
            return changed_list(changed(CodedList(tuple(history)), change), wishes)
    except WishError as error:
        return make_response(_render(known_id, history, message=str(error)), 422)

    def answer() -> ResponseReturnValue:
        return _answer(known_id, history, wishes)

    if wishes.leaves_out(request.args):
        return in_place.lead_to(urls.viewer(known_id, wishes), answer)
    return answer()


def _answer(known_id: int, history: list[Entry], wishes: Wishes) -> ResponseReturnValue:
    try:
        found = recommender().recommend_user(known_id, **wishes.arguments())
    except UnknownLabelError as error:
        return make_response(_render(known_id, history, message=f"Sorry, {error}."), 422)
    twin = urls.viewer_json(known_id, wishes)
    return _render(known_id, history, recommended(found, wishes), twin=twin)


def _render(
    known_id: int,
    history: list[Entry],
    answer: Recommended | None = None,
    message: str | None = None,
    twin: str | None = None,
) -> str:
    return render_template(
        "viewer.html",
        in_place=in_place.is_asked(),
        user_id=known_id,
        panel=Panel(request.args, str(known_id), message),
        action=urls.viewer(known_id),
        recommended=answer,
        summary=summarise(history),
        favourites=favourites(history),
        twin=twin,
    )


def _ask_again(status: int, message: str, user_id: str) -> ResponseReturnValue:
    form = Panel(request.args, user_id[:MAX_KEPT], message)
    return make_response(render_template("ask_again.html", panel=form), status)
