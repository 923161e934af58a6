"""Lists that are kept, as pages: kept on request, reached by a secret link, downloaded, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request

from anirec.lists import own_csv
from anirec.lists.list_code import CodedList, encode_list
from anirec.store.errors import ProfileChangedError, UnknownProfileError
from anirec.store.feedback import feedback_of
from anirec.store.profiles import delete_profile, load_profile, replace_profile, save_profile
from anirec.web import urls
from anirec.web.asked_list import MAX_IN_ADDRESS, asked
from anirec.web.cards import own_cards, summarise
from anirec.web.context import database
from anirec.web.feedback_api import keep_nowhere
from anirec.web.kept_link import LONGEST_LINK, secret_in

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


kept = Blueprint("kept", __name__, url_prefix="/lists/kept")
kept.after_request(keep_nowhere)

LINK_NAME: Final = "link"
"""Of the field with the link of a list that is kept already"""

VERSION_NAME: Final = "version"
"""Of the field with the version of the kept list that this one came of, where it is known"""

NO_LINK: Final = (
    "That is not the link of a kept list. It ends in its key: 32 letters, digits, - and _."
)
NOTHING: Final = "There is nothing on this list yet that could be kept."
CHANGED: Final = (
    "The kept list was changed after you opened it, perhaps on another device. "
    "If you save now, this list takes the place of that one."
)


@kept.after_request
def hide_from_search(response: Response) -> Response:
    """Keep search engines from listing what is behind a secret."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@kept.post("", strict_slashes=False)
def keep() -> ResponseReturnValue:
    """Keep a list under a new secret."""
    coded = asked()
    if coded == CodedList():
        return _ask_again(coded, NOTHING, 422)
    secret = save_profile(database(), coded.entries, coded.hidden)
    return redirect(urls.kept(secret), 303)


@kept.post("/changes")
def save_changes() -> ResponseReturnValue:
    """Keep a list in place of the one whose link is given."""
    coded, link = asked(), request.form.get(LINK_NAME, "").strip()[:LONGEST_LINK]
    secret = secret_in(link)
    if secret is None:
        return _ask_again(coded, NO_LINK, 422, link)
    version = request.form.get(VERSION_NAME) or None
    try:
        replace_profile(database(), secret, coded.entries, coded.hidden, version=version)
    except UnknownProfileError:
        return _ask_again(coded, "No list is kept under this link any more.", 404, link)
    except ProfileChangedError as error:
        return _ask_again(coded, CHANGED, 409, link, secret, error.version)
    return redirect(urls.kept(secret), 303)


@kept.get("/<secret>")
def page(secret: str) -> str:
    """Show a kept list, its link, and what can be done with it."""
    found = load_profile(database(), secret)
    code = encode_list(CodedList(tuple(found.entries), frozenset(found.hidden)))
    return render_template(
        "kept.html",
        secret=secret,
        found=found,
        code=code,
        too_long=len(code) > MAX_IN_ADDRESS,
        summary=summarise(found.entries),
        own=own_cards(found.entries),
        n_events=len(feedback_of(database(), secret)),
        twin=urls.kept_json(secret),
    )


@kept.get("/<secret>/list.csv")
def as_csv(secret: str) -> Response:
    """Return a kept list as our CSV, which importers take."""
    found = load_profile(database(), secret)
    response = Response(own_csv.text(found.entries), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="anirec-list.csv"'
    return response


@kept.get("/<secret>/delete")
def ask_to_delete(secret: str) -> str:
    """Ask whether a kept list is really to be deleted."""
    found = load_profile(database(), secret)
    return render_template("kept_delete.html", secret=secret, summary=summarise(found.entries))


@kept.post("/<secret>/delete")
def delete(secret: str) -> ResponseReturnValue:
    """Delete a kept list."""
    delete_profile(database(), secret)
    return redirect(urls.kept_deleted(), 303)


@kept.get("/deleted")
def deleted() -> str:
    """Say that a list is deleted."""
    return render_template("kept_deleted.html")


def _ask_again(
    coded: CodedList,
    message: str,
    status: int,
    link: str = "",
    changed: str | None = None,
    version: str = "",
) -> ResponseReturnValue:
    """Render the form once more; ``changed`` is the secret of a list that has another version by now."""
    page = render_template(
        "keep_again.html",
        code=encode_list(coded),
        message=message,
        link=link,
        changed=changed,
        version=version,
    )
    return make_response(page, status)
