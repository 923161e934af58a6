"""The page of recommendations for a list that somebody brings; the list lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, make_response, render_template, request

from anirec.data.schema import Status
from anirec.errors import UnknownLabelError
from anirec.lists.list_code import encode_list
from anirec.web import in_place, urls
from anirec.web.asked_list import MAX_IN_ADDRESS, asked, asked_code, asked_list, go_on_with
from anirec.web.cards import card, own_cards, summarise
from anirec.web.context import recommender
from anirec.web.finding import find_shows
from anirec.web.list_changes import CHANGE_NAME, changed
from anirec.web.panel import Panel, asked_wishes
from anirec.web.rating import rating_of
from anirec.web.recommended import recommended
from anirec.web.schemas import MAX_QUERY
from anirec.web.wall import shows_to_rate
from anirec.web.wishes import WishError, Wishes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from anirec.lists.list_code import CodedList
    from anirec.web.recommended import Recommended

recommendations = Blueprint("recommendations", __name__, url_prefix="/recommendations")

FIND_NAME: Final = "find"
FOUND_SHOWN: Final = 6
FOUND_ID: Final = "found"
"""Of the part of the page that changes while a title is typed"""
RATE_UNTIL: Final = 10
"""Rated shows from which on no more are offered to rate."""


recommendations.after_request(in_place.varies)


@recommendations.route("", methods=["GET", "POST"], strict_slashes=False)
def page() -> ResponseReturnValue:
    """Show recommendations; a change to the list leads to the page of the changed list."""
    find = request.values.get(FIND_NAME, "").strip()[:MAX_QUERY]
    rate = request.values.get(urls.RATE_NAME, "")
    if request.headers.get("HX-Target") == FOUND_ID:
        # What is typed changes nothing else of the page.
        return render_template("_found.html", **_found(find))
    coded, code = asked(), asked_code()
    try:
        wishes = asked_wishes(request.values)
        change = request.values.get(CHANGE_NAME)
        if change:
            return changed_list(changed(coded, change), wishes)
    except WishError as error:
        return make_response(_render(Wishes(), None, str(error), find, rate), 422)

    def answer() -> ResponseReturnValue:
        return _answer(wishes, find, rate)

    # The form of a known viewer's page leads here too.
    is_elsewhere = request.endpoint != "recommendations.page"
    says_too_much = FIND_NAME in request.args or wishes.leaves_out(request.args)
    if request.method == "GET" and not find and (is_elsewhere or says_too_much):
        return in_place.lead_to(urls.own_list(code, wishes, rate=rate), answer)
    return answer()


def changed_list(coded: CodedList, wishes: Wishes) -> ResponseReturnValue:
    """Lead to the page of a list, or answer at once where it is too long for an address."""
    code = encode_list(coded)
    go_on_with(coded, code)
    if len(code) <= MAX_IN_ADDRESS:
        return in_place.lead_to(urls.own_list(code, wishes), lambda: _answer(wishes))
    return _answer(wishes)


def _found(query: str) -> dict[str, Any]:
    shows = find_shows(query, FOUND_SHOWN) if query else []
    return {"find": query, "found": [card(show) for show in shows]}


def _answer(wishes: Wishes, find: str = "", rate: str = "") -> ResponseReturnValue:
    asked_for = wishes.without_shows(asked().hidden).arguments()
    try:
        found = recommender().recommend(asked_list(), **asked_for)
    except UnknownLabelError as error:
        response = make_response(_render(wishes, None, f"Sorry, {error}.", find, rate), 422)
    else:
        response = make_response(_render(wishes, recommended(found, wishes), None, find, rate))
    if _has_outgrown_the_address():
        # From here on the list is posted: the form itself has to change, and the address stays.
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "main"
        response.headers["HX-Push-Url"] = "false"
    return response


def _has_outgrown_the_address() -> bool:
    return len(asked_code()) > MAX_IN_ADDRESS and request.method == "GET" and in_place.is_asked()


def _render(
    wishes: Wishes, answer: Recommended | None, message: str | None, find: str, rate: str
) -> str:
    coded, code = asked(), asked_code()
    in_address = len(code) <= MAX_IN_ADDRESS
    rated = sum(entry.status != Status.PLAN_TO_WATCH for entry in coded.entries)
    return render_template(
        "recommendations.html",
        in_place=in_place.is_asked() and not _has_outgrown_the_address(),
        panel=Panel(request.values, message=message),
        code=code,
        too_long=not in_address,
        action=urls.own_list(),
        recommended=answer,
        summary=summarise(coded.entries),
        own=own_cards(coded.entries),
        rating=rating_of(coded, rate),
        to_rate=shows_to_rate(coded) if rated < RATE_UNTIL else [],
        **_found(find),
        twin=urls.own_list_json(code, wishes) if in_address and not message else None,
    )
