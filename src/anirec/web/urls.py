"""Every address of the application is built here and nowhere else."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from flask import g, request, url_for

from anirec.web.asked_list import LIST_NAME
from anirec.web.context import LANGUAGE_NAME, language, recommender
from anirec.web.map_drawing import MAP_VERSION
from anirec.web.poster.drawing import DRAWING_VERSION

if TYPE_CHECKING:
    from anirec.web.titles import Language
    from anirec.web.wishes import Wishes


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


def own_list(code: str | None = None, wishes: Wishes | None = None) -> str:
    """Return the page with recommendations for a list, given as its code; see ``viewer``."""
    asked = wishes.to_query() if wishes else {}
    return url_for("recommendations.page", **(asked | ({LIST_NAME: code} if code else {})))


def own_list_json(code: str, wishes: Wishes) -> str:
    """Return the JSON twin of ``own_list``."""
    return url_for("viewers_api.for_code", **(wishes.to_api_query() | {LIST_NAME: code}))


def together() -> str:
    """Return the page for two lists."""
    return url_for("together.page")


def taste() -> str:
    """Return the page about the taste of a list."""
    return url_for("taste.page")


def taste_json(code: str | None = None) -> str:
    """Return the JSON twin of ``taste``."""
    asked: dict[str, Any] = {LIST_NAME: code} if code else {}
    return url_for("taste_api.for_code", **asked)


def map_dots() -> str:
    """Return the dots of the map; the address changes with the drawing and with the bundle."""
    version = f"{MAP_VERSION}-{recommender().manifest.bundle_hash[:8]}"
    return url_for("taste.dots", v=version)


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


def about_json() -> str:
    """Return the JSON twin of the start page."""
    return url_for("about_api.about")


def openapi() -> str:
    """Return the description of the API."""
    return url_for("about_api.openapi")


def poster(anime_id: int) -> str:
    """Return our poster of a show, lettered in the viewer's language.

    The address changes with the drawing and with the bundle, so that browsers may keep posters.
    """
    if "poster_version" not in g:
        g.poster_version = f"{DRAWING_VERSION}-{recommender().manifest.bundle_hash[:8]}"
    return _of_show("posters.poster", anime_id, lang=language().value, v=g.poster_version)


def static(name: str) -> str:
    """Return a static file under an address that changes with its content."""
    return url_for("static", filename=name, v=_fingerprint(name))


def in_language(wanted: Language) -> str:
    """Return this page with its titles in another language, relative to its own address."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != LANGUAGE_NAME]
    return "?" + urlencode([*kept, (LANGUAGE_NAME, wanted.value)])


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


@lru_cache
def _fingerprint(name: str) -> str:
    content = (Path(__file__).parent / "static" / name).read_bytes()
    return blake2b(content, digest_size=6).hexdigest()
