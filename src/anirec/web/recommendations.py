"""The page of recommendations for a list that somebody brings; the list lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, make_response, redirect, render_template, request

from anirec.data.schema import Status
from anirec.errors import UnknownLabelError
from anirec.lists.list_code import encode_list
from anirec.web import urls
from anirec.web.asked_list import MAX_IN_ADDRESS, asked, asked_code
from anirec.web.cards import card, own_cards, summarise
from anirec.web.context import recommender
from anirec.web.finding import find_shows
from anirec.web.list_changes import CHANGE_NAME, changed
from anirec.web.panel import Panel, best_blend
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


@recommendations.route("", methods=["GET", "POST"], strict_slashes=False)
def page() -> ResponseReturnValue:
    """Show recommendations; a change to the list leads to the page of the changed list."""
    if request.headers.get("HX-Target") == FOUND_ID:
        return _found_alone()
    coded, code = asked(), asked_code()
    try:
        wishes = Wishes.from_query(request.values, best_blend())
        change = request.values.get(CHANGE_NAME)
        if change:
            return changed_list(changed(coded, change), wishes)
    except WishError as error:
        return make_response(_render(coded, code, Wishes(), None, str(error)), 422)
    finding = request.args.get(FIND_NAME)
    if (
        request.method == "GET"
        and not finding
        and (finding == "" or wishes.leaves_out(request.args))
    ):
        rate = request.args.get(urls.RATE_NAME)
        return redirect(urls.own_list(code, wishes, rate=rate), 303)
    return _answer(coded, code, wishes)


def changed_list(coded: CodedList, wishes: Wishes) -> ResponseReturnValue:
    """Lead to the page of a list, or answer at once where it is too long for an address."""
    code = encode_list(coded)
    if len(code) <= MAX_IN_ADDRESS:
        return redirect(urls.own_list(code, wishes), 303)
    return _answer(coded, code, wishes)


def _found_alone() -> ResponseReturnValue:
    """Answer what is typed: nothing else of the page changes by it."""
    response = make_response(render_template("_found.html", **_finding()))
    response.vary.add("HX-Target")
    return response


def _finding() -> dict[str, Any]:
    query = request.values.get(FIND_NAME, "").strip()[:MAX_QUERY]
    shows = find_shows(query, FOUND_SHOWN) if query else []
    return {"find": query, "found": [card(show) for show in shows]}


def _answer(coded: CodedList, code: str, wishes: Wishes) -> ResponseReturnValue:
    asked_for = wishes.without_shows(coded.hidden).arguments()
    try:
        found = recommender().recommend(coded.entries, **asked_for)
    except UnknownLabelError as error:
        return make_response(_render(coded, code, wishes, None, f"Sorry, {error}."), 422)
    response = make_response(_render(coded, code, wishes, recommended(found, wishes)))
    if len(code) > MAX_IN_ADDRESS and request.method == "GET" and "HX-Request" in request.headers:
        # From here on the list is posted: the form itself has to change, and the address stays.
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "main"
        response.headers["HX-Push-Url"] = "false"
    return response


def _render(
    coded: CodedList,
    code: str,
    wishes: Wishes,
    answer: Recommended | None,
    message: str | None = None,
) -> str:
    in_address = len(code) <= MAX_IN_ADDRESS
    rated = sum(entry.status != Status.PLAN_TO_WATCH for entry in coded.entries)
    return render_template(
        "recommendations.html",
        panel=Panel(request.values, message=message),
        code=code,
        too_long=not in_address,
        action=urls.own_list(),
        recommended=answer,
        summary=summarise(coded.entries),
        own=own_cards(coded.entries),
        rating=rating_of(coded, request.values.get(urls.RATE_NAME, "")),
        to_rate=shows_to_rate(coded) if rated < RATE_UNTIL else [],
        **_finding(),
        twin=urls.own_list_json(code, wishes) if in_address and not message else None,
    )
