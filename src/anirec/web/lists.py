"""The pages where people bring a list: as a file, or by their name on another site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from anirec.errors import AnirecError
from anirec.lists.by_name.sites import Source
from anirec.lists.errors import SiteBusyError
from anirec.lists.imported import import_list
from anirec.lists.list_code import CodedList, encode_list
from anirec.web.asked_list import MAX_IN_ADDRESS
from anirec.web.context import recommender
from anirec.web.lists_api import sites, status_of
from anirec.web.uploads import forget_upload, uploaded_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from anirec.lists.read_list import ReadList

lists = Blueprint("lists", __name__, url_prefix="/lists")
lists.after_request(forget_upload)

UNKNOWN_SHOWN: Final = 12

SITE_NAMES: Final = {
    Source.ANILIST: "AniList",
    Source.MYANIMELIST: "MyAnimeList",
    Source.JIKAN: "MyAnimeList, through Jikan",
}


@lists.get("", strict_slashes=False)
def page() -> str:
    """Ask for a list."""
    return _ask()


@lists.post("/file")
def from_file() -> ResponseReturnValue:
    """Read an exported file."""
    return _imported(uploaded_list)


@lists.post("/name")
def by_name() -> ResponseReturnValue:
    """Fetch the list of a name."""
    source, name = request.form.get("source", ""), request.form.get("username", "").strip()
    if source not in set(Source):
        return make_response(_ask("Choose one of the sites.", name=name), 422)
    return _imported(lambda: sites().fetch(Source(source), name), source, name)


def _imported(
    read: Callable[[], ReadList], source: str = "", name: str = ""
) -> ResponseReturnValue:
    try:
        found = import_list(read(), recommender().bundle.catalogue)
    except AnirecError as error:
        busy = isinstance(error, SiteBusyError)
        refused = make_response(_ask(str(error), source, name), 503 if busy else status_of(error))
        if isinstance(error, SiteBusyError):
            refused.headers["Retry-After"] = str(error.seconds)
        return refused
    except HTTPException as error:
        return make_response(_ask(error.description, source, name), error.code or 400)
    code = encode_list(CodedList(tuple(found.entries)))
    return render_template(
        "imported.html",
        found=found,
        unknown=[one.title or f"{one.site} {one.show_id}" for one in found.unknown][:UNKNOWN_SHOWN],
        code=code,
        too_long=len(code) > MAX_IN_ADDRESS,
    )


def _ask(message: str | None = None, source: str = "", name: str = "") -> str:
    # Of an upload nothing but the file is looked at: see uploads.py.
    said = message and message[:1].upper() + message[1:]
    return render_template(
        "lists.html", message=said, source=source, name=name, site_names=SITE_NAMES
    )
