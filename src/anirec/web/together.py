"""Two lists, one evening: shows that both would watch, with what each of them is owed to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, make_response, render_template, request

from anirec.errors import UnknownViewerError
from anirec.lists.list_code import CodedList, ListCodeError, decode_list, encode_list
from anirec.store.errors import UnknownProfileError
from anirec.store.profiles import load_profile
from anirec.web.asked_list import LIST_NAME, asked
from anirec.web.cards import recommendation_cards
from anirec.web.context import database, recommender
from anirec.web.kept_link import secret_in
from anirec.web.metrics import count_answer
from anirec.web.schemas import WebFilters
from anirec.web.wishes import WishError, parse_user_id

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from anirec.web.cards import Card

together = Blueprint("together", __name__)

OTHER_NAME: Final = "with"
SHOWN: Final = 24


@dataclass(frozen=True)
class SharedCard:
    """A show for two."""

    card: Card
    """With the reasons from the asker's own list"""
    other: Card
    """The same show, with the reasons from the other list"""


@together.route("/together", methods=["GET", "POST"])
def page() -> ResponseReturnValue:
    """Ask for the other list, and show what both would watch."""
    own, typed = asked(), request.values.get(OTHER_NAME, "").strip()
    cards: list[SharedCard] = []
    message = None
    if typed:
        try:
            cards = _for_two(own, _other_list(typed))
        except (WishError, ListCodeError) as error:
            message = str(error)
    page = render_template(
        "together.html",
        code=encode_list(own),
        n_own=len(own.entries),
        typed=typed,
        cards=cards,
        message=message,
        twin=None,
    )
    response = make_response(page, 422 if message else 200)
    if secret_in(typed):
        response.headers["Cache-Control"] = "no-store"
    return response


def _for_two(own: CodedList, other: CodedList) -> list[SharedCard]:
    if not own.entries:
        raise WishError("Rate a few shows yourself first: this page needs two lists.")
    unwanted = tuple(sorted(own.hidden | other.hidden))
    filters = WebFilters().model_copy(update={"without_shows": unwanted})
    found = recommender().recommend_together([own.entries, other.entries], SHOWN, filters=filters)
    mine, theirs = (
        recommendation_cards(count_answer(of_viewer, SHOWN)) for of_viewer in found.for_each()
    )
    return [SharedCard(*both) for both in zip(mine, theirs, strict=True)]


def _other_list(typed: str) -> CodedList:
    """Read the other list: a link to it, also of a kept one, its code, or the id of a viewer."""
    in_link = None
    with suppress(ValueError):  # what only looks like an address
        in_link = parse_qs(urlsplit(typed).query).get(LIST_NAME)
    if in_link:
        return decode_list(in_link[0])
    with suppress(ListCodeError):
        return decode_list(typed)
    secret = secret_in(typed)
    if secret is not None:
        try:
            found = load_profile(database(), secret)
        except UnknownProfileError:
            raise WishError("No list is kept under this link any more.") from None
        return CodedList(tuple(found.entries), frozenset(found.hidden))
    try:
        history = recommender().history(parse_user_id(typed))
    except (WishError, UnknownViewerError):
        raise WishError(
            "That is neither the link of a list nor a viewer that we know. Your friend finds "
            "the link in the address bar of their recommendations."
        ) from None
    return CodedList(tuple(history))
