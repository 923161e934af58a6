"""Every address of the application is built here and nowhere else."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import g, request, url_for

from anirec.web.asked_list import LIST_NAME
from anirec.web.context import LANGUAGE_NAME, language, recommender
from anirec.web.map_drawing import MAP_VERSION
from anirec.web.poster.drawing import DRAWING_VERSION

if TYPE_CHECKING:
    from anirec.web.schemas import CatalogueQuery
    from anirec.web.titles import Language
    from anirec.web.wishes import Wishes


RATE_NAME: Final = "rate"
"""Of the parameter that names a show whose ratings are offered"""

STANDS_IN: Final = 987_654_321
"""For the id of any show, while an address is built."""


def home() -> str:
    """Return the address of the start page."""
    return url_for("home.page")


def viewer_form() -> str:
    """Return where the form with a user id leads; it redirects to ``viewer``."""
    return url_for("viewers.find")


def viewer(user_id: int, wishes: Wishes | None = None) -> str:
    """Return the page with a viewer's recommendations; defaults are left out."""
    return url_for("viewers.page", user_id=user_id, **(wishes.to_query() if wishes else {}))


def own_list(
    code: str | None = None, wishes: Wishes | None = None, *, rate: str | None = None
) -> str:
    """Return the page with recommendations for a list, given as its code; see ``viewer``.

    ``rate`` is the id of a show whose ratings are offered.
    """
    asked = wishes.to_query() if wishes else {}
    more = {LIST_NAME: code or None, RATE_NAME: rate or None}
    return url_for("recommendations.page", **(asked | more))


def own_list_json(code: str, wishes: Wishes) -> str:
    """Return the JSON twin of ``own_list``."""
    return url_for("viewers_api.for_code", **(wishes.to_api_query() | {LIST_NAME: code}))


def together() -> str:
    """Return the page for two lists."""
    return url_for("together.page")


def taste(code: str | None = None) -> str:
    """Return the page about the taste of a list, given as its code."""
    asked: dict[str, Any] = {LIST_NAME: code} if code else {}
    return url_for("taste.page", **asked)


def taste_json(code: str | None = None) -> str:
    """Return the JSON twin of ``taste``."""
    asked: dict[str, Any] = {LIST_NAME: code} if code else {}
    return url_for("taste_api.for_code", **asked)


def map_dots() -> str:
    """Return the dots of the map; the address changes with the drawing and with the bundle."""
    return url_for("taste.dots", v=_of_bundle(MAP_VERSION))


def models() -> str:
    """Return the page about the model that answers."""
    return url_for("models.page")


def models_json() -> str:
    """Return the JSON twin of ``models``."""
    return url_for("models_api.current")


def evaluation_report() -> str:
    """Return the page with all that was measured of the model that answers."""
    return url_for("models.report")


def evaluation_report_json() -> str:
    """Return the JSON twin of ``evaluation_report``."""
    return url_for("models_api.report")


def lists() -> str:
    """Return the page where people bring a list."""
    return url_for("lists.page")


def list_by_name() -> str:
    """Return where the form with a name on another site leads."""
    return url_for("lists.by_name")


def list_from_file() -> str:
    """Return where the form with a file leads."""
    return url_for("lists.from_file")


def keep() -> str:
    """Return where the form that keeps a list leads."""
    return url_for("kept.keep")


def save_changes() -> str:
    """Return where the form leads that puts a list in place of a kept one."""
    return url_for("kept.save_changes")


def kept(secret: str) -> str:
    """Return the page of a kept list."""
    return url_for("kept.page", secret=secret)


def kept_csv(secret: str) -> str:
    """Return a kept list as our CSV."""
    return url_for("kept.as_csv", secret=secret)


def kept_json(secret: str) -> str:
    """Return the JSON twin of ``kept``: all that is kept under the secret."""
    return url_for("profiles_api.export", secret=secret)


def delete_kept(secret: str) -> str:
    """Return the page that asks whether to delete a kept list, which its form posts to."""
    return url_for("kept.delete", secret=secret)


def kept_deleted() -> str:
    """Return the page that says that a list is deleted."""
    return url_for("kept.deleted")


def feedback() -> str:
    """Return where feedback is sent, and, with the viewer's key behind it, deleted."""
    return url_for("feedback_api.post_feedback")


def viewer_json(user_id: int, wishes: Wishes) -> str:
    """Return the JSON twin of ``viewer``."""
    return url_for("viewers_api.for_user", user_id=user_id, **wishes.to_api_query())


def anime(anime_id: int) -> str:
    """Return the page of a show."""
    return _of_show("anime.page", anime_id)


def anime_json(anime_id: int) -> str:
    """Return the JSON twin of ``anime``."""
    return url_for("anime_api.one", anime_id=anime_id)


def search(query: str | None = None) -> str:
    """Return the page that finds shows by title."""
    return url_for("anime.search", q=query)


def search_json(query: str | None = None) -> str:
    """Return the JSON twin of ``search``."""
    return url_for("anime_api.search", q=query)


def catalogue_json(query: CatalogueQuery, offset: int) -> str:
    """Return the part of an answer about the catalogue that begins at another place."""
    asked = query.model_dump(exclude_defaults=True) | {"offset": offset or None}
    return url_for("anime_api.search", **asked)


def about_json() -> str:
    """Return the JSON twin of the start page."""
    return url_for("about_api.about")


def api_docs() -> str:
    """Return the page about the API."""
    return url_for("api_docs.page")


def openapi() -> str:
    """Return the description of the API."""
    return url_for("about_api.openapi")


def poster(anime_id: int) -> str:
    """Return our poster of a show, lettered in the viewer's language.

    The address changes with the drawing and with the bundle, so that browsers may keep posters.
    """
    if "poster_version" not in g:
        g.poster_version = _of_bundle(DRAWING_VERSION)
    return _of_show("posters.poster", anime_id, lang=language().value, v=g.poster_version)


def static(name: str) -> str:
    """Return a static file under an address that changes with its content."""
    return url_for("static", filename=name, v=_fingerprint(name))


def current_version() -> str | None:
    """Return the version of the file that this request asks for; None where files have none.

    It stands as ``v`` in the addresses that the functions above build.
    """
    if request.endpoint == "static":
        return _fingerprint((request.view_args or {})["filename"])
    drawings: dict[str, int | str] = {"posters.poster": DRAWING_VERSION, "taste.dots": MAP_VERSION}
    drawn = drawings.get(request.endpoint or "")
    return None if drawn is None else _of_bundle(drawn)


def stand_at(address: str) -> None:
    """Say where the page of this answer stands, if not at the address that was asked for."""
    g.stands_at = address


def in_language(wanted: Language) -> str:
    """Return this page with its titles in another language, relative to its own address."""
    if "stands_at" in g:
        asked = parse_qsl(urlsplit(g.stands_at).query)
    else:
        asked = list(request.args.items(multi=True))
    kept = [(name, value) for name, value in asked if name != LANGUAGE_NAME]
    return "?" + urlencode([*kept, (LANGUAGE_NAME, wanted.value)])


def is_got_too() -> bool:
    """Tell whether this page is also to be had with GET: then posting it again changes nothing."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _of_show(endpoint: str, anime_id: int, **values: Any) -> str:
    """Return an address that differs from show to show by the id alone, as ``url_for`` does.

    A page has hundreds of them, and building one takes longer than rendering a card: so one of a
    kind is built for each request.
    """
    built = cast("dict[str, tuple[str, str]]", g.setdefault("addresses_of_shows", {}))
    if endpoint not in built:
        before, _, after = url_for(endpoint, anime_id=STANDS_IN, **values).partition(str(STANDS_IN))
        built[endpoint] = before, after
    before, after = built[endpoint]
    return f"{before}{anime_id}{after}"


def _of_bundle(drawing: int | str) -> str:
    return f"{drawing}-{recommender().manifest.bundle_hash[:8]}"


@lru_cache
def _fingerprint(name: str) -> str:
    content = (Path(__file__).parent / "static" / name).read_bytes()
    return blake2b(content, digest_size=6).hexdigest()
